//! Java: finding one that can run a release, and the options each needs. Knows nothing of nodes or files of ours.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Places, SandboxError, Version};

/// A Java that can run the release it was looked up for.
#[derive(Debug)]
pub(super) struct Java {
    pub(super) program: PathBuf,
    major: u32,
}

/// What Cassandra's own `jvm11-server.options` and `jvm17-server.options` open of the JDK, as far as it is used here.
const EXPORTS: [&str; 6] = [
    "java.base/jdk.internal.misc",
    "java.base/sun.nio.ch",
    "java.management.rmi/com.sun.jmx.remote.internal.rmi",
    "java.rmi/sun.rmi.registry",
    "java.rmi/sun.rmi.server",
    "java.rmi/sun.rmi.transport.tcp",
];

const OPENS: [&str; 16] = [
    "java.base/java.io",
    "java.base/java.lang",
    "java.base/java.lang.module",
    "java.base/java.lang.reflect",
    "java.base/java.math",
    "java.base/java.net",
    "java.base/java.nio",
    "java.base/java.util",
    "java.base/java.util.concurrent",
    "java.base/java.util.concurrent.atomic",
    "java.base/jdk.internal.loader",
    "java.base/jdk.internal.math",
    "java.base/jdk.internal.module",
    "java.base/jdk.internal.ref",
    "java.base/jdk.internal.reflect",
    "java.base/sun.nio.ch",
];

impl Java {
    /// The Java of JAVA_HOME, else the first on PATH.
    ///
    /// # Errors
    /// There is none, it does not run, or its version cannot run this Cassandra.
    pub(super) fn find(places: &Places, version: Version) -> Result<Self, SandboxError> {
        let program = match &places.java_home {
            Some(home) => {
                let program = home.join("bin/java");
                if !program.is_file() {
                    return Err(SandboxError::JavaHome(home.clone()));
                }
                program
            }
            None => places.program("java").ok_or(SandboxError::NoJava { version })?,
        };
        let major = ask_version(&program)?;
        if !version.runs_on(major) {
            return Err(SandboxError::JavaVersion { version, program, found: major });
        }
        Ok(Self { program, major })
    }

    /// The options that let this Java run a node; `agent` is jamm, which measures objects. Without it a node on Java 17
    /// cannot prepare statements whose classes are hidden ones.
    pub(super) fn options(&self, agent: Option<&Path>) -> Vec<String> {
        let mut options = Vec::new();
        if self.major > 8 {
            options.push("-Djdk.attach.allowAttachSelf=true".to_owned());
            options.extend(EXPORTS.map(|package| format!("--add-exports={package}=ALL-UNNAMED")));
            options.extend(OPENS.map(|package| format!("--add-opens={package}=ALL-UNNAMED")));
            options.push("--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED".to_owned());
        }
        if self.major > 11 {
            options.push("-Djava.security.manager=allow".to_owned());
        }
        if let Some(agent) = agent {
            options.push(format!("-javaagent:{}", agent.display()));
        }
        options
    }
}

fn ask_version(program: &Path) -> Result<u32, SandboxError> {
    let broken = |reason: String| SandboxError::JavaBroken { program: program.to_owned(), reason };
    let output = Command::new(program).arg("-version").output().map_err(|error| broken(error.to_string()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    major_version(&said)
        .ok_or_else(|| broken(said.lines().next().unwrap_or("it does not tell its version").trim().to_owned()))
}

/// The major version in what `java -version` prints: 8 of `"1.8.0_402"`, 17 of `"17.0.15"`, 25 of `"25-ea"`.
fn major_version(said: &str) -> Option<u32> {
    let quoted = said.split_once("version \"")?.1.split('"').next()?;
    let mut numbers = quoted.split(|c: char| !c.is_ascii_digit()).map(|number| number.parse::<u32>().ok());
    match numbers.next()?? {
        1 => numbers.next()?,
        major => Some(major),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::script;

    /// A directory with a `bin/java` that says it is that version, as the real one does.
    fn home_of(version: &str) -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        let script = format!("echo 'openjdk version \"{version}\" 2025-04-15' >&2");
        script::write(&home.path().join("bin/java"), &script);
        home
    }

    fn find(home: &Path, version: Version) -> Result<Java, SandboxError> {
        Java::find(&Places { java_home: Some(home.to_owned()), ..Places::default() }, version)
    }

    #[test]
    fn the_major_version_is_read_from_old_and_new_spellings() {
        assert_eq!(major_version("openjdk version \"1.8.0_402\"\nOpenJDK Runtime"), Some(8));
        assert_eq!(major_version("openjdk version \"17.0.15\" 2025-04-15"), Some(17));
        assert_eq!(major_version("Picked up JAVA_TOOL_OPTIONS: -Dx\nopenjdk version \"25-ea\" 2025-09-16"), Some(25));
        assert_eq!(major_version("java: cannot execute"), None);
        assert_eq!(major_version("version \""), None);
    }

    #[test]
    fn java_home_comes_before_path_and_is_not_doubted() {
        let home = tempfile::tempdir().unwrap();
        let error = find(home.path(), Version::V5_0).unwrap_err();
        assert!(matches!(error, SandboxError::JavaHome(path) if path == home.path()));
    }

    #[test]
    fn without_java_the_sentence_says_which_is_needed() {
        let error = Java::find(&Places::default(), Version::V5_0).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Cassandra 5.0.6 needs Java 11 to 17, and no java was found: install it, or set JAVA_HOME to where it is."
        );
    }

    #[test]
    fn a_java_that_cannot_run_the_release_is_refused_by_its_number() {
        let home = home_of("25.0.1");
        let error = find(home.path(), Version::V4_1).unwrap_err();
        let expected = format!(
            "Cassandra 4.1.10 runs on Java 8 or 11 to 17, and {}/bin/java is Java 25: set JAVA_HOME to one of those.",
            home.path().display()
        );
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn java_8_gets_no_option_of_the_module_system() {
        let home = home_of("1.8.0_402");
        let java = find(home.path(), Version::V3_11).unwrap();
        assert!(java.options(None).is_empty());
    }

    #[test]
    fn java_17_is_allowed_to_set_a_security_manager_and_loads_the_agent_where_there_is_one() {
        let home = home_of("17.0.15");
        let java = find(home.path(), Version::V5_0).unwrap();
        let agent = Path::new("/jars/jamm-0.4.0.jar");
        let options = java.options(Some(agent));
        assert!(options.contains(&"-Djava.security.manager=allow".to_owned()));
        assert!(options.contains(&"-javaagent:/jars/jamm-0.4.0.jar".to_owned()));
        assert!(!java.options(None).iter().any(|option| option.starts_with("-javaagent")));
    }
}
