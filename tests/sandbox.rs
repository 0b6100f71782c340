//! A throwaway node's life: it answers, it has an address of its own, and nothing is left of it however it ends.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use cqlsh::sandbox::{Builder, Places, SandboxError, Version};

use crate::support::cqlsh::Cqlsh;
use crate::support::node::{self, announce, builder, take_turn};

/// How long something may take that happens in a moment unless it never does.
const LONG: Duration = Duration::from_secs(60);

fn listens(host: &str) -> bool {
    let address = SocketAddr::new(host.parse().unwrap(), 9042);
    TcpStream::connect_timeout(&address, Duration::from_secs(5)).is_ok()
}

fn eventually(mut done: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    while !done() {
        if begun.elapsed() > LONG {
            return false;
        }
        thread::sleep(Duration::from_millis(50));
    }
    true
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// A builder whose nodes keep their data in `temporary`.
fn builder_in(temporary: &Path) -> Builder {
    let builder = builder(Version::V5_0);
    Builder { places: Places { temporary: temporary.to_owned(), ..builder.places.clone() }, ..builder }
}

/// The error of a start that must fail.
fn refused(builder: &Builder) -> SandboxError {
    builder.start(&mut announce).expect_err("it started")
}

#[test]
fn the_shared_nodes_listen_side_by_side() {
    let (plain, authenticated) = (node::plain(), node::authenticated());
    assert_ne!(plain.host(), authenticated.host());
    assert!(listens(&plain.host()) && listens(&authenticated.host()));
}

#[test]
fn a_sandbox_that_is_dropped_leaves_neither_node_nor_data() {
    let _turn = take_turn();
    let temporary = tempfile::tempdir().unwrap();
    let mut said = Vec::new();
    let sandbox = builder_in(temporary.path()).start(&mut |text| said.push(text.to_owned())).unwrap();
    let host = sandbox.addresses()[0].to_string();
    assert!(listens(&host));
    assert_eq!(entries(temporary.path()).len(), 1);
    assert!(said.contains(&"starting Cassandra 5.0.6".to_owned()), "{said:?}");
    assert!(said.contains(&format!("waiting for CQL on {host}:9042")), "{said:?}");
    drop(sandbox);
    assert!(!listens(&host));
    assert!(entries(temporary.path()).is_empty());
}

#[test]
fn two_nodes_form_a_cluster() {
    let own = node::own(&Builder { nodes: 2, ..builder(Version::V5_0) });
    let hosts = own.node.hosts();
    assert_eq!(hosts.len(), 2);
    assert_ne!(hosts[0], hosts[1]);
    assert!(hosts.iter().all(|host| listens(host)));
}

#[test]
fn a_node_that_dies_while_starting_is_told_by_its_last_error() {
    let _turn = take_turn();
    let temporary = tempfile::tempdir().unwrap();
    let error = refused(&Builder { extra_yaml: "no_such_setting: 1".to_owned(), ..builder_in(temporary.path()) });
    assert_eq!(
        error.to_string(),
        "Cassandra 5.0.6 ended while starting: Exception encountered during startup: Invalid yaml. Please remove \
         properties [no_such_setting] from your cassandra.yaml"
    );
    assert!(entries(temporary.path()).is_empty());
}

#[test]
fn a_jvm_that_refuses_its_options_is_told_by_what_it_printed() {
    let _turn = take_turn();
    let temporary = tempfile::tempdir().unwrap();
    let error = refused(&Builder { heap_megabytes: 0, ..builder_in(temporary.path()) });
    assert_eq!(error.to_string(), "Cassandra 5.0.6 ended while starting: Invalid maximum heap size: -Xmx0m");
    assert!(entries(temporary.path()).is_empty());
}

#[test]
fn a_program_that_cannot_be_the_guard_is_named() {
    let missing = Builder { program: "/no/such/cqlsh".into(), ..builder(Version::V5_0) };
    let error = refused(&missing).to_string();
    assert!(error.starts_with("The node's guard (/no/such/cqlsh) failed: No such file"), "{error}");
    let other = Builder { program: "/bin/true".into(), ..builder(Version::V5_0) };
    assert_eq!(refused(&other).to_string(), "The node's guard (/bin/true) failed: it ended at once.");
}

#[test]
fn a_guard_never_touches_a_directory_that_was_there_before() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("precious"), "").unwrap();
    let ran = Cqlsh::new(["--sandbox-guard", "watch"]).arg(directory.path()).run();
    assert_eq!(ran.stdout, format!("{}: File exists (os error 17)\n", directory.path().display()));
    assert!(directory.path().join("precious").exists());
}

#[test]
fn a_guard_that_is_left_before_it_knows_what_to_run_removes_its_directory() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("node");
    let ran = Cqlsh::new(["--sandbox-guard", "watch"]).arg(&directory).stdin("java\0-cp\0").run();
    assert_eq!(ran.stdout, "ready\n");
    assert!(!directory.exists());
}

#[test]
fn the_binary_starts_a_node_and_asks_it() {
    let _turn = take_turn();
    let ran = Cqlsh::new(["--sandbox", "-e", "SELECT release_version FROM system.local"]).run();
    assert_eq!(ran.code(), 0, "{ran:?}");
    assert_eq!(ran.stdout, "\n release_version\n-----------------\n           5.0.6\n\n(1 rows)\n");
    assert!(ran.stderr.lines().last().unwrap().starts_with("Cassandra 5.0.6 listens on 127."), "{ran:?}");
}

#[test]
fn what_keeps_the_binary_from_starting_a_node_is_one_sentence_and_status_1() {
    Cqlsh::new(["--sandbox"])
        .env("JAVA_HOME", "/no/such")
        .run()
        .failed(1, "JAVA_HOME (/no/such) has no bin/java: correct it, or unset it to use the java on PATH.\n");
    Cqlsh::new(["--sandbox=4.0"]).without_env("JAVA_HOME").env("PATH", "").run().failed(
        1,
        "Cassandra 4.0.18 needs Java 8 or 11 to 17, and no java was found: install it, or set JAVA_HOME to where it \
         is.\n",
    );
    Cqlsh::new(["--sandbox"]).env("CASSANDRA_HOME", "/no/such").run().failed(
        1,
        "CASSANDRA_HOME (/no/such) has no Cassandra in its lib directory: set it to an unpacked Cassandra, or unset \
         it.\n",
    );
}

/// The binary with a sandbox whose data is in `temporary`; it waits for statements until it is killed.
fn binary_with_a_sandbox(temporary: &Path) -> (Cqlsh, Child) {
    let mut run = Cqlsh::new(["--sandbox"]).env("TMPDIR", temporary);
    let child = run.spawn();
    (run, child)
}

/// Where the node listens, once it does.
fn host_of(binary: &mut Child) -> String {
    let stderr = BufReader::new(binary.stderr.as_mut().unwrap());
    let mut lines = stderr.lines().map(Result::unwrap);
    let address = lines.find_map(|line| Some(line.split_once(" listens on ")?.1.to_owned())).expect("it listens");
    address.split(':').next().unwrap().to_owned()
}

#[test]
fn the_node_and_its_data_are_gone_when_its_program_is_killed() {
    let _turn = take_turn();
    let temporary = tempfile::tempdir().unwrap();
    let (_run, mut binary) = binary_with_a_sandbox(temporary.path());
    let host = host_of(&mut binary);
    assert!(listens(&host));
    binary.kill().unwrap();
    binary.wait().unwrap();
    assert!(eventually(|| !listens(&host)), "the node still listens");
    assert!(eventually(|| entries(temporary.path()).is_empty()), "{:?} is left", entries(temporary.path()));
}

#[test]
fn the_node_and_its_data_are_gone_when_its_program_is_killed_while_it_starts() {
    let _turn = take_turn();
    let temporary = tempfile::tempdir().unwrap();
    let (_run, mut binary) = binary_with_a_sandbox(temporary.path());
    let started = || entries(temporary.path()).iter().any(|directory| directory.join("logs/system.log").exists());
    assert!(eventually(started), "no log was written");
    binary.kill().unwrap();
    binary.wait().unwrap();
    assert!(eventually(|| entries(temporary.path()).is_empty()), "{:?} is left", entries(temporary.path()));
}

#[test]
#[cfg(target_os = "linux")]
fn the_node_dies_with_its_guard_and_its_program_removes_the_data() {
    let _turn = take_turn();
    let temporary = tempfile::tempdir().unwrap();
    let sandbox = builder_in(temporary.path()).start(&mut announce).unwrap();
    let host = sandbox.addresses()[0].to_string();
    let directory = entries(temporary.path()).remove(0);
    let guard = process_with_argument(&directory);
    assert!(Command::new("kill").args(["-9", &guard]).status().unwrap().success());
    assert!(eventually(|| !listens(&host)), "the node still listens");
    drop(sandbox);
    assert!(entries(temporary.path()).is_empty());
}

/// The id of the guard of `directory`.
#[cfg(target_os = "linux")]
fn process_with_argument(directory: &Path) -> String {
    let command_line = format!("--sandbox-guard\0watch\0{}\0", directory.display());
    let is_guard =
        |process: &PathBuf| fs::read_to_string(process.join("cmdline")).is_ok_and(|line| line.ends_with(&command_line));
    let process = entries(Path::new("/proc")).into_iter().find(is_guard).expect("the node has a guard");
    process.file_name().unwrap().to_str().unwrap().to_owned()
}
