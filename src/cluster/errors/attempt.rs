//! What went wrong at one address: the driver's nested errors of a connection, as Python shows the exception that its
//! driver raises.

use std::io;
use std::net::SocketAddr;

use scylla::errors::{
    BrokenConnectionError, BrokenConnectionErrorKind, ConnectionError, ConnectionPoolError,
    ConnectionSetupRequestErrorKind, DbError, FrameHeaderParseError, MetadataError, NewSessionError,
};

use super::connect::Failure;
use super::{ConnectErrorKind, endpoint, server, tls};
use crate::print::python::{repr, strerror};

/// Where a connection was tried, and how.
#[derive(Debug, Clone, Copy)]
pub(in crate::cluster) struct Attempt {
    pub(in crate::cluster) address: SocketAddr,
    /// Whether through TLS.
    pub(in crate::cluster) encrypted: bool,
}

impl Attempt {
    /// Why it was none.
    pub(in crate::cluster) fn failure(self, error: &NewSessionError) -> Failure {
        match error {
            NewSessionError::MetadataError(MetadataError::ConnectionPoolError(ConnectionPoolError::Broken {
                last_connection_error: error,
            })) => self.connection(error),
            other => unknown(other),
        }
    }

    fn connection(self, error: &ConnectionError) -> Failure {
        match error {
            ConnectionError::ConnectTimeout => self.socket(&io::Error::other("timed out")),
            ConnectionError::IoError(error) => tls_failure(error).unwrap_or_else(|| self.socket(error)),
            ConnectionError::BrokenConnection(error) => self.broken(error),
            ConnectionError::ConnectionSetupRequestError(error) => self.setup(error.get_error()),
            other => unknown(other),
        }
    }

    fn setup(self, error: &ConnectionSetupRequestErrorKind) -> Failure {
        use ConnectErrorKind::{Final, LoginFailed, NotReady};
        use ConnectionSetupRequestErrorKind as Kind;
        let refused = |class, what, error, message: &str| {
            let words = server::long_form(error, message);
            let kind = match error {
                // The node could not ask those that keep the roles.
                DbError::AuthenticationError if message.starts_with("Unable to perform auth") => NotReady,
                DbError::AuthenticationError | DbError::Unauthorized => LoginFailed,
                DbError::ProtocolError => Final,
                _ => NotReady,
            };
            Failure::new(class, &format!("{what} to {}: {words}", endpoint(self.address)), kind)
        };
        match error {
            Kind::MissingAuthentication => {
                Failure::new("AuthenticationFailed", "Remote end requires authentication", Final)
            }
            Kind::DbError(error @ (DbError::AuthenticationError | DbError::Unauthorized), message) => {
                refused("AuthenticationFailed", "Failed to authenticate", error, message)
            }
            Kind::DbError(error, message) => {
                refused("ConnectionException", "Failed to initialize new connection", error, message)
            }
            Kind::BrokenConnection(error) => self.broken(error),
            other => Failure::new("ProtocolError", &other.to_string(), Final),
        }
    }

    /// A connection that ends before it can be used is none yet, unless what was said on it is wrong.
    fn broken(self, error: &BrokenConnectionError) -> Failure {
        use ConnectErrorKind::{Final, NoAnswer};
        use FrameHeaderParseError as Header;
        let header = match error.downcast_ref() {
            Some(BrokenConnectionErrorKind::FrameHeaderParseError(header)) => header,
            Some(BrokenConnectionErrorKind::WriteError(error)) => return self.ended(error),
            _ => return self.closed(None, NoAnswer),
        };
        match header {
            Header::HeaderIoError(error) | Header::BodyChunkIoError(_, error) => self.ended(error),
            Header::ConnectionClosed(..) => self.closed(None, NoAnswer),
            Header::VersionNotSupported(version) => {
                let version = version & 0x7f;
                let words = format!("This version of the driver does not support protocol version {version}");
                Failure::new("ProtocolError", &words, Final)
            }
            Header::FrameFromClient => {
                Failure::new("ProtocolError", "The answer is not one of the native protocol", Final)
            }
            _ => self.closed(None, Final),
        }
    }

    fn ended(self, error: &io::Error) -> Failure {
        tls_failure(error).unwrap_or_else(|| {
            let reset = error.raw_os_error().filter(|_| error.kind() == io::ErrorKind::ConnectionReset);
            self.closed(reset, ConnectErrorKind::NoAnswer)
        })
    }

    /// A connection that the server ended before it answered; the number is the system's, if it was reset.
    fn closed(self, reset: Option<i32>, kind: ConnectErrorKind) -> Failure {
        // What a node that speaks TLS alone does with a client that does not.
        let hint = if self.encrypted { "" } else { "; nodes that ask for TLS do so, see --ssl" };
        match reset {
            Some(number) => {
                let words = repr(&format!("Connection reset by peer{hint}"));
                Failure { exception: format!("ConnectionResetError({number}, {words})"), kind }
            }
            None => {
                let words = format!("Connection to {} is closed{hint}", endpoint(self.address));
                Failure::new("ConnectionShutdown", &words, kind)
            }
        }
    }

    /// A socket that did not connect. Python picks the class of the exception by what went wrong.
    fn socket(self, error: &io::Error) -> Failure {
        let class = match error.kind() {
            io::ErrorKind::PermissionDenied => "PermissionError",
            io::ErrorKind::BrokenPipe => "BrokenPipeError",
            io::ErrorKind::ConnectionAborted => "ConnectionAbortedError",
            io::ErrorKind::ConnectionReset => "ConnectionResetError",
            io::ErrorKind::ConnectionRefused => "ConnectionRefusedError",
            io::ErrorKind::TimedOut => "TimeoutError",
            _ => "OSError",
        };
        let kind = match error.kind() {
            io::ErrorKind::ConnectionRefused => ConnectErrorKind::Refused,
            _ => ConnectErrorKind::NoAnswer,
        };
        let number = error.raw_os_error().map_or_else(|| "None".to_owned(), |number| number.to_string());
        let tried = match self.address {
            SocketAddr::V4(address) => format!("('{}', {})", address.ip(), address.port()),
            SocketAddr::V6(address) => {
                format!("('{}', {}, {}, {})", address.ip(), address.port(), address.flowinfo(), address.scope_id())
            }
        };
        let message = repr(&format!("Tried connecting to [{tried}]. Last error: {}", strerror(error)));
        Failure { exception: format!("{class}({number}, {message})"), kind }
    }
}

/// The failure if TLS is what went wrong.
fn tls_failure(error: &io::Error) -> Option<Failure> {
    Some(Failure::new("SSLError", &tls::words(error)?, ConnectErrorKind::Final))
}

fn unknown(error: &dyn std::error::Error) -> Failure {
    Failure::new("ConnectionException", &error.to_string(), ConnectErrorKind::Final)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn at(address: &str) -> Attempt {
        Attempt { address: address.parse().unwrap(), encrypted: false }
    }

    // The expected texts are what cqlsh 6.2.2 printed.

    #[test]
    fn a_refused_port() {
        let refused = |address| {
            let last_connection_error = ConnectionError::IoError(Arc::new(io::Error::from_raw_os_error(111)));
            let broken = ConnectionPoolError::Broken { last_connection_error };
            at(address).failure(&NewSessionError::MetadataError(MetadataError::ConnectionPoolError(broken)))
        };
        let exception = r#"ConnectionRefusedError(111, "Tried connecting to [('127.0.0.1', 9099)]. Last error: Connection refused")"#;
        assert_eq!(
            refused("127.0.0.1:9099"),
            Failure { exception: exception.to_owned(), kind: ConnectErrorKind::Refused }
        );
        let exception = r#"ConnectionRefusedError(111, "Tried connecting to [('::1', 9099, 0, 0)]. Last error: Connection refused")"#;
        assert_eq!(refused("[::1]:9099").exception, exception);
    }

    #[test]
    fn a_port_that_never_answers() {
        let exception =
            r#"OSError(None, "Tried connecting to [('127.0.0.9', 9043)]. Last error: timed out")"#.to_owned();
        assert_eq!(
            at("127.0.0.9:9043").connection(&ConnectionError::ConnectTimeout),
            Failure { exception, kind: ConnectErrorKind::NoAnswer }
        );
    }

    #[test]
    fn a_login_that_fails() {
        let attempt = at("127.0.0.2:9042");
        assert_eq!(
            attempt.setup(&ConnectionSetupRequestErrorKind::MissingAuthentication).exception,
            "AuthenticationFailed('Remote end requires authentication')"
        );
        let text = "Provided username cassandra and/or password are incorrect".to_owned();
        let exception = r#"AuthenticationFailed('Failed to authenticate to 127.0.0.2:9042: Error from server: code=0100 [Bad credentials] message="Provided username cassandra and/or password are incorrect"')"#.to_owned();
        assert_eq!(
            attempt.setup(&ConnectionSetupRequestErrorKind::DbError(DbError::AuthenticationError, text)),
            Failure { exception, kind: ConnectErrorKind::LoginFailed }
        );
        let text = "Unable to perform authentication: Cannot achieve consistency level QUORUM".to_owned();
        let failure = attempt.setup(&ConnectionSetupRequestErrorKind::DbError(DbError::AuthenticationError, text));
        assert_eq!(failure.kind, ConnectErrorKind::NotReady);
    }

    #[test]
    fn a_server_that_speaks_another_version() {
        let error = FrameHeaderParseError::VersionNotSupported(0x80 | 72);
        let error = BrokenConnectionErrorKind::FrameHeaderParseError(error).into();
        let exception = "ProtocolError('This version of the driver does not support protocol version 72')".to_owned();
        assert_eq!(at("127.0.0.9:9043").broken(&error), Failure { exception, kind: ConnectErrorKind::Final });
    }
}
