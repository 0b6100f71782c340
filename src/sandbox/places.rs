//! Where things are on this machine, as values: the environment is read by the caller, never here.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// What the environment says about Java, Maven, Cassandra and where files go.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// `PATH`, where `java` and `mvn` are looked for.
    pub path: OsString,
    /// `JAVA_HOME`; it comes before `PATH`.
    pub java_home: Option<PathBuf>,
    /// `CASSANDRA_HOME`; with it nothing is downloaded.
    pub cassandra_home: Option<PathBuf>,
    /// The user's cache directory (`dirs::cache_dir()`); jars are kept in its `cqlsh` directory.
    pub cache: Option<PathBuf>,
    /// Where a node's data goes while it lives (`TMPDIR`).
    pub temporary: PathBuf,
}

impl Places {
    /// Reads them from the environment through `variable`; a variable that is empty counts as not set.
    pub fn new(variable: impl Fn(&str) -> Option<OsString>, cache: Option<PathBuf>) -> Self {
        let path = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        Self {
            path: variable("PATH").unwrap_or_default(),
            java_home: path("JAVA_HOME"),
            cassandra_home: path("CASSANDRA_HOME"),
            cache,
            temporary: path("TMPDIR").unwrap_or_else(|| PathBuf::from("/tmp")),
        }
    }

    /// The first program of that name on `PATH`, as an absolute path.
    pub(super) fn program(&self, name: impl AsRef<OsStr>) -> Option<PathBuf> {
        env::split_paths(&self.path)
            .filter(|directory| directory.is_absolute())
            .map(|directory| directory.join(name.as_ref()))
            .find(|candidate| candidate.is_file())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        let places = Places::new(|name| (name == "JAVA_HOME").then(OsString::new), None);
        assert_eq!(places.java_home, None);
        assert_eq!(places.temporary, PathBuf::from("/tmp"));
    }

    #[test]
    fn the_first_directory_of_path_that_has_the_program_wins() {
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(first.path().join("mvn"), "").unwrap();
        fs::write(second.path().join("mvn"), "").unwrap();
        fs::write(second.path().join("java"), "").unwrap();
        let path = env::join_paths([first.path(), second.path()]).unwrap();
        let places = Places { path, ..Places::default() };
        assert_eq!(places.program("mvn"), Some(first.path().join("mvn")));
        assert_eq!(places.program("java"), Some(second.path().join("java")));
        assert_eq!(places.program("ant"), None);
    }
}
