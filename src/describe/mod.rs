//! DESCRIBE: the server answers with rows, and they are laid out here as cqlsh lays them out.

use crate::cluster::{Interrupted, Runtime, Session};
use crate::cql::command::DescribeTarget;
use crate::terminal::Terminal;

/// Why a DESCRIBE ended early.
#[derive(Debug, thiserror::Error)]
pub enum DescribeError {
    /// Ctrl-C.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// Stdout or the captured file cannot be written.
    #[error("cannot write the result: {0}")]
    Output(#[from] std::io::Error),
}

/// Runs the DESCRIBE statement as written and prints the answer. The server's refusals are printed as cqlsh prints them
/// and are no `Err`.
pub fn describe(
    _statement: &str,
    _target: DescribeTarget,
    _current_keyspace: Option<&str>,
    _page_size: Option<i32>,
    _session: &Session,
    _runtime: &Runtime,
    _terminal: &mut Terminal,
) -> Result<(), DescribeError> {
    todo!()
}
