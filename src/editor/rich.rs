//! A statement on a screen: rows of cells, and the least writing that turns what is shown into what is to be shown.
//!
//! What does not fit the screen is shown through a window around the cursor, so that a key costs no more in a statement
//! of a thousand lines than in one of ten. Nothing is asked of the terminal: its answers would mix with what is typed.

use std::fmt::Write;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::highlight::Style;
use super::theme::Theme;

/// Columns between two tab stops.
const TAB: usize = 8;

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

/// A row of the screen: its text, piece by piece.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Row {
    cells: Vec<Cell>,
    width: usize,
}

/// A character as it is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cell {
    text: Piece,
    width: usize,
    style: Style,
}

/// What a cell shows: mostly one character, which needs no memory of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
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

/// The rows of a view on a screen of so many columns, and the cursor's row and column.
fn lay_out(view: &View<'_>, columns: usize) -> (Vec<Row>, (usize, usize)) {
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
fn cut(line: &str, columns: usize) -> Row {
    let mut page = Page { rows: vec![Row::default()], columns };
    page.add(line, Style::Plain);
    page.rows.swap_remove(0)
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use proptest::prelude::*;

    use super::*;

    const SIZE: (usize, usize) = (20, 6);

    fn emulator((columns, rows): (usize, usize)) -> vt100::Parser {
        let size = |cells: usize| NonZero::new(cells as u16).unwrap();
        vt100::Parser::new(size(rows), size(columns), 100)
    }

    /// A screen and the terminal that it is drawn on.
    struct Drawn {
        screen: RichScreen,
        terminal: vt100::Parser,
    }

    impl Drawn {
        fn new() -> Self {
            let mut screen = RichScreen::new(Theme { colour: true });
            screen.begin(SIZE);
            Self { screen, terminal: emulator(SIZE) }
        }

        fn show(&mut self, text: &str, cursor: usize) -> &mut Self {
            let styles = super::super::highlight::highlight(text, Some(cursor));
            let view =
                View { prompt: "cqlsh> ", continuation: "   ... ", text, cursor, styles: &styles, ..View::default() };
            let mut out = String::new();
            self.screen.show(&view, &mut out);
            self.terminal.process(out.as_bytes());
            self
        }

        fn rows(&self) -> Vec<String> {
            self.terminal.screen().rows(0, SIZE.0 as u16).map(|row| row.trim_end().to_owned()).collect()
        }

        fn cursor(&self) -> (u16, u16) {
            self.terminal.screen().cursor_position()
        }
    }

    #[test]
    fn a_statement_is_shown_behind_its_prompts() {
        let mut drawn = Drawn::new();
        drawn.show("SELECT key\nFROM t", 12);
        assert_eq!(drawn.rows()[..3], ["cqlsh> SELECT key", "   ... FROM t", ""]);
        assert_eq!(drawn.cursor(), (1, 8));
        // A line longer than the screen goes on below, and so does the cursor.
        drawn.show("SELECT 'abcdef', 'ghi'", 22);
        assert_eq!(drawn.rows()[..3], ["cqlsh> SELECT 'abcde", "f', 'ghi'", ""]);
        assert_eq!(drawn.cursor(), (1, 9));
        drawn.show("SELECT 'abcd'", 13);
        assert_eq!((drawn.rows()[1].as_str(), drawn.cursor()), ("", (1, 0)));
    }

    #[test]
    fn a_statement_longer_than_the_screen_is_shown_around_the_cursor_and_left_as_a_whole() {
        let text = (0..20).map(|line| format!("line{line}")).collect::<Vec<_>>().join("\n");
        let mut drawn = Drawn::new();
        drawn.show(&text, text.len());
        assert_eq!((drawn.rows()[5].as_str(), drawn.cursor().0), ("   ... line19", 5));
        drawn.show(&text, 0);
        assert_eq!((drawn.rows()[0].as_str(), drawn.cursor()), ("cqlsh> line0", (0, 7)));
        let mut out = String::new();
        drawn.screen.leave(&View { prompt: "> ", text: &text, ..View::default() }, &mut out);
        drawn.terminal.process(out.as_bytes());
        assert_eq!(drawn.rows()[3..], ["line18", "line19", ""]);
        drawn.terminal.screen_mut().set_scrollback(100);
        assert_eq!(drawn.rows()[0], "> line0");
    }

    #[test]
    fn a_character_typed_at_the_end_is_all_that_is_written() {
        let mut drawn = Drawn::new();
        drawn.show("SELECT k", 8);
        let mut out = String::new();
        let styles = super::super::highlight::highlight("SELECT ke", None);
        let view = View { prompt: "cqlsh> ", text: "SELECT ke", cursor: 9, styles: &styles, ..View::default() };
        drawn.screen.show(&view, &mut out);
        assert_eq!(out, "e");
    }

    proptest! {
        #[test]
        fn whatever_was_shown_before_the_screen_is_as_if_drawn_anew(
            states in prop::collection::vec(("[a'(漢é\\t 9\n]{0,60}", any::<prop::sample::Index>()), 1..12),
        ) {
            let mut drawn = Drawn::new();
            for (text, cursor) in &states {
                let places: Vec<usize> = text.grapheme_indices(true).map(|(place, _)| place).chain([text.len()]).collect();
                let cursor = places[cursor.index(places.len())];
                drawn.show(text, cursor);
                let mut anew = Drawn::new();
                // The window is where the cursor has led it.
                anew.screen.top = drawn.screen.top;
                anew.show(text, cursor);
                prop_assert_eq!(drawn.rows(), anew.rows());
                prop_assert_eq!(drawn.cursor(), anew.cursor());
            }
        }
    }
}
