//! The server's error codes in the words of the driver for Python, which are cqlsh's.

use scylla::errors::DbError;
use scylla::statement::Consistency as DriverConsistency;

use super::{Host, QueryError, QueryErrorKind};
use crate::cluster::Consistency;
use crate::print::python::repr;

/// How cqlsh words an error code.
struct Wording {
    code: i32,
    /// Name of the exception class.
    class: &'static str,
    /// What stands in brackets.
    summary: &'static str,
    form: Form,
    kind: QueryErrorKind,
}

/// Which parts of an error cqlsh prints.
// cqlsh: it prints `err.message` where the exception has one. The driver's own exceptions have none, so their whole text
// appears; errors that stay messages of the protocol show the server's text alone.
enum Form {
    /// The server's text alone.
    Raw,
    /// Code, summary, the server's text.
    Long,
    /// The same with what the code brings along, as a dict of Python.
    LongWithInfo(String),
    /// A text of the driver's own.
    Fixed(String),
    /// The driver tries the next host, has none, and reports all attempts.
    Retried,
    /// The same where the attempt is reported as an exception of this class.
    RetriedWithInfo(String),
}

/// The line, message and kind of an error the server answered with.
pub(in crate::cluster) fn query_error(error: &DbError, message: &str, host: &Host) -> QueryError {
    worded(wording(error), message, host)
}

/// The same where no other host would be tried.
// cqlsh: so the driver is told while COPY FROM writes.
pub(in crate::cluster) fn write_error(error: &DbError, message: &str, host: &Host) -> QueryError {
    let wording = wording(error);
    let form = match wording.form {
        Form::Retried => Form::Raw,
        Form::RetriedWithInfo(info) => Form::LongWithInfo(info),
        other => other,
    };
    worded(Wording { form, ..wording }, message, host)
}

fn worded(wording: Wording, message: &str, host: &Host) -> QueryError {
    let Wording { code, class, summary, form, kind } = wording;
    let long = format!("Error from server: code={code:04x} [{summary}] message=\"{message}\"");
    let line = match form {
        Form::Raw => format!("{class}: {message}"),
        Form::Long => format!("{class}: {long}"),
        Form::LongWithInfo(info) => format!("{class}: {long} info={info}"),
        Form::Fixed(text) => format!("{class}: {text}"),
        Form::Retried => no_host_available(&format!("{{{host}: <{long}>}}")),
        Form::RetriedWithInfo(info) => {
            let attempt = repr(&format!("{long} info={info}"));
            no_host_available(&format!("{{{host}: {class}({attempt})}}"))
        }
    };
    QueryError { line, message: Some(message.to_owned()), kind }
}

/// The long form of an error, as it stands inside other exceptions.
pub(super) fn long_form(error: &DbError, message: &str) -> String {
    let Wording { code, summary, .. } = wording(error);
    format!("Error from server: code={code:04x} [{summary}] message=\"{message}\"")
}

/// The line for a request that no host could serve; `attempts` is a dict of Python.
pub(super) fn no_host_available(attempts: &str) -> String {
    format!("NoHostAvailable: ('Unable to complete the operation against any hosts', {attempts})")
}

fn wording(error: &DbError) -> Wording {
    use QueryErrorKind::{Refused, Transient};
    let word = |code, class, summary, form, kind| Wording { code, class, summary, form, kind };
    const NO_ANSWER: &str = "Coordinator node timed out waiting for replica nodes' responses";
    match error {
        DbError::ServerError => word(0x0000, "ServerError", "Server error", Form::Retried, Transient),
        DbError::ProtocolError => word(0x000a, "ProtocolException", "Protocol error", Form::Raw, Refused),
        DbError::AuthenticationError => word(0x0100, "BadCredentials", "Bad credentials", Form::Raw, Refused),
        DbError::Unavailable { consistency, required, alive } => {
            let info = format!(
                "{{'consistency': '{}', 'required_replicas': {required}, 'alive_replicas': {alive}}}",
                Consistency::from(*consistency).name(),
            );
            word(0x1000, "Unavailable", "Unavailable exception", Form::RetriedWithInfo(info), Transient)
        }
        DbError::Overloaded => {
            word(0x1001, "OverloadedErrorMessage", "Coordinator node overloaded", Form::Retried, Transient)
        }
        DbError::IsBootstrapping => {
            word(0x1002, "IsBootstrappingErrorMessage", "Coordinator node is bootstrapping", Form::Retried, Transient)
        }
        DbError::TruncateError => word(0x1003, "TruncateError", "Error during truncate", Form::Retried, Transient),
        DbError::WriteTimeout { consistency, received, required, write_type } => {
            let info =
                answers(*consistency, *required, *received, &format!(", 'write_type': '{}'", write_type.as_str()));
            word(0x1100, "WriteTimeout", NO_ANSWER, Form::LongWithInfo(info), Transient)
        }
        DbError::ReadTimeout { consistency, received, required, .. } => {
            let info = answers(*consistency, *required, *received, "");
            word(0x1200, "ReadTimeout", NO_ANSWER, Form::LongWithInfo(info), Transient)
        }
        DbError::ReadFailure { consistency, received, required, numfailures, .. } => {
            let info = answers(*consistency, *required, *received, &format!(", 'failures': {numfailures}"));
            word(0x1300, "ReadFailure", "Replica(s) failed to execute read", Form::LongWithInfo(info), Transient)
        }
        // One line stands for the traceback that cqlsh prints here.
        DbError::FunctionFailure { .. } => {
            word(0x1400, "FunctionFailure", "User Defined Function failure", Form::Long, Refused)
        }
        DbError::WriteFailure { consistency, received, required, numfailures, .. } => {
            let info = answers(*consistency, *required, *received, &format!(", 'failures': {numfailures}"));
            word(0x1500, "WriteFailure", "Replica(s) failed to execute write", Form::LongWithInfo(info), Transient)
        }
        DbError::SyntaxError => word(0x2000, "SyntaxException", "Syntax error in CQL query", Form::Raw, Refused),
        DbError::Unauthorized => word(0x2100, "Unauthorized", "Unauthorized", Form::Long, Refused),
        DbError::Invalid => word(0x2200, "InvalidRequest", "Invalid query", Form::Long, Refused),
        DbError::ConfigError => {
            word(0x2300, "ConfigurationException", "Query invalid because of configuration issue", Form::Raw, Refused)
        }
        DbError::AlreadyExists { keyspace, table } => {
            let text = if table.is_empty() {
                format!("Keyspace '{keyspace}' already exists")
            } else {
                format!("Table '{keyspace}.{table}' already exists")
            };
            word(0x2400, "AlreadyExists", "Item already exists", Form::Fixed(text), Refused)
        }
        DbError::Unprepared { .. } => {
            let summary = "Matching prepared statement not found on this node";
            word(0x2500, "PreparedQueryNotFound", summary, Form::Raw, Transient)
        }
        DbError::Other(code) => other_wording(*code),
        // Scylla's own; its number differs from cluster to cluster and is not kept by the driver.
        _ => word(0xf000, "ErrorMessage", "Unknown", Form::Raw, Transient),
    }
}

/// Codes the driver has no variant for.
fn other_wording(code: i32) -> Wording {
    let (class, summary, kind) = match code {
        0x1600 => {
            let summary = "Failed to execute write due to CDC space exhaustion.";
            ("CDCWriteException", summary, QueryErrorKind::Transient)
        }
        // Nobody knows whether the conditional write took place.
        0x1700 => ("ErrorMessage", "Unknown", QueryErrorKind::Transient),
        0x8000 => ("ClientWriteError", "Client write failure.", QueryErrorKind::Refused),
        _ => ("ErrorMessage", "Unknown", QueryErrorKind::Refused),
    };
    Wording { code, class, summary, form: Form::Raw, kind }
}

fn answers(consistency: DriverConsistency, required: i32, received: i32, more: &str) -> String {
    let consistency = Consistency::from(consistency).name();
    format!(
        "{{'consistency': '{consistency}', 'required_responses': {required}, 'received_responses': {received}{more}}}"
    )
}

#[cfg(test)]
mod tests {
    use scylla::errors::WriteType;
    use scylla::statement::Consistency;

    use super::*;

    /// The server's text in these tests, with both quotes.
    const TEXT: &str = "the \"msg\" it's";

    fn line(error: &DbError) -> String {
        let host = Host { address: "127.0.0.5:9942".parse().unwrap(), data_center: "datacenter1".to_owned() };
        query_error(error, TEXT, &host).line
    }

    fn code(code: i32) -> String {
        line(&DbError::Other(code))
    }

    // The expected lines are what cqlsh 6.2.2 printed for these frames.

    #[test]
    fn errors_that_stay_messages_of_the_protocol_show_the_servers_text_alone() {
        assert_eq!(line(&DbError::SyntaxError), r#"SyntaxException: the "msg" it's"#);
        assert_eq!(line(&DbError::ConfigError), r#"ConfigurationException: the "msg" it's"#);
        assert_eq!(line(&DbError::ProtocolError), r#"ProtocolException: the "msg" it's"#);
        assert_eq!(line(&DbError::AuthenticationError), r#"BadCredentials: the "msg" it's"#);
        assert_eq!(code(0x1600), r#"CDCWriteException: the "msg" it's"#);
        assert_eq!(code(0x8000), r#"ClientWriteError: the "msg" it's"#);
        assert_eq!(code(0x1700), r#"ErrorMessage: the "msg" it's"#);
        assert_eq!(code(0x7777), r#"ErrorMessage: the "msg" it's"#);
    }

    #[test]
    fn errors_that_become_exceptions_show_code_and_summary() {
        assert_eq!(
            line(&DbError::Invalid),
            r#"InvalidRequest: Error from server: code=2200 [Invalid query] message="the "msg" it's""#
        );
        assert_eq!(
            line(&DbError::Unauthorized),
            r#"Unauthorized: Error from server: code=2100 [Unauthorized] message="the "msg" it's""#
        );
        let failed = DbError::FunctionFailure { keyspace: "k".into(), function: "f".into(), arg_types: vec![] };
        assert_eq!(
            line(&failed),
            r#"FunctionFailure: Error from server: code=1400 [User Defined Function failure] message="the "msg" it's""#
        );
    }

    #[test]
    fn what_exists_already_is_named() {
        let table = DbError::AlreadyExists { keyspace: "k".into(), table: "t".into() };
        assert_eq!(line(&table), "AlreadyExists: Table 'k.t' already exists");
        let keyspace = DbError::AlreadyExists { keyspace: "k".into(), table: String::new() };
        assert_eq!(line(&keyspace), "AlreadyExists: Keyspace 'k' already exists");
    }

    #[test]
    fn timeouts_and_failures_show_who_answered() {
        let write = DbError::WriteTimeout {
            consistency: Consistency::LocalOne,
            received: 0,
            required: 1,
            write_type: WriteType::Simple,
        };
        assert_eq!(
            line(&write),
            r#"WriteTimeout: Error from server: code=1100 [Coordinator node timed out waiting for replica nodes' responses] message="the "msg" it's" info={'consistency': 'LOCAL_ONE', 'required_responses': 1, 'received_responses': 0, 'write_type': 'SIMPLE'}"#
        );
        let read =
            DbError::ReadTimeout { consistency: Consistency::EachQuorum, received: 1, required: 2, data_present: true };
        assert_eq!(
            line(&read),
            r#"ReadTimeout: Error from server: code=1200 [Coordinator node timed out waiting for replica nodes' responses] message="the "msg" it's" info={'consistency': 'EACH_QUORUM', 'required_responses': 2, 'received_responses': 1}"#
        );
        let read = DbError::ReadFailure {
            consistency: Consistency::One,
            received: 0,
            required: 1,
            numfailures: 3,
            data_present: false,
        };
        assert_eq!(
            line(&read),
            r#"ReadFailure: Error from server: code=1300 [Replica(s) failed to execute read] message="the "msg" it's" info={'consistency': 'ONE', 'required_responses': 1, 'received_responses': 0, 'failures': 3}"#
        );
        let write = DbError::WriteFailure {
            consistency: Consistency::All,
            received: 0,
            required: 1,
            numfailures: 3,
            write_type: WriteType::Batch,
        };
        assert_eq!(
            line(&write),
            r#"WriteFailure: Error from server: code=1500 [Replica(s) failed to execute write] message="the "msg" it's" info={'consistency': 'ALL', 'required_responses': 1, 'received_responses': 0, 'failures': 3}"#
        );
    }

    #[test]
    fn errors_the_next_host_might_not_have_are_reported_for_all_hosts() {
        assert_eq!(
            line(&DbError::ServerError),
            r#"NoHostAvailable: ('Unable to complete the operation against any hosts', {<Host: 127.0.0.5:9942 datacenter1>: <Error from server: code=0000 [Server error] message="the "msg" it's">})"#
        );
        assert_eq!(
            line(&DbError::Overloaded),
            r#"NoHostAvailable: ('Unable to complete the operation against any hosts', {<Host: 127.0.0.5:9942 datacenter1>: <Error from server: code=1001 [Coordinator node overloaded] message="the "msg" it's">})"#
        );
        assert_eq!(
            line(&DbError::IsBootstrapping),
            r#"NoHostAvailable: ('Unable to complete the operation against any hosts', {<Host: 127.0.0.5:9942 datacenter1>: <Error from server: code=1002 [Coordinator node is bootstrapping] message="the "msg" it's">})"#
        );
        assert_eq!(
            line(&DbError::TruncateError),
            r#"NoHostAvailable: ('Unable to complete the operation against any hosts', {<Host: 127.0.0.5:9942 datacenter1>: <Error from server: code=1003 [Error during truncate] message="the "msg" it's">})"#
        );
        let unavailable = DbError::Unavailable { consistency: Consistency::Quorum, required: 2, alive: 1 };
        assert_eq!(
            line(&unavailable),
            r#"NoHostAvailable: ('Unable to complete the operation against any hosts', {<Host: 127.0.0.5:9942 datacenter1>: Unavailable('Error from server: code=1000 [Unavailable exception] message="the "msg" it\'s" info={\'consistency\': \'QUORUM\', \'required_replicas\': 2, \'alive_replicas\': 1}')})"#
        );
    }

    // As above, of COPY FROM.
    #[test]
    fn what_is_written_is_told_as_of_one_host() {
        let host = Host { address: "127.0.0.5:9942".parse().unwrap(), data_center: "datacenter1".to_owned() };
        let line = |error: &DbError| write_error(error, TEXT, &host).line;
        assert_eq!(line(&DbError::Overloaded), r#"OverloadedErrorMessage: the "msg" it's"#);
        assert_eq!(
            line(&DbError::Unavailable { consistency: Consistency::All, required: 3, alive: 2 }),
            r#"Unavailable: Error from server: code=1000 [Unavailable exception] message="the "msg" it's" info={'consistency': 'ALL', 'required_replicas': 3, 'alive_replicas': 2}"#
        );
        assert_eq!(line(&DbError::Invalid), query_error(&DbError::Invalid, TEXT, &host).line);
    }

    #[test]
    fn the_servers_text_is_kept_alone_too() {
        let host = Host { address: "127.0.0.1:9042".parse().unwrap(), data_center: String::new() };
        let error = query_error(&DbError::Invalid, "no such table", &host);
        assert_eq!(error.message.as_deref(), Some("no such table"));
        assert_eq!(error.kind, QueryErrorKind::Refused);
    }
}
