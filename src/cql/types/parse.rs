//! The text of a type, as `system_schema` holds it, turned into the type.

use std::sync::Arc;

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{all_consuming, map_res};
use nom::multi::separated_list1;
use nom::sequence::{delimited, pair, preceded, terminated};
use thiserror::Error;

use super::{CqlType, NativeType, UserType};
use crate::cql::lexer::TokenKind;
use crate::cql::names::{quote, unquote, unquote_literal};
use crate::cql::tokens::{Read, Tokens, any_word, kind, sign, significant, word};

/// How deep types may nest; the text decides how far the parser recurses.
const DEEPEST: usize = 100;

/// The class behind `empty`, the type of the value column that compact tables of old have.
const EMPTY_CLASS: &str = "org.apache.cassandra.db.marshal.EmptyType";

/// Why a text is no type.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TypeError {
    /// The text is not written like a type.
    #[error("'{0}' is not a CQL type")]
    Malformed(String),
    /// There is no user type of this (unquoted) name.
    #[error("unknown user type {}", quote(.0))]
    UnknownUserType(String),
}

/// The type that a text stands for. `user_type` finds a user type by its unquoted name; the keyspace is its business.
///
/// # Errors
/// If the text is malformed, or names a user type that `user_type` does not find.
pub fn parse(text: &str, user_type: impl Fn(&str) -> Option<Arc<UserType>>) -> Result<CqlType, TypeError> {
    let tokens = significant(text);
    match all_consuming(written(DEEPEST)).parse(Tokens::new(&tokens, text)) {
        Ok((_, written)) => written.resolve(&user_type),
        Err(_) => Err(TypeError::Malformed(text.to_owned())),
    }
}

/// A type as written, its user types still names.
#[derive(Debug, Clone)]
enum Written {
    Native(NativeType),
    Custom(String),
    UserType(String),
    List(Box<Self>),
    Set(Box<Self>),
    Map(Box<Self>, Box<Self>),
    Tuple(Vec<Self>),
    Vector(Box<Self>, usize),
}

impl Written {
    fn resolve(self, user_type: &impl Fn(&str) -> Option<Arc<UserType>>) -> Result<CqlType, TypeError> {
        let inner = |written: Box<Self>| written.resolve(user_type).map(Box::new);
        Ok(match self {
            Self::Native(native) => CqlType::Native(native),
            Self::Custom(class) => CqlType::Custom(class),
            Self::UserType(name) => match user_type(&name) {
                Some(found) => CqlType::UserType(found),
                None => return Err(TypeError::UnknownUserType(name)),
            },
            Self::List(element) => CqlType::List(inner(element)?),
            Self::Set(element) => CqlType::Set(inner(element)?),
            Self::Map(key, value) => CqlType::Map(inner(key)?, inner(value)?),
            Self::Tuple(elements) => CqlType::Tuple(
                elements.into_iter().map(|element| element.resolve(user_type)).collect::<Result<_, _>>()?,
            ),
            Self::Vector(element, dimensions) => CqlType::Vector(inner(element)?, dimensions),
        })
    }
}

fn written<'a>(depth: usize) -> impl Fn(Tokens<'a>) -> Read<'a, Written> {
    move |input| {
        // A word counts as a parametrised type only when `<` follows.
        if depth > 0 && input.text(1) == "<" {
            parametrised(depth - 1, input)
        } else {
            alt((plain, quoted_name, class)).parse(input)
        }
    }
}

fn parametrised(depth: usize, input: Tokens<'_>) -> Read<'_, Written> {
    let one = || delimited(sign("<"), written(depth), sign(">"));
    let list = preceded(word("list"), one()).map(|element| Written::List(element.into()));
    let set = preceded(word("set"), one()).map(|element| Written::Set(element.into()));
    let frozen = preceded(word("frozen"), one());
    let two = pair(terminated(written(depth), sign(",")), written(depth));
    let map = preceded(word("map"), delimited(sign("<"), two, sign(">")))
        .map(|(key, value)| Written::Map(key.into(), value.into()));
    let several = delimited(sign("<"), separated_list1(sign(","), written(depth)), sign(">"));
    let tuple = preceded(word("tuple"), several).map(Written::Tuple);
    let dimensions = map_res(kind(TokenKind::Integer), str::parse::<usize>);
    let sized = pair(terminated(written(depth), sign(",")), dimensions);
    let vector = preceded(word("vector"), delimited(sign("<"), sized, sign(">")))
        .map(|(element, dimensions)| Written::Vector(element.into(), dimensions));
    alt((frozen, list, set, map, tuple, vector)).parse(input)
}

/// A native type, or a user type whose name needs no quotes.
fn plain(input: Tokens<'_>) -> Read<'_, Written> {
    any_word
        .map(|word| match NativeType::from_name(word) {
            Some(native) => Written::Native(native),
            None if word.eq_ignore_ascii_case("empty") => Written::Custom(EMPTY_CLASS.to_owned()),
            None => Written::UserType(unquote(word)),
        })
        .parse(input)
}

fn quoted_name(input: Tokens<'_>) -> Read<'_, Written> {
    kind(TokenKind::QuotedName).map(|typed| Written::UserType(unquote(typed))).parse(input)
}

fn class(input: Tokens<'_>) -> Read<'_, Written> {
    kind(TokenKind::String).map(|typed| Written::Custom(unquote_literal(typed))).parse(input)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Finds `address`, and `My Type` in quotes.
    fn lookup(name: &str) -> Option<Arc<UserType>> {
        ["address", "My Type"]
            .contains(&name)
            .then(|| Arc::new(UserType { keyspace: "ks".to_owned(), name: name.to_owned(), fields: Vec::new() }))
    }

    /// The type written back as CQL, which drops `frozen`.
    fn read(text: &str) -> String {
        parse(text, lookup).unwrap_or_else(|error| panic!("{error}")).to_string()
    }

    #[test]
    fn types_of_system_schema_are_read() {
        for text in [
            "ascii",
            "bigint",
            "blob",
            "boolean",
            "counter",
            "date",
            "decimal",
            "double",
            "duration",
            "float",
            "inet",
            "int",
            "smallint",
            "text",
            "time",
            "timestamp",
            "timeuuid",
            "tinyint",
            "uuid",
            "varint",
            "list<int>",
            "map<text, list<blob>>",
            "tuple<int, text, set<uuid>>",
            "vector<float, 3>",
            "address",
            "\"My Type\"",
            "vector<vector<int, 2>, 1024>",
            "map<int, \"My Type\">",
            "'org.apache.cassandra.db.marshal.DynamicCompositeType(b=>org.apache.cassandra.db.marshal.BytesType)'",
        ] {
            assert_eq!(read(text), text);
        }
    }

    #[test]
    fn frozen_leaves_no_trace() {
        assert_eq!(read("frozen<map<text, frozen<list<frozen<address>>>>>"), "map<text, list<address>>");
    }

    #[test]
    fn varchar_is_text() {
        assert_eq!(read("varchar"), "text");
    }

    #[test]
    fn the_value_column_of_an_old_compact_table_is_opaque() {
        assert_eq!(parse("empty", lookup), Ok(CqlType::Custom(EMPTY_CLASS.to_owned())));
    }

    #[test]
    fn a_quoted_name_is_never_a_native_type() {
        assert_eq!(parse("\"int\"", lookup), Err(TypeError::UnknownUserType("int".to_owned())));
    }

    #[test]
    fn unknown_user_types_are_named() {
        let error = parse("list<frozen<\"No Type\">>", lookup).unwrap_err();
        assert_eq!(error, TypeError::UnknownUserType("No Type".to_owned()));
        assert_eq!(error.to_string(), "unknown user type \"No Type\"");
    }

    #[test]
    fn malformed_types_are_refused() {
        for text in
            ["", "list", "list<>", "list<int", "list<int>>", "map<int>", "vector<int, x>", "tuple<>", "int int", "1"]
        {
            assert!(parse(text, |_| None).is_err(), "{text}");
        }
        assert!(parse(&"list<".repeat(100_000), lookup).is_err());
    }

    /// Any type but custom and user types.
    fn any_type() -> impl Strategy<Value = CqlType> {
        let native = prop::sample::select(NativeType::ALL.to_vec()).prop_map(CqlType::Native);
        native.prop_recursive(4, 16, 3, |inner| {
            prop_oneof![
                inner.clone().prop_map(|element| CqlType::List(element.into())),
                inner.clone().prop_map(|element| CqlType::Set(element.into())),
                (inner.clone(), inner.clone()).prop_map(|(key, value)| CqlType::Map(key.into(), value.into())),
                prop::collection::vec(inner.clone(), 1..4).prop_map(CqlType::Tuple),
                (inner, 1_usize..9000).prop_map(|(element, dimensions)| CqlType::Vector(element.into(), dimensions)),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_type_written_back_reads_as_itself(cql_type in any_type()) {
            prop_assert_eq!(parse(&cql_type.to_string(), lookup), Ok(cql_type));
        }

        #[test]
        fn any_text_is_a_type_or_an_error(text in "\\PC*|[a-z<>,' \"0-9]*") {
            let _ = parse(&text, lookup);
        }
    }
}
