//! Names of keyspaces, tables and columns: when they need quotes, and how to put them on and take them off.

/// The words that CQL does not take as a name without quotes, in Cassandra 4.0 and later.
const RESERVED: [&str; 57] = [
    "add",
    "allow",
    "alter",
    "and",
    "apply",
    "asc",
    "authorize",
    "batch",
    "begin",
    "by",
    "columnfamily",
    "create",
    "delete",
    "desc",
    "describe",
    "drop",
    "entries",
    "execute",
    "from",
    "full",
    "grant",
    "if",
    "in",
    "index",
    "infinity",
    "insert",
    "into",
    "is",
    "keyspace",
    "limit",
    "materialized",
    "modify",
    "nan",
    "norecursive",
    "not",
    "null",
    "of",
    "on",
    "or",
    "order",
    "primary",
    "rename",
    "revoke",
    "schema",
    "select",
    "set",
    "table",
    "to",
    "token",
    "truncate",
    "unlogged",
    "update",
    "use",
    "using",
    "view",
    "where",
    "with",
];

/// Words that Cassandra 3.11 reserves as well.
const RESERVED_BEFORE_4: [&str; 5] = ["default", "mbean", "mbeans", "replace", "unset"];

/// Whether a word, in any case, is reserved by Cassandra 4.0 and later.
pub fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(word))
}

/// A name as CQL wants to read it: quoted when it is not a plain lower-case word or is a reserved word.
pub fn quote(name: &str) -> String {
    let mut bytes = name.bytes();
    let is_plain = bytes.next().is_some_and(|first| first.is_ascii_lowercase())
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    // Quotes do no harm where a word is not reserved, so the longest list serves every version.
    if is_plain && !is_reserved(name) && !RESERVED_BEFORE_4.contains(&name) {
        name.to_owned()
    } else {
        quote_always(name)
    }
}

/// A name in quotes, whether it needs them or not.
pub fn quote_always(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as a literal of CQL: `it's` is `'it''s'`.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A name as typed turned into the name it stands for: `"Foo""s"` is `Foo"s`, `Foo` is `foo`.
pub fn unquote(typed: &str) -> String {
    let typed = typed.trim();
    match inside(typed, '"') {
        Some(name) => name.replace("\"\"", "\""),
        None => typed.to_lowercase(),
    }
}

/// A string literal as typed turned into the text it stands for: `'it''s'` is `it's`; anything else is itself.
pub fn unquote_literal(typed: &str) -> String {
    let typed = typed.trim();
    inside(typed, '\'').map_or_else(|| typed.to_owned(), |text| text.replace("''", "'"))
}

/// What stands between two quotes.
fn inside(typed: &str, quote: char) -> Option<&str> {
    typed.strip_prefix(quote)?.strip_suffix(quote)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_quoted_as_the_python_driver_quotes_them() {
        for plain in ["a", "a1", "a_b", "key", "clustering", "values"] {
            assert_eq!(quote(plain), plain);
        }
        let quoted = [
            ("A", "\"A\""),
            ("1a", "\"1a\""),
            ("_a", "\"_a\""),
            ("", "\"\""),
            ("select", "\"select\""),
            ("token", "\"token\""),
            ("a\"b", "\"a\"\"b\""),
            ("é", "\"é\""),
            ("a b", "\"a b\""),
        ];
        for (name, expected) in quoted {
            assert_eq!(quote(name), expected);
        }
    }

    #[test]
    fn words_that_only_cassandra_3_reserves_are_quoted_too() {
        assert_eq!(quote("default"), "\"default\"");
        assert!(!is_reserved("default"));
    }

    #[test]
    fn reserved_words_are_reserved_in_any_case() {
        assert!(is_reserved("Select") && !is_reserved("selects"));
    }

    #[test]
    fn names_without_quotes_are_lower_case() {
        assert_eq!(unquote("Foo"), "foo");
        assert_eq!(unquote("\"Foo\"\"s\""), "Foo\"s");
        assert_eq!(unquote("\""), "\"");
    }

    #[test]
    fn quotes_in_literals_are_doubled() {
        assert_eq!(literal("it's"), "'it''s'");
    }

    #[test]
    fn literals_lose_their_quotes() {
        assert_eq!(unquote_literal("'it''s'"), "it's");
        assert_eq!(unquote_literal("''"), "");
        assert_eq!(unquote_literal("TRUE"), "TRUE");
        assert_eq!(unquote_literal("$$x$$"), "$$x$$");
        assert_eq!(unquote_literal("'"), "'");
    }

    proptest! {
        #[test]
        fn a_quoted_name_reads_back(name in "\\PC*") {
            prop_assert_eq!(unquote(&quote(&name)), name);
        }
    }
}
