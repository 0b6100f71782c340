//! What goes wrong, in cqlsh's words: `Display` is the line that a user sees.
//!
//! The types are for everybody; the submodules know the driver's nested errors and turn them into these lines.

mod attempt;
mod connect;
mod request;
mod server;
mod tls;

pub(super) use attempt::Attempt;
pub(super) use connect::{Failure, no_keyspace, refused_request, timed_out, unknown_host, unmet_version, unreachable};
pub(super) use request::{client_timeout, connection_lost, execution, no_connection, refused};
pub(super) use server::{query_error, write_error};

use std::fmt;
use std::net::SocketAddr;

use crate::value::ValueError;

/// Why no session could be made. `Display` is what follows `Connection error: ` in cqlsh.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}")]
pub struct ConnectError {
    /// What cqlsh says.
    pub line: String,
    /// How far the attempt came.
    pub kind: ConnectErrorKind,
}

/// How far an attempt to connect came, from the least to the farthest. All but the last may end by themselves while a
/// server starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConnectErrorKind {
    /// The host's name has no address.
    UnknownHost,
    /// Nobody listens at the address.
    Refused,
    /// Nothing comes back, or the connection ends before an answer.
    NoAnswer,
    /// The server says that it is not ready.
    NotReady,
    /// The server does not let this user in.
    LoginFailed,
    /// It will be the same the next time.
    Final,
}

/// Why a request failed. `Display` is cqlsh's line, e.g.
/// `InvalidRequest: Error from server: code=2200 [Invalid query] message="…"`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}")]
pub struct QueryError {
    /// The line cqlsh prints.
    pub line: String,
    /// The server's own message, alone, where there is one.
    pub message: Option<String>,
    /// What went wrong, as far as callers decide by it.
    pub kind: QueryErrorKind,
}

/// What callers of a request decide by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryErrorKind {
    /// The statement itself is refused; trying again changes nothing.
    Refused,
    /// Overload, a timeout or missing replicas: another attempt may succeed.
    Transient,
    /// The connection broke while the answer was waited for: it is not known what became of the request.
    Connection,
    /// There is no connection, and nothing was sent.
    Unsent,
    /// The client gave up waiting.
    Timeout,
    /// The answer has columns of types that the driver does not know.
    UnknownTypes,
    /// The answer holds something that cannot be read.
    Unreadable,
}

impl QueryError {
    /// The line without the name of the error's class.
    // cqlsh: so it shows what goes wrong after the first page of a result.
    pub fn without_class(&self) -> &str {
        match self.line.split_once(": ") {
            Some((class, rest)) if class.bytes().all(|byte| byte.is_ascii_alphanumeric()) => rest,
            _ => &self.line,
        }
    }

    /// Whether there is no connection to the node any more.
    pub fn is_disconnected(&self) -> bool {
        matches!(self.kind, QueryErrorKind::Connection | QueryErrorKind::Unsent)
    }

    /// Whether the server could not read the statement at all.
    pub fn is_syntax_error(&self) -> bool {
        self.kind == QueryErrorKind::Refused && self.line.starts_with("SyntaxException")
    }

    /// An answer whose bytes are not what the protocol promises; `why` is a sentence without a full stop.
    pub(super) fn unreadable(why: impl fmt::Display) -> Self {
        Self {
            line: format!("The server's answer cannot be read: {why}"),
            message: None,
            kind: QueryErrorKind::Unreadable,
        }
    }
}

impl From<ValueError> for QueryError {
    fn from(error: ValueError) -> Self {
        Self::unreadable(error)
    }
}

/// The node as cqlsh's errors name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Host {
    /// Where it was reached.
    pub(super) address: SocketAddr,
    /// Its data center; empty if unknown.
    pub(super) data_center: String,
}

impl Host {
    /// `address:port`, an IPv6 address without brackets.
    // cqlsh: the driver for Python puts address and port together with a colon, whatever the address.
    pub(super) fn endpoint(&self) -> String {
        endpoint(self.address)
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Host: {}", self.endpoint())?;
        if !self.data_center.is_empty() {
            write!(f, " {}", self.data_center)?;
        }
        f.write_str(">")
    }
}

fn endpoint(address: SocketAddr) -> String {
    format!("{}:{}", address.ip(), address.port())
}
