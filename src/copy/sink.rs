//! Where an export goes: stdout, a file that appears when it is complete, or whatever else can be opened for writing.

mod fifo;
mod hidden;

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::terminal::Terminal;
use fifo::Fifo;
use hidden::Hidden;

/// The target of an export. Dropping it leaves a regular file as it was.
#[derive(Debug)]
pub(super) enum Sink {
    /// Stdout, by way of the terminal.
    Stdout,
    /// A device, or a file that cannot be replaced: written as it is.
    Through(File),
    /// A FIFO, whose reader may be slow.
    Fifo(Fifo),
    /// A regular file: written beside its place, where nobody sees it.
    Replacing {
        /// What is written.
        file: Hidden,
        /// Its place.
        target: PathBuf,
    },
}

impl Sink {
    /// Opens the file of this path. Symbolic links are followed, also to a file that is not there yet. Opening a FIFO
    /// waits for its reader until `given_up` says otherwise; then there is no sink.
    pub(super) fn open(path: &str, given_up: &dyn Fn() -> bool) -> io::Result<Option<Self>> {
        let target = match behind_links(Path::new(path)) {
            Target::Named(target) => target,
            Target::Descriptor(link) => return File::options().append(true).open(link).map(|f| Some(Self::Through(f))),
        };
        let existing = match fs::metadata(&target) {
            Ok(metadata) if metadata.file_type().is_fifo() => {
                return Ok(Fifo::open(target, given_up)?.map(Self::Fifo));
            }
            Ok(metadata) => {
                let file = File::options().write(true).open(&target)?;
                if !metadata.is_file() {
                    return Ok(Some(Self::Through(file)));
                }
                Some((file, metadata))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(Some(match (Hidden::beside(&target, existing.as_ref().map(|(_, metadata)| metadata)), existing) {
            (Ok(file), _) => Self::Replacing { file, target },
            (Err(_), Some((file, _))) => {
                file.set_len(0)?;
                Self::Through(file)
            }
            (Err(_), None) => Self::Through(File::options().write(true).create_new(true).open(&target)?),
        }))
    }

    /// Writes. A FIFO waits for its reader until `given_up` says otherwise, which is an error of the kind `Interrupted`.
    pub(super) fn write(
        &mut self,
        bytes: &[u8],
        given_up: &dyn Fn() -> bool,
        terminal: &mut Terminal,
    ) -> io::Result<()> {
        match self {
            Self::Stdout => terminal.raw(bytes),
            Self::Through(file) => file.write_all(bytes),
            Self::Fifo(fifo) => fifo.write(bytes, given_up),
            Self::Replacing { file, .. } => file.file().write_all(bytes),
        }
    }

    /// Ends the writing: the disk has taken all of it. A regular file still stands beside its place.
    pub(super) fn complete(self) -> io::Result<Complete> {
        match self {
            Self::Stdout | Self::Fifo(_) => Ok(Complete(None)),
            Self::Through(mut file) => file.flush().map(|()| Complete(None)),
            Self::Replacing { file, target } => {
                file.file().sync_all()?;
                Ok(Complete(Some((Written::Open(file), target))))
            }
        }
    }

    /// Whether nothing stands under the file's name until the end.
    pub(super) fn replaces(&self) -> bool {
        matches!(self, Self::Replacing { .. })
    }
}

/// What has been written to the end. Dropping it leaves a regular file as it was.
#[derive(Debug)]
pub(super) struct Complete(Option<(Written, PathBuf)>);

/// A complete file beside its place.
#[derive(Debug)]
enum Written {
    Open(Hidden),
    Closed(TempPath),
}

impl Complete {
    /// Closes the file, where there may be too many open ones.
    pub(super) fn close(self) -> io::Result<Self> {
        match self.0 {
            Some((Written::Open(file), target)) => Ok(Self(Some((Written::Closed(file.close()?), target)))),
            other => Ok(Self(other)),
        }
    }

    /// Puts the file in its place.
    pub(super) fn appear(self) -> io::Result<()> {
        match self.close()?.0 {
            Some((Written::Closed(path), target)) => match path.persist(&target) {
                // A file that is mounted by itself, as into containers, is no name that another file could have.
                Err(failure) if failure.error.kind() == io::ErrorKind::ResourceBusy => {
                    fs::copy(&failure.path, target).map(|_| ())
                }
                persisted => persisted.map_err(|failure| failure.error),
            },
            _ => Ok(()),
        }
    }
}

/// What a path leads to.
enum Target {
    /// A name in a directory, whether something is there or not.
    Named(PathBuf),
    /// An open file of this process, as `/dev/stdout` is: it has no name that could be given to another file.
    Descriptor(PathBuf),
}

/// Follows the symbolic links at the end of a path.
fn behind_links(path: &Path) -> Target {
    /// As many links as Linux follows.
    const MOST_LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&path) {
            Ok(_) if path.starts_with("/dev") || path.starts_with("/proc") => return Target::Descriptor(path),
            Ok(to) => path = path.parent().unwrap_or(Path::new("")).join(to),
            Err(_) => break,
        }
    }
    Target::Named(path)
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn open(path: &Path) -> io::Result<Sink> {
        Sink::open(path.to_str().unwrap(), &|| false).map(Option::unwrap)
    }

    fn names(directory: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(directory).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn export(path: &Path) {
        let mut terminal = Terminal::new(false);
        let mut sink = open(path).unwrap();
        sink.write(b"new", &|| false, &mut terminal).unwrap();
        sink.complete().unwrap().appear().unwrap();
    }

    #[test]
    fn a_file_appears_when_it_is_complete() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.csv");
        let mut terminal = Terminal::new(false);
        let mut sink = open(&path).unwrap();
        sink.write(b"1,2\r\n", &|| false, &mut terminal).unwrap();
        assert!(!path.exists());
        sink.complete().unwrap().appear().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"1,2\r\n");
        assert_eq!(names(directory.path()), ["a.csv"]);
    }

    #[test]
    fn an_export_that_fails_leaves_the_old_file_and_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.csv");
        fs::write(&path, "old").unwrap();
        let mut sink = open(&path).unwrap();
        sink.write(b"new", &|| false, &mut Terminal::new(false)).unwrap();
        drop(sink);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(directory.path()), ["a.csv"]);
    }

    #[test]
    fn the_mode_of_the_old_file_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.csv");
        fs::write(&path, "old and longer").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        export(&path);
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn a_symbolic_link_stays_one() {
        let directory = tempfile::tempdir().unwrap();
        let (first, second, file) =
            (directory.path().join("first"), directory.path().join("second"), directory.path().join("file"));
        symlink("second", &first).unwrap();
        symlink(&file, &second).unwrap();
        export(&first);
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(fs::read_link(&first).unwrap(), Path::new("second"));
    }

    #[test]
    fn a_file_with_two_names_is_written_under_both() {
        let directory = tempfile::tempdir().unwrap();
        let (one, other) = (directory.path().join("one"), directory.path().join("other"));
        fs::write(&one, "old and longer").unwrap();
        fs::hard_link(&one, &other).unwrap();
        export(&one);
        assert_eq!(fs::read(&other).unwrap(), b"new");
    }

    #[test]
    fn a_device_is_written_as_it_is() {
        assert!(matches!(open(Path::new("/dev/null")).unwrap(), Sink::Through(_)));
    }

    #[test]
    fn an_open_file_of_the_process_is_written_by_its_descriptor() {
        let directory = tempfile::tempdir().unwrap();
        let file = File::create(directory.path().join("out")).unwrap();
        let path = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&file));
        export(Path::new(&path));
        assert_eq!(fs::read(directory.path().join("out")).unwrap(), b"new");
        assert_eq!(names(directory.path()), ["out"]);
    }

    #[test]
    fn what_cannot_be_opened_tells_the_system_s_reason() {
        let directory = tempfile::tempdir().unwrap();
        let missing = open(&directory.path().join("no/a.csv")).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
        assert!(missing.raw_os_error().is_some());
        assert_eq!(open(directory.path()).unwrap_err().kind(), io::ErrorKind::IsADirectory);
    }
}
