//! One integration binary, so that one node serves all tests.
#![allow(clippy::unwrap_used, clippy::print_stdout, unreachable_pub, reason = "a test says what went wrong by failing")]

mod support;

mod batch;
mod completion;
mod connection;
mod copy;
mod describe;
mod fuzz;
mod generated;
mod grammar;
mod interactive;
mod output;
mod parity;
mod replicas;
mod runbook;
mod sandbox;
mod tls;
mod versions;

/// `autotests` is off, so a file that is not a module here would never be run.
#[test]
fn every_file_of_tests_is_a_module_of_this_binary() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
    let listed = include_str!("main.rs");
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if path.extension().is_some_and(|extension| extension == "rs") && name != "main" {
            assert!(listed.contains(&format!("\nmod {name};\n")), "tests/main.rs has no `mod {name};`");
        }
    }
}
