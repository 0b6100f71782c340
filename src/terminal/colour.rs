//! Whether results are coloured.

use std::process::{Command, Stdio};

/// cqlsh's decision when nothing was demanded: stdout is a terminal that is not dumb and knows eight colours. `tput` is
/// asked as cqlsh asks it; where it is missing or says nothing, the terminal is trusted.
pub fn by_terminal(stdout_is_terminal: bool, term: Option<&str>) -> bool {
    if !stdout_is_terminal || matches!(term, None | Some("" | "dumb")) {
        return false;
    }
    let answer = Command::new("tput").arg("colors").stdin(Stdio::null()).stderr(Stdio::null()).output();
    let colours = answer.ok().and_then(|output| String::from_utf8(output.stdout).ok()?.trim().parse::<i32>().ok());
    colours.is_none_or(|colours| colours >= 8)
}
