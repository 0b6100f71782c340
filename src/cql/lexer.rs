//! The one lexer. It knows the tokens of CQL and of the shell, and nothing of what they mean together.
//!
//! Tokens tile the text: every byte belongs to exactly one, so that what is split, highlighted or completed is always
//! the text itself. An unclosed string or comment is a token that reaches to the end, and it can be gone on with when
//! more text has come (see [`Lexer::resume`]).

use memchr::{memchr, memchr2, memmem};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// One `\n` outside strings and comments.
    Newline,
    /// Spaces, tabs, carriage returns, vertical tabs and form feeds.
    Blank,
    /// `--` or `//` up to and with the end of the line, or `/* … */`.
    Comment,
    /// `'…'`, in which `''` stands for one quote.
    String,
    /// `$$…$$`.
    DollarString,
    /// `"…"`, in which `""` stands for one quote.
    QuotedName,
    /// A `'…` that the text does not close.
    UnclosedString,
    /// A `$$…` that the text does not close.
    UnclosedDollarString,
    /// A `"…` that the text does not close.
    UnclosedName,
    /// A `/*…` that the text does not close.
    UnclosedComment,
    /// `1.5` or `-1.5`.
    Float,
    /// A UUID without quotes.
    Uuid,
    /// `0x…`.
    Blob,
    /// Digits; a minus sign before them is an operator of its own.
    Integer,
    /// A keyword or a name without quotes.
    Word,
    /// `:`.
    Colon,
    /// `*`.
    Star,
    /// `;`.
    Semicolon,
    /// One of `- + = % / , ( ) .`.
    Operator,
    /// `<`, `>`, `!`, alone or with `=`.
    Comparison,
    /// One of `[ ] { }`.
    Bracket,
    /// `?`.
    QuestionMark,
    /// One character that starts no token.
    Invalid,
}

impl TokenKind {
    /// Whether the token only separates others: a blank or a comment. A newline may end a statement and is not one.
    pub fn is_junk(self) -> bool {
        matches!(self, Self::Blank | Self::Comment)
    }

    /// Whether the token still waits for its end.
    pub fn is_unclosed(self) -> bool {
        matches!(self, Self::UnclosedString | Self::UnclosedDollarString | Self::UnclosedName | Self::UnclosedComment)
    }
}

/// A token and its place in the text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// The offset of its first byte.
    pub start: usize,
    /// The offset after its last byte.
    pub end: usize,
}

impl Token {
    /// The token's own text; empty when `source` is not the text it was read from.
    pub fn text<'a>(&self, source: &'a str) -> &'a str {
        source.get(self.start..self.end).unwrap_or_default()
    }
}

/// Reads a text token by token.
#[derive(Debug, Clone)]
pub struct Lexer<'a> {
    source: &'a str,
    at: usize,
    /// An unclosed token read before the text grew.
    open: Option<Token>,
}

impl<'a> Lexer<'a> {
    /// Reads from the beginning.
    pub fn new(source: &'a str) -> Self {
        Self::resume(source, 0, None)
    }

    /// Reads on from `at`, which must be a token's beginning (else the text counts as read to its end). With `open`,
    /// an unclosed token that ended at the end of a shorter `source`, the first token read is that one made longer;
    /// what it held is not looked at again.
    pub fn resume(source: &'a str, at: usize, open: Option<Token>) -> Self {
        let at = if source.is_char_boundary(at) { at } else { source.len() };
        Self { source, at, open }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let token = match self.open.take() {
            Some(open) => reopen(self.source.as_bytes(), open),
            None => read(self.source, self.at)?,
        };
        self.at = token.end;
        Some(token)
    }
}

/// The token that begins at `at`, a character boundary.
fn read(source: &str, at: usize) -> Option<Token> {
    use TokenKind::*;
    let bytes = source.as_bytes();
    let first = *bytes.get(at)?;
    let second = bytes.get(at + 1).copied();
    let (kind, end) = match first {
        b'\n' => (Newline, at + 1),
        b' ' | b'\t' | b'\r' | 0x0b | 0x0c => (Blank, skip(bytes, at + 1, is_blank)),
        b'\'' => quoted(bytes, b'\'', at + 1, String, UnclosedString),
        b'"' => quoted(bytes, b'"', at + 1, QuotedName, UnclosedName),
        b'$' if second == Some(b'$') => until(bytes, b"$$", at + 2, DollarString, UnclosedDollarString),
        b'-' if second == Some(b'-') => (Comment, end_of_line(bytes, at + 2)),
        b'/' if second == Some(b'/') => (Comment, end_of_line(bytes, at + 2)),
        b'/' if second == Some(b'*') => until(bytes, b"*/", at + 2, Comment, UnclosedComment),
        b'-' if second.is_some_and(|byte| byte.is_ascii_digit()) => match float(bytes, at + 1) {
            Some(end) => (Float, end),
            None => (Operator, at + 1),
        },
        b'0'..=b'9' => number(bytes, at),
        b'a'..=b'f' | b'A'..=b'F' => match uuid(bytes, at) {
            Some(end) => (Uuid, end),
            None => (Word, end_of_word(bytes, at)),
        },
        b'g'..=b'z' | b'G'..=b'Z' => (Word, end_of_word(bytes, at)),
        b':' => (Colon, at + 1),
        b'*' => (Star, at + 1),
        b';' => (Semicolon, at + 1),
        b'-' | b'+' | b'=' | b'%' | b'/' | b',' | b'(' | b')' | b'.' => (Operator, at + 1),
        b'<' | b'>' | b'!' => (Comparison, at + if second == Some(b'=') { 2 } else { 1 }),
        b'[' | b']' | b'{' | b'}' => (Bracket, at + 1),
        b'?' => (QuestionMark, at + 1),
        _ if letter_beyond_ascii(bytes, at).is_some() => (Word, end_of_word(bytes, at)),
        _ => (Invalid, at + source.get(at..)?.chars().next()?.len_utf8()),
    };
    Some(Token { kind, start: at, end })
}

/// An unclosed token made longer; only what came after its old end is searched.
fn reopen(bytes: &[u8], open: Token) -> Token {
    use TokenKind::*;
    // The first half of a two-byte end may have been the last byte there was.
    let searched = (open.start + 2).max(open.end.saturating_sub(1));
    let (kind, end) = match open.kind {
        UnclosedString => quoted(bytes, b'\'', open.end, String, UnclosedString),
        UnclosedName => quoted(bytes, b'"', open.end, QuotedName, UnclosedName),
        UnclosedDollarString => until(bytes, b"$$", searched, DollarString, UnclosedDollarString),
        UnclosedComment => until(bytes, b"*/", searched, Comment, UnclosedComment),
        closed => (closed, open.end),
    };
    Token { kind, start: open.start, end }
}

/// The end of a string or name whose inside goes on at `from`; a doubled quote is not its end.
fn quoted(bytes: &[u8], quote: u8, mut from: usize, closed: TokenKind, unclosed: TokenKind) -> (TokenKind, usize) {
    while let Some(found) = memchr(quote, bytes.get(from..).unwrap_or_default()) {
        from += found + 1;
        if bytes.get(from) != Some(&quote) {
            return (closed, from);
        }
        from += 1;
    }
    (unclosed, bytes.len())
}

/// The end of a token that lasts until `mark`, searched from `from`.
fn until(bytes: &[u8], mark: &[u8], from: usize, closed: TokenKind, unclosed: TokenKind) -> (TokenKind, usize) {
    match memmem::find(bytes.get(from..).unwrap_or_default(), mark) {
        Some(found) => (closed, from + found + mark.len()),
        None => (unclosed, bytes.len()),
    }
}

// cqlsh: a comment takes its newline with it, so that the newline does not end a shell command; and it ends at the
// first of `\r` and `\n`, so that with CRLF the newline is left over and does.
fn end_of_line(bytes: &[u8], from: usize) -> usize {
    memchr2(b'\n', b'\r', &bytes[from..]).map_or(bytes.len(), |found| from + found + 1)
}

fn number(bytes: &[u8], at: usize) -> (TokenKind, usize) {
    if let Some(end) = float(bytes, at) {
        return (TokenKind::Float, end);
    }
    if let Some(end) = uuid(bytes, at) {
        return (TokenKind::Uuid, end);
    }
    if bytes[at] == b'0' && matches!(bytes.get(at + 1), Some(b'x' | b'X')) {
        let end = skip(bytes, at + 2, |byte| byte.is_ascii_hexdigit());
        if end > at + 2 {
            return (TokenKind::Blob, end);
        }
    }
    (TokenKind::Integer, skip(bytes, at, |byte| byte.is_ascii_digit()))
}

/// The end of `digits.digits` at `at`.
fn float(bytes: &[u8], at: usize) -> Option<usize> {
    let point = skip(bytes, at, |byte| byte.is_ascii_digit());
    if bytes.get(point) != Some(&b'.') {
        return None;
    }
    let end = skip(bytes, point + 1, |byte| byte.is_ascii_digit());
    (end > point + 1).then_some(end)
}

/// The end of a UUID at `at`.
fn uuid(bytes: &[u8], at: usize) -> Option<usize> {
    // The ninth byte rules out nearly every word before the whole is looked at.
    if bytes.get(at + 8) != Some(&b'-') {
        return None;
    }
    let candidate = bytes.get(at..at + 36)?;
    let fits = |(i, byte): (usize, &u8)| match i {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    candidate.iter().enumerate().all(fits).then_some(at + 36)
}

/// The end of the word that begins at `at`.
fn end_of_word(bytes: &[u8], at: usize) -> usize {
    let mut end = skip(bytes, at, is_word);
    while let Some(length) = letter_beyond_ascii(bytes, end) {
        end = skip(bytes, end + length, is_word);
    }
    end
}

// cqlsh: Python's `[a-z]`, its case ignored, takes these for letters too: the dotted and dotless i, the long s and the sign of
// Kelvin. What the server thinks of them it says itself.
fn letter_beyond_ascii(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..).filter(|rest| rest.first().is_some_and(|byte| !byte.is_ascii()))?;
    let letter =
        ["\u{130}", "\u{131}", "\u{17f}", "\u{212a}"].into_iter().find(|letter| rest.starts_with(letter.as_bytes()))?;
    Some(letter.len())
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | 0x0b | 0x0c)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The first place from `from` on whose byte is not of the class.
fn skip(bytes: &[u8], from: usize, class: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter().position(|&byte| !class(byte)).map_or(bytes.len(), |length| from + length)
}

#[cfg(test)]
mod tests;
