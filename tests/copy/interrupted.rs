//! An export or import that is ended from outside: Ctrl-C, and the end that no program can answer.

use std::io::Read;
use std::process::{Child, Command};
use std::thread;

use super::place::Place;

/// A table of 20,000 rows, and `t.csv` with them.
fn large() -> Place<'static> {
    let place = Place::new("CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int PRIMARY KEY)");
    let lines: String = (0..20_000).map(|i| format!("{i}\n")).collect();
    place.write("t.csv", lines);
    place.run("COPY t FROM 't.csv'").succeeded();
    place
}

/// Starts it, and waits until rows are on their way.
fn started(place: &Place<'_>, statement: &str) -> Child {
    let mut child = place.cqlsh(statement).spawn();
    let mut stdout = child.stdout.take().unwrap();
    let (mut seen, mut byte) = (Vec::new(), [0]);
    while !seen.ends_with(b"Processed: ") {
        assert_eq!(stdout.read(&mut byte).unwrap(), 1, "it ended with {:?}", String::from_utf8_lossy(&seen));
        seen.push(byte[0]);
    }
    thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
    child
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

/// The exit status and stderr after Ctrl-C.
fn interrupted(child: Child) -> (Option<i32>, String) {
    signal(&child, "-INT");
    let ended = child.wait_with_output().unwrap();
    (ended.status.code(), String::from_utf8(ended.stderr).unwrap())
}

/// Pages of one row: the export is still at work when the first progress line comes.
const SLOW: &str = "WITH PAGESIZE = 1 AND REPORTFREQUENCY = 0 AND MAXREQUESTS = 1";

#[test]
fn ctrl_c_ends_an_export_and_leaves_what_was_there() {
    let place = large();
    let (code, stderr) = interrupted(started(&place, &format!("COPY t TO 'out.csv' {SLOW}; SELECT * FROM nosuch;")));
    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.contains("Interrupted after ") && stderr.contains("; 'out.csv' was not written."), "{stderr}");
    assert_eq!(place.files(), ["t.csv"]);

    place.write("out.csv", "old");
    let (code, stderr) = interrupted(started(&place, &format!("COPY t TO 'out.csv' {SLOW}")));
    assert_eq!(code, Some(130), "{stderr}");
    assert_eq!(place.files(), ["out.csv", "t.csv"]);
    assert_eq!(place.read("out.csv"), "old");
}

#[test]
fn an_export_that_is_killed_leaves_no_file_of_that_name() {
    let place = large();
    let mut child = started(&place, &format!("COPY t TO 'out.csv' {SLOW}"));
    signal(&child, "-KILL");
    assert_eq!(child.wait().unwrap().code(), None);
    assert!(!place.path("out.csv").exists(), "{:?}", place.files());
}

#[test]
fn ctrl_c_ends_an_import_and_tells_how_far_it_is() {
    let place = large();
    let slow = "COPY u FROM 't.csv' WITH CHUNKSIZE = 10 AND INGESTRATE = 500 AND REPORTFREQUENCY = 0";
    let (code, stderr) = interrupted(started(&place, slow));
    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.contains("Interrupted: ") && stderr.contains(" rows were answered for; of "), "{stderr}");
    let rows = place.cells("u").len();
    assert!((1..20_000).contains(&rows), "{rows}");
}
