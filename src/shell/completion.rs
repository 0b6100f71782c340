//! Names for completion, kept fresh: the schema is read on the network thread, first a moment after the first prompt, and
//! again when somebody changed it. TAB waits for it a little and answers with what is there.

use std::fs;
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;

use crate::cluster::{Catalogue, Session};
use crate::complete::{Completer, Entry, Names, complete};

/// How long the first prompt has for itself.
const AFTER_PROMPT: Duration = Duration::from_millis(100);
/// How long TAB waits for names that are not there yet or known to be old: drivers of the shell wait half a second.
const PATIENCE: Duration = Duration::from_millis(400);
/// How long a remark on an error waits for them.
const LONG_PATIENCE: Duration = Duration::from_secs(1);
/// How long TAB waits to hear that somebody else changed the schema.
const GLANCE: Duration = Duration::from_millis(40);

/// The names of a session's cluster.
#[derive(Debug, Clone)]
pub(super) struct LiveNames {
    handle: Handle,
    home: Option<PathBuf>,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    read: Condvar,
}

#[derive(Debug)]
struct State {
    session: Session,
    keyspace: Option<String>,
    catalogue: Arc<Catalogue>,
    /// How often the schema is known to have changed.
    changes: u64,
    /// How many of these changes the catalogue has; none if nothing was read yet.
    read: Option<u64>,
    /// Whether the schema is being read, or looked at.
    is_reading: bool,
}

impl State {
    fn is_old(&self) -> bool {
        self.read != Some(self.changes)
    }
}

impl LiveNames {
    /// Nothing is read yet. In names of files `~` stands for `home`.
    pub(super) fn new(handle: Handle, home: Option<PathBuf>, session: Session, keyspace: Option<String>) -> Self {
        let state = State { session, keyspace, catalogue: Arc::default(), changes: 0, read: None, is_reading: false };
        Self { handle, home, shared: Arc::new(Shared { state: Mutex::new(state), read: Condvar::new() }) }
    }

    /// Reads the schema when the prompt has been shown.
    pub(super) fn read_soon(&self) {
        self.start(AFTER_PROMPT);
    }

    /// What TAB asks.
    pub(super) fn completer(&self) -> Completer {
        let names = self.clone();
        Arc::new(move |before| {
            let (keyspace, snapshot) = names.snapshot(PATIENCE);
            complete(before, keyspace.as_deref(), &snapshot)
        })
    }

    /// The names themselves, for somebody who waits longer than a key may take.
    pub(super) fn catalogue(&self) -> Arc<Catalogue> {
        self.snapshot(LONG_PATIENCE).1.catalogue
    }

    /// The current keyspace is another.
    pub(super) fn set_keyspace(&self, keyspace: Option<String>) {
        self.state().keyspace = keyspace;
    }

    /// The session is another: it may see other things.
    pub(super) fn set_session(&self, session: Session) {
        let mut state = self.state();
        state.session = session;
        state.changes += 1;
    }

    /// The schema was changed.
    pub(super) fn changed(&self) {
        self.state().changes += 1;
        self.start(Duration::ZERO);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The names as fresh as they can be had now.
    fn snapshot(&self, patience: Duration) -> (Option<String>, Snapshot) {
        self.start(Duration::ZERO);
        let state = self.state();
        let state = self.wait(state, GLANCE, |state| state.is_reading && !state.is_old());
        let state = self.wait(state, patience, |state| state.is_reading && state.is_old());
        let snapshot = Snapshot {
            catalogue: Arc::clone(&state.catalogue),
            session: state.session.clone(),
            handle: self.handle.clone(),
            home: self.home.clone(),
        };
        (state.keyspace.clone(), snapshot)
    }

    fn wait<'a>(
        &self,
        state: MutexGuard<'a, State>,
        patience: Duration,
        is_waiting: impl Fn(&State) -> bool,
    ) -> MutexGuard<'a, State> {
        let waited = self.shared.read.wait_timeout_while(state, patience, |state| is_waiting(state));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Reads the schema if it is not being read and not the one that was read last.
    fn start(&self, after: Duration) {
        let mut state = self.state();
        if std::mem::replace(&mut state.is_reading, true) {
            return;
        }
        drop(state);
        let names = self.clone();
        self.handle.spawn(async move {
            tokio::time::sleep(after).await;
            // Again, when it changed while it was read.
            while !names.refresh().await {}
        });
    }

    /// Reads the schema if it is another than was read; whether the names are as good as they get.
    async fn refresh(&self) -> bool {
        let (session, mut changes, known) = {
            let state = self.state();
            let known = (!state.is_old() && !state.catalogue.version.is_nil()).then_some(state.catalogue.version);
            (state.session.clone(), state.changes, known)
        };
        let read = match (session.schema_version().await, known) {
            (Ok(version), Some(known)) if version == known => None,
            (Ok(_), _) => {
                if known.is_some() {
                    // Somebody else did. Whoever waits has to wait longer.
                    self.state().changes += 1;
                    self.shared.read.notify_all();
                    changes += 1;
                }
                Some(session.catalogue().await)
            }
            (Err(error), _) => Some(Err(error)),
        };
        let mut state = self.state();
        let is_over = match read {
            None => state.changes == changes,
            Some(Ok(catalogue)) => {
                state.catalogue = Arc::new(catalogue);
                state.read = Some(changes);
                state.changes == changes
            }
            // What was read before is better than nothing; the next TAB tries again.
            Some(Err(_)) => true,
        };
        if is_over {
            state.is_reading = false;
            self.shared.read.notify_all();
        }
        is_over
    }
}

/// The names at one moment.
struct Snapshot {
    catalogue: Arc<Catalogue>,
    session: Session,
    handle: Handle,
    home: Option<PathBuf>,
}

impl Names for Snapshot {
    fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    fn roles(&self) -> Option<Vec<String>> {
        let (answer, answered) = channel();
        let session = self.session.clone();
        self.handle.spawn(async move {
            // Whoever asked may have stopped waiting.
            let _ = answer.send(session.role_names().await);
        });
        answered.recv_timeout(PATIENCE).ok()?.ok()
    }

    fn entries(&self, directory: &str) -> Vec<Entry> {
        let path = match (directory.strip_prefix("~/"), &self.home) {
            _ if directory.is_empty() => PathBuf::from("."),
            (Some(below), Some(home)) => home.join(below),
            _ => PathBuf::from(directory),
        };
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        let entry = |entry: fs::DirEntry| Entry {
            name: entry.file_name().to_string_lossy().into_owned(),
            is_directory: entry.path().is_dir(),
        };
        entries.map(entry).collect()
    }
}
