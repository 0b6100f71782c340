//! Where results go: readers that stop reading, and files that cannot take more.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use crate::support::cqlsh::PROGRAM;
use crate::support::node;

/// Far more than a pipe holds.
fn much() -> String {
    "SELECT * FROM system_schema.columns;\n".repeat(40)
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_program_without_a_word() {
    let script = tempfile::NamedTempFile::new().unwrap();
    fs::write(script.path(), much()).unwrap();
    let mut process = node::plain().cqlsh(&["-f", script.path().to_str().unwrap()]).spawn();
    let mut stdout = BufReader::new(process.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    drop(stdout);
    let mut errors = String::new();
    process.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert_eq!(errors, "");
    assert_eq!(process.wait().unwrap().code(), Some(1));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_and_is_no_success() {
    let home = tempfile::tempdir().unwrap();
    let mut process = Command::new(PROGRAM)
        .env_clear()
        .env("HOME", home.path())
        .args([node::plain().host(), "-e".to_owned(), "SELECT key FROM system.local".to_owned()])
        .stdout(File::options().write(true).open("/dev/full").unwrap())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut errors = String::new();
    process.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert_eq!(errors, "cannot write: No space left on device (os error 28)\n");
    assert_eq!(process.wait().unwrap().code(), Some(1));
}

#[test]
#[cfg(target_os = "linux")]
fn a_captured_file_that_cannot_take_more_is_told() {
    let ran = node::plain().cqlsh(&[]).stdin("CAPTURE '/dev/full'\nSELECT key FROM system.local;\n").run();
    assert_eq!(ran.stdout, "Now capturing query output to '/dev/full'.\n");
    assert!(ran.stderr.contains("No space left on device"), "{ran:?}");
    assert_ne!(ran.code(), 0);
}
