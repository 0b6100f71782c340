//! The file of `--password-file`: its first line.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::ConfigError;
use super::credentials::is_private;
use super::notices::Notices;
use crate::cql::secret::Secret;

/// No password is as long as this many bytes: what has no line end by then is another file.
const LONGEST: u64 = 64 * 1024;

/// Reads the password, and warns if others may read it too. It may be a pipe.
pub(super) fn read(path: &Path, user: u32, notices: &mut Notices) -> Result<Secret, ConfigError> {
    let unreadable = |error| ConfigError::Unreadable { path: path.to_owned(), error };
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    // A file of its own kind is mounted where programs run in containers, and is anybody's there: it is used all the same.
    if metadata.is_file() && !is_private(metadata.uid(), metadata.mode(), user) {
        notices.note(&format!(
            "\nWarning: Password is found in an insecure file, '{}'. The file is owned or readable by other users on the \
             system.\n\n",
            path.display()
        ));
    }
    let mut line = Vec::new();
    BufReader::new(file.take(LONGEST)).read_until(b'\n', &mut line).map_err(unreadable)?;
    let line = String::from_utf8(line).map_err(|_| ConfigError::NotUtf8 { path: path.to_owned() })?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    match line.strip_suffix('\r').unwrap_or(line) {
        "" => Err(ConfigError::NoPassword { path: path.to_owned() }),
        password => Ok(Secret::new(password.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn of(content: &[u8], mode: u32) -> (Result<String, String>, String) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("password");
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let mut notices = Notices::default();
        let user = fs::metadata(&path).unwrap().uid();
        let password = read(&path, user, &mut notices);
        let hidden = |text: String| text.replace(&path.display().to_string(), "FILE");
        let password = password.map(|password| password.reveal().to_owned());
        (password.map_err(|error| hidden(error.to_string())), hidden(notices.stderr))
    }

    #[test]
    fn the_password_is_the_first_line_without_its_end() {
        for content in ["s 3\n", "s 3", "s 3\r\n", "s 3\nmore\n"] {
            assert_eq!(of(content.as_bytes(), 0o600), (Ok("s 3".to_owned()), String::new()), "{content:?}");
        }
    }

    #[test]
    fn a_file_without_a_password_is_told() {
        let none = Err("The password file 'FILE' has no password in its first line.".to_owned());
        assert_eq!(of(b"", 0o600).0, none);
        assert_eq!(of(b"\ns3\n", 0o600).0, none);
        assert_eq!(of(b"\xff", 0o600).0, Err("Cannot read 'FILE': it is not UTF-8.".to_owned()));
    }

    #[test]
    fn a_file_that_others_may_read_is_used_with_a_warning() {
        let warning = "\nWarning: Password is found in an insecure file, 'FILE'. The file is owned or readable by other \
                       users on the system.\n\n";
        assert_eq!(of(b"s3", 0o644), (Ok("s3".to_owned()), warning.to_owned()));
    }
}
