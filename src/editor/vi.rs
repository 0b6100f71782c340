//! The keys of vi: a mode in which keys are text, and one in which they are commands.

use std::ops::Range;

use super::action::Action;
use super::buffer::Buffer;
use super::emacs::common;
use super::keys::Key;

/// The mode, and the parts of a command that were pressed.
#[derive(Debug, Default)]
pub(super) struct Vi {
    commands: bool,
    count: usize,
    operator: Option<Operator>,
    /// The key whose argument comes next.
    waits: Option<char>,
    /// The last search in a line: its key and what was looked for.
    last_find: Option<(char, char)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Delete,
    Change,
    Copy,
}

/// Where a motion goes, and whether the character there belongs to the text passed over.
struct Target {
    place: usize,
    inclusive: bool,
}

impl Vi {
    /// A new statement, which starts with text.
    pub(super) fn begin(&mut self) {
        *self = Self { last_find: self.last_find, ..Self::default() };
    }

    /// What the key does to this text.
    pub(super) fn action(&mut self, key: Key, buffer: &Buffer) -> Action {
        if !self.commands {
            if key == Key::Escape {
                self.commands = true;
                let start = buffer.line_start(buffer.cursor());
                return Action::Move(buffer.left().max(start));
            }
            // Terminals send it for Escape and a key that was pressed right after it.
            if let Key::Alt(character) = key {
                self.commands = true;
                return self.command(character, buffer);
            }
            return common(&key, buffer).unwrap_or(Action::Ring);
        }
        match key {
            Key::Char(character) => self.command(character, buffer),
            Key::Escape => {
                self.drop_command();
                Action::Nothing
            }
            Key::Backspace => Action::Move(buffer.left()),
            Key::Paste(_) => Action::Ring,
            key => {
                self.drop_command();
                common(&key, buffer).unwrap_or(Action::Ring)
            }
        }
    }

    fn drop_command(&mut self) {
        (self.count, self.operator, self.waits) = (0, None, None);
    }

    fn insert(&mut self, action: Action) -> Action {
        self.drop_command();
        self.commands = false;
        action
    }

    fn command(&mut self, key: char, buffer: &Buffer) -> Action {
        if let Some(waiting) = self.waits.take() {
            return self.with_argument(waiting, key, buffer);
        }
        match key {
            '1'..='9' => self.add_digit(key),
            '0' if self.count > 0 => self.add_digit(key),
            'f' | 'F' | 't' | 'T' | 'r' | 'g' => {
                self.waits = Some(key);
                Action::Nothing
            }
            'd' => self.operate(Operator::Delete, buffer),
            'c' => self.operate(Operator::Change, buffer),
            'y' => self.operate(Operator::Copy, buffer),
            _ => match self.target(key, buffer) {
                Some(target) => self.go(target, key, buffer),
                None => self.plain_command(key, buffer),
            },
        }
    }

    fn add_digit(&mut self, digit: char) -> Action {
        // A line is not a million characters long.
        self.count = (self.count * 10 + digit.to_digit(10).unwrap_or(0) as usize).min(1_000_000);
        Action::Nothing
    }

    /// An operator: it waits for a motion, or takes the whole line when its key is pressed twice.
    fn operate(&mut self, operator: Operator, buffer: &Buffer) -> Action {
        match self.operator.replace(operator) {
            None => Action::Nothing,
            Some(first) if first == operator => {
                let cursor = buffer.cursor();
                let (start, end) = (buffer.line_start(cursor), buffer.line_end(cursor));
                let newline = usize::from(operator != Operator::Change && end < buffer.text().len());
                self.finish(operator, start..end + newline)
            }
            Some(_) => {
                self.drop_command();
                Action::Ring
            }
        }
    }

    fn finish(&mut self, operator: Operator, range: Range<usize>) -> Action {
        self.drop_command();
        match operator {
            Operator::Delete => Action::Kill(range),
            Operator::Copy => Action::Copy(range),
            Operator::Change if range.is_empty() => self.insert(Action::Nothing),
            Operator::Change => self.insert(Action::Kill(range)),
        }
    }

    fn with_argument(&mut self, key: char, argument: char, buffer: &Buffer) -> Action {
        let cursor = buffer.cursor();
        match key {
            'r' => {
                self.drop_command();
                let end = buffer.right().min(buffer.line_end(cursor));
                if end == cursor { Action::Ring } else { Action::Replace(cursor..end, argument.to_string(), cursor) }
            }
            'g' if argument == 'g' => self.go(Target { place: 0, inclusive: false }, 'g', buffer),
            'g' => {
                self.drop_command();
                Action::Ring
            }
            _ => {
                self.last_find = Some((key, argument));
                self.find(key, argument, buffer)
            }
        }
    }

    fn find(&mut self, key: char, wanted: char, buffer: &Buffer) -> Action {
        let (text, cursor) = (buffer.text(), buffer.cursor());
        let found = match key {
            'f' | 't' => text[buffer.right()..buffer.line_end(cursor).max(buffer.right())]
                .find(wanted)
                .map(|offset| buffer.right() + offset),
            _ => {
                let start = buffer.line_start(cursor);
                text[start..cursor].rfind(wanted).map(|offset| start + offset)
            }
        };
        let Some(found) = found else {
            self.drop_command();
            return Action::Ring;
        };
        let place = match key {
            't' => buffer.left_of(found),
            'T' => buffer.right_of(found),
            _ => found,
        };
        self.go(Target { place, inclusive: matches!(key, 'f' | 't') }, key, buffer)
    }

    /// Moves, or does what the operator says to the text up to there.
    fn go(&mut self, target: Target, key: char, buffer: &Buffer) -> Action {
        let cursor = buffer.cursor();
        let Some(operator) = self.operator else {
            self.drop_command();
            return Action::Move(target.place);
        };
        // vi: what is changed with `cw` ends with the word, not after the blanks behind it.
        let target = match (operator, key) {
            (Operator::Change, 'w' | 'W') if !at(buffer, cursor).is_none_or(char::is_whitespace) => {
                Target { place: word_end(buffer, cursor, key == 'W', true), inclusive: true }
            }
            _ => target,
        };
        let (start, end) = (cursor.min(target.place), cursor.max(target.place));
        let end = if target.inclusive { buffer.right_of(end) } else { end };
        self.finish(operator, start..end)
    }

    fn target(&self, key: char, buffer: &Buffer) -> Option<Target> {
        let cursor = buffer.cursor();
        let times = self.count.max(1);
        let repeated = |step: &dyn Fn(usize) -> usize| {
            let mut place = cursor;
            for _ in 0..times {
                let next = step(place);
                if next == place {
                    break;
                }
                place = next;
            }
            place
        };
        let start = buffer.line_start(cursor);
        let (place, inclusive) = match key {
            'h' => (repeated(&|place| buffer.left_of(place).max(start)), false),
            'l' | ' ' => (repeated(&|place| buffer.right_of(place).min(buffer.line_end(place))), false),
            'w' | 'W' => (repeated(&|place| next_word(buffer, place, key == 'W')), false),
            'b' | 'B' => (repeated(&|place| word_start(buffer, place, key == 'B')), false),
            'e' | 'E' => (repeated(&|place| word_end(buffer, place, key == 'E', false)), true),
            '0' => (start, false),
            '^' => {
                let line = &buffer.text()[start..buffer.line_end(cursor)];
                (start + line.len() - line.trim_start().len(), false)
            }
            '$' => {
                let end = buffer.line_end(cursor);
                (buffer.left_of(end).max(start), end > start)
            }
            'G' => (buffer.text().len(), false),
            _ => return None,
        };
        Some(Target { place, inclusive })
    }

    fn plain_command(&mut self, key: char, buffer: &Buffer) -> Action {
        let cursor = buffer.cursor();
        let (start, end) = (buffer.line_start(cursor), buffer.line_end(cursor));
        let forward = || self.target('l', buffer).map_or(cursor, |target| target.place);
        let action = match key {
            'i' => return self.insert(Action::Nothing),
            'a' => return self.insert(Action::Move(buffer.right().min(end))),
            'I' => {
                let first = self.target('^', buffer).map_or(start, |target| target.place);
                return self.insert(Action::Move(first));
            }
            'A' => return self.insert(Action::Move(end)),
            'o' => return self.insert(Action::Replace(end..end, "\n".to_owned(), end + 1)),
            'O' => return self.insert(Action::Replace(start..start, "\n".to_owned(), start)),
            's' => {
                let range = cursor..forward();
                return self.finish(Operator::Change, range);
            }
            'S' => return self.finish(Operator::Change, start..end),
            'C' => return self.finish(Operator::Change, cursor..end),
            'D' => Action::Kill(cursor..end),
            'x' => Action::Kill(cursor..forward()),
            'X' => Action::Kill(buffer.left().max(start)..cursor),
            'p' => Action::Yank(buffer.right().min(end)),
            'P' => Action::Yank(cursor),
            'u' => Action::Undo,
            'j' => Action::Down,
            'k' => Action::Up,
            '/' => Action::Search,
            'v' => Action::OpenEditor,
            '~' => match at(buffer, cursor) {
                Some(character) if cursor < end => {
                    let next = buffer.right();
                    let turned: String = match character.is_uppercase() {
                        true => buffer.text()[cursor..next].to_lowercase(),
                        false => buffer.text()[cursor..next].to_uppercase(),
                    };
                    let place = cursor + turned.len();
                    Action::Replace(cursor..next, turned, place)
                }
                _ => Action::Ring,
            },
            ';' | ',' => match self.last_find {
                Some((find, wanted)) => {
                    let find = match (key, find.is_lowercase()) {
                        (';', _) => find,
                        (_, true) => find.to_ascii_uppercase(),
                        (_, false) => find.to_ascii_lowercase(),
                    };
                    return self.find(find, wanted, buffer);
                }
                None => Action::Ring,
            },
            _ => Action::Ring,
        };
        self.drop_command();
        action
    }
}

fn at(buffer: &Buffer, place: usize) -> Option<char> {
    buffer.text()[place..].chars().next()
}

/// What words are made of: blanks separate them, and so do signs, unless words are big.
fn class(character: char, big: bool) -> u8 {
    match character {
        c if c.is_whitespace() => 0,
        c if big || c.is_alphanumeric() || c == '_' => 1,
        _ => 2,
    }
}

/// The beginning of the next word.
fn next_word(buffer: &Buffer, place: usize, big: bool) -> usize {
    let rest = &buffer.text()[place..];
    let Some(first) = rest.chars().next().map(|first| class(first, big)) else { return place };
    let after = rest.trim_start_matches(|c| class(c, big) == first && first != 0);
    buffer.text().len() - after.trim_start().len()
}

/// The beginning of this word, or of the one before it.
fn word_start(buffer: &Buffer, place: usize, big: bool) -> usize {
    let before = buffer.text()[..place].trim_end();
    let Some(last) = before.chars().next_back().map(|last| class(last, big)) else { return 0 };
    before.trim_end_matches(|c| class(c, big) == last).len()
}

/// The last character of this word, or of the next one if this is it already; with `stay` of this one all the same.
fn word_end(buffer: &Buffer, place: usize, big: bool, stay: bool) -> usize {
    let from = if stay { place } else { buffer.right_of(place) };
    let rest = buffer.text()[from..].trim_start();
    let Some(first) = rest.chars().next().map(|first| class(first, big)) else { return place };
    let end = buffer.text().len() - rest.trim_start_matches(|c| class(c, big) == first).len();
    buffer.left_of(end)
}

#[cfg(test)]
mod tests {
    use super::super::typing::Typing;
    use super::*;

    /// What is left after these keys, the first ones being text; `|` is the cursor.
    fn after(keys: &str) -> String {
        let (mut vi, mut typing) = (Vi::default(), Typing::default());
        for character in keys.chars() {
            let key = match character {
                '\x1b' => Key::Escape,
                character => Key::Char(character),
            };
            let action = vi.action(key, &typing.buffer);
            typing.apply(action, &[]);
        }
        let mut text = typing.buffer.text().to_owned();
        text.insert(typing.buffer.cursor(), '|');
        text
    }

    #[test]
    fn commands_move_and_change_the_text() {
        for (keys, expected) in [
            ("one two\x1b", "one tw|o"),
            ("one two\x1b0x", "|ne two"),
            ("one two\x1bbdw", "one |"),
            ("one two\x1b0cwsix", "six| two"),
            ("one two\x1b0dwp", "tone |wo"),
            ("one two three\x1b02dw", "|three"),
            ("one two\x1b0fte", "one tw|o"),
            ("one two\x1b0dtw", "|wo"),
            ("one two\x1bdd", "|"),
            ("one\x1boTWO\x1bkdd", "|TWO"),
            ("one\x1bOzero", "zero|\none"),
            ("one two\x1b0D", "|"),
            ("one two\x1bFnr_", "o|_e two"),
            ("one\x1bu", "|"),
            ("ks.t\x1bb", "ks|.t"),
            ("ks.t\x1bB", "|ks.t"),
            ("one\x1b0~~", "ON|e"),
            ("one\x1bIa \x1bA b", "a one b|"),
            ("one two\x1b0ywP", "one |one two"),
        ] {
            assert_eq!(after(keys), expected, "{keys:?}");
        }
    }
}
