//! Connections that break, answers that are lost and a node that dies while COPY is at work.

use std::collections::HashSet;
use std::fs;
use std::io::Read;
use std::process::Output;

use cqlsh::sandbox::{Builder, Version};

use super::place::{Place, read_until_under_way};
use crate::support::chaos::{Chaos, Fault, Plan};
use crate::support::cqlsh::{Cqlsh, Ran};
use crate::support::node::{self, Node};

const ROWS: usize = 6_000;

fn lines() -> Vec<String> {
    (0..ROWS).map(|id| format!("{id},{}\n", "v".repeat(60 + id % 60))).collect()
}

fn table() -> Place<'static> {
    let place =
        Place::new("CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE c (id int PRIMARY KEY, n counter)");
    place.write("in.csv", lines().concat());
    place
}

fn before(node: &Node, fault: Fault, bytes: std::ops::Range<u64>, most: usize) -> Chaos {
    Chaos::before(&node.host(), node.port(), Plan { fault, bytes, most })
}

/// The file's lines in an order that says nothing of how they came.
pub(super) fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

/// What the summary says: `1234 rows imported from …`.
#[track_caller]
pub(super) fn imported(ran: &Ran) -> usize {
    let line = ran.stdout.lines().find(|line| line.contains(" rows imported from "));
    line.and_then(|line| line.split(' ').next()?.parse().ok()).unwrap_or_else(|| panic!("no summary\n{ran:?}"))
}

#[test]
fn an_export_over_connections_that_break_has_every_row_once() {
    let place = table();
    place.run("COPY t FROM 'in.csv'").succeeded();
    let whole = lines().concat();
    for fault in [Fault::Reset, Fault::LostAnswers, Fault::Reset] {
        let chaos = before(place.node, fault, 30_000..150_000, 3);
        let ran = place.cqlsh_by_way_of(chaos.port(), "COPY t TO 'out.csv' WITH PAGESIZE = 100").run();
        assert!(chaos.fired() > 0, "nothing broke");
        assert!(ran.stderr.contains(" (will try again later attempt 1 of 5)\n"), "{ran:?}");
        assert_eq!(ran.code(), 0, "{ran:?}");
        assert!(ran.stdout.contains(&format!("\n{ROWS} rows exported to 1 files in ")), "{ran:?}");
        assert_eq!(sorted(&place.read("out.csv")), sorted(&whole));
        fs::remove_file(place.path("out.csv")).unwrap();
    }
}

#[test]
fn an_export_over_connections_that_never_live_long_enough_fails_by_name_and_leaves_what_was_there() {
    let place = table();
    place.run("COPY t FROM 'in.csv'").succeeded();
    let chaos = before(place.node, Fault::Reset, 12_000..14_000, usize::MAX);
    place.write("out.csv", "old");
    let statement = "COPY t TO 'out.csv' WITH PAGESIZE = 500 AND MAXATTEMPTS = 3";
    let ran = place.cqlsh_by_way_of(chaos.port(), statement).run();
    assert!(chaos.fired() > 0, "nothing broke");
    assert_eq!(ran.code(), 2, "{ran:?}");
    assert!(ran.stderr.contains(" (permanently given up after "), "{ran:?}");
    assert!(ran.stderr.ends_with(" total ranges, some records might be missing\n"), "{ran:?}");
    assert!(ran.stdout.contains(" rows exported to 0 files in "), "{ran:?}");
    assert_eq!((place.files(), place.read("out.csv").as_str()), (vec!["in.csv".into(), "out.csv".into()], "old"));
}

#[test]
fn an_import_over_connections_that_break_writes_every_row() {
    let place = table();
    for fault in [Fault::Reset, Fault::LostAnswers, Fault::Reset] {
        place.run("TRUNCATE t").succeeded();
        let chaos = before(place.node, fault, 30_000..150_000, 3);
        let ran = place.cqlsh_by_way_of(chaos.port(), "COPY t FROM 'in.csv' WITH CHUNKSIZE = 50").run();
        assert!(chaos.fired() > 0, "nothing broke");
        assert!(ran.stderr.contains(",  will retry later, attempt 1 of 5\n"), "{ran:?}");
        assert_eq!((ran.code(), imported(&ran)), (0, ROWS), "{ran:?}");
        assert_eq!(place.cells("t").len(), ROWS);
    }
}

#[test]
fn rows_that_a_server_never_takes_are_in_the_error_file() {
    let place = table();
    let chaos = before(place.node, Fault::Reset, 30_000..60_000, usize::MAX);
    let statement =
        "COPY t FROM 'in.csv' WITH CHUNKSIZE = 50 AND MAXATTEMPTS = 1 AND MAXINSERTERRORS = -1 AND ERRFILE = 'e'";
    let ran = place.cqlsh_by_way_of(chaos.port(), statement).run();
    assert!(chaos.fired() > 0, "nothing broke");
    assert_eq!(ran.code(), 2, "{ran:?}");
    let failed = place.read("e");
    assert_eq!(imported(&ran) + failed.lines().count(), ROWS, "{ran:?}");
    let all = lines().concat();
    let known: HashSet<&str> = all.lines().collect();
    assert!(failed.lines().all(|line| known.contains(line)), "records as they stood");
    // Those that are not in the error file are in the table; of the others some may be.
    let written: HashSet<i32> = place.cells("t").iter().map(|row| number(&row[0]) as i32).collect();
    let failed: HashSet<&str> = failed.lines().collect();
    let missing = all.lines().enumerate().find(|(id, line)| !failed.contains(line) && !written.contains(&(*id as i32)));
    assert_eq!(missing, None);
    // What is kept is imported as it stands.
    place.run("COPY t FROM 'e' WITH ERRFILE = 'again'").succeeded();
    assert_eq!(place.cells("t").len(), ROWS);
}

#[test]
fn counters_whose_answer_is_lost_are_told_and_never_added_to_again() {
    let place = table();
    let counters: Vec<String> = (0..ROWS).map(|id| format!("{id},1\n")).collect();
    place.write("counters.csv", counters.concat());
    let chaos = before(place.node, Fault::LostAnswers, 30_000..100_000, 2);
    let statement = "COPY c FROM 'counters.csv' WITH CHUNKSIZE = 50 AND MAXINSERTERRORS = -1 AND ERRFILE = 'e'";
    let ran = place.cqlsh_by_way_of(chaos.port(), statement).run();
    assert!(chaos.fired() > 0, "nothing broke");
    assert_eq!(ran.code(), 2, "{ran:?}");
    assert!(ran.stderr.contains(" (the counters may have been changed nevertheless),  given up after 1 "), "{ran:?}");
    let unknown = place.read("e");
    assert_eq!(imported(&ran) + unknown.lines().count(), ROWS, "{ran:?}");
    let unknown: HashSet<&str> = unknown.lines().collect();
    let rows = place.cells("c");
    let mut certain = 0;
    for row in &rows {
        let (id, n) = (number(&row[0]), number(&row[1]));
        assert_eq!(n, 1, "counter {id}");
        certain += usize::from(!unknown.contains(format!("{id},1").as_str()));
    }
    assert_eq!(certain, imported(&ran), "what counts as imported is there");
}

fn number(cell: &Option<Vec<u8>>) -> i64 {
    cell.as_ref().unwrap().iter().fold(0, |number, byte| number << 8 | i64::from(*byte))
}

#[test]
fn a_node_that_is_killed_ends_both_directions_by_name() {
    let own = node::own(&node::builder(Version::V5_0));
    let place = Place::on(
        &own.node,
        "CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE u (id int PRIMARY KEY, v text)",
    );
    place.write("in.csv", lines().concat());
    place.run("COPY t FROM 'in.csv'").succeeded();
    let directory = tempfile::tempdir().unwrap();
    fs::copy(place.path("in.csv"), directory.path().join("in.csv")).unwrap();
    let cqlsh = |statement: &str| own.node.cqlsh(&["-k", &place.keyspace, "-e", statement]).cwd(directory.path());
    let export =
        cqlsh("COPY t TO 'out.csv' WITH PAGESIZE = 1 AND MAXREQUESTS = 1 AND REPORTFREQUENCY = 0 AND MAXATTEMPTS = 2");
    let import = cqlsh(
        "COPY u FROM 'in.csv' WITH CHUNKSIZE = 50 AND INGESTRATE = 1000 AND MAXINSERTERRORS = -1 AND REPORTFREQUENCY = 0 AND MAXATTEMPTS = 2 \
         AND ERRFILE = 'e'",
    );
    let [export, import] = [export, import].map(under_way);
    drop(place);
    // Its guard ends it with SIGKILL.
    drop(own);
    let (export, import) = (export(), import());
    assert_eq!(export.code(), 2, "{export:?}");
    assert!(export.stderr.contains(" (permanently given up after "), "{export:?}");
    assert!(!directory.path().join("out.csv").exists());
    assert_eq!(import.code(), 2, "{import:?}");
    let failed = fs::read_to_string(directory.path().join("e")).unwrap();
    let (imported, failed) = (imported(&import), failed.lines().count());
    assert!(imported > 0 && failed > 0 && imported + failed == ROWS, "{imported} and {failed}: {import:?}");
}

#[test]
fn a_node_that_is_killed_and_comes_back_is_gone_on_with() {
    // Whatever it acknowledges is on the disk.
    let extra_yaml = "commitlog_sync: batch\ncommitlog_sync_period: 0ms\n".to_owned();
    let own = node::own(&Builder { extra_yaml, ..node::builder(Version::V5_0) });
    let place = Place::on(
        &own.node,
        "CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE u (id int PRIMARY KEY, v text)",
    );
    place.write("in.csv", lines().concat());
    place.run("COPY t FROM 'in.csv'").succeeded();
    let patient = "REPORTFREQUENCY = 0 AND MAXATTEMPTS = 100";
    let export = place.cqlsh(&format!("COPY t TO 'out.csv' WITH PAGESIZE = 1 AND MAXREQUESTS = 1 AND {patient}"));
    let import = place.cqlsh(&format!("COPY u FROM 'in.csv' WITH CHUNKSIZE = 50 AND INGESTRATE = 1000 AND {patient}"));
    let [export, import] = [export, import].map(under_way);
    own.node.restart();
    let (export, import) = (export(), import());
    for ran in [&export, &import] {
        assert!(ran.stderr.contains(" attempt 1 of 100"), "{ran:?}");
        assert_eq!(ran.code(), 0, "{ran:?}");
    }
    assert!(export.stdout.contains(&format!("\n{ROWS} rows exported to 1 files in ")), "{export:?}");
    assert_eq!(sorted(&place.read("out.csv")), sorted(&lines().concat()));
    assert_eq!(imported(&import), ROWS);
    assert_eq!(place.cells("u").len(), ROWS);
}

/// Starts it and waits until rows are on their way. Gives what waits for its end.
pub(super) fn under_way(mut cqlsh: Cqlsh) -> impl FnOnce() -> Ran {
    let mut child = cqlsh.spawn();
    let mut stdout = child.stdout.take().unwrap();
    let mut seen = read_until_under_way(&mut stdout);
    let reader = std::thread::spawn(move || {
        stdout.read_to_end(&mut seen).unwrap();
        seen
    });
    move || {
        let output = child.wait_with_output().unwrap();
        cqlsh.ran(Output { stdout: reader.join().unwrap(), ..output })
    }
}
