//! The lexer's tokens as nom's input, and the parsers of single tokens. Junk and newlines are gone here.

use std::iter::{Copied, Enumerate};
use std::slice::Iter;

use nom::combinator::{opt, verify};
use nom::sequence::terminated;
use nom::{Err, IResult, Input, Needed, Parser};

use super::command::TableName;
use super::lexer::{Lexer, Token, TokenKind};
use super::names::{is_reserved, unquote};

/// What a parser of tokens gives. Nobody looks at why one fails.
pub(super) type Read<'a, T> = IResult<Tokens<'a>, T, ()>;

/// Tokens and the text they stand in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tokens<'a> {
    tokens: &'a [Token],
    source: &'a str,
}

/// The tokens of a text that parsers look at.
pub(crate) fn significant(source: &str) -> Vec<Token> {
    Lexer::new(source).filter(|token| !token.kind.is_junk() && token.kind != TokenKind::Newline).collect()
}

impl<'a> Tokens<'a> {
    pub(super) fn new(tokens: &'a [Token], source: &'a str) -> Self {
        Self { tokens, source }
    }

    /// The text of the token at `index`; empty past the end.
    pub(super) fn text(&self, index: usize) -> &'a str {
        self.tokens.get(index).map(|token| token.text(self.source)).unwrap_or_default()
    }

    /// What follows the first token that is this word.
    pub(super) fn after(&self, word: &str) -> Option<Self> {
        let place = self.tokens.iter().position(|token| token.text(self.source).eq_ignore_ascii_case(word))?;
        Some(self.take_from(place + 1))
    }
}

/// The text of the next token, if it is of this kind.
pub(super) fn kind<'a>(expected: TokenKind) -> impl Fn(Tokens<'a>) -> Read<'a, &'a str> {
    move |input| match input.tokens.split_first() {
        Some((token, rest)) if token.kind == expected => {
            Ok((Tokens { tokens: rest, ..input }, token.text(input.source)))
        }
        _ => Err(Err::Error(())),
    }
}

/// Any word, reserved or not.
pub(super) fn any_word(input: Tokens<'_>) -> Read<'_, &str> {
    kind(TokenKind::Word)(input)
}

/// This keyword, in any case.
pub(super) fn word<'a>(expected: &str) -> impl Fn(Tokens<'a>) -> Read<'a, &'a str> {
    move |input| verify(any_word, |text: &str| text.eq_ignore_ascii_case(expected)).parse(input)
}

/// One of these keywords, in any case.
pub(super) fn one_of<'a>(expected: &[&str]) -> impl Fn(Tokens<'a>) -> Read<'a, &'a str> {
    move |input| {
        let listed = |text: &str| expected.iter().any(|word| word.eq_ignore_ascii_case(text));
        verify(any_word, listed).parse(input)
    }
}

/// This sign.
pub(super) fn sign<'a>(expected: &str) -> impl Fn(Tokens<'a>) -> Read<'a, &'a str> {
    move |input| match input.tokens.split_first() {
        Some((token, rest)) if token.text(input.source) == expected => {
            Ok((Tokens { tokens: rest, ..input }, token.text(input.source)))
        }
        _ => Err(Err::Error(())),
    }
}

/// A word that is not reserved.
pub(super) fn identifier(input: Tokens<'_>) -> Read<'_, &str> {
    verify(any_word, |text: &str| !is_reserved(text)).parse(input)
}

/// A name, with quotes or without, turned into the name it stands for.
pub(super) fn name(input: Tokens<'_>) -> Read<'_, String> {
    identifier.or(kind(TokenKind::QuotedName)).map(unquote).parse(input)
}

/// `[keyspace.]table`, or any other name of an object in a keyspace.
pub(super) fn table_name(input: Tokens<'_>) -> Read<'_, TableName> {
    let keyspace = opt(terminated(name, sign(".")));
    (keyspace, name).map(|(keyspace, table)| TableName { keyspace, table }).parse(input)
}

/// A string literal, as typed.
pub(super) fn string(input: Tokens<'_>) -> Read<'_, &str> {
    kind(TokenKind::String).or(kind(TokenKind::DollarString)).parse(input)
}

/// What a parser took, as it stands in the text.
pub(super) fn as_written<'a, T>(
    mut parser: impl Parser<Tokens<'a>, Output = T, Error = ()>,
) -> impl FnMut(Tokens<'a>) -> Read<'a, &'a str> {
    move |input| {
        let (rest, _) = parser.parse(input)?;
        let taken = &input.tokens[..input.tokens.len() - rest.tokens.len()];
        let span = taken.first().map_or(0, |token| token.start)..taken.last().map_or(0, |token| token.end);
        Ok((rest, input.source.get(span).unwrap_or_default()))
    }
}

impl<'a> Input for Tokens<'a> {
    type Item = Token;
    type Iter = Copied<Iter<'a, Token>>;
    type IterIndices = Enumerate<Self::Iter>;

    fn input_len(&self) -> usize {
        self.tokens.len()
    }

    fn take(&self, index: usize) -> Self {
        Self { tokens: &self.tokens[..index], ..*self }
    }

    fn take_from(&self, index: usize) -> Self {
        Self { tokens: &self.tokens[index..], ..*self }
    }

    fn take_split(&self, index: usize) -> (Self, Self) {
        (self.take_from(index), self.take(index))
    }

    fn position<P: Fn(Token) -> bool>(&self, predicate: P) -> Option<usize> {
        self.tokens.iter().position(|token| predicate(*token))
    }

    fn iter_elements(&self) -> Self::Iter {
        self.tokens.iter().copied()
    }

    fn iter_indices(&self) -> Self::IterIndices {
        self.iter_elements().enumerate()
    }

    fn slice_index(&self, count: usize) -> Result<usize, Needed> {
        if count <= self.tokens.len() { Ok(count) } else { Err(Needed::new(count - self.tokens.len())) }
    }
}
