//! Why a session could not be made, as the line cqlsh prints after `Connection error: `.

use std::fmt::Write;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use super::super::{ConnectOptions, ServerInfo};
use super::{ConnectError, ConnectErrorKind, Host, QueryError, QueryErrorKind, endpoint};
use crate::print::python::{repr, strerror};

/// No address could be reached: what went wrong at each, in the order tried.
pub(in crate::cluster) fn unreachable(attempts: &[(SocketAddr, Failure)]) -> ConnectError {
    let mut text = "('Unable to connect to any servers', {".to_owned();
    for (i, (address, Failure { exception, .. })) in attempts.iter().enumerate() {
        let separator = if i == 0 { "" } else { ", " };
        // Writing to a string cannot fail.
        let _ = write!(text, "{separator}'{}': {exception}", endpoint(*address));
    }
    text.push_str("})");
    let kind = attempts.iter().map(|(_, failure)| failure.kind).max().unwrap_or(ConnectErrorKind::UnknownHost);
    ConnectError { line: text, kind }
}

/// What went wrong at one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cluster) struct Failure {
    /// As Python shows the exception.
    pub(in crate::cluster) exception: String,
    pub(in crate::cluster) kind: ConnectErrorKind,
}

impl Failure {
    /// An exception with one text.
    pub(super) fn new(class: &str, message: &str, kind: ConnectErrorKind) -> Self {
        Self { exception: exception(class, message), kind }
    }
}

/// The host has no address.
pub(in crate::cluster) fn unknown_host(host: &str, why: &io::Error) -> ConnectError {
    let line = format!("the host {} cannot be found: {}", repr(host), strerror(why));
    ConnectError { line, kind: ConnectErrorKind::UnknownHost }
}

/// The server does not speak the version of CQL or of the protocol that was asked for. It is the driver that decides
/// which protocol is spoken; here it only matters whether the one asked for could be.
pub(in crate::cluster) fn unmet_version(
    options: &ConnectOptions,
    server: &ServerInfo,
    address: SocketAddr,
) -> Option<ConnectError> {
    let release = server.release_version.split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0);
    // The newest version of a release is a beta, which must be asked for as such.
    let newest = if release < 4 { 5 } else { 6 };
    let protocol = options.protocol_version.and_then(|version| match version {
        3.. if version < newest => None,
        _ if version == newest => Some(format!(
            "<Error from server: code=000a [Protocol error] message=\"Beta version of the protocol used \
             ({version}/v{version}-beta), but USE_BETA flag is unset\">"
        )),
        _ => Some(exception(
            "DriverException",
            &format!("ProtocolError returned from server while using explicitly set client protocol_version {version}"),
        )),
    });
    let cql = || {
        let asked = options.cql_version.as_ref().filter(|asked| **asked != server.cql_version)?;
        let (asked, spoken) = (repr(asked), repr(&server.cql_version));
        Some(exception(
            "ProtocolError",
            &format!(
                "cql_version {asked} is not supported by remote (w/ native protocol). Supported versions: [{spoken}]"
            ),
        ))
    };
    let failure = |exception| Failure { exception, kind: ConnectErrorKind::Final };
    protocol.or_else(cql).map(|exception| unreachable(&[(address, failure(exception))]))
}

/// The keyspace cannot be used.
pub(in crate::cluster) fn no_keyspace(keyspace: &str, host: &Host) -> ConnectError {
    let message = repr(&format!("Unable to connect to any servers using keyspace '{keyspace}'"));
    ConnectError { line: format!("({message}, ['{}'])", host.address.ip()), kind: ConnectErrorKind::Final }
}

/// A node that took the connection and never answered.
pub(in crate::cluster) fn timed_out(limit: Duration) -> Failure {
    let words = format!("errors=Timed out creating connection ({} seconds), last_host=None", limit.as_secs_f64());
    Failure::new("OperationTimedOut", &words, ConnectErrorKind::NoAnswer)
}

/// A node that let the session in and then refused its first request.
pub(in crate::cluster) fn refused_request(error: &QueryError) -> Failure {
    let kind = match error.kind {
        QueryErrorKind::Transient => ConnectErrorKind::NotReady,
        QueryErrorKind::Connection | QueryErrorKind::Unsent | QueryErrorKind::Timeout => ConnectErrorKind::NoAnswer,
        QueryErrorKind::Refused | QueryErrorKind::UnknownTypes | QueryErrorKind::Unreadable => ConnectErrorKind::Final,
    };
    Failure::new("ConnectionException", &error.line, kind)
}

/// A Python exception with one text, as `repr` shows it.
fn exception(class: &str, message: &str) -> String {
    format!("{class}({})", repr(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    // The expected lines are what cqlsh 6.2.2 printed.

    #[test]
    fn a_node_that_does_not_answer_in_time() {
        let address = "127.0.0.9:9043".parse().unwrap();
        assert_eq!(
            unreachable(&[(address, timed_out(Duration::from_secs(2)))]).to_string(),
            "('Unable to connect to any servers', {'127.0.0.9:9043': OperationTimedOut('errors=Timed out creating \
             connection (2 seconds), last_host=None')})"
        );
    }

    #[test]
    fn a_host_with_several_addresses_failed_at_each_and_as_far_as_it_came() {
        let failures = [("127.0.0.1:1", "A", ConnectErrorKind::NoAnswer), ("[::1]:1", "B", ConnectErrorKind::Refused)];
        let failures =
            failures.map(|(address, class, kind)| (address.parse().unwrap(), Failure::new(class, "it's", kind)));
        let error = unreachable(&failures);
        assert_eq!(
            error.to_string(),
            r#"('Unable to connect to any servers', {'127.0.0.1:1': A("it's"), '::1:1': B("it's")})"#
        );
        assert_eq!(error.kind, ConnectErrorKind::NoAnswer);
    }

    #[test]
    fn a_keyspace_that_cannot_be_used() {
        let host = Host { address: "127.0.0.1:9042".parse().unwrap(), data_center: String::new() };
        assert_eq!(
            no_keyspace("nope", &host).to_string(),
            r#"("Unable to connect to any servers using keyspace 'nope'", ['127.0.0.1'])"#
        );
        assert_eq!(
            no_keyspace("no pe\"", &host).to_string(),
            r#"('Unable to connect to any servers using keyspace \'no pe"\'', ['127.0.0.1'])"#
        );
    }

    // cqlsh ends with a traceback here.
    #[test]
    fn a_host_that_does_not_exist() {
        let why = io::Error::other("failed to lookup address information: Name or service not known");
        assert_eq!(
            unknown_host("nosuch.invalid", &why).to_string(),
            "the host 'nosuch.invalid' cannot be found: Name or service not known"
        );
    }
}
