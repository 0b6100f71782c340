//! A file that is written beside the place it will have, and not seen before it is complete. It has no name, so that
//! nothing is left of it however the program ends; where the file system knows no files without one, the name is hidden,
//! and goes with the program unless that is killed.

use std::fs::{File, Metadata, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, open};
use tempfile::{Builder, NamedTempFile, TempPath};

/// The mode of a new file is what the umask leaves of this.
const MODE: u32 = 0o666;

/// The process's open files by their numbers, which are names that a link can be made of.
const DESCRIPTORS: &str = "/proc/self/fd";

/// A file that is to appear. Dropping it leaves nothing.
#[derive(Debug)]
pub(in crate::copy) enum Hidden {
    /// In this directory without a name.
    Unnamed(File, PathBuf),
    /// Under a hidden name.
    Named(NamedTempFile),
}

impl Hidden {
    /// A new file in the directory of `target`, to take its place with the same mode and owner.
    pub(super) fn beside(target: &Path, existing: Option<&Metadata>) -> io::Result<Self> {
        let directory = match target.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        if existing.is_some_and(|metadata| metadata.nlink() > 1) {
            return Err(io::Error::other("a file with several names is written under all of them"));
        }
        let hidden = match unnamed(directory) {
            Ok(file) => Self::Unnamed(file, directory.to_owned()),
            Err(_) => Self::Named(names().permissions(Permissions::from_mode(MODE)).tempfile_in(directory)?),
        };
        if let Some(existing) = existing {
            let own = hidden.file().metadata()?;
            if (own.uid(), own.gid()) != (existing.uid(), existing.gid()) {
                fchown(hidden.file(), Some(existing.uid()), Some(existing.gid()))?;
            }
            hidden.file().set_permissions(existing.permissions())?;
        }
        Ok(hidden)
    }

    /// The file.
    pub(super) fn file(&self) -> &File {
        match self {
            Self::Unnamed(file, _) => file,
            Self::Named(file) => file.as_file(),
        }
    }

    /// Closes the file, which has a hidden name from here on.
    pub(super) fn close(self) -> io::Result<TempPath> {
        match self {
            Self::Unnamed(file, directory) => {
                let opened = format!("{DESCRIPTORS}/{}", file.as_raw_fd());
                let link = |path: &Path| linkat(CWD, &opened, CWD, path, AtFlags::SYMLINK_FOLLOW).map_err(Into::into);
                names().make_in(directory, link).map(NamedTempFile::into_temp_path)
            }
            Self::Named(file) => Ok(file.into_temp_path()),
        }
    }
}

fn names() -> Builder<'static, 'static> {
    let mut names = Builder::new();
    names.prefix(".cqlsh-copy-").suffix(".tmp");
    names
}

fn unnamed(directory: &Path) -> io::Result<File> {
    if !Path::new(DESCRIPTORS).exists() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    Ok(open(directory, flags, Mode::from_raw_mode(MODE)).map(File::from)?)
}
