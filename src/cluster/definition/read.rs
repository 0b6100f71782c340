//! The tables of `system_schema`, put together to keyspaces.

use std::collections::HashMap;

use super::row::{Row, for_each};
use super::{
    AggregateDefinition, ColumnDefinition, DroppedColumn, FunctionDefinition, IndexDefinition, KeyspaceDefinition,
    TableDefinition, TableStorage, TypeDefinition, ViewDefinition,
};
use crate::cluster::schema::Storage;
use crate::cluster::{Page, QueryError, Session};
use crate::cql::names::literal;

/// How often the schema is read again because it changed meanwhile.
const ATTEMPTS: usize = 5;

/// Columns of `tables` and `views` that are no options.
const NO_OPTIONS: [&str; 9] = [
    "keyspace_name",
    "table_name",
    "view_name",
    "id",
    "flags",
    "base_table_id",
    "base_table_name",
    "include_all_columns",
    "where_clause",
];

impl Session {
    /// The names of all keyspaces.
    pub async fn keyspace_names(&self) -> Result<Vec<String>, QueryError> {
        let mut names = Vec::new();
        for_each(&self.rows("SELECT keyspace_name FROM system_schema.keyspaces".to_owned()).await?, |row| {
            names.push(row.text("keyspace_name")?);
            Ok(())
        })?;
        Ok(names)
    }

    /// All keyspaces, or the one of this name if it exists, as they were at one moment.
    pub async fn definitions(&self, only: Option<&str>) -> Result<Vec<KeyspaceDefinition>, QueryError> {
        let mut version = self.schema_version().await?;
        for _ in 0..ATTEMPTS {
            let definitions = self.definitions_now(only).await?;
            let version_before = std::mem::replace(&mut version, self.schema_version().await?);
            if version == version_before {
                return Ok(definitions);
            }
        }
        Err(QueryError::unreadable("the schema changes while it is read"))
    }

    async fn definitions_now(&self, only: Option<&str>) -> Result<Vec<KeyspaceDefinition>, QueryError> {
        let of = only.map(|name| format!(" WHERE keyspace_name = {}", literal(name))).unwrap_or_default();
        let all = |table: &str| self.rows(format!("SELECT * FROM system_schema.{table}{of}"));
        let (keyspaces, types, functions, aggregates) =
            tokio::try_join!(all("keyspaces"), all("types"), all("functions"), all("aggregates"))?;
        let (tables, columns, dropped_columns) =
            tokio::try_join!(all("tables"), all("columns"), all("dropped_columns"))?;
        let (indexes, triggers, views) = tokio::try_join!(all("indexes"), all("triggers"), all("views"))?;

        let mut types = by_keyspace(&types, user_type)?;
        let mut functions = by_keyspace(&functions, function)?;
        let mut aggregates = by_keyspace(&aggregates, aggregate)?;
        let mut parts = Parts {
            columns: by_table(&columns, column)?,
            dropped_columns: by_table(&dropped_columns, dropped_column)?,
            indexes: by_table(&indexes, index)?,
            triggers: by_table(&triggers, trigger)?,
        };
        let mut tables = by_keyspace(&tables, |row| parts.table(row, "table_name", &row.texts("flags")?))?;
        let mut views = by_keyspace(&views, |row| parts.view(row))?;

        let mut definitions = Vec::with_capacity(keyspaces.len());
        for_each(&keyspaces, |row| {
            let name = row.text("keyspace_name")?;
            definitions.push(KeyspaceDefinition {
                durable_writes: row.boolean("durable_writes")?,
                replication: row.text_map("replication")?,
                types: types.remove(&name).unwrap_or_default(),
                functions: functions.remove(&name).unwrap_or_default(),
                aggregates: aggregates.remove(&name).unwrap_or_default(),
                tables: tables.remove(&name).unwrap_or_default(),
                views: views.remove(&name).unwrap_or_default(),
                name,
            });
            Ok(())
        })?;
        Ok(definitions)
    }
}

/// Keyspace and table.
type TableKey = (String, String);

/// What rows say, keyspace by keyspace.
fn by_keyspace<T>(
    page: &Page,
    mut read: impl FnMut(&Row<'_>) -> Result<T, QueryError>,
) -> Result<HashMap<String, Vec<T>>, QueryError> {
    let mut all: HashMap<_, Vec<T>> = HashMap::new();
    for_each(page, |row| {
        all.entry(row.text("keyspace_name")?).or_default().push(read(row)?);
        Ok(())
    })?;
    Ok(all)
}

/// What rows say, table by table.
fn by_table<T>(
    page: &Page,
    read: fn(&Row<'_>) -> Result<T, QueryError>,
) -> Result<HashMap<TableKey, Vec<T>>, QueryError> {
    let mut all: HashMap<_, Vec<T>> = HashMap::new();
    for_each(page, |row| {
        all.entry((row.text("keyspace_name")?, row.text("table_name")?)).or_default().push(read(row)?);
        Ok(())
    })?;
    Ok(all)
}

/// Parts of tables that are not put together yet.
struct Parts {
    columns: HashMap<TableKey, Vec<Column>>,
    dropped_columns: HashMap<TableKey, Vec<DroppedColumn>>,
    indexes: HashMap<TableKey, Vec<IndexDefinition>>,
    triggers: HashMap<TableKey, Vec<(String, String)>>,
}

/// A row of `columns`.
struct Column {
    name: String,
    kind: String,
    position: usize,
    type_text: String,
    descending: bool,
}

impl Parts {
    fn table(&mut self, row: &Row<'_>, name_column: &str, flags: &[String]) -> Result<TableDefinition, QueryError> {
        let key = (row.text("keyspace_name")?, row.text(name_column)?);
        let columns = self.columns.remove(&key).unwrap_or_default();
        let storage = Storage::from_flags(flags);
        let mut options = Vec::new();
        for name in row.names().filter(|name| !NO_OPTIONS.contains(name)) {
            if let Some(value) = row.option(name)? {
                options.push((name.to_owned(), value));
            }
        }
        Ok(TableDefinition {
            id: row.uuid("id")?,
            storage: table_storage(&columns, flags),
            columns: columns.into_iter().filter_map(|column| column.shown(storage)).collect(),
            dropped_columns: self.dropped_columns.remove(&key).unwrap_or_default(),
            options,
            indexes: self.indexes.remove(&key).unwrap_or_default(),
            triggers: self.triggers.remove(&key).unwrap_or_default(),
            name: key.1,
        })
    }

    fn view(&mut self, row: &Row<'_>) -> Result<ViewDefinition, QueryError> {
        Ok(ViewDefinition {
            // Views have no flags and are stored as CQL does by itself.
            table: self.table(row, "view_name", &["compound".to_owned()])?,
            base_table: row.text("base_table_name")?,
            all_columns: row.boolean("include_all_columns")?,
            where_clause: row.text("where_clause")?,
        })
    }
}

impl Column {
    /// The column as CQL shows it, if it does.
    fn shown(self, storage: Storage) -> Option<ColumnDefinition> {
        let kind = storage.column_kind(&self.kind, self.position, &self.type_text)?;
        Some(ColumnDefinition { name: self.name, kind, type_text: self.type_text, descending: self.descending })
    }
}

/// How a table is stored, as its columns and flags show.
fn table_storage(columns: &[Column], flags: &[String]) -> TableStorage {
    // What a table without clustering columns hides is of these types, unless Thrift asked for others.
    let is_made_by_cql = |column: &Column| match column.kind.as_str() {
        "clustering" => column.type_text == "text",
        "regular" => column.type_text == "blob" || column.type_text == "counter",
        _ => true,
    };
    match Storage::from_flags(flags) {
        _ if flags.iter().any(|flag| flag == "super") => TableStorage::Thrift,
        Storage::Ordinary => TableStorage::Ordinary,
        Storage::Dense => TableStorage::Compact,
        Storage::CompactStatic if columns.iter().all(is_made_by_cql) => TableStorage::Compact,
        Storage::CompactStatic => TableStorage::Thrift,
    }
}

fn column(row: &Row<'_>) -> Result<Column, QueryError> {
    Ok(Column {
        name: row.text("column_name")?,
        kind: row.text("kind")?,
        position: usize::try_from(row.integer("position")?).unwrap_or(0),
        type_text: row.text("type")?,
        descending: row.text("clustering_order")?.eq_ignore_ascii_case("desc"),
    })
}

fn dropped_column(row: &Row<'_>) -> Result<DroppedColumn, QueryError> {
    Ok(DroppedColumn {
        name: row.text("column_name")?,
        type_text: row.text("type")?,
        is_static: row.text("kind")? == "static",
        dropped_at: row.integer("dropped_time")?.saturating_mul(1000),
    })
}

fn index(row: &Row<'_>) -> Result<IndexDefinition, QueryError> {
    let mut index = IndexDefinition { name: row.text("index_name")?, ..IndexDefinition::default() };
    for (name, value) in row.text_map("options")? {
        match name.as_str() {
            "target" => index.target = value,
            "class_name" => index.class = Some(value),
            _ => index.options.push((name, value)),
        }
    }
    Ok(index)
}

fn trigger(row: &Row<'_>) -> Result<(String, String), QueryError> {
    let class = row.text_map("options")?.into_iter().find(|(name, _)| name == "class");
    Ok((row.text("trigger_name")?, class.map(|(_, class)| class).unwrap_or_default()))
}

fn user_type(row: &Row<'_>) -> Result<TypeDefinition, QueryError> {
    let fields = row.texts("field_names")?.into_iter().zip(row.texts("field_types")?).collect();
    Ok(TypeDefinition { name: row.text("type_name")?, fields })
}

fn function(row: &Row<'_>) -> Result<FunctionDefinition, QueryError> {
    Ok(FunctionDefinition {
        name: row.text("function_name")?,
        arguments: row.texts("argument_names")?.into_iter().zip(row.texts("argument_types")?).collect(),
        return_type: row.text("return_type")?,
        called_on_null_input: row.boolean("called_on_null_input")?,
        language: row.text("language")?,
        body: row.text("body")?,
    })
}

fn aggregate(row: &Row<'_>) -> Result<AggregateDefinition, QueryError> {
    Ok(AggregateDefinition {
        name: row.text("aggregate_name")?,
        argument_types: row.texts("argument_types")?,
        state_function: row.text("state_func")?,
        state_type: row.text("state_type")?,
        final_function: row.text_or_null("final_func")?,
        initial_state: row.text_or_null("initcond")?,
    })
}
