//! How the parts of a statement look. The terminal's own sixteen colours, so that its theme decides what is readable on its
//! background; none of them is white or black.

use super::highlight::Style;

/// The look of everything that is not plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Theme {
    /// Without colour only the brackets at the cursor stand out.
    pub(super) colour: bool,
}

impl Theme {
    /// The escape sequence that begins a style; empty for what looks like anything else.
    pub(super) fn begin(self, style: Style) -> &'static str {
        match style {
            Style::Plain => "",
            Style::Bracket => "\x1b[1;4m",
            _ if !self.colour => "",
            Style::Keyword => "\x1b[1;34m",
            Style::Text => "\x1b[32m",
            Style::Constant => "\x1b[35m",
            Style::Comment | Style::Suggestion | Style::Continuation => "\x1b[2m",
            Style::Invalid => "\x1b[31m",
        }
    }

    /// The escape sequence that ends a style.
    pub(super) fn end(self, style: Style) -> &'static str {
        if self.begin(style).is_empty() { "" } else { "\x1b[0m" }
    }
}
