//! Two hundred thousand rows: none is lost, none comes twice, and memory does not grow with them.

use std::fs;
use std::thread;
use std::time::Duration;

use super::bytes::{Row, int, text};
use super::place::{Place, assert_same};

const ROWS: i32 = 200_000;

/// Two or three times what it takes, and less than the file has: with more, rows would pile up.
const MOST_KIB: u64 = 64 * 1024;

/// Runs it and gives the most memory it had at any moment, in KiB.
#[track_caller]
fn peak(place: &Place<'_>, statement: &str) -> u64 {
    let mut child = place.cqlsh(statement).spawn();
    drop(child.stdin.take());
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(&status).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(now.unwrap_or(0));
        thread::sleep(Duration::from_millis(10));
    }
    let ended = child.wait_with_output().unwrap();
    let (stdout, stderr) = (String::from_utf8(ended.stdout).unwrap(), String::from_utf8(ended.stderr).unwrap());
    assert!(ended.status.success() && stderr.is_empty(), "{stdout}{stderr}");
    assert!(stdout.contains(&format!("\n{ROWS} rows ")), "{stdout}");
    peak
}

#[test]
fn many_rows_come_back_in_little_memory() {
    let place = Place::new("CREATE TABLE t (k int, c int, v text, PRIMARY KEY (k, c))");
    // Many small partitions and a large one; every tenth text has a line break.
    let padding = "x".repeat(400);
    let key = |c: i32| if c % 4 == 0 { 0 } else { c / 3 + 1 };
    let value = |c: i32| format!("{c}{}{padding}", if c % 10 == 0 { "\r\n" } else { "" });
    let lines: String = (0..ROWS).map(|c| format!("{},{c},\"{}\"\r\n", key(c), value(c))).collect();
    place.write("in.csv", lines);
    let imported = peak(&place, "COPY t FROM 'in.csv'");
    let exported = peak(&place, "COPY t TO 'out.csv'");
    place.run("TRUNCATE t").succeeded();
    let again = peak(&place, "COPY t FROM 'out.csv'");
    let mut expected: Vec<Row> = (0..ROWS).map(|c| vec![int(key(c)), int(c), text(&value(c))]).collect();
    expected.sort();
    assert_same(&expected, &place.cells("t"), "200,000 rows");
    println!("peak: {imported} KiB in, {exported} KiB out, {again} KiB in again");
    assert!(imported.max(exported).max(again) < MOST_KIB, "{imported} {exported} {again}");
}
