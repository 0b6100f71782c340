//! The names of all there is: keyspaces, tables with their columns, types with their fields, and so on, for completion.
//!
//! Read a page at a time and kept small, because a cluster may have thousands of tables. Works from Cassandra 3.0 on;
//! virtual tables, since 4.0, have a schema of their own.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::definition::row::{Row, for_each};
use super::schema::{SCHEMA, SchemaRow, Storage, VIRTUAL_SCHEMA, arrange, system_request};
use super::{Consistency, QueryError, QueryErrorKind, Session, TableColumn};

/// Everything that has a name, by keyspaces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// The version of the schema; nil when it changed while it was read.
    pub version: Uuid,
    /// The keyspaces, virtual ones too.
    pub keyspaces: BTreeMap<String, KeyspaceNames>,
    /// The data centres, sorted.
    pub data_centers: Vec<String>,
}

/// What a keyspace has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyspaceNames {
    /// Tables.
    pub tables: BTreeMap<String, TableNames>,
    /// Materialized views.
    pub views: BTreeMap<String, TableNames>,
    /// Indexes.
    pub indexes: Vec<String>,
    /// Triggers.
    pub triggers: Vec<String>,
    /// Functions, each once.
    pub functions: Vec<String>,
    /// Aggregates, each once.
    pub aggregates: Vec<String>,
    /// User-defined types: their fields, each with its type.
    pub types: BTreeMap<String, Vec<(String, String)>>,
}

/// What a table or view has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableNames {
    /// Partition key, clustering columns, then the rest.
    pub columns: Vec<TableColumn>,
    /// What its indexes are on, as the schema writes it: `v`, `keys(m)`.
    pub indexed: Vec<String>,
}

/// Rows of the schema that are read at a time.
const PAGE: i32 = 5000;

impl Session {
    /// The version of the schema as this node has it.
    pub async fn schema_version(&self) -> Result<Uuid, QueryError> {
        let mut version = Uuid::nil();
        self.each("SELECT schema_version FROM system.local WHERE key = 'local'", |row| {
            version = row.uuid("schema_version")?;
            Ok(())
        })
        .await?;
        Ok(version)
    }

    /// The names of the roles, as far as this session may list them.
    pub async fn role_names(&self) -> Result<Vec<String>, QueryError> {
        let mut roles = Vec::new();
        self.each("LIST ROLES", |row| {
            roles.push(row.text("role")?);
            Ok(())
        })
        .await?;
        Ok(roles)
    }

    /// All names that the schema has.
    pub async fn catalogue(&self) -> Result<Catalogue, QueryError> {
        let before = self.schema_version().await?;
        let mut catalogue = Catalogue::default();
        self.read_keyspaces(&mut catalogue, SCHEMA).await?;
        match self.read_keyspaces(&mut catalogue, VIRTUAL_SCHEMA).await {
            // A server without virtual tables.
            Err(error) if error.kind == QueryErrorKind::Refused => {}
            read => read?,
        }
        self.read_objects(&mut catalogue.keyspaces).await?;
        for local in ["local", "peers"] {
            self.each(&format!("SELECT data_center FROM system.{local}"), |row| {
                catalogue.data_centers.extend(row.text_or_null("data_center")?);
                Ok(())
            })
            .await?;
        }
        catalogue.data_centers.sort_unstable();
        catalogue.data_centers.dedup();
        if self.schema_version().await? == before {
            catalogue.version = before;
        }
        Ok(catalogue)
    }

    /// Keyspaces and their tables and views with their columns.
    async fn read_keyspaces(&self, catalogue: &mut Catalogue, schema: &str) -> Result<(), QueryError> {
        let keyspaces = &mut catalogue.keyspaces;
        self.each(&format!("SELECT keyspace_name FROM {schema}.keyspaces"), |row| {
            keyspaces.entry(row.text("keyspace_name")?).or_default();
            Ok(())
        })
        .await?;
        let mut storage: BTreeMap<(String, String), Storage> = BTreeMap::new();
        if schema == SCHEMA {
            self.each("SELECT keyspace_name, view_name FROM system_schema.views", |row| {
                let keyspace = keyspaces.entry(row.text("keyspace_name")?).or_default();
                keyspace.views.entry(row.text("view_name")?).or_default();
                Ok(())
            })
            .await?;
            self.each("SELECT keyspace_name, table_name, flags FROM system_schema.tables", |row| {
                let name = (row.text("keyspace_name")?, row.text("table_name")?);
                storage.insert(name, Storage::from_flags(&row.texts("flags")?));
                Ok(())
            })
            .await?;
        }
        let mut table = (String::new(), String::new());
        let mut rows = Vec::new();
        let cql = format!("SELECT keyspace_name, table_name, column_name, kind, position, type FROM {schema}.columns");
        self.each(&cql, |row| {
            let name = (row.text("keyspace_name")?, row.text("table_name")?);
            if name != table {
                add_columns(keyspaces, &storage, std::mem::replace(&mut table, name), &mut rows);
            }
            rows.push(SchemaRow {
                name: row.text("column_name")?,
                kind: row.text("kind")?,
                position: i32::try_from(row.integer("position")?).unwrap_or(0),
                type_text: row.text("type")?,
            });
            Ok(())
        })
        .await?;
        add_columns(keyspaces, &storage, table, &mut rows);
        Ok(())
    }

    /// Indexes, triggers, types, functions and aggregates.
    async fn read_objects(&self, keyspaces: &mut BTreeMap<String, KeyspaceNames>) -> Result<(), QueryError> {
        self.each("SELECT keyspace_name, table_name, index_name, options FROM system_schema.indexes", |row| {
            let keyspace = keyspaces.entry(row.text("keyspace_name")?).or_default();
            keyspace.indexes.push(row.text("index_name")?);
            let target = row.text_map("options")?.into_iter().find(|(name, _)| name == "target");
            if let Some(table) = keyspace.tables.get_mut(&row.text("table_name")?) {
                table.indexed.extend(target.map(|(_, target)| target));
            }
            Ok(())
        })
        .await?;
        self.each("SELECT keyspace_name, type_name, field_names, field_types FROM system_schema.types", |row| {
            let fields = row.texts("field_names")?.into_iter().zip(row.texts("field_types")?).collect();
            let keyspace = keyspaces.entry(row.text("keyspace_name")?).or_default();
            keyspace.types.insert(row.text("type_name")?, fields);
            Ok(())
        })
        .await?;
        for (kind, take) in NAMES {
            self.each(&format!("SELECT keyspace_name, {kind}_name FROM system_schema.{kind}s"), |row| {
                let names = take(keyspaces.entry(row.text("keyspace_name")?).or_default());
                let name = row.text(&format!("{kind}_name"))?;
                // Functions of one name have a row for each of their signatures, one after the other.
                if names.last() != Some(&name) {
                    names.push(name);
                }
                Ok(())
            })
            .await?;
        }
        Ok(())
    }

    /// Reads rows a page at a time.
    async fn each(
        &self,
        cql: &str,
        mut take: impl FnMut(&Row<'_>) -> Result<(), QueryError>,
    ) -> Result<(), QueryError> {
        let mut request = system_request(cql.to_owned(), Consistency::One, Some(PAGE));
        loop {
            let page = self.query(request.clone()).await?;
            for_each(&page, &mut take)?;
            match page.next() {
                Some(next) => request.paging_state = Some(next.clone()),
                None => return Ok(()),
            }
        }
    }
}

/// Names that are all there is to know: what their kind is called, and where they go.
type Take = fn(&mut KeyspaceNames) -> &mut Vec<String>;
const NAMES: [(&str, Take); 3] = [
    ("trigger", |keyspace| &mut keyspace.triggers),
    ("function", |keyspace| &mut keyspace.functions),
    ("aggregate", |keyspace| &mut keyspace.aggregates),
];

/// Adds a table's or view's columns, and takes their rows.
fn add_columns(
    keyspaces: &mut BTreeMap<String, KeyspaceNames>,
    storage: &BTreeMap<(String, String), Storage>,
    name: (String, String),
    rows: &mut Vec<SchemaRow>,
) {
    let rows = std::mem::take(rows);
    if rows.is_empty() {
        return;
    }
    let columns = arrange(rows, storage.get(&name).copied().unwrap_or(Storage::Ordinary));
    let (keyspace, table) = name;
    let keyspace = keyspaces.entry(keyspace).or_default();
    let names = match keyspace.views.get_mut(&table) {
        Some(view) => view,
        None => keyspace.tables.entry(table).or_default(),
    };
    names.columns = columns;
}
