//! What `system_schema` says of keyspaces and everything in them, as it stands there (Cassandra 3.0 to 3.11).
//!
//! Knows how the tables hang together, and not how they are told. Nothing is kept: each question is asked anew.

mod read;
pub(super) mod row;

use uuid::Uuid;

use super::ColumnKind;

/// A keyspace.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KeyspaceDefinition {
    /// Its name, unquoted, like all names here.
    pub name: String,
    /// Whether writes go to the commit log.
    pub durable_writes: bool,
    /// The strategy's full `class` and its options.
    pub replication: Vec<(String, String)>,
    /// User types.
    pub types: Vec<TypeDefinition>,
    /// Functions; one that is overloaded occurs more than once.
    pub functions: Vec<FunctionDefinition>,
    /// Aggregates, likewise.
    pub aggregates: Vec<AggregateDefinition>,
    /// Tables.
    pub tables: Vec<TableDefinition>,
    /// Materialized views.
    pub views: Vec<ViewDefinition>,
}

/// A user type.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TypeDefinition {
    /// Its name.
    pub name: String,
    /// Names and types of its fields, in declared order. Types are texts of CQL throughout.
    pub fields: Vec<(String, String)>,
}

/// A function.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FunctionDefinition {
    /// Its name.
    pub name: String,
    /// Names and types of its arguments.
    pub arguments: Vec<(String, String)>,
    /// The type of its result.
    pub return_type: String,
    /// Whether it is called when an argument is null.
    pub called_on_null_input: bool,
    /// The language of its body.
    pub language: String,
    /// Its body.
    pub body: String,
}

/// An aggregate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AggregateDefinition {
    /// Its name.
    pub name: String,
    /// The types of its arguments.
    pub argument_types: Vec<String>,
    /// The function that takes in a row.
    pub state_function: String,
    /// The type of the state.
    pub state_type: String,
    /// The function that makes the result of the state.
    pub final_function: Option<String>,
    /// The first state, as the server wrote it down.
    pub initial_state: Option<String>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableDefinition {
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: Uuid,
    /// Its columns, those that CQL shows.
    pub columns: Vec<ColumnDefinition>,
    /// Columns that were dropped. One of them may have been added again.
    pub dropped_columns: Vec<DroppedColumn>,
    /// How it is stored.
    pub storage: TableStorage,
    /// Options by their names in CQL, in the alphabet's order; those that the release does not have are not there.
    pub options: Vec<(String, OptionValue)>,
    /// Secondary indexes.
    pub indexes: Vec<IndexDefinition>,
    /// Names and classes of triggers.
    pub triggers: Vec<(String, String)>,
}

/// How a table is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TableStorage {
    /// As CQL does by itself.
    #[default]
    Ordinary,
    /// WITH COMPACT STORAGE.
    Compact,
    /// In a way that only Thrift could ask for.
    Thrift,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnDefinition {
    /// Its name.
    pub name: String,
    /// Its part in the table.
    pub kind: ColumnKind,
    /// Its type.
    pub type_text: String,
    /// Whether rows are in descending order of it.
    pub descending: bool,
}

/// A column that was dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DroppedColumn {
    /// Its name.
    pub name: String,
    /// Its type; user types became tuples.
    pub type_text: String,
    /// Whether it was static.
    pub is_static: bool,
    /// Since when it does not count, in microseconds since 1970.
    pub dropped_at: i64,
}

/// The value of an option.
#[derive(Debug, Clone, PartialEq)]
pub enum OptionValue {
    /// `'…'`.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Fraction(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A map of texts.
    Texts(Vec<(String, String)>),
    /// A map of blobs.
    Blobs(Vec<(String, Vec<u8>)>),
}

/// A secondary index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IndexDefinition {
    /// Its name.
    pub name: String,
    /// What is indexed, as CQL: a column or something like `keys(column)`.
    pub target: String,
    /// The class of a custom index.
    pub class: Option<String>,
    /// Options of a custom index.
    pub options: Vec<(String, String)>,
}

/// A materialized view.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ViewDefinition {
    /// The table behind it: name, id, columns and options.
    pub table: TableDefinition,
    /// The table it is a view of.
    pub base_table: String,
    /// Whether it shows all columns of that table.
    pub all_columns: bool,
    /// Its WHERE clause as CQL.
    pub where_clause: String,
}
