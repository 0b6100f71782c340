mod known;
mod network;
mod recorded;
mod schema;

use proptest::prelude::*;

use super::*;
use schema::{Schema, ask, schema};

#[test]
fn what_all_candidates_begin_with_is_inserted() {
    let found = ask("CONSISTENCY loc");
    assert_eq!(found.candidates, ["LOCAL_ONE", "LOCAL_QUORUM", "LOCAL_SERIAL"]);
    assert_eq!((found.replaced, found.inserted()), (3, Some("LOCAL_")));
}

#[test]
fn with_hints_nothing_is_inserted() {
    let found = ask("SELECT * FROM users LIMIT ");
    assert_eq!((found.inserted(), found.listed()), (None, vec!["", "<wholenumber>"]));
}

#[test]
fn before_the_schema_is_read_a_name_is_one_way_among_others() {
    let unread = Schema::default();
    for before in ["ALTER KEYSPACE ", "DROP KEYSPACE ", "SELECT * FROM "] {
        let found = complete(before, Some("shop"), &unread);
        assert!(found.inserted().is_none() && found.hints.contains(&"<identifier>".to_owned()), "{before}: {found:?}");
    }
}

#[test]
fn nothing_is_offered_in_a_comment() {
    for before in ["-- ", "SELECT -- a ", "// sel", "/* sel", "SELECT /* * FROM "] {
        assert_eq!(ask(before), Completion { replaced: ask(before).replaced, ..Completion::default() }, "{before}");
    }
    assert!(!ask("-- a\nSELECT ").listed().is_empty());
}

#[test]
fn nothing_is_offered_after_what_is_no_cql() {
    for before in ["SELECT § ", "nosuch ", "SELECT FROM WHERE ", "$$ SEL"] {
        assert!(ask(before).listed().is_empty(), "{before}");
    }
}

/// Long texts take the walk as many steps as they have tokens: this would not end if ways were counted.
#[test]
fn long_statements_are_walked_once() {
    let insert = "INSERT INTO users (id, name, tags) VALUES (1, 'x', {'a', 'b', 'c'}) IF NOT EXISTS USING TTL 5;\n";
    let batch = format!("BEGIN BATCH\n{}UPDATE hits SET n = n + ", insert.repeat(300));
    assert_eq!(ask(&batch).hints, ["<wholenumber>"]);
    let nested = format!("SELECT * FROM users WHERE id = {}1{} AND na", "[".repeat(200), "]".repeat(200));
    assert_eq!(ask(&nested).candidates, ["name "]);
}

#[test]
fn earlier_statements_do_not_matter() {
    let found = ask("INSERT INTO users (id, name) VALUES (1, 'x'); INSERT INTO users (");
    assert_eq!(found.candidates, ["id "]);
    let found = ask("BEGIN BATCH INSERT INTO users (id, name) VALUES (1, 'x'); INSERT INTO users (");
    assert_eq!(found.candidates, ["id "]);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(before in "\\PC*", keyspace in proptest::option::of("\\PC*")) {
        let found = complete(&before, keyspace.as_deref(), &schema());
        prop_assert!(before.is_char_boundary(before.len() - found.replaced));
    }

    #[test]
    fn no_tokens_make_it_panic(tokens in proptest::collection::vec(prop::sample::select(TOKENS), 0..20)) {
        let found = ask(&tokens.concat());
        prop_assert!(found.inserted().is_none() || !found.candidates.is_empty());
    }
}

const TOKENS: &[&str] = &[
    "SELECT ",
    "INSERT ",
    "INTO ",
    "users ",
    "(",
    ")",
    ",",
    "id ",
    "'",
    "\"",
    "WHERE ",
    "FROM ",
    "=",
    " ",
    "\n",
    ";",
    "{",
    "[",
    "}",
    "]",
    ".",
    "COPY ",
    "WITH ",
    "CREATE ",
    "TABLE ",
    "BEGIN ",
    "BATCH ",
    "-- ",
    "/*",
    "$$",
    "1.5",
    "é",
    "VALUES ",
    "AND ",
    "SET ",
    "UPDATE ",
    "work",
    "tags ",
    "ORDER ",
    "BY ",
    "compaction = {'class': '",
];
