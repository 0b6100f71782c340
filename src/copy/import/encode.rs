//! Encoding: the records of a chunk in, rows as the protocol wants them out, and what is no row with the reason why.

use std::collections::HashMap;
use std::ops::Range;
use std::str;

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
const NULL: i32 = -1;
const UNSET: i32 = -2;

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
        let is_static = self.is_static(|bound| self.is_null(bound, field(bound)));
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
                weight += CELL_WEIGHT;
                if bound.counter {
                    out[start..start + 4].copy_from_slice(&UNSET.to_be_bytes());
                }
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
        text == self.style.null.as_bytes() && !(quoted && bound.marker_in_quotes_is_value)
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
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::cluster::ColumnKind;
    use crate::cql::types::NativeType;

    const INT: CqlType = CqlType::Native(NativeType::Int);
    const TEXT: CqlType = CqlType::Native(NativeType::Text);
    const BOOLEAN: CqlType = CqlType::Native(NativeType::Boolean);

    fn style(null: &str) -> CsvStyle {
        CsvStyle {
            timestamp_format: "%Y-%m-%d %H:%M:%S.%f%z".to_owned(),
            float_precision: None,
            double_precision: None,
            decimal_separator: ".".to_owned(),
            thousands_separator: String::new(),
            booleans: ("True".to_owned(), "False".to_owned()),
            null: null.to_owned(),
        }
    }

    /// The first `keys` columns are the partition key.
    fn encoder(types: &[CqlType], keys: usize, null: &str) -> Encoder {
        let style = style(null);
        let kind = |field| if field < keys { ColumnKind::PartitionKey(field) } else { ColumnKind::Regular };
        let bound =
            |(field, ty): (usize, &CqlType)| Bound::new(field, format!("c{field}"), ty, Some(kind(field)), &style);
        Encoder {
            dialect: Dialect::new(",", "\"", "\\").unwrap(),
            bound: types.iter().enumerate().map(bound).collect(),
            statics: Vec::new(),
            style,
            skipped: Vec::new(),
            timestamps: true,
            expiring: false,
        }
    }

    fn chunk(text: &str) -> Chunk {
        Chunk::new("f.csv".into(), 1, text.as_bytes().to_vec(), text.lines().count())
    }

    /// The cells of each row without the timestamp; `None` is null.
    fn cells(encoder: &Encoder, text: &str) -> Vec<Vec<Option<Vec<u8>>>> {
        let rows = encoder.encode(&chunk(text), 0);
        assert!(rows.refused.reasons.is_empty(), "{:?}", rows.refused);
        rows.rows.iter().map(|row| split(&rows.cells[row.cells.clone()], encoder.bound.len())).collect()
    }

    fn split(mut cells: &[u8], columns: usize) -> Vec<Option<Vec<u8>>> {
        let mut found = Vec::new();
        for _ in 0..columns {
            let (length, rest) = cells.split_first_chunk::<4>().unwrap();
            let length = usize::try_from(i32::from_be_bytes(*length)).ok();
            let (cell, rest) = rest.split_at(length.unwrap_or(0));
            found.push(length.map(|_| cell.to_vec()));
            cells = rest;
        }
        assert_eq!(cells.len(), 12, "a timestamp follows");
        found
    }

    fn reasons(encoder: &Encoder, text: &str) -> Vec<(String, Vec<Range<usize>>)> {
        encoder.encode(&chunk(text), 0).refused.into_reasons()
    }

    fn text(value: &str) -> Option<Vec<u8>> {
        Some(value.as_bytes().to_vec())
    }

    fn int(value: i32) -> Option<Vec<u8>> {
        Some(value.to_be_bytes().to_vec())
    }

    #[test]
    fn a_record_with_nothing_but_static_columns_is_of_its_partition_alone() {
        let style = style("");
        let bound = |field, kind| Bound::new(field, format!("c{field}"), &INT, Some(kind), &style);
        let key = bound(0, ColumnKind::PartitionKey(0));
        let only = bound(2, ColumnKind::Static);
        let encoder = Encoder {
            bound: vec![key.clone(), bound(1, ColumnKind::Clustering(0)), only.clone(), bound(3, ColumnKind::Regular)],
            statics: vec![key, only],
            ..encoder(&[], 0, "")
        };
        let rows = encoder.encode(&chunk("1,,7,\n1,2,7,\n1,,,\n1,,7,8\n"), 0);
        assert_eq!((rows.statics.len(), rows.rows.len()), (1, 1));
        assert_eq!(split(&rows.cells[rows.statics[0].cells.clone()], 2), [int(1), int(7)]);
        assert_eq!(split(&rows.cells[rows.rows[0].cells.clone()], 4), [int(1), int(2), int(7), None]);
        let refused: Vec<usize> = rows.refused.into_reasons().iter().map(|(_, records)| records.len()).collect();
        assert_eq!(refused, [2], "a clustering column that is null beside a regular value, or beside nothing");
    }

    #[test]
    fn without_a_marker_an_empty_field_is_null_and_an_empty_text_stands_in_quotes() {
        let encoder = encoder(&[INT, TEXT, INT], 1, "");
        assert_eq!(cells(&encoder, "1,,\n2,\"\",\"\"\n"), [[int(1), None, None], [int(2), text(""), None]]);
    }

    #[test]
    fn with_a_marker_only_the_marker_is_null_and_a_text_like_it_stands_in_quotes() {
        let encoder = encoder(&[INT, TEXT, INT, BOOLEAN], 1, "NULL");
        let read = cells(&encoder, "1,NULL,NULL,NULL\n2,\"NULL\",\"NULL\",\"NULL\"\n3,,,\n");
        assert_eq!(read[0], [int(1), None, None, None]);
        assert_eq!(read[1], [int(2), text("NULL"), None, None]);
        assert_eq!(read[2], [int(3), text(""), None, None]);
    }

    #[test]
    fn a_marker_that_is_also_a_value_of_the_column_is_one_in_quotes() {
        let encoder = encoder(&[TEXT, INT], 1, "1");
        assert_eq!(cells(&encoder, "a,1\nb,\"1\"\n"), [[text("a"), None], [text("b"), int(1)]]);
    }

    /// The messages are those Apache cqlsh 6.2.2 printed.
    #[test]
    fn what_is_no_row_is_refused_in_the_words_of_cqlsh() {
        let encoder = encoder(&[INT, TEXT, INT], 2, "");
        let found = reasons(&encoder, "1,a\n1,a,2,3\n\n1,,x\n1,a,x\n2,a\n");
        let told: Vec<(&str, usize)> = found.iter().map(|(why, records)| (why.as_str(), records.len())).collect();
        let null = "Cannot insert null value for primary key column 'c1'. If you want to insert empty strings, consider \
                    using the WITH NULL=<marker> option for COPY.";
        assert_eq!(
            told,
            [
                ("Invalid row length 2 should be 3", 2),
                ("Invalid row length 4 should be 3", 1),
                ("Invalid row length 0 should be 3", 1),
                (null, 1),
                ("Failed to parse x : invalid literal for int() with base 10: 'x'", 1),
            ]
        );
        assert_eq!(found[0].1, [0..4, 24..28]);
    }

    #[test]
    fn a_refused_row_leaves_nothing_behind() {
        let encoder = encoder(&[INT, INT], 1, "");
        let rows = encoder.encode(&chunk("1,2\n3,x\n4,5\n"), 0);
        assert_eq!(rows.cells.len(), 2 * (4 + 4 + 4 + 4 + 12));
        assert_eq!(rows.rows.iter().map(|row| row.record.clone()).collect::<Vec<_>>(), [0..4, 8..12]);
    }

    #[test]
    fn fields_of_skipped_columns_are_left_out() {
        let mut encoder = encoder(&[INT, TEXT], 1, "");
        encoder.skipped = vec![0, 2];
        assert_eq!(cells(&encoder, "x,1,y,a\n"), [[int(1), text("a")]]);
        assert_eq!(reasons(&encoder, "x,1,y\n")[0].0, "Invalid row length 1 should be 2");
    }

    #[test]
    fn timestamps_grow_in_the_order_of_the_file_also_past_rows_that_are_refused() {
        let encoder = encoder(&[INT], 1, "");
        let rows = encoder.encode(&chunk("1\nx\n2\n"), 1000);
        let timestamp = |row: &Row| i64::from_be_bytes(*rows.cells[row.cells.clone()].last_chunk().unwrap());
        assert_eq!(rows.rows.iter().map(timestamp).collect::<Vec<_>>(), [1000, 1002]);
    }

    // The token is the one Cassandra 5.0.6 gives for the key (1, 'x') with `SELECT token(a, b)`.
    #[test]
    fn a_row_has_the_token_of_its_partition_key_in_the_key_s_order() {
        let mut encoder = encoder(&[TEXT, INT], 2, "");
        encoder.bound[0].partition_key = Some(1);
        encoder.bound[1].partition_key = Some(0);
        assert_eq!(encoder.encode(&chunk("x,1\n"), 0).rows[0].token, 746_584_927_563_629_270);
    }

    /// The sizes are those in Cassandra 5.0.6's warnings about batches of such rows, divided by their number.
    #[test]
    fn a_row_weighs_what_the_server_counts_or_more() {
        let weight = |types: &[CqlType], text: &str| encoder(types, 1, "").encode(&chunk(text), 0).rows[0].weight;
        assert_eq!(weight(&[INT], "1\n"), 50);
        assert_eq!(weight(&[INT, INT], "1,1\n"), 74);
        assert_eq!(weight(&[TEXT, INT], "a much longer key,1\n"), 74);
        assert_eq!(weight(&[INT, INT, INT, INT, INT], "1,,,,\n"), 130);
        let map = CqlType::Map(Box::new(INT), Box::new(INT));
        assert!(weight(&[INT, map], "1,\"{1: 1, 2: 2, 3: 3, 4: 4}\"\n") >= 174);
        let list = CqlType::List(Box::new(INT));
        assert!(weight(&[INT, list], "1,\"[1, 2, 3, 4]\"\n") >= 222);
    }

    #[test]
    fn a_counter_that_is_null_is_left_as_it_is() {
        let mut encoder = encoder(&[CqlType::Native(NativeType::Counter), INT], 0, "");
        encoder.timestamps = false;
        let rows = encoder.encode(&chunk(",7\n"), 0);
        assert_eq!(rows.cells[..4], (-2i32).to_be_bytes());
    }

    proptest! {
        #[test]
        fn any_chunk_is_encoded_without_panic(input in "[0-9a,\"\n\\\\é]{0,60}") {
            let encoder = encoder(&[INT, TEXT], 1, "a");
            let _ = encoder.encode(&chunk(&input), 0);
        }
    }
}
