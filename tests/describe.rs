//! DESCRIBE as a way to save and restore a schema. What it prints in each form is in the corpus of `parity`.

use crate::parity::corpus::Topic;
use crate::support::node::{self, keyspace};

#[test]
fn a_keyspace_is_made_again_by_its_description_to_the_same_bytes() {
    let node = node::plain();
    let name = keyspace("described");
    let mut script = format!(
        "CREATE KEYSPACE {name} WITH replication = {{'class': 'SimpleStrategy', 'replication_factor': 1}} \
         AND durable_writes = false;\nUSE {name};\n"
    )
    .into_bytes();
    script.extend(Topic::read("describe").setup);
    assert_eq!(node.cqlsh(&[]).stdin(script).run().code(), 0);

    let describe = format!("DESCRIBE KEYSPACE {name}");
    let before = node.cqlsh(&["-e", &describe]).run();
    before.succeeded();
    for kind in ["TYPE", "TABLE", "INDEX", "CUSTOM INDEX", "MATERIALIZED VIEW", "FUNCTION", "AGGREGATE"] {
        assert!(before.stdout.contains(&format!("\nCREATE {kind} ")), "the schema has no {kind}");
    }
    node.cqlsh(&["-e", &format!("DROP KEYSPACE {name}")]).run().printed("");

    let restore = node.cqlsh(&["-f", "saved.cql"]);
    std::fs::write(restore.home().join("saved.cql"), &before.stdout).unwrap();
    let restored = restore.run();
    assert_eq!((restored.code(), restored.stderr.as_str()), (0, ""), "{restored:?}");

    node.cqlsh(&["-e", &describe]).run().printed(&before.stdout);
    node.cqlsh(&["-e", &format!("DROP KEYSPACE {name}")]).run().printed("");
}
