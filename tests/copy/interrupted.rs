//! An export or import that is ended from outside: Ctrl-C, and the end that no program can answer.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command};
use std::thread;

use super::place::{Place, read_until_under_way};
use crate::support::cqlsh::Cqlsh;
use crate::support::relay::Relay;

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
    started_as(place.cqlsh(statement))
}

fn started_as(mut cqlsh: Cqlsh) -> Child {
    let mut child = cqlsh.spawn();
    let mut stdout = child.stdout.take().unwrap();
    read_until_under_way(&mut stdout);
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

/// Whether programs started from here pass over the signal: who runs the tests under nohup has said so of SIGHUP.
fn is_ignored(signal: u32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap();
    u64::from_str_radix(ignored.trim(), 16).unwrap() >> (signal - 1) & 1 == 1
}

#[test]
fn an_export_that_is_killed_leaves_nothing() {
    let place = large();
    for (name, number) in [("-TERM", 15), ("-HUP", 1), ("-KILL", 9)] {
        if is_ignored(number) {
            continue;
        }
        let mut child = started(&place, &format!("COPY t TO 'out.csv' {SLOW}"));
        signal(&child, name);
        assert_eq!(child.wait().unwrap().signal(), Some(number.cast_signed()));
        assert_eq!(place.files(), ["t.csv"]);
    }
}

#[test]
fn ctrl_c_ends_an_export_to_a_fifo_whose_reader_has_stopped() {
    let place = large();
    assert!(Command::new("mkfifo").arg(place.path("fifo")).status().unwrap().success());
    let mut child = place.cqlsh("COPY t TO 'fifo'").spawn();
    // Opened, and not read: the rows are more than it holds, which depends on the pieces that they come in.
    let reader = File::open(place.path("fifo")).unwrap();
    while rustix::io::ioctl_fionread(&reader).unwrap() < 8 * 1024 {
        assert_eq!(child.try_wait().unwrap(), None, "it ended by itself");
        thread::yield_now();
    }
    let (code, stderr) = interrupted(child);
    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.starts_with("Interrupted after "), "{stderr}");
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

/// Nobody waits that long: what does not end before the test loses its patience has not heard Ctrl-C.
const NO_LIMITS: &str = "REQUESTTIMEOUT = 3000 AND CHILDTIMEOUT = 3000";

fn relayed(place: &Place<'_>) -> Relay {
    Relay::to(&place.node.host(), place.node.port())
}

#[test]
fn ctrl_c_ends_an_import_whose_statement_is_not_prepared_yet() {
    let place = large();
    for header in ["FALSE", "TRUE"] {
        place.write("h.csv", "id\n1\n");
        let relay = relayed(&place);
        relay.hold_when_asked("INSERT INTO");
        let statement = format!("COPY u FROM 'h.csv' WITH HEADER = {header} AND {NO_LIMITS}");
        let child = place.cqlsh_by_way_of(relay.port(), &statement).arg("--request-timeout=3000").spawn();
        relay.wait_for("INSERT INTO");
        let (code, stderr) = interrupted(child);
        assert_eq!(code, Some(130), "{stderr}");
        assert!(
            stderr.ends_with(" rows were answered for; of 0 more that were read some may be written.\n"),
            "{stderr}"
        );
    }
}

#[test]
fn ctrl_c_ends_both_directions_while_the_server_does_not_answer() {
    let place = large();
    let import =
        format!("COPY u FROM 't.csv' WITH CHUNKSIZE = 10 AND INGESTRATE = 500 AND REPORTFREQUENCY = 0 AND {NO_LIMITS}");
    let export = format!("COPY t TO 'out.csv' {SLOW} AND PAGETIMEOUT = 3000");
    for statement in [import, export] {
        let relay = relayed(&place);
        let child = started_as(place.cqlsh_by_way_of(relay.port(), &statement));
        relay.hold();
        let (code, stderr) = interrupted(child);
        assert_eq!(code, Some(130), "{stderr}");
        assert!(stderr.starts_with("Interrupted"), "{stderr}");
        assert_eq!(place.files(), ["t.csv"]);
    }
}

#[test]
fn ctrl_c_ends_an_import_of_more_lines_than_the_server_takes() {
    let place = large();
    let relay = relayed(&place);
    relay.hold_when_asked("INSERT INTO");
    let statement = format!("COPY u FROM STDIN WITH {NO_LIMITS}");
    let mut cqlsh = place.cqlsh_by_way_of(relay.port(), &statement).arg("--request-timeout=3000");
    let mut child = cqlsh.spawn();
    relay.wait_for("INSERT INTO");
    relay.release();
    relay.hold_when_asked("\0\0\0\x04\0\0\0\x07");
    let mut stdin = child.stdin.take().unwrap();
    // More than is ever kept; it is written until the program has gone.
    let writer = thread::spawn(move || {
        let lines: String = (0..100_000).map(|id| format!("{id}\n")).collect();
        (0..).take_while(|_| stdin.write_all(lines.as_bytes()).is_ok()).count()
    });
    relay.wait_for("\0\0\0\x04\0\0\0\x07");
    let (code, stderr) = interrupted(child);
    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.contains("Interrupted: "), "{stderr}");
    writer.join().unwrap();
}

#[test]
fn ctrl_c_ends_the_pause_before_another_attempt() {
    let place = large();
    let batch = r#"{"failing_batch": {"id": 1, "failures": 99}}"#;
    let range = r#"{"failing_range": {"start": -9000000000000000000, "end": 9000000000000000000, "num_failures": 99}}"#;
    for (failures, statement) in
        [(batch, "COPY u FROM 't.csv' WITH MAXATTEMPTS = 99"), (range, "COPY t TO 'out.csv' WITH MAXATTEMPTS = 99")]
    {
        let mut child = place.cqlsh(statement).env("CQLSH_COPY_TEST_FAILURES", failures).spawn();
        let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
        // The pause after the fourth failure is one of six seconds.
        assert!(stderr.any(|line| line.unwrap().contains("attempt 4 of 99")));
        signal(&child, "-INT");
        let last = stderr.map(Result::unwrap).last().unwrap();
        assert!(last.starts_with("Interrupted"), "{last}");
        assert_eq!(child.wait().unwrap().code(), Some(130));
        assert!(!place.path("out.csv").exists());
    }
}
