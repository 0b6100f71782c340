//! Coming in on a terminal, and a server that goes away. Everything a pipe can show is in the corpus of `parity`.

mod addresses;
mod compression;
mod garbage;
mod wait;

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use cqlsh::sandbox::{SUPERUSER, Version};

use crate::support::cqlsh::{Cqlsh, PROGRAM};
use crate::support::node;
use crate::support::pty::Terminal;
use crate::support::relay::Relay;

#[test]
fn a_user_without_a_password_is_asked_for_it_and_it_is_not_shown() {
    let node = node::authenticated();
    let (host, home) = (node.host(), tempfile::tempdir().unwrap());
    let home = home.path().to_str().unwrap();
    let arguments = [&host, "-u", "cassandra", "-e", "SELECT key FROM system.local"];
    let mut terminal =
        Terminal::start(PROGRAM, &arguments, &[("HOME", home), ("TERM", "xterm"), ("LANG", "C.UTF-8")], home);
    terminal.expect("Password: ");
    terminal.send("cassandra\n");
    let (seen, status) = terminal.end();
    assert!(!seen.contains("cassandra"), "{seen:?}");
    assert!(seen.ends_with(" key\r\n-------\r\n local\r\n\r\n(1 rows)\r\n"), "{seen:?}");
    assert_eq!(status, 0);
}

const QUERY: &str = "SELECT key FROM system.local";
const ANSWER: &str = "\n key\n-------\n local\n\n(1 rows)\n";

/// cqlsh for the superuser of the shared node, whose password is to come some other way than `-p`.
fn without_password(arguments: &[&str]) -> Cqlsh {
    let node = node::authenticated();
    Cqlsh::new([&node.host(), &node.port().to_string(), "-u", SUPERUSER.0].into_iter().chain(arguments.iter().copied()))
}

#[test]
fn a_password_comes_from_the_environment_a_file_or_standard_input() {
    let query = ["-e", QUERY];
    without_password(&query).env("CQLSH_PASSWORD", SUPERUSER.1).run().printed(ANSWER);

    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("password");
    fs::write(&file, format!("{}\n", SUPERUSER.1)).unwrap();
    let of_file = || without_password(&query).arg("--password-file").arg(&file).env("CQLSH_PASSWORD", "another").run();
    fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    of_file().printed(ANSWER);
    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    let ran = of_file();
    assert_eq!((ran.code(), ran.stdout.as_str()), (0, ANSWER), "{ran:?}");
    assert!(ran.stderr.starts_with("\nWarning: Password is found in an insecure file, '"), "{ran:?}");

    let of_stdin =
        |input: &str, more: &[&str]| without_password(&[&["--password-file", "-"], more].concat()).stdin(input).run();
    of_stdin(&format!("{}\r\n", SUPERUSER.1), &query).printed(ANSWER);
    // What follows the password is the script, and its lines count from there.
    let ran = of_stdin(&format!("{}\n{QUERY};\nSELECT nothing FROM system.local;\n", SUPERUSER.1), &[]);
    assert_eq!((ran.code(), ran.stdout.as_str()), (2, ANSWER), "{ran:?}");
    assert!(ran.stderr.starts_with("<stdin>:3:InvalidRequest: "), "{ran:?}");
    for nothing in ["", "\n"] {
        of_stdin(nothing, &query).failed(1, "Standard input has no password in its first line.\n");
    }
    let missing = without_password(&query).arg("--password-file").arg("nosuch").run();
    missing.failed(1, "Cannot read 'nosuch': No such file or directory.\n");
}

#[test]
#[cfg(target_os = "linux")]
fn a_password_of_an_argument_is_not_in_the_list_of_processes() {
    let node = node::authenticated();
    let (user, password) = ("lister", "not for the list");
    let role = format!("CREATE ROLE IF NOT EXISTS {user} WITH PASSWORD = '{password}' AND LOGIN = true");
    node.cqlsh(&["-e", &role]).run();
    let mut run = Cqlsh::new([&node.host(), "-u", user, "-p", password, "--debug"]);
    let mut process = run.spawn();
    let mut stdin = process.stdin.take().unwrap();
    let mut stdout = BufReader::new(process.stdout.take().unwrap());
    stdin.write_all(b"SHOW HOST\n").unwrap();
    stdout.read_line(&mut String::new()).unwrap();
    let seen = fs::read(format!("/proc/{}/cmdline", process.id())).unwrap();
    let arguments = [PROGRAM, &node.host(), "-u", user, "-p", "***", "--debug", ""].join("\0");
    assert_eq!(String::from_utf8(seen).unwrap(), arguments);
    assert_eq!(fs::read_to_string(format!("/proc/{}/comm", process.id())).unwrap(), "cqlsh\n");
    drop(stdin);
    let output = process.wait_with_output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("Using a password on the command line interface can be insecure."), "{errors:?}");
    assert!(errors.contains("Using ssl: False") && !errors.contains(password), "{errors:?}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_role_whose_name_needs_quotes_can_log_in() {
    let node = node::authenticated();
    node.cqlsh(&["-e", "CREATE ROLE \"Shop-App's\" WITH PASSWORD = 'it''s' AND LOGIN = true"]).run();
    let own = "LOGIN 'Shop-App''s' 'it''s';\nLIST ROLES OF \"Shop-App's\" NORECURSIVE;\nCREATE ROLE another;\n";
    let ran = node.cqlsh(&["--insecure-password-without-warning"]).stdin(own).run();
    assert!(ran.stdout.contains("\n Shop-App's | "), "{ran:?}");
    assert!(ran.stderr.contains("User Shop-App's does not have sufficient privileges to perform"), "{ran:?}");
    node.cqlsh(&["-e", "DROP ROLE \"Shop-App's\""]).run();
}

// As Apache cqlsh 6.2.2 does, but for a Python warning on stderr.
#[test]
fn without_a_terminal_login_takes_the_next_line_of_standard_input_for_the_password() {
    let node = node::authenticated();
    let script = "LOGIN cassandra\ncassandra\nSELECT key FROM system.local;\nSELECT nothing FROM system.local;\n";
    let mut run = Command::new("setsid");
    run.args([
        "-w",
        PROGRAM,
        &node.host(),
        "-u",
        "cassandra",
        "-p",
        "cassandra",
        "--insecure-password-without-warning",
    ]);
    let home = tempfile::tempdir().unwrap();
    run.env("HOME", home.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = run.spawn().unwrap();
    process.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "\n key\n-------\n local\n\n(1 rows)\n");
    let errors = String::from_utf8(output.stderr).unwrap();
    let expected = "Warning: Password input may be echoed.\nPassword: \n<stdin>:4:InvalidRequest: Error from server: ";
    assert!(errors.starts_with(expected), "{errors:?}");
}

#[test]
fn a_server_that_accepts_and_says_nothing_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let ran = Cqlsh::new(["127.0.0.1", &port, "--connect-timeout", "1", "-e", "SELECT 1"]).run();
    assert_eq!(ran.code(), 1, "{ran:?}");
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.starts_with("Connection error: ('Unable to connect to any servers', {'127.0.0.1:"), "{ran:?}");
    assert_eq!(ran.stderr.matches('\n').count(), 1, "{ran:?}");
}

#[test]
fn a_server_that_speaks_something_else_is_told_in_one_line() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    // The thread ends with its listener's last connection; nothing waits for it.
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = (&stream).write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let ran = Cqlsh::new(["127.0.0.1", &port, "--connect-timeout", "2", "-e", "SELECT 1"]).run();
    assert_eq!((ran.code(), ran.stdout.as_str()), (1, ""), "{ran:?}");
    assert!(ran.stderr.starts_with("Connection error: "), "{ran:?}");
    assert_eq!(ran.stderr.matches('\n').count(), 1, "{ran:?}");
}

#[test]
fn a_request_that_takes_too_long_leaves_the_connection_usable() {
    let node = node::plain();
    let relay = Relay::to(&node.host(), node.port());
    let mut run = Cqlsh::new(["127.0.0.1", &relay.port().to_string(), "--request-timeout", "2"]);
    let mut process = run.spawn();
    let mut stdin = process.stdin.take().unwrap();
    relay.hold_when_asked("'held back'");
    stdin.write_all(b"SELECT cluster_name FROM system.local WHERE key = 'held back';\n").unwrap();
    let mut told = BufReader::new(process.stderr.take().unwrap());
    let mut line = String::new();
    told.read_line(&mut line).unwrap();
    assert!(line.starts_with("<stdin>:2:OperationTimedOut: errors={'127.0.0.1:"), "{line:?}");
    // The answer comes late, and is nobody's any more.
    relay.release();
    stdin.write_all(format!("{QUERY};\n").as_bytes()).unwrap();
    drop(stdin);
    let output = process.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), ANSWER);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_time_limit_that_is_given_counts_for_changes_of_the_schema_too() {
    let node = node::plain();
    let relay = Relay::to(&node.host(), node.port());
    relay.hold_when_asked("held_back");
    let statement = "DROP TABLE IF EXISTS system.held_back";
    let ran = Cqlsh::new(["127.0.0.1", &relay.port().to_string(), "--request-timeout", "1", "-e", statement]).run();
    assert!(ran.stderr.starts_with("<stdin>:1:OperationTimedOut: errors={'127.0.0.1:"), "{ran:?}");
    assert_eq!(ran.code(), 2);
}

#[test]
fn a_server_that_goes_away_fails_the_statement_and_not_the_program() {
    let own = node::own(&node::builder(Version::V5_0));
    let mut run = own.node.cqlsh(&["--request-timeout", "5"]);
    let mut process = run.spawn();
    let mut stdin = process.stdin.take().unwrap();
    let mut stdout = BufReader::new(process.stdout.take().unwrap());
    stdin.write_all(b"CONSISTENCY\n").unwrap();
    stdout.read_line(&mut String::new()).unwrap();
    drop(own);
    stdin.write_all(b"SELECT key FROM system.local;\nCONSISTENCY\n").unwrap();
    drop(stdin);
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "Current consistency level is ONE.\n");
    let mut errors = String::new();
    BufReader::new(process.stderr.take().unwrap()).read_line(&mut errors).unwrap();
    assert!(errors.starts_with("<stdin>:3:NoHostAvailable: ("), "{errors:?}");
    assert_eq!(process.wait().unwrap().code(), Some(2));
}

#[test]
fn a_script_goes_on_when_the_server_is_there_again() {
    let node = node::plain();
    goes_on(&Relay::to(&node.host(), node.port()), "127.0.0.1");
}

/// Fails unless a script lives through the loss of its only connection, which leads through the relay at that host.
fn goes_on(relay: &Relay, host: &str) {
    let mut process = Cqlsh::new([host, &relay.port().to_string()]).spawn();
    let mut stdin = process.stdin.take().unwrap();
    let mut stdout = BufReader::new(process.stdout.take().unwrap());
    // Whether there is a row before the answer of a command that asks nobody.
    let mut ask = || {
        stdin.write_all(format!("{QUERY};\nCONSISTENCY\n").as_bytes()).unwrap();
        let mut printed = String::new();
        while !printed.ends_with("Current consistency level is ONE.\n") {
            assert!(stdout.read_line(&mut printed).unwrap() > 0, "it ended after {printed:?}");
        }
        printed.contains("(1 rows)")
    };
    assert!(ask());
    relay.cut();
    assert!(!ask());
    relay.mend();
    while !ask() {
        thread::sleep(Duration::from_millis(100));
    }
    drop(stdin);
    let output = process.wait_with_output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.starts_with("<stdin>:4:NoHostAvailable: ('Unable to complete the operation"), "{errors:?}");
    assert_eq!(output.status.code(), Some(2));
}
