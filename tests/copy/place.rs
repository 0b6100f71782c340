//! A keyspace of one test's own, a directory to work in, and a look at the cells that is not the program under test.

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cqlsh::cluster::{Batch, BatchKind, Consistency, Route, Terms};

use super::bytes::{Row, sized};
use crate::support::cqlsh::{Cqlsh, Ran};
use crate::support::node::{self, Node};
use crate::support::server::Server;

/// Bytes a batch, unless a single row has more; the server refuses larger ones.
const BATCH: usize = 4 * 1024;

pub struct Place<'n> {
    pub node: &'n Node,
    pub keyspace: String,
    directory: tempfile::TempDir,
    server: Server,
}

impl Place<'static> {
    /// On the shared node, after these statements.
    pub fn new(schema: &str) -> Self {
        Place::on(node::plain(), schema)
    }
}

impl<'n> Place<'n> {
    pub fn on(node: &'n Node, schema: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let place = Self { node, keyspace: node::keyspace("copy"), directory, server: Server::of(node) };
        let replication = "{'class': 'SimpleStrategy', 'replication_factor': 1}";
        place.query(&format!("CREATE KEYSPACE {} WITH replication = {replication}", place.keyspace));
        place.run(schema).succeeded();
        place
    }

    /// cqlsh in the directory and the keyspace, to run these statements.
    pub fn cqlsh(&self, statements: &str) -> Cqlsh {
        self.shell(&["-e", statements])
    }

    /// cqlsh in the directory and the keyspace.
    pub fn shell(&self, arguments: &[&str]) -> Cqlsh {
        let all: Vec<&str> = ["-k", &self.keyspace].iter().chain(arguments).copied().collect();
        self.node.cqlsh(&all).cwd(self.directory.path())
    }

    /// The same by way of a relay that listens there.
    pub fn cqlsh_by_way_of(&self, port: u16, statements: &str) -> Cqlsh {
        let arguments = ["127.0.0.1", &port.to_string(), "-k", &self.keyspace, "-e", statements];
        Cqlsh::new(arguments).cwd(self.directory.path())
    }

    pub fn run(&self, statements: &str) -> Ran {
        self.cqlsh(statements).run()
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.directory.path().join(file)
    }

    pub fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(file), content).unwrap();
    }

    #[track_caller]
    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    /// The names in the directory, sorted, hidden ones too.
    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.directory.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The table's rows as the server has them, sorted by their bytes.
    pub fn cells(&self, table: &str) -> Vec<Row> {
        let mut rows = self.query(&format!("SELECT * FROM {}.{table}", self.keyspace));
        rows.sort();
        rows
    }

    /// Every row of the statement's answer.
    #[track_caller]
    pub fn query(&self, cql: &str) -> Vec<Row> {
        self.server.rows(cql)
    }

    /// Binds the cells as they are to an INSERT of these columns.
    #[track_caller]
    pub fn insert(&self, table: &str, columns: &[&str], rows: &[Row]) {
        let (names, markers) = (columns.join(", "), vec!["?"; columns.len()].join(", "));
        let cql = format!("INSERT INTO {}.{table} ({names}) VALUES ({markers})", self.keyspace);
        let session = self.server.session.clone();
        let prepared = self.server.runtime.run(async move { session.prepare_write(cql).await }).unwrap().unwrap();
        let encoded: Vec<Vec<u8>> =
            rows.iter().map(|row| row.iter().flat_map(|cell| sized(cell.as_deref())).collect()).collect();
        let mut rest = &encoded[..];
        while !rest.is_empty() {
            let mut bytes = 0;
            let fits = |row: &&Vec<u8>| {
                bytes += row.len();
                bytes <= BATCH
            };
            let (together, later) = rest.split_at(rest.iter().take_while(fits).count().max(1));
            rest = later;
            let mut encoded = prepared.rows(together.len(), bytes);
            together.iter().for_each(|cells| encoded.push(cells));
            let batch = Batch::new(Arc::new(encoded), 0..together.len());
            let (session, prepared) = (self.server.session.clone(), prepared.clone());
            let (route, consistency, timeout) = (Route::default(), Consistency::One, Duration::from_secs(60));
            let terms = Terms { route, consistency, timeout };
            let written = self
                .server
                .runtime
                .run(async move { session.write(&prepared, batch, BatchKind::Unlogged, &terms).await });
            written.unwrap().unwrap_or_else(|error| panic!("{}", error.line));
        }
    }
}

/// Reads what a COPY prints until rows are on their way, and gives it.
#[track_caller]
pub fn read_until_under_way(stdout: &mut impl Read) -> Vec<u8> {
    let (mut seen, mut byte) = (Vec::new(), [0]);
    while !seen.ends_with(b"Processed: ") {
        assert_eq!(stdout.read(&mut byte).unwrap(), 1, "it ended with {:?}", String::from_utf8_lossy(&seen));
        seen.push(byte[0]);
    }
    seen
}

/// Says which cell differs, not just that something does.
#[track_caller]
pub fn assert_same(expected: &[Row], found: &[Row], what: &str) {
    for (expected, found) in expected.iter().zip(found) {
        for (column, (expected, found)) in expected.iter().zip(found).enumerate() {
            let shown = |cell: &Option<Vec<u8>>| cell.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            let texts = (shown(expected), shown(found));
            assert_eq!(expected, found, "column {column}, {what}, as text: {texts:?}");
        }
    }
    assert_eq!(expected.len(), found.len(), "rows, {what}");
}
