//! A look at a node's cells that is not the program under test: the bytes as the server sends them.

use std::time::Duration;

use cqlsh::cluster::{ConnectOptions, Consistency, Credentials, Request, Runtime, Secret, SerialConsistency, Session};
use cqlsh::sandbox::SUPERUSER;
use cqlsh::value::ValueError;

use super::node::Node;

/// A row: its cells' bytes, `None` for null.
pub type Row = Vec<Option<Vec<u8>>>;

/// A session of the test's own.
pub struct Server {
    pub runtime: Runtime,
    pub session: Session,
}

impl Server {
    /// Connects, as the superuser where one has to log in.
    pub fn of(node: &Node) -> Self {
        let (user, password) = SUPERUSER;
        let credentials = Credentials { user: user.to_owned(), password: Secret::new(password.to_owned()) };
        let options = ConnectOptions {
            host: node.host(),
            port: node.port(),
            credentials: node.authentication().then_some(credentials),
            tls: None,
            compression: None,
            keyspace: None,
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(60),
            cql_version: None,
            protocol_version: None,
        };
        let runtime = Runtime::start().unwrap();
        let session = runtime.run(Session::connect(options)).unwrap().unwrap();
        Self { runtime, session }
    }

    /// Every row of the statement's answer, in its order.
    #[track_caller]
    pub fn rows(&self, cql: &str) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut paging_state = None;
        loop {
            let request = Request {
                cql: cql.to_owned(),
                consistency: Consistency::One,
                serial_consistency: SerialConsistency::Serial,
                page_size: Some(1000),
                paging_state: paging_state.take(),
                tracing: false,
            };
            let session = self.session.clone();
            let page = self.runtime.run(async move { session.query(request).await }).unwrap().unwrap();
            page.for_each_row(|cells| {
                rows.push(cells.iter().map(|cell| cell.map(<[u8]>::to_vec)).collect());
                Ok::<(), ValueError>(())
            })
            .unwrap();
            match page.next() {
                Some(next) => paging_state = Some(next.clone()),
                None => return rows,
            }
        }
    }
}
