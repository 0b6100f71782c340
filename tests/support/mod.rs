//! What all areas stand on: nodes to talk to and the binary to run.
#![allow(dead_code, reason = "one crate uses all of it, but not at every moment of its history")]

pub mod chaos;
pub mod cqlsh;
pub mod node;
pub mod pty;
pub mod relay;
pub mod server;
pub mod shell;
pub mod tracer;
