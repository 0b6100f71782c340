//! Who logs in: flags, the credentials file and cqlshrc weighed against each other, with cqlsh's words about secrets that
//! others can read. It asks for no password and knows nothing of connections.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::cqlshrc::{Cqlshrc, read_ini};
use super::notices::Notices;
use super::{ConfigError, Environment, Flags, Ini, expand_home, password_file};
use crate::cql::secret::Secret;

/// Whoever logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The role.
    pub user: String,
    /// Its password.
    pub password: Password,
}

/// Where a password is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Password {
    /// Here.
    Given(Secret),
    /// On the first line of standard input: `--password-file -`.
    FirstLine,
    /// Nowhere: it is to be asked for.
    Asked,
}

/// The section of the credentials file.
const SECTION: &str = "plain_text_auth";

/// The authentication that there is: its module and class in the Python driver.
const PLAIN_TEXT: (&str, &str) = ("cassandra.auth", "PlainTextAuthProvider");

/// What flags and files say, so far as it is not yet clear whether anybody logs in.
pub(super) struct Asked {
    user: Option<String>,
    password: Option<Secret>,
    of_stdin: bool,
    file: Ini,
    path: PathBuf,
}

impl Asked {
    /// Reads the credentials file, unless others may read it too.
    pub(super) fn read(
        flags: &Flags,
        cqlshrc: &Cqlshrc,
        environment: &Environment,
        notices: &mut Notices,
    ) -> Result<Self, ConfigError> {
        let not_empty = |text: &String| !text.is_empty();
        let user = cqlshrc.text("authentication", "username", notices);
        let password = cqlshrc.raw("authentication", "password").map(str::to_owned);
        if user.as_ref().is_some_and(not_empty) || password.as_ref().is_some_and(not_empty) {
            if password.as_ref().is_some_and(not_empty) && !is_secure(&cqlshrc.path, environment.user)? {
                notices.note(
                    "\nWarning: Password is found in an insecure cqlshrc file. The file is owned or readable by other \
                     users on the system.",
                );
            }
            notices.note(
                "\nNotice: Credentials in the cqlshrc file is deprecated and will be ignored in the future.\
                 \nPlease use a credentials file to specify the username and password.\n\n",
            );
        }

        let of_cqlshrc = cqlshrc.text("authentication", "credentials", notices);
        let path = match flags.credentials.clone().or(of_cqlshrc) {
            Some(path) => expand_home(&path, environment.home.as_deref()),
            None => cqlshrc.path.parent().unwrap_or(Path::new("")).join("credentials"),
        };
        let is_secure = is_secure(&path, environment.user)?;
        if !is_secure {
            notices.note(&insecure(&path));
        }
        let password_flag = flags.password.clone().filter(|password| !password.is_empty());
        if password_flag.is_some() && !flags.insecure_password_without_warning {
            notices.note(
                "\nWarning: Using a password on the command line interface can be insecure.\
                 \nRecommendation: use the credentials file to securely provide the password.\n\n",
            );
        }
        let file = if is_secure { read_ini(&path, notices)? } else { Ini::default() };

        let user = flags.username.clone().filter(not_empty).or_else(|| {
            let of_file = file.get(SECTION, "username").unwrap_or_else(|error| {
                notices.unused("username", SECTION, &path, &error);
                None
            });
            of_file.or(user)
        });
        let of_stdin = flags.password_file.as_deref() == Some("-");
        let of_password_file = match flags.password_file.as_deref().filter(|_| !of_stdin) {
            Some(path) => {
                let path = expand_home(path, environment.home.as_deref());
                Some(password_file::read(&path, environment.user, notices)?)
            }
            None => None,
        };
        let of_file = || file.raw(SECTION, "password").or(password.as_deref()).map(|text| Secret::new(text.to_owned()));
        let password = password_flag.or(of_password_file).or_else(|| environment.password.clone()).or_else(of_file);
        Ok(Self { user, password, of_stdin, file, path })
    }

    /// Who logs in, if anybody, after `[auth_provider]` has had its say.
    pub(super) fn login(
        self,
        cqlshrc: &Cqlshrc,
        environment: &Environment,
        notices: &mut Notices,
    ) -> Result<Option<Login>, ConfigError> {
        let mut options: HashMap<String, String> = cqlshrc.items("auth_provider")?.into_iter().collect();
        match (options.remove("module"), options.remove("classname")) {
            (None, None) => {}
            (Some(module), Some(class)) if (module.as_str(), class.as_str()) == PLAIN_TEXT => {}
            (Some(module), Some(class)) => {
                let provider = format!("{module}.{class}");
                return Err(ConfigError::AuthProvider { path: cqlshrc.path.clone(), provider });
            }
            // cqlsh logs nobody in, without a word.
            _ => {
                notices.note(&format!(
                    "Warning: [auth_provider] of '{}' gives one of module and classname without the other; nobody is \
                     logged in.\n",
                    cqlshrc.path.display()
                ));
                return Ok(None);
            }
        }
        if options.contains_key("password") {
            if !is_secure(&cqlshrc.path, environment.user)? {
                notices.note(INSECURE_PROVIDER);
            }
            notices.note(DEPRECATED_PROVIDER);
        }
        let unknown = |options: &HashMap<String, String>, path: &Path| {
            let key = options.keys().filter(|key| !matches!(key.as_str(), "username" | "password")).min()?;
            Some(ConfigError::AuthOption { path: path.to_owned(), key: key.clone() })
        };
        let own = self.file.items(PLAIN_TEXT.1).into_iter();
        let own = own.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        if let Some(error) = unknown(&options, &cqlshrc.path).or_else(|| unknown(&own, &self.path)) {
            // cqlsh looks no further when there is no user name.
            let has_user = [&options, &own].iter().any(|options| options.contains_key("username"));
            return if has_user || self.user.is_some() { Err(error) } else { Ok(None) };
        }
        options.extend(own);
        let user = self.user.or_else(|| options.remove("username"));
        let password = self.password.or_else(|| options.remove("password").map(Secret::new));
        let password = match password.filter(|password| !password.is_empty()) {
            _ if self.of_stdin => Password::FirstLine,
            Some(password) => Password::Given(password),
            None => Password::Asked,
        };
        Ok(user.map(|user| Login { user, password }))
    }
}

/// cqlsh: its source's indentation is part of the text.
const INSECURE_PROVIDER: &str = "\nWarning: Password is found in an insecure cqlshrc file.
                    The file is owned or readable by other users on the system.";

const DEPRECATED_PROVIDER: &str = "\nNotice: Credentials in the cqlshrc file is deprecated and
        will be ignored in the future.\n
        Please use a credentials file to
        specify the username and password.\n\n";

fn insecure(path: &Path) -> String {
    format!(
        "\nWarning: Credentials file '{}' exists but is not used, because:\
         \n  a. the file owner is not the current user; or\
         \n  b. the file is readable by group or other.\
         \nPlease ensure the file is owned by the current user and is not readable by group or other.\
         \nOn a Linux or UNIX-like system, you often can do this by using the `chown` and `chmod` commands:\
         \n  chown YOUR_USERNAME credentials\
         \n  chmod 600 credentials\n\n",
        path.display()
    )
}

/// Whether nobody but its owner reads a file and the owner is `user`; a file that is not there is secure.
fn is_secure(path: &Path, user: u32) -> Result<bool, ConfigError> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(is_private(metadata.uid(), metadata.mode(), user)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(ConfigError::Inaccessible { path: path.to_owned(), error }),
    }
}

/// cqlsh: root may read what is anybody's, and who may write does not matter.
pub(super) fn is_private(owner: u32, mode: u32, user: u32) -> bool {
    const READ_BY_OTHERS: u32 = 0o044;
    (user == 0 || owner == user) && mode & READ_BY_OTHERS == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_private_when_its_owner_alone_reads_it() {
        for (owner, mode, user, private) in [
            (7, 0o600, 7, true),
            (7, 0o600, 8, false),
            (7, 0o600, 0, true),
            (7, 0o622, 7, true),
            (7, 0o711, 7, true),
            (7, 0o640, 7, false),
            (7, 0o604, 7, false),
            (0, 0o644, 0, false),
        ] {
            assert_eq!(is_private(owner, mode, user), private, "{owner} {mode:o} {user}");
        }
    }
}
