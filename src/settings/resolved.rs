//! What was asked, weighed up: all that the program goes by.

use std::path::PathBuf;
use std::time::Duration;

use super::{CopyTests, Login, Prompt, Tls};
use crate::sandbox;
use crate::terminal::Browser;
use crate::terminal::surface::Wish;

/// Everything the program needs to know about what was asked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The node's host name or address.
    pub host: String,
    /// The node's port.
    pub port: u16,
    /// Who logs in, if anybody.
    pub login: Option<Login>,
    /// How to encrypt the connection; `None` for plain text.
    pub tls: Option<Tls>,
    /// Whether answers come compressed, if cqlshrc says so.
    pub compression: Option<bool>,
    /// The version of CQL that the server must speak.
    pub cql_version: Option<String>,
    /// The version of the native protocol that the server must speak.
    pub protocol_version: Option<i64>,
    /// The keyspace to start in.
    pub keyspace: Option<String>,
    /// Where statements come from.
    pub input: Input,
    /// A file of `-f` that `-e` keeps from being run. cqlsh: it must be readable all the same.
    pub unread_file: Option<String>,
    /// Whether a script ends at its first error.
    pub stop_on_error: bool,
    /// Whether prompts are shown.
    pub tty: bool,
    /// The editor that prompts come with.
    pub editor: Wish,
    /// What prompts start with, and what keeps from harm.
    pub shell: Prompt,
    /// The user's own shell, for commands of the system.
    pub system_shell: String,
    /// The keys that the editor has.
    pub edit_mode: EditMode,
    /// The terminal's width where it does not say it itself.
    pub columns: Option<usize>,
    /// The command that edits a text in a file.
    pub text_editor: String,
    /// Whether standard input and standard output are terminals.
    pub on_terminal: bool,
    /// `Some` when colour was demanded or forbidden, `None` when it depends on the terminal.
    pub colour: Option<bool>,
    /// Whether the program says what it does.
    pub debug: bool,
    /// What shows the pages of HELP, in the order in which to try.
    pub browsers: Vec<Browser>,
    /// The encoding asked for, which is for show: everything is UTF-8.
    pub encoding: String,
    /// Time limit of connecting.
    pub connect_timeout: Duration,
    /// How long a server that does not answer yet is waited for.
    pub wait: Option<Duration>,
    /// Time limit of a request.
    pub request_timeout: Duration,
    /// Time limit of CREATE, ALTER, DROP and TRUNCATE.
    pub alteration_timeout: Duration,
    /// How long a trace is waited for.
    pub max_trace_wait: Duration,
    /// The settings file, where COPY looks for options too.
    pub cqlshrc: PathBuf,
    /// The history file; `None` when no home directory is known.
    pub history: Option<PathBuf>,
    /// Whether the history's directory is there.
    pub has_history_directory: bool,
    /// Whether history is kept.
    pub save_history: bool,
    /// Printed on its own line above each prompt.
    pub prompt: Option<String>,
    /// strftime format of timestamps.
    pub timestamp_format: String,
    /// Whether the format is one of cqlshrc, and another than there would be without.
    pub has_custom_format: bool,
    /// The time zone of timestamps in cqlshrc.
    pub time_zone: Option<String>,
    /// The time zone in `TZ`, which goes before that.
    pub time_zone_of_environment: Option<String>,
    /// Digits of float, and of everything floating inside collections.
    pub float_precision: usize,
    /// Digits of double.
    pub double_precision: usize,
    /// The throwaway node to start first.
    pub sandbox: Option<sandbox::Version>,
    /// The user's home directory, for `~`.
    pub home: Option<PathBuf>,
    /// Processors to work with.
    pub processors: usize,
    /// What tests of COPY set.
    pub copy_tests: CopyTests,
    /// What is to be told on stderr right before connecting.
    pub before_connecting: String,
}

/// Whose keys a line editor has: `edit_mode` in `[shell]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum EditMode {
    /// Those of Emacs.
    #[default]
    Emacs,
    /// Those of vi.
    Vi,
}

impl EditMode {
    pub(super) const WORDS: &'static str = "one of emacs, vi";

    pub(super) fn parse(text: &str) -> Option<Self> {
        match text.to_lowercase().as_str() {
            "emacs" => Some(Self::Emacs),
            "vi" => Some(Self::Vi),
            _ => None,
        }
    }
}

/// Where statements come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// `-e`: this text, which ends in `;`.
    Execute(String),
    /// `-f`: this file, or the scripts in this directory, the path as given.
    File(String),
    /// Standard input.
    Stdin,
}
