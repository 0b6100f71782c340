//! What goes out comes back: the proof reads the cells' bytes, which were bound, never printed.

use super::bytes::{Row, elements, hex, int, text};
use super::place::{Place, assert_same};
use super::values::{self, MARKER};
use crate::support::node;

/// Copies the table out, empties it, copies it in.
#[track_caller]
pub fn assert_comes_back(place: &Place<'_>, table: &str, columns: &str, options: &str) {
    let before = place.cells(table);
    let copied = format!(
        "COPY {table} {columns} TO 'out.csv' {options}; TRUNCATE {table}; COPY {table} {columns} FROM 'out.csv' {options};"
    );
    let ran = place.run(&copied);
    assert!(ran.code() == 0 && ran.stderr.is_empty(), "{options}\n{ran:?}");
    let whole = format!("\n{} rows imported from 1 files in ", before.len());
    assert!(ran.stdout.contains(&whole), "{options}\n{ran:?}");
    assert_same(&before, &place.cells(table), options);
}

fn everything() -> Place<'static> {
    let columns = values::columns();
    let place = Place::new(&format!("{}; {}", values::TYPES, values::create("t", &columns)));
    let rows = values::rows(&columns);
    let names: Vec<&str> = ["id"].into_iter().chain(columns.iter().map(|(name, ..)| *name)).collect();
    place.insert("t", &names, &rows);
    let mut sorted = rows;
    sorted.sort();
    assert_same(&sorted, &place.cells("t"), "the server has what was bound");
    place
}

#[test]
fn every_value_of_every_type_comes_back_with_default_options() {
    assert_comes_back(&everything(), "t", "", "");
}

#[test]
fn every_value_of_every_type_comes_back_with_a_marker_for_null_and_names_on_top() {
    let place = everything();
    assert_comes_back(&place, "t", "", &format!("WITH HEADER = TRUE AND NULL = '{MARKER}'"));
    assert_comes_back(&place, "t", "", "WITH NULL = 'null'");
    assert_comes_back(&place, "t", "", "WITH NULL = '\\N'");
}

#[test]
fn every_value_of_every_type_comes_back_in_other_dialects() {
    let place = everything();
    for options in [
        "WITH ESCAPE = '\"'",
        "WITH ESCAPE = '\"' AND HEADER = TRUE AND NULL = 'NULL'",
        "WITH DELIMITER = ';' AND QUOTE = '''' AND NULL = 'it''s'",
        "WITH DELIMITER = '\t' AND QUOTE = '|' AND ESCAPE = '^'",
        "WITH DELIMITER = '§' AND QUOTE = '»' AND ESCAPE = '»' AND HEADER = TRUE",
        "WITH DELIMITER = '1' AND QUOTE = '2' AND ESCAPE = '3' AND NULL = '4'",
    ] {
        assert_comes_back(&place, "t", "", options);
    }
}

#[test]
fn every_value_of_every_type_comes_back_in_rfc_4180() {
    let place = everything();
    assert_comes_back(&place, "t", "", "WITH DIALECT = 'rfc4180'");
    assert_comes_back(&place, "t", "", "WITH DIALECT = 'rfc4180' AND HEADER = TRUE AND NULL = 'NULL'");
}

#[test]
fn every_value_of_every_type_comes_back_in_statements_of_text() {
    let place = everything();
    assert_comes_back(&place, "t", "", "WITH PREPAREDSTATEMENTS = FALSE");
    assert_comes_back(&place, "t", "", "WITH PREPAREDSTATEMENTS = FALSE AND NULLS = 'unset' AND NULL = 'null'");
}

#[test]
fn every_value_of_every_type_comes_back_in_many_files() {
    let place = everything();
    let before = place.cells("t");
    place.run("COPY t TO 'out.csv' WITH MAXOUTPUTSIZE = 7 AND HEADER = TRUE; TRUNCATE t").succeeded();
    assert_eq!(place.files().len(), before.len().div_ceil(7));
    place.run("COPY t FROM 'out.csv*' WITH HEADER = TRUE").succeeded();
    assert_same(&before, &place.cells("t"), "many files");
}

#[test]
fn every_value_of_every_type_comes_back_through_pipes() {
    let place = everything();
    let before = place.cells("t");
    let exported = place.run("COPY t TO STDOUT");
    exported.succeeded();
    place.run("TRUNCATE t").succeeded();
    let imported = place.cqlsh("COPY t FROM STDIN").stdin(exported.stdout).run();
    imported.succeeded();
    assert_same(&before, &place.cells("t"), "STDOUT to STDIN");
}

#[test]
fn columns_come_back_in_any_order() {
    let place = Place::new("CREATE TABLE t (k text, c int, \"Mixed, \"\"Case\" text, v text, PRIMARY KEY (k, c))");
    let rows: Vec<Row> = values::texts()
        .iter()
        .filter(|text| !text.is_empty())
        .enumerate()
        .map(|(i, text)| vec![Some(text.clone()), int(i as i32), None, Some(text.clone())])
        .filter(|row| row[0].as_ref().is_some_and(|key| key.len() < 65_536))
        .collect();
    place.insert("t", &["k", "c", "\"Mixed, \"\"Case\"", "v"], &rows);
    assert_comes_back(&place, "t", "(v, \"Mixed, \"\"Case\", c, k)", "WITH HEADER = TRUE");
    let header = place.read("out.csv").split_once("\r\n").map(|(header, _)| header.to_owned());
    // Recorded from Apache cqlsh 6.2.2.
    assert_eq!(header.as_deref(), Some("v,\"Mixed, \\\"Case\",c,k"));
}

#[test]
fn keys_of_nothing_and_of_anything_come_back() {
    let place = Place::new("CREATE TABLE t (a text, b blob, c text, v text, PRIMARY KEY ((a, b), c))");
    let keys = values::texts();
    let row = |i: usize| {
        let key = |at: usize| Some(keys[at % keys.len()].clone()).filter(|key| key.len() < 60_000).or(text("short"));
        vec![key(i), key(i + 1), key(i + 2), Some(keys[i].clone())] as Row
    };
    let rows: Vec<Row> = (0..keys.len()).map(row).collect();
    place.insert("t", &["a", "b", "c", "v"], &rows);
    assert_comes_back(&place, "t", "", "");
    assert_comes_back(&place, "t", "", &format!("WITH NULL = '{MARKER}'"));
}

#[test]
fn a_null_inside_a_frozen_collection_needs_a_text_for_null() {
    let place = Place::new("CREATE TABLE t (id int PRIMARY KEY, l frozen<list<int>>)");
    let with_null = [&hex("00000002 00000004 00000001")[..], &(-1i32).to_be_bytes()].concat();
    place.insert("t", &["id", "l"], &[vec![int(1), Some(with_null)]]);
    let refused = place.run("COPY t TO 'out.csv'");
    assert_eq!(refused.code(), 2, "{refused:?}");
    assert!(
        refused.stderr.contains("a null inside a collection can be written with a text for NULL only"),
        "{refused:?}"
    );
    assert_eq!(place.files(), Vec::<String>::new());
    assert_comes_back(&place, "t", "", "WITH NULL = 'null'");
}

#[test]
fn static_columns_and_empty_collections_come_back() {
    let place = Place::new("CREATE TABLE t (k int, c int, s text STATIC, l list<int>, v text, PRIMARY KEY (k, c))");
    let one = elements([&hex("00000001")]);
    place.insert(
        "t",
        &["k", "c", "s", "l", "v"],
        &[
            vec![int(1), int(1), text("static, \"\n"), Some(one), text("")],
            vec![int(1), int(2), text("static, \"\n"), Some(elements([])), None],
            vec![int(2), int(1), None, None, None],
        ],
    );
    assert_comes_back(&place, "t", "", "");
}

/// A small table on a node of that release.
fn assert_comes_back_on(version: cqlsh::sandbox::Version) {
    let own = node::own(&node::builder(version));
    let place = Place::on(
        &own.node,
        "CREATE TYPE pair (a int, b text);
         CREATE TABLE t (id int PRIMARY KEY, t text, f float, ts timestamp, du duration, l list<text>, p frozen<pair>, \
         c 'org.apache.cassandra.db.marshal.LexicalUUIDType', \
         d list<'org.apache.cassandra.db.marshal.LexicalUUIDType'>)",
    );
    let float = hex("7fc00001");
    let row = |id: i32, t: &str| {
        let duration = hex("02 04 06");
        let pair = [&[0xff; 4][..], &super::bytes::sized(Some(t.as_bytes()))].concat();
        let list = elements([t.as_bytes(), b""]);
        let time = hex("8000000000000000");
        let custom = hex("550e8400 e29b41d4 a7164466 55440000");
        let customs = elements([&custom[..], &custom]);
        let first = vec![int(id), text(t), Some(float.clone()), Some(time), Some(duration), Some(list), Some(pair)];
        [first, vec![Some(custom), Some(customs)]].concat()
    };
    let mut rows: Vec<Row> =
        (0..300).zip(values::texts().iter().cycle()).map(|(id, t)| row(id, str::from_utf8(t).unwrap())).collect();
    rows.push([vec![int(-1)], vec![None; 8]].concat());
    rows.retain(|row| row[1].as_ref().is_none_or(|text| text.len() < 1000));
    place.insert("t", &["id", "t", "f", "ts", "du", "l", "p", "c", "d"], &rows);
    assert_eq!(place.cells("t").len(), rows.len());
    assert_comes_back(&place, "t", "", "");
    assert_comes_back(&place, "t", "(d, c, p, l, du, ts, f, t, id)", "WITH HEADER = TRUE AND NULL = 'null'");
}

#[test]
fn rows_come_back_on_3_11() {
    assert_comes_back_on(cqlsh::sandbox::Version::V3_11);
}

#[test]
fn rows_come_back_on_4_0() {
    assert_comes_back_on(cqlsh::sandbox::Version::V4_0);
}

#[test]
fn rows_come_back_on_4_1() {
    assert_comes_back_on(cqlsh::sandbox::Version::V4_1);
}
