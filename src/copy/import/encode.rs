//! Encoding: the records of a chunk in, rows as the protocol wants them out, and what is no row with the reason why.

use std::collections::HashMap;
use std::ops::Range;
use std::str;
use std::sync::Arc;

use super::authorship::Authorship;
use super::columns::Bound;
use crate::cluster::write::murmur3_token;
use crate::copy::dialect::Dialect;
use crate::copy::record::{self, Record};
use crate::copy::source::Chunk;
use crate::cql::types::CqlType;
use crate::value::csv::CsvStyle;
use crate::value::parse;

/// What the server counts for a row and for a cell beside their bytes, and for an element of a collection at most:
/// measured on 5.0.6 by the sizes in its warnings. A TTL adds to each row, and the partition key counts nothing.
const ROW_WEIGHT: usize = 50;
const TTL_WEIGHT: usize = 12;
const CELL_WEIGHT: usize = 20;
const ELEMENT_WEIGHT: usize = 36;

/// The length of a cell that is null, and of one that is left as it is.
pub(super) const NULL: i32 = -1;
pub(super) const UNSET: i32 = -2;

/// A row that can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Its cells in [`Rows::cells`].
    pub(super) cells: Range<usize>,
    /// Its record in the chunk.
    pub(super) record: Range<usize>,
    /// Its partition's token.
    pub(super) token: i64,
    /// About what the server counts for it in the size of a batch, in bytes.
    pub(super) weight: usize,
}

/// The rows of a chunk.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// All cells, each with its length in front.
    pub(super) cells: Vec<u8>,
    /// The rows in the file's order.
    pub(super) rows: Vec<Row>,
    /// Static columns of partitions, in the file's order.
    pub(super) statics: Vec<Row>,
    /// Records that are no rows.
    pub(super) refused: Refused,
}

/// Records that are no rows, by reason; reasons and records in the file's order.
#[derive(Debug, Default)]
pub(super) struct Refused {
    reasons: Vec<(String, Vec<Range<usize>>)>,
    known: HashMap<String, usize>,
}

impl Refused {
    fn add(&mut self, reason: String, record: Range<usize>) {
        if let Some(at) = self.known.get(&reason) {
            self.reasons[*at].1.push(record);
        } else {
            self.known.insert(reason.clone(), self.reasons.len());
            self.reasons.push((reason, vec![record]));
        }
    }

    /// The reasons and their records.
    pub(super) fn into_reasons(self) -> Vec<(String, Vec<Range<usize>>)> {
        self.reasons
    }
}

/// Turns records into rows. One a thread.
#[derive(Debug, Clone)]
pub(super) struct Encoder {
    /// How fields are told apart.
    pub(super) dialect: Dialect,
    /// How values look.
    pub(super) style: CsvStyle,
    /// How a null stands in the file.
    pub(super) marker: String,
    /// Who seems to have written the file, where that is to be found out.
    pub(super) authorship: Option<Arc<Authorship>>,
    /// Positions of fields to leave out, in order.
    pub(super) skipped: Vec<usize>,
    /// The bind markers.
    pub(super) bound: Vec<Bound>,
    /// The bind markers of the statement for static columns alone; empty where there is none.
    pub(super) statics: Vec<Bound>,
    /// Whether the last marker takes a timestamp.
    pub(super) timestamps: bool,
    /// Whether rows have a time to live.
    pub(super) expiring: bool,
    /// Whether a null overwrites what is there.
    pub(super) writes_nulls: bool,
}

/// What became of a record.
struct Encoded {
    token: i64,
    weight: usize,
    is_static: bool,
}

impl Encoder {
    /// Encodes a chunk. Its rows get timestamps from `first_timestamp` on, in microseconds, in the file's order.
    pub(super) fn encode(&self, chunk: &Chunk, first_timestamp: i64) -> Rows {
        let mut rows = Rows { rows: Vec::with_capacity(chunk.rows), ..Rows::default() };
        let mut record = Record::default();
        let mut key = Key::new(&self.bound);
        let mut at = 0;
        let mut timestamp = first_timestamp;
        while at < chunk.bytes.len() {
            record.clear();
            // The chunk was cut by the same reader, so that this never stops inside a record.
            let Ok(length) = record::read(&chunk.bytes[at..], true, &self.dialect, &mut record) else { break };
            let place = at..at + length;
            if let Some(authorship) = &self.authorship {
                authorship.look(&record, &chunk.bytes[place.clone()], || chunk.place(at));
            }
            let start = rows.cells.len();
            match self.row(&record, timestamp, &mut key, &mut rows.cells) {
                Ok(Encoded { token, weight, is_static }) => {
                    let cells = start..rows.cells.len();
                    let kind = if is_static { &mut rows.statics } else { &mut rows.rows };
                    kind.push(Row { cells, record: place.clone(), token, weight });
                }
                Err(reason) => {
                    rows.cells.truncate(start);
                    rows.refused.add(reason, place.clone());
                }
            }
            timestamp += 1;
            at = place.end;
        }
        rows
    }

    /// Appends one row's cells.
    fn row(&self, record: &Record, timestamp: i64, key: &mut Key, out: &mut Vec<u8>) -> Result<Encoded, String> {
        let skipped = self.skipped.iter().filter(|position| **position < record.len()).count();
        let (found, wanted) = (record.len() - skipped, self.bound.len());
        if found != wanted {
            return Err(format!("Invalid row length {found} should be {wanted}"));
        }
        let field = |bound: &Bound| record.field(self.position(bound.field)).unwrap_or_default();
        let is_static = self.is_static(|bound| self.is_null(bound, field(bound)) || self.is_nothing(field(bound)));
        let bound = if is_static { &self.statics } else { &self.bound };
        if let Some(bound) = bound.iter().find(|bound| bound.key && self.is_null(bound, field(bound))) {
            return Err(self.null_in_key(&bound.name));
        }
        key.clear();
        let mut weight = ROW_WEIGHT + if self.expiring { TTL_WEIGHT } else { 0 };
        for bound in bound {
            let (text, quoted) = field(bound);
            let start = out.len();
            out.extend_from_slice(&NULL.to_be_bytes());
            if !self.cell(bound, text, quoted, out)? {
                if bound.key {
                    return Err(self.null_in_key(&bound.name));
                }
                if bound.counter || !self.writes_nulls {
                    out[start..start + 4].copy_from_slice(&UNSET.to_be_bytes());
                }
                weight += CELL_WEIGHT;
                continue;
            }
            let length = out.len() - start - 4;
            let length =
                i32::try_from(length).map_err(|_| format!("Column {} is too long: {length} bytes", bound.name))?;
            out[start..start + 4].copy_from_slice(&length.to_be_bytes());
            let cell = start + 4..out.len();
            match bound.partition_key {
                Some(part) => key.set(part, cell),
                None => weight += CELL_WEIGHT + cell.len() + elements(&bound.ty, &out[cell]) * ELEMENT_WEIGHT,
            }
        }
        let token = key.token(out)?;
        if self.timestamps {
            out.extend_from_slice(&8i32.to_be_bytes());
            out.extend_from_slice(&timestamp.to_be_bytes());
        }
        Ok(Encoded { token, weight, is_static })
    }

    /// Whether a record is no row but the static columns of a partition without rows: nothing else has a value.
    fn is_static(&self, is_null: impl Fn(&Bound) -> bool) -> bool {
        let of_partition = |bound: &&Bound| bound.is_static || bound.partition_key.is_some();
        !self.statics.is_empty()
            && self.bound.iter().filter(|bound| !of_partition(bound)).all(&is_null)
            && self.statics.iter().any(|bound| bound.is_static && !is_null(bound))
    }

    /// Where the field of a column that is not skipped stands in the record.
    fn position(&self, field: usize) -> usize {
        self.skipped.iter().fold(field, |at, skipped| if *skipped <= at { at + 1 } else { at })
    }

    /// Appends a cell's bytes, or tells that it is null.
    fn cell(&self, bound: &Bound, text: &[u8], quoted: bool, out: &mut Vec<u8>) -> Result<bool, String> {
        if self.is_null(bound, (text, quoted)) {
            return Ok(false);
        }
        let start = out.len();
        let failed = match str::from_utf8(text) {
            Ok(text) => match parse::parse(&bound.ty, text, &self.style, out) {
                Ok(()) => return Ok(true),
                Err(error) => format!("Failed to parse {text} : {error}"),
            },
            Err(error) => format!("Failed to parse {} : {error}", String::from_utf8_lossy(text)),
        };
        out.truncate(start);
        // cqlsh: with a NULL marker, an empty field of a type that has no empty text is null all the same.
        if text.is_empty() && !bound.is_text() { Ok(false) } else { Err(failed) }
    }

    fn is_null(&self, bound: &Bound, (text, quoted): (&[u8], bool)) -> bool {
        if self.style.by_cqlsh {
            // Quotes tell nothing. But no key is null, so that the marker is a text there.
            return text == self.marker.as_bytes() && !(bound.key && bound.is_text());
        }
        text == self.marker.as_bytes() && !(quoted && bound.marker_in_quotes_is_value)
    }

    /// Whether a field of Apache cqlsh's may be null also in a key: of a partition without rows it is.
    fn is_nothing(&self, (text, _): (&[u8], bool)) -> bool {
        self.style.by_cqlsh && text == self.marker.as_bytes()
    }

    fn null_in_key(&self, name: &str) -> String {
        let hint = if self.style.null.is_empty() {
            " If you want to insert empty strings, consider using the WITH NULL=<marker> option for COPY."
        } else {
            ""
        };
        format!("Cannot insert null value for primary key column '{name}'.{hint}")
    }
}

/// How many elements a collection has; one that is frozen is a single cell, which makes this too many.
fn elements(ty: &CqlType, cell: &[u8]) -> usize {
    match (ty, cell.first_chunk::<4>()) {
        (CqlType::List(_) | CqlType::Set(_) | CqlType::Map(..), Some(count)) => u32::from_be_bytes(*count) as usize,
        _ => 0,
    }
}

/// The partition key of the row in the making.
#[derive(Debug)]
struct Key {
    parts: Vec<Range<usize>>,
    encoded: Vec<u8>,
}

impl Key {
    fn new(bound: &[Bound]) -> Self {
        let parts = bound.iter().filter(|bound| bound.partition_key.is_some()).count();
        Self { parts: vec![0..0; parts], encoded: Vec::new() }
    }

    fn clear(&mut self) {
        self.encoded.clear();
    }

    fn set(&mut self, part: usize, bytes: Range<usize>) {
        if let Some(place) = self.parts.get_mut(part) {
            *place = bytes;
        }
    }

    /// The token; the parts' bytes are in `cells`.
    fn token(&mut self, cells: &[u8]) -> Result<i64, String> {
        if let [only] = self.parts.as_slice() {
            return Ok(murmur3_token(&cells[only.clone()]));
        }
        for part in &self.parts {
            let bytes = &cells[part.clone()];
            let length = u16::try_from(bytes.len())
                .map_err(|_| format!("Key length of {} is longer than maximum of 65535", bytes.len()))?;
            self.encoded.extend_from_slice(&length.to_be_bytes());
            self.encoded.extend_from_slice(bytes);
            self.encoded.push(0);
        }
        Ok(murmur3_token(&self.encoded))
    }
}

#[cfg(test)]
mod tests;
