//! Cassandra's jars: those of CASSANDRA_HOME, else those in the user's cache directory, fetched there once.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Places, SandboxError, Version, maven};

/// Where a release's jars are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Jars {
    directories: Vec<PathBuf>,
}

impl Jars {
    /// Finds the jars, and fetches them first where that is needed.
    ///
    /// # Errors
    /// CASSANDRA_HOME holds none or those of another series; Maven is missing or fails.
    pub(super) fn find(
        places: &Places,
        version: Version,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Self, SandboxError> {
        match &places.cassandra_home {
            Some(home) => Self::of_home(home, version),
            None => Ok(Self { directories: vec![maven::fetch(places, version, progress)?] }),
        }
    }

    fn of_home(home: &Path, version: Version) -> Result<Self, SandboxError> {
        let lib = home.join("lib");
        // The Debian package keeps Cassandra's own jar beside the directory of the others.
        let directories: Vec<PathBuf> = [lib, home.to_owned()].into_iter().filter(|path| path.is_dir()).collect();
        let jars = Self { directories };
        let found = jars.names().iter().find_map(|name| release_in(name).map(str::to_owned));
        match found {
            None => Err(SandboxError::EmptyHome(home.to_owned())),
            Some(found) if Version::of_release(&found) != Some(version) => {
                Err(SandboxError::HomeVersion { home: home.to_owned(), found, version })
            }
            Some(_) => Ok(jars),
        }
    }

    /// What `-cp` takes after the configuration's directory.
    pub(super) fn class_path(&self) -> impl Iterator<Item = PathBuf> {
        self.directories.iter().map(|directory| directory.join("*"))
    }

    /// The agent that measures objects, where the release brings it.
    pub(super) fn agent(&self) -> Option<PathBuf> {
        self.files().find(|path| name_of(path).is_some_and(|name| name.starts_with("jamm-") && name.ends_with(".jar")))
    }

    fn files(&self) -> impl Iterator<Item = PathBuf> {
        self.directories.iter().filter_map(|path| fs::read_dir(path).ok()).flatten().flatten().map(|entry| entry.path())
    }

    fn names(&self) -> Vec<String> {
        self.files().filter_map(|path| name_of(&path).map(str::to_owned)).collect()
    }
}

fn name_of(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

/// The release in the name of Cassandra's own jar: `apache-cassandra-` in a distribution, `cassandra-all-` from Maven.
fn release_in(jar: &str) -> Option<&str> {
    let name = jar.strip_suffix(".jar")?;
    let release = name.strip_prefix("apache-cassandra-").or_else(|| name.strip_prefix("cassandra-all-"))?;
    release.starts_with(|c: char| c.is_ascii_digit()).then_some(release)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home_with(names: &[&str]) -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("lib")).unwrap();
        for name in names {
            fs::write(home.path().join(name), "").unwrap();
        }
        home
    }

    #[test]
    fn a_home_of_the_same_series_serves_whatever_its_patch_release() {
        let home = home_with(&["lib/apache-cassandra-5.0.2.jar", "lib/jamm-0.4.0.jar"]);
        let jars = Jars::of_home(home.path(), Version::V5_0).unwrap();
        assert_eq!(jars.agent(), Some(home.path().join("lib/jamm-0.4.0.jar")));
        assert!(jars.class_path().any(|path| path == home.path().join("lib/*")));
    }

    #[test]
    fn the_jar_may_lie_beside_the_lib_directory() {
        let home = home_with(&["apache-cassandra-4.1.3.jar", "lib/jamm-0.3.2.jar"]);
        assert!(Jars::of_home(home.path(), Version::V4_1).is_ok());
    }

    #[test]
    fn a_home_of_another_series_is_refused_by_what_it_holds() {
        let home = home_with(&["lib/apache-cassandra-thrift-3.11.19.jar", "lib/apache-cassandra-3.11.19.jar"]);
        let error = Jars::of_home(home.path(), Version::V5_0).unwrap_err();
        let expected = format!(
            "CASSANDRA_HOME ({}) holds Cassandra 3.11.19, not 5.0: ask for that version, or unset CASSANDRA_HOME.",
            home.path().display()
        );
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn a_home_without_cassandra_is_refused() {
        let home = home_with(&["lib/apache-cassandra-thrift-3.11.19.jar"]);
        assert!(matches!(Jars::of_home(home.path(), Version::V5_0), Err(SandboxError::EmptyHome(_))));
        let nothing = Jars::of_home(Path::new("/no/such/directory"), Version::V5_0);
        assert!(matches!(nothing, Err(SandboxError::EmptyHome(_))));
    }
}
