//! CREATE MATERIALIZED VIEW.

use super::options::{properties, property};
use super::table::{in_order, key_properties, primary_key};
use crate::cluster::definition::ViewDefinition;
use crate::cql::names::quote;

/// The statement that makes a view; with internals also its id.
pub(super) fn create(keyspace: &str, view: &ViewDefinition, internals: bool) -> String {
    let table = &view.table;
    let columns: Vec<_> = in_order(table).into_iter().map(|column| quote(&column.name)).collect();
    let columns = if view.all_columns { "*".to_owned() } else { columns.join(", ") };
    let mut with = key_properties(table, internals);
    // A view's rows expire with those of its table: to set this option is an error.
    let options = table.options.iter().filter(|(name, _)| name != "default_time_to_live");
    with.extend(options.map(property));
    let keyspace = quote(keyspace);
    format!(
        "CREATE MATERIALIZED VIEW {keyspace}.{} AS\n    SELECT {columns}\n    FROM {keyspace}.{}\n    WHERE {}\n    {}\n \
         WITH {};",
        quote(&table.name),
        quote(&view.base_table),
        view.where_clause,
        primary_key(table),
        properties(&with)
    )
}
