//! Columns of custom types, which the driver cannot read: they are copied by their bytes.

use super::lossless::assert_comes_back;
use super::place::Place;

const LEXICAL: &str = "'org.apache.cassandra.db.marshal.LexicalUUIDType'";
const DYNAMIC: &str = "'org.apache.cassandra.db.marshal.DynamicCompositeType(s=>org.apache.cassandra.db.marshal.UTF8Type, \
                       i=>org.apache.cassandra.db.marshal.Int32Type)'";
const DATE: &str = "'org.apache.cassandra.db.marshal.DateType'";

fn everywhere() -> Place<'static> {
    let id = "550e8400-e29b-41d4-a716-446655440000";
    Place::new(&format!(
        "CREATE TYPE holder (x int, y {LEXICAL}); \
         CREATE TABLE t (k {LEXICAL}, \"c?\" {LEXICAL}, s {LEXICAL} static, d {DYNAMIC}, l list<{LEXICAL}>, \
         m map<text, {LEXICAL}>, n map<{LEXICAL}, int>, t tuple<int, {LEXICAL}>, u holder, v vector<{LEXICAL}, 1>, \
         o vector<{DATE}, 1>, PRIMARY KEY (k, \"c?\")) WITH CLUSTERING ORDER BY (\"c?\" DESC); \
         INSERT INTO t (k, \"c?\", s, d, l, m, n, t, u, v, o) VALUES ({id}, {id}, {id}, 's@hello:i@42', [{id}, {id}], \
         {{'k': {id}}}, {{{id}: 1}}, (1, {id}), {{x: 1, y: {id}}}, [{id}], [1577923200123]); \
         INSERT INTO t (k, \"c?\", t, u) VALUES ({id}, 27221e5c-5c62-4e27-a2e6-225c00ff7f0a, (1, null), {{x: 1}}); \
         INSERT INTO t (k, s) VALUES (27221e5c-5c62-4e27-a2e6-225c00ff7f0a, 0x); \
         INSERT INTO t (k, \"c?\", d, l) VALUES (27221e5c-5c62-4e27-a2e6-225c00ff7f0b, {id}, 0x, [{id}])"
    ))
}

#[test]
fn custom_types_come_back_wherever_they_stand() {
    let place = everywhere();
    assert_comes_back(&place, "t", "", "");
    assert_comes_back(&place, "t", "", "WITH HEADER = TRUE AND NULL = 'null'");
    assert_comes_back(&place, "t", "", "WITH PREPAREDSTATEMENTS = FALSE");
}

#[test]
fn custom_types_are_written_as_their_bytes() {
    let place = Place::new(&format!(
        "CREATE TABLE t (id int PRIMARY KEY, c {LEXICAL}, l list<{LEXICAL}>); \
         INSERT INTO t (id, c, l) VALUES (1, 550e8400-e29b-41d4-a716-446655440000, [27221e5c-5c62-4e27-a2e6-225c00ff7f0a])"
    ));
    let ran = place.run("COPY t TO STDOUT");
    ran.succeeded();
    assert_eq!(ran.stdout, "1,0x550e8400e29b41d4a716446655440000,[0x27221e5c5c624e27a2e6225c00ff7f0a]\r\n");
}

#[test]
fn many_rows_of_custom_types_come_back() {
    let place = Place::new(&format!("CREATE TABLE t (k int, c int, v {LEXICAL}, PRIMARY KEY (k, c))"));
    let rows: String = (0..3000).map(|i| format!("{},{i},0x{i:032x}\n", i % 40)).collect();
    place.write("t.csv", rows);
    place.run("COPY t FROM 't.csv'").succeeded();
    assert_eq!(place.cells("t").len(), 3000);
    assert_comes_back(&place, "t", "", "WITH PAGESIZE = 7");
}

#[test]
fn a_value_that_is_none_of_the_custom_type_fails_alone() {
    let place = Place::new(&format!("CREATE TABLE t (id int PRIMARY KEY, c {LEXICAL})"));
    let good = "0x550e8400e29b41d4a716446655440000";
    place.write("t.csv", format!("1,{good}\n2,0x01\n3,nothing\n4,{good}\n"));
    let ran = place.run("COPY t FROM 't.csv' WITH ERRFILE = 'bad.err'");
    assert_eq!(ran.code(), 2, "{ran:?}");
    assert!(ran.stdout.contains("\n2 rows imported from 1 files in "), "{ran:?}");
    let mut bad: Vec<_> = place.read("bad.err").lines().map(str::to_owned).collect();
    bad.sort();
    assert_eq!(bad, ["2,0x01", "3,nothing"]);
}
