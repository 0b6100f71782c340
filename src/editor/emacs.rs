//! The keys of Emacs, as GNU readline has them.

use unicode_segmentation::UnicodeSegmentation;

use super::action::Action;
use super::buffer::Buffer;
use super::keys::Key;

/// The keys, and the one of two that was pressed.
#[derive(Debug, Default)]
pub(super) struct Emacs {
    after_ctrl_x: bool,
}

impl Emacs {
    /// What the key does to this text.
    pub(super) fn action(&mut self, key: Key, buffer: &Buffer) -> Action {
        if std::mem::take(&mut self.after_ctrl_x) {
            return match key {
                Key::Ctrl('E') => Action::OpenEditor,
                Key::Ctrl('U') => Action::Undo,
                Key::Backspace => Action::Kill(0..buffer.cursor()),
                _ => Action::Ring,
            };
        }
        if key == Key::Ctrl('X') {
            self.after_ctrl_x = true;
            return Action::Nothing;
        }
        common(&key, buffer).unwrap_or_else(|| bound(key, buffer))
    }
}

/// Keys that do the same while vi inserts.
pub(super) fn common(key: &Key, buffer: &Buffer) -> Option<Action> {
    let cursor = buffer.cursor();
    Some(match key {
        Key::Char(character) => Action::Type(*character),
        Key::Paste(text) => Action::Insert(text.clone()),
        Key::Enter => Action::Accept,
        Key::AltEnter => Action::Newline,
        Key::Tab => Action::Complete,
        Key::Backspace => Action::Delete(buffer.left()..cursor),
        Key::Delete => Action::Delete(cursor..buffer.right()),
        Key::Left => left(buffer),
        Key::Right => Action::Right,
        Key::WordLeft => Action::Move(buffer.word_left(char::is_alphanumeric)),
        Key::WordRight => Action::Move(buffer.word_right(char::is_alphanumeric)),
        Key::Home => Action::Move(buffer.line_start(cursor)),
        Key::End => Action::Move(buffer.line_end(cursor)),
        Key::Top => Action::Move(0),
        Key::Bottom => Action::Move(buffer.text().len()),
        Key::Up => Action::Up,
        Key::Down => Action::Down,
        Key::Ctrl('C') => Action::Interrupt,
        Key::Ctrl('D') => Action::EndOrDelete,
        Key::Ctrl('L') => Action::ClearScreen,
        Key::Ctrl('R') => Action::Search,
        Key::Ctrl('U') => Action::Kill(buffer.line_start(cursor)..cursor),
        Key::Ctrl('V') => Action::Quote,
        Key::Ctrl('W') => Action::Kill(buffer.word_left(|c| !c.is_whitespace())..cursor),
        Key::Ctrl('Y') => Action::Yank(cursor),
        Key::Ctrl('Z') => Action::Suspend,
        Key::Ctrl('\\') => Action::Quit,
        Key::Ctrl('_') => Action::Undo,
        _ => return None,
    })
}

fn bound(key: Key, buffer: &Buffer) -> Action {
    let cursor = buffer.cursor();
    match key {
        Key::Ctrl('A') => Action::Move(buffer.line_start(cursor)),
        Key::Ctrl('B') => left(buffer),
        Key::Ctrl('E') => Action::Move(buffer.line_end(cursor)),
        Key::Ctrl('F') => Action::Right,
        Key::Ctrl('K') => {
            let end = buffer.line_end(cursor);
            // At the end of a line its newline goes.
            kill_after(cursor, if end == cursor { buffer.right() } else { end })
        }
        Key::Ctrl('N') => Action::LaterEntry,
        Key::Ctrl('P') => Action::EarlierEntry,
        Key::Ctrl('Q') => Action::Quote,
        Key::Ctrl('T') => transposed(buffer),
        Key::Alt('b' | 'B') => Action::Move(buffer.word_left(char::is_alphanumeric)),
        Key::Alt('f' | 'F') => Action::Move(buffer.word_right(char::is_alphanumeric)),
        Key::Alt('d' | 'D') => kill_after(cursor, buffer.word_right(char::is_alphanumeric)),
        Key::AltBackspace => Action::Kill(buffer.word_left(char::is_alphanumeric)..cursor),
        Key::Alt('y' | 'Y') => Action::YankEarlier,
        Key::Alt('<') => Action::FirstEntry,
        Key::Alt('>') => Action::LastEntry,
        Key::Alt('u' | 'U') => with_word(buffer, |word| word.to_uppercase()),
        Key::Alt('l' | 'L') => with_word(buffer, |word| word.to_lowercase()),
        Key::Alt('c' | 'C') => with_word(buffer, capitalized),
        _ => Action::Ring,
    }
}

fn left(buffer: &Buffer) -> Action {
    if buffer.cursor() == 0 { Action::Ring } else { Action::Move(buffer.left()) }
}

/// Cuts out what follows. cqlsh: where nothing does, readline says nothing.
fn kill_after(cursor: usize, end: usize) -> Action {
    if cursor == end { Action::Nothing } else { Action::Kill(cursor..end) }
}

/// The character before the cursor and the one under it change places; at the end of a line the two before it do.
fn transposed(buffer: &Buffer) -> Action {
    let cursor = buffer.cursor();
    let right = if cursor == buffer.line_end(cursor) { buffer.left() } else { cursor };
    let left = buffer.left_of(right);
    let range = left..buffer.right_of(right);
    if right == buffer.line_start(right) || range.len() < 2 {
        return Action::Ring;
    }
    let turned: String = buffer.text()[range.clone()].graphemes(true).rev().collect();
    let end = range.end;
    Action::Replace(range, turned, end)
}

/// The rest of the word at the cursor, changed.
fn with_word(buffer: &Buffer, change: impl Fn(&str) -> String) -> Action {
    let range = buffer.cursor()..buffer.word_right(char::is_alphanumeric);
    let changed = change(&buffer.text()[range.clone()]);
    let end = range.start + changed.len();
    Action::Replace(range, changed, end)
}

fn capitalized(word: &str) -> String {
    let start = word.find(char::is_alphanumeric).unwrap_or(0);
    let mut letters = word[start..].chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{}{first}{}", &word[..start], letters.as_str().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is in the buffer after the key, and where the cursor is; `None` if the key does something else.
    fn after(text: &str, cursor: usize, key: Key) -> Option<(String, usize)> {
        let mut buffer = Buffer::default();
        buffer.set(text);
        buffer.move_to(cursor);
        match Emacs::default().action(key, &buffer) {
            Action::Move(place) => buffer.move_to(place),
            Action::Kill(range) | Action::Delete(range) => buffer.replace(range, ""),
            Action::Replace(range, text, cursor) => {
                buffer.replace(range, &text);
                buffer.move_to(cursor);
            }
            _ => return None,
        }
        Some((buffer.text().to_owned(), buffer.cursor()))
    }

    #[test]
    fn keys_do_what_they_do_in_readline() {
        for (text, cursor, key, expected, at) in [
            ("one two", 7, Key::Ctrl('A'), "one two", 0),
            ("a\nb c\nd", 4, Key::Ctrl('A'), "a\nb c\nd", 2),
            ("a\nb c\nd", 4, Key::Ctrl('K'), "a\nb \nd", 4),
            ("a\nb", 1, Key::Ctrl('K'), "ab", 1),
            ("one two", 5, Key::Ctrl('U'), "wo", 0),
            ("ks.t", 4, Key::Ctrl('W'), "", 0),
            ("ks.t", 4, Key::AltBackspace, "ks.", 3),
            ("abc", 3, Key::Ctrl('T'), "acb", 3),
            ("abc", 1, Key::Ctrl('T'), "bac", 2),
            ("a key", 1, Key::Alt('u'), "a KEY", 5),
            ("FROM t", 0, Key::Alt('c'), "From t", 4),
            ("one two", 0, Key::Alt('d'), " two", 0),
        ] {
            assert_eq!(after(text, cursor, key.clone()), Some((expected.to_owned(), at)), "{text:?} {key:?}");
        }
    }

    #[test]
    fn a_key_of_two_waits_for_the_second() {
        let (mut emacs, buffer) = (Emacs::default(), Buffer::default());
        assert_eq!(emacs.action(Key::Ctrl('X'), &buffer), Action::Nothing);
        assert_eq!(emacs.action(Key::Ctrl('E'), &buffer), Action::OpenEditor);
        assert_eq!(emacs.action(Key::Ctrl('E'), &buffer), Action::Move(0));
    }
}
