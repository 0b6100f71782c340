//! What a DESCRIBE asks for, looked up in the schema; what is not there, in the server's words. Pure.

use super::{function, index, keyspace, table, user_type, view};
use crate::cluster::definition::{
    AggregateDefinition, FunctionDefinition, KeyspaceDefinition, TableDefinition, TypeDefinition, ViewDefinition,
};
use crate::cql::command::ObjectKind;
use crate::cql::names::quote;

/// Keyspaces that the server makes for itself.
const SYSTEM: [&str; 5] = ["system", "system_auth", "system_distributed", "system_schema", "system_traces"];

/// What is asked for does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::describe) enum NotFound {
    /// No keyspace is given, and none is in use.
    #[error("No keyspace specified and no current keyspace")]
    NoKeyspace,
    /// No keyspace of that name.
    #[error("'{0}' not found in keyspaces")]
    Keyspace(String),
    /// Nothing of that kind and name in that keyspace.
    #[error("{} '{name}' not found in {}'{keyspace}'", words(*kind), before_keyspace(*kind))]
    #[allow(missing_docs, reason = "said above")]
    Object { kind: ObjectKind, name: String, keyspace: String },
    /// Neither table, view nor index of that name in that keyspace.
    #[error("'{0}' not found in keyspace '{1}'")]
    Named(String, String),
}

fn words(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Table => "Table",
        ObjectKind::Index => "Table for existing index",
        ObjectKind::MaterializedView => "Materialized view",
        ObjectKind::Type => "User defined type",
        ObjectKind::Function => "User defined function",
        ObjectKind::Aggregate => "User defined aggregate",
    }
}

fn before_keyspace(kind: ObjectKind) -> &'static str {
    if kind == ObjectKind::Table { "keyspace " } else { "" }
}

/// Whether the server made this keyspace for itself.
pub(super) fn is_of_the_system(keyspace: &str) -> bool {
    SYSTEM.contains(&keyspace)
}

/// In the server's order: by name, whatever the case of its letters.
pub(super) fn sorted<T>(all: &[T], name: impl Fn(&T) -> String) -> Vec<&T> {
    let mut all: Vec<_> = all.iter().collect();
    all.sort_by_cached_key(|one| {
        let name = name(one);
        (name.to_lowercase(), name)
    });
    all
}

/// Keyspaces, to be told with or without internals.
#[derive(Debug)]
pub(super) struct Schema {
    pub(super) keyspaces: Vec<KeyspaceDefinition>,
    pub(super) internals: bool,
}

impl Schema {
    /// The statements that make all keyspaces.
    pub(super) fn everything(&self) -> Vec<String> {
        sorted(&self.keyspaces, |keyspace| keyspace.name.clone()).into_iter().flat_map(|ks| self.whole(ks)).collect()
    }

    /// The statements that make a keyspace with everything in it, or itself alone.
    pub(super) fn keyspace(&self, name: &str, only: bool) -> Result<Vec<String>, NotFound> {
        let found = self.find(name)?;
        Ok(if only { vec![keyspace::create(found)] } else { self.whole(found) })
    }

    /// The statements that make what has that name: functions and aggregates may be overloaded, a table has its indexes.
    pub(super) fn object(&self, keyspace: &str, kind: ObjectKind, name: &str) -> Result<Vec<String>, NotFound> {
        let statements = self.all(self.find(keyspace)?, kind, |found| found == name);
        if statements.is_empty() {
            return Err(NotFound::Object { kind, name: name.to_owned(), keyspace: keyspace.to_owned() });
        }
        Ok(statements)
    }

    /// The statements that make a table, a view or an index, whichever it is.
    pub(super) fn named(&self, keyspace: &str, name: &str) -> Result<Vec<String>, NotFound> {
        let found = self.find(keyspace)?;
        let kinds = [ObjectKind::Table, ObjectKind::MaterializedView, ObjectKind::Index];
        let statements = kinds.into_iter().map(|kind| self.all(found, kind, |found| found == name));
        let not_found = || NotFound::Named(name.to_owned(), keyspace.to_owned());
        statements.into_iter().find(|statements| !statements.is_empty()).ok_or_else(not_found)
    }

    /// The names of all things of a kind as they are listed, quoted, each with its keyspace. Views and indexes have no list of their
    /// own.
    pub(super) fn names(&self, kind: ObjectKind) -> Vec<(String, String)> {
        let mut names = Vec::new();
        for ks in sorted(&self.keyspaces, |keyspace| keyspace.name.clone()) {
            let listed: Vec<_> = match kind {
                ObjectKind::Type => types(ks).into_iter().map(|found| quote(&found.name)).collect(),
                ObjectKind::Function => functions(ks).into_iter().map(function::listed).collect(),
                ObjectKind::Aggregate => aggregates(ks).into_iter().map(function::listed_aggregate).collect(),
                ObjectKind::Table | ObjectKind::MaterializedView | ObjectKind::Index => {
                    tables(ks).into_iter().map(|found| quote(&found.name)).collect()
                }
            };
            names.extend(listed.into_iter().map(|name| (quote(&ks.name), name)));
        }
        names
    }

    /// Fails unless the keyspace is there.
    pub(super) fn has(&self, name: &str) -> Result<(), NotFound> {
        self.find(name).map(drop)
    }

    fn find(&self, name: &str) -> Result<&KeyspaceDefinition, NotFound> {
        let found = self.keyspaces.iter().find(|keyspace| keyspace.name == name);
        found.ok_or_else(|| NotFound::Keyspace(name.to_owned()))
    }

    /// A keyspace and everything in it, each thing after those it needs.
    fn whole(&self, ks: &KeyspaceDefinition) -> Vec<String> {
        let mut statements = vec![keyspace::create(ks)];
        for kind in [ObjectKind::Type, ObjectKind::Function, ObjectKind::Aggregate] {
            statements.extend(self.all(ks, kind, |_| true));
        }
        for table in tables(ks) {
            statements.extend(self.table(ks, table));
            let of_table = views(ks).into_iter().filter(|view| view.base_table == table.name);
            statements.extend(of_table.map(|found| view::create(&ks.name, found, self.internals)));
        }
        statements
    }

    /// The statements that make what is of a kind and has a name that is wanted.
    fn all(&self, ks: &KeyspaceDefinition, kind: ObjectKind, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
        match kind {
            ObjectKind::Table => tables(ks)
                .into_iter()
                .filter(|found| is_wanted(&found.name))
                .flat_map(|found| self.table(ks, found))
                .collect(),
            ObjectKind::Index => tables(ks)
                .into_iter()
                .flat_map(|table| table.indexes.iter().map(move |found| (table, found)))
                .filter(|(_, found)| is_wanted(&found.name))
                .map(|(table, found)| index::create(&ks.name, &table.name, found))
                .collect(),
            ObjectKind::MaterializedView => views(ks)
                .into_iter()
                .filter(|found| is_wanted(&found.table.name))
                .map(|found| view::create(&ks.name, found, self.internals))
                .collect(),
            ObjectKind::Type => user_type::in_order(&types(ks))
                .into_iter()
                .filter(|found| is_wanted(&found.name))
                .map(|found| user_type::create(&ks.name, found))
                .collect(),
            ObjectKind::Function => functions(ks)
                .into_iter()
                .filter(|found| is_wanted(&found.name))
                .map(|found| function::create(&ks.name, found))
                .collect(),
            ObjectKind::Aggregate => aggregates(ks)
                .into_iter()
                .filter(|found| is_wanted(&found.name))
                .map(|found| function::create_aggregate(&ks.name, found))
                .collect(),
        }
    }

    /// A table and what hangs on it.
    // Servers from 4.0 on leave out the triggers, which is a loss.
    fn table(&self, ks: &KeyspaceDefinition, table: &TableDefinition) -> Vec<String> {
        let mut statements = vec![table::create(&ks.name, table, self.internals)];
        let indexes = sorted(&table.indexes, |found| found.name.clone());
        statements.extend(indexes.into_iter().map(|found| index::create(&ks.name, &table.name, found)));
        let triggers = sorted(&table.triggers, |(name, _)| name.clone());
        statements.extend(
            triggers.into_iter().map(|(name, class)| index::create_trigger(&ks.name, &table.name, name, class)),
        );
        statements
    }
}

fn tables(ks: &KeyspaceDefinition) -> Vec<&TableDefinition> {
    sorted(&ks.tables, |found| found.name.clone())
}

fn views(ks: &KeyspaceDefinition) -> Vec<&ViewDefinition> {
    sorted(&ks.views, |found| found.table.name.clone())
}

fn types(ks: &KeyspaceDefinition) -> Vec<&TypeDefinition> {
    sorted(&ks.types, |found| found.name.clone())
}

fn functions(ks: &KeyspaceDefinition) -> Vec<&FunctionDefinition> {
    sorted(&ks.functions, |found| format!("{}{}", found.name, function::listed(found)))
}

fn aggregates(ks: &KeyspaceDefinition) -> Vec<&AggregateDefinition> {
    sorted(&ks.aggregates, |found| format!("{}{}", found.name, function::listed_aggregate(found)))
}
