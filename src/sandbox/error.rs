//! Why a sandbox could not be started, each as one sentence that says what to do.

use std::io;
use std::path::PathBuf;

use super::Version;

/// Why a node could not be started: one sentence that says what is wrong and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// `--sandbox=VERSION` names a release that is not among [`Version::ALL`].
    #[error("Cassandra {0} cannot be started here: choose 3.11, 4.0, 4.1 or 5.0.")]
    UnknownVersion(String),
    /// Neither JAVA_HOME nor PATH leads to a Java.
    #[error("Cassandra {version} needs {}, and no java was found: install it, or set JAVA_HOME to where it is.", version.java_in_words())]
    NoJava {
        /// What was to be started.
        version: Version,
    },
    /// JAVA_HOME is set and there is no `bin/java` in it.
    #[error("JAVA_HOME ({}) has no bin/java: correct it, or unset it to use the java on PATH.", .0.display())]
    JavaHome(PathBuf),
    /// The Java that was found cannot be run, or does not tell its version.
    #[error("{} does not run ({reason}): set JAVA_HOME to a working Java.", program.display())]
    JavaBroken {
        /// The program.
        program: PathBuf,
        /// What it said.
        reason: String,
    },
    /// The Java that was found cannot run this Cassandra.
    #[error("Cassandra {version} runs on {}, and {} is Java {found}: set JAVA_HOME to one of those.", version.java_in_words(), program.display())]
    JavaVersion {
        /// What was to be started.
        version: Version,
        /// The Java that was found.
        program: PathBuf,
        /// Its major version.
        found: u32,
    },
    /// CASSANDRA_HOME holds no Cassandra.
    #[error("CASSANDRA_HOME ({}) has no Cassandra in its lib directory: set it to an unpacked Cassandra, or unset it.", .0.display())]
    EmptyHome(PathBuf),
    /// CASSANDRA_HOME holds a Cassandra of another series.
    #[error("CASSANDRA_HOME ({}) holds Cassandra {found}, not {}: ask for that version, or unset CASSANDRA_HOME.", home.display(), version.series())]
    HomeVersion {
        /// CASSANDRA_HOME.
        home: PathBuf,
        /// The release that lies there.
        found: String,
        /// What was to be started.
        version: Version,
    },
    /// The jars are not there yet, and there is no Maven to fetch them.
    #[error("Cassandra {version} has to be downloaded once, and Maven (mvn) was not found: install it, or set CASSANDRA_HOME to an unpacked Cassandra {}.", version.series())]
    NoMaven {
        /// What was to be started.
        version: Version,
    },
    /// The jars are not there yet, and there is no place to keep them.
    #[error("There is no cache directory for the jars: set HOME, XDG_CACHE_HOME or CASSANDRA_HOME.")]
    NoCache,
    /// Maven could not reach its repository.
    #[error("Cassandra {version} could not be downloaded ({reason}): check the network and try again; the whole story is in {}.", log.display())]
    NoNetwork {
        /// What was to be started.
        version: Version,
        /// What Maven said of the network.
        reason: String,
        /// Maven's output.
        log: PathBuf,
    },
    /// Maven failed for another reason.
    #[error("Maven could not fetch Cassandra {version} ({reason}): the whole story is in {}.", log.display())]
    MavenFailed {
        /// What was to be started.
        version: Version,
        /// The first line of what went wrong.
        reason: String,
        /// Maven's output.
        log: PathBuf,
    },
    /// Another program listens on a port that the node needs, on every loopback address.
    #[error("Port {0} is taken on every loopback address: stop the program that listens on it on all addresses.")]
    PortTaken(u16),
    /// No loopback address could be listened on.
    #[error("No loopback address can be used ({0}): the sandbox needs 127.0.0.0/8, as Linux has it.")]
    NoAddress(io::Error),
    /// A file or directory could not be made or read.
    #[error("{}: {source}.", path.display())]
    File {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The process that watches the node did not start or went away.
    #[error("The node's guard ({}) failed: {reason}.", program.display())]
    Guard {
        /// The program that was run as the guard.
        program: PathBuf,
        /// What went wrong.
        reason: String,
    },
    /// The node ended before it answered.
    #[error("Cassandra {version} ended while starting: {reason}")]
    Died {
        /// What was started.
        version: Version,
        /// The last error of its log, or the first line of its output.
        reason: String,
    },
    /// The node did not answer in time.
    #[error(
        "Cassandra {version} did not answer CQL on {address} within {seconds} seconds: try again on a machine with more memory or less work."
    )]
    Silent {
        /// What was started.
        version: Version,
        /// Where it should have answered.
        address: String,
        /// How long it was waited for.
        seconds: u64,
    },
}

impl SandboxError {
    /// An error of the file system at `path`.
    pub(super) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |source| Self::File { path, source }
    }
}
