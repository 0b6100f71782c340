//! What the parts of a statement are, so that they can be told apart by eye. Pure: a text in, ranges out.

use std::ops::Range;

use crate::cql::backslash::ends_statement;
use crate::cql::grammar::is_keyword;
use crate::cql::lexer::{Lexer, Token, TokenKind};
use crate::cql::names::is_reserved;

/// What a part of the screen is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) enum Style {
    #[default]
    Plain,
    Keyword,
    /// A string.
    Text,
    /// A number, a UUID, a blob.
    Constant,
    Comment,
    /// What starts no token.
    Invalid,
    /// A bracket at the cursor, and the one that belongs to it.
    Bracket,
    /// What may be meant and is not typed.
    Suggestion,
    /// The prompt of a statement's other lines.
    Continuation,
}

/// The parts of a text that are not plain, in order. Brackets are those that the cursor is at.
pub(super) fn highlight(text: &str, cursor: Option<usize>) -> Vec<(Range<usize>, Style)> {
    let tokens: Vec<Token> = Lexer::new(text).collect();
    let pair = cursor.and_then(|cursor| brackets(&tokens, text, cursor));
    let mut begins_statement = true;
    let mut parts = Vec::new();
    for token in &tokens {
        let style = match token.kind {
            _ if pair.is_some_and(|pair| pair.contains(&token.start)) => Style::Bracket,
            TokenKind::Word if is_shown_as_keyword(token.text(text), begins_statement) => Style::Keyword,
            TokenKind::String
            | TokenKind::UnclosedString
            | TokenKind::DollarString
            | TokenKind::UnclosedDollarString => Style::Text,
            TokenKind::Integer | TokenKind::Float | TokenKind::Uuid | TokenKind::Blob => Style::Constant,
            TokenKind::Comment | TokenKind::UnclosedComment => Style::Comment,
            // A command is one up to the end of its line.
            TokenKind::Invalid if begins_command(text, token, begins_statement) => {
                parts.push((token.start..token.start + line_at(text, token.start).len(), Style::Keyword));
                continue;
            }
            TokenKind::Invalid => Style::Invalid,
            _ => Style::Plain,
        };
        begins_statement = match token.kind {
            TokenKind::Semicolon => true,
            TokenKind::Newline => begins_statement,
            kind => begins_statement && kind.is_junk(),
        };
        let is_after_command = parts.last().is_some_and(|(last, _): &(Range<usize>, _)| token.start < last.end);
        if style != Style::Plain && !is_after_command {
            parts.push((token.start..token.end, style));
        }
    }
    parts
}

/// Whether a backslash is one where a statement begins, or one that ends it.
fn begins_command(text: &str, token: &Token, begins_statement: bool) -> bool {
    token.text(text) == "\\" && (begins_statement || ends_statement(line_at(text, token.start)))
}

/// The text from here to the end of the line.
fn line_at(text: &str, place: usize) -> &str {
    text[place..].lines().next().unwrap_or_default()
}

/// Reserved words are keywords however they are written. Others may be names: they are keywords where a statement begins,
/// and in capitals.
fn is_shown_as_keyword(word: &str, begins_statement: bool) -> bool {
    is_reserved(word) || (is_keyword(word) && (begins_statement || !word.contains(|c: char| c.is_ascii_lowercase())))
}

/// The places of the bracket under the cursor, or else before it, and of its partner. Brackets in strings and comments
/// are text.
fn brackets(tokens: &[Token], text: &str, cursor: usize) -> Option<[usize; 2]> {
    let signs: Vec<(usize, u8)> = tokens
        .iter()
        .filter(|token| matches!(token.kind, TokenKind::Bracket | TokenKind::Operator))
        .filter_map(|token| Some((token.start, *token.text(text).as_bytes().first()?)))
        .filter(|(_, sign)| b"()[]{}".contains(sign))
        .collect();
    let at = |place: usize| signs.binary_search_by_key(&place, |(start, _)| *start).ok();
    let here = at(cursor).or_else(|| at(cursor.checked_sub(1)?))?;
    let there = partner(&signs, here)?;
    Some([signs[here].0, signs[there].0])
}

/// The bracket that belongs to this one, if all between them are in pairs.
fn partner(signs: &[(usize, u8)], here: usize) -> Option<usize> {
    let sign = signs[here].1;
    let (other, others): (u8, Box<dyn Iterator<Item = usize>>) = match sign {
        b'(' => (b')', Box::new(here + 1..signs.len())),
        b'[' => (b']', Box::new(here + 1..signs.len())),
        b'{' => (b'}', Box::new(here + 1..signs.len())),
        b')' => (b'(', Box::new((0..here).rev())),
        b']' => (b'[', Box::new((0..here).rev())),
        _ => (b'{', Box::new((0..here).rev())),
    };
    let mut open = 0_usize;
    for place in others {
        match signs[place].1 {
            found if found == other && open == 0 => return Some(place),
            found if found == other => open -= 1,
            found if found == sign => open += 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts(text: &str) -> Vec<(&str, Style)> {
        highlight(text, None).into_iter().map(|(range, style)| (&text[range], style)).collect()
    }

    #[test]
    fn keywords_strings_constants_and_comments_are_told_apart() {
        use Style::{Comment, Constant, Invalid, Keyword, Text};
        assert_eq!(
            parts("select key, 'it''s' FROM \"t\" WHERE k = 1.5 -- all\n;"),
            [
                ("select", Keyword),
                ("'it''s'", Text),
                ("FROM", Keyword),
                ("WHERE", Keyword),
                ("1.5", Constant),
                ("-- all\n", Comment)
            ]
        );
        assert_eq!(
            parts("expand on; desc x `"),
            [("expand", Keyword), ("on", Keyword), ("desc", Keyword), ("`", Invalid)]
        );
        assert_eq!(parts("SELECT 'not clo"), [("SELECT", Keyword), ("'not clo", Text)]);
        assert_eq!(parts("\\x auto\nUSE k"), [("\\x auto", Keyword), ("USE", Keyword)]);
    }

    #[test]
    fn brackets_at_the_cursor_are_found_in_pairs() {
        let text = "f('(', [a)] (b)";
        let found = |cursor| {
            let parts = highlight(text, Some(cursor)).into_iter();
            parts.filter(|(_, style)| *style == Style::Bracket).map(|(range, _)| range.start).collect::<Vec<_>>()
        };
        assert_eq!(found(1), [1, 9]);
        assert_eq!(found(2), [1, 9]);
        assert_eq!(found(9), [1, 9]);
        assert_eq!(found(15), [12, 14]);
        assert!(found(4).is_empty());
    }

    proptest! {
        #[test]
        fn parts_of_any_text_are_in_order(text: String, cursor: usize) {
            let mut end = 0;
            for (range, _) in highlight(&text, Some(cursor % (text.len() + 1))) {
                prop_assert!(range.start >= end && range.end > range.start && text.get(range.clone()).is_some());
                end = range.end;
            }
        }
    }
}
