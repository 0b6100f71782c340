//! CREATE KEYSPACE.

use super::options;
use crate::cluster::definition::KeyspaceDefinition;
use crate::cql::names::quote;

/// Where the server's own strategies live; their class stands without it.
const STRATEGIES: &str = "org.apache.cassandra.locator.";

/// The statement that makes a keyspace.
pub(super) fn create(keyspace: &KeyspaceDefinition) -> String {
    let (class, others): (Vec<_>, Vec<_>) =
        keyspace.replication.iter().cloned().partition(|(option, _)| option == "class");
    let class = class.first().map(|(_, class)| class.as_str()).unwrap_or_default();
    let class = class.strip_prefix(STRATEGIES).filter(|class| !class.contains('.')).unwrap_or(class);
    let mut replication = vec![("class".to_owned(), class.to_owned())];
    replication.extend(others);
    format!(
        "CREATE KEYSPACE {} WITH replication = {}  AND durable_writes = {};",
        quote(&keyspace.name),
        options::map(&replication),
        keyspace.durable_writes
    )
}
