//! Keys out of bytes: UTF-8, control characters and the escape sequences that terminals send. It reads nothing itself and
//! knows nothing of what keys are for.

/// A key, or a paste.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    Char(char),
    /// Ctrl with this letter or sign, which is upper case.
    Ctrl(char),
    /// Alt with this key, or Escape before it.
    Alt(char),
    Enter,
    /// Enter with Alt or Shift.
    AltEnter,
    Tab,
    Backspace,
    AltBackspace,
    Escape,
    Up,
    Down,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    /// Ctrl with Home or End.
    Top,
    Bottom,
    Delete,
    /// A text that was pasted, in which lines end with `\n`.
    Paste(String),
    /// A byte that is no part of UTF-8.
    NoText(u8),
    /// A sequence with no meaning here.
    Unknown,
}

/// Makes keys out of bytes, one at a time.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    state: State,
    /// The bytes of a character or a sequence that is not complete.
    partial: Vec<u8>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    /// In a character of several bytes, of which so many are missing.
    Character(u8),
    Escape,
    /// After `ESC O`.
    Single,
    /// After `ESC [`.
    Sequence,
    Paste,
}

/// What ends a paste.
const PASTE_END: &[u8] = b"\x1b[201~";

/// Longer sequences are noise.
const LONGEST_SEQUENCE: usize = 32;

impl Key {
    /// The character that the key stands for when it is taken as it is.
    pub(super) fn literal(&self) -> Option<char> {
        match *self {
            Self::Char(character) => Some(character),
            Self::Ctrl(letter) => u8::try_from(letter).ok().map(|letter| char::from(letter ^ b'@')),
            Self::Enter => Some('\r'),
            Self::Tab => Some('\t'),
            Self::Backspace => Some('\x7f'),
            Self::Escape => Some('\x1b'),
            _ => None,
        }
    }
}

impl Decoder {
    /// Takes a byte; the key that it completes, if it does.
    pub(super) fn feed(&mut self, byte: u8) -> Option<Key> {
        match self.state {
            State::Ground => self.begin(byte),
            State::Character(missing) => self.go_on(byte, missing),
            State::Escape => self.after_escape(byte),
            State::Single => {
                self.reset();
                Some(single(byte))
            }
            State::Sequence => self.sequence(byte),
            State::Paste => self.paste(byte),
        }
    }

    /// Whether Escape was pressed, or a sequence begins with it: time tells.
    pub(super) fn is_after_escape(&self) -> bool {
        self.state == State::Escape
    }

    /// The key that was meant if nothing follows.
    pub(super) fn give_up(&mut self) -> Option<Key> {
        let escape = self.is_after_escape();
        self.reset();
        escape.then_some(Key::Escape)
    }

    fn reset(&mut self) {
        self.state = State::Ground;
        self.partial.clear();
    }

    fn begin(&mut self, byte: u8) -> Option<Key> {
        match byte {
            0x1b => {
                self.state = State::Escape;
                None
            }
            ..0x80 => Some(ascii(byte)),
            0xc2..=0xf4 => {
                self.partial.push(byte);
                self.state = State::Character(match byte {
                    0xc2..=0xdf => 1,
                    0xe0..=0xef => 2,
                    _ => 3,
                });
                None
            }
            _ => Some(Key::NoText(byte)),
        }
    }

    fn go_on(&mut self, byte: u8, missing: u8) -> Option<Key> {
        let first = self.partial.first().copied().unwrap_or(byte);
        self.partial.push(byte);
        if byte & 0xc0 == 0x80 && missing > 1 {
            self.state = State::Character(missing - 1);
            return None;
        }
        let character = std::str::from_utf8(&self.partial).ok().and_then(|text| text.chars().next());
        self.reset();
        Some(character.map_or(Key::NoText(first), Key::Char))
    }

    fn after_escape(&mut self, byte: u8) -> Option<Key> {
        self.reset();
        match byte {
            b'[' => self.state = State::Sequence,
            b'O' => self.state = State::Single,
            0x1b => return Some(Key::Escape),
            b'\r' | b'\n' => return Some(Key::AltEnter),
            0x08 | 0x7f => return Some(Key::AltBackspace),
            0x20..0x7f => return Some(Key::Alt(char::from(byte))),
            _ => return self.begin(byte),
        }
        None
    }

    fn sequence(&mut self, byte: u8) -> Option<Key> {
        match byte {
            0x40..=0x7e => {
                let parameters = std::mem::take(&mut self.partial);
                self.reset();
                if byte == b'~' && parameters == b"200" {
                    self.state = State::Paste;
                    return None;
                }
                Some(sequence(&parameters, byte))
            }
            0x20..0x40 if self.partial.len() < LONGEST_SEQUENCE => {
                self.partial.push(byte);
                None
            }
            // What is no part of a sequence ends it without a meaning.
            _ => {
                self.reset();
                self.begin(byte)
            }
        }
    }

    fn paste(&mut self, byte: u8) -> Option<Key> {
        self.partial.push(byte);
        if !self.partial.ends_with(PASTE_END) {
            return None;
        }
        let mut bytes = std::mem::take(&mut self.partial);
        bytes.truncate(bytes.len() - PASTE_END.len());
        self.reset();
        Some(match String::from_utf8(bytes) {
            Ok(text) => Key::Paste(text.replace("\r\n", "\n").replace('\r', "\n")),
            Err(error) => Key::NoText(error.as_bytes()[error.utf8_error().valid_up_to()]),
        })
    }
}

fn ascii(byte: u8) -> Key {
    match byte {
        b'\r' | b'\n' => Key::Enter,
        b'\t' => Key::Tab,
        0x08 | 0x7f => Key::Backspace,
        ..0x20 => Key::Ctrl(char::from(byte + b'@')),
        _ => Key::Char(char::from(byte)),
    }
}

/// What stands after `ESC O`.
fn single(byte: u8) -> Key {
    match byte {
        b'M' => Key::Enter,
        b'A'..=b'D' | b'F' | b'H' => sequence(b"", byte),
        _ => Key::Unknown,
    }
}

/// What stands after `ESC [`.
fn sequence(parameters: &[u8], last: u8) -> Key {
    let text = std::str::from_utf8(parameters).unwrap_or_default();
    let mut numbers = text.split(';').map(|number| number.parse().unwrap_or(0_u16));
    let (first, modifiers) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    // 1, and 1 for Shift, 2 for Alt and 4 for Ctrl.
    let (alt, ctrl) = match modifiers {
        2..=8 => ((modifiers - 1) & 2 != 0, (modifiers - 1) & 4 != 0),
        _ => (false, false),
    };
    match (last, first) {
        (b'A', _) => Key::Up,
        (b'B', _) => Key::Down,
        (b'C', _) if alt || ctrl => Key::WordRight,
        (b'C', _) => Key::Right,
        (b'D', _) if alt || ctrl => Key::WordLeft,
        (b'D', _) => Key::Left,
        (b'H', _) | (b'~', 1 | 7) if ctrl => Key::Top,
        (b'H', _) | (b'~', 1 | 7) => Key::Home,
        (b'F', _) | (b'~', 4 | 8) if ctrl => Key::Bottom,
        (b'F', _) | (b'~', 4 | 8) => Key::End,
        (b'~', 3) => Key::Delete,
        (b'u', 13) if modifiers > 1 => Key::AltEnter,
        (b'u', 13) => Key::Enter,
        _ => Key::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys(bytes: &[u8]) -> Vec<Key> {
        let mut decoder = Decoder::default();
        let mut keys: Vec<Key> = bytes.iter().filter_map(|byte| decoder.feed(*byte)).collect();
        keys.extend(decoder.give_up());
        keys
    }

    #[test]
    fn keys_are_what_terminals_send_for_them() {
        for (bytes, expected) in [
            (&b"a\x01\r\t\x7f"[..], vec![Key::Char('a'), Key::Ctrl('A'), Key::Enter, Key::Tab, Key::Backspace]),
            ("é€😀".as_bytes(), vec![Key::Char('é'), Key::Char('€'), Key::Char('😀')]),
            (b"\x1b[A\x1bOB\x1b[C\x1b[1;5D", vec![Key::Up, Key::Down, Key::Right, Key::WordLeft]),
            (b"\x1b[H\x1b[4~\x1b[3~\x1b[1;5H", vec![Key::Home, Key::End, Key::Delete, Key::Top]),
            (b"\x1bb\x1b\r\x1b\x7f\x1b[13;2u", vec![Key::Alt('b'), Key::AltEnter, Key::AltBackspace, Key::AltEnter]),
            (b"\x1b", vec![Key::Escape]),
            (b"\x1b[200~a\r\nb\rc\t\x1b[A\x1b[201~d", vec![Key::Paste("a\nb\nc\t\x1b[A".to_owned()), Key::Char('d')]),
            (b"\xffa\xc3(", vec![Key::NoText(0xff), Key::Char('a'), Key::NoText(0xc3)]),
            (b"\x1b[99;99z\x1bOz", vec![Key::Unknown, Key::Unknown]),
            ("\x1b[1;漢\x1b[1\x1b[A".as_bytes(), vec![Key::Char('漢'), Key::Up]),
        ] {
            assert_eq!(keys(bytes), expected, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_keys(bytes: Vec<u8>) {
            keys(&bytes);
        }

        #[test]
        fn text_comes_out_as_it_went_in(text in "[^\\p{Cc}]*") {
            let typed: Vec<Key> = text.chars().map(Key::Char).collect();
            prop_assert_eq!(keys(text.as_bytes()), typed);
        }
    }
}
