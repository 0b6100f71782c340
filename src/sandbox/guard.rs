//! The guard: our own program, run again, that starts one node and outlives whoever asked for it.
//!
//! It runs in a process group of its own, so that Ctrl-C at a prompt reaches neither it nor the JVM. Its stdin is a
//! pipe that nobody else holds: when the pipe closes, however the other end died, it ends the JVM and removes the data.
//! The JVM is its child and, on Linux, tied to it: the kernel ends the JVM if the guard is killed.
//!
//! What is said: one line on stdout when the directory is made ([`READY`], else the error), then the command is read
//! from stdin, each argument closed by a NUL and an empty one at the end; a line more when the node ended by itself.
//! Another command kills the node and runs in its place, in the same directory. It knows nothing of Cassandra.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File};
use std::io::{self, BufRead, PipeReader, Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::process::{CommandExt, parent_id};
use std::path::Path;
use std::process::{self, Child, Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::thread;

use tokio::signal::unix::{SignalKind, signal};

/// The first argument of a guard; nobody types it.
const ARGUMENT: &str = "--sandbox-guard";
const WATCH: &str = "watch";
const TIED: &str = "tied";

/// What the guard says once its directory is there.
pub(super) const READY: &str = "ready";

/// The file in the guard's directory that takes what the JVM prints.
pub(super) const OUTPUT: &str = "output.log";

/// Does a guard's whole work if these are a guard's arguments (the program's name first), and says whether they were.
///
/// `main` calls it before anything else and ends when it was true: the node and its data are gone by then.
pub fn guard(arguments: impl IntoIterator<Item = OsString>) -> bool {
    let arguments: Vec<OsString> = arguments.into_iter().skip(1).collect();
    match arguments.as_slice() {
        [first, mode, directory] if first == ARGUMENT && mode == WATCH => watch(Path::new(directory)),
        [first, mode, parent, command @ ..] if first == ARGUMENT && mode == TIED => become_tied(parent, command),
        _ => return false,
    }
    true
}

/// The command that runs `program` as a guard of `directory`, which must not exist yet.
pub(super) fn command(program: &Path, directory: &Path) -> Command {
    let mut command = Command::new(program);
    command.args([OsStr::new(ARGUMENT), OsStr::new(WATCH), directory.as_os_str()]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.current_dir("/").process_group(0);
    command
}

/// Tells a guard what to run.
pub(super) fn send_command(pipe: &mut impl Write, command: &[OsString]) -> io::Result<()> {
    for argument in command {
        pipe.write_all(argument.as_bytes())?;
        pipe.write_all(&[0])?;
    }
    pipe.write_all(&[0])?;
    pipe.flush()
}

/// Reads what [`send_command`] wrote; `None` when the pipe closes before the end.
fn read_command(pipe: &mut impl BufRead) -> Option<Vec<OsString>> {
    let mut command = Vec::new();
    loop {
        let mut argument = Vec::new();
        pipe.read_until(0, &mut argument).ok()?;
        if argument.pop()? != 0 {
            return None;
        }
        if argument.is_empty() {
            return Some(command);
        }
        command.push(OsString::from_vec(argument));
    }
}

fn watch(directory: &Path) {
    outlive_signals();
    if let Err(error) = DirBuilder::new().mode(0o700).create(directory) {
        return say(&format!("{}: {error}", directory.display()));
    }
    say(READY);
    if let Err(error) = run(directory) {
        say(&error.to_string());
        wait_for_end_of_input();
    }
    let _ = fs::remove_dir_all(directory);
}

/// Catches what ends a whole session or service at once: the other end of the pipe ends by it, and then the guard has
/// its work to do. Where they cannot be caught, the guard does without.
fn outlive_signals() {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
    let _entered = runtime.enter();
    for kind in [SignalKind::hangup(), SignalKind::interrupt(), SignalKind::quit(), SignalKind::terminate()] {
        // The handler stays for the life of the process.
        let _ = signal(kind);
    }
}

enum Event {
    Command(Vec<OsString>),
    /// The node of the command with this number, from 1.
    NodeEnded(usize),
    PipeClosed,
}

/// Runs what it is told to until that ends by itself or the pipe closes; in the end the pipe is closed and the node is
/// gone.
fn run(directory: &Path) -> io::Result<()> {
    let (events, happened) = mpsc::channel();
    thread::spawn({
        let events = events.clone();
        move || {
            while let Some(command) = read_command(&mut io::stdin().lock()) {
                let _ = events.send(Event::Command(command));
            }
            wait_for_end_of_input();
            let _ = events.send(Event::PipeClosed);
        }
    });
    let mut node: Option<Child> = None;
    let mut number = 0;
    loop {
        let event = happened.recv();
        if let (Some(node), Ok(Event::Command(_) | Event::PipeClosed)) = (&mut node, &event) {
            let _ = node.kill();
            let _ = node.wait();
        }
        match event {
            Ok(Event::Command(command)) => {
                number += 1;
                node = Some(start(&command, directory, number, events.clone())?);
            }
            Ok(Event::NodeEnded(ended)) if ended == number => {
                // Its logs are kept until whoever asked for the node has read them.
                say("the node ended");
            }
            Ok(Event::NodeEnded(_)) => {}
            Ok(Event::PipeClosed) | Err(_) => return Ok(()),
        }
    }
}

/// Starts a node; what it prints is kept beside what the ones before it printed.
fn start(command: &[OsString], directory: &Path, number: usize, events: Sender<Event>) -> io::Result<Child> {
    let output = File::options().create(true).append(true).open(directory.join(OUTPUT))?;
    let (reader, writer) = io::pipe()?;
    let node = tied(command)?
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer)
        .spawn()?;
    thread::spawn(move || {
        record(reader, output);
        let _ = events.send(Event::NodeEnded(number));
    });
    Ok(node)
}

/// Keeps what the node prints, and goes on reading when it cannot be kept: a full disk must not block the node.
/// Returns when the node, the only writer, is gone.
fn record(mut reader: PipeReader, mut output: File) {
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = reader.read(&mut buffer) {
        let _ = output.write_all(&buffer[..length]);
    }
}

fn wait_for_end_of_input() {
    let _ = io::copy(&mut io::stdin(), &mut io::sink());
}

/// The guard's stdout is the other half of the conversation, not a terminal's.
fn say(line: &str) {
    let mut stdout = io::stdout();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}

/// The command that runs `command` so that it dies with this process.
fn tied(command: &[OsString]) -> io::Result<Command> {
    let mut tied = Command::new(std::env::current_exe()?);
    tied.args([ARGUMENT, TIED, &process::id().to_string()]).args(command);
    Ok(tied)
}

/// Ties this process to its parent and becomes `command`; returns only when that fails.
fn become_tied(parent: &OsStr, command: &[OsString]) {
    let [program, arguments @ ..] = command else { return };
    // The signal comes when the parent's thread ends that started us: that is its main thread.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
    if parent != OsStr::new(&parent_id().to_string()) {
        return;
    }
    let error = Command::new(program).args(arguments).exec();
    let _ = writeln!(io::stderr(), "{}: {error}", program.display());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_arrives_as_it_was_sent() {
        let command = ["java", "-cp", "conf:/a b/*", "\u{e9}\n"].map(OsString::from);
        let mut sent = Vec::new();
        send_command(&mut sent, &command).unwrap();
        assert_eq!(read_command(&mut sent.as_slice()), Some(command.to_vec()));
    }

    #[test]
    fn a_command_that_is_cut_short_anywhere_is_none() {
        let mut sent = Vec::new();
        send_command(&mut sent, &["java", "-version"].map(OsString::from)).unwrap();
        for length in 0..sent.len() {
            assert_eq!(read_command(&mut &sent[..length]), None, "{length} bytes");
        }
    }

    #[test]
    fn arguments_of_an_ordinary_run_are_not_a_guards() {
        for arguments in [&["cqlsh"][..], &["cqlsh", "--sandbox"], &["cqlsh", "-e", "--sandbox-guard"], &[]] {
            assert!(!guard(arguments.iter().map(OsString::from)), "{arguments:?}");
        }
    }
}
