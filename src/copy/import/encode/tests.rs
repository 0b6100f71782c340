//! How records become rows.

use proptest::prelude::*;

use super::*;
use crate::cluster::ColumnKind;
use crate::cql::types::NativeType;

const INT: CqlType = CqlType::Native(NativeType::Int);
const TEXT: CqlType = CqlType::Native(NativeType::Text);
const BOOLEAN: CqlType = CqlType::Native(NativeType::Boolean);

fn style(null: &str) -> CsvStyle {
    CsvStyle { null: null.to_owned(), ..CsvStyle::default() }
}

/// The first `keys` columns are the partition key.
fn encoder(types: &[CqlType], keys: usize, null: &str) -> Encoder {
    let style = style(null);
    let kind = |field| if field < keys { ColumnKind::PartitionKey(field) } else { ColumnKind::Regular };
    let bound = |(field, ty): (usize, &CqlType)| Bound::new(field, format!("c{field}"), ty, Some(kind(field)), &style);
    Encoder {
        dialect: Dialect::new(",", "\"", "\\").unwrap(),
        bound: types.iter().enumerate().map(bound).collect(),
        statics: Vec::new(),
        marker: style.null.clone(),
        style,
        authorship: None,
        skipped: Vec::new(),
        timestamps: true,
        expiring: false,
        writes_nulls: true,
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
