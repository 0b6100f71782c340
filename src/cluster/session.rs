//! A session with one node, and the requests of the shell: statements as text, a page at a time.
//!
//! Knows nothing of what statements mean. Nothing that may have been done is tried twice: what is worth another attempt is
//! decided by who asked.

use std::fmt;
use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use scylla::client::session::Session as Driver;
use scylla::errors::ExecutionError;
use scylla::response::PagingStateResponse;
use scylla::statement::Statement;
use tokio::time::timeout;
use uuid::Uuid;

use super::agreement::LastSchema;
use super::errors::{self, Host};
use super::nodes::Nodes;
use super::{ConnectError, ConnectOptions, Page, PagingState, QueryError, QueryErrorKind, cells, contact, custom};

/// Consistency levels by their CQL names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    driver: Driver,
    server: ServerInfo,
    options: ConnectOptions,
    host: Host,
    has_other_addresses: bool,
    /// Whether the node was there the last time it was asked.
    connected: AtomicBool,
    schema: LastSchema,
    reserve: custom::Reserve,
    nodes: Nodes,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("host", &self.0.host).field("server", &self.0.server).finish_non_exhaustive()
    }
}

impl Session {
    /// Connects, logs in, reads [`ServerInfo`], and uses the keyspace if one is given.
    pub async fn connect(options: ConnectOptions) -> Result<Self, ConnectError> {
        let contact = contact::connect(&options).await?;
        let host = Host { address: contact.address, data_center: String::new() };
        let start = async { tokio::join!(local_node(&contact.driver, &host), use_keyspace(&contact.driver, &options)) };
        let (local, keyspace) = timeout(options.connect_timeout, start)
            .await
            .map_err(|_| errors::unreachable(&[(host.address, errors::timed_out(options.connect_timeout))]))?;
        let LocalNode { server, host_id, schema } =
            local.map_err(|error| errors::unreachable(&[(host.address, errors::refused_request(&error))]))?;
        errors::unmet_version(&options, &server, host.address).map_or(Ok(()), Err)?;
        keyspace.map_err(|keyspace| errors::no_keyspace(keyspace, &host))?;
        if let Some(host_id) = host_id {
            contact.identify(host_id).await;
        }
        let host = Host { data_center: server.data_center.clone(), ..host };
        let connected = AtomicBool::new(true);
        let reserve = custom::Reserve::new(options.clone(), host.clone());
        let nodes = Nodes::new(options.clone(), host.clone());
        let schema = LastSchema::new(schema);
        let (driver, has_other_addresses) = (contact.driver, contact.has_others);
        Ok(Self(Arc::new(Inner {
            driver,
            server,
            options,
            host,
            has_other_addresses,
            connected,
            schema,
            reserve,
            nodes,
        })))
    }

    /// The node.
    pub fn server(&self) -> &ServerInfo {
        &self.0.server
    }

    /// Where the node was reached.
    pub fn address(&self) -> IpAddr {
        self.0.host.address.ip()
    }

    /// Whether there is a connection now. One that was lost is tried again in the background.
    pub fn is_connected(&self) -> bool {
        self.0.driver.get_cluster_state().get_nodes_info().iter().any(|node| node.is_connected())
    }

    /// Whether the host has addresses beside the one that it was reached at.
    pub fn has_other_addresses(&self) -> bool {
        self.0.has_other_addresses
    }

    /// How this session was made.
    pub fn options(&self) -> &ConnectOptions {
        &self.0.options
    }

    /// Asks for one page, in the time of one request.
    pub async fn query(&self, request: Request) -> Result<Page, QueryError> {
        self.query_within(self.0.options.request_timeout, request).await
    }

    /// Asks for one page, and waits this long for it.
    pub async fn query_within(&self, limit: Duration, request: Request) -> Result<Page, QueryError> {
        if !request.paging_state.as_ref().is_some_and(|state| state.custom) {
            match self.query_by_driver(limit, request.clone()).await {
                Ok(page) if custom::may_be_misread(page.columns()) => {}
                Err(error) if error.kind == QueryErrorKind::UnknownTypes => {}
                answer => return answer,
            }
        }
        let keyspace = self.driver().get_keyspace();
        self.reserve().query(&request, keyspace.as_ref().map(|name| name.as_str()), limit).await
    }

    async fn query_by_driver(&self, limit: Duration, request: Request) -> Result<Page, QueryError> {
        let mut statement = Statement::new(request.cql);
        statement.set_consistency(request.consistency.into());
        statement.set_serial_consistency(Some(request.serial_consistency.into()));
        statement.set_tracing(request.tracing);
        let (result, next) = match request.page_size {
            Some(rows) => {
                statement.set_page_size(rows.max(1));
                let start = request.paging_state.map(|state| state.state).unwrap_or_default();
                self.ask(limit, self.driver().query_single_page(statement, (), start)).await?
            }
            None => {
                let result = self.ask(limit, self.driver().query_unpaged(statement, ())).await?;
                (result, PagingStateResponse::NoMorePages)
            }
        };
        Ok(Page::new(result, next))
    }

    /// The driver's session, for the requests that other files of this room make.
    pub(super) fn driver(&self) -> &Driver {
        &self.0.driver
    }

    /// The schema that the node had when it was last looked at.
    pub(super) fn last_schema(&self) -> &LastSchema {
        &self.0.schema
    }

    /// The connection for answers that the driver does not understand.
    pub(super) fn reserve(&self) -> &custom::Reserve {
        &self.0.reserve
    }

    /// Who is asked in bulk.
    pub(super) fn nodes(&self) -> &Nodes {
        &self.0.nodes
    }

    /// Waits for an answer, with a limit, and words its errors.
    pub(super) async fn ask<T>(
        &self,
        limit: Duration,
        request: impl Future<Output = Result<T, ExecutionError>>,
    ) -> Result<T, QueryError> {
        let inner = &self.0;
        match timeout(limit, request).await {
            Ok(Ok(answer)) => {
                inner.connected.store(true, Ordering::Relaxed);
                Ok(answer)
            }
            Ok(Err(error)) => {
                let error = errors::execution(error, &inner.host, inner.connected.load(Ordering::Relaxed));
                let connected = !error.is_disconnected();
                inner.connected.store(connected, Ordering::Relaxed);
                Err(error)
            }
            Err(_) => Err(errors::client_timeout(&inner.host)),
        }
    }
}

/// What the node says of itself.
struct LocalNode {
    server: ServerInfo,
    host_id: Option<Uuid>,
    /// The version of its schema.
    schema: Option<Uuid>,
}

async fn local_node(driver: &Driver, host: &Host) -> Result<LocalNode, QueryError> {
    const CQL: &str = "SELECT cluster_name, release_version, cql_version, partitioner, data_center, host_id, \
                       schema_version FROM system.local WHERE key = 'local'";
    let result = driver.query_unpaged(CQL, ()).await.map_err(|error| errors::execution(error, host, true))?;
    let mut found = None;
    Page::new(result, PagingStateResponse::NoMorePages).for_each_row(|cells| {
        let text = |i| cells::text(cells, i).unwrap_or_default();
        let server = ServerInfo {
            cluster_name: text(0),
            release_version: text(1),
            cql_version: text(2),
            partitioner: text(3),
            data_center: text(4),
        };
        found = Some(LocalNode { server, host_id: cells::uuid(cells, 5), schema: cells::uuid(cells, 6) });
        Ok::<(), QueryError>(())
    })?;
    found.ok_or_else(|| QueryError::unreadable("the node says nothing of itself"))
}

/// Uses the keyspace asked for; its name if that fails.
async fn use_keyspace<'a>(driver: &Driver, options: &'a ConnectOptions) -> Result<(), &'a str> {
    match &options.keyspace {
        Some(keyspace) => driver.use_keyspace(keyspace, true).await.map_err(|_| keyspace.as_str()),
        None => Ok(()),
    }
}
