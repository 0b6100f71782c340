//! Programs for tests: a shell script that stands for `java` or `mvn`.

use std::path::Path;
use std::process::Command;

/// Writes an executable script. A shell of its own writes it: a descriptor of this process that is open for writing
/// would be inherited by what other tests start, and a file that somebody writes to cannot be run.
pub(super) fn write(path: &Path, script: &str) {
    let write = "mkdir -p \"${1%/*}\" && printf '#!/bin/sh\\n%s\\n' \"$2\" > \"$1\" && chmod 755 \"$1\"";
    let status = Command::new("sh").args(["-c", write, "sh"]).arg(path).arg(script).status().unwrap();
    assert!(status.success());
}
