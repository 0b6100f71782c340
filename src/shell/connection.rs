//! A connection that was lost, and another one in its place. A person is told.

use std::time::{Duration, Instant};

use super::{Fatal, Shell};
use crate::cluster::{ConnectOptions, Interrupted, Pending, QueryError, QueryErrorKind, Session};
use crate::terminal::{Surface, Terminal};

/// How long a person waits without being told that something is waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// How long a script whose host is gone at all of its addresses runs on before they are tried again.
const REST: Duration = Duration::from_secs(10);

impl Shell {
    /// Waits for work, and shows a person that it does when it takes long.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        work: Pending<T>,
        words: impl FnOnce() -> String,
        terminal: &mut Terminal,
    ) -> Result<T, Interrupted> {
        if !self.shows_progress(terminal) {
            return self.fixed.runtime.collect(work);
        }
        let stood = terminal.has_bar();
        let result = self.fixed.runtime.collect_or(work, PATIENCE, || terminal.show_spinner(words(), PATIENCE));
        if !stood {
            terminal.clear_bar();
        }
        result
    }

    /// Whether something may be drawn on stderr while the server works: not while a pager has the screen.
    pub(super) fn shows_progress(&self, terminal: &Terminal) -> bool {
        self.surface == Surface::Rich && terminal.draws_bars() && !terminal.has_pages()
    }

    /// Connects anew if the connection is gone, with the keyspace and the settings that there are; gives whether there is
    /// another one now. Where that cannot be, the statement that is about to be run tells why.
    pub(super) fn reconnect(&mut self, terminal: &mut Terminal) -> Result<bool, Fatal> {
        let is_gone = self.may_reconnect() && !self.session.is_connected();
        if is_gone {
            self.tell_lost("", terminal);
            let options = ConnectOptions { keyspace: self.keyspace.clone(), ..self.session.options().clone() };
            let connecting = self.fixed.runtime.spawn(Session::connect(options));
            match self.wait(connecting, || "connecting".to_owned(), terminal)? {
                Ok(session) => self.take_session(session),
                Err(_) => {
                    self.unreachable_since = Some(Instant::now());
                    return Ok(false);
                }
            }
        }
        if std::mem::take(&mut self.lost) {
            terminal.note("Connected again.\n");
        }
        Ok(is_gone)
    }

    /// Whether a lost connection is this shell's business.
    // cqlsh: on other surfaces it is the driver that connects again, some time, or at once at another of the host's
    // addresses, and nobody is told.
    fn may_reconnect(&self) -> bool {
        let rests = || self.unreachable_since.is_some_and(|since| since.elapsed() < REST);
        self.surface == Surface::Rich || (self.session.has_other_addresses() && !rests())
    }

    /// From now on this is the session.
    pub(super) fn take_session(&mut self, session: Session) {
        if let Some(names) = &self.names {
            names.set_session(session.clone());
        }
        self.session = session;
    }

    /// Says so when an error means that the connection broke while a statement was on its way.
    pub(super) fn tell_if_lost(&mut self, error: &QueryError, writes: bool, terminal: &mut Terminal) {
        if error.kind == QueryErrorKind::Connection {
            let remark = if writes { " Whether the statement was carried out is not known." } else { "" };
            self.tell_lost(remark, terminal);
        }
    }

    /// Says once that there is no connection, where somebody wants to know.
    fn tell_lost(&mut self, remark: &str, terminal: &mut Terminal) {
        if self.surface == Surface::Rich && !std::mem::replace(&mut self.lost, true) {
            let options = self.session.options();
            terminal.note(&format!("The connection to {}:{} is lost.{remark}\n", options.host, options.port));
        }
    }
}
