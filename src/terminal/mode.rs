//! The terminal's mode while a person works in the shell, and its return to what it was, however the program ends.
//!
//! Between two prompts nothing is echoed and nothing is edited: what is typed ahead waits as it is and appears at the
//! prompt that reads it. The kernel's own line editing would echo it twice and cut lines after 4,095 bytes.

use std::os::fd::AsFd;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{io, panic, thread};

use rustix::process::getpgrp;
use rustix::stdio::stdin;
use rustix::termios::{self, InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios};
use signal_hook::consts::{SIGHUP, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;
use signal_hook::low_level;

/// How the terminal was found.
static FOUND: OnceLock<Termios> = OnceLock::new();

/// Whether pastes are marked now.
static PASTES_MARKED: AtomicBool = AtomicBool::new(false);

const PLAIN_PASTES: &str = "\x1b[?2004l";

/// The terminal in the shell's hands until this is dropped.
#[derive(Debug)]
pub struct Held(());

/// The terminal in an editor's hands, in which even Ctrl-C is a key, until this is dropped.
#[derive(Debug)]
pub struct Editing(());

/// Takes the terminal on standard input; Ctrl-C stays a signal. SIGTERM, SIGHUP and SIGQUIT give it back before they
/// end the program.
pub fn hold() -> io::Result<Held> {
    let found = termios::tcgetattr(stdin())?;
    FOUND.get_or_init(|| found);
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGQUIT])?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            give_back();
            // It ends the process; there is nobody to tell if it does not.
            let _ = low_level::emulate_default_handler(signal);
        }
    })?;
    set(LocalModes::ISIG)?;
    Ok(Held(()))
}

impl Held {
    /// Lets keys come one by one, until what this gives is dropped.
    pub fn edit(&self) -> io::Result<Editing> {
        set(LocalModes::empty())?;
        Ok(Editing(()))
    }
}

impl Editing {
    /// Sets the mode again, after another program has set its own.
    pub fn renew(&self) -> io::Result<()> {
        set(LocalModes::empty())
    }

    /// Gives the terminal back and stops, as Ctrl-Z does; goes on when somebody lets it.
    pub fn suspend(&self) -> io::Result<()> {
        give_back();
        low_level::raise(SIGTSTP)?;
        self.renew()
    }

    /// Asks for pastes that are marked as such, or for plain ones again.
    pub fn mark_pastes(&self, marked: bool) -> io::Result<()> {
        PASTES_MARKED.store(marked, Ordering::SeqCst);
        super::output::prompt(if marked { "\x1b[?2004h" } else { PLAIN_PASTES })
    }
}

impl Drop for Editing {
    fn drop(&mut self) {
        // The next one to set the mode will hear of it.
        let _ = set(LocalModes::ISIG);
    }
}

/// Keys as they come, with no echo. Of what the kernel does of its own accord `kept` stays.
fn set(kept: LocalModes) -> io::Result<()> {
    let Some(mut mode) = FOUND.get().cloned() else { return Ok(()) };
    mode.input_modes.remove(InputModes::ICRNL | InputModes::INLCR | InputModes::IGNCR | InputModes::ISTRIP);
    mode.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::IEXTEN);
    if !kept.contains(LocalModes::ISIG) {
        mode.local_modes.remove(LocalModes::ISIG);
        mode.input_modes.remove(InputModes::IXON);
    }
    mode.special_codes[SpecialCodeIndex::VMIN] = 1;
    mode.special_codes[SpecialCodeIndex::VTIME] = 0;
    termios::tcsetattr(stdin(), OptionalActions::Now, &mode)?;
    Ok(())
}

impl Drop for Held {
    fn drop(&mut self) {
        give_back();
    }
}

/// The terminal in the hands of another program, until this is dropped.
#[derive(Debug)]
pub struct Lent(Option<Termios>);

/// Gives the terminal back for as long as another program has it, if it was taken.
pub fn lend() -> Lent {
    let ours = FOUND.get().and_then(|_| termios::tcgetattr(stdin()).ok());
    give_back();
    Lent(ours)
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(mode) = &self.0 {
            // A terminal that is gone needs no mode.
            let _ = termios::tcsetattr(stdin(), OptionalActions::Drain, mode);
        }
    }
}

/// Call it after Ctrl-C and before writing: the kernel sends the signal first and then drops what is typed and written so
/// far, and it tells the mode only when it is done.
pub(super) fn after_ctrl_c(terminal: impl AsFd) {
    // What is no terminal drops nothing.
    let _ = termios::tcgetattr(terminal);
}

/// Makes a panic give the terminal back before it says anything.
pub fn give_back_on_panic() {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        give_back();
        report(panic);
    }));
}

/// Sets the mode the terminal was found in, unless another program has the terminal now.
fn give_back() {
    let Some(found) = FOUND.get() else { return };
    if termios::tcgetpgrp(stdin()).is_ok_and(|foreground| foreground == getpgrp()) {
        if PASTES_MARKED.swap(false, Ordering::SeqCst) {
            let _ = super::output::prompt(PLAIN_PASTES);
        }
        // A terminal that is gone needs no mode.
        let _ = termios::tcsetattr(stdin(), OptionalActions::Now, found);
    }
}
