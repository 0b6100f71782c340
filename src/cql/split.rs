//! The one statement splitter: physical lines in, complete statements out.
//!
//! Like cqlsh it works by buffer: lines are added until the last statement in the buffer is complete, then all of them
//! come out together. The lexer's state is kept between lines, so the time is linear in the input.

/// Splits lines into statements.
#[derive(Debug, Default)]
pub struct Splitter {}

/// What a line completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fed {
    /// More lines are needed.
    Pending,
    /// The buffer is complete and taken: these statements (none for a blank or comment-only buffer), in order.
    Statements(Vec<Statement>),
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
    /// As cqlsh counts it (see `pylexotron.LexingError`): used as the number shown and as the caret's offset.
    pub column: usize,
    /// The buffer's line the character stands in, without its newline.
    pub source: String,
}

impl Splitter {
    /// An empty buffer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one physical line, with its newline if it has one.
    pub fn feed(&mut self, _line: &str) -> Fed {
        todo!()
    }

    /// Whether something other than blanks waits for more input.
    pub fn is_pending(&self) -> bool {
        todo!()
    }

    /// End of input: the statements that are complete without a terminator, or `Pending` when something is left
    /// unfinished (cqlsh: `Incomplete statement at end of file`). The buffer is empty afterwards.
    pub fn finish(&mut self) -> Fed {
        todo!()
    }

    /// Drops what waits (Ctrl-C).
    pub fn clear(&mut self) {
        todo!()
    }
}
