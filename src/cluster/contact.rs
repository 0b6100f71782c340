//! One node and no other: a session of the driver that talks only to the address the user gave.
//!
//! Whatever addresses a cluster's nodes announce of themselves, behind a port map or a tunnel they lead nowhere. cqlsh
//! talks to its contact point alone, and so does this program.

use std::future::{Future, ready};
use std::net::SocketAddr;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use scylla::authentication::PlainTextAuthenticator;
use scylla::client::Compression;
use scylla::client::SelfIdentity;
use scylla::client::execution_profile::ExecutionProfile;
use scylla::client::session::{Session as Driver, SessionConfig, TlsContext};
use scylla::cluster::metadata::Peer;
use scylla::cluster::{ClusterState, NodeAddr, NodeRef};
use scylla::errors::TranslationError;
use scylla::policies::address_translator::{AddressTranslator, UntranslatedPeer};
use scylla::policies::host_filter::HostFilter;
use scylla::policies::load_balancing::{FallbackPlan, LoadBalancingPolicy, RoutingInfo};
use scylla::policies::timestamp_generator::MonotonicTimestampGenerator;
use scylla::routing::Shard;
use scylla::statement::Consistency;
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

use super::errors::{self, Attempt, Failure};
use super::retry::OnceMore;
use super::{ConnectError, ConnectOptions};

/// How much longer than a connection itself its first conversation may take, so that a silent server is told from an
/// unreachable one.
const GRACE: Duration = Duration::from_millis(100);

/// How long one of a host's addresses is waited for before the next one is tried beside it.
const HEAD_START: Duration = Duration::from_secs(1);

/// Nodes and schema are not read again by the clock: nothing here depends on them.
const NEVER: Duration = Duration::from_secs(365 * 24 * 3600);

/// A connected session of the driver, and the node it talks to.
pub(super) struct Connected {
    pub(super) driver: Driver,
    pub(super) address: SocketAddr,
    /// Whether the host has other addresses too.
    pub(super) has_others: bool,
    contact: Arc<Contact>,
}

impl Connected {
    /// Tells which node it is that answers at the address.
    pub(super) async fn identify(&self, host_id: Uuid) {
        if self.contact.identify(host_id) {
            // Another node of the cluster stood in for it; a failure shows at the next request.
            let _ = self.driver.refresh_metadata().await;
        }
    }
}

/// Connects to the first of the host's addresses that answers. They are tried in their order; one that does not answer
/// at once does not keep the next from being tried beside it.
pub(super) async fn connect(options: &ConnectOptions) -> Result<Connected, ConnectError> {
    let addresses = resolve(&options.host, options.port).await?;
    let mut untried = addresses.iter().copied();
    let mut attempts = JoinSet::new();
    let mut failures = Vec::new();
    loop {
        if let Some(address) = untried.next() {
            let options = options.clone();
            attempts.spawn(async move { connect_to(address, &options).await.map_err(|failure| (address, failure)) });
        }
        let ended = match untried.len() {
            0 => attempts.join_next().await,
            _ => match timeout(HEAD_START, attempts.join_next()).await {
                Ok(ended) => ended,
                Err(_) => continue,
            },
        };
        match ended {
            Some(Ok(Ok(connected))) => return Ok(Connected { has_others: addresses.len() > 1, ..connected }),
            Some(Ok(Err(failure))) => failures.push(failure),
            Some(Err(error)) => error.try_into_panic().map_or((), |panic| resume_unwind(panic)),
            None => break,
        }
    }
    failures.sort_by_key(|(address, _)| addresses.iter().position(|other| other == address));
    Err(errors::unreachable(&failures))
}

async fn connect_to(address: SocketAddr, options: &ConnectOptions) -> Result<Connected, Failure> {
    let contact = Arc::new(Contact { address, host_id: Mutex::new(None) });
    let session = Driver::connect(config(options, &contact));
    match timeout(options.connect_timeout + GRACE, session).await {
        Ok(Ok(driver)) => Ok(Connected { driver, address, has_others: false, contact }),
        Ok(Err(error)) => Err(Attempt { address, encrypted: options.tls.is_some() }.failure(&error)),
        Err(_) => Err(errors::timed_out(options.connect_timeout)),
    }
}

/// The host's addresses, each once, in the system's order.
async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, ConnectError> {
    if let Ok(address) = host.parse() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let found = tokio::net::lookup_host((host, port)).await.map_err(|error| errors::unknown_host(host, &error))?;
    let mut addresses = Vec::new();
    for address in found {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    Ok(addresses)
}

fn config(options: &ConnectOptions, contact: &Arc<Contact>) -> SessionConfig {
    let profile = ExecutionProfile::builder()
        .consistency(Consistency::One)
        .load_balancing_policy(Arc::new(OnlyContact))
        .retry_policy(Arc::new(OnceMore))
        // Every request brings a limit of its own.
        .request_timeout(None)
        .build();
    let mut config = SessionConfig::new();
    config.add_known_node_addr(contact.address);
    config.address_translator = Some(Arc::clone(contact) as Arc<dyn AddressTranslator>);
    config.host_filter = Some(Arc::clone(contact) as Arc<dyn HostFilter>);
    config.default_execution_profile_handle = profile.into_handle();
    config.authenticator = options.credentials.as_ref().map(|credentials| {
        let password = credentials.password.reveal().to_owned();
        Arc::new(PlainTextAuthenticator::new(credentials.user.clone(), password)) as Arc<_>
    });
    config.tls_context = options.tls.as_ref().map(|tls| TlsContext::from(tls.config()));
    config.compression = options.compresses(contact.address.ip()).then_some(Compression::Lz4);
    config.connect_timeout = options.connect_timeout;
    // As the original's driver does: one clock, this machine's, orders all that one user does, be it by statement or by
    // COPY, whose rows carry their timestamps.
    config.timestamp_generator = Some(Arc::new(MonotonicTimestampGenerator::new()));
    config.identity = SelfIdentity::new()
        .with_application_name(env!("CARGO_PKG_NAME"))
        .with_application_version(env!("CARGO_PKG_VERSION"));
    config.driver_config_reporting = false;
    // The schema is asked for where it is needed, in our own words: the driver's reading of it takes time at the start
    // and fails as a whole on types it does not know.
    config.fetch_schema_metadata = false;
    config.fetch_full_schema_metadata = false;
    config.schema_agreement_automatic_waiting = false;
    config.refresh_metadata_on_auto_schema_agreement = false;
    config.cluster_metadata_refresh_interval = NEVER;
    config
}

/// The address the user gave, in place of every announced one, and the node behind it.
struct Contact {
    address: SocketAddr,
    host_id: Mutex<Option<Uuid>>,
}

impl Contact {
    /// Settles which node it is; whether that changes what was taken for it so far.
    fn identify(&self, host_id: Uuid) -> bool {
        self.host_id().replace(host_id) != Some(host_id)
    }

    /// Whether a node of the cluster is taken for the one behind the address: the one that announces this very address,
    /// and as long as none did, the first one seen.
    fn is(&self, host_id: Uuid, announced: NodeAddr) -> bool {
        let mut known = self.host_id();
        if known.is_none() || announced.ip() == self.address.ip() {
            *known = Some(host_id);
        }
        *known == Some(host_id)
    }

    fn host_id(&self) -> std::sync::MutexGuard<'_, Option<Uuid>> {
        self.host_id.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HostFilter for Contact {
    fn accept(&self, peer: &Peer) -> bool {
        self.is(peer.host_id, peer.address)
    }
}

impl AddressTranslator for Contact {
    fn translate_address<'a, 'b, 'c>(
        &'a self,
        _announced: &'b UntranslatedPeer,
    ) -> Pin<Box<dyn Future<Output = Result<SocketAddr, TranslationError>> + Send + 'c>>
    where
        'a: 'c,
        'b: 'c,
    {
        Box::pin(ready(Ok(self.address)))
    }
}

/// Sends every request to the one node that the filter let in.
#[derive(Debug)]
struct OnlyContact;

impl LoadBalancingPolicy for OnlyContact {
    fn pick<'a>(
        &'a self,
        _request: &'a RoutingInfo,
        cluster: &'a ClusterState,
    ) -> Option<(NodeRef<'a>, Option<Shard>)> {
        let node = cluster.get_nodes_info().iter().find(|node| node.is_enabled())?;
        Some((node, None))
    }

    fn fallback<'a>(&'a self, _request: &'a RoutingInfo, _cluster: &'a ClusterState) -> FallbackPlan<'a> {
        Box::new(std::iter::empty())
    }

    fn name(&self) -> String {
        "OnlyContact".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact() -> Contact {
        Contact { address: "192.0.2.1:9042".parse().unwrap(), host_id: Mutex::new(None) }
    }

    fn announced(address: &str) -> NodeAddr {
        NodeAddr::Translatable(address.parse().unwrap())
    }

    #[test]
    fn the_node_that_announces_the_contacts_address_is_the_contact() {
        let contact = contact();
        let (far, near) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert!(contact.is(far, announced("10.0.0.1:9042")));
        assert!(contact.is(near, announced("192.0.2.1:9042")));
        assert!(!contact.is(far, announced("10.0.0.1:9042")));
        assert!(!contact.identify(near));
    }

    #[test]
    fn behind_a_port_map_the_first_node_stands_in_until_the_contact_is_known() {
        let contact = contact();
        let (first, second) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert!(contact.is(first, announced("10.0.0.1:9042")));
        assert!(!contact.is(second, announced("10.0.0.2:9042")));
        assert!(contact.identify(second));
        assert!(!contact.is(first, announced("10.0.0.1:9042")));
        assert!(contact.is(second, announced("10.0.0.2:9042")));
    }
}
