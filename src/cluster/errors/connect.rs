//! Why a session could not be made, as the line cqlsh prints after `Connection error: `.

use std::fmt::Write;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use scylla::errors::{
    BrokenConnectionError, BrokenConnectionErrorKind, ConnectionError, ConnectionPoolError,
    ConnectionSetupRequestErrorKind, DbError, FrameHeaderParseError, MetadataError, NewSessionError,
};

use super::super::{ConnectOptions, ServerInfo};
use super::{ConnectError, ConnectErrorKind, Host, QueryError, QueryErrorKind, endpoint, server, tls};
use crate::print::python::repr;

/// No address could be reached: what went wrong at each, in the order tried, from [`connection`] and [`timed_out`].
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

/// The host has no address.
pub(in crate::cluster) fn unknown_host(host: &str, why: &io::Error) -> ConnectError {
    let line = format!("the host {} cannot be found: {}", repr(host), reason(why));
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
    let limit = limit.as_secs_f64();
    let exception =
        format!("OperationTimedOut('errors=Timed out creating connection ({limit} seconds), last_host=None')");
    Failure { exception, kind: ConnectErrorKind::NoAnswer }
}

/// A node that let the session in and then refused its first request.
pub(in crate::cluster) fn refused_request(error: &QueryError) -> Failure {
    let kind = match error.kind {
        QueryErrorKind::Transient => ConnectErrorKind::NotReady,
        QueryErrorKind::Connection | QueryErrorKind::Unsent | QueryErrorKind::Timeout => ConnectErrorKind::NoAnswer,
        QueryErrorKind::Refused | QueryErrorKind::UnknownTypes | QueryErrorKind::Unreadable => ConnectErrorKind::Final,
    };
    Failure { exception: exception("ConnectionException", &error.line), kind }
}

/// Where a connection was tried, and how.
#[derive(Debug, Clone, Copy)]
pub(in crate::cluster) struct Attempt {
    pub(in crate::cluster) address: SocketAddr,
    /// Whether through TLS.
    pub(in crate::cluster) encrypted: bool,
}

/// What went wrong at one address.
pub(in crate::cluster) fn connection(error: &NewSessionError, tried: Attempt) -> Failure {
    if let NewSessionError::MetadataError(MetadataError::ConnectionPoolError(pool)) = error
        && let ConnectionPoolError::Broken { last_connection_error: error } = pool
    {
        return Failure { exception: attempt(error, tried), kind: kind(error) };
    }
    Failure { exception: exception("ConnectionException", &error.to_string()), kind: ConnectErrorKind::Final }
}

fn kind(error: &ConnectionError) -> ConnectErrorKind {
    use ConnectErrorKind::{Final, LoginFailed, NoAnswer, NotReady, Refused};
    use ConnectionSetupRequestErrorKind as Setup;
    match error {
        ConnectionError::ConnectTimeout => NoAnswer,
        ConnectionError::IoError(error) if tls::words(error).is_some() => Final,
        ConnectionError::IoError(error) if error.kind() == io::ErrorKind::ConnectionRefused => Refused,
        ConnectionError::IoError(_) => NoAnswer,
        ConnectionError::BrokenConnection(error) => kind_of_broken(error),
        ConnectionError::ConnectionSetupRequestError(error) => match error.get_error() {
            Setup::DbError(DbError::AuthenticationError | DbError::Unauthorized, _) => LoginFailed,
            Setup::DbError(DbError::ProtocolError, _) => Final,
            Setup::DbError(..) => NotReady,
            Setup::BrokenConnection(error) => kind_of_broken(error),
            _ => Final,
        },
        _ => Final,
    }
}

/// A connection that ends before it can be used is none yet, unless what was said on it is wrong.
fn kind_of_broken(error: &BrokenConnectionError) -> ConnectErrorKind {
    use FrameHeaderParseError as Header;
    match error.downcast_ref() {
        Some(BrokenConnectionErrorKind::FrameHeaderParseError(
            Header::HeaderIoError(error) | Header::BodyChunkIoError(_, error),
        )) if tls::words(error).is_none() => ConnectErrorKind::NoAnswer,
        Some(BrokenConnectionErrorKind::FrameHeaderParseError(Header::ConnectionClosed(..))) => {
            ConnectErrorKind::NoAnswer
        }
        Some(BrokenConnectionErrorKind::FrameHeaderParseError(_)) => ConnectErrorKind::Final,
        Some(BrokenConnectionErrorKind::WriteError(error)) if tls::words(error).is_some() => ConnectErrorKind::Final,
        _ => ConnectErrorKind::NoAnswer,
    }
}

fn attempt(error: &ConnectionError, tried: Attempt) -> String {
    match error {
        ConnectionError::ConnectTimeout => socket_error(tried.address, &io::Error::other("timed out")),
        ConnectionError::IoError(error) => match tls::words(error) {
            Some(words) => exception("SSLError", &words),
            None => socket_error(tried.address, error),
        },
        ConnectionError::BrokenConnection(error) => broken(error, tried),
        ConnectionError::ConnectionSetupRequestError(error) => setup(error.get_error(), tried),
        other => exception("ConnectionException", &other.to_string()),
    }
}

fn setup(error: &ConnectionSetupRequestErrorKind, tried: Attempt) -> String {
    use ConnectionSetupRequestErrorKind as Kind;
    match error {
        Kind::MissingAuthentication => exception("AuthenticationFailed", "Remote end requires authentication"),
        Kind::DbError(error @ (DbError::AuthenticationError | DbError::Unauthorized), message) => exception(
            "AuthenticationFailed",
            &format!("Failed to authenticate to {}: {}", endpoint(tried.address), server::long_form(error, message)),
        ),
        Kind::DbError(error, message) => exception(
            "ConnectionException",
            &format!(
                "Failed to initialize new connection to {}: {}",
                endpoint(tried.address),
                server::long_form(error, message)
            ),
        ),
        Kind::BrokenConnection(error) => broken(error, tried),
        other => exception("ProtocolError", &other.to_string()),
    }
}

fn broken(error: &BrokenConnectionError, tried: Attempt) -> String {
    match error.downcast_ref() {
        Some(BrokenConnectionErrorKind::FrameHeaderParseError(FrameHeaderParseError::VersionNotSupported(version))) => {
            exception(
                "ProtocolError",
                &format!("This version of the driver does not support protocol version {}", version & 0x7f),
            )
        }
        Some(BrokenConnectionErrorKind::FrameHeaderParseError(FrameHeaderParseError::FrameFromClient)) => {
            exception("ProtocolError", "The answer is not one of the native protocol")
        }
        Some(
            BrokenConnectionErrorKind::FrameHeaderParseError(
                FrameHeaderParseError::HeaderIoError(error) | FrameHeaderParseError::BodyChunkIoError(_, error),
            )
            | BrokenConnectionErrorKind::WriteError(error),
        ) => match tls::words(error) {
            Some(words) => exception("SSLError", &words),
            None => closed(error.raw_os_error().filter(|_| error.kind() == io::ErrorKind::ConnectionReset), tried),
        },
        _ => closed(None, tried),
    }
}

/// A connection that the server ended before it answered; the number is the system's, if it was reset.
fn closed(reset: Option<i32>, tried: Attempt) -> String {
    // What a node that speaks TLS alone does with a client that does not.
    let hint = if tried.encrypted { "" } else { "; nodes that ask for TLS do so, see --ssl" };
    match reset {
        Some(number) => format!("ConnectionResetError({number}, {})", repr(&format!("Connection reset by peer{hint}"))),
        None => exception("ConnectionShutdown", &format!("Connection to {} is closed{hint}", endpoint(tried.address))),
    }
}

/// A socket that did not connect. Python picks the class of the exception by what went wrong.
fn socket_error(address: SocketAddr, error: &io::Error) -> String {
    let class = match error.kind() {
        io::ErrorKind::PermissionDenied => "PermissionError",
        io::ErrorKind::BrokenPipe => "BrokenPipeError",
        io::ErrorKind::ConnectionAborted => "ConnectionAbortedError",
        io::ErrorKind::ConnectionReset => "ConnectionResetError",
        io::ErrorKind::ConnectionRefused => "ConnectionRefusedError",
        io::ErrorKind::TimedOut => "TimeoutError",
        _ => "OSError",
    };
    let number = error.raw_os_error().map_or_else(|| "None".to_owned(), |number| number.to_string());
    let tried = match address {
        SocketAddr::V4(address) => format!("('{}', {})", address.ip(), address.port()),
        SocketAddr::V6(address) => {
            format!("('{}', {}, {}, {})", address.ip(), address.port(), address.flowinfo(), address.scope_id())
        }
    };
    let message = repr(&format!("Tried connecting to [{tried}]. Last error: {}", reason(error)));
    format!("{class}({number}, {message})")
}

/// The system's own words for an error, without what the standard library adds.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.strip_prefix("failed to lookup address information: ").unwrap_or(&text);
    match text.rfind(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text.to_owned(),
    }
}

/// A Python exception with one text, as `repr` shows it.
fn exception(class: &str, message: &str) -> String {
    format!("{class}({})", repr(message))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn plainly(address: SocketAddr) -> Attempt {
        Attempt { address, encrypted: false }
    }

    fn at(address: &str, error: ConnectionError) -> String {
        let address = address.parse().unwrap();
        let error = NewSessionError::MetadataError(MetadataError::ConnectionPoolError(ConnectionPoolError::Broken {
            last_connection_error: error,
        }));
        unreachable(&[(address, connection(&error, plainly(address)))]).to_string()
    }

    // The expected lines are what cqlsh 6.2.2 printed.

    #[test]
    fn a_refused_port() {
        let refused = || ConnectionError::IoError(Arc::new(io::Error::from_raw_os_error(111)));
        assert_eq!(
            at("127.0.0.1:9099", refused()),
            r#"('Unable to connect to any servers', {'127.0.0.1:9099': ConnectionRefusedError(111, "Tried connecting to [('127.0.0.1', 9099)]. Last error: Connection refused")})"#
        );
        assert_eq!(
            at("[::1]:9099", refused()),
            r#"('Unable to connect to any servers', {'::1:9099': ConnectionRefusedError(111, "Tried connecting to [('::1', 9099, 0, 0)]. Last error: Connection refused")})"#
        );
    }

    #[test]
    fn a_port_that_never_answers() {
        assert_eq!(
            timed_out(Duration::from_secs(2)).exception,
            "OperationTimedOut('errors=Timed out creating connection (2 seconds), last_host=None')"
        );
        assert_eq!(
            at("127.0.0.9:9043", ConnectionError::ConnectTimeout),
            r#"('Unable to connect to any servers', {'127.0.0.9:9043': OSError(None, "Tried connecting to [('127.0.0.9', 9043)]. Last error: timed out")})"#
        );
    }

    #[test]
    fn a_login_that_fails() {
        let address = plainly("127.0.0.2:9042".parse().unwrap());
        assert_eq!(
            setup(&ConnectionSetupRequestErrorKind::MissingAuthentication, address),
            "AuthenticationFailed('Remote end requires authentication')"
        );
        let text = "Provided username cassandra and/or password are incorrect".to_owned();
        assert_eq!(
            setup(&ConnectionSetupRequestErrorKind::DbError(DbError::AuthenticationError, text), address),
            r#"AuthenticationFailed('Failed to authenticate to 127.0.0.2:9042: Error from server: code=0100 [Bad credentials] message="Provided username cassandra and/or password are incorrect"')"#
        );
    }

    #[test]
    fn a_server_that_speaks_another_version() {
        let address = plainly("127.0.0.9:9043".parse().unwrap());
        let error = FrameHeaderParseError::VersionNotSupported(0x80 | 72);
        let error = BrokenConnectionErrorKind::FrameHeaderParseError(error).into();
        assert_eq!(
            broken(&error, address),
            "ProtocolError('This version of the driver does not support protocol version 72')"
        );
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
