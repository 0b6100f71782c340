//! Answers that come compressed: on demand on one machine, and what they say is the same.

use std::fs;

use crate::support::cqlsh::{Cqlsh, Ran};
use crate::support::node;
use crate::support::relay::Relay;

const ON: &str = "[connection]\ncompression = on\n";
const OFF: &str = "[connection]\ncompression = off\n";

/// A run through a relay with these settings, and whether compression was asked for.
fn run(cqlshrc: &str, stdin: &str) -> (Ran, bool) {
    let node = node::plain();
    let relay = Relay::to(&node.host(), node.port());
    let run = Cqlsh::new(["127.0.0.1", &relay.port().to_string(), "--cqlshrc", "cqlshrc"]).stdin(stdin);
    fs::write(run.home().join("cqlshrc"), cqlshrc).unwrap();
    (run.run(), relay.was_asked("COMPRESSION"))
}

#[test]
fn answers_are_compressed_on_demand_and_never_on_one_machine_without() {
    let asked = ["", OFF, ON].map(|cqlshrc| run(cqlshrc, "CONSISTENCY\n").1);
    assert_eq!(asked, [false, false, true]);
}

#[test]
fn every_kind_of_statement_is_answered_alike() {
    let keyspace = node::keyspace("compression");
    let rows: String = (0..3000).map(|id| format!("{id},{}\n", "long enough to be worth it ".repeat(id % 7))).collect();
    let script = format!(
        "CREATE KEYSPACE {keyspace} WITH replication = {{'class': 'SimpleStrategy', 'replication_factor': 1}};
         USE {keyspace};
         CREATE TABLE t (id int PRIMARY KEY, v text);
         CREATE TABLE counted (id int PRIMARY KEY, n counter);
         COPY t FROM STDIN;\n{rows}\\.
         INSERT INTO t (id, v) VALUES (3000, '{}');
         INSERT INTO t (id, v) VALUES (3000, 'again') IF NOT EXISTS;
         BEGIN BATCH DELETE FROM t WHERE id = 1; UPDATE t SET v = 'two' WHERE id = 2; APPLY BATCH;
         BEGIN COUNTER BATCH UPDATE counted SET n = n + 1 WHERE id = 1; APPLY BATCH;
         SELECT * FROM counted;
         SELECT id, v FROM t;
         PAGING OFF;
         SELECT count(*) FROM t;
         SELECT v FROM t WHERE id = 3000;
         SELECT nothing FROM t;
         DESCRIBE KEYSPACE {keyspace};
         COPY t (id, v) TO STDOUT;
         TRUNCATE t;
         SELECT * FROM t;
         DROP KEYSPACE {keyspace};\n",
        "x".repeat(1 << 20)
    );
    let [plain, compressed] = [OFF, ON].map(|cqlshrc| run(cqlshrc, &script).0);
    // Which range is exported first, and how long it takes, nobody promises.
    let lines = |ran: &Ran| {
        let measured = |line: &&str| line.starts_with("Processed: ") || line.contains(" rows ");
        let mut lines: Vec<_> = ran.stdout.lines().filter(|line| !measured(line)).map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert!(plain.stdout.contains("(3000 rows)") && plain.stdout.contains("CREATE TABLE"), "{plain:?}");
    for (plain, compressed) in lines(&plain).iter().zip(&lines(&compressed)) {
        assert_eq!(plain, compressed);
    }
    assert_eq!(plain.stdout.lines().count(), compressed.stdout.lines().count());
    assert_eq!((plain.code(), compressed.code()), (2, 2));
    assert_eq!(plain.stderr.matches('\n').count(), 1, "{}", plain.stderr);
    assert_eq!(plain.stderr, compressed.stderr);
}
