//! The names that completion asks for. Where they come from, and how fresh they are, is not known here.

use crate::cluster::TableColumn;

/// Kinds of things with a name in a keyspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is what CQL calls so")]
pub enum Kind {
    /// Ordinary and virtual tables.
    Table,
    View,
    Index,
    Type,
    Function,
    Aggregate,
    Trigger,
}

/// A table or a view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableShape {
    /// Partition key, clustering columns, then the rest.
    pub columns: Vec<TableColumn>,
    /// What its indexes are on, as the schema writes it: `v`, `keys(m)`.
    pub indexed: Vec<String>,
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
    /// Keyspaces, virtual ones too.
    fn keyspaces(&self) -> Vec<String>;

    /// The names of a kind in a keyspace.
    fn named(&self, kind: Kind, keyspace: &str) -> Vec<String>;

    /// A table or view.
    fn table(&self, keyspace: &str, name: &str) -> Option<TableShape>;

    /// The fields of a type, each with its type.
    fn fields(&self, keyspace: &str, name: &str) -> Option<Vec<(String, String)>>;

    /// Roles, as far as they may be seen.
    fn roles(&self) -> Vec<String>;

    /// Data centres.
    fn data_centers(&self) -> Vec<String>;

    /// What is in a directory, a path as it is written in a statement: `~` is the home directory, nothing the current
    /// one.
    fn entries(&self, directory: &str) -> Vec<Entry>;
}
