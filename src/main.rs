//! Arguments and environment in, exit status out; nothing else.

fn main() {
    cqlsh::sandbox::guard(std::env::args_os());
}
