//! Where lines come from: a file, standard input, the line editor.

use std::io;

/// What reading a line gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A physical line with its `\n`, which only the last line of a file may lack.
    Text(String),
    /// No more input.
    End,
    /// Ctrl-C at the prompt.
    Interrupted,
}

/// A source of physical lines. COPY FROM STDIN reads the lines that follow its statement from here.
pub trait LineSource {
    /// The next line; `prompt` is shown where there is somebody to see it.
    fn next_line(&mut self, prompt: &str) -> io::Result<Line>;
}
