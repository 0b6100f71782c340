//! Flags, environment and cqlshrc weighed against each other: in this order, and then what is built in.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use super::browser::browsers;
use super::credentials::Asked;
use super::files::Files;
use super::usage::{Stop, usage};
use super::{ConfigError, CopyTests, Cqlshrc, Environment, Flags, Login, Notices, Prompt, Tls, encoding};
use crate::print::python::repr;
use crate::sandbox;
use crate::terminal::Browser;
use crate::terminal::surface::Wish;
use crate::value::python_digits;

/// cqlsh's built-in timestamp format.
const TIMESTAMP_FORMAT: &str = "%Y-%m-%d %H:%M:%S.%f%z";

/// cqlsh's digits of float and double on the screen.
const PRECISION: usize = 5;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Longer than the servers give themselves for a TRUNCATE, which is 60 seconds: who gives up before them does not know
/// what they still do.
const ALTERATION_TIMEOUT: Duration = Duration::from_secs(70);

const MAX_TRACE_WAIT: Duration = Duration::from_secs(10);

/// As long as any wait can be: what is longer is meant to be without end.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

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
    const WORDS: &'static str = "one of emacs, vi";

    fn parse(text: &str) -> Option<Self> {
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

/// Turns arguments (the program's name first), environment and settings files into settings, and says in `notices` what
/// the user is to be told first, also when it does not come to settings.
pub fn resolve(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &Environment,
    notices: &mut Notices,
) -> Result<Settings, Stop> {
    let mut flags = Flags::parse(arguments)?;
    if flags.password.is_some() && environment.password_argument.is_some() {
        flags.password.clone_from(&environment.password_argument);
    }
    if flags.password.is_some() && flags.password_file.is_some() {
        return Err(usage("argument --password-file: not allowed with argument -p/--password"));
    }
    let protocol_version = flags.protocol_version.as_deref().map(protocol_version).transpose()?;
    if let (Some(_), Some(host)) = (flags.sandbox, flags.address.first()) {
        return Err(usage(format_args!(
            "argument --sandbox: it starts a node of its own, so '{host}' cannot be the host (a version is given as \
             --sandbox=4.1)"
        )));
    }
    let files = Files::prepare(flags.cqlshrc.as_deref(), environment, notices)?;
    let cqlshrc = Cqlshrc::read(files.cqlshrc, notices)?;
    let mut file = OfFile::read(&cqlshrc, notices)?;
    let shell = Prompt::read(&cqlshrc, environment, notices)?;
    if flags.sandbox.is_some() {
        file.forget_the_server();
    }
    let asked = Asked::read(&flags, &cqlshrc, environment, notices)?;
    let connect_timeout = time_limit(flags.connect_timeout.as_deref(), "connect")?;
    let request_timeout = time_limit(flags.request_timeout.as_deref(), "request")?.or(file.request_timeout);
    let wait = time_limit(flags.wait.as_deref(), "wait")?;
    let cql_version = flags.cqlversion.or(file.cql_version).map(full_cql_version).transpose()?;

    let mut address = flags.address.into_iter();
    let host = address.next().or_else(|| environment.host.clone()).or(file.host);
    let (host, port_of_host) = host_and_port(host.as_deref().unwrap_or("127.0.0.1"));
    let port = match (port_of_host, address.next()) {
        (Some(of_host), Some(other)) if port(&other)? != of_host => {
            return Err(usage(format_args!("{host} has the port {of_host} with it, and {other} is another one.")));
        }
        (Some(port), _) => port,
        (None, given) => {
            given.or_else(|| environment.port.clone()).or(file.port).map_or(Ok(9042), |text| port(&text))?
        }
    };
    let host = host.to_owned();
    let tls = (flags.ssl || file.ssl).then(|| Tls::read(&cqlshrc, environment, &host, notices));

    let encoding = flags.encoding.or(file.encoding).unwrap_or_else(|| "utf-8".to_owned());
    if !encoding::is_known(&encoding) {
        return Err(Stop::Config(format!("The encoding {} is unknown.\n", repr(&encoding))));
    }
    let mut before_connecting = Notices::default();
    let login = match (flags.sandbox, &flags.username) {
        // A sandbox lets everybody in.
        (Some(_), None) => None,
        _ => asked.login(&cqlshrc, environment, &mut before_connecting)?,
    };
    if login.is_none() && flags.password_file.is_some() {
        return Err(usage("argument --password-file: nobody logs in with it; give a user name (-u) too"));
    }

    let execute = flags.execute.filter(|text| !text.is_empty()).map(|mut text| {
        // cqlsh looks at the last character alone, and sends the server an empty statement after `…; `.
        if !text.trim_end().ends_with(';') {
            text.push(';');
        }
        text
    });
    let script = flags.file.filter(|path| !path.is_empty());
    let batch = execute.is_some() || script.is_some();
    let colour = match (flags.color, flags.no_color) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        // cqlsh: a file is never coloured on its own account, not even on a terminal.
        _ => file.colour.or(script.as_ref().map(|_| false)),
    };
    // cqlsh: when both are given only -e runs.
    let (input, unread_file) = match (execute, script) {
        (Some(text), script) => (Input::Execute(text), script),
        (None, Some(path)) => (Input::File(path), None),
        (None, None) => (Input::Stdin, None),
    };
    let editor = match environment.editor.as_deref() {
        None => file.editor,
        Some(text) => Wish::parse(text).unwrap_or_else(|| {
            // It may be meant for something else, and is no reason not to start.
            let expected = Wish::WORDS;
            before_connecting.note(&format!("Warning: CQLSH_EDITOR must be {expected}, not {}.\n", repr(text)));
            file.editor
        }),
    };
    let default_format = environment.timestamp_format.as_deref().unwrap_or(TIMESTAMP_FORMAT);
    let timestamp_format = cqlshrc.raw("ui", "time_format").unwrap_or(default_format);
    Ok(Settings {
        host,
        port,
        login,
        tls,
        compression: file.compression,
        cql_version,
        protocol_version: protocol_version.or(file.protocol_version),
        keyspace: flags.keyspace.or(file.keyspace).filter(|name| !name.is_empty()),
        input,
        unread_file,
        stop_on_error: flags.stop_on_error,
        tty: !batch && (flags.tty || file.tty.unwrap_or(environment.stdin_is_terminal)),
        editor,
        shell,
        system_shell: environment.shell.clone().unwrap_or_else(|| "sh".to_owned()),
        edit_mode: file.edit_mode,
        columns: environment.columns,
        text_editor: environment.text_editor.clone().unwrap_or_else(|| "vi".to_owned()),
        on_terminal: environment.stdin_is_terminal && environment.stdout_is_terminal,
        colour,
        debug: flags.debug,
        browsers: browsers(flags.browser.or(file.browser).as_deref(), environment),
        encoding,
        connect_timeout: connect_timeout.or(file.connect_timeout).unwrap_or(CONNECT_TIMEOUT),
        wait,
        request_timeout: request_timeout.unwrap_or(REQUEST_TIMEOUT),
        alteration_timeout: request_timeout.unwrap_or(ALTERATION_TIMEOUT),
        max_trace_wait: file.max_trace_wait.unwrap_or(MAX_TRACE_WAIT),
        history: files.history,
        has_history_directory: files.has_history_directory,
        save_history: !(flags.disable_history || file.disable_history),
        prompt: environment.prompt.clone(),
        has_custom_format: timestamp_format != default_format,
        timestamp_format: timestamp_format.to_owned(),
        time_zone: file.time_zone,
        time_zone_of_environment: environment.time_zone.clone(),
        float_precision: file.float_precision.unwrap_or(PRECISION),
        double_precision: file.double_precision.unwrap_or(PRECISION),
        sandbox: flags.sandbox,
        home: environment.home.clone(),
        processors: environment.processors,
        copy_tests: environment.copy_tests.clone(),
        before_connecting: before_connecting.stderr,
        cqlshrc: cqlshrc.path,
    })
}

/// What cqlshrc says, as far as flags or environment may say otherwise.
struct OfFile {
    keyspace: Option<String>,
    browser: Option<String>,
    colour: Option<bool>,
    float_precision: Option<usize>,
    double_precision: Option<usize>,
    max_trace_wait: Option<Duration>,
    time_zone: Option<String>,
    ssl: bool,
    compression: Option<bool>,
    encoding: Option<String>,
    tty: Option<bool>,
    editor: Wish,
    edit_mode: EditMode,
    protocol_version: Option<i64>,
    cql_version: Option<String>,
    connect_timeout: Option<Duration>,
    request_timeout: Option<Duration>,
    disable_history: bool,
    host: Option<String>,
    port: Option<String>,
}

impl OfFile {
    /// Reads it in cqlsh's order, which decides which of several bad values is told.
    fn read(cqlshrc: &Cqlshrc, notices: &mut Notices) -> Result<Self, ConfigError> {
        let keyspace = cqlshrc.text("authentication", "keyspace", notices);
        let browser = cqlshrc.text("ui", "browser", notices);
        let colour = cqlshrc.boolean("ui", "color", notices)?;
        // cqlsh: digits below none are none.
        let digits = |number: i64| usize::try_from(number).unwrap_or(0);
        let float_precision = cqlshrc.integer("ui", "float_precision", notices)?.map(digits);
        let double_precision = cqlshrc.integer("ui", "double_precision", notices)?.map(digits);
        // Fields may be of any length here.
        cqlshrc.integer("csv", "field_size_limit", notices)?;
        let wait = cqlshrc.number("tracing", "max_trace_wait", notices)?;
        Ok(Self {
            keyspace,
            browser,
            colour,
            float_precision,
            double_precision,
            max_trace_wait: wait.map(|seconds| Duration::from_secs_f64(seconds.clamp(0.0, LONGEST.as_secs_f64()))),
            time_zone: cqlshrc.text("ui", "timezone", notices).filter(|name| !name.is_empty()),
            ssl: cqlshrc.boolean("connection", "ssl", notices)?.unwrap_or(false),
            compression: cqlshrc.boolean("connection", "compression", notices)?,
            encoding: cqlshrc.text("ui", "encoding", notices),
            tty: cqlshrc.boolean("ui", "tty", notices)?,
            protocol_version: cqlshrc.integer("protocol", "version", notices)?,
            cql_version: cqlshrc.text("cql", "version", notices),
            connect_timeout: cqlshrc.seconds("connection", "timeout", notices)?,
            request_timeout: cqlshrc.seconds("connection", "request_timeout", notices)?,
            disable_history: cqlshrc.boolean("history", "disabled", notices)?.unwrap_or(false),
            host: cqlshrc.text("connection", "hostname", notices),
            port: cqlshrc.text("connection", "port", notices),
            editor: cqlshrc.value("shell", "editor", Wish::WORDS, notices, Wish::parse)?.unwrap_or_default(),
            edit_mode: cqlshrc
                .value("shell", "edit_mode", EditMode::WORDS, notices, EditMode::parse)?
                .unwrap_or_default(),
        })
    }

    /// Drops what is meant for another server than a sandbox.
    fn forget_the_server(&mut self) {
        (self.host, self.port, self.keyspace) = (None, None, None);
        (self.ssl, self.cql_version, self.protocol_version) = (false, None, None);
    }
}

/// Whole seconds as Python's `int()` takes them; zero and less are no time limit anyone can meet and are refused.
fn time_limit(given: Option<&str>, what: &str) -> Result<Option<Duration>, Stop> {
    let Some(text) = given else { return Ok(None) };
    match python_digits(text).and_then(|digits| digits.parse().ok()) {
        Some(seconds) if seconds > 0 => Ok(Some(Duration::from_secs(seconds))),
        _ => Err(usage(format_args!("\"{text}\" is not a valid {what} timeout."))),
    }
}

/// `host`, `host:port`, `[::1]` and `[::1]:port` taken apart. For cqlsh all of it is the host, which then cannot be found.
fn host_and_port(text: &str) -> (&str, Option<u16>) {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    if let Some((host, rest)) = text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        return match rest.strip_prefix(':').map(digits) {
            Some(Some(port)) => (host, Some(port)),
            None if rest.is_empty() => (host, None),
            _ => (text, None),
        };
    }
    match text.split_once(':') {
        // More than one colon: an address of IPv6.
        Some((host, rest)) if !host.is_empty() => digits(rest).map_or((text, None), |port| (host, Some(port))),
        _ => (text, None),
    }
}

fn port(text: &str) -> Result<u16, Stop> {
    let number = python_digits(text).and_then(|digits| digits.parse().ok());
    number.ok_or_else(|| usage(format_args!("{} is not a valid port number.", repr(text))))
}

/// A version of the protocol; numbers beyond all versions are one such number.
fn protocol_version(text: &str) -> Result<i64, Stop> {
    let digits = python_digits(text);
    let digits =
        digits.ok_or_else(|| usage(format_args!("argument --protocol-version: invalid int value: {}", repr(text))))?;
    Ok(digits.parse().unwrap_or(i64::MAX))
}

/// A version of CQL with three numbers, the last ones 0 if they are not given.
fn full_cql_version(mut version: String) -> Result<String, Stop> {
    while version.matches('.').count() < 2 {
        version.push_str(".0");
    }
    let numbers = version.split('-').next().unwrap_or_default().split('.');
    let numbers = numbers.map(|number| python_digits(number)?.parse().ok()).collect::<Option<Vec<i128>>>();
    match numbers.and_then(|numbers| numbers.first().copied()) {
        None => Err(Stop::Config(format!("{} is no version of CQL: it must be like 3.4.7.\n", repr(&version)))),
        Some(..3) => Err(usage(format_args!("{} is not a supported CQL version.", repr(&version)))),
        Some(_) => Ok(version),
    }
}

#[cfg(test)]
mod tests;
