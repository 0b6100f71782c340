//! A throwaway Cassandra node: jars, configuration, start, wait, stop.
//!
//! The node's whole life is watched by a guard: our own binary run again in a process group of its own with a pipe on
//! stdin. When the pipe closes, however this program ended, the guard ends the JVM and removes the data.

use std::net::IpAddr;
use std::path::PathBuf;

/// The Cassandra releases that can be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// 3.11.
    V3_11,
    /// 4.0.
    V4_0,
    /// 4.1.
    V4_1,
    /// 5.0, the default.
    #[default]
    V5_0,
}

/// What to start.
#[derive(Debug, Clone)]
pub struct Builder {
    /// The release.
    pub version: Version,
    /// How many nodes, each with an address of its own.
    pub nodes: usize,
    /// Password authentication and authorization on.
    pub authentication: bool,
    /// Client encryption: a PKCS12 keystore and its password; required of every client.
    pub tls: Option<Keystore>,
    /// Lines added to cassandra.yaml; a key that is there already is replaced.
    pub extra_yaml: String,
    /// Heap of each node in megabytes.
    pub heap_megabytes: u32,
    /// The cqlsh binary that is run again as the guard.
    pub program: PathBuf,
}

/// A server's key and certificate.
#[derive(Debug, Clone)]
pub struct Keystore {
    /// The PKCS12 file.
    pub path: PathBuf,
    /// Its password.
    pub password: String,
}

/// A running cluster; dropping it stops and removes it.
#[derive(Debug)]
pub struct Sandbox {}

/// Why a node could not be started: one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SandboxError(pub String);

impl Builder {
    /// One node of that version, without authentication.
    pub fn new(version: Version, program: PathBuf) -> Self {
        Self {
            version,
            nodes: 1,
            authentication: false,
            tls: None,
            extra_yaml: String::new(),
            heap_megabytes: 512,
            program,
        }
    }

    /// Starts it and waits until it answers CQL. `progress` is told in a few words what is being waited for.
    pub fn start(&self, _progress: &mut dyn FnMut(&str)) -> Result<Sandbox, SandboxError> {
        todo!()
    }
}

impl Sandbox {
    /// The nodes' addresses.
    pub fn addresses(&self) -> &[IpAddr] {
        todo!()
    }

    /// The native protocol's port, the same on every node.
    pub fn port(&self) -> u16 {
        todo!()
    }
}

/// The guard's whole work, called by `main` when the program finds itself run as one; returns when all is removed.
pub fn guard(_arguments: &[String]) {
    todo!()
}
