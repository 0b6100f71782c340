//! Arguments and environment in, exit status out; nothing else.

fn main() {}
