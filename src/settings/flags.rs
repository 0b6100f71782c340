//! The flag table. `--help`, the shell completions and the man page are all made from it.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, Args, CommandFactory, FromArgMatches};

use super::arguments;
use super::usage::Stop;
use crate::cql::secret::Secret;
use crate::sandbox::Version;

/// The command line, parsed but not yet weighed against the environment.
#[derive(Debug, Clone, Args)]
pub struct Flags {
    /// Colour results even when they do not go to a terminal
    #[arg(short = 'C', long, overrides_with = "no_color")]
    pub color: bool,

    /// Never colour results
    #[arg(long, overrides_with = "color")]
    pub no_color: bool,

    /// Connect with TLS
    #[arg(long)]
    pub ssl: bool,

    /// Log in as this role; without a password it is asked for on the terminal
    #[arg(short, long, value_name = "ROLE")]
    pub username: Option<String>,

    /// The role's password; CQLSH_PASSWORD and --password-file do not show it to other users of the machine
    #[arg(short, long)]
    pub password: Option<Secret>,

    /// Read the role's password from the first line of this file, or of standard input (-)
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<String>,

    /// Start in this keyspace
    #[arg(short, long)]
    pub keyspace: Option<String>,

    /// Run the statements of this file, or of each *.cql in this directory in the order of their names, then exit; they may
    /// be compressed (.gz, .zst)
    #[arg(short, long, value_name = "FILE")]
    pub file: Option<String>,

    /// Run these statements, then exit
    #[arg(short, long, value_name = "STATEMENTS")]
    pub execute: Option<String>,

    /// End a script at its first error, with status 2
    #[arg(long)]
    pub stop_on_error: bool,

    /// The settings file (~/.cassandra/cqlshrc)
    #[arg(long, value_name = "FILE")]
    pub cqlshrc: Option<String>,

    /// The file with user name and password (credentials, beside the settings file)
    #[arg(long, value_name = "FILE")]
    pub credentials: Option<String>,

    /// Connect only if the server speaks this version of CQL
    #[arg(long, value_name = "VERSION")]
    pub cqlversion: Option<String>,

    /// Connect only if the server speaks this version of the native protocol; version 4 is what is spoken
    #[arg(long, value_name = "NUMBER")]
    pub protocol_version: Option<String>,

    /// Say on stderr what the program does
    #[arg(long)]
    pub debug: bool,

    /// Give up connecting after this many seconds (5)
    #[arg(long, value_name = "SECONDS")]
    pub connect_timeout: Option<String>,

    /// Wait until the server has started and lets this user in, and give up after this many seconds (120)
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "120")]
    pub wait: Option<String>,

    /// Give up waiting for an answer after this many seconds (10)
    #[arg(long, value_name = "SECONDS")]
    pub request_timeout: Option<String>,

    /// Accepted for cqlsh's sake if Python knows the encoding; everything is UTF-8
    #[arg(long)]
    pub encoding: Option<String>,

    /// Show HELP's pages with this program, or this command with %s for the address (BROWSER, or the desktop's)
    #[arg(long, value_name = "COMMAND")]
    pub browser: Option<String>,

    /// Accepted for cqlsh's sake; it measured cqlsh's own tests
    #[arg(long, hide = true)]
    coverage: bool,

    /// Show prompts even when standard input is not a terminal
    #[arg(short, long)]
    pub tty: bool,

    /// Do not save this session's commands in the history file
    #[arg(long)]
    pub disable_history: bool,

    /// Start a throwaway Cassandra node (5.0, 4.1, 4.0 or 3.11) and run against it; it is gone afterwards
    #[arg(long, value_name = "VERSION", num_args = 0..=1, require_equals = true, default_missing_value = "5.0")]
    pub sandbox: Option<Version>,

    /// Do not warn about a password on the command line
    #[arg(long, hide = true)]
    pub insecure_password_without_warning: bool,

    /// Print the version and exit
    #[arg(short, long, action = ArgAction::Version)]
    version: Option<bool>,

    /// Print this help and exit
    #[arg(short, long, action = ArgAction::HelpShort)]
    help: Option<bool>,

    /// The node's host name or address, and its port (127.0.0.1 9042, or CQLSH_HOST and CQLSH_PORT)
    #[arg(value_name = "HOST PORT", num_args = 0..)]
    pub address: Vec<String>,
}

/// cqlsh: argparse repeats the word; scripts that look at the first line of the help find the same one.
const HELP: &str =
    "usage: Usage: {usage}\n\n{about}\n\npositional arguments:\n{positionals}\n\noptions:\n{options}{after-help}\n";

const AFTER_HELP: &str = "\
environment:
  CQLSH_HOST, CQLSH_PORT           The node, when none is given as an argument
  CQLSH_PASSWORD                   The role's password, when none is given as an option
  CQL_HISTORY                      The history file (~/.cassandra/cqlsh_history)
  CQLSH_PROMPT                     A line to print above each prompt
  CQLSH_DEFAULT_TIMESTAMP_FORMAT   The strftime format of timestamps
  SSL_CERTFILE, SSL_VALIDATE       With --ssl: a PEM file of those to trust; false to trust all
  CQLSH_EDITOR                     plain, a prompt for programs, or rich, one for people
  VISUAL, EDITOR                   What edits a statement at a prompt (vi)
  PAGER                            What \\pager on shows results with (less -SRX)
  SHELL                            What runs \\! (sh)
  NO_COLOR                         If set, no colours unless -C or cqlshrc asks for them
  BROWSER                          What shows HELP's pages, several between colons
  TZ                               The time zone of timestamps (UTC)
  CASSANDRA_HOME, JAVA_HOME        What --sandbox runs, instead of what Maven fetches and PATH finds

files:
  ~/.cassandra/cqlshrc             Settings
  ~/.cassandra/credentials         User name and password, for its owner alone (mode 600)
  ~/.cassandra/cqlsh_history       What was typed at prompts

exit status:
  0    everything succeeded, or prompts were shown
  1    could not start or connect, read the script, or write the output
  2    bad usage, or a statement of a script failed
  130  a script was stopped with Ctrl-C";

/// The command line's definition, for parsing and for everything generated from it.
pub fn command() -> clap::Command {
    Flags::augment_args(clap::Command::new("cqlsh"))
        .about("The Cassandra shell: runs CQL and shell commands from a prompt, a file, or the command line")
        .version(super::VERSION)
        .disable_version_flag(true)
        .disable_help_flag(true)
        .args_override_self(true)
        .override_usage("cqlsh [options] [host [port]]")
        .help_template(HELP)
        .after_help(AFTER_HELP)
}

impl Flags {
    /// Parses the arguments (the program's name first).
    pub(super) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, Stop> {
        let mut table = command();
        let matches = table.try_get_matches_from_mut(arguments::plain(arguments, &table.clone())?)?;
        Ok(Self::from_arg_matches(&matches)?)
    }
}

/// Makes `Flags` usable where clap asks for a whole parser.
impl CommandFactory for Flags {
    fn command() -> clap::Command {
        command()
    }

    fn command_for_update() -> clap::Command {
        command()
    }
}

/// A path as the shell's user wrote it, with `~` standing for the home directory.
pub(crate) fn expand_home(path: &str, home: Option<&std::path::Path>) -> PathBuf {
    match (path.strip_prefix('~'), home) {
        (Some(""), Some(home)) => home.to_path_buf(),
        (Some(rest), Some(home)) if rest.starts_with('/') => home.join(rest.trim_start_matches('/')),
        _ => PathBuf::from(path),
    }
}
