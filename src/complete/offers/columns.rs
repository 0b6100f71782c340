//! Columns: which of a table's may stand where.

use super::{Offers, values};
use crate::cluster::{ColumnKind, TableColumn, TableNames};
use crate::complete::walk::Context;
use crate::cql::names::unquote;

pub(super) fn at(rule: &str, context: &Context<'_>) -> Option<Offers> {
    match rule {
        // The table is named later.
        "selected_column" => Some(Offers::all_told(["<colname>", "<identifier>"])),
        "where_column" => restricted(context),
        "token_of" => Some(Offers::texts(["TOKEN("])),
        "token_call" => Some(Offers::texts(["token("])),
        "ann_of" => {
            let column = context.last("order_column").map(unquote);
            let is_vector =
                context.table()?.columns.iter().any(|known| Some(&known.name) == column.as_ref() && is_vector(known));
            Some(Offers::texts(is_vector.then_some("ANN OF ")))
        }
        "token_column" => {
            let table = context.table()?;
            Some(names(table.columns.iter().filter(|column| is_partition_key(column))))
        }
        "group_column" => {
            let table = context.table()?;
            let key: Vec<_> = table.columns.iter().filter(|column| is_key(column)).collect();
            Some(next(&key, context.all("group_column").len(), "No more columns here."))
        }
        "order_column" => ordered(context),
        "insert_column" => inserted(context),
        "updated_column" | "deleted_column" => {
            let table = context.table()?;
            Some(names(table.columns.iter().filter(|column| !is_key(column))))
        }
        "condition_column" => {
            let table = context.table()?;
            let taken: Vec<_> = context.all("condition_column").into_iter().map(unquote).collect();
            let is_open = |column: &&TableColumn| !is_key(column) && !taken.contains(&column.name);
            Some(names(table.columns.iter().filter(is_open)))
        }
        "existing_column" => Some(names(&context.table()?.columns)),
        "indexed_column" => {
            let table = context.table()?;
            // A collection may have more than one, each on a part of it.
            Some(names(table.columns.iter().filter(|column| !table.indexed.contains(&column.name))))
        }
        "view_column" => {
            let table = context.table()?;
            let restricted = context.all("view_relation");
            let key = context.all("view_column").into_iter().skip(restricted.len()).map(unquote);
            let taken: Vec<_> = match context.has_word("PRIMARY") {
                true => key.collect(),
                false => context.all("view_column").into_iter().map(unquote).collect(),
            };
            Some(names(table.columns.iter().filter(|column| !taken.contains(&column.name))))
        }
        "field" => values::fields(context),
        _ => None,
    }
}

fn names<'a>(columns: impl IntoIterator<Item = &'a TableColumn>) -> Offers {
    Offers::names(columns.into_iter().map(|column| &column.name))
}

fn is_partition_key(column: &TableColumn) -> bool {
    matches!(column.kind, ColumnKind::PartitionKey(_))
}

fn is_clustering(column: &TableColumn) -> bool {
    matches!(column.kind, ColumnKind::Clustering(_))
}

fn is_vector(column: &TableColumn) -> bool {
    column.type_text.starts_with("vector<")
}

fn is_key(column: &TableColumn) -> bool {
    is_partition_key(column) || is_clustering(column)
}

/// The column that an index is on: `v` of `v`, `"V"` and `keys(v)`.
fn target(index: &str) -> String {
    let inside = index.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    unquote(inside.unwrap_or(index))
}

fn is_indexed(table: &TableNames, column: &str) -> bool {
    table.indexed.iter().any(|index| index == column || target(index) == column)
}

/// The column after those that are named; a remark when there is none.
fn next(columns: &[&TableColumn], named: usize, remark: &str) -> Offers {
    columns.get(named).map_or_else(|| Offers::told(remark), |column| names([*column]))
}

/// What may be restricted: of the partition key, and of the clustering columns, those up to the first that is not yet;
/// and what is indexed.
fn restricted(context: &Context<'_>) -> Option<Offers> {
    let table = context.table()?;
    let taken: Vec<_> = context.all("where_column").into_iter().map(unquote).collect();
    let mut offered = Offers::default();
    for is_part in [is_partition_key, is_clustering] {
        for column in table.columns.iter().filter(|column| is_part(column)) {
            offered.add(names([column]));
            if !taken.contains(&column.name) {
                break;
            }
        }
    }
    offered.add(names(table.columns.iter().filter(|column| is_indexed(table, &column.name))));
    Some(offered)
}

/// The clustering columns in their order, once a restriction says which partition; or a vector to search by.
fn ordered(context: &Context<'_>) -> Option<Offers> {
    let table = context.table()?;
    let is_searched = |column: &&TableColumn| is_vector(column) && is_indexed(table, &column.name);
    let by_distance = names(table.columns.iter().filter(is_searched));
    let mut offered = if context.last("where_column").is_none() {
        Offers::told("Can't ORDER BY here: need to specify partition key in WHERE clause")
    } else {
        let clustering: Vec<_> = table.columns.iter().filter(|column| is_clustering(column)).collect();
        next(&clustering, context.all("order_column").len(), "No more orderable columns here.")
    };
    if !by_distance.names.is_empty() {
        offered.hints.clear();
        offered.add(by_distance);
    }
    Some(offered)
}

/// The key's columns one after the other, then the others.
fn inserted(context: &Context<'_>) -> Option<Offers> {
    let table = context.table()?;
    let taken: Vec<_> = context.all("insert_column").into_iter().map(unquote).collect();
    let missing = |column: &&TableColumn| !taken.contains(&column.name);
    match table.columns.iter().filter(|column| is_key(column)).find(missing) {
        Some(column) => Some(names([column])),
        None => Some(names(table.columns.iter().filter(|column| !is_key(column)).filter(missing))),
    }
}
