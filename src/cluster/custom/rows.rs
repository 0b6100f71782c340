//! The columns and cells of an answer, read without the driver's types.

use std::fmt::Display;

use bytes::Bytes;
use scylla_cql::frame::types::{
    read_bytes, read_bytes_opt, read_int, read_int_length, read_short, read_short_bytes, read_string,
};

use super::super::{Column, QueryError};
use crate::cql::types::{CqlType, NativeType, UserType, from_class};
use crate::value::ValueError;

/// How deep types may nest; the server decides how far the reader recurses.
const DEEPEST: usize = 100;

/// The code of an answer with rows.
const ROWS: i32 = 2;

/// The code of the answer to a PREPARE.
const PREPARED: i32 = 4;

/// The rows of one page.
#[derive(Debug)]
pub(in crate::cluster) struct Rows {
    /// The columns.
    pub(in crate::cluster) columns: Vec<Column>,
    /// How many rows there are.
    pub(in crate::cluster) count: usize,
    /// The cells, each with its length in front: the end of the frame's body.
    pub(in crate::cluster) cells: Bytes,
    /// Where the next page starts.
    pub(in crate::cluster) next: Option<Vec<u8>>,
}

impl Rows {
    /// Reads the body of a RESULT; no rows and no columns if it holds none.
    pub(super) fn read(body: Bytes) -> Result<Self, QueryError> {
        let mut rest = &body[..];
        let rest = &mut rest;
        if read_int(rest).map_err(malformed)? != ROWS {
            return Ok(Self { columns: Vec::new(), count: 0, cells: Bytes::new(), next: None });
        }
        let flags = read_int(rest).map_err(malformed)?;
        let (one_table, has_more, no_columns) = (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0);
        let count = read_int_length(rest).map_err(malformed)?;
        let next = if has_more { Some(read_bytes(rest).map_err(malformed)?.to_vec()) } else { None };
        let columns = if no_columns { Vec::new() } else { read_columns(rest, count, one_table)? };
        let count = read_int_length(rest).map_err(malformed)?;
        let cells = body.slice_ref(rest);
        Ok(Self { columns, count, cells, next })
    }

    /// Hands each row's cells to `visit`, in order.
    pub(in crate::cluster) fn for_each<E: From<ValueError>>(
        &self,
        mut visit: impl FnMut(&[Option<&[u8]>]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rest = &self.cells[..];
        let mut cells = Vec::with_capacity(self.columns.len());
        for _ in 0..self.count {
            cells.clear();
            for _ in &self.columns {
                cells.push(read_bytes_opt(&mut rest).map_err(|error| ValueError(error.to_string()))?);
            }
            visit(&cells)?;
        }
        Ok(())
    }
}

/// Reads the body of the answer to a PREPARE: the statement's id, and its bind markers in order.
pub(in crate::cluster) fn read_prepared(body: &[u8]) -> Result<(Vec<u8>, Vec<Column>), QueryError> {
    let mut rest = body;
    let rest = &mut rest;
    if read_int(rest).map_err(malformed)? != PREPARED {
        return Err(malformed("it is not what was asked for"));
    }
    let id = read_short_bytes(rest).map_err(malformed)?.to_vec();
    let one_table = read_int(rest).map_err(malformed)? & 1 != 0;
    let count = read_int_length(rest).map_err(malformed)?;
    for _ in 0..read_int_length(rest).map_err(malformed)? {
        let _part_of_partition_key = read_short(rest).map_err(malformed)?;
    }
    Ok((id, read_columns(rest, count, one_table)?))
}

fn read_columns(rest: &mut &[u8], count: usize, one_table: bool) -> Result<Vec<Column>, QueryError> {
    // Without columns there is no table to name.
    let table = if one_table && count > 0 { Some(read_table(rest)?) } else { None };
    let mut columns = Vec::new();
    for _ in 0..count {
        let (keyspace, table) = match table {
            Some(table) => table,
            None => read_table(rest)?,
        };
        let name = read_string(rest).map_err(malformed)?;
        let ty = read_type(rest, DEEPEST)?;
        columns.push(Column { keyspace: keyspace.into(), table: table.into(), name: name.into(), ty });
    }
    Ok(columns)
}

fn read_table<'a>(rest: &mut &'a [u8]) -> Result<(&'a str, &'a str), QueryError> {
    Ok((read_string(rest).map_err(malformed)?, read_string(rest).map_err(malformed)?))
}

fn read_type(rest: &mut &[u8], depth: usize) -> Result<CqlType, QueryError> {
    let depth = depth.checked_sub(1).ok_or_else(|| malformed("its types are nested too deep"))?;
    let code = read_short(rest).map_err(malformed)?;
    let mut inner = || read_type(rest, depth);
    Ok(match code {
        0x20 => CqlType::List(Box::new(inner()?)),
        0x21 => CqlType::Map(Box::new(inner()?), Box::new(inner()?)),
        0x22 => CqlType::Set(Box::new(inner()?)),
        0x00 => from_class(read_string(rest).map_err(malformed)?),
        0x30 => {
            let (keyspace, name) = read_table(rest)?;
            let mut user_type = UserType { keyspace: keyspace.into(), name: name.into(), fields: Vec::new() };
            for _ in 0..read_short(rest).map_err(malformed)? {
                let name = read_string(rest).map_err(malformed)?.to_owned();
                user_type.fields.push((name, read_type(rest, depth)?));
            }
            CqlType::UserType(user_type.into())
        }
        0x31 => {
            let count = read_short(rest).map_err(malformed)?;
            CqlType::Tuple((0..count).map(|_| read_type(rest, depth)).collect::<Result<_, _>>()?)
        }
        code => CqlType::Native(native(code).ok_or_else(|| malformed(format!("it has a type of code {code}")))?),
    })
}

fn native(code: u16) -> Option<NativeType> {
    Some(match code {
        0x01 => NativeType::Ascii,
        0x02 => NativeType::Bigint,
        0x03 => NativeType::Blob,
        0x04 => NativeType::Boolean,
        0x05 => NativeType::Counter,
        0x06 => NativeType::Decimal,
        0x07 => NativeType::Double,
        0x08 => NativeType::Float,
        0x09 => NativeType::Int,
        0x0b => NativeType::Timestamp,
        0x0c => NativeType::Uuid,
        0x0d => NativeType::Text,
        0x0e => NativeType::Varint,
        0x0f => NativeType::Timeuuid,
        0x10 => NativeType::Inet,
        0x11 => NativeType::Date,
        0x12 => NativeType::Time,
        0x13 => NativeType::Smallint,
        0x14 => NativeType::Tinyint,
        0x15 => NativeType::Duration,
        _ => return None,
    })
}

fn malformed(error: impl Display) -> QueryError {
    QueryError::unreadable(error)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_answer_has_columns_rows_and_a_place_to_go_on() {
        let body = [
            &b"\0\0\0\x02\0\0\0\x03\0\0\0\x02\0\0\0\x01p\0\x02ks\0\x01t"[..],
            b"\0\x02id\0\x09\0\x01c\0\x20\0\0\0\x03X.Y",
            b"\0\0\0\x01\0\0\0\x04\0\0\0\x07\xff\xff\xff\xff",
        ]
        .concat();
        let rows = Rows::read(body.into()).unwrap();
        let columns: Vec<_> = rows.columns.iter().map(|column| format!("{} {}", column.name, column.ty)).collect();
        assert_eq!(columns, ["id int", "c list<'X.Y'>"]);
        assert_eq!((rows.count, rows.next.as_deref()), (1, Some(&b"p"[..])));
        let mut seen = Vec::new();
        let visited = rows.for_each(|cells| {
            seen.extend(cells.iter().map(|cell| cell.map(<[u8]>::to_vec)));
            Ok::<(), ValueError>(())
        });
        assert_eq!((visited, seen), (Ok(()), vec![Some(vec![0, 0, 0, 7]), None]));
    }

    #[test]
    fn an_answer_to_prepare_has_an_id_and_markers() {
        let body = [
            &b"\0\0\0\x04\0\x02ID\0\0\0\x01\0\0\0\x02\0\0\0\x01\0\0\0\x02ks\0\x01t"[..],
            b"\0\x02id\0\x09\0\x01c\0\0\0\x03X.Y",
            b"\0\0\0\x04\0\0\0\0",
        ]
        .concat();
        let (id, markers) = read_prepared(&body).unwrap();
        assert_eq!(id, b"ID");
        let markers: Vec<_> = markers.iter().map(|marker| format!("{} {}", marker.name, marker.ty)).collect();
        assert_eq!(markers, ["id int", "c 'X.Y'"]);
        assert!(read_prepared(b"\0\0\0\x02").is_err());
    }

    #[test]
    fn a_type_of_the_future_is_an_error() {
        let body = b"\0\0\0\x02\0\0\0\x01\0\0\0\x01\0\x02ks\0\x01t\0\x02id\0\x7f";
        let error = Rows::read(Bytes::from_static(body)).unwrap_err();
        assert_eq!(error.to_string(), "The server's answer cannot be read: it has a type of code 127");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(kind in vec(prop_oneof![Just(0_u8), Just(2), Just(0x20), Just(0x30), any::<u8>()], 0..60)) {
            let body = [&b"\0\0\0\x02\0\0\0\x01\0\0\0\x01\0\x01k\0\x01t\0\x01c"[..], &kind].concat();
            let _ = Rows::read(body.into()).map(|rows| rows.for_each(|_| Ok::<(), ValueError>(())));
        }
    }
}
