//! The prompt: the real binary on a terminal, driven with keys. What it answers was recorded from Apache cqlsh on a
//! terminal of the same size, with the version's line apart.

mod control;
mod explained;
mod extras;
mod input;
mod plain;
mod random;
mod rich;
mod running;
mod typed;

use std::path::{Path, PathBuf};

use crate::support::cqlsh::PROGRAM;
use crate::support::node::{self, Node};
use crate::support::pty::Terminal;

const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";
const UP: &str = "\x1b[A";

/// The surface on which bytes are what Apache cqlsh writes.
const PLAIN: (&str, &str) = ("CQLSH_EDITOR", "plain");

/// A person in front of a shell.
struct Person {
    terminal: Terminal,
    home: tempfile::TempDir,
}

impl Person {
    /// Starts the shell and waits for nothing.
    fn starts(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::starts_in(tempfile::tempdir().unwrap(), arguments, environment)
    }

    fn starts_in(home: tempfile::TempDir, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let directory = home.path().to_str().unwrap();
        let mut all = vec![("HOME", directory), ("LANG", "C.UTF-8"), ("TERM", "xterm")];
        all.extend(environment);
        Self { terminal: Terminal::start(PROGRAM, arguments, &all, directory), home }
    }

    /// Starts the shell against a node without authentication and waits for the first prompt.
    fn at_prompt(node: &Node, arguments: &[&str]) -> Self {
        Self::at_prompt_with(node, arguments, &[])
    }

    /// The same on the plain surface.
    fn at_plain_prompt(node: &Node, arguments: &[&str]) -> Self {
        Self::at_prompt_with(node, arguments, &[PLAIN])
    }

    fn at_prompt_with(node: &Node, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut all = vec!["--no-color".to_owned(), node.host(), node.port().to_string()];
        all.extend(arguments.iter().map(|&argument| argument.to_owned()));
        let mut person = Self::starts(&all.iter().map(String::as_str).collect::<Vec<_>>(), environment);
        person.terminal.expect("Use HELP for help.\r\n");
        person.terminal.expect("> ");
        person
    }

    /// Presses keys and waits until the screen shows exactly this.
    #[track_caller]
    fn types(&mut self, keys: &str, shown: &str) -> &mut Self {
        self.terminal.send(keys);
        self.sees(shown)
    }

    /// Waits until the screen shows exactly this.
    #[track_caller]
    fn sees(&mut self, shown: &str) -> &mut Self {
        let before = self.terminal.expect(shown);
        assert_eq!(before, "", "before {shown:?}");
        self
    }

    /// Leaves by Ctrl-D; gives the home directory.
    #[track_caller]
    fn leaves(mut self) -> tempfile::TempDir {
        self.terminal.send(CTRL_D);
        assert_eq!(self.terminal.end(), ("\r\n".to_owned(), 0));
        self.home
    }
}

fn history(home: &Path) -> PathBuf {
    home.join(".cassandra").join("cqlsh_history")
}

/// A keyspace with a table for lists of numbers, dropped at the end.
struct Keyspace {
    node: &'static Node,
    name: String,
}

impl Keyspace {
    fn new() -> Self {
        let keyspace = Self { node: node::plain(), name: node::keyspace("prompt") };
        let name = &keyspace.name;
        keyspace.batch(&format!(
            "CREATE KEYSPACE {name} WITH replication = {{'class': 'SimpleStrategy', 'replication_factor': 1}};
             CREATE TABLE {name}.t (k int PRIMARY KEY, numbers list<int>, s text)"
        ));
        keyspace
    }

    /// What a batch run prints.
    fn batch(&self, statements: &str) -> String {
        let run = self.node.cqlsh(&["-e", statements]).run();
        run.succeeded();
        run.stdout
    }
}

impl Drop for Keyspace {
    fn drop(&mut self) {
        let _ = self.node.cqlsh(&["-e", &format!("DROP KEYSPACE {}", self.name)]).run();
    }
}
