//! Running the real binary in an environment that is the same on every machine.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread;

/// The binary under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_cqlsh");

/// One run to be: arguments, stdin, directory, environment.
///
/// HOME is an empty directory of its own, which is also the working directory unless another is given; the language
/// is C.UTF-8; of the surrounding environment only PATH is passed on, and where Java and the jars are.
#[derive(Debug)]
pub struct Cqlsh {
    command: Command,
    stdin: Vec<u8>,
    home: tempfile::TempDir,
}

/// How a run ended.
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    pub status: ExitStatus,
    command: String,
}

impl Cqlsh {
    pub fn new<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Self {
        Self::of(PROGRAM, arguments)
    }

    /// Another program in the same environment.
    pub fn of<A: AsRef<OsStr>>(program: &str, arguments: impl IntoIterator<Item = A>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = Command::new(program);
        command.args(arguments).current_dir(home.path()).env_clear();
        command.env("HOME", home.path()).env("LANG", "C.UTF-8");
        for name in ["PATH", "JAVA_HOME", "CASSANDRA_HOME"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if let Some(cache) = dirs::cache_dir() {
            command.env("XDG_CACHE_HOME", cache);
        }
        Self { command, stdin: Vec::new(), home }
    }

    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = text.into();
        self
    }

    pub fn cwd(mut self, directory: impl AsRef<Path>) -> Self {
        self.command.current_dir(directory);
        self
    }

    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.command.env(name, value.into());
        self
    }

    pub fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Its home directory, for files that the run is to find there.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Runs it to its end.
    pub fn run(mut self) -> Ran {
        let mut child = self.spawn();
        let mut pipe = child.stdin.take().unwrap();
        let stdin = std::mem::take(&mut self.stdin);
        // A program may end without reading it all.
        let writer = thread::spawn(move || {
            let _ = pipe.write_all(&stdin);
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        self.ran(output)
    }

    /// How it ended that was started with [`Cqlsh::spawn`].
    pub fn ran(&self, output: Output) -> Ran {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap_or_else(|error| panic!("not UTF-8: {error:?}"));
        Ran {
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            status: output.status,
            command: format!("{:?}", self.command.get_args().collect::<Vec<_>>()),
        }
    }

    /// Starts it with all three streams in pipes; what was given as stdin is not written.
    pub fn spawn(&mut self) -> Child {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }
}

impl Ran {
    /// The exit status; a run that was ended by a signal has none and fails the test.
    pub fn code(&self) -> i32 {
        self.status.code().unwrap_or_else(|| panic!("ended by a signal\n{self:?}"))
    }

    /// Fails unless it printed exactly that on stdout, nothing on stderr, and ended with 0.
    #[track_caller]
    pub fn printed(&self, stdout: &str) -> &Self {
        assert!(self.stdout == stdout && self.stderr.is_empty() && self.code() == 0, "expected {stdout:?}\n{self:?}");
        self
    }

    /// Fails unless it ended well and said nothing on stderr.
    #[track_caller]
    pub fn succeeded(&self) -> &Self {
        assert!(self.code() == 0 && self.stderr.is_empty(), "expected success\n{self:?}");
        self
    }

    /// Fails unless it ended with that status and wrote exactly that to stderr.
    #[track_caller]
    pub fn failed(&self, code: i32, stderr: &str) -> &Self {
        assert!(self.code() == code && self.stderr == stderr, "expected status {code} and {stderr:?}\n{self:?}");
        self
    }
}

impl fmt::Debug for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "cqlsh {}\nended with {}\n--- stdout\n{}\n--- stderr\n{}\n---",
            self.command, self.status, self.stdout, self.stderr
        )
    }
}
