//! The ring: which node owns which token, and on which nodes a keyspace keeps the rows of a token.
//!
//! Read anew for each question. Replicas are worked out as the server does, from the keyspace's replication. Who asks what
//! of whom is not known here.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use uuid::Uuid;

use super::cells::{self, cell, inet};
use super::{QueryError, Session, collection};
use crate::cql::names::literal;

/// A node, as far as replicas are placed by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    /// What it announces; that of the contact point is where it was reached.
    pub(super) address: IpAddr,
    pub(super) id: Option<Uuid>,
    pub(super) data_center: String,
    rack: String,
}

/// The owner of every token.
#[derive(Debug, Default)]
pub(super) struct Ring {
    /// The contact point, then the others.
    pub(super) nodes: Vec<Node>,
    /// Tokens with the place of their owner in `nodes`.
    pub(super) owners: BTreeMap<i128, usize>,
}

/// How a keyspace's rows are spread. Only full replicas count, as in cqlsh.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Replication {
    /// That many nodes, one after the other along the ring.
    Simple(usize),
    /// So many nodes of each data center, on different racks where that can be.
    NetworkTopology(BTreeMap<String, usize>),
    /// Not by the ring: local, virtual, or a strategy that is not known here.
    Elsewhere,
}

impl Session {
    /// The addresses of the nodes that keep the rows with this token in the keyspace; none when it does not exist, or is
    /// not spread along the ring. A number beyond all tokens counts as such.
    pub async fn replicas(&self, keyspace: &str, token: i128) -> Result<Vec<IpAddr>, QueryError> {
        let (ring, replication) = tokio::join!(self.owners(), self.replication(keyspace));
        Ok(ring?.replicas(token, &replication?))
    }

    /// Every token of the ring, sorted, with the nodes that keep the keyspace's rows up to it; `None` when the keyspace does
    /// not exist, or is not spread along the ring.
    pub async fn ownership(&self, keyspace: &str) -> Result<Option<Vec<(i128, Vec<IpAddr>)>>, QueryError> {
        let (ring, replication) = tokio::join!(self.owners(), self.replication(keyspace));
        let (ring, replication) = (ring?, replication?);
        if replication == Replication::Elsewhere {
            return Ok(None);
        }
        let addresses = |(token, nodes)| (token, ring.addresses(nodes));
        let mut ranges: Vec<_> = ring.backwards(&replication).map(addresses).collect();
        ranges.reverse();
        Ok(Some(ranges))
    }

    /// The ring as the contact point knows it.
    pub(super) async fn owners(&self) -> Result<Ring, QueryError> {
        let local =
            self.rows("SELECT data_center, rack, tokens, host_id FROM system.local WHERE key = 'local'".to_owned());
        let peers =
            self.rows("SELECT data_center, rack, tokens, host_id, rpc_address, peer FROM system.peers".to_owned());
        let (local, peers) = tokio::join!(local, peers);
        let mut ring = Ring::default();
        for page in [local?, peers?] {
            page.for_each_row(|cells| {
                let text = |i| cells::text(cells, i).unwrap_or_default();
                let address = match cells.get(4..6) {
                    None => Some(self.address()),
                    // A node that listens everywhere names no address for clients.
                    Some(_) => inet(cells, 4).filter(|address| !address.is_unspecified()).or_else(|| inet(cells, 5)),
                };
                let tokens = collection::texts(cell(cells, 2).unwrap_or_default());
                let tokens = tokens.ok_or_else(|| QueryError::unreadable("a set of texts is cut short"))?;
                // A peer without an address is not there yet.
                let Some(address) = address else { return Ok(()) };
                let id = cells::uuid(cells, 3);
                ring.add(Node { address, id, data_center: text(0), rack: text(1) }, &tokens)
            })?;
        }
        Ok(ring)
    }

    /// How the keyspace's rows are spread.
    pub(super) async fn replication(&self, keyspace: &str) -> Result<Replication, QueryError> {
        let literal = literal(keyspace);
        let cql = format!("SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = {literal}");
        let mut replication = Replication::Elsewhere;
        self.rows(cql).await?.for_each_row(|cells| {
            let options = collection::texts_by_text(cell(cells, 0).unwrap_or_default());
            let options = options.ok_or_else(|| QueryError::unreadable("a map of texts is cut short"))?;
            replication = Replication::from_options(options);
            Ok::<(), QueryError>(())
        })?;
        Ok(replication)
    }
}

impl Replication {
    fn from_options(options: Vec<(String, String)>) -> Self {
        let mut options: BTreeMap<String, String> = options.into_iter().collect();
        let class = options.remove("class").unwrap_or_default();
        match class.rsplit('.').next() {
            Some("SimpleStrategy") => Self::Simple(options.get("replication_factor").map_or(0, |factor| full(factor))),
            Some("NetworkTopologyStrategy") => Self::NetworkTopology(
                options.into_iter().map(|(data_center, factor)| (data_center, full(&factor))).collect(),
            ),
            _ => Self::Elsewhere,
        }
    }
}

/// The full replicas of a replication factor: `3`, or `3/1` with one of the three transient.
fn full(factor: &str) -> usize {
    let (all, transient) = factor.split_once('/').unwrap_or((factor, "0"));
    let number = |text: &str| text.trim().parse::<usize>().unwrap_or(0);
    number(all).saturating_sub(number(transient))
}

/// Nodes that own tokens and among which replicas are chosen: those of a data center, or all of them.
struct Group {
    /// How many of them are a token's replicas.
    factor: usize,
    /// For each node of the ring, the number of its rack; none for one that is not of this group.
    rack_of: Vec<Option<usize>>,
    racks: usize,
}

impl Group {
    /// Of these nodes with the numbers of their racks.
    fn new(factor: usize, nodes: &[(usize, usize)]) -> Self {
        let mut rack_of = vec![None; nodes.iter().map(|(node, _)| node + 1).max().unwrap_or_default()];
        for (node, rack) in nodes {
            rack_of[*node] = Some(*rack);
        }
        let racks = nodes.iter().map(|(_, rack)| rack).collect::<BTreeSet<_>>().len();
        Self { factor: factor.min(nodes.len()), rack_of, racks }
    }

    /// The replicas of a token from which on the ring has its nodes in this order: the first node of each rack goes before
    /// the second of any.
    fn replicas(&self, along: &[usize]) -> Vec<usize> {
        let (mut replicas, mut passed_over, mut used) = (Vec::new(), Vec::new(), BTreeSet::new());
        for node in along {
            if replicas.len() >= self.factor {
                break;
            }
            let Some(rack) = self.rack_of.get(*node).copied().flatten() else { continue };
            if used.len() < self.racks && used.contains(&rack) {
                passed_over.push(*node);
                continue;
            }
            replicas.push(*node);
            used.insert(rack);
            if used.len() == self.racks {
                replicas.append(&mut passed_over);
            }
        }
        replicas.truncate(self.factor);
        replicas
    }
}

impl Ring {
    fn add(&mut self, node: Node, tokens: &[String]) -> Result<(), QueryError> {
        for token in tokens {
            let token = token.parse().map_err(|_| QueryError::unreadable("a token of the ring is no number"))?;
            self.owners.insert(token, self.nodes.len());
        }
        self.nodes.push(node);
        Ok(())
    }

    /// The owners of the tokens from this one on, once round the ring, each where it comes first.
    fn along(&self, token: i128) -> Vec<usize> {
        let mut seen = BTreeSet::new();
        let owners = self.owners.range(token..).chain(self.owners.range(..token)).map(|(_, owner)| *owner);
        owners.filter(|owner| seen.insert(*owner)).collect()
    }

    /// The nodes among which replicas are chosen, by data center in the order in which their first tokens stand. A node
    /// without tokens is in none.
    fn groups(&self, replication: &Replication) -> Vec<Group> {
        let owners = self.along(i128::MIN);
        match replication {
            Replication::Elsewhere => Vec::new(),
            // The next nodes, whatever their racks: as if each had its own.
            Replication::Simple(factor) => {
                vec![Group::new(*factor, &owners.iter().map(|node| (*node, *node)).collect::<Vec<_>>())]
            }
            Replication::NetworkTopology(factors) => {
                let nodes = owners.iter().filter_map(|number| Some((*number, self.nodes.get(*number)?)));
                let mut seen = BTreeSet::new();
                let data_centers = nodes.clone().map(|(_, node)| &node.data_center).filter(|name| seen.insert(*name));
                let group = |name: &String| {
                    let factor = *factors.get(name)?;
                    let mut racks = BTreeMap::new();
                    let here = nodes.clone().filter(|(_, node)| node.data_center == *name);
                    // A rack goes by the number of its first node.
                    let here = here.map(|(number, node)| (number, *racks.entry(&node.rack).or_insert(number)));
                    Some(Group::new(factor, &here.collect::<Vec<_>>()))
                };
                data_centers.filter_map(group).collect()
            }
        }
    }

    /// The addresses of a token's replicas in all data centers.
    fn replicas(&self, token: i128, replication: &Replication) -> Vec<IpAddr> {
        let along = self.along(token);
        self.addresses(self.groups(replication).iter().flat_map(|group| group.replicas(&along)))
    }

    fn addresses(&self, nodes: impl IntoIterator<Item = usize>) -> Vec<IpAddr> {
        nodes.into_iter().filter_map(|node| Some(self.nodes.get(node)?.address)).collect()
    }

    /// Every token, the last one first, with its replicas in all data centers by their places in `nodes`, in the order along
    /// the ring. A token takes as many steps as there are nodes, and not as tokens.
    pub(super) fn backwards(&self, replication: &Replication) -> impl Iterator<Item = (i128, Vec<usize>)> + '_ {
        let groups = self.groups(replication);
        // Behind the last token the ring begins anew; before each token its owner comes first.
        let mut along = self.along(i128::MIN);
        self.owners.iter().rev().map(move |(token, owner)| {
            if let Some(place) = along.iter().position(|node| node == owner) {
                along[..=place].rotate_right(1);
            }
            (*token, groups.iter().flat_map(|group| group.replicas(&along)).collect())
        })
    }

    /// A ring of nodes with these data centers, racks and tokens.
    #[cfg(test)]
    pub(super) fn of(nodes: &[(&str, &str, &[&str])]) -> Self {
        let mut ring = Self::default();
        for (i, (data_center, rack, tokens)) in nodes.iter().enumerate() {
            let address = IpAddr::from([10, 0, 0, i as u8 + 1]);
            let (data_center, rack) = ((*data_center).to_owned(), (*rack).to_owned());
            let node = Node { address, id: None, data_center, rack };
            ring.add(node, &tokens.iter().map(|&token| token.to_owned()).collect::<Vec<_>>()).unwrap();
        }
        ring
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn replicas(ring: &Ring, token: i128, options: &[(&str, &str)]) -> Vec<u8> {
        let options = options.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect();
        let addresses = ring.replicas(token, &Replication::from_options(options));
        addresses.iter().map(|address| address.to_string().rsplit('.').next().unwrap().parse().unwrap()).collect()
    }

    #[test]
    fn a_token_belongs_to_the_owner_of_the_next_one_and_the_last_range_to_the_first() {
        let ring = Ring::of(&[("a", "1", &["-10", "20"]), ("a", "1", &["0"]), ("a", "1", &["10"])]);
        let simple = |token| replicas(&ring, token, &[("class", "SimpleStrategy"), ("replication_factor", "2")]);
        assert_eq!(simple(-10), [1, 2]);
        assert_eq!(simple(-9), [2, 3]);
        assert_eq!(simple(10), [3, 1]);
        assert_eq!(simple(11), [1, 2]);
        assert_eq!((simple(21), simple(i128::MAX), simple(i128::MIN)), (vec![1, 2], vec![1, 2], vec![1, 2]));
    }

    #[test]
    fn racks_are_filled_before_one_gets_a_second_replica() {
        let ring = Ring::of(&[("a", "1", &["0", "1"]), ("a", "1", &["2"]), ("a", "2", &["3"]), ("b", "1", &["-1"])]);
        let class = ("class", "org.apache.cassandra.locator.NetworkTopologyStrategy");
        assert_eq!(replicas(&ring, 0, &[class, ("a", "2")]), [1, 3]);
        assert_eq!(replicas(&ring, 0, &[class, ("a", "3")]), [1, 3, 2]);
        assert_eq!(replicas(&ring, 0, &[class, ("a", "9"), ("b", "1"), ("c", "1")]), [4, 1, 3, 2]);
        assert_eq!(replicas(&ring, 3, &[class, ("a", "3/1")]), [3, 1]);
        assert!(replicas(&ring, 0, &[class, ("a", "0")]).is_empty());
    }

    #[test]
    fn what_is_not_spread_along_the_ring_has_no_replicas() {
        let ring = Ring::of(&[("a", "1", &["0"])]);
        assert!(replicas(&ring, 0, &[("class", "org.apache.cassandra.locator.LocalStrategy")]).is_empty());
        assert!(replicas(&ring, 0, &[("class", "com.example.Own"), ("replication_factor", "1")]).is_empty());
        assert!(replicas(&ring, 0, &[]).is_empty());
        assert!(replicas(&Ring::default(), 0, &[("class", "SimpleStrategy"), ("replication_factor", "1")]).is_empty());
    }

    #[test]
    fn a_node_without_tokens_is_no_replica_and_its_rack_is_not_waited_for() {
        let ring = Ring::of(&[("a", "1", &["0"]), ("a", "1", &["1"]), ("a", "2", &[]), ("b", "3", &["2"])]);
        assert_eq!(replicas(&ring, 0, &[("class", "NetworkTopologyStrategy"), ("a", "3")]), [1, 2]);
        assert_eq!(replicas(&ring, 1, &[("class", "NetworkTopologyStrategy"), ("a", "2")]), [2, 1]);
        assert_eq!(replicas(&ring, 2, &[("class", "SimpleStrategy"), ("replication_factor", "9")]), [4, 1, 2]);
    }

    proptest! {
        #[test]
        fn all_tokens_at_once_have_the_replicas_that_each_of_them_has(
            owners in proptest::collection::btree_map(-50i128..50, 0usize..9, 0..40),
            factors in (0usize..5, 0usize..5),
            simple: bool,
        ) {
            let places = ["1a", "1a", "2a", "3a", "1b", "1b", "2b", "1c", "1c"];
            let places = places.map(|place| { let (rack, center) = place.split_at(1); (center, rack, &[] as &[&str]) });
            let ring = Ring { owners, ..Ring::of(&places) };
            let of_centers = [("a".to_owned(), factors.0), ("b".to_owned(), factors.1)];
            let topology = Replication::NetworkTopology(of_centers.into());
            let replication = if simple { Replication::Simple(factors.0) } else { topology };
            let mut tokens: Vec<i128> = Vec::new();
            for (token, nodes) in ring.backwards(&replication) {
                prop_assert_eq!(ring.addresses(nodes), ring.replicas(token, &replication));
                tokens.insert(0, token);
            }
            prop_assert!(tokens.iter().eq(ring.owners.keys()));
        }
    }
}
