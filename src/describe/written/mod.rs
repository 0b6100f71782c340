//! DESCRIBE for servers that do not know it: what they would say, written from `system_schema`.
//!
//! The layout is that of Cassandra 4.0. The options are those that the server has, so that it can run what it is told.

mod find;
mod function;
mod index;
mod keyspace;
mod options;
mod table;
mod user_type;
mod view;

use std::net::IpAddr;

use super::Answer;
use super::layout::{self, Names};
use crate::cluster::{QueryError, Session};
use crate::cql::command::{Describe, Described};
use crate::cql::names::quote;
use find::{NotFound, Schema};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// What is asked for does not exist.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// The schema cannot be read.
    #[error(transparent)]
    Query(#[from] QueryError),
}

/// The answer to a DESCRIBE.
pub(super) async fn answer(
    describe: Describe,
    current_keyspace: Option<String>,
    session: Session,
) -> Result<Answer, Refusal> {
    let current = current_keyspace.as_deref();
    let in_use = || current.ok_or(NotFound::NoKeyspace);
    let read = async |only: Option<&str>| {
        let keyspaces = session.definitions(only).await?;
        Ok::<_, QueryError>(Schema { keyspaces, internals: describe.internals })
    };
    let statements = match &describe.what {
        Described::Keyspaces => {
            let names = session.keyspace_names().await?;
            return Ok(Answer::Keyspaces(
                find::sorted(&names, String::clone).into_iter().map(|name| quote(name)).collect(),
            ));
        }
        Described::Cluster => return Ok(Answer::Cluster(cluster(&session, current).await?)),
        Described::All(kind) => {
            let schema = read(current).await?;
            current.map_or(Ok(()), |keyspace| schema.has(keyspace))?;
            let mut names = Names::new(current.is_none());
            schema.names(*kind).into_iter().for_each(|(keyspace, name)| names.push(&keyspace, name));
            return Ok(Answer::Names(names));
        }
        Described::Schema { full } => {
            let mut schema = read(None).await?;
            schema.keyspaces.retain(|keyspace| *full || !find::is_of_the_system(&keyspace.name));
            schema.everything()
        }
        Described::Keyspace { name, only } => {
            let name = name.as_deref().map_or_else(in_use, Ok)?;
            read(Some(name)).await?.keyspace(name, *only)?
        }
        Described::Object(kind, name) => {
            let keyspace = name.keyspace.as_deref().map_or_else(in_use, Ok)?;
            read(Some(keyspace)).await?.object(keyspace, *kind, &name.table)?
        }
        Described::Named(name) => match (name.keyspace.as_deref(), current) {
            (Some(keyspace), _) => read(Some(keyspace)).await?.named(keyspace, &name.table)?,
            (None, current) => match (read(Some(&name.table)).await?.keyspace(&name.table, false), current) {
                (Err(_), Some(keyspace)) => read(Some(keyspace)).await?.named(keyspace, &name.table)?,
                (found, _) => found?,
            },
        },
    };
    Ok(Answer::Statements(statements))
}

async fn cluster(session: &Session, current: Option<&str>) -> Result<String, QueryError> {
    let server = session.server();
    let partitioner = server.partitioner.strip_prefix("org.apache.cassandra.dht.").unwrap_or(&server.partitioner);
    let ownership = match current {
        Some(keyspace) => session.ownership(keyspace).await?,
        None => None,
    };
    let ownership = ownership.map(|ranges| {
        let text = |(token, nodes): (i128, Vec<IpAddr>)| -> layout::Range {
            (token.to_string(), nodes.iter().map(ToString::to_string).collect())
        };
        let mut ranges: Vec<_> = ranges.into_iter().map(text).collect();
        // 4.0 has them in the order of their texts.
        ranges.sort();
        ranges
    });
    // Servers before 4.0 tell nobody what snitch they have.
    Ok(layout::cluster(&server.cluster_name, partitioner, None, ownership.as_deref()))
}
