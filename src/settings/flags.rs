//! The flag table. `--help`, the shell completions and the man page are all made from it.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, Args, CommandFactory, FromArgMatches};

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

    /// The role's password
    #[arg(short, long)]
    pub password: Option<String>,

    /// Start in this keyspace
    #[arg(short, long)]
    pub keyspace: Option<String>,

    /// Run the statements of this file, then exit
    #[arg(short, long, value_name = "FILE")]
    pub file: Option<String>,

    /// Run these statements, then exit
    #[arg(short, long, value_name = "STATEMENTS")]
    pub execute: Option<String>,

    /// The settings file (~/.cassandra/cqlshrc)
    #[arg(long, value_name = "FILE")]
    pub cqlshrc: Option<String>,

    /// Say on stderr what the program does
    #[arg(long)]
    pub debug: bool,

    /// Give up connecting after this many seconds
    #[arg(long, value_name = "SECONDS", default_value = "5")]
    pub connect_timeout: String,

    /// Give up waiting for an answer after this many seconds
    #[arg(long, value_name = "SECONDS", default_value = "10")]
    pub request_timeout: String,

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
  CQL_HISTORY                      The history file (~/.cassandra/cqlsh_history)
  CQLSH_PROMPT                     A line to print above each prompt
  CQLSH_DEFAULT_TIMESTAMP_FORMAT   The strftime format of timestamps
  SSL_CERTFILE, SSL_VALIDATE       With --ssl: the PEM file of trusted certificates; false to trust all
  TZ                               The time zone of timestamps (UTC)
  CASSANDRA_HOME, JAVA_HOME        What --sandbox runs, instead of what Maven fetches and PATH finds

exit status:
  0    everything succeeded, or prompts were shown
  1    could not start or connect
  2    bad usage, or a statement of a script failed
  130  a script was stopped with Ctrl-C";

/// The command line's definition, for parsing and for everything generated from it.
pub fn command() -> clap::Command {
    Flags::augment_args(clap::Command::new("cqlsh"))
        .about("The Cassandra shell: runs CQL and shell commands from a prompt, a file, or the command line")
        .version(super::VERSION)
        .disable_version_flag(true)
        .disable_help_flag(true)
        .infer_long_args(true)
        .args_override_self(true)
        .override_usage("cqlsh [options] [host [port]]")
        .help_template(HELP)
        .after_help(AFTER_HELP)
}

impl Flags {
    /// Parses the arguments (the program's name first).
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let matches = command().try_get_matches_from(with_leading_comments(arguments))?;
        Self::from_arg_matches(&matches)
    }
}

/// The arguments, those of `-e` that begin with a comment tied to it.
///
/// cqlsh: argparse takes `-- shop's orders …` for no option, because there is a blank in its name.
fn with_leading_comments(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut tied: Vec<OsString> = Vec::new();
    for argument in arguments {
        let name = argument.to_str().filter(|text| text.starts_with("--")).and_then(|text| text.split('=').next());
        match tied.last_mut() {
            Some(option) if takes_statements(option) && name.is_some_and(|name| name.contains(' ')) => {
                option.push("=");
                option.push(argument);
            }
            _ => tied.push(argument),
        }
    }
    tied
}

/// Whether this is `-e`, or `--execute` in full or cut short.
fn takes_statements(option: &OsString) -> bool {
    option.to_str().is_some_and(|text| text == "-e" || text.len() > 2 && "--execute".starts_with(text))
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
