//! How COPY tells a person at a terminal how far it is.

use super::place::Place;
use crate::support::cqlsh::PROGRAM;
use crate::support::pty::Terminal;

fn table() -> Place<'static> {
    let place = Place::new("CREATE TABLE t (id int PRIMARY KEY, v text)");
    place.write("in.csv", (0..3000).map(|id| format!("{id},value\n")).collect::<String>());
    place
}

/// An import of two seconds.
const SLOW: &str = "COPY t FROM 'in.csv' WITH CHUNKSIZE = 100 AND INGESTRATE = 1500 AND REPORTFREQUENCY = 0.1";

fn started(place: &Place<'_>, term: &str, statement: &str) -> Terminal {
    let (port, directory) = (place.node.port().to_string(), place.path(""));
    let host = place.node.host();
    let directory = directory.to_str().unwrap();
    let environment = [("TERM", term), ("HOME", directory), ("LANG", "C.UTF-8")];
    Terminal::start(PROGRAM, &["-k", &place.keyspace, "-e", statement, &host, &port], &environment, directory)
}

#[test]
fn a_bar_takes_the_place_of_the_lines_on_the_way() {
    let place = table();
    let mut terminal = started(&place, "xterm", SLOW).uncleaned();
    let before = terminal.expect("MB/s, ");
    assert!(before.contains("[=") || before.contains("[>"), "{before:?}");
    assert!(before.contains("%  ") && before.contains(" rows, ") && before.contains(" rows/s, "), "{before:?}");
    assert!(!before.contains("Processed: "), "{before:?}");
    terminal.expect(" left");
    let (rest, status) = terminal.end();
    let (bars, last) = rest.split_once("Processed: 3000 rows; Rate: ").unwrap_or_else(|| panic!("{rest:?}"));
    assert!(bars.ends_with("\x1b[2K"), "the bar's line is empty again: {bars:?}");
    assert!(!bars.contains("Processed: "), "{bars:?}");
    assert!(last.contains(" rows/s\r\r\r\n3000 rows imported from 1 files in "), "{last:?}");
    assert!(last.ends_with(" (0 skipped).\r\n") && !last.contains('\x1b'), "{last:?}");
    assert_eq!(status, 0);
}

#[test]
fn an_export_has_a_bar_too_and_remarks_stand_above_it() {
    let place = table();
    place.run("COPY t FROM 'in.csv'").succeeded();
    let statement = "COPY t TO 'out.csv' WITH PAGESIZE = 1 AND MAXREQUESTS = 1 AND NUMPROCESSES = 1";
    let mut terminal = started(&place, "xterm", statement).uncleaned();
    terminal.expect("MB/s");
    let (rest, status) = terminal.end();
    assert!(rest.contains("\x1b[2KProcessed: 3000 rows; Rate: "), "{rest:?}");
    assert!(rest.contains("\n3000 rows exported to 1 files in "), "{rest:?}");
    assert_eq!(status, 0);
}

#[test]
fn a_terminal_that_cannot_draw_has_the_lines() {
    let place = table();
    let (shown, status) = started(&place, "dumb", SLOW).uncleaned().end();
    assert!(shown.matches("Processed: ").count() > 3, "{shown:?}");
    assert!(!shown.contains('\x1b') && !shown.contains("MB/s"), "{shown:?}");
    assert_eq!(status, 0);
}
