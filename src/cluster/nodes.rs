//! The nodes that requests in bulk go to, and which of them a request goes to.
//!
//! Nobody waits for a node as long as another can be asked. What was surely not sent goes to another node at once; all else
//! is for COPY to decide.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::timeout;
use uuid::Uuid;

use super::connection::Answer;
use super::errors::{self, Host};
use super::node::Node;
use super::pipeline::{Pipeline, Unanswered};
use super::request::Request;
use super::{ConnectOptions, Consistency, QueryError, Session};

/// The contact point, and the nodes beside it that are known so far.
#[derive(Debug)]
pub(super) struct Nodes {
    options: ConnectOptions,
    contact: Arc<Node>,
    others: Mutex<HashMap<Uuid, Arc<Node>>>,
}

/// Where a request goes. By default to the contact point, and to another node when that is not there. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub struct Route {
    replicas: Arc<[Arc<Node>]>,
    /// Whether the contact point alone can answer.
    only_contact: bool,
}

/// How a request is sent.
#[derive(Debug, Clone)]
pub struct Terms {
    /// To whom.
    pub route: Route,
    /// At which consistency.
    pub consistency: Consistency,
    /// How long its answer is waited for.
    pub timeout: Duration,
}

/// A node with a connection to it.
#[derive(Debug)]
pub(super) struct Reached {
    node: Arc<Node>,
    pipeline: Arc<Pipeline>,
}

impl Route {
    /// To the contact point and nobody else, for what it alone knows.
    pub fn contact() -> Self {
        Self { replicas: Arc::default(), only_contact: true }
    }

    /// Whether there is a connection now to one of the nodes that it names.
    pub(super) fn is_connected(&self) -> bool {
        self.replicas.iter().any(|node| node.pipeline().is_some())
    }

    /// To one of these nodes as long as there is a connection to any.
    pub(super) fn to(replicas: impl IntoIterator<Item = Arc<Node>>) -> Self {
        Self { replicas: replicas.into_iter().collect(), only_contact: false }
    }
}

impl Session {
    /// Whether there is a connection now to a node that the route leads to.
    pub fn is_reachable(&self, route: &Route) -> bool {
        let contact = self.nodes().contact();
        route.replicas.iter().chain([contact]).any(|node| node.pipeline().is_some())
    }
}

impl Nodes {
    /// The contact point alone.
    pub(super) fn new(options: ConnectOptions, contact: Host) -> Self {
        let contact = Arc::new(Node::new(contact, options.clone(), None));
        Self { options, contact, others: Mutex::default() }
    }

    /// The contact point.
    pub(super) fn contact(&self) -> &Arc<Node> {
        &self.contact
    }

    /// The node with this id, which announces this address.
    pub(super) fn node(&self, id: Uuid, address: SocketAddr) -> Arc<Node> {
        let mut others = self.others();
        if let Some(known) = others.get(&id).filter(|known| known.host().address == address) {
            return Arc::clone(known);
        }
        let host = Host { address, ..self.contact.host().clone() };
        let tls = self.options.tls.as_ref().map(|tls| tls.by_address());
        let node = Arc::new(Node::new(host, ConnectOptions { tls, ..self.options.clone() }, Some(id)));
        others.insert(id, Arc::clone(&node));
        node
    }

    /// Asks one of the nodes that the route leads to. How many requests are on their way is the caller's business.
    pub(super) async fn ask(
        &self,
        route: &Route,
        request: &Request,
        limit: Duration,
    ) -> Result<(Answer, Reached), QueryError> {
        let mut host = self.contact.host().clone();
        let asking = async {
            loop {
                let Some(reached) = self.reach(route).await else { return Err(Unanswered::Unsent) };
                host.clone_from(reached.node.host());
                match reached.pipeline.ask(request.clone()).await {
                    Ok(answer) => return Ok((answer, reached)),
                    // That connection is closed now.
                    Err(Unanswered::Unsent) => {}
                    Err(lost) => return Err(lost),
                }
            }
        };
        let asked = timeout(limit, asking).await.unwrap_or(Err(Unanswered::Late));
        asked.map_err(|why| worded(why, &host))
    }

    /// A node to ask: a replica that there is a connection to, else the contact point, else whoever is there. Other replicas
    /// are connected to meanwhile.
    async fn reach(&self, route: &Route) -> Option<Reached> {
        for replica in route.replicas.iter().filter(|replica| !replica.is_left_alone()) {
            replica.connect();
        }
        if let Some(replica) = least_busy(&*route.replicas) {
            return Some(replica);
        }
        let anybody = || if route.only_contact { None } else { least_busy(self.others().values()) };
        if self.contact.is_left_alone()
            && let Some(other) = anybody()
        {
            return Some(other);
        }
        match self.contact.connected().await {
            Some(pipeline) => Some(Reached { node: Arc::clone(&self.contact), pipeline }),
            None => anybody(),
        }
    }

    fn others(&self) -> MutexGuard<'_, HashMap<Uuid, Arc<Node>>> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reached {
    /// Asks the same node again.
    pub(super) async fn ask(&self, request: Request, limit: Duration) -> Result<Answer, QueryError> {
        let answer = timeout(limit, self.pipeline.ask(request)).await.unwrap_or(Err(Unanswered::Late));
        answer.map_err(|why| worded(why, self.host()))
    }

    /// The node as errors name it.
    pub(super) fn host(&self) -> &Host {
        self.node.host()
    }
}

/// Of the nodes that there is a connection to, the one that owes the fewest answers.
fn least_busy<'n>(nodes: impl IntoIterator<Item = &'n Arc<Node>>) -> Option<Reached> {
    let connected = nodes.into_iter().filter_map(|node| Some((node, node.pipeline()?)));
    let (node, pipeline) = connected.min_by_key(|(_, pipeline)| pipeline.load())?;
    Some(Reached { node: Arc::clone(node), pipeline })
}

/// The error as cqlsh words it.
fn worded(why: Unanswered, host: &Host) -> QueryError {
    match why {
        Unanswered::Unsent => errors::no_connection(host, false),
        Unanswered::Lost => errors::connection_lost(),
        Unanswered::Late => errors::client_timeout(host),
    }
}
