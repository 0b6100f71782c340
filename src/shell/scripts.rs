//! What `-f` names: a script, or a directory whose scripts are run one after the other in the same shell.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Fatal, Shell, StartError};
use crate::print::python;
use crate::terminal::{Script, Terminal};

/// The endings of scripts in a directory.
const ENDINGS: [&str; 3] = [".cql", ".cql.gz", ".cql.zst"];

/// Scripts that can be read.
pub(super) enum Scripts {
    /// One, by its path as given.
    One(String, Script),
    /// Those of a directory, in the order of their names.
    Several(Vec<PathBuf>),
}

impl Scripts {
    /// Opens the script, or sees to it that each of the directory can be opened.
    pub(super) fn open(path: &str) -> Result<Self, StartError> {
        let failed = |error| StartError::File { path: path.to_owned(), error };
        if !Path::new(path).is_dir() {
            return Ok(Self::One(path.to_owned(), open(Path::new(path))?));
        }
        let mut scripts = Vec::new();
        for entry in fs::read_dir(path).map_err(failed)? {
            let script = entry.map_err(failed)?.path();
            if script.file_name().is_some_and(is_script) && !script.is_dir() {
                scripts.push(script);
            }
        }
        if scripts.is_empty() {
            return Err(StartError::NoScripts { path: path.to_owned() });
        }
        scripts.sort();
        scripts.iter().try_for_each(|script| open(script).map(drop))?;
        Ok(Self::Several(scripts))
    }
}

/// Whether `*.cql` and the like stand for the name: as in a shell, not for hidden files.
fn is_script(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    !name.starts_with('.') && ENDINGS.iter().any(|ending| name.ends_with(ending))
}

fn open(path: &Path) -> Result<Script, StartError> {
    let failed = |error| StartError::File { path: path.to_string_lossy().into_owned(), error };
    Script::open(path).map_err(failed)
}

impl Shell {
    /// Runs them. What one of them changes is there for the next, and EXIT ends the one it stands in.
    pub(super) fn run_scripts(&mut self, scripts: Scripts, terminal: &mut Terminal) -> Result<(), Fatal> {
        let paths = match scripts {
            Scripts::One(name, mut script) => return self.run_lines(&mut script, &name, terminal),
            Scripts::Several(paths) => paths,
        };
        for path in paths {
            let name = path.to_string_lossy();
            match Script::open(&path) {
                Ok(mut script) => self.run_lines(&mut script, &name, terminal)?,
                // It went away since.
                Err(error) => {
                    terminal.set_place(None);
                    terminal.error(&format!(
                        "Could not open {}: {}",
                        python::repr(&name),
                        python::os_error(&error, &name)
                    ));
                }
            }
            if self.ends_at_error(terminal) {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(scripts: &Scripts, directory: &Path) -> Vec<String> {
        let Scripts::Several(paths) = scripts else { panic!("a directory") };
        paths.iter().map(|path| path.strip_prefix(directory).unwrap().display().to_string()).collect()
    }

    #[test]
    fn a_directorys_scripts_come_in_the_order_of_their_names() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["b.cql", "a.cql.gz", "10.cql", "2.cql.zst", "B.cql", ".hidden.cql", "x.sql", "cql", "a.cql~"] {
            fs::write(directory.path().join(name), "").unwrap();
        }
        fs::create_dir(directory.path().join("directory.cql")).unwrap();
        let scripts = Scripts::open(directory.path().to_str().unwrap()).map_err(|error| error.to_string()).unwrap();
        assert_eq!(names(&scripts, directory.path()), ["10.cql", "2.cql.zst", "B.cql", "a.cql.gz", "b.cql"]);
    }

    #[test]
    fn a_script_of_a_directory_that_cannot_be_opened_is_told_before_any_is_run() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("a.cql"), "").unwrap();
        std::os::unix::fs::symlink("nowhere", directory.path().join("b.cql")).unwrap();
        let Err(error) = Scripts::open(directory.path().to_str().unwrap()) else { panic!("opened") };
        let path = directory.path().join("b.cql").display().to_string();
        let expected = format!("Can't open '{path}': [Errno 2] No such file or directory: '{path}'");
        assert_eq!(error.to_string(), expected);
    }
}
