//! Text with its unprintable characters made visible, and how wide text is on a terminal.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Doubles backslashes and writes control characters as Python does (`\n`, `\x00`); quoted, also doubles the quotes and
/// puts some around.
pub(super) fn escape(text: &str, quote: bool) -> Cow<'_, str> {
    let special = |c: char| c == '\\' || is_control(c);
    if !quote && !text.contains(special) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    if quote {
        out.push('\'');
    }
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' if quote => out.push_str("''"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c if is_control(c) => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    if quote {
        out.push('\'');
    }
    Cow::Owned(out)
}

fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\x1f' | '\x7f'..='\u{a0}')
}

/// Cuts escaped text into stretches of plain text and the escapes between them (`\\` among these).
pub(super) fn pieces(escaped: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = escaped;
    std::iter::from_fn(move || {
        let length = match rest.find('\\') {
            None if rest.is_empty() => return None,
            None => rest.len(),
            Some(0) if rest.starts_with("\\x") => 4.min(rest.len()),
            Some(0) => 2.min(rest.len()),
            Some(at) => at,
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        Some(match piece {
            "\\\\" => Piece::Backslash,
            _ if piece.starts_with('\\') => Piece::Escape(piece),
            _ => Piece::Plain(piece),
        })
    })
}

/// A part of escaped text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text that was not escaped.
    Plain(&'a str),
    /// A backslash, which was doubled.
    Backslash,
    /// A control character, e.g. `\n`.
    Escape(&'a str),
}

/// The columns that text without control characters takes: of each character as it is seen, of however many code points,
/// one or two, and two more of a skin tone on what has none.
pub(super) fn width(text: &str) -> usize {
    let columns = |columns, c| Some(columns + lone_width(c)?);
    text.chars().try_fold(0, columns).unwrap_or_else(|| text.graphemes(true).map(character_width).sum())
}

/// The columns of a letter that joins no other: most are.
fn lone_width(c: char) -> Option<usize> {
    match c {
        ..'\u{300}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{52f}' => Some(1),
        '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => {
            Some(2)
        }
        _ => None,
    }
}

fn character_width(character: &str) -> usize {
    match character {
        // A soft hyphen is seen, separators of lines and paragraphs are not.
        "\u{ad}" => 1,
        "\u{2028}" | "\u{2029}" => 0,
        character if character.contains(is_skin_tone) => {
            let tones = character.chars().filter(|c| is_skin_tone(*c)).count();
            let columns = if character.starts_with(is_pictograph) { 0 } else { 2 };
            character_width(&character.replace(is_skin_tone, "")) + columns * tones
        }
        character => {
            let beside = character.chars().filter(|c| BESIDE.contains(c)).count();
            (character.width() + beside).min(2)
        }
    }
}

fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

/// Whether a skin tone changes the character, instead of standing beside it: it does so to flags, and to whatever a joiner
/// joins to another pictograph.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}') || format!("{c}\u{200d}❤").graphemes(true).count() == 1
}

/// Vowel signs of Indian scripts that stand beside their letter, though Unicode joins them to it like marks above it.
const BESIDE: [char; 18] = [
    '\u{9be}', '\u{9d7}', '\u{b3e}', '\u{b57}', '\u{bbe}', '\u{bd7}', '\u{cc0}', '\u{cc2}', '\u{cc7}', '\u{cc8}',
    '\u{cca}', '\u{ccb}', '\u{cd5}', '\u{cd6}', '\u{d3e}', '\u{d57}', '\u{dcf}', '\u{ddf}',
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_as_python_shows_them() {
        // formatting.format_value_text
        assert_eq!(escape("a\tb\nc\rd", false), "a\\tb\\nc\\rd");
        assert_eq!(escape("\0\x1b\x7f\u{80}\u{a0}\u{a1}", false), "\\x00\\x1b\\x7f\\x80\\xa0\u{a1}");
        assert_eq!(escape("c:\\new", false), "c:\\\\new");
        assert_eq!(escape("it's", true), "'it''s'");
        assert_eq!(escape("it's", false), "it's");
    }

    #[test]
    fn escapes_are_told_from_doubled_backslashes() {
        use Piece::{Backslash, Escape, Plain};
        let all: Vec<_> = pieces("a\\\\n\\x00b\\n").collect();
        assert_eq!(all, [Plain("a"), Backslash, Plain("n"), Escape("\\x00"), Plain("b"), Escape("\\n")]);
    }

    #[test]
    fn letters_that_join_no_other_are_as_wide_as_they_are_found_to_be() {
        for c in ('\0'..=char::MAX).filter(|c| !c.is_control()) {
            if let Some(columns) = lone_width(c) {
                assert_eq!(character_width(c.encode_utf8(&mut [0; 4])), columns, "{c}");
            }
        }
    }

    #[test]
    fn widths_are_those_of_wcswidth() {
        // wcwidth.wcswidth
        for (text, columns) in [
            ("abc", 3),
            ("日本", 4),
            ("かが", 4),
            ("か\u{3099}", 2),
            ("Привет", 6),
            ("e\u{301}", 1),
            ("\u{200b}", 0),
            ("ﬀ", 1),
            ("👩‍👩‍👧", 2),
            ("👍🏽", 2),
            ("☝🏻", 1),
            ("⌚🏻", 2),
            ("👩🏻‍🤝‍👩🏽", 2),
            ("🏻", 2),
            ("a🏻", 3),
            ("日🏻🏻", 6),
            ("❤️", 2),
            ("🇩🇪", 2),
            ("سلام", 4),
            ("لا", 2),
            ("ｱ", 1),
            ("한글", 4),
            ("नमस्ते", 4),
            ("हिन्दी", 4),
            ("क्षत्रिय", 5),
            ("বাংলা", 4),
            ("தமிழ்", 4),
            ("മലയാളം", 6),
            ("น้ำ", 2),
            ("🏳️‍🌈", 2),
            ("1️⃣", 2),
            ("a\u{ad}b", 3),
            ("\u{2028}", 0),
        ] {
            assert_eq!(width(text), columns, "{text}");
        }
    }
}
