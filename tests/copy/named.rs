//! HEADER on import: fields go where the first line says. Apache cqlsh drops the line and goes by position.

use super::bytes::{Row, int, text};
use super::place::Place;

fn table() -> Place<'static> {
    Place::new("CREATE TABLE t (id int PRIMARY KEY, \"Name\" text, n int)")
}

/// `id`, `Name`, `n`.
fn row(id: i32, name: Option<&str>, n: Option<i32>) -> Row {
    vec![int(id), name.and_then(text), n.and_then(int)]
}

fn both() -> [Row; 2] {
    [row(1, Some("a"), Some(10)), row(2, Some("b"), Some(20))]
}

#[test]
fn fields_go_to_the_columns_of_their_names() {
    let place = table();
    for (content, options) in [
        ("n,Name,id\n10,a,1\n20,b,2\n", ""),
        ("\u{feff}\"n\",\"Name\",\"id\"\r\n10,a,1\r\n20,b,2\r\n", ""),
        ("n|'Name'|id\n10|a|1\n20|b|2\n", "AND DELIMITER = '|' AND QUOTE = ''''"),
        ("n , Name, id\n10,a,1\n20,b,2\n", ""),
        ("\"n\",Name,id\n10,a,1\n20,b,2\n", "AND DIALECT = 'rfc4180'"),
        ("n,junk,Name,id\n10,x,a,1\n20,y,b,2\n", "AND SKIPCOLS = 'junk'"),
        ("n,Name,id\n99,z,9\n10,a,1\n20,b,2\n", "AND SKIPROWS = 1"),
        ("n,Name,id\n10,a,1\n20,b,2\n99,z,9\n", "AND MAXROWS = 2"),
    ] {
        place.write("t.csv", content);
        place.run(&format!("TRUNCATE t; COPY t FROM 't.csv' WITH HEADER = TRUE {options}")).succeeded();
        assert_eq!(place.cells("t"), both(), "{content:?} {options}");
        let script = format!("TRUNCATE t;\nCOPY t FROM STDIN WITH HEADER = TRUE {options};\n{content}.\n");
        place.shell(&[]).stdin(script).run().succeeded();
        assert_eq!(place.cells("t"), both(), "STDIN {content:?} {options}");
    }
}

#[test]
fn columns_that_are_not_named_are_left_alone() {
    let place = table();
    place.write("t.csv", "Name,id\na,1\nb,2\n");
    place.run("INSERT INTO t (id, n) VALUES (1, 10); COPY t FROM 't.csv' WITH HEADER = TRUE").succeeded();
    assert_eq!(place.cells("t"), [row(1, Some("a"), Some(10)), row(2, Some("b"), None)]);
    place.write("skipped.csv", "n,Name,id\n99,x,1\n99,y,2\n");
    place.run("COPY t FROM 'skipped.csv' WITH HEADER = TRUE AND SKIPCOLS = 'n'").succeeded();
    assert_eq!(place.cells("t"), [row(1, Some("x"), Some(10)), row(2, Some("y"), None)]);
}

#[test]
fn each_file_has_an_order_of_its_own() {
    let place = table();
    place.write("a.csv", "n,Name,id\n10,a,1\n");
    place.write("b.csv", "id,n,Name\n2,20,b\n");
    place.write("c.csv", "");
    let ran = place.run("COPY t FROM '*.csv' WITH HEADER = TRUE");
    ran.succeeded();
    assert!(ran.stdout.contains("\n2 rows imported from 3 files in "), "{ran:?}");
    assert_eq!(place.cells("t"), both());
}

#[test]
fn a_line_without_any_name_is_passed_over_and_the_order_is_the_table_s() {
    let place = table();
    for header in ["ID,NAME,N", "1,2,3", "", "x"] {
        place.write("t.csv", format!("{header}\n1,a,10\n2,b,20\n"));
        place.run("TRUNCATE t; COPY t FROM 't.csv' WITH HEADER = TRUE").succeeded();
        assert_eq!(place.cells("t"), both(), "{header:?}");
    }
}

#[test]
fn a_list_of_columns_in_the_statement_counts_and_the_line_does_not() {
    let place = table();
    place.write("t.csv", "n,id,junk\n1,a,10\n2,b,20\n");
    place.run("COPY t (id, \"Name\", n) FROM 't.csv' WITH HEADER = TRUE").succeeded();
    assert_eq!(place.cells("t"), both());
}

#[test]
fn a_header_that_does_not_fit_is_refused_before_anything_is_written() {
    let place = table();
    place.write("good.csv", "n,Name,id\n10,a,1\n");
    let not_there = format!("the header names columns that {}.t does not have", place.keyspace);
    for (header, why) in [
        ("id,name,n,more", format!("{not_there}: 'name', 'more'")),
        ("id,Name,", format!("{not_there}: ''")),
        ("id,Name,Name", "the header names a column twice: 'Name'".to_owned()),
        ("Name,n", "Primary key column 'id' missing or skipped".to_owned()),
    ] {
        place.write("x.csv", format!("{header}\n1,2,3,4\n"));
        let ran = place.run("COPY t FROM 'good.csv, x.csv' WITH HEADER = TRUE");
        ran.failed(2, &format!("<stdin>:1:x.csv: {why}\n"));
        let script = format!("COPY t FROM STDIN WITH HEADER = TRUE;\n{header}\n1,2,3,4\nDROP TABLE t;\n.\n");
        let ran = place.shell(&[]).stdin(script).run();
        assert!(ran.stderr.ends_with(&format!(":STDIN: {why}\n")) && ran.code() == 2, "{ran:?}");
        assert_eq!(place.cells("t"), Vec::<Row>::new(), "{header}");
    }
}

#[test]
fn what_follows_the_rows_that_were_wanted_is_no_statement() {
    let place = table();
    let script = "COPY t FROM STDIN WITH MAXROWS = 1;\n1,a,10\nDROP TABLE t;\n.\nSELECT id FROM t;\n";
    let ran = place.shell(&[]).stdin(script).run();
    ran.succeeded();
    assert!(ran.stdout.ends_with("(1 rows)\n"), "{ran:?}");
}
