//! What a key does: by the bindings, by the search that is under way, by the editor's face.

use std::io;

use super::action::Action;
use super::keys::Key;
use super::search::Search;
use super::typing::{Applied, Searching};
use super::{Asked, Bindings, Editor, Face};
use crate::cql::split;
use crate::terminal::Line;
use crate::terminal::mode::Editing;

impl Editor {
    /// Does what a key is for. Gives a line if it was the last key of one.
    pub(super) fn press(&mut self, key: Key, asked: Asked<'_>, editing: &Editing) -> io::Result<Option<Line>> {
        if let Key::NoText(byte) = key {
            self.leave(asked);
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("byte 0x{byte:02x} is not UTF-8")));
        }
        if let Face::Rich { listed, .. } = &mut self.face {
            listed.clear();
        }
        self.drawn = false;
        let tab_found_nothing = std::mem::take(&mut self.tab_found_nothing);
        if std::mem::take(&mut self.quotes)
            && let Some(character) = key.literal()
        {
            self.apply(Action::Type(character));
            return Ok(None);
        }
        let searched = self.searching.is_some();
        let Some(key) = self.search(key) else { return Ok(None) };
        if searched && !self.is_rich() {
            // cqlsh: what was found is shown behind the prompt before the key that ends the search does anything.
            self.show(asked);
        }
        let is_tab = key == Key::Tab;
        let action = match &mut self.bindings {
            Bindings::Emacs(emacs) => emacs.action(key, &self.typing.buffer),
            Bindings::Vi(vi) => vi.action(key, &self.typing.buffer),
        };
        let stays = match action {
            Action::Right => self.typing.buffer.is_at_end(),
            // On an empty line what leads to its beginning stays there too, and asks for nothing.
            Action::Move(place) => place == self.typing.buffer.cursor() && place > self.typing.buffer.line_start(place),
            _ => false,
        };
        let may_break = self.is_rich() && asked.continuation.is_some();
        let suggestion = if stays { self.suggestion(asked).to_owned() } else { String::new() };
        match action {
            _ if !suggestion.is_empty() => self.apply(Action::Insert(suggestion)),
            Action::Nothing => {}
            Action::Quote => self.quotes = true,
            Action::Search => {
                let search = Search::new(self.history.recalled(), self.is_rich());
                self.searching = Some(Searching::begin(search, &self.typing));
            }
            // A tab inside a text that is typed fast or pasted is part of it.
            Action::Complete if is_tab && self.keyboard.peek().is_some_and(|next| next > b' ') => {
                self.apply(Action::Type('\t'));
            }
            Action::Complete => self.complete(tab_found_nothing, asked)?,
            Action::Accept if !self.is_complete(asked) => self.apply(Action::Insert("\n".to_owned())),
            Action::Accept => {
                self.leave(asked);
                return Ok(Some(Line::Text(self.typing.buffer.take() + "\n")));
            }
            Action::Newline if may_break => self.apply(Action::Insert("\n".to_owned())),
            Action::Newline => self.ring(),
            Action::Replace(_, ref text, _) if text == "\n" && !may_break => self.ring(),
            Action::Interrupt => {
                self.leave(asked);
                return Ok(Some(Line::Interrupted));
            }
            Action::EndOrDelete => {
                if self.typing.buffer.text().is_empty() {
                    self.leave(asked);
                    return Ok(Some(Line::End));
                }
                let range = self.typing.buffer.cursor()..self.typing.buffer.right();
                self.apply(Action::Delete(range));
            }
            Action::ClearScreen => match &mut self.face {
                Face::Rich { screen, .. } => screen.clear(&mut self.out),
                Face::Plain(screen) => {
                    self.out.push('\n');
                    screen.begin();
                }
            },
            Action::Suspend => {
                self.leave(asked);
                self.away(editing, |editing| editing.suspend())?;
            }
            Action::Quit => signal_hook::low_level::raise(signal_hook::consts::SIGQUIT)?,
            Action::OpenEditor if self.is_rich() => self.open_text_editor(asked, editing)?,
            Action::OpenEditor => self.ring(),
            Action::Right if self.typing.buffer.is_at_end() => self.ring(),
            Action::Right => self.apply(Action::Move(self.typing.buffer.right())),
            action => self.apply(action),
        }
        Ok(None)
    }

    fn apply(&mut self, action: Action) {
        let typed = match action {
            Action::Type(character) if self.typing.buffer.is_at_end() => Some(character),
            _ => None,
        };
        if self.typing.apply(action, self.history.recalled()) == Applied::Nothing {
            self.ring();
        } else if let (Face::Plain(screen), Some(character)) = (&mut self.face, typed) {
            // The rest of a long line is not looked at for each of its characters.
            self.drawn = screen.typed(character, &mut self.out);
        }
    }

    pub(super) fn ring(&mut self) {
        self.out.push('\x07');
    }

    /// Does what a key is for in a search. Gives back a key that ends it and has a meaning of its own.
    fn search(&mut self, key: Key) -> Option<Key> {
        let entries = self.history.recalled();
        let Some(Searching { search, .. }) = &mut self.searching else { return Some(key) };
        let found = match key {
            Key::Char(character) => search.push(character, entries),
            Key::Backspace => search.pop(entries),
            Key::Ctrl('R') => search.next(true, entries),
            Key::Ctrl('S') => search.next(false, entries),
            Key::Ctrl('G') => {
                if let Some(searching) = self.searching.take() {
                    searching.give_up(&mut self.typing);
                }
                return None;
            }
            Key::Escape => {
                self.searching = None;
                return None;
            }
            key => {
                self.searching = None;
                return Some(key);
            }
        };
        let failed = search.has_failed();
        match found {
            Some(found) => self.typing.found(found, entries),
            None if failed => self.ring(),
            None => {}
        }
        None
    }

    /// Whether Enter ends the text: a line always, a statement where the shell would not ask for more of it.
    fn is_complete(&self, asked: Asked<'_>) -> bool {
        if !self.is_rich() || asked.continuation.is_none() {
            return true;
        }
        split::is_complete(&format!("{}{}", self.history.pending(), self.typing.buffer.text()))
    }
}
