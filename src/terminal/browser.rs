//! Browsers: programs that show an address, and how they are run.
//!
//! A browser with windows of its own is started and left alone. Any other command runs like a statement: it has stdout
//! and stderr, and the terminal at a prompt, until it ends.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Stands for the address in a command.
const ADDRESS: &str = "%s";

/// Programs that have windows of their own, whatever the name of their directory.
const WITH_WINDOWS: [&str; 16] = [
    "chrome",
    "chromium",
    "chromium-browser",
    "epiphany",
    "firefox",
    "firefox-esr",
    "gio",
    "google-chrome",
    "google-chrome-stable",
    "konqueror",
    "microsoft-edge",
    "open",
    "opera",
    "vivaldi",
    "x-www-browser",
    "xdg-open",
];

/// How long a browser with windows may take to say that it could not show the address.
const PATIENCE: Duration = Duration::from_secs(5);

/// A command that shows an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Browser {
    program: String,
    arguments: Vec<String>,
    has_windows: bool,
}

impl Browser {
    /// A program's name or path, or a command with `%s` where the address belongs, as a shell would read it; `&` at its
    /// end leaves it alone. `None` if a quote is left open or there is no program.
    // cqlsh: Python's rules, which take blanks for a part of the name where there is no `%s`.
    pub fn new(text: &str) -> Option<Self> {
        let mut words = match text.contains(ADDRESS) {
            true => shlex::split(text)?,
            false => vec![text.to_owned(), ADDRESS.to_owned()],
        };
        let in_background = words.pop_if(|word| word == "&").is_some();
        let mut words = words.into_iter();
        let program = words.next()?;
        let name = Path::new(&program).file_name().unwrap_or_default();
        let has_windows = in_background || (!text.contains(ADDRESS) && WITH_WINDOWS.iter().any(|known| name == *known));
        Some(Self { program, arguments: words.collect(), has_windows })
    }

    /// Shows the address; tells whether it could. `at_prompt` lends it the terminal for input.
    pub fn show(&self, address: &str, at_prompt: bool) -> bool {
        let mut command = Command::new(&self.program);
        command.args(self.arguments.iter().map(|argument| argument.replace(ADDRESS, address)));
        // A script's input are its own statements.
        if self.has_windows || !at_prompt {
            command.stdin(Stdio::null());
        }
        if !self.has_windows {
            return command.status().is_ok_and(|status| status.success());
        }
        // In a group of its own Ctrl-C does not reach it.
        let started = command.stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).spawn();
        started.is_ok_and(has_not_failed)
    }
}

/// Whether it ends well soon, or does not end.
fn has_not_failed(mut browser: Child) -> bool {
    let (ended, heard) = mpsc::channel();
    // It is waited for all the same, so that nothing is left of it.
    let waiting = thread::Builder::new().name("browser".to_owned()).spawn(move || {
        let status = browser.wait();
        // Nobody listens any more when it ran for long.
        let _ = ended.send(status.is_ok_and(|status| status.success()));
    });
    waiting.is_err() || heard.recv_timeout(PATIENCE).unwrap_or(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Option<(String, Vec<String>, bool)> {
        Browser::new(text).map(|browser| (browser.program, browser.arguments, browser.has_windows))
    }

    fn expected(program: &str, arguments: &[&str], has_windows: bool) -> Option<(String, Vec<String>, bool)> {
        Some((program.to_owned(), arguments.iter().map(|&word| word.to_owned()).collect(), has_windows))
    }

    #[test]
    fn a_command_is_read_as_a_shell_reads_it_and_a_name_as_it_stands() {
        assert_eq!(parts("w3m"), expected("w3m", &["%s"], false));
        assert_eq!(parts("/opt/my browser"), expected("/opt/my browser", &["%s"], false));
        assert_eq!(parts("/usr/bin/firefox"), expected("/usr/bin/firefox", &["%s"], true));
        assert_eq!(parts("firefox --new-tab '%s'"), expected("firefox", &["--new-tab", "%s"], false));
        assert_eq!(parts("show 'a b' u=%s &"), expected("show", &["a b", "u=%s"], true));
        assert_eq!(parts("show '%s"), None);
    }

    #[test]
    fn what_fails_or_is_not_there_has_shown_nothing() {
        for command in ["/nosuch/browser", "/nosuch/browser %s &", "false %s", "false %s &"] {
            assert!(!Browser::new(command).unwrap().show("a", false), "{command}");
        }
        for command in ["true", "true %s &"] {
            assert!(Browser::new(command).unwrap().show("a", false), "{command}");
        }
    }
}
