//! Backslash commands: their names, and what they take. What they take is completed as the command of cqlsh is that they
//! stand for.

use super::Completion;
use super::text::{self, Asked};
use crate::cql::backslash::{self, Format};
use crate::cql::lexer::{Lexer, TokenKind};
use crate::cql::split;

/// What may come next where a backslash command is typed; `None` where none is.
pub(super) fn complete(asked: &Asked<'_>, context: &str, partial: &str) -> Option<Completion> {
    let statement = split::unfinished(context);
    let significant = |kind: TokenKind| !kind.is_junk() && kind != TokenKind::Newline;
    let mut tokens = Lexer::new(statement).filter(|token| significant(token.kind)).peekable();
    let begins = tokens.peek().is_some_and(|token| token.kind == TokenKind::Invalid);
    let first_invalid = tokens.find(|token| token.kind == TokenKind::Invalid)?;
    let typed = statement.get(first_invalid.start..)?.strip_prefix('\\')?;
    if typed.contains('\n') {
        return Some(Completion::default());
    }
    let Some((name, argument)) = typed.split_once(' ') else {
        let fits = |name: &&str| begins || backslash::ends_statement(name);
        let names = if typed.is_empty() { backslash::names().filter(fits).collect() } else { Vec::new() };
        return Some(words(&names, partial));
    };
    Some(match name {
        "x" => words(&["auto", "off", "on"], partial),
        "pager" | "timing" => words(&["off", "on"], partial),
        "format" => words(&Format::ALL.map(Format::name), partial),
        "c" => names(asked, "USE", argument, partial),
        "d" => names(asked, "DESCRIBE", argument, partial),
        "i" => path(asked, "SOURCE", argument, partial),
        "o" => path(asked, "CAPTURE", argument, partial),
        _ => Completion::default(),
    })
}

/// The words that begin with what is typed.
fn words(words: &[&str], partial: &str) -> Completion {
    let fits = words.iter().filter(|word| word.starts_with(partial));
    let mut candidates: Vec<String> = fits.map(|&word| word.to_owned()).collect();
    candidates.sort_unstable();
    if let [single] = candidates.as_mut_slice() {
        single.push(' ');
    }
    Completion { replaced: partial.len(), candidates, hints: Vec::new() }
}

/// Names, after which nothing comes here.
fn names(asked: &Asked<'_>, command: &str, argument: &str, partial: &str) -> Completion {
    let mut found = text::complete(asked, &format!("{command} {argument}"), partial);
    if let [single] = found.candidates.as_mut_slice() {
        single.truncate(single.trim_end_matches([' ', ';']).len());
    }
    Completion { hints: Vec::new(), ..found }
}

/// Files, whose names stand here without quotes.
fn path(asked: &Asked<'_>, command: &str, argument: &str, partial: &str) -> Completion {
    let quoted = argument.starts_with('\'');
    let quote = if quoted { "" } else { "'" };
    let mut found = text::complete(asked, &format!("{command} {quote}{argument}"), partial);
    if !quoted && let [single] = found.candidates.as_mut_slice() {
        single.truncate(single.trim_end_matches('\'').len());
    }
    found
}
