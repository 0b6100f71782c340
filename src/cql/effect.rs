//! What a statement does to what is there: whether it only reads, and whether it destroys something.

use super::command::{Command, CqlKind, Direction, Parsed};
use super::lexer::{Token, TokenKind};
use super::tokens::significant;

/// A kind of statement after which something is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Destruction {
    /// `DROP …`, and `ALTER … DROP …`.
    Drop,
    /// `TRUNCATE …`.
    Truncate,
}

impl Destruction {
    /// A kind by its name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "drop" => Some(Self::Drop),
            "truncate" => Some(Self::Truncate),
            _ => None,
        }
    }

    /// What a statement destroys, if it does.
    pub fn of(statement: &str) -> Option<Self> {
        let tokens = significant(statement);
        let is = |token: &Token, word: &str| {
            token.kind == TokenKind::Word && token.text(statement).eq_ignore_ascii_case(word)
        };
        let (first, rest) = tokens.split_first()?;
        if is(first, "drop") || (is(first, "alter") && rest.iter().any(|token| is(token, "drop"))) {
            Some(Self::Drop)
        } else {
            is(first, "truncate").then_some(Self::Truncate)
        }
    }
}

/// What of a statement would change something on the server, as one calls it; nothing if it only reads. What is not known
/// to read counts as writing.
pub fn writes<'a>(statement: &'a str, parsed: &Parsed) -> Option<&'a str> {
    match parsed {
        Parsed::Command(Command::Copy(copy)) if copy.direction == Direction::From => Some("COPY FROM"),
        Parsed::Cql(CqlKind::Other) => significant(statement)
            .first()
            .filter(|first| first.kind == TokenKind::Word)
            .map(|first| first.text(statement)),
        Parsed::Cql(CqlKind::Use(_) | CqlKind::Select(_) | CqlKind::List) => None,
        Parsed::Command(_) | Parsed::Improper(_) => None,
    }
}

/// A statement on one line, without comments and without the `;` at its end.
pub fn on_one_line(statement: &str) -> String {
    let mut line = String::new();
    let mut end = None;
    for token in significant(statement) {
        if token.kind == TokenKind::Semicolon {
            continue;
        }
        if end.is_some_and(|end| end < token.start) {
            line.push(' ');
        }
        line.push_str(token.text(statement));
        end = Some(token.end);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cql::command::parse;

    #[test]
    fn statements_that_destroy_are_known() {
        for (statement, expected) in [
            ("drop table t;", Some(Destruction::Drop)),
            ("/* c */ DROP KEYSPACE IF EXISTS k", Some(Destruction::Drop)),
            ("ALTER TABLE t DROP a", Some(Destruction::Drop)),
            ("ALTER TABLE t ADD a int", None),
            ("ALTER TABLE t ADD \"drop\" int", None),
            ("TRUNCATE t", Some(Destruction::Truncate)),
            ("INSERT INTO t (a) VALUES ('drop')", None),
            (";", None),
            ("", None),
        ] {
            assert_eq!(Destruction::of(statement), expected, "{statement}");
        }
    }

    #[test]
    fn whatever_is_not_known_to_read_writes() {
        for (statement, expected) in [
            ("SELECT * FROM t;", None),
            ("list roles", None),
            ("USE k", None),
            ("DESCRIBE t", None),
            ("COPY t TO 'f'", None),
            ("COPY t FROM 'f'", Some("COPY FROM")),
            ("TRACING ON", None),
            ("SOURCE 'f'", None),
            ("insert INTO t (a) VALUES (1)", Some("insert")),
            ("BEGIN BATCH APPLY BATCH", Some("BEGIN")),
            ("GRANT SELECT ON t TO r", Some("GRANT")),
            ("ADD IDENTITY 'i' TO ROLE r", Some("ADD")),
            (";", None),
        ] {
            assert_eq!(writes(statement, &parse(statement)), expected, "{statement}");
        }
    }

    #[test]
    fn a_statement_is_told_on_one_line() {
        assert_eq!(on_one_line("DROP /* c */ TABLE\n  k.\"T t\"; -- d"), "DROP TABLE k.\"T t\"");
    }
}
