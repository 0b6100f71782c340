//! The nodes that requests in bulk go to, and which of them a request goes to.
//!
//! Nobody who seeks replicas waits for a connection as long as there is one to another node. A node that lately did not answer
//! in time is asked only when there is nobody else. What was surely not sent goes to another node at once; all else is for
//! COPY to decide.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

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

/// Where a request goes. By default to the contact point, and to another node when that is not there or does not answer.
/// Cloning is cheap.
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

    /// To one of these nodes as long as there is a connection to any that answers.
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

    /// Whether it is the contact point that was reached.
    pub(super) fn is_contact(&self, reached: &Reached) -> bool {
        Arc::ptr_eq(&self.contact, &reached.node)
    }

    /// Asks one of the nodes that the route leads to. How many requests are on their way is the caller's business.
    pub(super) async fn ask(
        &self,
        route: &Route,
        request: &Request,
        limit: Duration,
    ) -> Result<(Answer, Reached), QueryError> {
        let begun = Instant::now();
        let left = || limit.saturating_sub(begun.elapsed());
        let mut host = self.contact.host().clone();
        loop {
            let reached = timeout(left(), self.reach(route)).await;
            let reached = reached.map_err(|_| Unanswered::Late).and_then(|reached| reached.ok_or(Unanswered::Unsent));
            let reached = reached.map_err(|why| worded(why, &host))?;
            host.clone_from(reached.host());
            match reached.pipeline.ask(request.clone(), left()).await {
                Ok(answer) => return Ok((answer, reached)),
                // That connection is closed now.
                Err(Unanswered::Unsent) => {}
                Err(why) => return Err(worded(why, &host)),
            }
        }
    }

    /// A node to ask: the best that there is a connection to. The contact point's connection is waited for if that is where
    /// the route leads, or nobody else answers. Replicas are connected to meanwhile.
    async fn reach(&self, route: &Route) -> Option<Reached> {
        for replica in route.replicas.iter().filter(|replica| !replica.is_left_alone()) {
            replica.connect();
        }
        if let Some(replica) = least_busy(&*route.replicas).filter(|replica| !replica.is_overdue()) {
            return Some(replica);
        }
        if !self.contact.is_left_alone() {
            self.contact.connect();
        }
        let best = self.best(route);
        let is_waited_for = match &best {
            Some(best) => self.contact.is_opening() && (best.is_overdue() || route.replicas.is_empty()),
            None => true,
        };
        if is_waited_for && let Some(pipeline) = self.contact.connected().await {
            return Some(Reached { node: Arc::clone(&self.contact), pipeline });
        }
        if is_waited_for { self.best(route) } else { best }
    }

    /// Of the nodes that there is a connection to: a replica, else the contact point, else whoever is there. One that is
    /// overdue only when all are.
    fn best(&self, route: &Route) -> Option<Reached> {
        let others = || if route.only_contact { None } else { least_busy(self.others().values()) };
        let ranked = [least_busy(&*route.replicas), least_busy([&self.contact]), others()];
        // Of equals it is the first.
        ranked.into_iter().flatten().min_by_key(Reached::is_overdue)
    }

    fn others(&self) -> MutexGuard<'_, HashMap<Uuid, Arc<Node>>> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reached {
    /// Asks the same node again.
    pub(super) async fn ask(&self, request: Request, limit: Duration) -> Result<Answer, QueryError> {
        self.pipeline.ask(request, limit).await.map_err(|why| worded(why, self.host()))
    }

    /// Whether the node lately did not answer in time.
    fn is_overdue(&self) -> bool {
        self.pipeline.is_overdue()
    }

    /// The node as errors name it.
    pub(super) fn host(&self) -> &Host {
        self.node.host()
    }
}

/// Of the nodes that there is a connection to, the one that owes the fewest answers; one that is overdue only when all are.
fn least_busy<'n>(nodes: impl IntoIterator<Item = &'n Arc<Node>>) -> Option<Reached> {
    let connected = nodes.into_iter().filter_map(|node| Some((node, node.pipeline()?)));
    let (node, pipeline) = connected.min_by_key(|(_, pipeline)| (pipeline.is_overdue(), pipeline.load()))?;
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

#[cfg(test)]
pub(super) mod tests {
    use tokio::io::DuplexStream;

    use super::super::pipeline::tests::{FOREVER, connected, heard, request};
    use super::*;

    /// A node that there is a connection to, and the other end of it.
    pub(in super::super) fn node(number: u8) -> (Arc<Node>, DuplexStream) {
        let (pipeline, server) = connected();
        (Node::of_test(number, Some(pipeline)), server)
    }

    /// The contact point and the others.
    pub(in super::super) fn nodes<const N: usize>(contact: &Arc<Node>, others: [&Arc<Node>; N]) -> Nodes {
        let others = others.into_iter().zip(1..).map(|(node, id)| (Uuid::from_u128(id), Arc::clone(node)));
        Nodes { options: contact.options().clone(), contact: Arc::clone(contact), others: Mutex::new(others.collect()) }
    }

    /// A request to one of these nodes and no other is not answered in time.
    async fn wait_in_vain(node: &Arc<Node>) {
        let error = nodes(node, []).ask(&Route::contact(), &request("in vain"), Duration::ZERO).await.map(drop);
        assert_eq!(error, Err(errors::client_timeout(node.host())));
    }

    /// The address of who is asked; none if that is not known at once.
    async fn asked(nodes: &Nodes, route: &Route) -> Option<SocketAddr> {
        tokio::select! {
            biased;
            reached = nodes.reach(route) => Some(reached.unwrap().host().address),
            () = std::future::ready(()) => None,
        }
    }

    #[tokio::test]
    async fn a_node_that_let_somebody_wait_in_vain_is_asked_when_there_is_nobody_else() {
        let ((contact, _a), (replica, _b), (other, _c)) = (node(1), node(2), node(3));
        let nodes = nodes(&contact, [&replica, &other]);
        let route = Route::to([Arc::clone(&replica)]);
        for next in [&replica, &contact, &other] {
            assert_eq!(asked(&nodes, &route).await, Some(next.host().address));
            wait_in_vain(next).await;
            assert_eq!(asked(&nodes, &Route::contact()).await, Some(contact.host().address));
        }
        assert_eq!(asked(&nodes, &route).await, Some(replica.host().address));
    }

    #[tokio::test]
    async fn of_replicas_those_are_asked_that_answer() {
        let ((contact, _a), (busy, mut server), (silent, _c)) = (node(1), node(2), node(3));
        let nodes = nodes(&contact, [&busy, &silent]);
        let route = Route::to([Arc::clone(&busy), Arc::clone(&silent)]);
        wait_in_vain(&silent).await;
        let pipeline = busy.pipeline().unwrap();
        let asking = async { tokio::join!(pipeline.ask(request("a"), FOREVER), pipeline.ask(request("b"), FOREVER)) };
        tokio::select! {
            _ = asking => panic!("they were answered"),
            _ = async { (heard(&mut server).await, heard(&mut server).await) } => {}
        }
        assert!(pipeline.load() > silent.pipeline().unwrap().load());
        assert_eq!(asked(&nodes, &route).await, Some(busy.host().address));
    }

    #[tokio::test]
    async fn the_contact_points_connection_is_waited_for_only_by_who_needs_it() {
        let (contact, replica, (other, _server)) = (Node::of_test(1, None), Node::of_test(2, None), node(3));
        let nodes = nodes(&contact, [&replica, &other]);
        let route = Route::to([replica]);
        assert_eq!(asked(&nodes, &route).await, Some(other.host().address));
        assert_eq!(asked(&nodes, &Route::contact()).await, None);
        assert_eq!(asked(&nodes, &Route::default()).await, None);
        wait_in_vain(&other).await;
        assert_eq!(asked(&nodes, &route).await, None, "it may answer");
    }
}
