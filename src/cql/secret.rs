//! Passwords: a type that does not show them, and which texts hold one, so that no history keeps them.

use std::fmt;

use super::lexer::{Lexer, TokenKind};

/// A text that is never printed: its `Debug` is `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret text.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for the one place that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Whether a text of one or more statements, complete or not, gives a password: LOGIN with one, or CREATE or ALTER of
/// a role or user with PASSWORD. It rather says yes once too often.
pub fn bears_password(text: &str) -> bool {
    let mut statement = Vec::new();
    for token in Lexer::new(text) {
        match token.kind {
            TokenKind::Semicolon => statement.clear(),
            TokenKind::Newline => {}
            kind if kind.is_junk() => {}
            _ => {
                statement.push(token.text(text));
                if gives_password(&statement) {
                    return true;
                }
            }
        }
    }
    false
}

/// Whether a statement gives a password with its last word, or is about to give one.
fn gives_password(statement: &[&str]) -> bool {
    let is = |place: usize, words: &[&str]| {
        statement.get(place).is_some_and(|text| words.iter().any(|word| word.eq_ignore_ascii_case(text)))
    };
    if is(0, &["login"]) {
        return statement.len() > 2;
    }
    let last = statement.len().saturating_sub(1);
    is(0, &["create", "alter"]) && is(last, &["password"]) && (1..last).any(|place| is(place, &["role", "user"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_that_give_a_password_are_found() {
        for text in [
            "LOGIN bob 'secret'",
            "login 'bob' 'secr",
            "CREATE USER bob WITH PASSWORD 'secret' NOSUPERUSER;",
            "CREATE ROLE IF NOT EXISTS bob WITH HASHED PASSWORD = 'x' AND LOGIN = true;",
            "ALTER ROLE bob\nWITH LOGIN = true AND password\n= 'x'",
            "/* c */ ALTER USER bob WITH PASSWORD $$x$$;",
            "SELECT 1; ALTER USER bob WITH PASSWORD 'x'; SELECT 2;",
        ] {
            assert!(bears_password(text), "{text}");
        }
    }

    #[test]
    fn other_statements_are_kept() {
        for text in [
            "LOGIN bob",
            "SELECT password FROM users;",
            "CREATE TABLE users (name text PRIMARY KEY, password text);",
            "INSERT INTO role (user) VALUES ('CREATE ROLE a WITH PASSWORD');",
            "CREATE ROLE bob; SELECT password FROM t;",
            "ALTER ROLE bob WITH LOGIN = true;",
            "",
        ] {
            assert!(!bears_password(text), "{text}");
        }
    }
}
