//! Reaching one node: address, credentials, time limits.

use std::net::IpAddr;
use std::time::Duration;

use super::Tls;
pub use crate::cql::secret::Secret;

/// A user name and password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The role.
    pub user: String,
    /// Its password.
    pub password: Secret,
}

/// Where and how to connect.
#[derive(Debug, Clone)]
pub struct ConnectOptions {
    /// Host name or address as given.
    pub host: String,
    /// The native protocol's port.
    pub port: u16,
    /// Who logs in, if anyone.
    pub credentials: Option<Credentials>,
    /// TLS, if the node is to be talked to through it.
    pub tls: Option<Tls>,
    /// Whether answers come compressed; where it is not said, those from other machines do.
    pub compression: Option<bool>,
    /// The keyspace to `USE` at once, unquoted.
    pub keyspace: Option<String>,
    /// Time limit of connecting.
    pub connect_timeout: Duration,
    /// Time limit of one request.
    pub request_timeout: Duration,
    /// The version of CQL that the server must speak, if it matters.
    pub cql_version: Option<String>,
    /// The version of the native protocol that the server must speak, if it matters; what is spoken is version 4.
    pub protocol_version: Option<i64>,
}

impl ConnectOptions {
    /// Whether answers from this address are to come compressed. On one machine it costs more than it saves.
    pub(super) fn compresses(&self, address: IpAddr) -> bool {
        self.compression.unwrap_or(!address.to_canonical().is_loopback())
    }
}
