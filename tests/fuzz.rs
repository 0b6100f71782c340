//! The checks of the fuzzers in `fuzz/`, on every file of their corpora and on what chance brings.

#[path = "../fuzz/checks/splitter.rs"]
mod splitter;
#[path = "../fuzz/checks/wire.rs"]
mod wire;

use std::fs;

use proptest::collection::vec;
use proptest::prelude::*;

fn replay(target: &str, check: fn(&[u8])) {
    let corpus = format!("{}/fuzz/corpus/{target}", env!("CARGO_MANIFEST_DIR"));
    let files: Vec<_> = fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!files.is_empty());
    for file in files {
        println!("{}", file.display());
        check(&fs::read(file).unwrap());
    }
}

#[test]
fn texts_are_split() {
    replay("splitter", splitter::check);
}

#[test]
fn values_are_written_and_read() {
    replay("wire", wire::check);
}

proptest! {
    #[test]
    fn texts_of_chance_are_split(parts in vec(prop_oneof![
        Just("'"), Just("\""), Just("$$"), Just("--"), Just("/*"), Just("*/"), Just(";"), Just("\n"), Just(" "),
        Just("BEGIN BATCH "), Just("APPLY BATCH"), Just("SELECT"), Just("LIMIT 5"), Just("COPY t TO "), Just("1.5"),
        Just("é"), Just("\u{feff}"), Just("~"),
    ], 0..30)) {
        splitter::check(parts.concat().as_bytes());
    }

    #[test]
    fn values_of_chance_are_written_and_read(bytes in vec(prop_oneof![any::<u8>(), 0_u8..5, 128_u8..140], 0..40)) {
        wire::check(&bytes);
    }
}
