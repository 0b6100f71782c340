//! From what may come next to what is inserted: the word at the cursor, quotes, blanks, and going on while there is only
//! one way.

use super::offers::{Name, Offers};
use super::{Completion, Names, walk};
use crate::cql::lexer::{Lexer, Token, TokenKind};
use crate::cql::names::{literal, quote, quote_always, unquote_literal};
use crate::cql::split;
use crate::cql::tokens::significant;

/// What the whole question is about, beside the text.
pub(super) struct Asked<'a> {
    pub(super) keyspace: Option<&'a str>,
    pub(super) names: &'a dyn Names,
}

/// How often a single candidate is gone on from: more than any statement has words in a row without a choice.
const STEPS: usize = 64;

/// Where the word at the end of a text begins. cqlsh: the delimiters are those of Python's readline, and the full stop.
pub(super) fn word_start(before: &str) -> usize {
    let is_delimiter = |c: char| matches!(c, ' ' | '\t' | '\n') || (c.is_ascii_punctuation() && c != '_');
    before.rfind(is_delimiter).map_or(0, |delimiter| delimiter + 1)
}

/// What two texts both begin with.
pub(super) fn common_prefix<'a>(text: &'a str, other: &str) -> &'a str {
    let same = text.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    text.get(..same.map(|(c, _)| c.len_utf8()).sum()).unwrap_or_default()
}

/// What may come after `context` and begins with `partial`.
pub(super) fn complete(asked: &Asked<'_>, context: &str, partial: &str) -> Completion {
    let mut found = next(asked, context, partial);
    if let [single] = found.candidates.as_mut_slice()
        && found.hints.is_empty()
        && !single.trim().is_empty()
    {
        extend(asked, context, single);
        close_quote(context, partial, single);
    }
    found.candidates.sort_unstable();
    Completion { replaced: partial.len(), candidates: found.candidates, hints: found.hints }
}

/// cqlsh: a word that begins after a quote is completed with the other quote too; not that of a directory, which goes on.
fn close_quote(context: &str, partial: &str, text: &mut String) {
    let quote = context.chars().last().filter(|last| matches!(last, '\'' | '"'));
    if let Some(quote) = quote
        && !partial.is_empty()
        && !text.contains(quote)
        && !text.ends_with('/')
    {
        text.push(quote);
    }
}

#[derive(Default)]
struct Next {
    candidates: Vec<String>,
    hints: Vec<String>,
}

/// Goes on from a candidate that is the only one, as long as there is one way.
fn extend(asked: &Asked<'_>, context: &str, text: &mut String) {
    for _ in 0..STEPS {
        let next = next(asked, &format!("{context}{text}"), "");
        if !next.hints.is_empty() {
            if !text.ends_with(char::is_whitespace) {
                text.push(' ');
            }
            return;
        }
        let (single, addition) = match next.candidates.as_slice() {
            [] => return,
            [single] => (true, single.as_str()),
            [first, others @ ..] => {
                (false, others.iter().fold(first.as_str(), |common, other| common_prefix(common, other)))
            }
        };
        if addition.is_empty() {
            return;
        }
        if text.ends_with(' ') && addition.starts_with([',', ')', ':']) {
            text.pop();
        }
        text.push_str(addition);
        if !single {
            return;
        }
    }
}

/// What may come after `context` and begins with `partial`, one step far.
fn next(asked: &Asked<'_>, context: &str, partial: &str) -> Next {
    let statement = split::unfinished(context);
    let mut tokens = significant(statement);
    if tokens.iter().any(|token| token.kind == TokenKind::Invalid) {
        return Next::default();
    }
    let place = match tokens.last() {
        Some(last) if last.kind == TokenKind::UnclosedString => Place::String(opened(last, statement, '\'')),
        Some(last) if last.kind == TokenKind::UnclosedName => Place::Name(opened(last, statement, '"')),
        Some(last) if last.kind.is_unclosed() => return Next::default(),
        // A comment that the cursor may still be in: it ends with the line.
        _ if in_comment(statement) => return Next::default(),
        _ => Place::Free,
    };
    if place != Place::Free {
        tokens.pop();
    }
    let typed = format!("{}{partial}", place.prefix());
    let offers = walk::offers(statement, &tokens, asked, &typed, place != Place::Free);
    let mut found = Next { candidates: place.matching(&offers, &typed), hints: hints(&offers, &typed) };
    if place == Place::Free {
        if let Some(last) = tokens.last() {
            let last = last.text(statement);
            let touches = !context.ends_with(char::is_whitespace);
            for candidate in &mut found.candidates {
                if touches && !candidate.starts_with(char::is_whitespace) && wants_space(last, candidate) {
                    candidate.insert(0, ' ');
                }
            }
        }
        if let [single] = found.candidates.as_mut_slice()
            && single.ends_with(char::is_alphanumeric)
        {
            single.push(' ');
        }
    }
    found
}

fn hints(offers: &Offers, typed: &str) -> Vec<String> {
    let mut hints = offers.hints.clone();
    if offers.newline && typed.is_empty() {
        hints.insert("<enter>".to_owned());
    }
    hints.into_iter().collect()
}

/// Where the cursor is.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    Free,
    /// In a string that begins with this text.
    String(String),
    /// In a quoted name that begins with this text.
    Name(String),
}

impl Place {
    fn prefix(&self) -> &str {
        match self {
            Self::Free => "",
            Self::String(prefix) | Self::Name(prefix) => prefix,
        }
    }

    /// The offers that begin with what is typed, in any case, as they are inserted after the prefix.
    fn matching(&self, offers: &Offers, typed: &str) -> Vec<String> {
        let typed = typed.to_lowercase();
        let begins = |text: &str| text.to_lowercase().starts_with(&typed);
        let inside = |quoted: String, prefix: &str, quote: char| {
            let doubled = prefix.len() + prefix.matches(quote).count();
            let rest = quoted.get(1 + doubled..quoted.len().saturating_sub(1)).unwrap_or_default();
            (!rest.is_empty()).then(|| rest.to_owned())
        };
        let texts = offers.texts.iter();
        match self {
            Self::Free => {
                let names = offers.names.iter().map(|Name { name, suffix }| quote(name) + suffix);
                texts.cloned().chain(names).filter(|text| !text.is_empty() && begins(text)).collect()
            }
            Self::String(prefix) => {
                let strings = texts.filter(|text| text.starts_with('\'')).map(|text| unquote_literal(text));
                let all = strings.chain(offers.files.iter().cloned()).filter(|text| begins(text));
                all.filter_map(|text| inside(literal(&text), prefix, '\'')).collect()
            }
            Self::Name(prefix) => {
                let names = offers.names.iter().filter(|name| begins(&name.name));
                let written = |Name { name, suffix }: &Name| {
                    let rest = inside(quote_always(name), prefix, '"')?;
                    // What follows the name follows its quote.
                    Some(if suffix.is_empty() { rest } else { format!("{rest}\"{suffix}") })
                };
                names.filter_map(written).collect()
            }
        }
    }
}

/// What an unclosed token holds so far.
fn opened(token: &Token, source: &str, quote: char) -> String {
    let text = token.text(source);
    text.strip_prefix(quote).unwrap_or(text).replace(&format!("{quote}{quote}"), &quote.to_string())
}

/// Whether a text ends within a comment that only a new line ends.
fn in_comment(source: &str) -> bool {
    let last = Lexer::new(source).last();
    last.is_some_and(|token| {
        let text = token.text(source);
        token.kind == TokenKind::Comment && !text.starts_with("/*") && !text.ends_with(['\n', '\r'])
    })
}

/// Whether a blank belongs between a token and what follows. cqlsh's own taste, so that `;` stands apart after a word.
fn wants_space(last: &str, following: &str) -> bool {
    if matches!(following, "," | ")" | ":") {
        return false;
    }
    match last {
        "," | ")" | "=" | ";" => true,
        "*" => !following.starts_with(')'),
        _ => last.ends_with(char::is_alphanumeric) && !following.starts_with(','),
    }
}
