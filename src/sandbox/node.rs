//! One node, seen from the program that wants it: written down, started through its guard, waited for, ended.

use std::ffi::OsString;
use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, BufRead, BufReader};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::address::Address;
use super::guard;
use super::jars::Jars;
use super::java::Java;
use super::{Builder, NATIVE_PORT, SUPERUSER, SandboxError, log, probe, yaml};

/// How long a node may take until it answers.
const LIMIT: Duration = Duration::from_secs(180);

/// How often it is asked meanwhile.
const INTERVAL: Duration = Duration::from_millis(100);

/// A node; dropping it ends the JVM and removes its directory.
#[derive(Debug)]
pub(super) struct Node {
    address: Address,
    directory: PathBuf,
    /// What runs it.
    command: Vec<OsString>,
    guard: Child,
    /// Closing it is what ends the node.
    pipe: Option<ChildStdin>,
    /// Finished when the node or its guard has ended.
    end: Option<JoinHandle<String>>,
}

impl Node {
    /// Starts a node at `address` that looks for the others at `seed`; it does not answer yet.
    pub(super) fn start(
        builder: &Builder,
        java: &Java,
        jars: &Jars,
        address: Address,
        seed: IpAddr,
        extra_yaml: &str,
    ) -> Result<Self, SandboxError> {
        let random = RandomState::new().build_hasher().finish();
        let directory = builder.places.temporary.join(format!("cqlsh-sandbox-{}-{random:016x}", address.ip));
        let failed = |reason: String| SandboxError::Guard { program: builder.program.clone(), reason };
        let mut guard =
            guard::command(&builder.program, &directory).spawn().map_err(|error| failed(error.to_string()))?;
        let pipe = guard.stdin.take();
        let said = guard.stdout.take().map(BufReader::new);
        let command = command(builder, java, jars, &directory, address.ip == seed);
        let mut node = Self { address, directory, command, guard, pipe, end: None };
        let mut said = said.ok_or_else(|| failed("it cannot be heard".to_owned()))?;
        match next_line(&mut said) {
            line if line == guard::READY => {}
            line if line.is_empty() => return Err(failed("it ended at once".to_owned())),
            line => return Err(failed(line)),
        }
        node.write_configuration(builder, seed, extra_yaml)?;
        node.send_command(builder, &node.command)?;
        // The guard's next line, or its end, is the end of the node.
        node.end = Some(thread::spawn(move || next_line(&mut said)));
        Ok(node)
    }

    fn send_command(&self, builder: &Builder, command: &[OsString]) -> Result<(), SandboxError> {
        let failed =
            |error: io::Error| SandboxError::Guard { program: builder.program.clone(), reason: error.to_string() };
        let Some(mut pipe) = self.pipe.as_ref() else { return Ok(()) };
        guard::send_command(&mut pipe, command).map_err(failed)
    }

    /// Kills the node and starts it again with the data it has, at the same address, and waits until it answers.
    pub(super) fn restart(&self, builder: &Builder) -> Result<(), SandboxError> {
        self.send_command(builder, &self.command)?;
        let address = SocketAddr::new(self.address.ip, NATIVE_PORT);
        self.wait_until(builder, || TcpStream::connect(address).is_err())?;
        self.wait_for_answer(builder)
    }

    /// Kills the node for good.
    pub(super) fn kill(&self, builder: &Builder) -> Result<(), SandboxError> {
        // What runs in its place ends at once.
        self.send_command(builder, &["true".into()])
    }

    fn write_configuration(&self, builder: &Builder, seed: IpAddr, extra: &str) -> Result<(), SandboxError> {
        let settings = yaml::Settings {
            version: builder.version,
            address: self.address.ip,
            seed,
            directory: &self.directory,
            authentication: builder.authentication,
            tls: builder.tls.as_ref(),
            extra,
        };
        for name in ["conf", "tmp"] {
            let path = self.directory.join(name);
            fs::create_dir(&path).map_err(SandboxError::file(&path))?;
        }
        for (name, text) in [
            ("conf/cassandra.yaml", yaml::cassandra_yaml(&settings).as_str()),
            ("conf/logback.xml", include_str!("logback.xml")),
        ] {
            let path = self.directory.join(name);
            fs::write(&path, text).map_err(SandboxError::file(&path))?;
        }
        Ok(())
    }

    pub(super) fn ip(&self) -> IpAddr {
        self.address.ip
    }

    /// Waits until the node answers a query, after a login where it wants one.
    pub(super) fn wait_for_answer(&self, builder: &Builder) -> Result<(), SandboxError> {
        // Whoever starts a node with certificates brings clients that know them; this one asks the log.
        let encrypted = builder.tls.is_some();
        self.wait_until(builder, || {
            if encrypted {
                log::is_up(&self.read("logs/system.log"), builder.authentication)
            } else {
                self.count_rows("SELECT release_version FROM system.local") == Some(1)
            }
        })
    }

    /// Waits until the node knows all `others` of its cluster.
    pub(super) fn wait_for_others(&self, builder: &Builder, others: u32) -> Result<(), SandboxError> {
        if builder.tls.is_some() {
            return Ok(());
        }
        self.wait_until(builder, || self.count_rows("SELECT peer, rpc_address FROM system.peers") == Some(others))
    }

    fn count_rows(&self, query: &str) -> Option<u32> {
        probe::count_rows(SocketAddr::new(self.address.ip, NATIVE_PORT), SUPERUSER, query).ok()
    }

    fn wait_until(&self, builder: &Builder, mut done: impl FnMut() -> bool) -> Result<(), SandboxError> {
        let begun = Instant::now();
        while !done() {
            if self.end.as_ref().is_none_or(JoinHandle::is_finished) {
                let reason = log::reason_of_death(&self.read("logs/system.log"), &self.read(guard::OUTPUT));
                return Err(SandboxError::Died { version: builder.version, reason });
            }
            if begun.elapsed() > LIMIT {
                let address = format!("{}:{NATIVE_PORT}", self.address.ip);
                return Err(SandboxError::Silent { version: builder.version, address, seconds: LIMIT.as_secs() });
            }
            thread::sleep(INTERVAL);
        }
        Ok(())
    }

    /// A file of the node's, as far as it can be read.
    fn read(&self, name: &str) -> String {
        fs::read(self.directory.join(name)).map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        drop(self.pipe.take());
        let _ = self.guard.wait();
        // Only a guard that was killed has left it.
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// The guard's next line without its end; empty when it has ended.
fn next_line(said: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    let _ = said.read_line(&mut line);
    line.trim_end().to_owned()
}

/// The command that runs a node in `directory`. No JMX port is named, so none is opened.
fn command(builder: &Builder, java: &Java, jars: &Jars, directory: &Path, is_seed: bool) -> Vec<OsString> {
    let heap = builder.heap_megabytes;
    let property = |name: &str, value: &Path| {
        let mut option = OsString::from(format!("-D{name}="));
        option.push(value);
        option
    };
    let mut class_path = OsString::from("conf");
    for path in jars.class_path() {
        class_path.push(":");
        class_path.push(path);
    }
    let mut command = vec![OsString::from(&java.program)];
    command.extend([format!("-Xms{heap}m"), format!("-Xmx{heap}m")].map(OsString::from));
    // Nothing is left in the system's temporary directory, and a node without memory ends instead of hanging.
    command.extend(["-Xss512k", "-XX:+UseG1GC", "-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError"].map(OsString::from));
    command.push(property("java.io.tmpdir", &directory.join("tmp")));
    command.extend(java.options(jars.agent().as_deref()).into_iter().map(OsString::from));
    command.push(property("cassandra.storagedir", directory));
    command.push(property("cassandra.logdir", &directory.join("logs")));
    command.extend(PROPERTIES.map(OsString::from));
    // How long the seed's first answer may take, among others: a busy machine must not keep a node from joining.
    command.push(format!("-Dcassandra.ring_delay_ms={}", if is_seed { 100 } else { 10_000 }).into());
    command.extend([OsString::from("-cp"), class_path, OsString::from("org.apache.cassandra.service.CassandraDaemon")]);
    command
}

/// Nobody is waited for, since nobody else is there; and passwords guard nothing worth a slow hash.
const PROPERTIES: [&str; 5] = [
    "-Dcassandra-foreground=yes",
    "-Dcassandra.superuser_setup_delay_ms=0",
    "-Dcassandra.skip_wait_for_gossip_to_settle=0",
    "-Dcassandra.consistent.rangemovement=false",
    "-Dcassandra.auth_bcrypt_gensalt_log2_rounds=4",
];
