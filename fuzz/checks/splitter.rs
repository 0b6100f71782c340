//! Any text is cut into tokens that tile it, and into statements that stand in it in order.

use cqlsh::cql::command;
use cqlsh::cql::lexer::Lexer;
use cqlsh::cql::limit::row_limit;
use cqlsh::cql::split::{Fed, Splitter};

/// Panics when the text is not treated as it should be.
pub fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut end = 0;
    for token in Lexer::new(&text) {
        assert!(token.start == end && token.end > token.start, "a token at {end} is missing or empty");
        end = token.end;
    }
    assert_eq!(end, text.len(), "the tokens end too early");

    let mut splitter = Splitter::new();
    let mut rest = &text[..];
    for line in text.split_inclusive('\n') {
        rest = follow(splitter.feed(line), rest);
    }
    follow(splitter.finish(), rest);
}

/// Looks for the statements in the text that is left of those before them.
fn follow(fed: Fed, text: &str) -> &str {
    let Fed::Statements(statements) = fed else { return text };
    let mut rest = text;
    for statement in statements {
        let at = rest.find(&statement.text).expect("a statement is not in the text, or not in order");
        rest = &rest[at + statement.text.len()..];
        let _ = (command::parse(&statement.text), row_limit(&statement.text));
    }
    rest
}
