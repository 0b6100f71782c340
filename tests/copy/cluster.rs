//! Three nodes: rows whose replicas are on other nodes than the one that is asked come and go like any others.

use std::fs;

use cqlsh::sandbox::{Builder, Version};

use super::bytes::{Row, int, text};
use super::place::{Place, assert_same};
use crate::support::node;

const ROWS: i32 = 30_000;

#[test]
fn rows_of_three_nodes_come_back_with_every_replication() {
    let own = node::own(&Builder { nodes: 3, ..node::builder(Version::V5_0) });
    let place = Place::on(&own.node, "CONSISTENCY");
    let lines: Vec<String> = (0..ROWS).map(|k| format!("{k},value {k}\r\n")).collect();
    place.write("in.csv", lines.concat());
    let mut expected: Vec<Row> = (0..ROWS).map(|k| vec![int(k), text(&format!("value {k}"))]).collect();
    expected.sort();
    for (replication, consistency) in [(1, "ONE"), (2, "ALL"), (3, "QUORUM")] {
        let (keyspace, class) = (&place.keyspace, "SimpleStrategy");
        let alter = format!(
            "DROP TABLE IF EXISTS t; ALTER KEYSPACE {keyspace} WITH replication = \
             {{'class': '{class}', 'replication_factor': {replication}}}; \
             CREATE TABLE t (k int PRIMARY KEY, v text);"
        );
        place.run(&alter).succeeded();
        let copied = place.run(&format!("CONSISTENCY {consistency}; COPY t FROM 'in.csv'; COPY t TO 'out.csv';"));
        assert!(copied.code() == 0 && copied.stderr.is_empty(), "{copied:?}");
        let mut found: Vec<String> =
            fs::read_to_string(place.path("out.csv")).unwrap().split_inclusive('\n').map(str::to_owned).collect();
        let mut wanted = lines.clone();
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted, "replication {replication}");
        assert_same(&expected, &place.cells("t"), &format!("replication {replication}"));
    }
}
