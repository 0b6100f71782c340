//! What is to be shown, as rows of cells: where lines break, and how wide a character is.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::View;
use crate::editor::highlight::Style;

/// Columns between two tab stops.
const TAB: usize = 8;

/// A row of the screen: its text, piece by piece.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    pub(super) width: usize,
}

/// A character as it is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) text: Piece,
    pub(super) width: usize,
    pub(super) style: Style,
}

/// What a cell shows: mostly one character, which needs no memory of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Char(char),
    Cluster(Box<str>),
}

impl From<&str> for Piece {
    fn from(text: &str) -> Self {
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(character), None) => Self::Char(character),
            _ => Self::Cluster(text.into()),
        }
    }
}

/// The rows of a view on a screen of so many columns, and the cursor's row and column.
pub(super) fn lay_out(view: &View<'_>, columns: usize) -> (Vec<Row>, (usize, usize)) {
    let mut page = Page { rows: vec![Row::default()], columns };
    page.add(view.prompt, Style::Plain);
    let mut cursor = None;
    let mut styles = view.styles.iter().peekable();
    for (place, character) in view.text.grapheme_indices(true) {
        while styles.next_if(|(range, _)| range.end <= place).is_some() {}
        let style = styles.peek().filter(|(range, _)| range.start <= place).map_or(Style::Plain, |(_, style)| *style);
        if place >= view.cursor && cursor.is_none() {
            cursor = Some(page.place());
        }
        if character.ends_with('\n') {
            page.rows.push(Row::default());
            page.add(view.continuation, Style::Continuation);
        } else {
            page.add_character(character, style);
        }
    }
    let cursor = cursor.unwrap_or_else(|| page.place());
    page.add(view.suggestion, Style::Suggestion);
    (page.rows, cursor)
}

/// Rows being filled.
struct Page {
    rows: Vec<Row>,
    columns: usize,
}

impl Page {
    fn add(&mut self, text: &str, style: Style) {
        for character in text.graphemes(true) {
            self.add_character(character, style);
        }
    }

    fn add_character(&mut self, character: &str, style: Style) {
        match character.chars().next() {
            Some('\t') => {
                let blanks = TAB - self.place().1 % TAB;
                (0..blanks).for_each(|_| self.add_cell(" ", 1, style));
            }
            Some('\x7f') => self.add_cell("^?", 2, style),
            Some(control @ '\0'..' ') => {
                let letter = char::from_u32(u32::from(control) + u32::from('@')).unwrap_or('?');
                self.add_cell(&format!("^{letter}"), 2, style);
            }
            Some('\u{80}'..='\u{9f}') => self.add_cell("?", 1, style),
            _ => self.add_cell(character, character.width(), style),
        }
    }

    fn add_cell(&mut self, text: &str, width: usize, style: Style) {
        let width = width.min(self.columns);
        if self.rows.last().is_none_or(|row| row.width + width > self.columns) {
            self.rows.push(Row::default());
        }
        if let Some(row) = self.rows.last_mut() {
            row.cells.push(Cell { text: text.into(), width, style });
            row.width += width;
        }
    }

    /// Where the next cell goes; a full row has no place left for a cursor.
    fn place(&mut self) -> (usize, usize) {
        if self.rows.last().is_none_or(|row| row.width >= self.columns) {
            self.rows.push(Row::default());
        }
        (self.rows.len() - 1, self.rows.last().map_or(0, |row| row.width))
    }
}

/// A line as one row, as much of it as fits.
pub(super) fn cut(line: &str, columns: usize) -> Row {
    let mut page = Page { rows: vec![Row::default()], columns };
    page.add(line, Style::Plain);
    page.rows.swap_remove(0)
}
