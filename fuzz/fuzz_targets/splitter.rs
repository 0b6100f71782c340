#![no_main]

#[path = "../checks/splitter.rs"]
mod splitter;

libfuzzer_sys::fuzz_target!(|input: &[u8]| splitter::check(input));
