//! Where a statement ends: a small state fed with tokens. It sees words and terminators, never whole texts.

use std::ops::Range;

use crate::cql::lexer::{Token, TokenKind};

/// Shell commands that a newline ends as `;` does. COPY is not one of them.
const ENDED_BY_NEWLINE: [&str; 19] = [
    "help",
    "consistency",
    "serial",
    "describe",
    "desc",
    "show",
    "source",
    "capture",
    "login",
    "debug",
    "tracing",
    "elapsed",
    "expand",
    "paging",
    "exit",
    "quit",
    "clear",
    "cls",
    "history",
];

/// What is known of the statement under way.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Boundary {
    /// The batch that keeps `;` from ending the statement.
    batch: Option<Batch>,
    piece: Piece,
}

/// A statement that began with BEGIN.
#[derive(Debug, Clone, Copy)]
struct Batch {
    start: usize,
    /// Whether TRANSACTION follows BEGIN.
    is_transaction: bool,
}

/// The tokens since the last terminator.
#[derive(Debug, Clone, Copy, Default)]
struct Piece {
    tokens: usize,
    start: usize,
    end: usize,
    ended_by_newline: bool,
    first: Word,
    second: Word,
    /// The last two tokens.
    last: [Word; 2],
}

/// A token, as far as it matters here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Word {
    Begin,
    Apply,
    Commit,
    Transaction,
    #[default]
    Other,
}

impl Boundary {
    /// Whether nothing waits for a terminator.
    pub(super) fn is_complete(&self) -> bool {
        self.batch.is_none() && self.piece.tokens == 0
    }

    /// Takes a newline outside strings and comments; the span of the statement that it completes, if it does.
    pub(super) fn newline(&mut self) -> Option<Range<usize>> {
        if self.piece.ended_by_newline { self.terminate(self.piece.end) } else { None }
    }

    /// Takes any other token that is not junk and not unclosed; the span of the statement that it completes, if it
    /// does.
    pub(super) fn token(&mut self, token: Token, source: &str) -> Option<Range<usize>> {
        let piece = &mut self.piece;
        if piece.tokens == 0 {
            piece.start = token.start;
        }
        if token.kind == TokenKind::Semicolon {
            return self.terminate(token.end);
        }
        let word = match token.kind {
            TokenKind::Word => Word::of(token.text(source)),
            _ => Word::Other,
        };
        match piece.tokens {
            0 => {
                piece.first = word;
                piece.ended_by_newline = match token.kind {
                    TokenKind::Word => {
                        let text = token.text(source);
                        ENDED_BY_NEWLINE.iter().any(|command| command.eq_ignore_ascii_case(text))
                    }
                    kind => kind == TokenKind::QuestionMark,
                };
            }
            1 => piece.second = word,
            _ => {}
        }
        piece.tokens += 1;
        piece.end = token.end;
        piece.last = [piece.last[1], word];
        None
    }

    /// Ends the statement after the last token; its span, unless it is a batch that goes on.
    pub(super) fn end(&mut self) -> Option<Range<usize>> {
        self.terminate(self.piece.end)
    }

    fn terminate(&mut self, end: usize) -> Option<Range<usize>> {
        let piece = std::mem::take(&mut self.piece);
        let begins = Batch { start: piece.start, is_transaction: piece.second == Word::Transaction };
        let batch = self.batch.or((piece.first == Word::Begin).then_some(begins));
        let start = batch.map_or(piece.start, |batch| batch.start);
        let ends_batch = match piece.last {
            [Word::Apply, _] => true,
            // cqlsh looks for APPLY only, so that a transaction takes the rest of the file with it.
            [Word::Commit, Word::Transaction] => batch.is_some_and(|batch| batch.is_transaction),
            _ => false,
        };
        // cqlsh: a piece of one token opens and closes nothing.
        if piece.tokens >= 2 {
            self.batch = if ends_batch { None } else { batch };
        }
        if self.batch.is_some() { None } else { Some(start..end) }
    }
}

impl Word {
    fn of(text: &str) -> Self {
        let is = |word: &str| text.eq_ignore_ascii_case(word);
        match text.len() {
            5 if is("BEGIN") => Self::Begin,
            5 if is("APPLY") => Self::Apply,
            6 if is("COMMIT") => Self::Commit,
            11 if is("TRANSACTION") => Self::Transaction,
            _ => Self::Other,
        }
    }
}
