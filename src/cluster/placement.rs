//! To which nodes requests about a keyspace's rows go: those that keep them, in the contact point's data center.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::sync::Arc;

use uuid::Uuid;

use super::node::Node;
use super::nodes::Route;
use super::ring::{self, Replication, Ring};
use super::{QueryError, Session};

/// Tokens whose replicas are worked out before other work on the network gets its turn.
const AT_A_TIME: usize = 1024;

/// The ring of a keyspace in stretches: ranges that follow each other and have the same replicas count as one.
#[derive(Debug, Clone, Default)]
pub struct Placement {
    /// The last token of each stretch, in order; none where there is only one.
    ends: Vec<i64>,
    /// For each stretch its first replica, by its place in `nodes`.
    firsts: Vec<usize>,
    /// For each stretch the way to its replicas.
    replicas: Vec<Route>,
    /// The way to each node that keeps rows.
    nodes: Vec<Route>,
}

/// Where rows are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On the replicas of a stretch, which is named by its number.
    Stretch(usize),
    /// On one node at least, by its number.
    Node(usize),
}

impl Placement {
    /// All rows in one place.
    fn whole(route: Route) -> Self {
        Self { replicas: vec![route.clone()], nodes: vec![route], ..Self::default() }
    }

    /// The last token of each stretch, in order. What lies behind them all belongs to the first stretch.
    pub fn ends(&self) -> &[i64] {
        &self.ends
    }

    /// The stretch of a token.
    pub fn stretch(&self, token: i64) -> usize {
        let number = self.ends.partition_point(|end| *end < token);
        if number < self.ends.len() { number } else { 0 }
    }

    /// How many stretches there are.
    pub fn stretches(&self) -> usize {
        self.ends.len().max(1)
    }

    /// How many nodes share the requests now: those that keep rows and are connected. Without any it is one, which stands in.
    pub fn connected(&self) -> usize {
        self.nodes.iter().filter(|way| way.is_connected()).count().max(1)
    }

    /// The node that has all rows of the stretch, and of others as well.
    pub fn first_replica(&self, stretch: usize) -> usize {
        self.firsts.get(stretch).copied().unwrap_or_default()
    }

    /// The way to rows that are kept there.
    pub fn route(&self, place: Place) -> Route {
        let route = match place {
            Place::Stretch(number) => self.replicas.get(number),
            Place::Node(number) => self.nodes.get(number),
        };
        route.cloned().unwrap_or_default()
    }

    /// Stretches that end at these tokens, with their first replicas, which no way leads to.
    #[cfg(test)]
    pub(crate) fn of(stretches: &[(i64, usize)]) -> Self {
        let (ends, firsts) = stretches.iter().copied().unzip();
        Self { ends, firsts, ..Self::default() }
    }
}

impl Session {
    /// Where the keyspace's rows are kept. The nodes that keep them and are not connected to yet are from now on, in the
    /// background. Rows that are not spread along the ring are the contact point's own, as far as this program can tell.
    pub async fn placement(&self, keyspace: &str) -> Result<Placement, QueryError> {
        if !self.server().partitioner.ends_with("Murmur3Partitioner") {
            return Ok(Placement::whole(Route::default()));
        }
        let (ring, replication) = tokio::join!(self.owners(), self.replication(keyspace));
        let (ring, replication) = (ring?, replication?);
        if replication == Replication::Elsewhere {
            return Ok(Placement::whole(Route::contact()));
        }
        if ring.nodes.len() == 1 {
            return Ok(Placement::whole(Route::default()));
        }
        let stretches = stretches(&ring, &replication, &self.server().data_center).await?;
        let nodes = self.ways(&ring, &keeping(&stretches)).await;
        let route = |replicas: &[usize]| Route::to(replicas.iter().filter_map(|number| nodes.get(*number)?.clone()));
        let mut known: HashMap<Vec<usize>, Route> = HashMap::new();
        let mut placement =
            Placement { nodes: (0..nodes.len()).map(|number| route(&[number])).collect(), ..Placement::default() };
        for (end, mut replicas) in stretches {
            placement.ends.push(end);
            placement.firsts.push(replicas.first().copied().unwrap_or_default());
            replicas.sort_unstable();
            let route = known.entry(replicas).or_insert_with_key(|replicas| route(replicas));
            placement.replicas.push(route.clone());
        }
        if placement.ends.len() == 1 {
            placement.ends.clear();
        }
        Ok(placement)
    }

    /// The nodes of the ring, as they are asked; none for one that is not among those wanted, or tells too little of itself.
    async fn ways(&self, ring: &Ring, wanted: &BTreeSet<usize>) -> Vec<Option<Arc<Node>>> {
        let ports = self.native_ports().await;
        let way = |(number, node): (usize, &ring::Node)| {
            if !wanted.contains(&number) {
                return None;
            }
            if number == 0 {
                return Some(Arc::clone(self.nodes().contact()));
            }
            let id = node.id?;
            let port = ports.get(&id).copied().unwrap_or(self.options().port);
            let way = self.nodes().node(id, SocketAddr::new(node.address, port));
            way.connect();
            Some(way)
        };
        ring.nodes.iter().enumerate().map(way).collect()
    }

    /// The ports that nodes announce, by their ids; since 4.0 they do.
    async fn native_ports(&self) -> HashMap<Uuid, u16> {
        let mut ports = HashMap::new();
        let Ok(page) = self.rows("SELECT host_id, native_port FROM system.peers_v2".to_owned()).await else {
            return ports;
        };
        let _ = page.for_each_row(|cells| {
            if let [Some(id), Some([0, 0, high, low])] = cells
                && let Ok(id) = Uuid::from_slice(id)
            {
                ports.insert(id, u16::from_be_bytes([*high, *low]));
            }
            Ok::<(), QueryError>(())
        });
        ports
    }
}

/// The last tokens of the ring's stretches, with their replicas in the data center. Other work goes on meanwhile.
async fn stretches(
    ring: &Ring,
    replication: &Replication,
    data_center: &str,
) -> Result<Vec<(i64, Vec<usize>)>, QueryError> {
    let is_near = |number: &usize| ring.nodes.get(*number).is_some_and(|node| node.data_center == data_center);
    let mut stretches: Vec<(i64, Vec<usize>)> = Vec::new();
    for (number, (token, mut replicas)) in ring.backwards(replication).enumerate() {
        if number % AT_A_TIME == AT_A_TIME - 1 {
            tokio::task::yield_now().await;
        }
        replicas.retain(is_near);
        let token =
            i64::try_from(token).map_err(|_| QueryError::unreadable("a token of the ring is not one of Murmur3"))?;
        match stretches.last_mut() {
            Some((_, known)) if same(known, &replicas) => *known = replicas,
            _ => stretches.push((token, replicas)),
        }
    }
    stretches.reverse();
    Ok(stretches)
}

/// The nodes that occur in some stretch.
fn keeping(stretches: &[(i64, Vec<usize>)]) -> BTreeSet<usize> {
    stretches.iter().flat_map(|(_, replicas)| replicas).copied().collect()
}

/// Whether they are the same nodes in whatever order.
fn same(some: &[usize], others: &[usize]) -> bool {
    some.len() == others.len() && some.iter().all(|node| others.contains(node))
}

#[cfg(test)]
mod tests {
    use std::future::{Future as _, poll_fn};
    use std::pin::pin;
    use std::task::Poll;

    use super::*;

    fn topology(factors: &[(&str, usize)]) -> Replication {
        Replication::NetworkTopology(factors.iter().map(|&(name, factor)| (name.to_owned(), factor)).collect())
    }

    #[tokio::test]
    async fn tokens_that_follow_each_other_with_the_same_replicas_are_one_stretch() {
        let ring = Ring::of(&[("a", "1", &["0", "10", "40"]), ("a", "1", &["20"]), ("b", "1", &["15", "30"])]);
        let found = stretches(&ring, &topology(&[("a", 1), ("b", 1)]), "a").await.unwrap();
        assert_eq!(found, [(10, vec![0]), (20, vec![1]), (40, vec![0])]);
        let found = stretches(&ring, &topology(&[("a", 2)]), "a").await.unwrap();
        assert_eq!(found, [(40, vec![0, 1])]);
        let found = stretches(&ring, &Replication::Simple(1), "b").await.unwrap();
        assert_eq!(found, [(10, vec![]), (15, vec![2]), (20, vec![]), (30, vec![2]), (40, vec![])]);
    }

    #[tokio::test]
    async fn only_nodes_that_keep_rows_here_are_wanted() {
        let ring = Ring::of(&[("a", "1", &["0"]), ("a", "1", &[]), ("b", "1", &["10"]), ("b", "1", &["20"])]);
        let wanted = async |replication, near| keeping(&stretches(&ring, &replication, near).await.unwrap());
        assert_eq!(wanted(topology(&[("a", 3), ("b", 1)]), "a").await, BTreeSet::from([0]));
        assert_eq!(wanted(topology(&[("b", 1)]), "a").await, BTreeSet::new());
        assert_eq!(wanted(topology(&[("b", 1)]), "b").await, BTreeSet::from([2, 3]));
        assert_eq!(wanted(Replication::Simple(1), "b").await, BTreeSet::from([2, 3]));
    }

    #[tokio::test]
    async fn other_work_goes_on_while_a_ring_of_many_tokens_is_gone_through() {
        let ring =
            Ring { owners: (0..AT_A_TIME as i128).map(|token| (token, 0)).collect(), ..Ring::of(&[("a", "1", &[])]) };
        let replication = Replication::Simple(1);
        let mut work = pin!(stretches(&ring, &replication, "a"));
        let first = poll_fn(|context| Poll::Ready(work.as_mut().poll(context).is_pending()));
        assert!(first.await);
        assert_eq!(work.await.unwrap(), [(AT_A_TIME as i64 - 1, vec![0])]);
    }
}
