//! `--wait`: a server that comes up in front of the shell's eyes.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, ChildStderr};

use super::{ANSWER, QUERY};
use crate::support::cqlsh::Cqlsh;
use crate::support::node;
use crate::support::relay::Relay;

/// A run that is waiting, and what it says meanwhile.
struct Waiting {
    run: Cqlsh,
    process: Child,
    told: BufReader<ChildStderr>,
}

impl Waiting {
    fn start(mut run: Cqlsh) -> Self {
        let mut process = run.spawn();
        let told = BufReader::new(process.stderr.take().unwrap());
        Self { run, process, told }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.told.read_line(&mut line).unwrap();
        line
    }

    /// How it ends, with the rest of what it says.
    fn end(mut self) -> (i32, String, String) {
        let mut rest = String::new();
        self.told.read_to_string(&mut rest).unwrap();
        let ran = self.run.ran(self.process.wait_with_output().unwrap());
        (ran.code(), ran.stdout, rest)
    }
}

#[test]
fn every_state_of_a_server_that_starts_is_told_once() {
    let node = node::plain();
    // An address that nothing else in the tests listens at.
    let address = TcpListener::bind("127.98.0.1:0").unwrap().local_addr().unwrap();
    let port = address.port().to_string();
    let mut waiting = Waiting::start(Cqlsh::new(["127.98.0.1", &port, "--wait=100", "-e", QUERY]));
    assert_eq!(waiting.line(), format!("Waiting for {address}: nobody listens there.\n"));
    let relay = Relay::at(TcpListener::bind(address).unwrap(), &node.host(), node.port());
    relay.cut();
    assert_eq!(waiting.line(), format!("Waiting for {address}: it does not answer.\n"));
    relay.mend();
    assert_eq!(waiting.line(), format!("{address} answers.\n"));
    assert_eq!(waiting.end(), (0, ANSWER.to_owned(), String::new()));
}

#[test]
fn a_role_that_is_not_there_yet_is_waited_for() {
    let node = node::authenticated();
    let (host, port) = (node.host(), node.port().to_string());
    let login = ["-u", "latecomer", "-p", "late", "--insecure-password-without-warning"];
    let arguments = [&[&host, &port, "--wait", "-e", QUERY], &login[..]].concat();
    let mut waiting = Waiting::start(Cqlsh::new(arguments));
    assert_eq!(waiting.line(), format!("Waiting for {host}:{port}: it does not let this user in.\n"));
    node.cqlsh(&["-e", "CREATE ROLE latecomer WITH PASSWORD = 'late' AND LOGIN = true"]).run();
    assert_eq!(waiting.line(), format!("{host}:{port} answers.\n"));
    assert_eq!(waiting.end(), (0, ANSWER.to_owned(), String::new()));
    node.cqlsh(&["-e", "DROP ROLE latecomer"]).run();
}

#[test]
fn a_server_that_does_not_come_is_told_when_the_time_is_over() {
    let ran = Cqlsh::new(["no.such.host.invalid", "--wait=1", "-e", QUERY]).run();
    let expected = "Waiting for no.such.host.invalid:9042: the host's name is not known.\nConnection error: the host \
                    'no.such.host.invalid' cannot be found: Name or service not known\n";
    ran.failed(1, expected);
}

#[test]
fn what_no_waiting_changes_is_told_at_once() {
    let ran = node::plain().cqlsh(&["--wait", "-k", "nosuch", "-e", QUERY]).run();
    assert_eq!(ran.code(), 1, "{ran:?}");
    assert!(ran.stderr.starts_with("Connection error: ") && ran.stderr.contains("using keyspace 'nosuch'"), "{ran:?}");
    let ran = Cqlsh::new([&node::authenticated().host(), "--wait", "-e", QUERY]).run();
    assert!(ran.stderr.contains("Remote end requires authentication"), "{ran:?}");
    assert_eq!((ran.code(), ran.stderr.matches('\n').count()), (1, 1), "{ran:?}");
}
