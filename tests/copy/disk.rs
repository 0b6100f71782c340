//! Files that take no more: of an export, of rejected rows, of rates. The limit of the shell (`ulimit -f`) makes any
//! file one of these; a small file system makes the disk full.

use super::place::Place;
use crate::support::cqlsh::{PROGRAM, Ran};
use crate::support::shell;

/// Rows of more than 64 KiB altogether.
fn table() -> Place<'static> {
    let place = Place::new("CREATE TABLE t (id int PRIMARY KEY, v text)");
    place.write("in.csv", (0..1000).map(|id| format!("{id},{}\n", "v".repeat(200))).collect::<String>());
    place
}

/// Runs the statement under this line of the shell.
fn run_under(place: &Place<'_>, line: &str, statement: &str) -> Ran {
    let arguments =
        [PROGRAM, &place.node.host(), &place.node.port().to_string(), "-k", &place.keyspace, "-e", statement];
    shell::run(line, &arguments, &place.path(""))
}

/// Files of at most 8 KiB, whatever unit the shell counts in.
const SMALL_FILES: &str = "ulimit -f 8; exec \"$@\"";

#[test]
fn an_export_that_outgrows_its_limit_is_named_and_leaves_what_was_there() {
    let place = table();
    place.run("COPY t FROM 'in.csv'").succeeded();
    for old in [None, Some("old")] {
        if let Some(old) = old {
            place.write("out.csv", old);
        }
        let ran = run_under(&place, SMALL_FILES, "COPY t TO 'out.csv'");
        ran.failed(2, "<stdin>:1:Can't write 'out.csv': [Errno 27] File too large: 'out.csv'\n");
        assert!(ran.stdout.contains(" rows exported to 0 files in "), "{ran:?}");
        assert_eq!(place.files().len(), 1 + usize::from(old.is_some()), "{:?}", place.files());
        assert!(old.is_none_or(|old| place.read("out.csv") == old));
    }
}

#[test]
fn an_export_may_have_more_files_than_a_process_may_have_open() {
    let place = table();
    place.run("COPY t FROM 'in.csv'").succeeded();
    let ran = run_under(&place, "ulimit -n 300; exec \"$@\"", "COPY t TO 'out.csv' WITH MAXOUTPUTSIZE = 2");
    ran.succeeded();
    let names = place.files();
    assert_eq!(names.len(), 501, "{names:?}");
    assert!(names.iter().all(|name| name == "in.csv" || name.starts_with("out.csv")), "{names:?}");
}

#[test]
fn rejected_rows_that_cannot_be_kept_are_told_and_no_half_record_is() {
    let place = table();
    place.write("bad.csv", place.read("in.csv").replace(",v", "x,v"));
    let ran = run_under(&place, SMALL_FILES, "COPY t FROM 'bad.csv' WITH CHUNKSIZE = 7 AND ERRFILE = 'e'");
    assert_eq!(ran.code(), 2, "{ran:?}");
    let end = "not all failed rows written to e\n";
    assert!(ran.stderr.contains(end), "{ran:?}");
    assert!(ran.stderr.ends_with("<stdin>:1:Can't write 'e': [Errno 27] File too large: 'e'\n"), "{ran:?}");
    assert!(ran.stdout.contains("\n0 rows imported from 1 files in "), "{ran:?}");
    let (kept, bad) = (place.read("e"), place.read("bad.csv"));
    assert!(!kept.is_empty() && kept.ends_with('\n') && kept.lines().all(|line| bad.contains(&format!("{line}\n"))));
}

#[test]
fn rates_that_cannot_be_written_are_told_once_and_the_rows_go_on() {
    let place = table();
    let statement = "COPY t FROM 'in.csv' WITH REPORTFREQUENCY = 0 AND RATEFILE = 'rates'";
    let ran = run_under(&place, "ulimit -f 0; exec \"$@\"", statement);
    ran.failed(2, "<stdin>:1:Can't write 'rates': [Errno 27] File too large: 'rates'\n");
    assert!(ran.stdout.contains("\n1000 rows imported from 1 files in "), "{ran:?}");
    assert_eq!(place.cells("t").len(), 1000);
}

#[test]
fn a_file_that_is_mounted_by_itself_is_written_where_it_is() {
    let place = table();
    place.run("COPY t FROM 'in.csv'; COPY t TO 'plain.csv'").succeeded();
    let Some(unshare) = shell::own_mounts() else {
        println!("a file cannot be mounted here");
        return;
    };
    place.write("outside.csv", "old\n".repeat(100_000));
    place.write("out.csv", "");
    let script = "mount --bind outside.csv out.csv && exec \"$@\"";
    let ran = run_under(&place, &format!("exec {unshare} sh -c '{script}' sh \"$@\""), "COPY t TO 'out.csv'");
    ran.succeeded();
    let sorted = |file: &str| {
        let text = place.read(file);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted("outside.csv"), sorted("plain.csv"));
    assert_eq!(place.files(), ["in.csv", "out.csv", "outside.csv", "plain.csv"]);
}

#[test]
fn a_full_disk_is_named_in_every_file() {
    let place = table();
    place.run("COPY t FROM 'in.csv'").succeeded();
    place.write("bad.csv", place.read("in.csv").replace(",v", "x,v"));
    let mounted = |then: &str| format!("mkdir -p full; mount -t tmpfs -o size=64k none full; {then}");
    let Some(unshare) = shell::own_mounts() else {
        println!("a small file system cannot be mounted here; `ulimit -f` in its place is tested above");
        return;
    };
    let why = |file: &str| format!("Can't write '{file}': [Errno 28] No space left on device: '{file}'\n");
    let script = mounted("echo old > full/out.csv; \"$@\"; status=$?; cat full/out.csv; ls -A full; exit $status");
    let ran = run_under(&place, &format!("exec {unshare} sh -c '{script}' sh \"$@\""), "COPY t TO 'full/out.csv'");
    ran.failed(2, &format!("<stdin>:1:{}", why("full/out.csv")));
    assert!(ran.stdout.ends_with("old\nout.csv\n"), "{ran:?}");

    let script = mounted("\"$@\"; status=$?; tail -c 1 full/e | od -An -c; exit $status");
    let statement = "COPY t FROM 'bad.csv' WITH ERRFILE = 'full/e' AND CHUNKSIZE = 7";
    let ran = run_under(&place, &format!("exec {unshare} sh -c '{script}' sh \"$@\""), statement);
    assert_eq!(ran.code(), 2, "{ran:?}");
    assert!(ran.stderr.ends_with(&why("full/e")), "{ran:?}");
    assert!(ran.stdout.trim_end().ends_with("\\n"), "half a record is kept\n{ran:?}");

    let script = mounted("head -c 64k /dev/zero > full/rest 2> /dev/null; exec \"$@\"");
    let statement = "COPY t FROM 'in.csv' WITH RATEFILE = 'full/rates'";
    let ran = run_under(&place, &format!("exec {unshare} sh -c '{script}' sh \"$@\""), statement);
    ran.failed(2, &format!("<stdin>:1:{}", why("full/rates")));
    assert!(ran.stdout.contains("\n1000 rows imported from 1 files in "), "{ran:?}");
}
