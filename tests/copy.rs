//! COPY through the real binary: what goes out comes back, files are whole or not there, and every row is answered for.

use std::fs;
use std::process::Command;
use std::thread;

use crate::support::cqlsh::{Cqlsh, Ran};
use crate::support::node;

/// A keyspace with these tables (`ks.` stands for it), and a directory to work in.
struct Place {
    keyspace: String,
    directory: tempfile::TempDir,
}

impl Place {
    fn new(statements: &str) -> Self {
        let place = Self { keyspace: node::keyspace("copy"), directory: tempfile::tempdir().unwrap() };
        place
            .run("CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};")
            .succeeded();
        place.run(statements).succeeded();
        place
    }

    fn cqlsh(&self, statements: &str) -> Cqlsh {
        let named = statements.replace("ks.", &format!("{}.", self.keyspace));
        let named = named.replace("KEYSPACE ks", &format!("KEYSPACE {}", self.keyspace));
        node::plain().cqlsh(&["-e", &named]).cwd(self.directory.path())
    }

    fn run(&self, statements: &str) -> Ran {
        self.cqlsh(statements).run()
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.directory.path().join(file), text).unwrap();
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.directory.path().join(file)).unwrap()
    }

    /// The lines that COPY writes to stdout for this table, sorted: their order is nobody's promise.
    fn rows(&self, table: &str) -> Vec<String> {
        let ran = self.run(&format!("COPY ks.{table} TO STDOUT"));
        ran.succeeded();
        let mut rows: Vec<String> = ran.stdout.split_terminator("\r\n").map(str::to_owned).collect();
        rows.sort();
        rows
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.directory.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

#[test]
fn texts_and_nulls_come_back_as_they_were_in_every_dialect() {
    let place = Place::new(
        "CREATE TABLE ks.a (id int PRIMARY KEY, t text, n int); CREATE TABLE ks.b (id int PRIMARY KEY, t text, n int);
         INSERT INTO ks.a (id, t, n) VALUES (1, 'two\nlines, \"quoted\" \\ and it''s', 1);
         INSERT INTO ks.a (id, t) VALUES (2, '');
         INSERT INTO ks.a (id, n) VALUES (3, 3);
         INSERT INTO ks.a (id, t) VALUES (4, 'NULL');
         INSERT INTO ks.a (id, t) VALUES (5, '\\N\t;|''');",
    );
    let original = place.run("SELECT * FROM ks.a").stdout;
    for options in [
        "HEADER = TRUE",
        "NULL = 'NULL'",
        "HEADER = TRUE AND NULL = 'd41d8cd98f00b204e9800998ecf8427e'",
        "ESCAPE = '\"'",
        "DELIMITER = ';' AND QUOTE = '''' AND NULL = '\\N'",
    ] {
        let copied = format!(
            "COPY ks.a TO 'a.csv' WITH {options}; TRUNCATE ks.b; COPY ks.b FROM 'a.csv' WITH {options};
             COPY ks.b TO 'b.csv' WITH {options};"
        );
        place.run(&copied).succeeded();
        assert_eq!(place.run("SELECT * FROM ks.b").stdout, original, "{options}");
        let sorted = |file| {
            let mut lines: Vec<String> = place.read(file).split("\r\n").map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted("a.csv"), sorted("b.csv"), "{options}");
    }
}

#[test]
fn of_rows_with_the_same_key_the_last_in_the_file_stays() {
    let place = Place::new("CREATE TABLE ks.t (k int, c int, v text, PRIMARY KEY (k, c))");
    let lines: Vec<String> = (0..3000).map(|i| format!("{},{},{i}\n", i % 7, i % 3)).collect();
    place.write("t.csv", &lines.concat());
    place.run("COPY ks.t FROM 't.csv' WITH CHUNKSIZE = 11 AND NUMPROCESSES = 4").succeeded();
    let last = |k: u32, c: u32| (0..3000).rev().find(|i| i % 7 == k && i % 3 == c).unwrap();
    let expected: Vec<String> = (0..7).flat_map(|k| (0..3).map(move |c| format!("{k},{c},{}", last(k, c)))).collect();
    assert_eq!(place.rows("t"), expected);
}

#[test]
fn many_pages_and_chunks_lose_and_double_nothing() {
    let place = Place::new(
        "CREATE TABLE ks.a (k int, c int, v text, PRIMARY KEY (k, c));
         CREATE TABLE ks.b (k int, c int, v text, PRIMARY KEY (k, c));",
    );
    let lines: Vec<String> = (0..20_000).map(|i| format!("{},{i},\"value\n{i}\"\n", i % 50)).collect();
    place.write("a.csv", &lines.concat());
    let copied =
        "COPY ks.a FROM 'a.csv'; COPY ks.a TO 'b.csv' WITH PAGESIZE = 7 AND NUMPROCESSES = 3; COPY ks.b FROM 'b.csv'";
    let ran = place.run(copied);
    ran.succeeded();
    assert!(ran.stdout.contains("\n20000 rows exported to 1 files in "), "{ran:?}");
    assert_eq!(ran.stdout.matches("\n20000 rows imported from 1 files in ").count(), 2, "{ran:?}");
    assert_eq!(place.rows("b"), place.rows("a"));
}

#[test]
fn counters_are_added_to_and_those_without_a_value_left_alone() {
    let place = Place::new("CREATE TABLE ks.t (id int PRIMARY KEY, a counter, b counter)");
    place.write("t.csv", "1,5,\n2,7,-1\n1,5,\n");
    place.run("COPY ks.t FROM 't.csv'").succeeded();
    assert_eq!(place.rows("t"), ["1,10,", "2,7,-1"]);
}

#[test]
fn rows_that_are_refused_are_told_placed_and_kept() {
    let place = Place::new("CREATE TABLE ks.t (id int, c text, n int, PRIMARY KEY (id, c))");
    let long = "x".repeat(70_000);
    place.write("t.csv", &format!("1,\"a\nb\",1\n2,b,zz\n3,c\n4,{long},4\n5,e,5"));
    place.write(&format!("import_{}_t.err", place.keyspace), "old");
    let ran = place.run("COPY ks.t FROM 't.csv'");
    let error_file = format!("import_{}_t.err", place.keyspace);
    let expected = format!(
        "<stdin>:1:Failed to import 1 rows: ParseError - Failed to parse zz : invalid literal for int() with base 10: 'zz',  \
         given up without retries (t.csv:3)\n\
         <stdin>:1:Failed to import 1 rows: ParseError - Invalid row length 2 should be 3,  given up without retries (t.csv:4)\n\
         <stdin>:1:Failed to import 1 rows: InvalidRequest - Error from server: code=2200 [Invalid query] \
         message=\"Key length of 70000 is longer than maximum of 65535\",  given up after 1 attempts (t.csv:5)\n\
         <stdin>:1:Failed to process 3 rows; failed rows written to {error_file}\n"
    );
    ran.failed(2, &expected);
    assert!(ran.stdout.contains("\n2 rows imported from 1 files in "), "{ran:?}");
    assert_eq!(place.read(&error_file), format!("2,b,zz\n3,c\n4,{long},4\n"));
    assert_eq!(place.rows("t"), ["1,\"a\nb\",1", "5,e,5"]);
    let renamed = |name: &String| name.starts_with(&format!("{error_file}.2"));
    assert!(place.files().iter().any(renamed), "{:?}", place.files());
}

#[test]
fn a_file_that_ends_inside_quotes_is_never_imported_as_if_it_were_whole() {
    let place = Place::new("CREATE TABLE ks.t (id int PRIMARY KEY, v text)");
    place.write("t.csv", "1,a\n2,\"b\n3,c\n");
    let ran = place.run("COPY ks.t FROM 't.csv'");
    assert_eq!(ran.code(), 2, "{ran:?}");
    assert!(ran.stderr.contains("ParseError - The file ends inside quotes"), "{ran:?}");
    assert!(ran.stderr.contains("(t.csv:2)"), "{ran:?}");
    assert_eq!(place.rows("t"), ["1,a"]);
}

#[test]
fn lines_after_the_statement_are_the_input_up_to_a_point() {
    let place = Place::new("CREATE TABLE ks.t (id int PRIMARY KEY, v text)");
    let script = format!(
        "COPY {0}.t FROM STDIN WITH HEADER = TRUE;\nid,v\n1,\"two\nlines\"\n.\nSELECT v FROM {0}.t;\n",
        place.keyspace
    );
    let ran = node::plain().cqlsh(&[]).stdin(script).run();
    ran.succeeded();
    assert!(ran.stdout.contains("[Use . on a line by itself to end input]\n"), "{ran:?}");
    assert!(ran.stdout.contains("\n1 rows imported from 1 files in "), "{ran:?}");
    assert!(ran.stdout.contains(" two\\nlines\n"), "{ran:?}");
}

#[test]
fn a_fifo_is_written_and_read_through() {
    let place = Place::new(
        "CREATE TABLE ks.a (id int PRIMARY KEY, v text); CREATE TABLE ks.b (id int PRIMARY KEY, v text);
         INSERT INTO ks.a (id, v) VALUES (1, 'x');",
    );
    let fifo = place.directory.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let reader = thread::spawn({
        let fifo = fifo.clone();
        move || fs::read_to_string(fifo).unwrap()
    });
    place.run("COPY ks.a TO 'fifo'").succeeded();
    assert_eq!(reader.join().unwrap(), "1,x\r\n");
    let writer = thread::spawn(move || fs::write(fifo, "2,y\n").unwrap());
    place.run("COPY ks.b FROM 'fifo'").succeeded();
    writer.join().unwrap();
    assert_eq!(place.rows("b"), ["2,y"]);
}

#[test]
fn an_export_that_cannot_be_written_says_so_and_leaves_nothing() {
    let place = Place::new("CREATE TABLE ks.t (id int PRIMARY KEY); INSERT INTO ks.t (id) VALUES (1);");
    let ran = place.run("COPY ks.t TO 'no/t.csv'");
    ran.failed(2, "<stdin>:1:Can't open 'no/t.csv' for writing: [Errno 2] No such file or directory: 'no/t.csv'\n");
    let ran = place.run("COPY ks.t TO '/dev/full'");
    ran.failed(2, "<stdin>:1:Can't write '/dev/full': [Errno 28] No space left on device: '/dev/full'\n");
    assert_eq!(place.files(), Vec::<String>::new());
}

#[test]
fn ctrl_c_ends_an_export_within_order_and_leaves_no_file() {
    let place = Place::new("CREATE TABLE ks.t (id int PRIMARY KEY)");
    let lines: Vec<String> = (0..20_000).map(|i| format!("{i}\n")).collect();
    place.write("t.csv", &lines.concat());
    place.run("COPY ks.t FROM 't.csv'").succeeded();
    // Pages of one row: the export is still at work when the first progress line comes.
    let mut export =
        place.cqlsh("COPY ks.t TO 'out.csv' WITH PAGESIZE = 1 AND REPORTFREQUENCY = 0 AND MAXREQUESTS = 1");
    let mut child = export.spawn();
    let mut stdout = child.stdout.take().unwrap();
    wait_for(&mut stdout, b"Processed: ");
    let interrupted = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
    let ended = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(130), "{stderr}");
    assert!(stderr.contains("Interrupted after ") && stderr.contains("; 'out.csv' was not written."), "{stderr}");
    assert_eq!(place.files(), ["t.csv"]);
}

fn wait_for(from: &mut impl std::io::Read, text: &[u8]) {
    let mut seen = Vec::new();
    let mut byte = [0];
    while !seen.ends_with(text) {
        assert_eq!(from.read(&mut byte).unwrap(), 1, "it ended with {:?}", String::from_utf8_lossy(&seen));
        seen.push(byte[0]);
    }
}

#[test]
fn a_table_of_the_node_s_own_can_be_exported_whole() {
    let place = Place::new("CREATE TABLE ks.t (id int PRIMARY KEY)");
    let ran = place.run("COPY system_views.settings (name) TO STDOUT");
    ran.succeeded();
    assert!(ran.stdout.split_terminator("\r\n").any(|name| name == "cluster_name"), "{ran:?}");
}
