//! A line on a terminal that can do no more than print: what GNU readline writes where TERM is `dumb`.
//!
//! Programs drive the shell through such terminals, and count on each typed character coming back as it is and on nothing
//! else. The cursor moves by backspaces, or by a carriage return and the line anew; what goes away is written over with
//! blanks. No line is wrapped or scrolled: the terminal is as wide as the line.

use unicode_width::UnicodeWidthChar;

/// Columns between two tab stops.
const TAB: usize = 8;

/// What the terminal shows of a line.
#[derive(Debug, Default)]
pub(super) struct PlainScreen {
    shown: Vec<char>,
    /// The column that the cursor is in.
    column: usize,
}

impl PlainScreen {
    /// A new line, with nothing on it.
    pub(super) fn begin(&mut self) {
        *self = Self::default();
    }

    /// A character was typed at the end of what is shown.
    pub(super) fn typed(&mut self, character: char, out: &mut String) -> bool {
        let Some(width) = character.width().filter(|width| *width > 0) else { return false };
        self.shown.push(character);
        self.column += width;
        out.push(character);
        true
    }

    /// Writes what makes the line look like this.
    pub(super) fn show(&mut self, prompt: &str, text: &str, cursor: usize, out: &mut String) {
        let mut shown: Vec<char> = prompt.chars().collect();
        let before = text.get(..cursor).unwrap_or(text);
        display(before, &mut shown);
        let place = shown.len();
        display(text.get(before.len()..).unwrap_or_default(), &mut shown);

        let mut same = self.shown.iter().zip(&shown).take_while(|(old, new)| old == new).count();
        let combines = |character: Option<&char>| character.is_some_and(|c| c.width() == Some(0));
        while same > 0 && (combines(shown.get(same)) || combines(self.shown.get(same))) {
            same -= 1;
        }
        if same < shown.len() || same < self.shown.len() {
            self.go_to(same, out);
            out.extend(&shown[same..]);
            self.column = width(&shown);
            let rest = width(&self.shown).saturating_sub(self.column);
            out.extend(std::iter::repeat_n(' ', rest));
            self.column += rest;
            self.shown = shown;
        }
        self.go_to(place, out);
    }

    /// Moves the cursor to a character of what is shown, in the steps that readline takes.
    fn go_to(&mut self, place: usize, out: &mut String) {
        let column = width(&self.shown[..place]);
        if self.column == column {
            return;
        }
        if column == 0 || column + 1 < self.column.saturating_sub(column) {
            out.push('\r');
            self.column = 0;
        }
        if self.column > column {
            out.extend(std::iter::repeat_n('\x08', self.column - column));
        } else if column > 0 {
            out.push('\r');
            out.extend(&self.shown[..place]);
        }
        self.column = column;
    }
}

/// Adds a text as it is shown: tabs as blanks up to the next stop, other control characters as `^X`.
fn display(text: &str, shown: &mut Vec<char>) {
    for character in text.chars() {
        match character {
            '\t' => {
                let blanks = TAB - width(shown) % TAB;
                shown.extend(std::iter::repeat_n(' ', blanks));
            }
            '\x7f' => shown.extend(['^', '?']),
            control @ '\0'..' ' => {
                shown.push('^');
                shown.extend(char::from_u32(u32::from(control) + u32::from('@')));
            }
            other => shown.push(other),
        }
    }
}

fn width(characters: &[char]) -> usize {
    characters.iter().map(|character| character.width().unwrap_or(0)).sum()
}

/// Candidates in columns, sorted downwards, for a terminal of this width. Each row ends with a newline.
pub(super) fn columns(candidates: &[&str], screen: usize) -> Vec<String> {
    let widths: Vec<usize> = candidates.iter().map(|text| width(&text.chars().collect::<Vec<_>>())).collect();
    let widest = widths.iter().max().copied().unwrap_or(0) + 2;
    let mut across = screen / widest;
    // cqlsh: readline leaves the last column of the terminal alone.
    if across != 1 && across * widest == screen {
        across -= 1;
    }
    let across = across.max(1);
    let down = candidates.len().div_ceil(across);
    let row = |first: usize| {
        let mut row = String::new();
        for column in 0..across {
            let Some(text) = candidates.get(first + column * down) else { break };
            row.push_str(text);
            if column + 1 < across {
                row.extend(std::iter::repeat_n(' ', widest - widths[first + column * down]));
            }
        }
        row + "\n"
    };
    (0..down).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is written when the line changes from one state to the next, each with its cursor at the `|`.
    fn written(from: &str, to: &str) -> String {
        let mut screen = PlainScreen::default();
        let mut show = |state: &str| {
            let (cursor, text) = (state.find('|').unwrap(), state.replace('|', ""));
            let mut out = String::new();
            screen.show("cqlsh> ", &text, cursor, &mut out);
            out
        };
        show(from);
        show(to)
    }

    #[test]
    fn changes_are_written_as_readline_writes_them_on_a_dumb_terminal() {
        // Recorded from Apache cqlsh.
        for (from, to, expected) in [
            ("SELECT|", "SELEC|", "\x08 \x08"),
            ("SEL|", "|", "\x08\x08\x08   \x08\x08\x08"),
            ("|abc ", "X|abc ", "Xabc \x08\x08\x08\x08"),
            ("X|abc ", "Xa|bc ", "\rcqlsh> Xa"),
            ("EXPAND|", "PAGING|", "\x08\x08\x08\x08\x08\x08PAGING"),
            ("EXP|AND", "EXPZ|AND", "ZAND\x08\x08\x08"),
            ("EXPZ|AND", "EXPZ|ND", "ND \x08\x08\x08"),
            ("EXPZ|ND", "EXPNZ|D", "\x08NZD\x08"),
            ("|é", "ü|é", "üé\x08"),
            ("ü|é", "|é", "\x08é \x08\x08"),
            ("HE|LP", "HELP |LP", "\rcqlsh> HELP LP\x08\x08"),
            ("alt|", "ALTER |", "\x08\x08\x08ALTER "),
        ] {
            assert_eq!(written(from, to), expected, "{from} to {to}");
        }
    }

    #[test]
    fn control_characters_are_shown_as_signs() {
        assert_eq!(written("|", "\x01\tx|"), "^A       x");
    }

    #[test]
    fn candidates_stand_in_as_many_columns_as_fit() {
        assert_eq!(columns(&["DESC", "DESCRIBE"], 80), ["DESC      DESCRIBE  \n"]);
        assert_eq!(columns(&["a", "b", "c", "d", "e"], 9), ["a  d\n", "b  e\n", "c  \n"]);
        assert_eq!(columns(&["long enough"], 5), ["long enough\n"]);
    }
}
