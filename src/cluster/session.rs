//! A session with one node, and the requests of the shell: statements as text, a page at a time.

use super::{ConnectError, ConnectOptions, Page, PagingState, QueryError};

/// Consistency levels by their CQL names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the protocol's names")]
pub enum Consistency {
    Any,
    One,
    Two,
    Three,
    Quorum,
    All,
    LocalQuorum,
    EachQuorum,
    Serial,
    LocalSerial,
    LocalOne,
}

/// Serial consistency levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the protocol's names")]
pub enum SerialConsistency {
    Serial,
    LocalSerial,
}

/// One statement as text, and how to run it.
#[derive(Debug, Clone)]
pub struct Request {
    /// The statement.
    pub cql: String,
    /// Consistency; cqlsh's default is ONE.
    pub consistency: Consistency,
    /// Serial consistency of conditional statements.
    pub serial_consistency: SerialConsistency,
    /// Rows a page; `None` asks for all rows in one answer.
    pub page_size: Option<i32>,
    /// Where to go on, for pages after the first.
    pub paging_state: Option<PagingState>,
    /// Whether the server traces it.
    pub tracing: bool,
}

/// What `system.local` says of the node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerInfo {
    /// `cluster_name`.
    pub cluster_name: String,
    /// `release_version`.
    pub release_version: String,
    /// `cql_version`.
    pub cql_version: String,
    /// `partitioner`, the class name.
    pub partitioner: String,
    /// `data_center`.
    pub data_center: String,
}

/// A session with one node. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Session {}

impl Session {
    /// Connects, logs in, reads [`ServerInfo`], and uses the keyspace if one is given.
    pub async fn connect(_options: ConnectOptions) -> Result<Self, ConnectError> {
        todo!()
    }

    /// The node.
    pub fn server(&self) -> &ServerInfo {
        todo!()
    }

    /// How this session was made.
    pub fn options(&self) -> &ConnectOptions {
        todo!()
    }

    /// Asks for one page.
    pub async fn query(&self, _request: Request) -> Result<Page, QueryError> {
        todo!()
    }

    /// Whether all nodes agree on the schema (asked after DDL; cqlsh warns when they do not within five seconds).
    pub async fn schema_agrees(&self) -> bool {
        todo!()
    }
}
