//! What is drawn, as a terminal shows it.

use std::num::NonZero;

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

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
        let styles = crate::editor::highlight::highlight(text, Some(cursor));
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
    let styles = crate::editor::highlight::highlight("SELECT ke", None);
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
