//! What surrounds the program, read once.

use std::env;
use std::io::{self, IsTerminal};
use std::os::fd::AsFd;
use std::path::PathBuf;

use super::handover;
use crate::cql::secret::Secret;
use crate::sandbox::Places;

/// The environment variables and the state of the standard streams that settings depend on.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `CQLSH_HOST`.
    pub host: Option<String>,
    /// `CQLSH_PORT`.
    pub port: Option<String>,
    /// `CQLSH_PASSWORD`, when not empty.
    pub password: Option<Secret>,
    /// The password among the arguments, where stars stand for it there.
    pub password_argument: Option<Secret>,
    /// `CQLSH_DEFAULT_TIMESTAMP_FORMAT`, when not empty.
    pub timestamp_format: Option<String>,
    /// `CQLSH_PROMPT`, when not empty.
    pub prompt: Option<String>,
    /// `CQLSH_EDITOR`, when not empty.
    pub editor: Option<String>,
    /// `PAGER`, when not empty.
    pub pager: Option<String>,
    /// `SHELL`, when not empty.
    pub shell: Option<String>,
    /// `COLUMNS`, when it is a number above 0.
    pub columns: Option<usize>,
    /// `VISUAL`, or else `EDITOR`, when not empty.
    pub text_editor: Option<String>,
    /// Whether `NO_COLOR` is set and not empty.
    pub no_colour: bool,
    /// `CQL_HISTORY`.
    pub history: Option<PathBuf>,
    /// `TZ`.
    pub time_zone: Option<String>,
    /// `SSL_CERTFILE`.
    pub ssl_certfile: Option<String>,
    /// `SSL_VALIDATE`.
    pub ssl_validate: Option<String>,
    /// `SSL_VERSION`.
    pub ssl_version: Option<String>,
    /// `BROWSER`.
    pub browser: Option<String>,
    /// Whether `DISPLAY` or `WAYLAND_DISPLAY` names a display.
    pub has_display: bool,
    /// `TERM`.
    pub term: Option<String>,
    /// Where Java, Maven, jars and temporary files are, for a sandbox.
    pub places: Places,
    /// This program's own file, which a sandbox runs again as its guard.
    pub program: Option<PathBuf>,
    /// The user's number, 0 for root.
    pub user: u32,
    /// The user's home directory.
    pub home: Option<PathBuf>,
    /// Whether standard input is a terminal.
    pub stdin_is_terminal: bool,
    /// Whether standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Whether standard output is a terminal that has a size.
    pub stdout_has_size: bool,
    /// Whether standard error is a terminal that has a size.
    pub stderr_has_size: bool,
    /// Processors this process may use.
    pub processors: usize,
    /// What tests of COPY set.
    pub copy_tests: CopyTests,
}

/// The variables by which test suites of Apache cqlsh steer COPY, as they stand.
#[derive(Debug, Clone, Default)]
pub struct CopyTests {
    /// `CQLSH_COPY_TEST_NUM_CORES`, when not empty: instead of the number of processors.
    pub cores: Option<String>,
    /// `CQLSH_COPY_TEST_FAILURES`, when not empty: failures to make, as JSON.
    pub failures: Option<String>,
}

impl Environment {
    /// Reads the process's environment. Values that are not Unicode count as not set, except paths.
    pub fn read() -> Self {
        let text = |name: &str| env::var(name).ok();
        let not_empty = |name: &str| text(name).filter(|value| !value.is_empty());
        Self {
            host: text("CQLSH_HOST"),
            port: text("CQLSH_PORT"),
            password: not_empty("CQLSH_PASSWORD").map(Secret::new),
            password_argument: handover::received(),
            timestamp_format: not_empty("CQLSH_DEFAULT_TIMESTAMP_FORMAT"),
            prompt: not_empty("CQLSH_PROMPT"),
            editor: not_empty("CQLSH_EDITOR"),
            pager: not_empty("PAGER"),
            shell: not_empty("SHELL"),
            columns: text("COLUMNS").and_then(|columns| columns.parse().ok()).filter(|columns| *columns > 0),
            text_editor: not_empty("VISUAL").or_else(|| not_empty("EDITOR")),
            no_colour: not_empty("NO_COLOR").is_some(),
            history: env::var_os("CQL_HISTORY").map(PathBuf::from),
            time_zone: text("TZ"),
            ssl_certfile: text("SSL_CERTFILE"),
            ssl_validate: text("SSL_VALIDATE"),
            ssl_version: text("SSL_VERSION"),
            browser: text("BROWSER"),
            has_display: not_empty("DISPLAY").or_else(|| not_empty("WAYLAND_DISPLAY")).is_some(),
            term: text("TERM"),
            places: Places::new(|name| env::var_os(name), dirs::cache_dir()),
            program: env::current_exe().ok(),
            user: rustix::process::getuid().as_raw(),
            // cqlsh: an empty HOME is the root of all files.
            home: match env::var_os("HOME") {
                Some(home) if home.is_empty() => Some(PathBuf::from("/")),
                _ => dirs::home_dir(),
            },
            stdin_is_terminal: io::stdin().is_terminal(),
            stdout_is_terminal: io::stdout().is_terminal(),
            stdout_has_size: has_size(io::stdout()),
            stderr_has_size: has_size(io::stderr()),
            processors: std::thread::available_parallelism().map_or(1, usize::from),
            copy_tests: CopyTests {
                cores: not_empty("CQLSH_COPY_TEST_NUM_CORES"),
                failures: not_empty("CQLSH_COPY_TEST_FAILURES"),
            },
        }
    }
}

fn has_size(stream: impl AsFd) -> bool {
    rustix::termios::tcgetwinsize(stream).is_ok_and(|size| size.ws_col > 0)
}
