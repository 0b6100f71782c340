//! What a person may have meant by a name or a word that the server does not know.
//!
//! Rather nothing than something silly: only what is a slip of the keys away, and only if no more than two are as near.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::cluster::{Catalogue, KeyspaceNames};
use crate::cql::grammar;
use crate::cql::lexer::{Lexer, TokenKind};
use crate::cql::names::{quote, unquote};
use crate::cql::place::Place;
use crate::cql::tokens::significant;
use crate::cql::types::NativeType;

const FUNCTIONS: &str = include_str!("../../grammar/functions.txt");

/// What kind of thing is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Keyspace,
    Table,
    Column,
    Function,
    Type,
    Index,
    View,
    /// Whatever DESCRIBE finds by its name alone.
    Any,
}

/// How servers, from 3.0 to 5.0, and this shell say that there is no such thing: what stands before and after its name.
const UNKNOWN: [(&str, &str, Kind); 24] = [
    ("Undefined column name ", " in table ", Kind::Column),
    ("Undefined column name ", "\"", Kind::Column),
    ("Undefined name ", " in ", Kind::Column),
    ("Unknown identifier ", "\"", Kind::Column),
    ("Column ", " was not found in table ", Kind::Column),
    ("Invalid column name ", "", Kind::Column),
    ("No column definition found for column ", "\"", Kind::Column),
    ("unconfigured table ", "\"", Kind::Table),
    ("table ", " does not exist", Kind::Table),
    ("Table '", "' doesn't exist", Kind::Table),
    ("Table '", "' not found in keyspace", Kind::Table),
    ("Column family ", " not found", Kind::Table),
    ("keyspace ", " does not exist", Kind::Keyspace),
    ("Keyspace ", " does not exist", Kind::Keyspace),
    ("Keyspace '", "' does not exist", Kind::Keyspace),
    ("Keyspace '", "' doesn't exist", Kind::Keyspace),
    ("Unknown function '", "'", Kind::Function),
    ("Function '", "' doesn't exist", Kind::Function),
    ("Unknown type ", "\"", Kind::Type),
    ("Type '", "' doesn't exist", Kind::Type),
    ("Index '", "' doesn't exist", Kind::Index),
    ("Materialized view '", "' doesn't exist", Kind::View),
    ("'", "' not found in keyspaces", Kind::Keyspace),
    ("'", "' not found in keyspace ", Kind::Any),
];

/// What was meant, to stand after "Did you mean", if the error of a statement is about something unknown that is like
/// something known. The catalogue is only asked for when it is needed.
pub fn meant(
    error: &str,
    statement: &str,
    keyspace: Option<&str>,
    catalogue: impl FnOnce() -> Arc<Catalogue>,
) -> Option<String> {
    if let Some(place) = Place::of_syntax_error(error) {
        return keyword(error, place.rest(statement)?);
    }
    let (name, kind) = unknown(error)?;
    let catalogue = &*catalogue();
    let (given, name) =
        name.rsplit_once('.').map_or((None, name), |(keyspace, name)| (Some(keyspace.to_owned()), name));
    let current = keyspace;
    let keyspace = given.or_else(|| keyspace_of(name, statement)).or_else(|| current.map(str::to_owned));
    let names = keyspace.and_then(|keyspace| catalogue.keyspaces.get(&keyspace));
    let near = match kind {
        Kind::Keyspace => nearest(name, catalogue.keyspaces.keys()),
        Kind::Table => nearest(name, names.into_iter().flat_map(tables)),
        Kind::Column => nearest(name, columns(statement, current, catalogue)),
        Kind::Function => {
            let own = names.into_iter().flat_map(|names| names.functions.iter().chain(&names.aggregates));
            nearest(name, own.map(String::as_str).chain(native_functions()))
        }
        Kind::Type => {
            let native = NativeType::ALL.map(NativeType::name).into_iter().chain(["varchar", "list", "set", "map"]);
            nearest(name, names.into_iter().flat_map(|names| names.types.keys()).map(String::as_str).chain(native))
        }
        Kind::Index => nearest(name, names.into_iter().flat_map(|names| &names.indexes)),
        Kind::View => nearest(name, names.into_iter().flat_map(|names| names.views.keys())),
        Kind::Any => {
            let own = names.into_iter().flat_map(|names| tables(names).chain(&names.indexes));
            nearest(name, catalogue.keyspaces.keys().chain(own))
        }
    };
    let near: Vec<String> = near.into_iter().map(|name| quote(&name)).collect();
    either(&near).or_else(|| matches!(kind, Kind::Table | Kind::Any).then(|| elsewhere(name, catalogue)).flatten())
}

/// What the server names as unknown.
fn unknown(error: &str) -> Option<(&str, Kind)> {
    UNKNOWN.iter().find_map(|(before, after, kind)| {
        error.match_indices(before).find_map(|(start, _)| {
            let rest = error.get(start + before.len()..)?;
            let name = if after.is_empty() { rest } else { rest.split_once(after)?.0 };
            (!name.is_empty() && !name.contains([' ', '\'', '"'])).then_some((name, *kind))
        })
    })
}

/// A keyword in the place of the word that the rest of a statement begins with.
fn keyword(error: &str, rest: &str) -> Option<String> {
    let first = Lexer::new(rest).next().filter(|token| token.kind == TokenKind::Word)?;
    let word = first.text(rest).to_ascii_uppercase();
    let expected =
        error.split("expecting K_").nth(1).and_then(|rest| rest.split(|c: char| !c.is_ascii_alphabetic()).next());
    match expected {
        Some(expected) => either(&nearest(&word, [expected])),
        None if grammar::is_keyword(&word) => None,
        None => either(&nearest(&word, grammar::keywords())),
    }
}

fn tables(names: &KeyspaceNames) -> impl Iterator<Item = &String> {
    names.tables.keys().chain(names.views.keys())
}

/// The columns of those tables that a statement names, with their keyspace before them or in the current one.
fn columns<'a>(statement: &str, current: Option<&str>, catalogue: &'a Catalogue) -> Vec<&'a str> {
    let tokens = significant(statement);
    let names: Vec<String> = tokens.iter().map(|token| unquote(token.text(statement))).collect();
    let named = names.iter().enumerate().filter_map(|(at, name)| {
        let keyspace = match &names[..at] {
            [.., keyspace, dot] if dot == "." => keyspace,
            _ => current?,
        };
        Some((keyspace, name.as_str()))
    });
    let tables: BTreeSet<(&str, &str)> = named.collect();
    let found = tables.into_iter().filter_map(|(keyspace, table)| {
        let names = catalogue.keyspaces.get(keyspace)?;
        names.tables.get(table).or_else(|| names.views.get(table))
    });
    found.flat_map(|table| &table.columns).map(|column| column.name.as_str()).collect()
}

/// The keyspace that stands before a name in a statement.
fn keyspace_of(name: &str, statement: &str) -> Option<String> {
    let tokens = significant(statement);
    let found = tokens
        .windows(3)
        .find(|tokens| tokens[1].text(statement) == "." && unquote(tokens[2].text(statement)) == name)?;
    Some(unquote(found[0].text(statement)))
}

/// A table of this very name in other keyspaces.
fn elsewhere(name: &str, catalogue: &Catalogue) -> Option<String> {
    let has = |names: &KeyspaceNames| names.tables.contains_key(name) || names.views.contains_key(name);
    let found = catalogue.keyspaces.iter().filter(|(_, names)| has(names));
    let found: Vec<String> = found.map(|(keyspace, _)| format!("{}.{}", quote(keyspace), quote(name))).collect();
    either(&found)
}

fn native_functions<'a>() -> impl Iterator<Item = &'a str> {
    FUNCTIONS.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace)
}

/// One name, or one of two.
fn either(names: &[String]) -> Option<String> {
    match names {
        [name] => Some(name.clone()),
        [one, other] => Some(format!("{one} or {other}")),
        _ => None,
    }
}

/// Those names that are nearest to what was typed, if they are near: a slip in a short name, three in a long one.
fn nearest<N: AsRef<str>>(typed: &str, names: impl IntoIterator<Item = N>) -> Vec<String> {
    let lower = typed.to_lowercase();
    let mut allowed = match typed.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    let mut near = BTreeSet::new();
    for name in names {
        let name = name.as_ref();
        if name == typed {
            // It is something else that is wrong with it.
            return Vec::new();
        }
        let distance = strsim::osa_distance(&lower, &name.to_lowercase());
        if distance < allowed {
            near.clear();
        }
        if distance <= allowed {
            allowed = distance;
            near.insert(name.to_owned());
        }
    }
    near.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{ColumnKind, TableColumn, TableNames};

    fn catalogue() -> Arc<Catalogue> {
        let column =
            |name: &str| TableColumn { name: name.to_owned(), kind: ColumnKind::Regular, type_text: "int".to_owned() };
        let table = |columns: &[&str]| TableNames {
            columns: columns.iter().map(|name| column(name)).collect(),
            ..TableNames::default()
        };
        let mut shop = KeyspaceNames::default();
        shop.tables.insert("orders".to_owned(), table(&["id", "customer", "total", "Price"]));
        shop.tables.insert("Mixed".to_owned(), table(&["other"]));
        shop.tables.insert("day_1".to_owned(), table(&[]));
        shop.tables.insert("day_2".to_owned(), table(&[]));
        shop.tables.insert("day_3".to_owned(), table(&[]));
        shop.views.insert("by_customer".to_owned(), table(&["customer"]));
        shop.indexes.push("orders_total".to_owned());
        shop.functions.push("discount".to_owned());
        shop.types.insert("address".to_owned(), Vec::new());
        let mut catalogue = Catalogue::default();
        catalogue.keyspaces.insert("shop".to_owned(), shop);
        catalogue.keyspaces.insert("staff".to_owned(), KeyspaceNames::default());
        Arc::new(catalogue)
    }

    // The errors are what servers, from 3.11 to 5.0, said to these statements.

    #[test]
    fn a_slip_of_the_keys_is_known_for_what_was_meant() {
        let invalid = |message: &str| {
            format!("InvalidRequest: Error from server: code=2200 [Invalid query] message=\"{message}\"")
        };
        for (statement, error, expected) in [
            (
                "SELCT * FROM t",
                "SyntaxException: line 1:0 no viable alternative at input 'SELCT' ([SELCT]...)".to_owned(),
                "SELECT",
            ),
            (
                "SELECT * FORM t",
                "SyntaxException: line 1:9 mismatched input 'FORM' expecting K_FROM (SELECT * [FORM]...)".to_owned(),
                "FROM",
            ),
            (
                "SELECT * FROM t WHRE",
                "SyntaxException: line 1:16 no viable alternative at input 'WHRE'".to_owned(),
                "WHERE",
            ),
            (
                "SELECT * FROM t\nORDR BY a",
                "SyntaxException: line 2:0 no viable alternative at input 'ORDR'".to_owned(),
                "ORDER",
            ),
            (
                "CREATE TABEL x",
                "SyntaxException: line 1:7 no viable alternative at input 'TABEL' ([CREATE] TABEL...)".to_owned(),
                "TABLE",
            ),
            (
                "SELECT a FROM t ALOW FILTERING",
                "SyntaxException: line 1:16 no viable alternative at input 'ALOW'".to_owned(),
                "ALLOW",
            ),
            ("SELECT * FROM ordrs", invalid("table ordrs does not exist"), "orders"),
            ("SELECT * FROM ordrs", invalid("unconfigured table ordrs"), "orders"),
            ("SELECT * FROM mixed", invalid("table mixed does not exist"), "\"Mixed\""),
            ("DROP TABLE ordrs", invalid("Table 'shop.ordrs' doesn't exist"), "orders"),
            ("SELECT * FROM by_custmer", invalid("table by_custmer does not exist"), "by_customer"),
            ("SELECT * FROM shp.orders", invalid("keyspace shp does not exist"), "shop"),
            ("USE shp", invalid("Keyspace 'shp' does not exist"), "shop"),
            ("SELECT custmer FROM orders", invalid("Undefined column name custmer in table shop.orders"), "customer"),
            ("SELECT custmer FROM orders", invalid("Undefined column name custmer"), "customer"),
            ("SELECT price FROM orders", invalid("Undefined column name price in table shop.orders"), "\"Price\""),
            (
                "ALTER TABLE orders DROP custmer",
                invalid("Column custmer was not found in table 'shop.orders'"),
                "customer",
            ),
            ("COPY orders (totl) TO 'x'", "Invalid column name totl".to_owned(), "total"),
            ("SELECT toTimestmp(now()) FROM orders", invalid("Unknown function 'totimestmp'"), "totimestamp"),
            ("SELECT discont(id) FROM orders", invalid("Unknown function 'discont'"), "discount"),
            ("CREATE TABLE x (id int PRIMARY KEY, a txt)", invalid("Unknown type shop.txt"), "text"),
            ("DROP TYPE adress", invalid("Type 'shop.adress' doesn't exist"), "address"),
            ("DROP INDEX order_total", invalid("Index 'shop.order_total' doesn't exist'"), "orders_total"),
            ("DESCRIBE TABLE ordrs", "Table 'ordrs' not found in keyspace 'shop'".to_owned(), "orders"),
            ("DESCRIBE KEYSPACE shp", "'shp' not found in keyspaces".to_owned(), "shop"),
            ("DESCRIBE shp", "'shp' not found in keyspace 'shop'".to_owned(), "shop"),
            ("SELECT * FROM day_4", invalid("table day_4 does not exist"), ""),
            ("SELECT * FROM zebra", invalid("table zebra does not exist"), ""),
            ("SELECT * FROM t x", "SyntaxException: line 1:16 no viable alternative at input 'x'".to_owned(), ""),
            (
                "SELECT zebra stripes",
                "SyntaxException: line 1:13 no viable alternative at input 'stripes'".to_owned(),
                "",
            ),
            ("SELECT FROM t", "SyntaxException: line 1:7 no viable alternative at input 'FROM'".to_owned(), ""),
            ("SELECT a FROM t", invalid("Cannot execute this query as it might involve data filtering"), ""),
        ] {
            let found = meant(&error, statement, Some("shop"), catalogue);
            assert_eq!(found.unwrap_or_default(), expected, "{statement}: {error}");
        }
    }

    #[test]
    fn a_name_is_looked_for_where_it_was_said_to_be_and_then_elsewhere() {
        let error = "table orders does not exist";
        assert_eq!(meant(error, "SELECT * FROM staff.orders", None, catalogue).as_deref(), Some("shop.orders"));
        assert_eq!(meant(error, "SELECT * FROM orders", Some("staff"), catalogue).as_deref(), Some("shop.orders"));
        let error = "table ordrs does not exist";
        assert_eq!(meant(error, "SELECT * FROM \"shop\".ordrs", Some("staff"), catalogue).as_deref(), Some("orders"));
        assert_eq!(meant(error, "SELECT * FROM Shop.\n ordrs", Some("staff"), catalogue).as_deref(), Some("orders"));
        assert_eq!(meant(error, "SELECT * FROM ordrs", Some("staff"), catalogue), None);
        assert_eq!(meant(error, "SELECT * FROM ordrs", Some("shop"), Arc::default), None);
    }

    #[test]
    fn a_column_is_looked_for_in_the_tables_that_the_statement_names() {
        let error = "Undefined column name custmer in table shop.orders";
        for (statement, keyspace) in [
            ("SELECT custmer FROM shop.orders", None),
            ("SELECT custmer FROM \"shop\" . by_customer", Some("staff")),
            ("INSERT INTO shop.orders (custmer) VALUES (1)", Some("staff")),
        ] {
            assert_eq!(meant(error, statement, keyspace, catalogue).as_deref(), Some("customer"), "{statement}");
        }
        assert_eq!(meant(error, "SELECT custmer FROM orders", None, catalogue), None);
        assert_eq!(meant(error, "SELECT custmer FROM staff.orders", Some("shop"), catalogue), None);
    }

    #[test]
    fn two_that_are_as_near_are_both_told() {
        assert_eq!(nearest("tota", ["total", "totals", "toto"]), ["total", "toto"]);
        assert_eq!(either(&["total".to_owned(), "toto".to_owned()]).as_deref(), Some("total or toto"));
    }
}
