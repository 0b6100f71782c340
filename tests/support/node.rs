//! Nodes for tests: two that everybody shares, and one at a time of one's own.

use std::fs::File;
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use cqlsh::sandbox::{Builder, Places, SUPERUSER, Sandbox, Version};

use super::cqlsh::{Cqlsh, PROGRAM};

/// A node that answers.
#[derive(Debug)]
pub struct Node {
    sandbox: Sandbox,
    authentication: bool,
}

/// A node that one test has to itself; dropping it stops it and lets the next test have one.
#[derive(Debug)]
pub struct OwnNode {
    pub node: Node,
    _turn: MutexGuard<'static, ()>,
}

/// The shared node without authentication, 5.0. It lives until the test binary ends: its guard sees to that, since
/// statics are never dropped.
pub fn plain() -> &'static Node {
    static NODE: LazyLock<Node> = LazyLock::new(|| Node::start(&builder(Version::V5_0)));
    &NODE
}

/// The shared node where `cassandra`/`cassandra` has to log in, 5.0.
pub fn authenticated() -> &'static Node {
    static NODE: LazyLock<Node> =
        LazyLock::new(|| Node::start(&Builder { authentication: true, ..builder(Version::V5_0) }));
    &NODE
}

/// Starts a node for one test, or several that form a cluster. Tests that want one wait for each other, so that only
/// a few JVMs live at once.
pub fn own(builder: &Builder) -> OwnNode {
    let turn = take_turn();
    OwnNode { node: Node::start(builder), _turn: turn }
}

/// Waits until no other test has nodes of its own.
pub fn take_turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One node of that release with the machine's Java and jars.
pub fn builder(version: Version) -> Builder {
    let places = Places::new(|name| std::env::var_os(name), dirs::cache_dir());
    Builder::new(version, PROGRAM.into(), places)
}

/// Tells of downloads, past the test harness, which would keep it until the test ends: a first download looks hung.
pub fn announce(progress: &str) {
    if !progress.starts_with("downloading") {
        return;
    }
    let line = format!("\n{progress}\n");
    let told = File::options().write(true).open("/dev/tty").and_then(|mut tty| tty.write_all(line.as_bytes()));
    if told.is_err() {
        let _ = io::stderr().write_all(line.as_bytes());
    }
}

/// A name for a keyspace that no other test has.
pub fn keyspace(prefix: &str) -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    format!("{prefix}_{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

impl Node {
    fn start(builder: &Builder) -> Self {
        let sandbox = builder.start(&mut announce).unwrap_or_else(|error| panic!("{error}"));
        Self { sandbox, authentication: builder.authentication }
    }

    /// The first node's address, as one writes it on the command line.
    pub fn host(&self) -> String {
        self.sandbox.addresses()[0].to_string()
    }

    /// Kills it and starts it again with the data it has, at the same address; it answers when this returns.
    pub fn restart(&self) {
        self.sandbox.restart().unwrap_or_else(|error| panic!("{error}"));
    }

    /// Kills one node of several, by its place.
    pub fn kill(&self, number: usize) {
        self.sandbox.kill(number).unwrap_or_else(|error| panic!("{error}"));
    }

    /// Whether one has to log in.
    pub fn authentication(&self) -> bool {
        self.authentication
    }

    pub fn port(&self) -> u16 {
        self.sandbox.port()
    }

    /// The addresses of all nodes.
    pub fn hosts(&self) -> Vec<String> {
        self.sandbox.addresses().iter().map(ToString::to_string).collect()
    }

    /// cqlsh against this node, logged in as the superuser where that is needed.
    pub fn cqlsh(&self, arguments: &[&str]) -> Cqlsh {
        let mut all = vec![self.host(), self.port().to_string()];
        if self.authentication {
            all.extend(["-u", SUPERUSER.0, "-p", SUPERUSER.1].map(str::to_owned));
        }
        all.extend(arguments.iter().map(|&argument| argument.to_owned()));
        Cqlsh::new(all)
    }
}
