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
mod lines;
mod plain;
mod press;
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

use emacs::Emacs;
use history::History;
use keys::Decoder;
use plain::PlainScreen;
use rich::RichScreen;
use theme::Theme;
use typing::{Searching, Typing};
use vi::Vi;

use crate::complete::Completer;
use crate::settings::EditMode;
use crate::terminal::keyboard::{Input, Keyboard};
use crate::terminal::mode::{Editing, Held};
use crate::terminal::{Line, Size, Surface, mode, output, text_editor};

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
}
