//! What the driver reports of a request, as the line cqlsh prints.

use scylla::errors::{
    BrokenConnectionError, BrokenConnectionErrorKind, CqlResultParseError, ExecutionError, FrameHeaderParseError,
    PrepareError, RequestAttemptError, UseKeyspaceError,
};

use super::server::{self, no_host_available};
use super::{Host, QueryError, QueryErrorKind};
use crate::print::python::{repr, strerror};

/// The error of a request. `was_connected` tells whether the node was there the last time it was asked.
pub(in crate::cluster) fn execution(error: ExecutionError, host: &Host, was_connected: bool) -> QueryError {
    match error {
        ExecutionError::LastAttemptError(error) => attempt(error, host),
        ExecutionError::PrepareError(error) => prepare(error, host, was_connected),
        ExecutionError::UseKeyspaceError(UseKeyspaceError::RequestError(error)) => attempt(error, host),
        ExecutionError::UseKeyspaceError(UseKeyspaceError::RequestTimeout(_)) | ExecutionError::RequestTimeout(_) => {
            client_timeout(host)
        }
        ExecutionError::ConnectionPoolError(_) | ExecutionError::EmptyPlan => no_connection(host, was_connected),
        other => refused(other.to_string()),
    }
}

/// The error of a preparation.
fn prepare(error: PrepareError, host: &Host, was_connected: bool) -> QueryError {
    match error {
        PrepareError::ConnectionPoolError(_) => no_connection(host, was_connected),
        PrepareError::AllAttemptsFailed { first_attempt } => attempt(first_attempt, host),
        other => refused(other.to_string()),
    }
}

/// No answer within the client's time limit.
pub(in crate::cluster) fn client_timeout(host: &Host) -> QueryError {
    let endpoint = host.endpoint();
    QueryError {
        line: format!(
            "OperationTimedOut: errors={{'{endpoint}': 'Client request timeout. \
             See Session.execute[_async](timeout)'}}, last_host={endpoint}"
        ),
        message: None,
        kind: QueryErrorKind::Timeout,
    }
}

/// The connection broke.
pub(in crate::cluster) fn connection_lost() -> QueryError {
    QueryError { line: no_host_available("{}"), message: None, kind: QueryErrorKind::Connection }
}

/// The connection broke; the system may say why.
fn broken(error: &BrokenConnectionError, host: &Host) -> QueryError {
    use BrokenConnectionErrorKind::{FrameHeaderParseError as Header, WriteError};
    use FrameHeaderParseError::{BodyChunkIoError, HeaderIoError};
    let (Some(Header(HeaderIoError(error) | BodyChunkIoError(_, error))) | Some(WriteError(error))) =
        error.downcast_ref()
    else {
        return connection_lost();
    };
    // An end is no error of the system, and cqlsh has no word for it.
    let Some(code) = error.raw_os_error() else { return connection_lost() };
    let why = repr(&format!("[Errno {code}] {}", strerror(error)));
    QueryError { line: no_host_available(&format!("{{{host}: ConnectionShutdown({why})}}")), ..connection_lost() }
}

fn attempt(error: RequestAttemptError, host: &Host) -> QueryError {
    match error {
        RequestAttemptError::DbError(error, message) => server::query_error(&error, &message, host),
        RequestAttemptError::BrokenConnectionError(error) => broken(&error, host),
        RequestAttemptError::UnableToAllocStreamId => QueryError {
            line: no_host_available(&format!(
                "{{{host}: ConnectionBusy('Connection to {} is at the max number of requests')}}",
                host.endpoint()
            )),
            message: None,
            kind: QueryErrorKind::Transient,
        },
        RequestAttemptError::CqlRequestSerialization(_) | RequestAttemptError::SerializationError(_) => {
            refused(error.to_string())
        }
        RequestAttemptError::CqlResultParseError(
            CqlResultParseError::ResultMetadataParseError(_) | CqlResultParseError::PreparedParseError(_),
        ) => QueryError {
            line: "A column has a custom type, a Java class that is no type of CQL.".to_owned(),
            message: None,
            kind: QueryErrorKind::UnknownTypes,
        },
        other => QueryError::unreadable(other),
    }
}

/// There is no connection, and nothing was sent.
// cqlsh: its driver reports the closed connection once; after that it has no host left to try.
pub(in crate::cluster) fn no_connection(host: &Host, was_connected: bool) -> QueryError {
    let attempts = if was_connected {
        format!("{{{host}: ConnectionShutdown('Connection to {} is closed')}}", host.endpoint())
    } else {
        "{}".to_owned()
    };
    QueryError { line: no_host_available(&attempts), message: None, kind: QueryErrorKind::Unsent }
}

/// A request that was not sent because it does not fit the protocol.
pub(in crate::cluster) fn refused(line: String) -> QueryError {
    QueryError { line, message: None, kind: QueryErrorKind::Refused }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host() -> Host {
        Host { address: "127.0.0.5:9942".parse().unwrap(), data_center: "datacenter1".to_owned() }
    }

    // The expected lines are what cqlsh 6.2.2 printed with a node that did not answer, and one that was stopped.

    #[test]
    fn a_request_without_an_answer_times_out() {
        assert_eq!(
            client_timeout(&host()).line,
            "OperationTimedOut: errors={'127.0.0.5:9942': 'Client request timeout. \
             See Session.execute[_async](timeout)'}, last_host=127.0.0.5:9942"
        );
    }

    #[test]
    fn a_connection_that_is_reset_under_a_request_says_so_and_one_that_ends_does_not() {
        let line = |error| {
            let error = FrameHeaderParseError::HeaderIoError(error);
            let error = BrokenConnectionErrorKind::FrameHeaderParseError(error).into();
            let error = attempt(RequestAttemptError::BrokenConnectionError(error), &host());
            assert_eq!(error.kind, QueryErrorKind::Connection);
            error.line
        };
        assert_eq!(
            line(std::io::Error::from_raw_os_error(104)),
            "NoHostAvailable: ('Unable to complete the operation against any hosts', \
             {<Host: 127.0.0.5:9942 datacenter1>: ConnectionShutdown('[Errno 104] Connection reset by peer')})"
        );
        assert_eq!(
            line(std::io::ErrorKind::UnexpectedEof.into()),
            "NoHostAvailable: ('Unable to complete the operation against any hosts', {})"
        );
    }

    #[test]
    fn a_lost_connection_is_reported_once_and_then_no_host_is_left() {
        let error = execution(ExecutionError::EmptyPlan, &host(), true);
        assert_eq!(
            error.line,
            "NoHostAvailable: ('Unable to complete the operation against any hosts', \
             {<Host: 127.0.0.5:9942 datacenter1>: ConnectionShutdown('Connection to 127.0.0.5:9942 is closed')})"
        );
        assert_eq!(error.kind, QueryErrorKind::Unsent);
        let error = execution(ExecutionError::EmptyPlan, &host(), false);
        assert_eq!(error.line, "NoHostAvailable: ('Unable to complete the operation against any hosts', {})");
    }
}
