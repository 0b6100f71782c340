//! What a key does to the text, as the two sets of keys say it and the editor carries it out.

use std::ops::Range;

/// One step of editing. Places are bytes of the text as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    /// Types a character at the cursor.
    Type(char),
    /// Puts in a text at the cursor.
    Insert(String),
    /// Puts a text in the place of another, and the cursor there.
    Replace(Range<usize>, String, usize),
    /// Takes out what is not to be put in again.
    Delete(Range<usize>),
    /// Cuts out.
    Kill(Range<usize>),
    /// Keeps a copy, as if it had been cut out; the cursor goes to its beginning.
    Copy(Range<usize>),
    /// Puts in here what was cut out last.
    Yank(usize),
    /// Puts in what was cut out before that instead.
    YankEarlier,
    Move(usize),
    /// One character to the right; at the end of the text, what is suggested there.
    Right,
    /// To the line above, or else to the entry of the history before this one.
    Up,
    /// To the line below, or else to the entry after this one.
    Down,
    EarlierEntry,
    LaterEntry,
    FirstEntry,
    LastEntry,
    Search,
    Undo,
    /// Takes the next key as it is.
    Quote,
    Complete,
    /// Ends the line, or the statement where it is complete.
    Accept,
    /// A line break, whatever the statement is.
    Newline,
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-D: the end where nothing is typed, and else the character under the cursor.
    EndOrDelete,
    ClearScreen,
    Suspend,
    /// What `Ctrl-\` does to a program that does not edit.
    Quit,
    /// The text in the editor that the environment names.
    OpenEditor,
    /// The key means nothing here.
    Ring,
    /// A key of several that is not the last.
    Nothing,
}
