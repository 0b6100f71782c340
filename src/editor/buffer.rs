//! The text being edited and its cursor: changes and how they are undone, places to go to, what was cut out. It knows
//! nothing of keys and screens.

use std::ops::Range;

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// How many changes can be undone.
const UNDONE_AT_MOST: usize = 1000;

/// How many bytes that are typed one after the other are undone as one.
const TYPED_AT_ONCE: usize = 20;

/// A text with a cursor, which always stands between two characters as a person sees them.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    text: String,
    cursor: usize,
    changes: Vec<Change>,
    /// Whether the last change was a typed character, so that the next one belongs to it.
    is_typing: bool,
}

/// What stood at `at` in place of what stands there now.
#[derive(Debug)]
struct Change {
    at: usize,
    removed: String,
    inserted: usize,
    cursor: usize,
}

impl Buffer {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn cursor(&self) -> usize {
        self.cursor
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.cursor == self.text.len()
    }

    /// Takes the text out, and forgets how it came to be.
    pub(super) fn take(&mut self) -> String {
        std::mem::take(self).text
    }

    /// Puts the cursor as near to `place` as it can stand.
    pub(super) fn move_to(&mut self, place: usize) {
        self.is_typing = false;
        self.cursor = floor(&self.text, place);
    }

    /// Puts a text in the place of another one; the cursor is after it.
    pub(super) fn replace(&mut self, range: Range<usize>, text: &str) {
        self.is_typing = false;
        self.change(range, text);
    }

    /// Puts a text in the place of all there is.
    pub(super) fn set(&mut self, text: &str) {
        self.replace(0..self.text.len(), text);
    }

    /// Inserts a character at the cursor; those that are typed one after the other are undone as one.
    pub(super) fn type_char(&mut self, character: char) {
        let goes_on = self.is_typing
            && self
                .changes
                .last()
                .is_some_and(|last| last.at + last.inserted == self.cursor && last.inserted < TYPED_AT_ONCE);
        let mut bytes = [0; 4];
        let text = character.encode_utf8(&mut bytes);
        match self.changes.last_mut().filter(|_| goes_on) {
            Some(last) => {
                last.inserted += text.len();
                self.text.insert_str(self.cursor, text);
                self.cursor += text.len();
            }
            None => self.change(self.cursor..self.cursor, text),
        }
        self.is_typing = true;
    }

    fn change(&mut self, range: Range<usize>, text: &str) {
        let start = boundary(&self.text, range.start);
        let end = boundary(&self.text, range.end).max(start);
        let removed = self.text[start..end].to_owned();
        if removed.is_empty() && text.is_empty() {
            return;
        }
        if self.changes.len() == UNDONE_AT_MOST {
            self.changes.remove(0);
        }
        self.changes.push(Change { at: start, removed, inserted: text.len(), cursor: self.cursor });
        self.text.replace_range(start..end, text);
        self.cursor = start + text.len();
    }

    /// Takes the last change back; tells whether there was one.
    pub(super) fn undo(&mut self) -> bool {
        self.is_typing = false;
        let Some(change) = self.changes.pop() else { return false };
        self.text.replace_range(change.at..change.at + change.inserted, &change.removed);
        self.cursor = change.cursor;
        true
    }

    /// The place one character to the left of the cursor.
    pub(super) fn left(&self) -> usize {
        self.left_of(self.cursor)
    }

    /// The place one character to the right of the cursor.
    pub(super) fn right(&self) -> usize {
        self.right_of(self.cursor)
    }

    pub(super) fn left_of(&self, place: usize) -> usize {
        let mut cursor = GraphemeCursor::new(place, self.text.len(), true);
        cursor.prev_boundary(&self.text, 0).ok().flatten().unwrap_or(0)
    }

    pub(super) fn right_of(&self, place: usize) -> usize {
        let mut cursor = GraphemeCursor::new(place, self.text.len(), true);
        cursor.next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len())
    }

    /// The beginning of the line that `place` is in.
    pub(super) fn line_start(&self, place: usize) -> usize {
        self.text[..place].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// The end of the line that `place` is in, before its newline.
    pub(super) fn line_end(&self, place: usize) -> usize {
        self.text[place..].find('\n').map_or(self.text.len(), |newline| place + newline)
    }

    /// The place in the line above, as many characters from its beginning as the cursor is; `None` in the first line.
    pub(super) fn above(&self) -> Option<usize> {
        let start = self.line_start(self.cursor);
        let column = self.text[start..self.cursor].graphemes(true).count();
        Some(self.at_column(self.line_start(start.checked_sub(1)?), column))
    }

    /// The place in the line below; `None` in the last line.
    pub(super) fn below(&self) -> Option<usize> {
        let start = self.line_start(self.cursor);
        let column = self.text[start..self.cursor].graphemes(true).count();
        let end = self.line_end(self.cursor);
        (end < self.text.len()).then(|| self.at_column(end + 1, column))
    }

    fn at_column(&self, start: usize, column: usize) -> usize {
        let line = &self.text[start..self.line_end(start)];
        line.grapheme_indices(true).nth(column).map_or(start + line.len(), |(place, _)| start + place)
    }

    /// The beginning of the word at or before the cursor; `is_word` tells what words are made of.
    pub(super) fn word_left(&self, is_word: impl Fn(char) -> bool) -> usize {
        let before = &self.text[..self.cursor];
        let word_end = before.trim_end_matches(|c| !is_word(c)).len();
        before[..word_end].trim_end_matches(is_word).len()
    }

    /// The end of the word at or after the cursor.
    pub(super) fn word_right(&self, is_word: impl Fn(char) -> bool) -> usize {
        let after = &self.text[self.cursor..];
        let word = after.trim_start_matches(|c| !is_word(c)).trim_start_matches(is_word);
        self.text.len() - word.len()
    }
}

/// Where a character begins, at or before `place`.
fn boundary(text: &str, place: usize) -> usize {
    (0..=place.min(text.len())).rev().find(|place| text.is_char_boundary(*place)).unwrap_or(0)
}

/// Where a character as a person sees it begins, at or before `place`.
fn floor(text: &str, place: usize) -> usize {
    let place = boundary(text, place);
    match GraphemeCursor::new(place, text.len(), true).is_boundary(text, 0) {
        Ok(true) => place,
        _ => GraphemeCursor::new(place, text.len(), true).prev_boundary(text, 0).ok().flatten().unwrap_or(0),
    }
}

/// What was cut out, to be put in again.
#[derive(Debug, Default)]
pub(super) struct Kills {
    texts: Vec<String>,
    /// Which one was put in last, from the end.
    yanked: usize,
}

impl Kills {
    /// How many are kept.
    const KEPT: usize = 10;

    /// Keeps a text. With `joined` it belongs to the one before: in front of it or after it.
    pub(super) fn add(&mut self, text: &str, joined: Option<Side>) {
        match (joined, self.texts.last_mut()) {
            (Some(Side::Before), Some(last)) => last.insert_str(0, text),
            (Some(Side::After), Some(last)) => last.push_str(text),
            _ => {
                if self.texts.len() == Self::KEPT {
                    self.texts.remove(0);
                }
                self.texts.push(text.to_owned());
            }
        }
    }

    /// The last text.
    pub(super) fn last(&mut self) -> Option<&str> {
        self.yanked = 0;
        self.texts.last().map(String::as_str)
    }

    /// The text before the one that was put in last.
    pub(super) fn earlier(&mut self) -> Option<&str> {
        self.yanked = (self.yanked + 1) % self.texts.len().max(1);
        self.texts.iter().rev().nth(self.yanked).map(String::as_str)
    }
}

/// The side of the cursor that a text was cut out on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, cursor: usize) -> Buffer {
        let mut buffer = Buffer::default();
        buffer.set(text);
        buffer.move_to(cursor);
        buffer
    }

    #[test]
    fn the_cursor_stands_between_characters_as_they_are_seen() {
        let buffer = at("ae\u{301}b", 2);
        assert_eq!(buffer.cursor(), 1);
        assert_eq!(buffer.right(), 4);
        assert_eq!(at("ae\u{301}b", 4).left(), 1);
        assert_eq!(at("é", 1).cursor(), 0);
        assert_eq!(at("é", 99).cursor(), 2);
    }

    #[test]
    fn up_and_down_keep_the_column_as_far_as_the_line_goes() {
        assert_eq!(at("SELECT\na\nfrom", 11).above(), Some(8));
        assert_eq!(at("SELECT\na\nfrom", 3).below(), Some(8));
        assert_eq!(at("SELECT\na", 3).above(), None);
        assert_eq!(at("SELECT\na", 8).below(), None);
    }

    #[test]
    fn what_was_typed_in_one_go_is_undone_in_one_go() {
        let mut buffer = Buffer::default();
        "SELECT key".chars().for_each(|character| buffer.type_char(character));
        buffer.replace(0..6, "select");
        assert_eq!((buffer.text(), buffer.cursor()), ("select key", 6));
        for expected in ["SELECT key", ""] {
            assert!(buffer.undo());
            assert_eq!(buffer.text(), expected);
        }
        assert!(!buffer.undo());
    }

    #[test]
    fn words_are_found_on_both_sides() {
        let buffer = at("SELECT ks.t", 8);
        assert_eq!(buffer.word_left(char::is_alphanumeric), 7);
        assert_eq!(buffer.word_right(char::is_alphanumeric), 9);
        assert_eq!(at("SELECT ", 7).word_left(char::is_alphanumeric), 0);
        assert_eq!(at("a.b", 3).word_left(|c| !c.is_whitespace()), 0);
    }

    #[test]
    fn what_was_cut_out_piece_by_piece_comes_back_whole() {
        let mut kills = Kills::default();
        kills.add("first", None);
        kills.add("b", None);
        kills.add("a", Some(Side::Before));
        kills.add("c", Some(Side::After));
        assert_eq!(kills.last(), Some("abc"));
        assert_eq!(kills.earlier(), Some("first"));
        assert_eq!(kills.earlier(), Some("abc"));
    }
}
