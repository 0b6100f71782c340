//! The statements that COPY prepares, as text.

use super::ranges::Limits;
use crate::cluster::{ColumnKind, Table};
use crate::cql::names::quote;

/// What COPY works on.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    /// The table with all its columns.
    pub(super) table: Table,
    /// The columns of the file, in order.
    pub(super) columns: Vec<String>,
    /// Whether the statement lists them.
    pub(super) listed: bool,
}

impl Subject {
    /// `ks.t` as remarks name it.
    pub(super) fn name(&self) -> String {
        format!("{}.{}", self.table.keyspace, self.table.name)
    }

    /// `ks.t` as CQL reads it.
    fn quoted_name(&self) -> String {
        format!("{}.{}", quote(&self.table.keyspace), quote(&self.table.name))
    }

    /// The partition key's columns, in order.
    pub(super) fn partition_key(&self) -> Vec<&str> {
        let mut parts: Vec<(usize, &str)> = self
            .table
            .columns
            .iter()
            .filter_map(|column| match column.kind {
                ColumnKind::PartitionKey(position) => Some((position, column.name.as_str())),
                _ => None,
            })
            .collect();
        parts.sort_unstable();
        parts.into_iter().map(|(_, name)| name).collect()
    }

    fn partition_key_token(&self) -> String {
        format!("token({})", list(self.partition_key()))
    }

    /// The SELECT of one token range, whose bounds are bound.
    pub(super) fn select_range(&self) -> String {
        let token = self.partition_key_token();
        format!("{} WHERE {token} > ? AND {token} <= ?", self.select())
    }

    /// The SELECT of everything between the limits at once.
    pub(super) fn select_between(&self, limits: Limits) -> String {
        let token = self.partition_key_token();
        let mut conditions = Vec::new();
        conditions.extend(limits.begin.map(|begin| format!("{token} > {begin}")));
        conditions.extend(limits.end.map(|end| format!("{token} <= {end}")));
        let restriction =
            if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
        format!("{}{restriction}", self.select())
    }

    fn select(&self) -> String {
        format!("SELECT {} FROM {}", list(&self.columns), self.quoted_name())
    }

    /// The INSERT of these columns and their values, literals or bind markers, with a timestamp in microseconds.
    pub(super) fn insert(&self, cells: &[(&str, &str)], timestamp: &str, ttl: Option<u64>) -> String {
        let ttl = ttl.map(|seconds| format!(" AND TTL {seconds}")).unwrap_or_default();
        let (table, names) = (self.quoted_name(), list(cells.iter().map(|(name, _)| name)));
        let values: Vec<&str> = cells.iter().map(|(_, value)| *value).collect();
        format!("INSERT INTO {table} ({names}) VALUES ({}) USING TIMESTAMP {timestamp}{ttl}", values.join(", "))
    }

    /// The UPDATE that adds to the counters of the row with these keys; values are literals or bind markers.
    pub(super) fn add_counters(&self, counters: &[(&str, &str)], keys: &[(&str, &str)]) -> String {
        let sums: Vec<String> =
            counters.iter().map(|(name, value)| format!("{0} = {0} + {value}", quote(name))).collect();
        let row: Vec<String> = keys.iter().map(|(name, value)| format!("{} = {value}", quote(name))).collect();
        format!("UPDATE {} SET {} WHERE {}", self.quoted_name(), sums.join(", "), row.join(" AND "))
    }
}

fn list<I: IntoIterator<Item: AsRef<str>>>(names: I) -> String {
    names.into_iter().map(|name| quote(name.as_ref())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::TableColumn;

    fn subject() -> Subject {
        let column = |name: &str, kind| TableColumn { name: name.to_owned(), kind, type_text: "int".to_owned() };
        let columns = vec![
            column("b", ColumnKind::PartitionKey(1)),
            column("A", ColumnKind::PartitionKey(0)),
            column("c", ColumnKind::Clustering(0)),
            column("v", ColumnKind::Regular),
        ];
        let table = Table { keyspace: "ks".to_owned(), name: "T".to_owned(), columns };
        Subject { table, columns: ["A", "b", "v"].map(str::to_owned).to_vec(), listed: true }
    }

    #[test]
    fn a_range_is_selected_by_the_token_of_the_partition_key_in_its_order() {
        let expected = r#"SELECT "A", b, v FROM ks."T" WHERE token("A", b) > ? AND token("A", b) <= ?"#;
        assert_eq!(subject().select_range(), expected);
    }

    #[test]
    fn limits_stand_in_the_statement_where_no_ring_is_known() {
        let limits = Limits { begin: Some(7), end: None };
        assert_eq!(subject().select_between(limits), r#"SELECT "A", b, v FROM ks."T" WHERE token("A", b) > 7"#);
        assert_eq!(subject().select_between(Limits::default()), r#"SELECT "A", b, v FROM ks."T""#);
    }

    #[test]
    fn rows_are_inserted_with_a_timestamp_of_ours() {
        let expected = r#"INSERT INTO ks."T" ("A", v) VALUES (?, ?) USING TIMESTAMP ? AND TTL 60"#;
        assert_eq!(subject().insert(&[("A", "?"), ("v", "?")], "?", Some(60)), expected);
    }

    #[test]
    fn counters_are_added_to() {
        let expected = r#"UPDATE ks."T" SET v = v + ?, "W" = "W" + ? WHERE "A" = ? AND b = ?"#;
        let bound = |name| (name, "?");
        assert_eq!(subject().add_counters(&["v", "W"].map(bound), &["A", "b"].map(bound)), expected);
    }
}
