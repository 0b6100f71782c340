//! The password question.

use std::io;

/// Asks `Password: ` on the controlling terminal, without echo, also when standard input is something else; without a
/// terminal it reads a line of standard input, as Python's `getpass` does.
pub fn ask() -> io::Result<String> {
    rpassword::prompt_password("Password: ").or_else(|_| {
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    })
}
