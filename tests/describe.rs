//! DESCRIBE as a way to save and restore a schema, on every release, and DESCRIBE on 3.11, which Apache cqlsh refuses. What
//! that prints for each form is in the corpus of `parity`.

use cqlsh::sandbox::Version;

use crate::support::node::{self, Node, keyspace};

/// A schema with everything that all releases have.
const SCHEMA: &str = include_str!("describe/schema.cql");
const FORMS: &str = include_str!("describe/forms.cql");
const FORMS_WITHOUT_KEYSPACE: &str = include_str!("describe/without_keyspace.cql");

/// Changes of the schema take long on a busy machine.
const TIMEOUT: &str = "--request-timeout=120";

const REPLICATION: &str = "WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";

/// What is described wrongly, and statements that make it.
const FAULTS: [(&str, &str); 3] = [
    ("a compact table is told inside a comment", "CREATE TABLE t (k int PRIMARY KEY, v int) WITH COMPACT STORAGE;"),
    (
        "a body with dollars stands between dollars",
        "CREATE FUNCTION f (a text) RETURNS NULL ON NULL INPUT RETURNS text LANGUAGE java AS 'return a + \"$$\";';",
    ),
    (
        "names of fields in a first state cannot be read back",
        "CREATE TYPE u (a int, \"A b\" int); \
         CREATE FUNCTION f (s u, x int) CALLED ON NULL INPUT RETURNS u LANGUAGE java AS 'return s;'; \
         CREATE AGGREGATE a (int) SFUNC f STYPE u INITCOND {a: 1};",
    ),
];

/// Options that 3.11 and 4.0 do not share, or give other values.
const OPTIONS_OF_A_RELEASE: [&str; 7] = [
    "additional_write_policy",
    "compaction",
    "compression",
    "dclocal_read_repair_chance",
    "read_repair",
    "read_repair_chance",
    "speculative_retry",
];

#[test]
fn cassandra_3_11_is_saved_and_restored_and_describes_itself_like_4_0() {
    let old = node::own(&node::builder(Version::V3_11));
    run(&old.node, SCHEMA);
    let described = described(&old.node);
    run(&old.node, include_str!("describe/3.11.cql"));
    is_restored(&old.node, "DESCRIBE KEYSPACE kept");
    is_restored(&old.node, "DESCRIBE KEYSPACE kept WITH INTERNALS");
    drop(old);

    let new = node::own(&node::builder(Version::V4_0));
    run(&new.node, SCHEMA);
    assert_eq!(described, self::described(&new.node));
    run(&new.node, include_str!("describe/4.0.cql"));
    is_restored(&new.node, "DESCRIBE KEYSPACE kept");
    faults_are_still_there(&new.node);
}

#[test]
fn cassandra_4_1_is_saved_and_restored() {
    let own = node::own(&node::builder(Version::V4_1));
    run(&own.node, &[SCHEMA, include_str!("describe/4.0.cql")].concat());
    is_restored(&own.node, "DESCRIBE SCHEMA");
    faults_are_still_there(&own.node);
}

#[test]
fn cassandra_5_0_is_saved_and_restored() {
    let node = node::plain();
    run(node, &[SCHEMA, include_str!("describe/4.0.cql"), include_str!("describe/5.0.cql")].concat());
    is_restored(node, "DESCRIBE KEYSPACE kept");
    faults_are_still_there(node);
}

/// What every form of DESCRIBE says of the schema that all releases have, without options that differ.
fn described(node: &Node) -> Vec<String> {
    let described = [FORMS, FORMS_WITHOUT_KEYSPACE].map(|forms| {
        let ran = node.cqlsh(&[]).stdin(forms).run();
        assert_eq!(ran.code(), 2, "{ran:?}");
        // All tables have a first property, so that it does not matter which one it is.
        let stdout = ran.stdout.replace(" WITH additional_write_policy = '99p'\n    AND ", " WITH ");
        let of_a_release = |line: &&str| {
            let option = line.strip_prefix("    AND ").and_then(|property| property.split_once(" = "));
            option.is_some_and(|(option, _)| OPTIONS_OF_A_RELEASE.contains(&option))
        };
        let lines: Vec<_> = stdout.lines().filter(|line| !of_a_release(line)).collect();
        [lines.join("\n"), ran.stderr]
    });
    described.into_iter().flatten().collect()
}

/// Fails unless the schema's description makes it again, to the same bytes.
fn is_restored(node: &Node, describe: &str) {
    let saved = node.cqlsh(&["-e", describe]).run();
    saved.succeeded();
    for kind in ["TYPE", "FUNCTION", "AGGREGATE", "TABLE", "INDEX", "CUSTOM INDEX", "MATERIALIZED VIEW"] {
        assert!(saved.stdout.contains(&format!("\nCREATE {kind} ")), "the schema has no {kind}");
    }
    run(node, "DROP KEYSPACE kept;");
    run(node, &saved.stdout);
    node.cqlsh(&["-e", describe]).run().printed(&saved.stdout);
}

/// What servers from 4.0 on describe in a way that they cannot make it from again. The shell prints what they say; a
/// release that does better is told by this test.
fn faults_are_still_there(node: &Node) {
    for (what, statement) in FAULTS {
        let keyspace = keyspace("fault");
        run(node, &format!("CREATE KEYSPACE {keyspace} {REPLICATION}; USE {keyspace}; {statement}"));
        let describe = format!("DESCRIBE KEYSPACE {keyspace}");
        let saved = node.cqlsh(&["-e", &describe]).run();
        saved.succeeded();
        run(node, &format!("DROP KEYSPACE {keyspace};"));
        let status = node.cqlsh(&[TIMEOUT]).stdin(saved.stdout.as_str()).run().code();
        let again = node.cqlsh(&["-e", &describe]).run();
        assert!(status != 0 || again.stdout != saved.stdout, "can be made again now: {what}\n{saved:?}");
        run(node, &format!("DROP KEYSPACE {keyspace};"));
    }
}

/// Runs a script that must succeed.
#[track_caller]
fn run(node: &Node, script: &str) {
    let cqlsh = node.cqlsh(&[TIMEOUT, "-f", "script.cql"]);
    std::fs::write(cqlsh.home().join("script.cql"), script).unwrap();
    cqlsh.run().succeeded();
}
