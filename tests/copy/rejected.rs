//! Rows that cannot be imported are told, placed and kept; the others are imported.

use super::bytes::{int, text};
use super::place::Place;

#[test]
fn rows_that_are_refused_are_told_placed_and_kept() {
    let place = Place::new("CREATE TABLE t (id int, c text, n int, PRIMARY KEY (id, c))");
    let long = "x".repeat(70_000);
    place.write("t.csv", format!("1,\"a\nb\",1\n2,b,zz\n3,c\n4,{long},4\n,d,1\n6,e,5,6\n5,e,5"));
    let error_file = format!("import_{}_t.err", place.keyspace);
    place.write(&error_file, "old");
    let ran = place.run("COPY t FROM 't.csv'");
    let expected = format!(
        "<stdin>:1:Failed to import 1 rows: ParseError - Failed to parse zz : invalid literal for int() with base 10: 'zz',  \
         given up without retries (t.csv:3)\n\
         <stdin>:1:Failed to import 1 rows: ParseError - Invalid row length 2 should be 3,  given up without retries (t.csv:4)\n\
         <stdin>:1:Failed to import 1 rows: ParseError - Cannot insert null value for primary key column 'id'. If you want to \
         insert empty strings, consider using the WITH NULL=<marker> option for COPY.,  given up without retries (t.csv:6)\n\
         <stdin>:1:Failed to import 1 rows: ParseError - Invalid row length 4 should be 3,  given up without retries (t.csv:7)\n\
         <stdin>:1:Failed to import 1 rows: InvalidRequest - Error from server: code=2200 [Invalid query] \
         message=\"Key length of 70000 is longer than maximum of 65535\",  given up after 1 attempts (t.csv:5)\n\
         <stdin>:1:Failed to process 5 rows; failed rows written to {error_file}\n"
    );
    ran.failed(2, &expected);
    assert!(ran.stdout.contains("\n2 rows imported from 1 files in "), "{ran:?}");
    assert_eq!(place.read(&error_file), format!("2,b,zz\n3,c\n,d,1\n6,e,5,6\n4,{long},4\n"));
    assert_eq!(place.cells("t"), [[int(1), text("a\nb"), int(1)], [int(5), text("e"), int(5)]]);
    let renamed = |name: &&String| name.starts_with(&format!("{error_file}.2"));
    let files = place.files();
    let old = files.iter().find(renamed).unwrap_or_else(|| panic!("{files:?}"));
    assert_eq!(place.read(old), "old");
}

#[test]
fn what_is_kept_is_imported_when_it_is_mended() {
    let place = Place::new("CREATE TABLE t (id int PRIMARY KEY, v text)");
    let bad = "x1,\"a \\\"b\\\"\r\n, c\"\r\nx2,none\nx3,q\\\\\\\"q\r";
    place.write("t.csv", format!("0,fine\n{bad}9,fine\n"));
    let ran = place.run("COPY t FROM 't.csv' WITH NULL = 'none' AND ERRFILE = 'mine.err'");
    assert_eq!(ran.code(), 2, "{ran:?}");
    assert!(ran.stderr.ends_with("Failed to process 3 rows; failed rows written to mine.err\n"), "{ran:?}");
    assert_eq!(place.read("mine.err"), bad, "byte for byte");
    place.write("mended.csv", bad.replace('x', ""));
    place.run("COPY t FROM 'mended.csv' WITH NULL = 'none' AND ERRFILE = 'mine.err'").succeeded();
    let fine = [(0, text("fine")), (1, text("a \"b\"\r\n, c")), (2, None), (3, text("q\\\"q")), (9, text("fine"))];
    assert_eq!(place.cells("t"), fine.map(|(id, v)| [int(id), v]));
    assert!(
        place.files().iter().all(|name| name != "mine.err"),
        "the error file of the first import has got another name"
    );
}

#[test]
fn rows_that_the_server_refuses_do_not_take_their_neighbours_with_them() {
    let place = Place::new("CREATE TABLE t (k text, id int, v text, PRIMARY KEY (k, id))");
    let lines: Vec<String> = (0..100)
        .map(|i| if i == 50 { format!("{},{i},v\n", "k".repeat(65_536)) } else { format!("k,{i},v\n") })
        .collect();
    place.write("t.csv", lines.concat());
    let ran = place.run("COPY t FROM 't.csv' WITH ERRFILE = 'e'");
    assert_eq!(ran.code(), 2, "{ran:?}");
    assert!(ran.stdout.contains("\n99 rows imported from 1 files in "), "{ran:?}");
    assert_eq!(place.read("e"), lines[50]);
    assert_eq!(place.cells("t").len(), 99);
}

#[test]
fn an_import_ends_when_more_rows_fail_than_may() {
    let place = Place::new("CREATE TABLE t (id int PRIMARY KEY, v text)");
    place.write("t.csv", "1,a\nx,b\n3\n4,d\n");
    let ran = place.run("COPY t FROM 't.csv' WITH MAXPARSEERRORS = 2 AND ERRFILE = 'e'");
    assert!(ran.code() == 2 && !ran.stderr.contains("Exceeded"), "{ran:?}");
    let ran = place.run("COPY t FROM 't.csv' WITH MAXPARSEERRORS = 1 AND ERRFILE = 'e'");
    assert_eq!(ran.code(), 2, "{ran:?}");
    assert!(ran.stderr.contains("<stdin>:1:Exceeded maximum number of parse errors 1\n"), "{ran:?}");
    let ran = place
        .run("COPY t FROM 't.csv' WITH SKIPROWS = 3 AND TTL = 999999999 AND MAXINSERTERRORS = 0 AND ERRFILE = 'e'");
    assert_eq!(ran.code(), 2, "{ran:?}");
    assert!(ran.stderr.contains("message=\"ttl is too large. requested (999999999) maximum (630720000)\""), "{ran:?}");
    assert!(ran.stderr.contains("<stdin>:1:Exceeded maximum number of insert errors 0\n"), "{ran:?}");
}

#[test]
fn failed_rows_that_cannot_be_kept_end_the_import() {
    let place = Place::new("CREATE TABLE t (id int PRIMARY KEY, v text)");
    place.write("t.csv", "x,b\n");
    let ran = place.run("COPY t FROM 't.csv' WITH ERRFILE = 'no/e'");
    assert_eq!(ran.code(), 2, "{ran:?}");
    let why = "Can't write 'no/e': [Errno 2] No such file or directory: 'no/e'\n";
    assert!(ran.stderr.ends_with(why), "{ran:?}");
}

#[test]
fn a_file_that_ends_inside_quotes_is_never_imported_as_if_it_were_whole() {
    let place = Place::new("CREATE TABLE t (id int PRIMARY KEY, v text)");
    place.write("t.csv", "1,a\n2,\"b\n3,c\n");
    let ran = place.run("COPY t FROM 't.csv' WITH ERRFILE = 'e'");
    assert_eq!(ran.code(), 2, "{ran:?}");
    assert!(ran.stderr.contains("ParseError - The file ends inside quotes"), "{ran:?}");
    assert!(ran.stderr.contains("(t.csv:2)"), "{ran:?}");
    assert_eq!(place.cells("t"), [[int(1), text("a")]]);
    assert_eq!(place.read("e"), "2,\"b\n3,c\n");
}

#[test]
fn rows_that_have_no_text_in_cql_do_not_take_their_neighbours_with_them() {
    let place = Place::new("CREATE TABLE t (id int PRIMARY KEY, v tuple<int, int>)");
    place.write("t.csv", "1,\"(1, 2)\"\n2,''\n3,\"(3, 4)\"\n");
    let ran = place.run("COPY t FROM 't.csv' WITH PREPAREDSTATEMENTS = FALSE AND ERRFILE = 'bad.err'");
    assert_eq!(ran.code(), 2, "{ran:?}");
    assert!(ran.stdout.contains("\n2 rows imported from 1 files in "), "{ran:?}");
    assert_eq!(place.read("bad.err"), "2,''\n");
}

#[test]
fn lines_of_standard_input_that_fail_leave_room_for_those_after_them() {
    let place = Place::new("CREATE TABLE t (id int PRIMARY KEY, v text)");
    // More than is kept of any input at a time.
    let bad: String = (0..20_000).map(|id| format!("x{id},{}\n", "v".repeat(1000))).collect();
    let statement = "COPY t FROM STDIN WITH MAXPARSEERRORS = -1 AND ERRFILE = 'e';\n";
    let ran = place.shell(&[]).stdin(format!("{statement}{bad}1,a\n\\.\n")).run();
    assert_eq!(ran.code(), 2, "it ended with {}", ran.status);
    assert!(ran.stdout.contains("\n1 rows imported from 1 files in "), "{}", ran.stdout);
    assert!(place.read("e") == bad, "the lines are kept in their order");
}
