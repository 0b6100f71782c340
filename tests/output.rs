//! Where results go: readers that stop reading, and files that cannot take more.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use crate::support::cqlsh::PROGRAM;
use crate::support::node;

/// Far more than a pipe holds.
fn much() -> String {
    "SELECT * FROM system_schema.columns;\n".repeat(40)
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_program_without_a_word() {
    let script = tempfile::NamedTempFile::new().unwrap();
    fs::write(script.path(), much()).unwrap();
    let mut process = node::plain().cqlsh(&["-f", script.path().to_str().unwrap()]).spawn();
    let mut stdout = BufReader::new(process.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    drop(stdout);
    let mut errors = String::new();
    process.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert_eq!(errors, "");
    assert_eq!(process.wait().unwrap().code(), Some(1));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_and_is_no_success() {
    let home = tempfile::tempdir().unwrap();
    let mut process = Command::new(PROGRAM)
        .env_clear()
        .env("HOME", home.path())
        .args([node::plain().host(), "-e".to_owned(), "SELECT key FROM system.local".to_owned()])
        .stdout(File::options().write(true).open("/dev/full").unwrap())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut errors = String::new();
    process.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert_eq!(errors, "Cannot write the output: No space left on device\n");
    assert_eq!(process.wait().unwrap().code(), Some(1));
}

#[test]
#[cfg(target_os = "linux")]
fn a_captured_file_that_cannot_take_more_is_told() {
    let ran = node::plain().cqlsh(&[]).stdin("CAPTURE '/dev/full'\nSELECT key FROM system.local;\n").run();
    assert_eq!(ran.stdout, "Now capturing query output to '/dev/full'.\n");
    assert!(ran.stderr.contains("No space left on device"), "{ran:?}");
    assert_ne!(ran.code(), 0);
}

/// What is printed of a trace, without the widths that its longest line decides: the rows' cells.
fn trace_rows(stdout: &str) -> Vec<Vec<&str>> {
    let from = stdout.find("Tracing session: ").expect("a trace");
    let table = stdout[from..].lines().skip(2).take_while(|line| !line.is_empty());
    table.map(|line| line.split(" | ").map(str::trim).collect()).collect()
}

#[test]
fn a_traced_statement_is_followed_by_its_trace_which_show_session_prints_again() {
    let node = node::plain();
    let traced = node.cqlsh(&["-e", "TRACING ON; SELECT key FROM system.local; TRACING OFF"]).run();
    traced.succeeded();
    assert!(traced.stdout.starts_with("TRACING set to ON\n\n key\n"), "{traced:?}");
    assert!(traced.stdout.ends_with("\n\nTRACING set to OFF\n"), "{traced:?}");
    let rows = trace_rows(&traced.stdout);
    assert_eq!(rows[0], ["activity", "timestamp", "source", "source_elapsed", "client"]);
    assert_eq!((rows[2][0], rows[2][3]), ("Execute CQL3 query", "0"));
    assert!(rows[3][0].starts_with("Parsing SELECT key FROM system.local; ["), "{traced:?}");
    assert_eq!(rows.last().expect("rows")[0], "Request complete");
    assert!(rows[2..].iter().all(|row| row[2] == node.host()), "{traced:?}");

    let id = traced.stdout.split("Tracing session: ").nth(1).and_then(|rest| rest.lines().next()).expect("its id");
    let shown = node.cqlsh(&["-e", &format!("SHOW SESSION {id}")]).run();
    shown.succeeded();
    // The server may have written another step meanwhile.
    let shown = trace_rows(&shown.stdout);
    assert!(rows.iter().skip(2).all(|row| shown.contains(row)), "{rows:?}\n{shown:?}");
}

#[test]
fn reading_traces_and_statements_that_fail_are_not_traced() {
    let statements = "TRACING ON; SELECT session_id FROM system_traces.sessions LIMIT 1; SELECT nothing FROM nowhere.t";
    let ran = node::plain().cqlsh(&["-e", statements]).run();
    assert_eq!(ran.code(), 2);
    assert!(!ran.stdout.contains("Tracing session"), "{ran:?}");
}
