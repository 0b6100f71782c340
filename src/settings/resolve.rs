//! Flags and environment weighed against each other: flags, then environment, then what is built in.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use super::{ConfigError, CopyTests, Cqlshrc, Environment, Flags, Notices, Tls, VERSION, expand_home};
use crate::cluster::Secret;
use crate::sandbox;

/// cqlsh's built-in timestamp format.
const TIMESTAMP_FORMAT: &str = "%Y-%m-%d %H:%M:%S.%f%z";

/// Everything the program needs to know about what was asked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The node's host name or address.
    pub host: String,
    /// The node's port.
    pub port: u16,
    /// The role to log in as.
    pub username: Option<String>,
    /// Its password; with a user name and no password it is asked for.
    pub password: Option<Secret>,
    /// How to encrypt the connection; `None` for plain text.
    pub tls: Option<Tls>,
    /// The keyspace to start in.
    pub keyspace: Option<String>,
    /// Where statements come from.
    pub input: Input,
    /// A file of `-f` that `-e` keeps from being run. cqlsh: it must be readable all the same.
    pub unread_file: Option<String>,
    /// Whether prompts are shown.
    pub tty: bool,
    /// `Some` when colour was demanded or forbidden, `None` when it depends on the terminal.
    pub colour: Option<bool>,
    /// Whether the program says what it does.
    pub debug: bool,
    /// Time limit of connecting.
    pub connect_timeout: Duration,
    /// Time limit of a request.
    pub request_timeout: Duration,
    /// The history file; `None` when no home directory is known.
    pub history: Option<PathBuf>,
    /// Whether history is kept.
    pub save_history: bool,
    /// Printed on its own line above each prompt.
    pub prompt: Option<String>,
    /// strftime format of timestamps.
    pub timestamp_format: String,
    /// The throwaway node to start first.
    pub sandbox: Option<sandbox::Version>,
    /// The user's home directory, for `~`.
    pub home: Option<PathBuf>,
    /// Processors to work with.
    pub processors: usize,
    /// What tests of COPY set.
    pub copy_tests: CopyTests,
}

/// Where statements come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// `-e`: this text, which ends in `;`.
    Execute(String),
    /// `-f`: this file, the path as given.
    File(String),
    /// Standard input.
    Stdin,
}

/// Why the program ends before it starts.
#[derive(Debug, PartialEq, Eq)]
pub enum Stop {
    /// Help or version: this text on stdout, status 0.
    Text(String),
    /// Bad usage: this text on stderr, status 2.
    Usage(String),
    /// A settings file that cannot be used: this text on stderr, status 1.
    Config(String),
}

impl From<ConfigError> for Stop {
    fn from(error: ConfigError) -> Self {
        Self::Config(format!("{error}\n"))
    }
}

/// A usage error as argparse words it.
fn usage(message: impl std::fmt::Display) -> Stop {
    Stop::Usage(format!("usage: Usage: cqlsh [options] [host [port]]\ncqlsh: error: {message}\n"))
}

/// Turns arguments (the program's name first), environment and settings file into settings, and says in `notices` what
/// the user is to be told first, also when it does not come to settings.
pub fn resolve(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &Environment,
    notices: &mut Notices,
) -> Result<Settings, Stop> {
    let flags = Flags::parse(arguments).map_err(|error| stop(&error))?;
    let cqlshrc = Cqlshrc::read(cqlshrc_path(flags.cqlshrc.as_deref(), environment, notices), notices)?;
    let ssl = cqlshrc.boolean("connection", "ssl", notices)?;
    if flags.password.as_deref().is_some_and(|password| !password.is_empty())
        && !flags.insecure_password_without_warning
    {
        notices.note(
            "\nWarning: Using a password on the command line interface can be insecure.\
             \nRecommendation: use the credentials file to securely provide the password.\n\n",
        );
    }
    let connect_timeout = seconds(&flags.connect_timeout)
        .ok_or_else(|| usage(format_args!("\"{}\" is not a valid connect timeout.", flags.connect_timeout)))?;
    let request_timeout = seconds(&flags.request_timeout)
        .ok_or_else(|| usage(format_args!("\"{}\" is not a valid request timeout.", flags.request_timeout)))?;
    if let (Some(_), Some(host)) = (flags.sandbox, flags.address.first()) {
        return Err(usage(format_args!(
            "argument --sandbox: it starts a node of its own, so '{host}' cannot be the host (a version is given as \
             --sandbox=4.1)"
        )));
    }
    let mut address = flags.address.into_iter();
    let host = address.next().or_else(|| environment.host.clone()).unwrap_or_else(|| "127.0.0.1".to_owned());
    let port = match address.next().or_else(|| environment.port.clone()) {
        None => 9042,
        Some(text) => text
            .trim()
            .parse()
            .map_err(|_| usage(format_args!("{} is not a valid port number.", crate::print::python::repr(&text))))?,
    };
    let execute = flags.execute.filter(|text| !text.is_empty()).map(|mut text| {
        // cqlsh looks at the last character alone, and sends the server an empty statement after `…; `.
        if !text.trim_end().ends_with(';') {
            text.push(';');
        }
        text
    });
    let file = flags.file.filter(|path| !path.is_empty());
    let batch = execute.is_some() || file.is_some();
    let colour = match (flags.color, flags.no_color) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        // cqlsh: a file is never coloured on its own account, not even on a terminal.
        _ if file.is_some() => Some(false),
        _ => None,
    };
    // cqlsh: when both are given only -e runs.
    let (input, unread_file) = match (execute, file) {
        (Some(text), file) => (Input::Execute(text), file),
        (None, Some(path)) => (Input::File(path), None),
        (None, None) => (Input::Stdin, None),
    };
    let default_history = environment.home.as_ref().map(|home| home.join(".cassandra").join("cqlsh_history"));
    let tls = (flags.ssl || ssl == Some(true)).then(|| Tls::read(&cqlshrc, environment, &host, notices));
    Ok(Settings {
        host,
        port,
        username: flags.username.filter(|name| !name.is_empty()),
        password: flags.password.filter(|password| !password.is_empty()).map(Secret::new),
        tls,
        keyspace: flags.keyspace.filter(|name| !name.is_empty()),
        input,
        unread_file,
        tty: !batch && (flags.tty || environment.stdin_is_terminal),
        colour,
        debug: flags.debug,
        connect_timeout,
        request_timeout,
        history: environment.history.clone().or(default_history),
        save_history: !flags.disable_history,
        prompt: environment.prompt.clone(),
        timestamp_format: environment.timestamp_format.clone().unwrap_or_else(|| TIMESTAMP_FORMAT.to_owned()),
        sandbox: flags.sandbox,
        home: environment.home.clone(),
        processors: environment.processors,
        copy_tests: environment.copy_tests.clone(),
    })
}

/// Where cqlshrc is: as `--cqlshrc` says if there is such a file, else in `~/.cassandra`.
fn cqlshrc_path(given: Option<&str>, environment: &Environment, notices: &mut Notices) -> PathBuf {
    let default = expand_home("~/.cassandra/cqlshrc", environment.home.as_deref());
    let Some(given) = given.map(|path| expand_home(path, environment.home.as_deref())) else { return default };
    if given.exists() {
        return given;
    }
    notices.say(&format!(
        "\nWarning: Specified cqlshrc location `{}` does not exist.  Using `{}` instead.\n\n",
        given.display(),
        default.display()
    ));
    default
}

/// Whole seconds as Python's `int()` takes them; zero and less are no time limit anyone can meet and are refused.
fn seconds(text: &str) -> Option<Duration> {
    text.trim().parse::<u64>().ok().filter(|seconds| *seconds > 0).map(Duration::from_secs)
}

/// What clap found wrong, in argparse's words where it has them.
fn stop(error: &clap::Error) -> Stop {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    match error.kind() {
        ErrorKind::DisplayVersion => Stop::Text(format!("cqlsh {VERSION}\n")),
        ErrorKind::DisplayHelp => Stop::Text(error.to_string()),
        ErrorKind::UnknownArgument => {
            usage(format_args!("unrecognized arguments: {}; see cqlsh --help", context(ContextKind::InvalidArg)))
        }
        ErrorKind::InvalidValue if context(ContextKind::InvalidValue).is_empty() => {
            usage(format_args!("argument {}: expected one argument", argparse_name(&context(ContextKind::InvalidArg))))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => usage(format_args!(
            "argument {}: invalid choice: '{}' (choose from 5.0, 4.1, 4.0, 3.11)",
            argparse_name(&context(ContextKind::InvalidArg)),
            context(ContextKind::InvalidValue)
        )),
        _ => usage(error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: ")),
    }
}

/// `--execute <STATEMENTS>` as argparse names it: `-e/--execute`.
fn argparse_name(clap_name: &str) -> String {
    let long = clap_name.split([' ', '=', '[']).next().unwrap_or(clap_name);
    let command = super::command();
    let short = command
        .get_arguments()
        .find(|argument| argument.get_long().is_some_and(|name| long.strip_prefix("--") == Some(name)))
        .and_then(clap::Arg::get_short);
    match short {
        Some(short) => format!("-{short}/{long}"),
        None => long.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Environment, Input, Notices, Settings, Stop, resolve, sandbox};
    use std::ffi::OsString;

    fn on_pipe() -> Environment {
        Environment { processors: 2, ..Environment::default() }
    }

    fn settings(arguments: &[&str], environment: &Environment) -> Result<(Settings, String), Stop> {
        let mut notices = Notices::default();
        let arguments = std::iter::once("cqlsh").chain(arguments.iter().copied()).map(OsString::from);
        resolve(arguments, environment, &mut notices).map(|settings| (settings, notices.stderr))
    }

    fn resolved(arguments: &[&str]) -> Settings {
        settings(arguments, &on_pipe()).expect("good arguments").0
    }

    #[test]
    fn usage_errors_are_argparse_lines() {
        // Recorded from Apache cqlsh 6.2.2.
        for (arguments, message) in [
            (&["-e"][..], "argument -e/--execute: expected one argument"),
            (&["-p"], "argument -p/--password: expected one argument"),
            (&["--request-timeout"], "argument --request-timeout: expected one argument"),
            (&["--connect-timeout", "abc"], "\"abc\" is not a valid connect timeout."),
            (&["127.0.0.1", "abc"], "'abc' is not a valid port number."),
        ] {
            let text = format!("usage: Usage: cqlsh [options] [host [port]]\ncqlsh: error: {message}\n");
            assert_eq!(settings(arguments, &on_pipe()).expect_err("bad usage"), Stop::Usage(text), "{arguments:?}");
        }
    }

    #[test]
    fn an_unknown_option_is_refused_and_not_taken_for_the_host() {
        let Err(Stop::Usage(text)) = settings(&["--nosuch", "127.0.0.1"], &on_pipe()) else { panic!("accepted") };
        assert!(text.contains("unrecognized arguments: --nosuch"), "{text}");
    }

    #[test]
    fn the_command_line_beats_the_environment_and_the_environment_the_default() {
        let environment = Environment { host: Some("h".into()), port: Some("1".into()), ..on_pipe() };
        let (from_environment, _) = settings(&[], &environment).expect("good arguments");
        assert_eq!((from_environment.host.as_str(), from_environment.port), ("h", 1));
        let (from_arguments, _) = settings(&["x", "2", "ignored"], &environment).expect("good arguments");
        assert_eq!((from_arguments.host.as_str(), from_arguments.port), ("x", 2));
        assert_eq!((resolved(&[]).host.as_str(), resolved(&[]).port), ("127.0.0.1", 9042));
    }

    #[test]
    fn options_and_positionals_mix_and_long_options_may_be_cut_short() {
        let settings = resolved(&["-uadmin", "db", "--exec=SELECT 1", "9999", "--key", "ks"]);
        assert_eq!((settings.host.as_str(), settings.port), ("db", 9999));
        assert_eq!(settings.username.as_deref(), Some("admin"));
        assert_eq!(settings.keyspace.as_deref(), Some("ks"));
        assert_eq!(settings.input, Input::Execute("SELECT 1;".into()));
    }

    #[test]
    fn execute_beats_file_and_an_empty_execute_counts_as_not_given() {
        assert_eq!(resolved(&["-f", "a", "-e", "b;"]).input, Input::Execute("b;".into()));
        assert_eq!(resolved(&["-f", "a", "-e", ""]).input, Input::File("a".into()));
        assert_eq!(resolved(&["-e", ""]).input, Input::Stdin);
    }

    #[test]
    fn execute_is_given_a_semicolon_only_if_it_has_none() {
        for (given, run) in [("a", "a;"), ("a;", "a;"), ("a; \n", "a; \n"), ("a ", "a ;")] {
            assert_eq!(resolved(&["-e", given]).input, Input::Execute(run.into()));
        }
    }

    #[test]
    fn statements_may_begin_with_a_comment() {
        let text = "-- orders = all\nSELECT 1;";
        for option in ["-e", "--execute", "--exe"] {
            assert_eq!(resolved(&[option, text, "host"]).input, Input::Execute(text.into()));
        }
        assert!(settings(&["-e", "--color"], &on_pipe()).is_err(), "an option is no statement");
    }

    #[test]
    fn the_last_of_a_repeated_option_wins() {
        assert_eq!(resolved(&["-C", "--no-color"]).colour, Some(false));
        assert_eq!(resolved(&["--no-color", "-C"]).colour, Some(true));
        assert_eq!(resolved(&["-k", "a", "-k", "b"]).keyspace.as_deref(), Some("b"));
    }

    #[test]
    fn a_file_forbids_colour_unless_it_is_demanded() {
        assert_eq!(resolved(&["-f", "a"]).colour, Some(false));
        assert_eq!(resolved(&["-f", "a", "-C"]).colour, Some(true));
        assert_eq!(resolved(&["-e", "a"]).colour, None);
    }

    #[test]
    fn a_password_on_the_command_line_is_warned_about_and_never_shown() {
        let (settings_with, warnings) = settings(&["-u", "a", "-p", "s3cret"], &on_pipe()).expect("good arguments");
        assert_eq!(
            warnings,
            "\nWarning: Using a password on the command line interface can be insecure.\
             \nRecommendation: use the credentials file to securely provide the password.\n\n"
        );
        assert!(!format!("{settings_with:?}").contains("s3cret"));
        let quiet = settings(&["-p", "x", "--insecure-password-without-warning"], &on_pipe());
        assert_eq!(quiet.expect("good arguments").1, "");
    }

    #[test]
    fn a_sandbox_and_a_host_contradict_each_other() {
        let Err(Stop::Usage(text)) = settings(&["--sandbox", "4.1"], &on_pipe()) else { panic!("accepted") };
        assert!(text.contains("'4.1' cannot be the host (a version is given as --sandbox=4.1)"), "{text}");
        assert_eq!(resolved(&["--sandbox=4.1"]).sandbox, Some(sandbox::Version::V4_1));
        assert_eq!(resolved(&["--sandbox"]).sandbox, Some(sandbox::Version::V5_0));
    }

    #[test]
    fn the_version_names_both_programs() {
        let Err(Stop::Text(text)) = settings(&["--version"], &on_pipe()) else { panic!("went on") };
        assert_eq!(text, format!("cqlsh 6.2.2+rs{}\n", env!("CARGO_PKG_VERSION")));
    }
}
