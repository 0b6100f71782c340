//! The editor that a person has chosen for texts, run on a file that is there for as long as it takes.

use std::fs;
use std::io::{self, Write};
use std::process::Command;

use super::mode;
use crate::print::python::strerror;

/// Lets the command change a text; it may be of several words, as a shell would read them. The terminal is its own
/// meanwhile.
///
/// # Errors
/// A command that cannot be started or fails, and a result that is no text; it says which command.
pub fn edit(command: &str, text: &str) -> io::Result<String> {
    let _terminal = mode::lend();
    run(command, text).map_err(|error| io::Error::new(error.kind(), format!("{command}: {}", strerror(&error))))
}

fn run(command: &str, text: &str) -> io::Result<String> {
    let words = shlex::split(command).unwrap_or_default();
    let Some((program, arguments)) = words.split_first() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no command"));
    };
    let mut file = tempfile::Builder::new().prefix("cqlsh-").suffix(".cql").tempfile()?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    let status = Command::new(program).args(arguments).arg(file.path()).status()?;
    if !status.success() {
        return Err(io::Error::other(format!("it ended with {status}")));
    }
    // By its name, because editors replace files.
    fs::read_to_string(file.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_comes_back_as_the_command_leaves_it() {
        assert_eq!(edit("sed -i 's/a b/c/'", "a b;").unwrap(), "c;\n");
        assert!(edit("false", "a").is_err());
        assert!(edit("/nosuch/editor", "a").is_err());
        assert!(edit("", "a").is_err());
    }
}
