//! PREPAREDSTATEMENTS = false: rows as statements with their values in them, which is what the server logs and counts
//! under its own name for statements that are not prepared.

use super::columns::Bound;
use super::encode::{NULL, UNSET};
use crate::copy::statements::Subject;
use crate::cql::types::CqlType;
use crate::value::{ValueError, literal};

/// Writes the statements of an import.
#[derive(Debug, Clone)]
pub(super) struct Literals {
    subject: Subject,
    columns: Vec<Column>,
    counters: bool,
    ttl: Option<u64>,
}

#[derive(Debug, Clone)]
struct Column {
    name: String,
    ty: CqlType,
    key: bool,
}

/// A cell of an encoded row.
enum Cell<'r> {
    Unset,
    Value(Option<&'r [u8]>),
}

impl Literals {
    /// Statements for rows that are encoded for these bind markers.
    pub(super) fn new(subject: &Subject, bound: &[Bound], ttl: Option<u64>) -> Self {
        let column = |bound: &Bound| Column { name: bound.name.clone(), ty: bound.ty.clone(), key: bound.key };
        Self {
            subject: subject.clone(),
            columns: bound.iter().map(column).collect(),
            counters: bound.iter().any(|bound| bound.counter),
            ttl,
        }
    }

    /// The statement of an encoded row; none for counters that are all left alone.
    pub(super) fn statement(&self, row: &[u8]) -> Result<Option<String>, ValueError> {
        let mut rest = row;
        let mut terms = Vec::new();
        for column in &self.columns {
            let Some(cell) = next(&mut rest) else { return Err(ValueError("a row ends too early".to_owned())) };
            let Cell::Value(bytes) = cell else { continue };
            let mut term = String::new();
            literal::write(&column.ty, bytes, &mut term)?;
            terms.push((column, term));
        }
        if self.counters {
            let (keys, sums): (Vec<_>, Vec<_>) = terms.into_iter().partition(|(column, _)| column.key);
            return Ok((!sums.is_empty()).then(|| self.subject.add_counters(&pairs(&sums), &pairs(&keys))));
        }
        let Some(Cell::Value(Some(timestamp))) = next(&mut rest) else {
            return Err(ValueError("a row has no timestamp".to_owned()));
        };
        let timestamp = timestamp.try_into().map(i64::from_be_bytes).unwrap_or_default().to_string();
        Ok(Some(self.subject.insert(&pairs(&terms), &timestamp, self.ttl)))
    }
}

fn pairs<'t>(terms: &'t [(&Column, String)]) -> Vec<(&'t str, &'t str)> {
    terms.iter().map(|(column, term)| (column.name.as_str(), term.as_str())).collect()
}

fn next<'r>(cells: &mut &'r [u8]) -> Option<Cell<'r>> {
    let (length, rest) = cells.split_first_chunk::<4>()?;
    let length = i32::from_be_bytes(*length);
    let (cell, rest) = match length {
        NULL => (Cell::Value(None), rest),
        UNSET => (Cell::Unset, rest),
        _ => {
            let (bytes, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
            (Cell::Value(Some(bytes)), rest)
        }
    };
    *cells = rest;
    Some(cell)
}
