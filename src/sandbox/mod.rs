//! A throwaway Cassandra: jars, configuration, start, wait, stop.
//!
//! Each node's life is watched by a guard: our own binary run again in a process group of its own with a pipe on
//! stdin. When the pipe closes, however this program ended, the guard ends the JVM and removes the data.
//! This room knows no statement but those that tell whether a node is there, and it does not use the driver.

mod address;
mod error;
mod guard;
mod jars;
mod java;
mod log;
mod maven;
mod node;
mod places;
mod probe;
#[cfg(test)]
mod script;
mod version;
mod yaml;

use std::net::IpAddr;
use std::path::PathBuf;

pub use error::SandboxError;
pub use guard::guard;
pub use places::Places;
pub use version::Version;

use address::Address;
use jars::Jars;
use java::Java;
use node::Node;

/// The native protocol's port on every node: nodes differ by address.
pub const NATIVE_PORT: u16 = 9042;

const STORAGE_PORT: u16 = 7000;

/// The role and password that a node with authentication begins with.
pub const SUPERUSER: (&str, &str) = ("cassandra", "cassandra");

/// What to start.
#[derive(Debug, Clone)]
pub struct Builder {
    /// The release.
    pub version: Version,
    /// How many nodes, each with an address of its own.
    pub nodes: usize,
    /// Password authentication and authorization on; [`SUPERUSER`] can log in.
    pub authentication: bool,
    /// TLS, required of every client; from 4.1 on.
    pub tls: Option<Encryption>,
    /// Lines added to cassandra.yaml; a top-level key that is there already is replaced.
    pub extra_yaml: String,
    /// The same for single nodes, by their place.
    pub own_yaml: Vec<String>,
    /// Heap of each node in megabytes.
    pub heap_megabytes: u32,
    /// The cqlsh binary that is run again as the guard; its `main` calls [`guard()`].
    pub program: PathBuf,
    /// Where Java, Maven, jars and temporary files are.
    pub places: Places,
}

/// Who a node is to its clients, in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encryption {
    /// The node's key (PKCS#8) and its certificates, in one file.
    pub identity: PathBuf,
    /// The authorities whose certificates clients have to show, if they have to.
    pub authorities: Option<PathBuf>,
}

/// A running cluster; dropping it stops and removes it.
#[derive(Debug)]
pub struct Sandbox {
    builder: Builder,
    nodes: Vec<Node>,
    addresses: Vec<IpAddr>,
}

impl Builder {
    /// One node of that version, without authentication.
    pub fn new(version: Version, program: PathBuf, places: Places) -> Self {
        Self {
            version,
            nodes: 1,
            authentication: false,
            tls: None,
            extra_yaml: String::new(),
            own_yaml: Vec::new(),
            heap_megabytes: 512,
            program,
            places,
        }
    }

    /// Starts it and waits until every node answers CQL. `progress` is told in a few words what is being waited for.
    ///
    /// # Errors
    /// Whatever keeps it from starting, see [`SandboxError`]. Nothing is left behind then but downloaded jars.
    pub fn start(&self, progress: &mut dyn FnMut(&str)) -> Result<Sandbox, SandboxError> {
        let java = Java::find(&self.places, self.version)?;
        let jars = Jars::find(&self.places, self.version, progress)?;
        let mut nodes: Vec<Node> = Vec::new();
        for number in 0..self.nodes {
            progress(&format!("starting Cassandra {}", self.version));
            let address = Address::claim(&[NATIVE_PORT, STORAGE_PORT])?;
            let seed = nodes.first().map_or(address.ip, Node::ip);
            let own = self.own_yaml.get(number).map(String::as_str).unwrap_or_default();
            let extra = format!("{}\n{own}", self.extra_yaml);
            let node = Node::start(self, &java, &jars, address, seed, &extra)?;
            progress(&format!("waiting for CQL on {}:{NATIVE_PORT}", node.ip()));
            node.wait_for_answer(self)?;
            nodes.push(node);
        }
        let others = nodes.len().saturating_sub(1) as u32;
        for node in nodes.iter().filter(|_| others > 0) {
            progress("waiting for the nodes to see each other");
            node.wait_for_others(self, others)?;
        }
        let addresses = nodes.iter().map(Node::ip).collect();
        Ok(Sandbox { builder: self.clone(), nodes, addresses })
    }
}

impl Sandbox {
    /// The nodes' addresses.
    pub fn addresses(&self) -> &[IpAddr] {
        &self.addresses
    }

    /// Kills every node, one after the other, and starts it again at its address with the data it has; each answers when
    /// the next is killed. What was acknowledged in the last moment may be lost, unless `commitlog_sync` is `batch`.
    ///
    /// # Errors
    /// Whatever keeps a node from starting, see [`SandboxError`].
    pub fn restart(&self) -> Result<(), SandboxError> {
        self.nodes.iter().try_for_each(|node| node.restart(&self.builder))
    }

    /// Kills one node, by its place; the others go on.
    ///
    /// # Errors
    /// Its guard cannot be told, see [`SandboxError`].
    pub fn kill(&self, number: usize) -> Result<(), SandboxError> {
        self.nodes.get(number).map_or(Ok(()), |node| node.kill(&self.builder))
    }

    /// The native protocol's port, the same on every node.
    pub fn port(&self) -> u16 {
        NATIVE_PORT
    }
}
