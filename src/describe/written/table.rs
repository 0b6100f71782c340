//! CREATE TABLE, and the ALTER TABLEs that bring back what was dropped.

use super::options::{properties, property};
use crate::cluster::ColumnKind;
use crate::cluster::definition::{ColumnDefinition, DroppedColumn, TableDefinition, TableStorage};
use crate::cql::names::quote;
use crate::cql::types::NativeType;

/// The statement that makes a table; with internals also its id and its dropped columns.
pub(super) fn create(keyspace: &str, table: &TableDefinition, internals: bool) -> String {
    let name = format!("{}.{}", quote(keyspace), quote(&table.name));
    let mut with = Vec::new();
    if table.storage != TableStorage::Ordinary {
        with.push("COMPACT STORAGE".to_owned());
    }
    with.extend(key_properties(table, internals));
    with.extend(table.options.iter().map(property));
    let dropped: &[DroppedColumn] = if internals { &table.dropped_columns } else { &[] };
    let columns = column_definitions(table, dropped).join(",\n    ");
    let mut text = format!("CREATE TABLE {name} (\n    {columns}\n) WITH {};", properties(&with));
    for dropped in dropped {
        let column = quote(&dropped.name);
        text.push_str(&format!("\nALTER TABLE {name} DROP {column} USING TIMESTAMP {};", dropped.dropped_at));
        if let Some(again) = table.columns.iter().find(|column| column.name == dropped.name) {
            text.push_str(&format!("\nALTER TABLE {name} ADD {};", definition(again)));
        }
    }
    match table.storage {
        TableStorage::Ordinary | TableStorage::Compact => text,
        TableStorage::Thrift => format!(
            "/*\nWarning: Table {name} omitted because it has constructs not compatible with CQL (was created via legacy \
             API).\nApproximate structure, for reference:\n(this should not be used to reproduce this schema)\n\n\
             {text}\n*/"
        ),
    }
}

/// The columns in the order in which they are told: the primary key's, static ones, the others; in each, those of
/// collections that can be changed element by element come last.
pub(super) fn in_order(table: &TableDefinition) -> Vec<&ColumnDefinition> {
    let mut columns: Vec<_> = table.columns.iter().collect();
    columns.sort_by_key(|column| match column.kind {
        ColumnKind::PartitionKey(position) => (0, position, false, &column.name),
        ColumnKind::Clustering(position) => (1, position, false, &column.name),
        ColumnKind::Static => (2, 0, is_multi_cell(&column.type_text), &column.name),
        ColumnKind::Regular => (3, 0, is_multi_cell(&column.type_text), &column.name),
    });
    columns
}

/// `PRIMARY KEY (…)`.
pub(super) fn primary_key(table: &TableDefinition) -> String {
    let partition_key = names(table, |kind| matches!(kind, ColumnKind::PartitionKey(_)));
    let mut key = match partition_key.as_slice() {
        [only] => vec![only.clone()],
        several => vec![format!("({})", several.join(", "))],
    };
    key.extend(names(table, |kind| matches!(kind, ColumnKind::Clustering(_))));
    format!("PRIMARY KEY ({})", key.join(", "))
}

/// Id and clustering order.
pub(super) fn key_properties(table: &TableDefinition, internals: bool) -> Vec<String> {
    let mut with = Vec::new();
    if internals {
        with.push(format!("ID = {}", table.id));
    }
    let clustering = in_order(table).into_iter().filter(|column| matches!(column.kind, ColumnKind::Clustering(_)));
    let order: Vec<_> = clustering
        .map(|column| format!("{} {}", quote(&column.name), if column.descending { "DESC" } else { "ASC" }))
        .collect();
    if !order.is_empty() {
        with.push(format!("CLUSTERING ORDER BY ({})", order.join(", ")));
    }
    with
}

/// What stands between the parentheses. A dropped column is there as it was; one that came back is added later.
fn column_definitions(table: &TableDefinition, dropped: &[DroppedColumn]) -> Vec<String> {
    let (key, others): (Vec<_>, Vec<_>) = in_order(table).into_iter().partition(|column| is_key(column));
    let is_dropped = |column: &&ColumnDefinition| dropped.iter().any(|dropped| dropped.name == column.name);
    let mut lines: Vec<_> = key.iter().map(|column| definition(column)).collect();
    if let [line] = lines.as_mut_slice() {
        line.push_str(" PRIMARY KEY");
    }
    lines.extend(others.into_iter().filter(|column| !is_dropped(column)).map(definition));
    lines.extend(dropped.iter().map(|column| line(&column.name, &column.type_text, column.is_static)));
    if key.len() != 1 {
        lines.push(primary_key(table));
    }
    lines
}

fn is_key(column: &ColumnDefinition) -> bool {
    matches!(column.kind, ColumnKind::PartitionKey(_) | ColumnKind::Clustering(_))
}

fn definition(column: &ColumnDefinition) -> String {
    line(&column.name, &column.type_text, column.kind == ColumnKind::Static)
}

fn line(name: &str, type_text: &str, is_static: bool) -> String {
    format!("{} {type_text}{}", quote(name), if is_static { " static" } else { "" })
}

fn names(table: &TableDefinition, of: impl Fn(ColumnKind) -> bool) -> Vec<String> {
    in_order(table).into_iter().filter(|column| of(column.kind)).map(|column| quote(&column.name)).collect()
}

/// Whether a value of this type is stored element by element: a collection or user type that is not frozen.
fn is_multi_cell(ty: &str) -> bool {
    let is_whole = ty.starts_with("frozen<") || ty.starts_with('\'') || NativeType::from_name(ty).is_some();
    !is_whole && ty != "empty"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, kind: ColumnKind, type_text: &str) -> ColumnDefinition {
        ColumnDefinition { name: name.to_owned(), kind, type_text: type_text.to_owned(), descending: false }
    }

    fn table(storage: TableStorage) -> TableDefinition {
        let columns = vec![column("v", ColumnKind::Regular, "text"), column("K", ColumnKind::PartitionKey(0), "int")];
        let dropped = |name: &str, is_static| DroppedColumn {
            name: name.to_owned(),
            type_text: "int".to_owned(),
            is_static,
            dropped_at: 7,
        };
        TableDefinition {
            name: "t".to_owned(),
            columns,
            dropped_columns: vec![dropped("s", true), dropped("v", false)],
            storage,
            ..TableDefinition::default()
        }
    }

    #[test]
    fn a_table_of_thrift_is_told_in_a_comment_as_4_0_does() {
        let text = create("ks", &table(TableStorage::Thrift), false);
        let start = "/*\nWarning: Table ks.t omitted because it has constructs not compatible with CQL (was created via \
                     legacy API).\nApproximate structure, for reference:\n(this should not be used to reproduce this \
                     schema)\n\nCREATE TABLE ks.t (\n    \"K\" int PRIMARY KEY,\n    v text\n) WITH COMPACT STORAGE";
        assert!(text.starts_with(start) && text.ends_with(";\n*/"), "{text}");
    }

    #[test]
    fn with_internals_columns_are_dropped_and_come_back() {
        let expected = "CREATE TABLE ks.t (\n    \"K\" int PRIMARY KEY,\n    s int static,\n    v int\n) WITH ID = \
                        00000000-0000-0000-0000-000000000000;\n\
                        ALTER TABLE ks.t DROP s USING TIMESTAMP 7;\n\
                        ALTER TABLE ks.t DROP v USING TIMESTAMP 7;\nALTER TABLE ks.t ADD v text;";
        assert_eq!(create("ks", &table(TableStorage::Ordinary), true), expected);
    }
}
