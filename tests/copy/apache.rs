//! Files that Apache cqlsh and we exchange.
//!
//! `apache/table.cql` makes a table whose values Apache cqlsh 6.2.2 can import. `apache/apache.csv` is its export of them
//! and `apache/ours.csv` is ours, both `WITH HEADER = TRUE AND NULL = 'N/A'` and `TZ=UTC`. It was seen by the cells' bytes
//! that its import of ours gives the table again, and its import of its own the table after `apache/losses.cql`. (After ours
//! it waits 90 seconds and reports an error, because a text with a line break makes fewer rows than lines.)

use super::bytes::{elements, int, text};
use super::place::{Place, assert_same};

const TABLE: &str = include_str!("apache/table.cql");
const LOSSES: &str = include_str!("apache/losses.cql");
/// What its file does not tell: digits of a float, and the end of the calendar.
const DIGITS: &str = include_str!("apache/digits.cql");
/// A table and what Apache cqlsh 6.2.2 exported of it with three markers for null.
const ESCAPED: &str = include_str!("apache/escaped.cql");
const APACHE: &str = include_str!("apache/apache.csv");
const OURS: &str = include_str!("apache/ours.csv");
const OPTIONS: &str = "WITH HEADER = TRUE AND NULL = 'N/A'";

#[test]
fn what_apache_cqlsh_exported_is_imported_to_what_it_imports_itself() {
    let place = Place::new(&format!("{TABLE}{LOSSES}"));
    let expected = place.cells("t");
    assert_eq!(expected.len(), 7);
    place.write("apache.csv", APACHE);
    let ran = place.run(&format!("TRUNCATE t; COPY t FROM 'apache.csv' {OPTIONS}"));
    let notice = "apache.csv:5: Apache cqlsh writes \\n for a line break, and it was read as it stands. If that program wrote \
                  the file, import it WITH DIALECT = 'cqlsh'.\n";
    assert_eq!((ran.code(), ran.stderr.as_str()), (0, notice), "{ran:?}");
    assert_same(&expected, &place.cells("t"), "apache.csv");
}

#[test]
fn what_apache_cqlsh_exported_is_read_as_it_was_meant_when_one_says_so() {
    let place = Place::new(&format!("{TABLE}{DIGITS}"));
    let expected = place.cells("t");
    place.write("apache.csv", APACHE);
    place.run(&format!("TRUNCATE t; COPY t FROM 'apache.csv' {OPTIONS} AND DIALECT = 'cqlsh'")).succeeded();
    assert_same(&expected, &place.cells("t"), "apache.csv");
}

/// Texts, keys, nulls inside of values, days out of Python's calendar: what its own import loses or refuses.
#[test]
fn whatever_its_files_still_determine_is_read() {
    let place = Place::new(ESCAPED);
    let expected = place.cells("e");
    assert_eq!(expected.len(), 10);
    for (file, options) in [
        (include_str!("apache/escaped.csv"), "HEADER = TRUE AND NULL = 'N/A'"),
        (include_str!("apache/escaped_backslash.csv"), "NULL = '\\N'"),
    ] {
        place.write("e.csv", file);
        place.run(&format!("TRUNCATE e; COPY e FROM 'e.csv' WITH {options} AND DIALECT = 'cqlsh'")).succeeded();
        assert_same(&expected, &place.cells("e"), options);
    }
    // Without a marker an empty text is a null, unless it is in a key.
    place.run("DELETE t FROM e WHERE k = 'k' AND c = '' AND id = 3").succeeded();
    let expected = place.cells("e");
    place.write("e.csv", include_str!("apache/escaped_nothing.csv"));
    place.run("TRUNCATE e; COPY e FROM 'e.csv' WITH HEADER = TRUE AND DIALECT = 'cqlsh'").succeeded();
    assert_same(&expected, &place.cells("e"), "no marker");
}

/// The fields are as Python 3.9's csv module writes what cqlsh hands to it.
#[test]
fn its_files_of_an_older_python_are_read_too() {
    let place = Place::new("CREATE TABLE t (id int PRIMARY KEY, v text)");
    let records = ["1,\"C:\\\\new\"", "2,\"two\\nlines, \\\"\\\\\\\"\"", "3,\"\\\\N\"", "4,q\\\"q", "5,plain"];
    place.write("t.csv", records.map(|record| format!("{record}\r\n")).concat());
    place.run("COPY t FROM 't.csv' WITH DIALECT = 'cqlsh-python3.9' AND NULL = '\\N'").succeeded();
    let expected = [Some("C:\\new"), Some("two\nlines, \"\\\""), None, Some("q\"q"), Some("plain")];
    let expected: Vec<_> = (1..).zip(expected).map(|(id, v)| vec![int(id), v.and_then(text)]).collect();
    assert_eq!(place.cells("t"), expected);
}

#[test]
fn what_it_never_writes_is_refused_row_by_row() {
    let place = Place::new("CREATE TABLE t (id int PRIMARY KEY, v text)");
    place.write("t.csv", "1,C:\\\\dir\n2,\\\\n\n");
    let ran = place.run("COPY t FROM 't.csv' WITH DIALECT = 'cqlsh'");
    assert!(ran.stderr.contains("Failed to parse C:\\dir : Apache cqlsh does not write \\d, "), "{ran:?}");
    assert_eq!((ran.code(), place.cells("t")), (2, vec![vec![int(2), text("\n")]]));
}

#[test]
fn our_own_files_are_not_taken_for_its_files() {
    let place = Place::new("CREATE TABLE t (id int PRIMARY KEY, v text, l list<text>)");
    let texts = ["\\n", "two\\nlines", "C:\\\\dir", "\\", "\\x1b[0m", "a, \\t", "\\\"", "\\N"];
    let rows: Vec<_> = (1..).zip(texts).map(|(id, t)| vec![int(id), text(t), Some(elements([t.as_bytes()]))]).collect();
    place.insert("t", &["id", "v", "l"], &rows);
    for options in ["NULL = ''", "NULL = '\\N'", "NULL = '\\n'", "ESCAPE = '\"'", "DELIMITER = '|' AND ESCAPE = '^'"] {
        let ran = place.run(&format!("COPY t TO 't.csv' WITH {options}; COPY t FROM 't.csv' WITH {options}"));
        assert!(ran.code() == 0 && ran.stderr.is_empty(), "{options} {ran:?}");
    }
}

#[test]
fn what_apache_cqlsh_imports_without_loss_is_what_we_still_write() {
    let place = Place::new(TABLE);
    place.run(&format!("COPY t TO 'ours.csv' {OPTIONS}")).succeeded();
    assert_eq!(place.read("ours.csv"), OURS);
    let expected = place.cells("t");
    place.run(&format!("TRUNCATE t; COPY t FROM 'ours.csv' {OPTIONS}")).succeeded();
    assert_same(&expected, &place.cells("t"), "ours.csv");
}
