//! A statement on a screen: rows of cells, and the least writing that turns what is shown into what is to be shown.
//!
//! What does not fit the screen is shown through a window around the cursor, so that a key costs no more in a statement
//! of a thousand lines than in one of ten. Nothing is asked of the terminal: its answers would mix with what is typed.

mod page;

use std::fmt::Write;
use std::ops::Range;

use page::{Cell, Piece, Row, cut, lay_out};

use super::highlight::Style;
use super::theme::Theme;

/// What is to be shown.
#[derive(Debug, Clone, Default)]
pub(super) struct View<'a> {
    pub(super) prompt: &'a str,
    /// The prompt of the lines after the first.
    pub(super) continuation: &'a str,
    pub(super) text: &'a str,
    pub(super) cursor: usize,
    /// The parts of the text that are not plain, in order.
    pub(super) styles: &'a [(Range<usize>, Style)],
    /// What may follow the text.
    pub(super) suggestion: &'a str,
    /// Lines below it all.
    pub(super) below: &'a [String],
}

/// The part of a terminal's screen that a statement takes.
#[derive(Debug)]
pub(super) struct RichScreen {
    theme: Theme,
    columns: usize,
    rows: usize,
    shown: Vec<Row>,
    /// The cursor's row and column in what is shown.
    cursor: (usize, usize),
    /// The first row in the window.
    top: usize,
}

impl RichScreen {
    pub(super) fn new(theme: Theme) -> Self {
        Self { theme, columns: 80, rows: 24, shown: Vec::new(), cursor: (0, 0), top: 0 }
    }

    /// A new line, with nothing on it, on a screen of this size.
    pub(super) fn begin(&mut self, (columns, rows): (usize, usize)) {
        (self.columns, self.rows) = (columns.max(2), rows.max(2));
        self.shown.clear();
        (self.cursor, self.top) = ((0, 0), 0);
    }

    /// The screen has another size now. Takes away what is shown, as far as the terminal has wrapped it.
    pub(super) fn resize(&mut self, size: (usize, usize), out: &mut String) {
        let columns = size.0.max(2);
        let above: usize = self.shown[..self.cursor.0.min(self.shown.len())]
            .iter()
            .map(|row| row.width.div_ceil(columns).max(1))
            .sum();
        self.cursor = (above + self.cursor.1 / columns, 0);
        self.take_away(out);
        self.begin(size);
    }

    /// Takes away what is shown; the cursor is where it began.
    fn take_away(&mut self, out: &mut String) {
        self.move_to((0, 0), out);
        out.push_str("\r\x1b[J");
        self.begin((self.columns, self.rows));
    }

    /// A screen without anything on it.
    pub(super) fn clear(&mut self, out: &mut String) {
        out.push_str("\x1b[H\x1b[2J");
        self.begin((self.columns, self.rows));
    }

    /// Writes what makes the screen show this.
    pub(super) fn show(&mut self, view: &View<'_>, out: &mut String) {
        let (mut rows, cursor) = lay_out(view, self.columns);
        let below = view.below.len().min(self.rows.saturating_sub(rows.len()).max(self.rows / 2));
        let window = self.rows - below;
        self.top = self.top.min(rows.len().saturating_sub(window));
        if cursor.0 < self.top {
            self.top = cursor.0;
        } else if cursor.0 >= self.top + window {
            self.top = cursor.0 + 1 - window;
        }
        rows.truncate(self.top + window);
        rows.drain(..self.top);
        rows.extend(view.below[..below].iter().map(|line| cut(line, self.columns)));
        self.paint(rows, (cursor.0 - self.top, cursor.1), out);
    }

    /// Leaves the statement on the screen, all of it, and the cursor below it.
    pub(super) fn leave(&mut self, view: &View<'_>, out: &mut String) {
        let (rows, _) = lay_out(view, self.columns);
        if rows.len() <= self.rows {
            let end = rows.len() - 1;
            self.paint(rows, (end, 0), out);
            out.push_str("\r\n");
            return;
        }
        self.take_away(out);
        for row in &rows {
            self.write(&row.cells, out);
            out.push_str("\r\n");
        }
    }

    fn paint(&mut self, rows: Vec<Row>, cursor: (usize, usize), out: &mut String) {
        let shown = std::mem::take(&mut self.shown);
        let nothing = Row::default();
        for (place, row) in rows.iter().enumerate() {
            let old = shown.get(place).unwrap_or(&nothing);
            if old == row && place < shown.len() {
                continue;
            }
            let same = old.cells.iter().zip(&row.cells).take_while(|(old, new)| old == new).count();
            let column = row.cells[..same].iter().map(|cell| cell.width).sum();
            if place < shown.len() || place == 0 {
                self.move_to((place, column), out);
            } else {
                self.move_to((place - 1, 0), out);
                out.push_str("\r\n");
                self.cursor = (place, 0);
            }
            self.write(&row.cells[same..], out);
            self.cursor.1 = row.width;
            if old.width > row.width {
                out.push_str("\x1b[K");
            }
        }
        if rows.len() < shown.len() {
            self.move_to((rows.len(), 0), out);
            out.push_str("\x1b[J");
        }
        self.shown = rows;
        self.move_to(cursor, out);
    }

    fn write(&self, cells: &[Cell], out: &mut String) {
        let mut style = Style::Plain;
        for cell in cells {
            if cell.style != style {
                out.push_str(self.theme.end(style));
                style = cell.style;
                out.push_str(self.theme.begin(style));
            }
            match &cell.text {
                Piece::Char(character) => out.push(*character),
                Piece::Cluster(text) => out.push_str(text),
            }
        }
        out.push_str(self.theme.end(style));
    }

    /// Moves the cursor to a place that is shown.
    fn move_to(&mut self, (row, column): (usize, usize), out: &mut String) {
        let (old_row, old_column) = self.cursor;
        // A String takes everything.
        let _ = match row.cmp(&old_row) {
            std::cmp::Ordering::Less => write!(out, "\x1b[{}A", old_row - row),
            std::cmp::Ordering::Greater => write!(out, "\x1b[{}B", row - old_row),
            std::cmp::Ordering::Equal => Ok(()),
        };
        // After the last column it is the terminal's choice where the cursor is.
        if column != old_column || old_column >= self.columns {
            out.push('\r');
            if column > 0 {
                let _ = write!(out, "\x1b[{column}C");
            }
        }
        self.cursor = (row, column);
    }
}

#[cfg(test)]
mod tests;
