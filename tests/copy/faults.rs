//! The variables by which test suites of Apache cqlsh make COPY fail, and what they look for then.

use super::bytes::{int, text};
use super::place::Place;
use crate::support::cqlsh::Ran;

/// Said of the row that nothing is known of.
const UNANSWERED: &str = "<stdin>:1:1 rows are not answered for: the import ended early\n";

fn table() -> Place<'static> {
    let place = Place::new("CREATE TABLE t (id int PRIMARY KEY, v text)");
    place.write("t.csv", "1,a\n2,b\n");
    place
}

fn run(place: &Place<'_>, failures: &str, statement: &str) -> Ran {
    place.cqlsh(statement).env("CQLSH_COPY_TEST_FAILURES", failures).run()
}

#[test]
fn a_batch_that_fails_less_often_than_it_is_tried_is_imported() {
    let place = table();
    let failures = r#"{"failing_batch": {"id": 2, "failures": 1}}"#;
    let ran = run(&place, failures, "COPY t FROM 't.csv' WITH CHUNKSIZE = 1");
    assert_eq!(ran.code(), 0, "{ran:?}");
    assert!(ran.stderr.contains("will retry later, attempt 1 of 5"), "{ran:?}");
    assert_eq!(place.cells("t"), [[int(1), text("a")], [int(2), text("b")]]);
}

#[test]
fn a_batch_that_fails_for_good_is_told_and_kept() {
    let place = table();
    let failures = r#"{"failing_batch": {"id": 2, "failures": 2}}"#;
    let ran = run(&place, failures, "COPY t FROM 't.csv' WITH CHUNKSIZE = 1 AND MAXATTEMPTS = 2");
    let file = format!("import_{}_t.err", place.keyspace);
    assert!(ran.stderr.contains("given up after 2 attempts (t.csv:2)\n"), "{ran:?}");
    assert!(ran.stderr.ends_with(&format!(":Failed to process 1 rows; failed rows written to {file}\n")), "{ran:?}");
    assert_eq!((ran.code(), place.read(&file).as_str()), (2, "2,b\n"));
}

#[test]
fn a_worker_that_ends_ends_the_import() {
    let place = table();
    let ran = run(&place, r#"{"exit_batch": {"id": 2}}"#, "COPY t FROM 't.csv' WITH CHUNKSIZE = 1");
    ran.failed(2, &format!("<stdin>:1:1 child process(es) died unexpectedly, aborting\n{UNANSWERED}"));
}

#[test]
fn a_batch_that_is_never_answered_for_is_not_waited_for_for_ever() {
    let place = table();
    let statement = "COPY t FROM 't.csv' WITH CHUNKSIZE = 1 AND CHILDTIMEOUT = 1 AND REQUESTTIMEOUT = 1";
    let ran = run(&place, r#"{"unsent_batch": {"id": 2}}"#, statement);
    ran.failed(2, &format!("<stdin>:1:No records inserted in 1 seconds, aborting\n{UNANSWERED}"));
}

#[test]
fn a_range_that_fails_for_good_leaves_no_file() {
    let place = table();
    place.run("COPY t FROM 't.csv'").succeeded();
    for fault in [r#""failing_range": {"num_failures": 1, "#, r#""exit_range": {"#] {
        let failures = format!(r#"{{{fault} "start": -9000000000000000000, "end": 9000000000000000000}}}}"#);
        let ran = run(&place, &failures, "COPY t TO 'out.csv' WITH MAXATTEMPTS = 1");
        assert_eq!(ran.code(), 2, "{ran:?}");
        assert!(ran.stderr.ends_with(" total ranges, some records might be missing\n"), "{ran:?}");
        assert_eq!(place.files(), ["t.csv"]);
    }
}

#[test]
fn failures_that_are_no_json_are_refused() {
    let place = table();
    for statement in ["COPY t FROM 't.csv'", "COPY t TO 'out.csv'"] {
        let ran = run(&place, "{", statement);
        assert_eq!(ran.code(), 2, "{ran:?}");
        assert!(ran.stderr.starts_with("<stdin>:1:CQLSH_COPY_TEST_FAILURES is no JSON: "), "{ran:?}");
        assert_eq!(place.files(), ["t.csv"]);
    }
}

#[test]
fn the_number_of_processors_may_be_given() {
    let place = table();
    for (cores, line) in [("1", "Using 1 child processes\n"), ("5", "Using 4 child processes\n")] {
        let ran = place.cqlsh("COPY t FROM 't.csv'").env("CQLSH_COPY_TEST_NUM_CORES", cores).run();
        ran.succeeded();
        assert!(ran.stdout.starts_with(line), "{ran:?}");
    }
    let ran = place.cqlsh("COPY t FROM 't.csv'").arg("--debug").env("CQLSH_COPY_TEST_NUM_CORES", "3").run();
    assert!(ran.stdout.starts_with("Detected 3 core(s)\nUsing 2 child processes\n"), "{ran:?}");
}
