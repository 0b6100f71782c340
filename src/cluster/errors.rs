//! What goes wrong, in cqlsh's words: `Display` is the line that a user sees.

/// Why no session could be made. `Display` is what follows `Connection error: ` in cqlsh.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct ConnectError(pub String);

/// Why a request failed. `Display` is cqlsh's line, e.g.
/// `InvalidRequest: Error from server: code=2200 [Invalid query] message="…"`.
#[derive(Debug, Clone, thiserror::Error)]
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
    /// The connection is gone.
    Connection,
    /// The client gave up waiting.
    Timeout,
    /// The answer holds something the driver cannot read.
    Unreadable,
}
