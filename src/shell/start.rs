//! From settings to a running shell: password, connection, banner, and where the lines come from.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::completion::LiveNames;
use super::scripts::Scripts;
use super::time_zones::TimeZones;
use super::{ExitStatus, Fatal, Fixed, Input, Shell, tls, wait};
use crate::cluster::{ConnectError, ConnectOptions, Credentials, Runtime, Secret, TlsError};
use crate::complete::Completer;
use crate::editor::{self, Editor};
use crate::print::python;
use crate::settings::{self, Login, Password, Settings};
use crate::terminal::{Line, LineSource, Prompted, Script, Surface, Terminal, password};
use crate::value::screen::ScreenStyle;

/// Why a shell could not start: what stderr is told.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The file of `-f` cannot be read.
    #[error("Can't open {}: {}", python::repr(path), python::os_error(error, path))]
    File {
        /// The path as given.
        path: String,
        /// Why.
        error: io::Error,
    },
    /// The directory of `-f` has no scripts in it.
    #[error("Can't open {}: there is no *.cql, *.cql.gz or *.cql.zst in this directory", python::repr(path))]
    NoScripts {
        /// The path as given.
        path: String,
    },
    /// No session could be made.
    #[error("Connection error: {0}")]
    Connect(#[from] ConnectError),
    /// Ctrl-C while connecting, or no answer to the question for the password.
    #[error("Connection aborted.")]
    Aborted,
    /// TLS cannot be had as it was asked for.
    #[error("Connection error: {0}")]
    Tls(#[from] TlsError),
    /// Servers are to be checked, and nothing says against what.
    #[error(
        "Validation is enabled; SSL transport factory requires a valid certfile to be specified. Please provide path to \
         the certfile in [ssl] section as 'certfile' option in {} (or use [certfiles] section) or set SSL_CERTFILE \
         environment variable.", cqlshrc.display()
    )]
    NoAuthorities {
        /// The settings file.
        cqlshrc: PathBuf,
    },
    /// No password could be asked for.
    #[error("Cannot ask for a password: {}", python::strerror(.0))]
    Password(io::Error),
    /// `--password-file -`, and nothing comes.
    #[error("Standard input has no password in its first line.")]
    NoPassword,
    /// The thread for network work could not be started.
    #[error("Cannot start the thread for network work: {}", python::strerror(.0))]
    Runtime(io::Error),
    /// The terminal cannot be used.
    #[error("Cannot use the terminal: {}", python::strerror(.0))]
    Editor(io::Error),
    /// Standard input cannot be used.
    #[error("Cannot use standard input: {}", python::strerror(.0))]
    Stdin(io::Error),
}

/// A run whose input is known to be there, before anything is connected to or started.
pub struct Ready {
    /// What `-f` names.
    scripts: Option<Scripts>,
    zones: TimeZones,
}

impl Ready {
    /// Opens what is to be read, and says what `--debug` says.
    ///
    /// # Errors
    /// A file of `-f` that cannot be read.
    pub fn open(settings: &Settings, terminal: &mut Terminal) -> Result<Self, StartError> {
        let scripts = match &settings.input {
            settings::Input::File(path) => Some(Scripts::open(path)?),
            _ => None,
        };
        if let Some(path) = &settings.unread_file {
            Scripts::open(path)?;
        }
        if settings.debug {
            report_settings(settings, terminal);
        }
        Ok(Self { scripts, zones: TimeZones::find(settings, terminal) })
    }

    /// Connects and runs everything that was asked. `surface` is what [`Surface::choose`] says.
    ///
    /// # Errors
    /// Whatever keeps the shell from starting, see [`StartError`].
    pub fn run(self, settings: &Settings, surface: Surface, terminal: &mut Terminal) -> Result<ExitStatus, StartError> {
        let Self { scripts, zones } = self;
        terminal.note(&settings.before_connecting);
        let options = connect_options(settings, terminal)?;
        let runtime = Runtime::start().map_err(StartError::Runtime)?;
        let session = wait::connect(&options, settings.wait, &runtime, terminal)?;
        let fixed = Fixed {
            runtime,
            home: settings.home.clone(),
            prompt: settings.prompt.clone(),
            processors: settings.processors,
            copy_tests: settings.copy_tests.clone(),
            local: zones.local,
            debug: settings.debug,
            max_trace_wait: settings.max_trace_wait,
            defaults: settings.shell.clone(),
            system_shell: settings.system_shell.clone(),
            browsers: settings.browsers.clone(),
            cqlshrc: settings.cqlshrc.clone(),
            stop_on_error: settings.stop_on_error,
            alteration_timeout: settings.alteration_timeout,
        };
        let style = ScreenStyle {
            timestamp_format: settings.timestamp_format.clone(),
            time_zone: zones.shown,
            float_precision: settings.float_precision,
            double_precision: settings.double_precision,
            colour: false,
        };
        let mut shell = Shell::new(Arc::new(fixed), session, style, surface);
        let outcome = match (&settings.input, scripts) {
            (settings::Input::Execute(text), _) => {
                let mut stdin = Script::stdin().map_err(StartError::Stdin)?;
                // cqlsh: errors name the file that is given beside it and not run.
                let name = settings.unread_file.as_deref().unwrap_or("<stdin>").to_owned();
                let mut input = Input { lines: &mut stdin, name, line: 1 };
                shell.run_text(text, &mut input, terminal)
            }
            (settings::Input::File(_), Some(scripts)) => shell.run_scripts(scripts, terminal),
            _ if surface.has_prompts() && settings.on_terminal => shell.run_on_terminal(settings, terminal)?,
            _ if surface.has_prompts() => shell.run_prompted(terminal)?,
            _ => shell.run_lines(&mut Script::stdin().map_err(StartError::Stdin)?, "<stdin>", terminal),
        };
        Ok(conclude(outcome, surface, terminal))
    }
}

impl Shell {
    pub(super) fn run_lines(
        &mut self,
        lines: &mut dyn LineSource,
        name: &str,
        terminal: &mut Terminal,
    ) -> Result<(), Fatal> {
        let mut input = Input { lines, name: name.to_owned(), line: 1 };
        self.run(&mut input, terminal)
    }

    /// What TAB asks; the names are read from now on.
    fn completer(&mut self) -> Completer {
        self.live_names().completer()
    }

    /// The names of the schema, which are read from now on.
    pub(super) fn live_names(&mut self) -> &LiveNames {
        self.names.get_or_insert_with(|| {
            let (handle, home) = (self.fixed.runtime.handle().clone(), self.fixed.home.clone());
            let names = LiveNames::new(handle, home, self.session.clone(), self.keyspace.clone());
            names.read_soon();
            names
        })
    }

    /// Prompts without an editor, and without a history.
    fn run_prompted(&mut self, terminal: &mut Terminal) -> Result<Result<(), Fatal>, StartError> {
        let mut stdin = Prompted::stdin().map_err(StartError::Stdin)?;
        let banner = self.banner(None, terminal);
        Ok(banner.and_then(|()| self.run_lines(&mut stdin, "<stdin>", terminal)))
    }

    fn run_on_terminal(
        &mut self,
        settings: &Settings,
        terminal: &mut Terminal,
    ) -> Result<Result<(), Fatal>, StartError> {
        let history = settings.history.as_deref();
        let options = editor::Options {
            surface: self.surface,
            history,
            save_history: settings.save_history,
            columns: settings.columns,
            colour: terminal.colour(),
            edit_mode: settings.edit_mode,
            text_editor: settings.text_editor.clone(),
        };
        let mut editor = Editor::open(options).map_err(StartError::Editor)?;
        editor.complete_with(self.completer());
        let banner = self.banner(history.filter(|_| settings.save_history), terminal);
        let outcome = banner.and_then(|()| self.run_lines(&mut editor, "<stdin>", terminal));
        if let Err(error) = editor.close()
            && settings.has_history_directory
        {
            terminal.note(&format!("The history could not be saved: {}\n", python::strerror(&error)));
        }
        Ok(outcome)
    }

    fn banner(&self, history: Option<&Path>, terminal: &mut Terminal) -> Result<(), Fatal> {
        if let Some(path) = history {
            terminal.say(&format!(
                "\nATTENTION: All commands will be saved to history file: {}\n\
                 This may include sensitive information such as passwords.\n\
                 To disable history, use --disable-history or set 'disabled = true' in the [history] section of \
                 cqlshrc.\n\
                 See https://cassandra.apache.org/doc/latest/tools/cqlsh.html for more information.\n",
                path.display()
            ))?;
        }
        self.show_host(terminal)?;
        self.show_version(terminal)?;
        Ok(terminal.say("Use HELP for help.")?)
    }
}

fn find_password(password: Password) -> Result<Secret, StartError> {
    let from_stdin = password == Password::FirstLine;
    let line = match password {
        Password::Given(password) => return Ok(password),
        Password::Asked => password::ask(None),
        Password::FirstLine => password::first_of_stdin(),
    };
    match line.map_err(StartError::Password)? {
        Line::Text(text) if !(from_stdin && text.is_empty()) => Ok(Secret::new(text)),
        Line::Text(_) | Line::End if from_stdin => Err(StartError::NoPassword),
        _ => Err(StartError::Aborted),
    }
}

fn connect_options(settings: &Settings, terminal: &mut Terminal) -> Result<ConnectOptions, StartError> {
    let credentials = match settings.login.clone() {
        None => None,
        Some(Login { user, password }) => Some(Credentials { user, password: find_password(password)? }),
    };
    Ok(ConnectOptions {
        host: settings.host.clone(),
        port: settings.port,
        credentials,
        tls: tls::prepare(settings, terminal)?,
        compression: settings.compression,
        keyspace: settings.keyspace.clone(),
        connect_timeout: settings.connect_timeout,
        request_timeout: settings.request_timeout,
        cql_version: settings.cql_version.clone(),
        protocol_version: settings.protocol_version,
    })
}

/// What `--debug` says on stderr at the start.
fn report_settings(settings: &Settings, terminal: &mut Terminal) {
    terminal.note(&format!(
        "Using CQL driver: scylla\nUsing connect timeout: {} seconds\nUsing '{}' encoding\nUsing ssl: {}\n",
        settings.connect_timeout.as_secs(),
        settings.encoding,
        if settings.tls.is_some() { "True" } else { "False" }
    ));
}

/// The exit status, and the last words.
fn conclude(outcome: Result<(), Fatal>, surface: Surface, terminal: &mut Terminal) -> ExitStatus {
    terminal.set_place(None);
    let flushed = terminal.flush().map_err(Fatal::Output);
    match outcome.and(flushed) {
        Ok(()) if terminal.has_failed() && !surface.has_prompts() => ExitStatus::Failure,
        Ok(()) => ExitStatus::Success,
        Err(Fatal::Interrupted(_)) => ExitStatus::Interrupted,
        // Whoever read our output has seen enough.
        Err(Fatal::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitStatus::StartFailure,
        Err(error) => {
            terminal.error(&error.to_string());
            ExitStatus::StartFailure
        }
    }
}
