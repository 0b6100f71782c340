//! Ctrl-C while something runs, and the ends that are no leave-taking: signals, a closed window, a panic.

use std::fs;
use std::io::{BufRead, BufReader, Write};

use cqlsh::terminal::mode;
use rustix::process::{Pid, Signal, kill_process};

use super::{CTRL_C, CTRL_D, Keyspace, Person, history};
use crate::support::cqlsh::{Cqlsh, PROGRAM};
use crate::support::node;
use crate::support::pty::Terminal;
use crate::support::relay::Relay;

/// A result of many megabytes whatever the node holds.
fn endless() -> String {
    format!("SELECT (text)'{}' AS wide FROM system_schema.columns;", "x".repeat(10_000))
}

fn send_signal(process: i32, signal: Signal) {
    kill_process(Pid::from_raw(process).unwrap(), signal).unwrap();
}

#[test]
fn ctrl_c_ends_a_statement_that_waits_and_keeps_the_shell() {
    let node = node::plain();
    let relay = Relay::to(&node.host(), node.port());
    let mut person = Person::starts(&["--no-color", "127.0.0.1", &relay.port().to_string()], &[]);
    person.terminal.expect("cqlsh> ");
    person.types("USE system;\r", "USE system;\r\ncqlsh:system> ");
    let set = "CONSISTENCY QUORUM";
    person.types(&format!("{set}\r"), &format!("{set}\r\nConsistency level set to QUORUM.\r\ncqlsh:system> "));
    relay.hold();
    let statement = "SELECT bootstrapped FROM local; PAGING";
    person.types(&format!("{statement}\r"), &format!("{statement}\r\n"));
    relay.wait_for("SELECT bootstrapped");
    person.types(CTRL_C, "^C\r\ncqlsh:system> ");
    relay.release();
    person.types("CONSISTENCY\r", "CONSISTENCY\r\nCurrent consistency level is QUORUM.\r\ncqlsh:system> ");
    let shown = "\r\n\r\n key\r\n-------\r\n local\r\n\r\n(1 rows)\r\ncqlsh:system> ";
    person.types("SELECT key FROM local;\r", &format!("SELECT key FROM local;{shown}"));
    person.leaves();
}

#[test]
fn ctrl_c_ends_a_result_that_is_being_printed() {
    let mut person = Person::at_prompt(node::plain(), &[]);
    person.types("PAGING OFF\r", "PAGING OFF\r\nPAGING set to OFF\r\ncqlsh> ");
    // A paste, because it is echoed at once.
    person.terminal.send(format!("\x1b[200~{}\x1b[201~\r", endless()));
    person.terminal.expect("-----");
    person.terminal.send(CTRL_C);
    let shown = person.terminal.expect("^C\r\ncqlsh> ");
    assert!(!shown.contains(" rows)"), "all of it was printed");
    person.types("PAGING\r", "PAGING\r\nPAGING is OFF\r\ncqlsh> ");
    person.leaves();
}

#[test]
fn ctrl_c_drops_the_rest_of_a_paste() {
    let node = node::plain();
    let relay = Relay::to(&node.host(), node.port());
    let mut person = Person::starts(&["--no-color", "127.0.0.1", &relay.port().to_string()], &[]);
    person.terminal.expect("cqlsh> ");
    relay.hold();
    person.terminal.send("\x1b[200~SELECT dropped FROM nowhere;\rPAGING\r\x1b[201~\r");
    relay.wait_for("SELECT dropped");
    person.terminal.send(CTRL_C);
    person.terminal.expect("^C\r\ncqlsh> ");
    relay.release();
    person.types("EXPAND\r", "EXPAND\r\nEXPAND is OFF\r\ncqlsh> ");
    person.leaves();
}

#[test]
fn ctrl_c_ends_a_copy_and_keeps_the_shell() {
    let keyspace = Keyspace::new();
    let mut person = Person::at_prompt(keyspace.node, &[]);
    let copy = format!("COPY {}.t (k, s) FROM STDIN;", keyspace.name);
    person.types(&format!("{copy}\r"), &format!("{copy}\r\n"));
    person.terminal.expect("[copy] ");
    person.types("1,one\r", "1,one\r\n[copy] ");
    person.terminal.send(CTRL_C);
    person.terminal.expect("cqlsh> ");
    person.types("PAGING\r", "PAGING\r\nPAGING is ON\r\nPage size: 100\r\ncqlsh> ");
    person.leaves();
}

#[test]
fn ctrl_c_ends_an_export_that_waits_and_leaves_no_file() {
    let keyspace = Keyspace::new();
    let relay = Relay::to(&keyspace.node.host(), keyspace.node.port());
    let mut person = Person::starts(&["--no-color", "127.0.0.1", &relay.port().to_string()], &[]);
    person.terminal.expect("cqlsh> ");
    relay.hold();
    person.terminal.send(format!("COPY {}.t TO 'saved.csv';\r", keyspace.name));
    relay.wait_for(&keyspace.name);
    person.terminal.send(CTRL_C);
    person.terminal.expect("\r\ncqlsh> ");
    relay.release();
    person.types("PAGING\r", "PAGING\r\nPAGING is ON\r\nPage size: 100\r\ncqlsh> ");
    let home = person.leaves();
    let left: Vec<_> = home.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, [".cassandra"]);
}

#[test]
fn ctrl_c_ends_a_script_with_a_status_of_its_own() {
    let node = node::plain();
    let relay = Relay::to(&node.host(), node.port());
    let arguments = ["127.0.0.1".to_owned(), relay.port().to_string()];
    for waits_for_node in [false, true] {
        let mut child = Cqlsh::new(&arguments).spawn();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(b"SELECT first FROM nowhere;\n").unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        assert!(line.starts_with("<stdin>:2:InvalidRequest: "), "{line}");
        // From here on it waits for more input, or else for an answer that does not come.
        if waits_for_node {
            relay.hold();
            stdin.write_all(b"SELECT second FROM nowhere; SHOW HOST\n").unwrap();
            relay.wait_for("SELECT second");
        }
        send_signal(child.id().try_into().unwrap(), Signal::INT);
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(130));
        assert_eq!(ended.stdout, b"", "the next statement is not run");
        drop(stdin);
    }
}

/// Runs a program between two looks at the terminal's mode, which must find the same.
fn leaves_the_terminal_as_it_was(program: &str, ends: impl FnOnce(&mut Terminal, i32)) {
    let script = format!("stty -a; echo BEFORE; sh -c 'echo PID $$; exec {program}'; echo ENDED; stty -a; echo AFTER");
    let path = std::env::var("PATH").unwrap();
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().to_str().unwrap();
    let environment = [("PATH", path.as_str()), ("HOME", directory), ("TERM", "xterm")];
    let mut terminal = Terminal::start("bash", &["-c", &script], &environment, directory);
    let before = terminal.expect("BEFORE\r\n");
    terminal.expect("PID ");
    let process = terminal.expect("\r\n").parse().unwrap();
    ends(&mut terminal, process);
    terminal.expect("ENDED\r\n");
    assert_eq!(terminal.expect("AFTER\r\n"), before);
}

#[test]
fn the_terminal_is_given_back_when_the_shell_ends() {
    let node = node::plain();
    let shell = format!("{PROGRAM} --no-color {} {}", node.host(), node.port());
    for keys in [CTRL_D, "EXIT\r"] {
        leaves_the_terminal_as_it_was(&shell, |terminal, _| {
            terminal.expect("cqlsh> ");
            terminal.send(keys);
        });
    }
    for signal in [Signal::TERM, Signal::HUP] {
        leaves_the_terminal_as_it_was(&shell, |terminal, process| {
            terminal.expect("cqlsh> ");
            send_signal(process, signal);
        });
    }
}

#[test]
fn the_terminal_is_given_back_after_a_panic() {
    let child = format!("{} --ignored --exact {PANIC}", std::env::current_exe().unwrap().display());
    leaves_the_terminal_as_it_was(&child, |terminal, _| {
        terminal.expect("test result: FAILED");
    });
}

#[test]
fn the_shell_ends_with_its_window_and_the_history_stays() {
    let mut person = Person::at_prompt(node::plain(), &[]);
    person.types("PAGING OFF\r", "PAGING OFF\r\nPAGING set to OFF\r\ncqlsh> ");
    // It has to end in the middle of this, because nobody reads it.
    person.terminal.send(format!("\x1b[200~{}\x1b[201~\r", endless()));
    person.terminal.expect("-----");
    person.terminal.hang_up();
    let saved = fs::read_to_string(history(person.home.path())).unwrap();
    assert_eq!(saved, format!("PAGING OFF\n{}\n", endless()));
}

const PANIC: &str = "interactive::control::a_panic_on_a_terminal";

#[test]
#[ignore = "the child of another test: it takes the terminal and panics"]
fn a_panic_on_a_terminal() {
    mode::give_back_on_panic();
    // Only the hook is to give the terminal back.
    std::mem::forget(mode::hold().unwrap());
    panic!("as it should");
}
