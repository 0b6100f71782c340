//! What may be read: line ends, byte order marks, lists and patterns, pipes, standard input. And what is said of what
//! may not. Messages are those of Apache cqlsh 6.2.2 with the place added.

use std::fs;
use std::process::Command;
use std::thread;

use super::bytes::{Row, int, text};
use super::place::Place;
use crate::batch::gzip;

fn table() -> Place<'static> {
    Place::new("CREATE TABLE t (id int PRIMARY KEY, v text)")
}

fn rows(rows: &[(i32, &str)]) -> Vec<Row> {
    rows.iter().map(|(id, v)| vec![int(*id), text(v)]).collect()
}

#[test]
fn lines_may_end_in_any_way_and_the_last_one_not_at_all() {
    let place = table();
    for content in [
        "1,a\n2,b\n3,\"c\n\nd\"",
        "1,a\r\n2,b\r\n3,\"c\n\nd\"\r\n",
        "1,a\r2,b\r3,\"c\n\nd\"\r",
        "1,a\n2,b\r\n3,\"c\n\nd\"\r",
    ] {
        place.write("t.csv", content);
        place.run("TRUNCATE t; COPY t FROM 't.csv'").succeeded();
        assert_eq!(place.cells("t"), rows(&[(1, "a"), (2, "b"), (3, "c\n\nd")]), "{content:?}");
    }
}

#[test]
fn a_byte_order_mark_is_not_part_of_the_first_value() {
    let place = Place::new("CREATE TABLE t (k text PRIMARY KEY, v text)");
    place.write("bare.csv", "\u{feff}a,1\n");
    place.write("named.csv", "\u{feff}k,v\nb,\u{feff}2\n");
    place.write("quoted.csv", "\u{feff}\"c\nd\",3\n");
    place
        .run("COPY t FROM 'bare.csv'; COPY t FROM 'quoted.csv'; COPY t FROM 'named.csv' WITH HEADER = TRUE")
        .succeeded();
    let expected = [[text("a"), text("1")], [text("b"), text("\u{feff}2")], [text("c\nd"), text("3")]];
    assert_eq!(place.cells("t"), expected);
    place.run("COPY t TO 'out.csv'; TRUNCATE t; INSERT INTO t (k, v) VALUES ('\u{feff}k', ''); COPY t TO 'out.csv'; TRUNCATE t; COPY t FROM 'out.csv'").succeeded();
    assert_eq!(place.cells("t"), [[text("\u{feff}k"), text("")]], "one that is part of a value stays");
}

#[test]
fn several_files_are_read_in_order_each_with_its_own_header() {
    let place = table();
    place.write("m1.csv", "id,v\n1,a\n5,first\n");
    place.write("m2.csv", "id,v\n2,b\n5,second\n");
    for files in ["m*.csv", "m1.csv, m2.csv", "m[12].csv", "./m?.csv"] {
        let ran = place.run(&format!("TRUNCATE t; COPY t FROM '{files}' WITH HEADER = TRUE"));
        ran.succeeded();
        assert!(ran.stdout.contains("\n4 rows imported from 2 files in "), "{ran:?}");
        assert_eq!(place.cells("t"), rows(&[(1, "a"), (2, "b"), (5, "second")]), "{files}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_an_error() {
    let place = table();
    fs::create_dir(place.path("d")).unwrap();
    place.write("d/t.csv", "1,a\n");
    for (file, why) in [
        ("nosuch.csv", "Can't open 'nosuch.csv' for reading: no matching file found"),
        ("no*", "Can't open 'no*' for reading: no matching file found"),
        ("d", "Can't open 'd' for reading: [Errno 21] Is a directory: 'd'"),
        ("d/t.csv/x", "Can't open 'd/t.csv/x' for reading: no matching file found"),
    ] {
        let ran = place.run(&format!("COPY t FROM '{file}'"));
        let line = format!("<stdin>:1:Failed to import 0 rows: OSError - {why},  given up after 1 attempts\n");
        ran.failed(2, &line);
        assert!(ran.stdout.contains("\n0 rows imported from 0 files in "), "{ran:?}");
    }
    let ran = place.run("COPY t FROM 'd/t.csv,nosuch.csv'");
    assert_eq!(ran.code(), 2, "what was there does not make up for what was not: {ran:?}");
}

#[test]
fn of_rows_with_the_same_key_the_last_in_the_file_stays() {
    let place = Place::new("CREATE TABLE t (k int, c int, v text, PRIMARY KEY (k, c))");
    let lines: Vec<String> = (0..3000).map(|i| format!("{},{},{i}\n", i % 7, i % 3)).collect();
    place.write("t.csv", lines.concat());
    place.run("COPY t FROM 't.csv' WITH CHUNKSIZE = 11 AND NUMPROCESSES = 4").succeeded();
    let last = |k: i32, c: i32| (0..3000).rev().find(|i| i % 7 == k && i % 3 == c).unwrap();
    let row = |k, c| vec![int(k), int(c), text(&last(k, c).to_string())];
    let expected: Vec<Row> = (0..7).flat_map(|k| (0..3).map(move |c| row(k, c))).collect();
    assert_eq!(place.cells("t"), expected);
}

#[test]
fn counters_are_added_to_and_those_without_a_value_left_alone() {
    let place = Place::new("CREATE TABLE t (id int PRIMARY KEY, a counter, b counter)");
    place.write("t.csv", "1,5,\n2,7,-1\n1,5,\n");
    let count = |number: i64| Some(number.to_be_bytes().to_vec());
    place.run("COPY t FROM 't.csv'").succeeded();
    assert_eq!(place.cells("t"), [[int(1), count(10), None], [int(2), count(7), count(-1)]]);
    place.run("COPY t FROM 't.csv' WITH PREPAREDSTATEMENTS = false").succeeded();
    assert_eq!(place.cells("t"), [[int(1), count(20), None], [int(2), count(14), count(-2)]], "imports add up");
}

#[test]
fn a_fifo_is_read_through() {
    let place = table();
    assert!(Command::new("mkfifo").arg(place.path("fifo")).status().unwrap().success());
    let fifo = place.path("fifo");
    let writer = thread::spawn(move || fs::write(fifo, "2,y\n").unwrap());
    place.run("COPY t FROM 'fifo'").succeeded();
    writer.join().unwrap();
    assert_eq!(place.cells("t"), rows(&[(2, "y")]));
}

#[test]
fn lines_after_the_statement_are_the_input_up_to_a_point() {
    let place = table();
    let script = "COPY t FROM STDIN WITH HEADER = TRUE;\nid,v\n1,\"two\nlines\"\n.\nSELECT v FROM t;\n";
    place.write("script.cql", script);
    for ran in [place.shell(&[]).stdin(script).run(), place.shell(&["-f", "script.cql"]).run()] {
        ran.succeeded();
        assert!(ran.stdout.contains("[Use . on a line by itself to end input]\n"), "{ran:?}");
        assert!(ran.stdout.contains("\n1 rows imported from 1 files in "), "{ran:?}");
        assert!(ran.stdout.contains(" two\\nlines\n"), "{ran:?}");
    }
    assert_eq!(place.cells("t"), rows(&[(1, "two\nlines")]));
}

#[test]
fn a_point_inside_quotes_is_part_of_a_value() {
    let place = table();
    let value = ".\n.\n\\.\n\"quoted\"\n.\n";
    place.insert("t", &["id", "v"], &[vec![int(1), text(value)], vec![int(2), text("\n.")]]);
    for options in ["", "WITH ESCAPE = '\"'"] {
        let exported = place.run(&format!("COPY t TO STDOUT {options}"));
        exported.succeeded();
        place.run("TRUNCATE t").succeeded();
        let script = format!("COPY t FROM STDIN {options};\n{}.\nSELECT id FROM t WHERE id = 2;\n", exported.stdout);
        let ran = place.shell(&[]).stdin(script).run();
        ran.succeeded();
        assert!(ran.stdout.contains("(1 rows)"), "{ran:?}");
        assert_eq!(place.cells("t"), rows(&[(1, value), (2, "\n.")]));
    }
}

#[test]
fn a_statement_of_e_reads_standard_input() {
    let place = table();
    for lines in ["1,a\n2,b\n.\nnot,read\n", "1,a\n2,b\n\\.\n", "1,a\n2,b"] {
        place.run("TRUNCATE t").succeeded();
        let ran = place.cqlsh("COPY t FROM STDIN; SELECT v FROM t WHERE id = 2").stdin(lines).run();
        ran.succeeded();
        assert!(ran.stdout.ends_with("\n v\n---\n b\n\n(1 rows)\n"), "the statements go on: {ran:?}");
        assert_eq!(place.cells("t"), rows(&[(1, "a"), (2, "b")]));
    }
}

#[test]
fn errors_among_the_lines_do_not_stop_the_script_and_set_its_status() {
    let place = table();
    let script = "COPY t FROM STDIN;\n1,a\nx,b\n3\n4,d\n.\nSELECT v FROM t WHERE id = 4;\n";
    let ran = place.shell(&[]).stdin(script).run();
    assert_eq!(ran.code(), 2, "{ran:?}");
    assert!(
        ran.stderr.contains("Failed to parse x : invalid literal for int() with base 10: 'x',  given up"),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("(STDIN:2)\n") && ran.stderr.contains("(STDIN:3)\n"), "{ran:?}");
    // The line after the data, as the original counts: it reads them all before it looks at them.
    assert!(ran.stderr.lines().all(|line| line.starts_with("<stdin>:7:")), "{ran:?}");
    assert!(ran.stdout.ends_with("\n v\n---\n d\n\n(1 rows)\n"), "{ran:?}");
    assert_eq!(place.cells("t"), rows(&[(1, "a"), (4, "d")]));
}

#[test]
fn a_line_that_is_no_text_is_a_bad_row_and_the_others_are_imported() {
    let place = table();
    let lines =
        b"COPY t FROM STDIN WITH ERRFILE = 'bad.err';\n1,a\nx,b\n3,\xff\n4,d\n.\nSELECT v FROM t WHERE id = 4;\n";
    let ran = place.shell(&[]).stdin(&lines[..]).run();
    assert_eq!(ran.code(), 2, "{ran:?}");
    assert!(ran.stderr.contains("(STDIN:2)\n") && ran.stderr.contains("(STDIN:3)\n"), "{ran:?}");
    assert!(ran.stderr.lines().all(|line| line.starts_with("<stdin>:7:")), "{ran:?}");
    assert!(ran.stdout.contains("\n2 rows imported from 1 files in "), "{ran:?}");
    assert!(ran.stdout.ends_with("\n v\n---\n d\n\n(1 rows)\n"), "{ran:?}");
    assert_eq!(fs::read(place.path("bad.err")).unwrap(), b"x,b\n3,\xff\n");
}

#[test]
fn lines_that_cannot_be_read_end_the_import_and_the_rows_before_them_are_answered_for() {
    let place = table();
    let row = |id: i32| format!("{id},{}\n", "v".repeat(id as usize % 97));
    let script = format!("COPY t FROM STDIN;\nx,b\n{}", (1..9000).map(row).collect::<String>());
    let zipped = gzip(&script);
    place.write("cut.cql.gz", &zipped[..zipped.len() / 2]);
    let ran = place.shell(&["-f", "cut.cql.gz"]).run();
    assert_eq!(ran.code(), 1, "{ran:?}");
    let count = place.cells("t").len();
    assert!(count > 0 && ran.stdout.contains(&format!("\n{count} rows imported from 1 files in ")), "{ran:?}");
    let why = |line: usize| format!("The import ends before line {line} of the input, which cannot be read: ");
    assert!(ran.stderr.contains(&why(count + 2)), "{ran:?}");
    assert!(ran.stderr.contains("; failed rows written to import_"), "{ran:?}");
    assert!(ran.stderr.contains("Cannot read cut.cql.gz (line "), "{ran:?}");
}
