//! Where cqlshrc and the history are, and what cqlsh does at every start to have them there.

use std::fs;
use std::path::{Path, PathBuf};

use super::notices::Notices;
use super::{ConfigError, Environment, expand_home};

/// The files a run begins with.
pub(super) struct Files {
    /// cqlshrc, there or not.
    pub(super) cqlshrc: PathBuf,
    /// The history; `None` when no home directory is known.
    pub(super) history: Option<PathBuf>,
    /// Whether the history's directory is there.
    pub(super) has_history_directory: bool,
}

impl Files {
    /// Finds them, `given` by `--cqlshrc`. Makes the history's directory and moves the files of old releases to where
    /// they belong.
    pub(super) fn prepare(
        given: Option<&str>,
        environment: &Environment,
        notices: &mut Notices,
    ) -> Result<Self, ConfigError> {
        let home = environment.home.as_deref();
        let history =
            environment.history.clone().or_else(|| home.map(|home| home.join(".cassandra").join("cqlsh_history")));
        let has_history_directory = history.as_deref().is_some_and(|path| make_directory(path, notices));
        let cqlshrc = find_cqlshrc(given, home, notices);
        if let Some(home) = home {
            move_cqlshrc(&home.join(".cqlshrc"), &cqlshrc, notices)?;
            if let Some(history) = &history {
                move_history(&home.join(".cqlsh_history"), history)?;
            }
        }
        Ok(Self { cqlshrc, history, has_history_directory })
    }
}

/// cqlsh makes the history's directory at every start, whether or not there will be a history. Tells whether it is there;
/// if not, the user knows.
fn make_directory(history: &Path, notices: &mut Notices) -> bool {
    let directory = history.parent().unwrap_or(Path::new(""));
    // cqlsh: no directory in the name is not the working directory, but one that cannot be made.
    let made = !directory.as_os_str().is_empty() && fs::create_dir_all(directory).is_ok();
    if !made {
        notices.say(&format!(
            "\nWarning: Cannot create directory at `{}`. Command history will not be saved. Please check what was the \
             environment property CQL_HISTORY set to.\n\n",
            directory.display()
        ));
    }
    made
}

/// As `--cqlshrc` says if there is such a file, else in `~/.cassandra`.
fn find_cqlshrc(given: Option<&str>, home: Option<&Path>, notices: &mut Notices) -> PathBuf {
    let default = expand_home("~/.cassandra/cqlshrc", home);
    let Some(given) = given.map(|path| expand_home(path, home)) else { return default };
    if given.exists() {
        return given;
    }
    notices.say(&format!(
        "\nWarning: Specified cqlshrc location `{}` does not exist.  Using `{}` instead.\n\n",
        given.display(),
        default.display()
    ));
    default
}

/// `~/.cqlshrc` becomes cqlshrc if there is none.
fn move_cqlshrc(old: &Path, new: &Path, notices: &mut Notices) -> Result<(), ConfigError> {
    if old.exists() && new.exists() {
        // cqlsh: the names are missing from its words.
        notices.say(
            "\nWarning: cqlshrc config files were found at both the old location ({0}) and the new location ({1}), the \
             old config file will not be migrated to the new location, and the new location will be used for now.  You \
             should manually consolidate the config files at the new location and remove the old file.\n",
        );
    } else if old.exists() {
        rename(old, new)?;
    }
    Ok(())
}

/// `~/.cqlsh_history` becomes the history. cqlsh replaces one that is there; here nothing is lost.
fn move_history(old: &Path, new: &Path) -> Result<(), ConfigError> {
    if old.exists() && !new.exists() { rename(old, new) } else { Ok(()) }
}

fn rename(old: &Path, new: &Path) -> Result<(), ConfigError> {
    fs::rename(old, new).map_err(|error| ConfigError::Move { old: old.to_owned(), new: new.to_owned(), error })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_that_is_there_is_kept() {
        let home = tempfile::tempdir().expect("a directory");
        let at = |name: &str| home.path().join(name);
        let environment = Environment { home: Some(home.path().to_owned()), ..Environment::default() };
        fs::create_dir(at(".cassandra")).expect("made");
        fs::write(at(".cqlsh_history"), "old").expect("written");
        fs::write(at(".cassandra/cqlsh_history"), "new").expect("written");
        let files = Files::prepare(None, &environment, &mut Notices::default()).expect("good");
        assert_eq!(files.history, Some(at(".cassandra/cqlsh_history")));
        assert_eq!(fs::read_to_string(at(".cassandra/cqlsh_history")).expect("there"), "new");
        assert_eq!(fs::read_to_string(at(".cqlsh_history")).expect("there"), "old");
    }
}
