//! Programs under a line of the shell, which sets their limits or their view of the file system.

use std::path::Path;
use std::process::{Command, Stdio};

use super::cqlsh::Cqlsh;
use super::cqlsh::Ran;

/// Runs the line with these arguments as its `$@`.
pub fn run(line: &str, arguments: &[&str], directory: &Path) -> Ran {
    let all: Vec<&str> = ["-c", line, "sh"].iter().chain(arguments).copied().collect();
    Cqlsh::of("sh", all).cwd(directory).run()
}

/// What runs a program with file systems of its own, where that is allowed.
pub fn own_mounts() -> Option<&'static str> {
    let works = |command: &&str| {
        let line = format!("{command} mount -t tmpfs none /mnt");
        let silent = Command::new("sh").args(["-c", &line]).stdout(Stdio::null()).stderr(Stdio::null()).status();
        silent.is_ok_and(|status| status.success())
    };
    ["unshare --mount", "unshare --map-root-user --mount"].into_iter().find(works)
}
