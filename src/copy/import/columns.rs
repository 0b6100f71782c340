//! What each field of a record becomes: which bind marker, which type, and when it is null. Decided once an import.

use crate::cluster::{Column, ColumnKind, PreparedWrite};
use crate::copy::options::Options;
use crate::copy::statements::Subject;
use crate::cql::types::{CqlType, NativeType};
use crate::value::csv::CsvStyle;
use crate::value::parse;

/// Stands for a value in a prepared statement.
const MARKER: &str = "?";

/// The columns that are imported, and the statement that takes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    /// The fields' columns, without those skipped, in the file's order.
    pub(super) columns: Vec<String>,
    /// Positions of the fields to leave out.
    pub(super) skipped: Vec<usize>,
    /// The statement to prepare.
    pub(super) cql: String,
    /// Whether it adds to counters.
    pub(super) counters: bool,
    /// For each bind marker in order, the position of its field among the columns.
    order: Vec<usize>,
    /// What takes a partition that has static columns and no rows, where there can be one.
    pub(super) statics: Option<Statics>,
}

/// The statement for records that are no rows, only the static columns of a partition: SELECT gives such a partition one
/// row without clustering columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statics {
    /// The statement to prepare.
    pub(super) cql: String,
    order: Vec<usize>,
}

impl Plan {
    /// Checks the columns as cqlsh does and writes the statement.
    pub(super) fn new(subject: &Subject, options: &Options) -> Result<Self, String> {
        let skip = &options.import.skip_columns;
        let is_skipped = |name: &String| skip.contains(name);
        let columns: Vec<String> = subject.columns.iter().filter(|name| !is_skipped(name)).cloned().collect();
        if columns.is_empty() {
            return Err("No valid column specified".to_owned());
        }
        let is_key = |kind| matches!(kind, ColumnKind::PartitionKey(_) | ColumnKind::Clustering(_));
        if let Some(missing) =
            subject.table.columns.iter().find(|column| is_key(column.kind) && !columns.contains(&column.name))
        {
            return Err(format!("Primary key column '{}' missing or skipped", missing.name));
        }
        let of_table = |name: &str| subject.table.columns.iter().find(|column| column.name == name);
        let is_counter = |name: &str| of_table(name).is_some_and(|column| column.type_text == "counter");
        let counters = columns.iter().any(|name| is_counter(name));
        let positions: Vec<usize> = (0..columns.len()).collect();
        let kind = |i: &usize| of_table(&columns[*i]).map(|column| column.kind);
        let insert = |positions: &[usize]| {
            let cells: Vec<(&str, &str)> = positions.iter().map(|i| (columns[*i].as_str(), MARKER)).collect();
            subject.insert(&cells, MARKER, options.import.ttl)
        };
        let is_of_partition = |i: &usize| matches!(kind(i), Some(ColumnKind::PartitionKey(_) | ColumnKind::Static));
        let has_statics = positions.iter().any(|i| kind(i) == Some(ColumnKind::Static));
        let statics = (has_statics && !counters).then(|| {
            let order: Vec<usize> = positions.iter().copied().filter(is_of_partition).collect();
            Statics { cql: insert(&order), order }
        });
        let (order, cql) = if counters {
            let is_part_of_key = |i: &usize| kind(i).is_some_and(is_key);
            let (keys, sums): (Vec<usize>, Vec<usize>) = positions.into_iter().partition(is_part_of_key);
            let cells =
                |positions: &[usize]| positions.iter().map(|i| (columns[*i].as_str(), MARKER)).collect::<Vec<_>>();
            let cql = subject.add_counters(&cells(&sums), &cells(&keys));
            (sums.into_iter().chain(keys).collect(), cql)
        } else {
            let cql = insert(&positions);
            (positions, cql)
        };
        let skipped = subject.columns.iter().enumerate().filter(|(_, name)| is_skipped(name)).map(|(i, _)| i).collect();
        Ok(Self { columns, skipped, cql, counters, order, statics })
    }

    /// The bind markers of the prepared statement and the fields that fill them. A timestamp of ours follows them unless
    /// counters are added to.
    pub(super) fn bind(&self, subject: &Subject, prepared: &PreparedWrite, style: &CsvStyle) -> Vec<Bound> {
        self.bind_in_order(&self.order, subject, prepared, style)
    }

    /// The same for the statement of [`Plan::statics`].
    pub(super) fn bind_statics(&self, subject: &Subject, prepared: &PreparedWrite, style: &CsvStyle) -> Vec<Bound> {
        let order = self.statics.as_ref().map_or(&[][..], |statics| &statics.order);
        self.bind_in_order(order, subject, prepared, style)
    }

    fn bind_in_order(
        &self,
        order: &[usize],
        subject: &Subject,
        prepared: &PreparedWrite,
        style: &CsvStyle,
    ) -> Vec<Bound> {
        let bound = |(field, parameter): (&usize, &Column)| {
            let name = self.columns[*field].clone();
            let kind = subject.table.columns.iter().find(|column| column.name == name).map(|column| column.kind);
            Bound::new(*field, name, &parameter.ty, kind, style)
        };
        order.iter().zip(prepared.parameters()).map(bound).collect()
    }
}

/// A bind marker and its field.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bound {
    /// Position of the field among the columns.
    pub(super) field: usize,
    /// The column's name.
    pub(super) name: String,
    /// Its type.
    pub(super) ty: CqlType,
    /// Whether it is part of the primary key.
    pub(super) key: bool,
    /// Its position in the partition key, if it is part of it.
    pub(super) partition_key: Option<usize>,
    /// Whether it is a static column.
    pub(super) is_static: bool,
    /// Whether the value is added to a counter.
    pub(super) counter: bool,
    /// Whether the null marker in quotes is a value of the column, and not null.
    pub(super) marker_in_quotes_is_value: bool,
}

impl Bound {
    /// The bind marker of a column of this kind and type.
    pub(super) fn new(field: usize, name: String, ty: &CqlType, kind: Option<ColumnKind>, style: &CsvStyle) -> Self {
        Self {
            field,
            name,
            ty: ty.clone(),
            key: matches!(kind, Some(ColumnKind::PartitionKey(_) | ColumnKind::Clustering(_))),
            partition_key: match kind {
                Some(ColumnKind::PartitionKey(position)) => Some(position),
                _ => None,
            },
            is_static: kind == Some(ColumnKind::Static),
            counter: *ty == CqlType::Native(NativeType::Counter),
            marker_in_quotes_is_value: is_value(&style.null, ty, style),
        }
    }

    /// Whether an empty field is a value.
    pub(super) fn is_text(&self) -> bool {
        is_text(&self.ty)
    }
}

fn is_text(ty: &CqlType) -> bool {
    matches!(ty, CqlType::Native(NativeType::Ascii | NativeType::Text))
}

/// Whether the null marker is also the text of a value of this type, as an empty one or `NULL` is for text.
fn is_value(marker: &str, ty: &CqlType, style: &CsvStyle) -> bool {
    is_text(ty) || (!marker.is_empty() && parse::parse(ty, marker, style, &mut Vec::new()).is_ok())
}
