//! The one statement splitter: physical lines in, complete statements out.
//!
//! Like cqlsh it works by buffer: lines are added until the last statement in the buffer is complete, then all of them
//! come out together. The lexer's state is kept between lines, so the time is linear in the input. It knows where
//! statements end, and not what they mean.
//!
//! At a prompt a backslash that starts no token is a command that lasts to the end of the line: where a statement could
//! begin, or after a statement that it ends (`\G`). In a script it is an invalid character, as in cqlsh.

mod boundary;

use std::ops::Range;

use super::backslash;
use super::lexer::{Lexer, Token, TokenKind};
use boundary::Boundary;

/// Room in bytes that the buffer keeps for the next statement.
const KEPT: usize = 1 << 16;

/// Splits lines into statements.
#[derive(Debug, Default)]
pub struct Splitter {
    buffer: String,
    /// Statements found in the buffer so far.
    found: Vec<Range<usize>>,
    /// How far the buffer is read for good: later text cannot change the tokens before it.
    settled: Position,
    /// Whether anything was fed yet: a byte order mark may stand before it.
    started: bool,
    /// Whether a backslash may begin a command.
    at_prompt: bool,
}

/// A place between two tokens of the buffer, and what is known there.
#[derive(Debug, Clone, Copy, Default)]
struct Position {
    at: usize,
    /// The unclosed token that begins at `at`.
    open: Option<Token>,
    boundary: Boundary,
    /// How many statements end before it.
    found: usize,
}

impl Position {
    fn is_complete(&self) -> bool {
        self.open.is_none() && self.boundary.is_complete()
    }
}

/// What a line completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fed {
    /// More lines are needed.
    Pending,
    /// The buffer is complete and taken: these statements (none for a blank or comment-only buffer), in order.
    Statements(Vec<Statement>),
    /// A backslash command, from its backslash to the end of the line, and the statements before it in the buffer, which
    /// is taken. Only at a prompt.
    Backslash(Vec<Statement>, String),
    /// The buffer held a character that starts no token; all of it is dropped.
    Invalid(LexError),
}

/// One statement as written: without leading comments and blanks, inner comments kept, with its `;` if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The text, sent to the server as it is unless it is a shell command.
    pub text: String,
}

/// A character that starts no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LexError {
    /// Line within the buffer, from 1.
    pub line: usize,
    /// The character's number within its line, from 1, in characters: cqlsh shows it, and puts the caret after one
    /// blank and this many more.
    pub column: usize,
    /// The buffer's line the character stands in, without its newline.
    pub source: String,
}

impl Splitter {
    /// An empty buffer.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty buffer for what a person types.
    pub fn at_prompt() -> Self {
        Self { at_prompt: true, ..Self::default() }
    }

    /// Adds one physical line, with its newline if it has one. Several lines at once are one piece: their statements
    /// come out together, and one invalid character drops them all.
    pub fn feed(&mut self, line: &str) -> Fed {
        let line = if self.started { line } else { line.strip_prefix('\u{feff}').unwrap_or(line) };
        self.started = true;
        self.buffer.push_str(line);

        let mut position = self.settled;
        for token in Lexer::resume(&self.buffer, position.at, position.open.take()) {
            position.at = token.end;
            let completed = match token.kind {
                TokenKind::Invalid => {
                    return self.backslash(token, position.boundary).unwrap_or_else(|| self.invalid(token));
                }
                TokenKind::Newline => position.boundary.newline(),
                kind if kind.is_junk() => None,
                kind if kind.is_unclosed() => {
                    position.at = token.start;
                    position.open = Some(token);
                    None
                }
                _ => position.boundary.token(token, &self.buffer),
            };
            self.found.extend(completed);
            position.found = self.found.len();
            if position.open.is_some() || self.buffer.as_bytes().get(token.end - 1) == Some(&b'\n') {
                self.settled = position;
            }
        }
        if position.is_complete() {
            return Fed::Statements(self.take());
        }
        // Tokens after the last newline are read again with the text that follows them.
        self.found.truncate(self.settled.found);
        Fed::Pending
    }

    /// Whether something other than blanks waits for more input.
    pub fn is_pending(&self) -> bool {
        !self.buffer.is_empty()
    }

    /// End of input: the statements that are complete without a terminator, or `Pending` when something is left
    /// unfinished (cqlsh: `Incomplete statement at end of file`). The buffer is empty afterwards.
    ///
    /// The end of the input ends a shell command as a newline would; in cqlsh it does not.
    pub fn finish(&mut self) -> Fed {
        if !self.is_pending() {
            return Fed::Statements(Vec::new());
        }
        // Two, because a comment without a newline takes the first.
        let fed = self.feed("\n\n");
        self.clear();
        fed
    }

    /// Drops what waits (Ctrl-C).
    pub fn clear(&mut self) {
        self.found.clear();
        self.settled = Position::default();
        self.buffer.clear();
        self.buffer.shrink_to(KEPT);
    }

    fn take(&mut self) -> Vec<Statement> {
        let text = |span: &Range<usize>| self.buffer.get(span.clone()).unwrap_or_default().to_owned();
        let statements = self.found.iter().map(|span| Statement { text: text(span) }).collect();
        self.clear();
        statements
    }

    /// What an invalid character begins if it is a backslash on the buffer's last line, where a command may stand.
    fn backslash(&mut self, token: Token, mut boundary: Boundary) -> Option<Fed> {
        let rest = self.buffer.get(token.start..).filter(|rest| self.at_prompt && rest.starts_with('\\'))?;
        let command = rest.trim_end();
        if command.contains('\n') {
            return None;
        }
        if !boundary.is_complete() {
            let ended = boundary.end().filter(|_| backslash::ends_statement(command))?;
            self.found.push(ended);
        }
        let command = command.to_owned();
        Some(Fed::Backslash(self.take(), command))
    }

    fn invalid(&mut self, token: Token) -> Fed {
        let before = self.buffer.get(..token.start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let source = self.buffer.get(line_start..).unwrap_or_default();
        let error = LexError {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            source: source.split('\n').next().unwrap_or_default().to_owned(),
        };
        self.clear();
        Fed::Invalid(error)
    }
}

/// Whether a text that is typed at a prompt, a line or several, leaves nothing that waits for more lines: the question of
/// Enter. What would be an error is complete.
pub fn is_complete(typed: &str) -> bool {
    let mut splitter = Splitter::at_prompt();
    for line in typed.lines() {
        splitter.feed(&format!("{line}\n"));
    }
    !splitter.is_pending()
}

/// The end of a text that belongs to no complete statement: the statement that is being typed.
pub fn unfinished(text: &str) -> &str {
    let mut boundary = Boundary::default();
    let mut start = 0;
    for token in Lexer::new(text) {
        let completed = match token.kind {
            TokenKind::Newline => boundary.newline(),
            kind if kind.is_junk() => None,
            _ => boundary.token(token, text),
        };
        if completed.is_some() {
            start = token.end;
        }
    }
    text.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests;
