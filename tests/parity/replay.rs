//! Running a topic's cases and comparing what they do with what was recorded.

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::corpus::{Case, NodeKind, Outcome, Recording, Topic};
use super::template::{Place, Template};
use crate::support::cqlsh::{Cqlsh, Ran};
use crate::support::node::{self, Node};

/// Runs all cases of a topic; fails with every difference that is not meant.
pub fn replay(name: &str) {
    let topic = Topic::read(name);
    let recordings = Recording::read(name);
    let names = |cases: &mut dyn Iterator<Item = &str>| cases.map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        names(&mut topic.cases.iter().map(|case| case.name.as_str())),
        names(&mut recordings.iter().map(|recording| recording.name.as_str())),
        "{name}.recorded is not of these cases: tests/parity/record makes it anew"
    );
    let own;
    let node = match topic.node {
        NodeKind::Plain => node::plain(),
        NodeKind::Authenticated => node::authenticated(),
        NodeKind::Fresh => {
            own = node::own(&node::builder(cqlsh::sandbox::Version::V5_0));
            &own.node
        }
    };
    set_up(name, &topic, node);
    let mut differences = String::new();
    for (case, recording) in topic.cases.iter().zip(&recordings) {
        let found = compare(case, recording, node);
        if !found.is_empty() {
            let _ = write!(differences, "\n=== {name}: {}\n{found}", case.name);
        }
    }
    let gone = node.cqlsh(&["-e", &format!("DROP KEYSPACE parity_{name}")]).run();
    assert_eq!(gone.code(), 0, "{gone:?}");
    assert!(differences.is_empty(), "{differences}");
}

/// A new keyspace with what the topic's setup puts there.
fn set_up(name: &str, topic: &Topic, node: &Node) {
    let mut statements = format!(
        "CREATE KEYSPACE parity_{name} WITH replication = {{'class': 'SimpleStrategy', 'replication_factor': 1}};\n\
         USE parity_{name};\n"
    )
    .into_bytes();
    statements.extend_from_slice(&topic.setup);
    let ran = node.cqlsh(&["--insecure-password-without-warning"]).stdin(statements).run();
    assert!(ran.code() == 0, "{name}: the setup failed\n{ran:?}");
}

/// What is not as it should be; nothing if all is.
fn compare(case: &Case, recording: &Recording, node: &Node) -> String {
    let directory = tempfile::tempdir().unwrap();
    let place = Place {
        host: node.host(),
        port: node.port(),
        directory: directory.path().canonicalize().unwrap().to_str().unwrap().to_owned(),
    };
    let ran = run(case, &place);
    let meant = Outcome {
        status: case.ours.status.unwrap_or(recording.outcome.status),
        stdout: case.ours.stdout.clone().unwrap_or_else(|| recording.outcome.stdout.clone()),
        stderr: case.ours.stderr.clone().unwrap_or_else(|| recording.outcome.stderr.clone()),
    };
    let mut found = differences(&meant, &ran, &place);
    if case.ours != Outcome::default() && case.differs.is_none() {
        found.push_str("says what ours is, and no line of README\n");
    }
    if case.differs.is_some() && differences(&recording.outcome, &ran, &place).is_empty() {
        found.push_str("no longer differs from the original\n");
    }
    for (path, expected) in &recording.files {
        match (fs::read_to_string(Path::new(&place.directory).join(path)), expected) {
            (Ok(text), Some(expected)) => difference(path, expected, &text, &place, &mut found),
            (Ok(_), None) => _ = writeln!(found, "there is a file {path}"),
            (Err(error), Some(_)) => _ = writeln!(found, "{path}: {error}"),
            (Err(_), None) => {}
        }
    }
    found
}

fn run(case: &Case, place: &Place) -> Ran {
    let fill = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) => place.fill(text).into_bytes(),
        Err(_) => bytes.to_vec(),
    };
    let address = case.address.clone().unwrap_or_else(|| vec!["‹host›".to_owned(), "‹port›".to_owned()]);
    let arguments = address.iter().chain(&case.arguments).map(|argument| place.fill(argument));
    let mut program =
        Cqlsh::new(arguments).cwd(&place.directory).env("HOME", &place.directory).stdin(fill(&case.stdin));
    for (path, content) in &case.files {
        let path = Path::new(&place.directory).join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, fill(content)).unwrap();
    }
    for (path, mode) in &case.modes {
        let path = Path::new(&place.directory).join(path);
        fs::set_permissions(path, Permissions::from_mode(*mode)).unwrap();
    }
    for (name, value) in &case.environment {
        program = match value {
            Some(value) => program.env(name, place.fill(value)),
            None => program.without_env(name),
        };
    }
    program.run()
}

fn differences(expected: &Outcome<i32, Template>, ran: &Ran, place: &Place) -> String {
    let mut found = String::new();
    if ran.code() != expected.status {
        let _ = writeln!(found, "status {}, not {}", ran.code(), expected.status);
    }
    difference("stdout", &expected.stdout, &ran.stdout, place, &mut found);
    difference("stderr", &expected.stderr, &ran.stderr, place, &mut found);
    found
}

/// Tells where the text leaves what was expected, and both.
fn difference(what: &str, expected: &Template, actual: &str, place: &Place, found: &mut String) {
    if let Some(at) = expected.mismatch(actual, place) {
        let line = String::from_utf8_lossy(&actual.as_bytes()[..at]).matches('\n').count() + 1;
        let escaped = |text: &str| text.split_inclusive('\n').map(|line| format!("  {line:?}\n")).collect::<String>();
        let (expected, actual) = (escaped(&expected.shown()), escaped(actual));
        let _ = write!(found, "--- {what}, from line {line} on; expected\n{expected}--- but was\n{actual}");
    }
}
