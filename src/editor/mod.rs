//! The line editor of a terminal, and the history that it shares with Apache cqlsh.
//!
//! One editor, two faces: on the plain one a line is typed as GNU readline has it on a terminal that can only print, for
//! the programs that count on its bytes; on the rich one a whole statement is, on as many lines as it takes, with colours
//! and suggestions. It hands out physical lines and knows nothing of what statements do; the shell tells it when one has
//! ended. What is pasted waits for Enter, and what is typed ahead waits for its prompt.

mod action;
mod buffer;
mod emacs;
mod highlight;
mod history;
mod keys;
mod plain;
mod rich;
mod search;
mod show;
mod tab;
mod theme;
mod typing;
mod vi;

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::time::Duration;

use action::Action;
use emacs::Emacs;
use history::History;
use keys::{Decoder, Key};
use plain::PlainScreen;
use rich::RichScreen;
use search::Search;
use theme::Theme;
use typing::{Applied, Searching, Typing};
use vi::Vi;

use crate::complete::Completer;
use crate::cql::split;
use crate::settings::EditMode;
use crate::terminal::keyboard::{Input, Keyboard};
use crate::terminal::mode::{Editing, Held};
use crate::terminal::{Line, LineSource, Size, Surface, mode, output, text_editor};

/// How long Escape waits for the rest of a sequence where it is a key of its own.
const ESCAPE: Duration = Duration::from_millis(50);

/// What an editor is to be like.
#[derive(Debug, Clone)]
pub struct Options<'a> {
    /// Its face: [`Surface::Rich`], or else the plain one.
    pub surface: Surface,
    /// The history file.
    pub history: Option<&'a Path>,
    /// Whether what is typed goes there.
    pub save_history: bool,
    /// The terminal's width where it does not say it itself.
    pub columns: Option<usize>,
    /// Whether the rich face has colours.
    pub colour: bool,
    /// Whose keys it has.
    pub edit_mode: EditMode,
    /// The command that edits a text in a file.
    pub text_editor: String,
}

/// A line editor on a terminal.
pub struct Editor {
    face: Face,
    typing: Typing,
    history: History,
    searching: Option<Searching>,
    decoder: Decoder,
    bindings: Bindings,
    completer: Option<Completer>,
    keyboard: Keyboard,
    columns: Option<usize>,
    text_editor: String,
    /// What is to be written before the next key is waited for.
    out: String,
    /// The lines of a statement or a paste that are still to be read.
    lines: VecDeque<String>,
    /// What the next statement begins with.
    prepared: String,
    /// Whether the next key is taken as it is.
    quotes: bool,
    /// Whether the last key was a TAB that put nothing in: the next one lists.
    tab_found_nothing: bool,
    /// Whether the plain face shows the text as it is.
    drawn: bool,
    /// Whether the last line was ended by Ctrl-C: the cursor is on a new line then.
    interrupted: bool,
    /// Whether the last line left its statement incomplete.
    in_statement: bool,
    /// Its drop gives the terminal back.
    terminal: Held,
}

enum Face {
    Plain(PlainScreen),
    Rich {
        screen: RichScreen,
        colour: bool,
        /// Candidates that stand below the statement until the next key.
        listed: Vec<String>,
    },
}

enum Bindings {
    Emacs(Emacs),
    Vi(Vi),
}

/// What a text is asked for.
#[derive(Debug, Clone, Copy)]
struct Asked<'a> {
    prompt: &'a str,
    /// The prompt of its other lines, if it is a statement that may have some.
    continuation: Option<&'a str>,
}

impl Editor {
    /// Takes the terminal and loads the history file, if it is there.
    pub fn open(options: Options<'_>) -> io::Result<Self> {
        let terminal = mode::hold()?;
        let rich = options.surface == Surface::Rich;
        let screen = RichScreen::new(Theme { colour: options.colour });
        Ok(Self {
            face: match rich {
                true => Face::Rich { screen, colour: options.colour, listed: Vec::new() },
                false => Face::Plain(PlainScreen::default()),
            },
            typing: Typing::default(),
            history: History::open(options.history, options.save_history, rich),
            searching: None,
            decoder: Decoder::default(),
            bindings: match options.edit_mode {
                EditMode::Emacs => Bindings::Emacs(Emacs::default()),
                EditMode::Vi => Bindings::Vi(Vi::default()),
            },
            completer: None,
            keyboard: Keyboard::open()?,
            columns: options.columns,
            text_editor: options.text_editor,
            out: String::new(),
            lines: VecDeque::new(),
            prepared: String::new(),
            quotes: false,
            tab_found_nothing: false,
            drawn: false,
            interrupted: false,
            in_statement: false,
            terminal,
        })
    }

    /// Asks this what may come next when TAB is pressed.
    pub fn complete_with(&mut self, completer: Completer) {
        self.completer = Some(completer);
    }

    /// Gives the terminal back; tells why the history could not be saved, if it could not.
    pub fn close(self) -> io::Result<()> {
        self.history.failure().map_or(Ok(()), Err)
    }

    /// A text from the keyboard.
    fn read(&mut self, prompt: &str, continuation: Option<&str>) -> io::Result<Line> {
        // What is shown anew is the last line of a prompt of several (CQLSH_PROMPT).
        let (above, prompt) = prompt.split_at(prompt.rfind('\n').map_or(0, |newline| newline + 1));
        let asked = Asked { prompt, continuation };
        let editing = self.terminal.edit()?;
        // Ctrl-C after a line and before this prompt, when nothing ran that could have heard it.
        if self.keyboard.take_interrupt() && self.in_statement {
            self.keyboard.drop_ahead();
            self.interrupted = true;
            return Ok(Line::Interrupted);
        }
        output::prompt(above)?;
        let prepared = std::mem::take(&mut self.prepared);
        self.typing.begin(&prepared, self.history.recalled());
        self.begin();
        if self.is_rich() {
            editing.mark_pastes(true)?;
        }
        let line = self.read_keys(asked, &editing);
        if self.is_rich() {
            editing.mark_pastes(false)?;
        }
        self.flush()?;
        (self.searching, self.quotes, self.tab_found_nothing) = (None, false, false);
        self.interrupted = matches!(line, Ok(Line::Interrupted));
        line
    }

    fn begin(&mut self) {
        self.drawn = false;
        let size = self.size();
        match &mut self.face {
            Face::Plain(screen) => screen.begin(),
            Face::Rich { screen, .. } => screen.begin(size),
        }
        if let Bindings::Vi(vi) = &mut self.bindings {
            vi.begin();
        }
    }

    fn read_keys(&mut self, asked: Asked<'_>, editing: &Editing) -> io::Result<Line> {
        loop {
            let is_last = self.keyboard.peek().is_none();
            // What nobody sees because more follows is not drawn; a program that reads bytes sees everything.
            let is_due = if self.is_rich() { is_last } else { !std::mem::replace(&mut self.drawn, true) };
            if is_due {
                self.show(asked);
            }
            if is_last {
                self.flush()?;
            }
            let key = match self.keyboard.next(self.patience())? {
                Input::Byte(byte) => self.decoder.feed(byte),
                Input::Nothing => self.decoder.give_up(),
                Input::Disturbed => {
                    editing.renew()?;
                    let size = self.size();
                    if let Face::Rich { screen, .. } = &mut self.face {
                        screen.resize(size, &mut self.out);
                    }
                    None
                }
                Input::End => {
                    self.leave(asked);
                    return Ok(Line::End);
                }
            };
            if let Some(key) = key
                && let Some(line) = self.press(key, asked, editing)?
            {
                return Ok(line);
            }
        }
    }

    /// How long the next byte is waited for.
    fn patience(&self) -> Option<Duration> {
        let is_key = matches!(self.bindings, Bindings::Vi(_)) || self.searching.is_some();
        (is_key && self.decoder.is_after_escape()).then_some(ESCAPE)
    }

    /// Does what a key is for. Gives a line if it was the last key of one.
    fn press(&mut self, key: Key, asked: Asked<'_>, editing: &Editing) -> io::Result<Option<Line>> {
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

    fn ring(&mut self) {
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

    /// Lets somebody else have the terminal.
    fn away<T>(&mut self, editing: &Editing, run: impl FnOnce(&Editing) -> io::Result<T>) -> io::Result<T> {
        if self.is_rich() {
            editing.mark_pastes(false)?;
        }
        self.flush()?;
        let outcome = run(editing);
        self.begin();
        if self.is_rich() {
            editing.mark_pastes(true)?;
        }
        outcome
    }

    fn open_text_editor(&mut self, asked: Asked<'_>, editing: &Editing) -> io::Result<()> {
        self.leave(asked);
        let text = self.typing.buffer.text().to_owned();
        let command = self.text_editor.clone();
        match self.away(editing, |_| text_editor::edit(&command, &text)) {
            Ok(edited) => self.typing.buffer.set(edited.trim_end()),
            Err(error) => self.out.push_str(&format!("{error}\r\n")),
        }
        Ok(())
    }

    fn is_rich(&self) -> bool {
        matches!(self.face, Face::Rich { .. })
    }

    /// Columns and rows of the terminal.
    fn size(&self) -> (usize, usize) {
        let Size { columns, rows } = Size::of_screen(self.columns);
        // One row has no room for a list and the line below it.
        (columns, if rows > 1 { rows } else { 24 })
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.out.is_empty() {
            return Ok(());
        }
        output::prompt(&std::mem::take(&mut self.out))
    }

    /// The next line of what was typed or pasted, or else of what is typed now.
    fn next(&mut self, prompt: &str, continuation: Option<&str>) -> io::Result<Line> {
        if self.lines.is_empty() {
            match self.read(prompt, continuation)? {
                Line::Text(text) => self.lines.extend(text.split_inclusive('\n').map(str::to_owned)),
                line => return Ok(line),
            }
        }
        Ok(self.lines.pop_front().map_or(Line::End, Line::Text))
    }
}

impl LineSource for Editor {
    fn next_line(&mut self, prompt: &str) -> io::Result<Line> {
        self.next(prompt, None)
    }

    fn next_of_statement(&mut self, prompt: &str, continuation: &str) -> io::Result<Line> {
        self.next(prompt, Some(continuation))
    }

    fn answer(&mut self, question: &str) -> io::Result<Line> {
        self.read(question, None)
    }

    fn edit(&mut self, text: &str) -> io::Result<()> {
        if !self.is_rich() {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "only a prompt that edits whole statements has it"));
        }
        let edited = text_editor::edit(&self.text_editor, text)?;
        self.prepared = edited.trim_end().to_owned();
        Ok(())
    }

    fn remember(&mut self, line: &str) {
        self.history.line(line);
        self.in_statement = true;
    }

    fn end_statement(&mut self, complete: bool) {
        self.history.end_statement(complete);
        self.in_statement = false;
    }

    fn interrupted(&mut self) -> io::Result<()> {
        self.drop_typed_ahead()?;
        // The terminal does not echo; this is what it would show.
        if std::mem::take(&mut self.interrupted) { Ok(()) } else { output::end_interrupted("^C") }
    }

    fn drop_typed_ahead(&mut self) -> io::Result<()> {
        self.lines.clear();
        self.keyboard.drop_ahead();
        self.decoder = Decoder::default();
        Ok(())
    }

    fn history(&self, count: usize) -> Option<Vec<String>> {
        let entries = self.history.last_entries(count.saturating_add(1));
        // The line that asks is not part of the answer.
        Some(entries.split_last().map(|(_, before)| before.to_vec()).unwrap_or_default())
    }
}
