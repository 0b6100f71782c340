//! SHOW REPLICAS against what the servers themselves say of who keeps what.

use std::collections::BTreeMap;

use cqlsh::sandbox::{Builder, Version};

use crate::support::node::{self, Node};

/// The replicas of the ranges that end at each token, as `DESCRIBE CLUSTER` has them from the server.
fn servers_word(node: &Node, keyspace: &str) -> BTreeMap<i64, Vec<String>> {
    let ran = node.cqlsh(&["-k", keyspace, "-e", "DESCRIBE CLUSTER"]).run();
    let ranges = ran.succeeded().stdout.lines().filter_map(|line| line.trim().strip_suffix(']')?.split_once(" ["));
    ranges
        .map(|(token, replicas)| {
            let replicas = replicas.split(", ").map(|place| place.split(':').next().unwrap().trim_start_matches('/'));
            (token.trim().parse().unwrap(), replicas.map(str::to_owned).collect())
        })
        .collect()
}

#[test]
fn replicas_are_those_of_the_server() {
    let own = node::own(&Builder { nodes: 2, ..node::builder(Version::V5_0) });
    let node = &own.node;
    let strategies = [
        ("simple_1", "'class': 'SimpleStrategy', 'replication_factor': 1"),
        ("simple_2", "'class': 'SimpleStrategy', 'replication_factor': 2"),
        ("network_1", "'class': 'NetworkTopologyStrategy', 'datacenter1': 1"),
        ("network_2", "'class': 'NetworkTopologyStrategy', 'datacenter1': 2"),
    ];
    for (keyspace, replication) in strategies {
        let create = format!("CREATE KEYSPACE {keyspace} WITH replication = {{{replication}}}");
        node.cqlsh(&["-e", &create]).run().succeeded();
        let expected = servers_word(node, keyspace);
        assert_eq!(expected.len(), 32, "two nodes of 16 tokens: {expected:?}");
        // A token belongs to the range that ends there, the one after it to the next.
        let ends: Vec<i64> = expected.keys().copied().collect();
        let mut asked = String::new();
        let mut lines = String::new();
        for (i, end) in ends.iter().enumerate() {
            for (token, owner) in [(*end, *end), (end.saturating_add(1), ends[(i + 1) % ends.len()])] {
                asked.push_str(&format!("SHOW REPLICAS {token} {keyspace}\n"));
                let replicas: Vec<String> = expected[&owner].iter().map(|host| format!("'{host}'")).collect();
                lines.push_str(&format!("[{}]\n", replicas.join(", ")));
            }
        }
        node.cqlsh(&[]).stdin(asked).run().printed(&lines);
    }
}
