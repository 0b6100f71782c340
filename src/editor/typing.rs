//! A line or statement while it is typed: the text, what was cut out, the way through the history. Actions in, the new
//! state out; it shows nothing and reads nothing.

use std::collections::BTreeMap;

use super::action::Action;
use super::buffer::{Buffer, Kills, Side};
use super::search::{Found, Search};

/// What is being typed.
#[derive(Debug, Default)]
pub(super) struct Typing {
    pub(super) buffer: Buffer,
    kills: Kills,
    /// The side of what the last key cut out, if it did.
    killed: Option<Side>,
    /// How long the text is that the last key put in, if it did.
    yanked: Option<usize>,
    /// The entry of the history that is being edited; as many as there are entries for the new line.
    place: usize,
    /// What was made of entries on the way.
    edited: BTreeMap<usize, String>,
}

/// Whether an action could be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Applied {
    Done,
    /// There is nothing to do it to.
    Nothing,
}

impl From<bool> for Applied {
    fn from(done: bool) -> Self {
        if done { Self::Done } else { Self::Nothing }
    }
}

impl Typing {
    /// Begins a new line, below these entries, with a text in it.
    pub(super) fn begin(&mut self, text: &str, entries: &[String]) {
        self.buffer = Buffer::default();
        if !text.is_empty() {
            self.buffer.set(text);
        }
        self.edited.clear();
        self.place = entries.len();
        (self.killed, self.yanked) = (None, None);
    }

    /// Carries out an action that changes the text or moves the cursor; others are nobody's here.
    pub(super) fn apply(&mut self, action: Action, entries: &[String]) -> Applied {
        let (killed, yanked) = (self.killed.take(), self.yanked.take());
        let cursor = self.buffer.cursor();
        match action {
            Action::Type(character) => self.buffer.type_char(character),
            Action::Insert(text) => self.buffer.replace(cursor..cursor, &text),
            Action::Replace(range, text, place) => {
                self.buffer.replace(range, &text);
                self.buffer.move_to(place);
            }
            Action::Delete(range) if range.is_empty() => return Applied::Nothing,
            Action::Delete(range) => self.buffer.replace(range, ""),
            Action::Kill(range) if range.is_empty() => return Applied::Nothing,
            Action::Kill(range) => {
                let side = if range.start < cursor { Side::Before } else { Side::After };
                self.kills.add(&self.buffer.text()[range.clone()], killed.map(|_| side));
                self.killed = Some(side);
                self.buffer.replace(range, "");
            }
            Action::Copy(range) => {
                self.kills.add(&self.buffer.text()[range.clone()], None);
                self.buffer.move_to(range.start);
            }
            Action::Yank(place) => {
                let Some(text) = self.kills.last() else { return Applied::Nothing };
                self.yanked = Some(text.len());
                self.buffer.replace(place..place, text);
            }
            Action::YankEarlier => {
                let (Some(length), Some(text)) = (yanked, self.kills.earlier()) else { return Applied::Nothing };
                self.yanked = Some(text.len());
                self.buffer.replace(cursor.saturating_sub(length)..cursor, text);
            }
            Action::Move(place) => self.buffer.move_to(place),
            Action::Undo => return self.buffer.undo().into(),
            Action::Up => match self.buffer.above() {
                Some(place) => self.buffer.move_to(place),
                None => return self.recall(self.place.checked_sub(1), entries),
            },
            Action::Down => match self.buffer.below() {
                Some(place) => self.buffer.move_to(place),
                None => return self.recall(Some(self.place + 1), entries),
            },
            Action::EarlierEntry => return self.recall(self.place.checked_sub(1), entries),
            Action::LaterEntry => return self.recall(Some(self.place + 1), entries),
            Action::FirstEntry => return self.recall(Some(0), entries),
            Action::LastEntry => return self.recall(Some(entries.len()), entries),
            _ => return Applied::Nothing,
        }
        Applied::Done
    }

    /// Goes to an entry of the history. What was typed before stays where it was.
    fn recall(&mut self, place: Option<usize>, entries: &[String]) -> Applied {
        let Some(place) = place.filter(|place| *place <= entries.len() && *place != self.place) else {
            return Applied::Nothing;
        };
        let text = self.buffer.take();
        if entries.get(self.place) != Some(&text) {
            self.edited.insert(self.place, text);
        }
        self.place = place;
        let text = self.edited.get(&place).or(entries.get(place)).map(String::as_str).unwrap_or_default();
        self.buffer.set(text);
        Applied::Done
    }

    /// Shows what a search has found.
    pub(super) fn found(&mut self, found: Found, entries: &[String]) {
        if let Some(entry) = entries.get(found.place) {
            self.place = found.place;
            self.buffer.set(entry);
            self.buffer.move_to(found.at);
        }
    }
}

/// The text that a search began with, to be there again when it is given up.
#[derive(Debug)]
pub(super) struct Searching {
    pub(super) search: Search,
    text: String,
    cursor: usize,
    place: usize,
}

impl Searching {
    pub(super) fn begin(search: Search, typing: &Typing) -> Self {
        let buffer = &typing.buffer;
        Self { search, text: buffer.text().to_owned(), cursor: buffer.cursor(), place: typing.place }
    }

    pub(super) fn give_up(self, typing: &mut Typing) {
        typing.place = self.place;
        typing.buffer.set(&self.text);
        typing.buffer.move_to(self.cursor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries() -> Vec<String> {
        ["one", "two\nthree"].map(str::to_owned).to_vec()
    }

    /// The texts after each of these actions.
    fn texts(typed: &str, actions: &[Action]) -> Vec<String> {
        let mut typing = Typing::default();
        typing.begin(typed, &entries());
        let text = |action: &Action| {
            typing.apply(action.clone(), &entries());
            typing.buffer.text().to_owned()
        };
        actions.iter().map(text).collect()
    }

    #[test]
    fn the_arrow_keys_go_through_the_statement_and_then_through_the_history() {
        use Action::{Down, Type, Up};
        assert_eq!(
            texts("new", &[Up, Up, Up, Type('!'), Down, Up, Down, Down, Down]),
            [
                "two\nthree",
                "two\nthree",
                "one",
                "one!",
                "two\nthree",
                // From the first line on: the cursor is where the entry ends, in its second line.
                "two\nthree",
                "two\nthree",
                "new",
                "new"
            ]
        );
    }

    #[test]
    fn what_was_cut_out_can_be_put_in() {
        use Action::{Kill, Type, Yank, YankEarlier};
        assert_eq!(
            texts("abcd", &[Kill(3..4), Kill(2..3), Type('x'), Kill(0..1), Yank(0), YankEarlier]),
            ["abc", "ab", "abx", "bx", "abx", "cdbx"]
        );
    }

    #[test]
    fn a_search_that_is_given_up_leaves_everything_as_it_was() {
        let mut typing = Typing::default();
        typing.begin("new", &entries());
        let mut searching = Searching::begin(Search::new(&entries(), false), &typing);
        let found = searching.search.push('o', &entries()).unwrap();
        typing.found(found, &entries());
        assert_eq!((typing.buffer.text(), typing.buffer.cursor()), ("two\nthree", 2));
        searching.give_up(&mut typing);
        assert_eq!((typing.buffer.text(), typing.buffer.cursor()), ("new", 3));
        typing.apply(Action::EarlierEntry, &entries());
        assert_eq!(typing.buffer.text(), "two\nthree");
    }
}
