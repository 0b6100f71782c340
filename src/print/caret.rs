//! A caret under a place in a line.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Stands for what is left out of a long line.
const CUT: &str = "…";
/// What stands before the line.
const INDENT: &str = "  ";

/// The line, as much of it as fits these columns around the place, and the blanks that a caret under it is preceded by.
/// `offset` is the bytes of the line before the place, at the beginning of a character or at the end.
pub fn under(line: &str, offset: usize, columns: usize) -> (String, String) {
    let line = line.trim_end_matches('\r');
    let (before, after) = line.split_at_checked(offset).unwrap_or((line, ""));
    let room = columns.saturating_sub(INDENT.len() + 2 * CUT.width() + 1).max(2);
    let (before, is_cut) = fitting(before.chars().rev(), room / 2 + (room / 2).saturating_sub(width(after)));
    let before: String = before.chars().rev().collect();
    let (after, is_cut_after) = fitting(after.chars(), room.saturating_sub(width(&before)));
    let (start, end) = (if is_cut { CUT } else { "" }, if is_cut_after { CUT } else { "" });
    let blanks = " ".repeat(INDENT.len() + width(start) + width(&before));
    (format!("{INDENT}{start}{before}{after}{end}"), blanks)
}

/// As many characters as fit, tabs as blanks, and whether there were more.
fn fitting(characters: impl Iterator<Item = char>, columns: usize) -> (String, bool) {
    let mut text = String::new();
    let mut taken = 0;
    for character in characters {
        let character = if character.is_control() { ' ' } else { character };
        taken += character.width().unwrap_or(0);
        if taken > columns {
            return (text, true);
        }
        text.push(character);
    }
    (text, false)
}

fn width(text: &str) -> usize {
    text.width()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line and the caret below it.
    fn shown(line: &str, offset: usize, columns: usize) -> String {
        let (line, blanks) = under(line, offset, columns);
        format!("{line}\n{blanks}^")
    }

    #[test]
    fn the_caret_stands_under_the_place() {
        assert_eq!(shown("SELECT * FORM t;", 9, 80), "  SELECT * FORM t;\n           ^");
        assert_eq!(shown("\tx\r", 1, 80), "   x\n   ^");
        assert_eq!(shown("'你好' x", 9, 80), "  '你好' x\n         ^");
        assert_eq!(shown("", 0, 80), "  \n  ^");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let line = format!("{}FORM{}", "a".repeat(50), "b".repeat(50));
        assert_eq!(shown(&line, 50, 25), "  …aaaaaaaaaaFORMbbbbbb…\n             ^");
        assert_eq!(shown(&line, 0, 25), "  aaaaaaaaaaaaaaaaaaaa…\n  ^");
        assert_eq!(shown(&line, 104, 25), "  …bbbbbbbbbbbbbbbbbbbb\n                       ^");
        assert!(shown(&line, 50, 0).lines().count() == 2);
    }
}
