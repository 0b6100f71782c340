//! The names that completion asks for. How fresh they are is not known here.

use crate::cluster::{Catalogue, KeyspaceNames, TableNames};

/// Kinds of things with a name in a keyspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is what CQL calls so")]
pub(super) enum Kind {
    /// Ordinary and virtual tables.
    Table,
    View,
    Index,
    Type,
    Function,
    Aggregate,
    Trigger,
}

/// A file or a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name within its directory.
    pub name: String,
    /// Whether it is a directory.
    pub is_directory: bool,
}

/// Where names come from. All of them are as the schema has them, without quotes.
pub trait Names {
    /// The schema.
    fn catalogue(&self) -> &Catalogue;

    /// Roles; `None` where they may not be listed.
    fn roles(&self) -> Option<Vec<String>>;

    /// What is in a directory, a path as it is written in a statement: `~` is the home directory, nothing the current
    /// one.
    fn entries(&self, directory: &str) -> Vec<Entry>;
}

/// The names of a kind in a keyspace.
pub(super) fn of_kind(keyspace: &KeyspaceNames, kind: Kind) -> Vec<&str> {
    match kind {
        Kind::Table => keyspace.tables.keys().map(String::as_str).collect(),
        Kind::View => keyspace.views.keys().map(String::as_str).collect(),
        Kind::Type => keyspace.types.keys().map(String::as_str).collect(),
        Kind::Index => texts(&keyspace.indexes),
        Kind::Function => texts(&keyspace.functions),
        Kind::Aggregate => texts(&keyspace.aggregates),
        Kind::Trigger => texts(&keyspace.triggers),
    }
}

/// A table or view.
pub(super) fn table<'a>(catalogue: &'a Catalogue, keyspace: &str, name: &str) -> Option<&'a TableNames> {
    let keyspace = catalogue.keyspaces.get(keyspace)?;
    keyspace.tables.get(name).or_else(|| keyspace.views.get(name))
}

fn texts(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}
