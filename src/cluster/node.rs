//! One node, and the connection to it that requests in bulk share.
//!
//! A connection is made in the background, so that nobody has to wait for a node that others can stand in for.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use scylla_cql::frame::request::query::{Query, QueryParameters};
use tokio::sync::watch;
use tokio::time::timeout;
use uuid::Uuid;

use super::connection::Connection;
use super::errors::Host;
use super::pipeline::Pipeline;
use super::{ConnectOptions, QueryError, cells, custom};

/// How long a node that could not be reached is left alone, as long as others are there.
const LEFT_ALONE: Duration = Duration::from_secs(10);

/// A node of the cluster.
pub(super) struct Node {
    host: Host,
    options: ConnectOptions,
    /// Who it has to be; whoever answers at the contact point's address is the right one.
    id: Option<Uuid>,
    link: watch::Sender<Link>,
}

/// What there is of a connection.
#[derive(Debug, Clone, Default)]
enum Link {
    /// It was never asked for.
    #[default]
    Unused,
    /// It is being made.
    Opening,
    /// It was made, and may have ended since.
    Open(Arc<Pipeline>),
    /// It could not be made then.
    Failed(Instant),
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node").field("host", &self.host).field("id", &self.id).finish_non_exhaustive()
    }
}

impl Node {
    /// Nothing is connected yet. With an id, a connection to any other node is none.
    pub(super) fn new(host: Host, options: ConnectOptions, id: Option<Uuid>) -> Self {
        Self { host, options, id, link: watch::Sender::default() }
    }

    /// The node as errors name it.
    pub(super) fn host(&self) -> &Host {
        &self.host
    }

    /// The connection, if there is one now.
    pub(super) fn pipeline(&self) -> Option<Arc<Pipeline>> {
        match &*self.link.borrow() {
            Link::Open(pipeline) if pipeline.is_open() => Some(Arc::clone(pipeline)),
            _ => None,
        }
    }

    /// Whether it could not be reached, and that not long ago.
    pub(super) fn is_left_alone(&self) -> bool {
        matches!(&*self.link.borrow(), Link::Failed(at) if at.elapsed() < LEFT_ALONE)
    }

    /// Whether a connection is on its way.
    pub(super) fn is_opening(&self) -> bool {
        matches!(&*self.link.borrow(), Link::Opening)
    }

    /// Begins to connect, unless there is a connection or it is on its way. To be called on a runtime.
    pub(super) fn connect(self: &Arc<Self>) {
        let begins = self.link.send_if_modified(|link| {
            let begins = match link {
                Link::Unused | Link::Failed(_) => true,
                Link::Opening => false,
                Link::Open(pipeline) => !pipeline.is_open(),
            };
            if begins {
                *link = Link::Opening;
            }
            begins
        });
        if begins {
            let node = Arc::clone(self);
            tokio::spawn(async move {
                let link = match node.open().await {
                    Ok(pipeline) => Link::Open(Arc::new(pipeline)),
                    Err(_) => Link::Failed(Instant::now()),
                };
                node.link.send_replace(link);
            });
        }
    }

    /// The connection, which is made if there is none; none when it cannot be made.
    pub(super) async fn connected(self: &Arc<Self>) -> Option<Arc<Pipeline>> {
        if let Some(pipeline) = self.pipeline() {
            return Some(pipeline);
        }
        self.connect();
        let mut link = self.link.subscribe();
        let link = link.wait_for(|link| !matches!(link, Link::Opening)).await.ok()?;
        if let Link::Open(pipeline) = &*link { Some(Arc::clone(pipeline)) } else { None }
    }

    async fn open(&self) -> Result<Pipeline, QueryError> {
        let mut connection = Connection::open(&self.options, &self.host).await?;
        // Behind a port map, an address that a node announces may be another node's, or lead to another cluster.
        if self.id.is_some() {
            let id = timeout(self.options.connect_timeout, self.host_id(&mut connection)).await;
            if id.unwrap_or(Ok(None))? != self.id {
                return Err(QueryError::unreadable("it is another node's"));
            }
        }
        Ok(Pipeline::on(connection))
    }

    /// Who answers there.
    async fn host_id(&self, connection: &mut Connection) -> Result<Option<Uuid>, QueryError> {
        let contents = "SELECT host_id FROM system.local WHERE key = 'local'".into();
        let query = Query { contents, parameters: QueryParameters::default() };
        let mut id = None;
        custom::page(connection.result(&query, false, &self.host).await?)?.for_each_row(|cells| {
            id = cells::uuid(cells, 0);
            Ok::<(), QueryError>(())
        })?;
        Ok(id)
    }
}

#[cfg(test)]
impl Node {
    /// A node at an address that ends in this number, with that connection, or with one that stays on its way.
    pub(super) fn of_test(number: u8, pipeline: Option<Pipeline>) -> Arc<Self> {
        let host = Host { address: ([192, 0, 2, number], 9042).into(), data_center: String::new() };
        let options = ConnectOptions {
            host: String::new(),
            port: 9042,
            credentials: None,
            tls: None,
            compression: None,
            keyspace: None,
            connect_timeout: Duration::MAX,
            request_timeout: Duration::MAX,
            cql_version: None,
            protocol_version: None,
        };
        let node = Self::new(host, options, None);
        node.link.send_replace(pipeline.map_or(Link::Opening, |pipeline| Link::Open(Arc::new(pipeline))));
        Arc::new(node)
    }

    /// How its connections are made.
    pub(super) fn options(&self) -> &ConnectOptions {
        &self.options
    }
}
