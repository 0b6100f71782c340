//! The terminal's mode while a person works in the shell, and its return to what it was, however the program ends.
//!
//! Between two prompts nothing is echoed and nothing is edited: what is typed ahead waits as it is and appears at the
//! prompt that reads it. The kernel's own line editing would echo it twice and cut lines after 4,095 bytes.

use std::sync::OnceLock;
use std::{io, panic, thread};

use rustix::process::getpgrp;
use rustix::stdio::stdin;
use rustix::termios::{self, InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios};
use signal_hook::consts::{SIGHUP, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level;

/// How the terminal was found.
static FOUND: OnceLock<Termios> = OnceLock::new();

/// The terminal in the shell's hands until this is dropped.
#[derive(Debug)]
pub struct Held(());

/// Takes the terminal on standard input; Ctrl-C stays a signal. SIGTERM and SIGHUP give it back before they end the
/// program.
pub fn hold() -> io::Result<Held> {
    let found = termios::tcgetattr(stdin())?;
    let mut mode = FOUND.get_or_init(|| found).clone();
    mode.input_modes.remove(InputModes::ICRNL | InputModes::INLCR | InputModes::IGNCR | InputModes::ISTRIP);
    mode.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::IEXTEN);
    mode.special_codes[SpecialCodeIndex::VMIN] = 1;
    mode.special_codes[SpecialCodeIndex::VTIME] = 0;
    let mut signals = Signals::new([SIGTERM, SIGHUP])?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            give_back();
            // It ends the process; there is nobody to tell if it does not.
            let _ = low_level::emulate_default_handler(signal);
        }
    })?;
    termios::tcsetattr(stdin(), OptionalActions::Drain, &mode)?;
    Ok(Held(()))
}

impl Drop for Held {
    fn drop(&mut self) {
        give_back();
    }
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
        // A terminal that is gone needs no mode.
        let _ = termios::tcsetattr(stdin(), OptionalActions::Now, found);
    }
}
