//! Encoded rows as the driver wants to see them, without copying a cell before it stands in the request.

use scylla::errors::SerializationError;
use scylla::serialize::batch::{BatchValues, BatchValuesIterator};
use scylla::serialize::row::{RowSerializationContext, SerializeRow};
use scylla::serialize::writers::RowWriter;
use scylla_cql::serialize::row::SerializedValues;

use super::{Batch, QueryError};

/// The cells of a batch do not follow the protocol's form, or a row has not as many cells as the statement has markers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an encoded row does not fit the statement")]
pub(super) struct Misfit;

/// One row: its cells one after the other, each with its length in front.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a>(pub(super) &'a [u8]);

impl SerializeRow for Row<'_> {
    fn serialize(
        &self,
        context: &RowSerializationContext<'_>,
        writer: &mut RowWriter<'_>,
    ) -> Result<(), SerializationError> {
        self.write(context.columns().len(), writer)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Row<'_> {
    /// The row as values of a statement with so many markers that is not prepared.
    pub(super) fn values(&self, markers: usize) -> Result<SerializedValues, QueryError> {
        let values = SerializedValues::from_closure(|writer| self.write(markers, writer));
        values.map(|(values, ())| values).map_err(QueryError::unreadable)
    }

    fn write(&self, markers: usize, writer: &mut RowWriter<'_>) -> Result<(), SerializationError> {
        let before = writer.value_count();
        let mut rest = self.0;
        while !rest.is_empty() {
            rest = write_cell(rest, writer).ok_or_else(|| SerializationError::new(Misfit))?;
        }
        if writer.value_count() - before == markers { Ok(()) } else { Err(SerializationError::new(Misfit)) }
    }
}

/// Writes the first cell and gives the rest, or nothing if the bytes are no cell.
fn write_cell<'a>(cells: &'a [u8], writer: &mut RowWriter<'_>) -> Option<&'a [u8]> {
    let (length, rest) = cells.split_first_chunk::<4>()?;
    let (value, rest) = match i32::from_be_bytes(*length) {
        -1 => {
            writer.make_cell_writer().set_null();
            return Some(rest);
        }
        -2 => {
            writer.make_cell_writer().set_unset();
            return Some(rest);
        }
        length => rest.split_at_checked(usize::try_from(length).ok()?)?,
    };
    writer.make_cell_writer().set_value(value).ok()?;
    Some(rest)
}

impl Batch {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A row, from 0. A place outside the cells gives an empty row, which no statement with markers takes.
    pub(super) fn row(&self, i: usize) -> Row<'_> {
        let place = self.rows.get(i).cloned().unwrap_or_default();
        Row(self.cells.get(place).unwrap_or_default())
    }
}

impl BatchValues for Batch {
    type BatchValuesIter<'a> = Rows<'a>;

    fn batch_values_iter(&self) -> Rows<'_> {
        Rows { batch: self, next: 0 }
    }
}

/// The rows of a batch in order.
pub struct Rows<'a> {
    batch: &'a Batch,
    next: usize,
}

impl<'a> Rows<'a> {
    fn advance(&mut self) -> Option<Row<'a>> {
        let row = (self.next < self.batch.len()).then(|| self.batch.row(self.next))?;
        self.next += 1;
        Some(row)
    }
}

impl<'a> BatchValuesIterator<'a> for Rows<'a> {
    fn serialize_next(
        &mut self,
        context: &RowSerializationContext<'_>,
        writer: &mut RowWriter<'_>,
    ) -> Option<Result<(), SerializationError>> {
        self.advance().map(|row| row.serialize(context, writer))
    }

    fn is_empty_next(&mut self) -> Option<bool> {
        self.advance().map(|row| row.is_empty())
    }

    fn skip_next(&mut self) -> Option<()> {
        self.advance().map(|_| ())
    }

    fn count(self) -> usize {
        self.batch.len() - self.next
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;
    use scylla::frame::response::result::{ColumnSpec, ColumnType, NativeType, TableSpec};

    use super::*;

    fn specs(count: usize) -> Vec<ColumnSpec<'static>> {
        let spec = |_| ColumnSpec::borrowed("c", ColumnType::Native(NativeType::Blob), TableSpec::borrowed("ks", "t"));
        (0..count).map(spec).collect()
    }

    fn written(row: &[u8], columns: usize) -> Option<Vec<u8>> {
        let specs = specs(columns);
        let mut frame = Vec::new();
        let context = RowSerializationContext::from_specs(&specs);
        Row(row).serialize(&context, &mut RowWriter::new(&mut frame)).ok()?;
        Some(frame)
    }

    fn cell(value: &[u8]) -> Vec<u8> {
        let mut cell = u32::try_from(value.len()).unwrap().to_be_bytes().to_vec();
        cell.extend(value);
        cell
    }

    #[test]
    fn values_nulls_and_unset_cells_stand_in_the_frame_as_encoded() {
        let row = [cell(b"abc"), vec![0xff; 4], cell(b""), vec![0xff, 0xff, 0xff, 0xfe]].concat();
        assert_eq!(written(&row, 4), Some(row));
    }

    #[test]
    fn a_row_that_does_not_fit_is_refused() {
        assert_eq!(written(&cell(b"abc"), 2), None);
        assert_eq!(written(&[cell(b"abc"), cell(b"d")].concat(), 1), None);
        assert_eq!(written(&cell(b"abc")[..6], 1), None);
        assert_eq!(written(&[0xff, 0xff, 0xff, 0xfd], 1), None);
        assert_eq!(written(&[0, 0], 1), None);
    }

    #[test]
    fn a_batch_gives_its_rows_in_order() {
        let rows = [cell(b"a"), cell(b""), cell(b"ccc")];
        // The cells of "a", "", and "ccc", not in the order of the batch.
        let cells = [&rows[2][..], &rows[0], &rows[1]].concat();
        let batch = Batch { cells: Arc::new(cells), rows: vec![7..12, 12..16, 0..7] };
        let specs = specs(1);
        let context = RowSerializationContext::from_specs(&specs);
        let mut iterator = batch.batch_values_iter();
        for row in &rows {
            let mut frame = Vec::new();
            iterator.serialize_next(&context, &mut RowWriter::new(&mut frame)).unwrap().unwrap();
            assert_eq!(&frame, row);
        }
        assert!(iterator.skip_next().is_none());
        assert_eq!(batch.batch_values_iter().count(), 3);
    }

    #[test]
    fn wrong_places_give_rows_that_are_refused() {
        #[expect(clippy::reversed_empty_ranges, reason = "what no row has")]
        let batch = Batch { cells: Arc::new(cell(b"a")), rows: vec![0..99, 3..1] };
        assert!(batch.row(0).is_empty());
        assert!(batch.row(1).is_empty());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(row in proptest::collection::vec(any::<u8>(), 0..40), columns in 0usize..4) {
            let _ = written(&row, columns);
        }
    }
}
