//! A result for other programs: JSON, an object a line, and CSV as RFC 4180 has it. Nothing stands around the rows.

use ::csv::{Terminator, Writer, WriterBuilder};

use crate::cql::types::{CqlType, NativeType};
use crate::value::csv::{self, CsvStyle};
use crate::value::{ValueError, json};

/// A cell and the column it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// The column's name.
    pub name: &'a str,
    /// Its type.
    pub ty: &'a CqlType,
    /// The cell, `None` for null.
    pub bytes: Option<&'a [u8]>,
}

/// Appends a row as an object on a line of its own. Bytes that are no value of their type are written as a string of
/// hexadecimal digits, and what is wrong with them goes to `errors`.
pub fn object<'a>(row: impl Iterator<Item = Field<'a>>, out: &mut String, errors: &mut Vec<ValueError>) {
    out.push('{');
    for (at, field) in row.enumerate() {
        out.push_str(if at > 0 { ", " } else { "" });
        json::string(field.name, out);
        out.push_str(": ");
        let start = out.len();
        if let Err(error) = json::write(field.ty, field.bytes, out) {
            out.truncate(start);
            json::hexadecimal(field.bytes.unwrap_or_default(), out);
            errors.push(error);
        }
    }
    out.push_str("}\n");
}

/// Records as RFC 4180 has them: fields in quotes where they must be, lines that end in CR and LF. A cell is written as
/// COPY writes it; null is an empty field.
#[derive(Debug)]
pub struct Records {
    writer: Writer<Vec<u8>>,
    style: CsvStyle,
    cell: Vec<u8>,
}

impl Default for Records {
    fn default() -> Self {
        let style = CsvStyle { null: "null".to_owned(), ..CsvStyle::default() };
        Self { writer: writer(), style, cell: Vec::new() }
    }
}

impl Records {
    /// Adds a record of texts.
    pub fn header<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        // Memory takes everything.
        let _ = self.writer.write_record(names);
    }

    /// Adds a row. Bytes that are no value of their type are written in hexadecimal digits, and what is wrong with them
    /// goes to `errors`.
    pub fn row<'a>(&mut self, row: impl Iterator<Item = Field<'a>>, errors: &mut Vec<ValueError>) {
        for field in row {
            self.cell.clear();
            if let Some(bytes) = field.bytes
                && let Err(error) = csv::write(field.ty, bytes, &self.style, &mut self.cell)
            {
                errors.push(error);
                self.cell.clear();
                // Any bytes are a blob.
                let _ = csv::write(&CqlType::Native(NativeType::Blob), bytes, &self.style, &mut self.cell);
            }
            let _ = self.writer.write_field(&self.cell);
        }
        let _ = self.writer.write_record(None::<&[u8]>);
    }

    /// Moves what was added since the last time to the end of `out`.
    pub fn take(&mut self, out: &mut String) {
        let written = std::mem::replace(&mut self.writer, writer()).into_inner().unwrap_or_default();
        out.push_str(&String::from_utf8_lossy(&written));
    }
}

fn writer() -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cql::types::NativeType as N;

    const INT: CqlType = CqlType::Native(N::Int);
    const TEXT: CqlType = CqlType::Native(N::Text);

    fn row<'a>(number: Option<&'a [u8]>, text: Option<&'a [u8]>) -> [Field<'a>; 2] {
        [Field { name: "id", ty: &INT, bytes: number }, Field { name: "a \"b\"", ty: &TEXT, bytes: text }]
    }

    #[test]
    fn rows_are_objects() {
        let (mut out, mut errors) = (String::new(), Vec::new());
        object(row(Some(&[0, 0, 0, 7]), None).into_iter(), &mut out, &mut errors);
        object(row(Some(&[1, 2]), Some(b"x\ny")).into_iter(), &mut out, &mut errors);
        assert_eq!(out, "{\"id\": 7, \"a \\\"b\\\"\": null}\n{\"id\": \"0x0102\", \"a \\\"b\\\"\": \"x\\ny\"}\n");
        assert_eq!(errors, [ValueError("a value of int takes 4 bytes, not 2".to_owned())]);
    }

    #[test]
    fn rows_are_records() {
        let (mut out, mut errors) = (String::new(), Vec::new());
        let mut records = Records::default();
        records.header(["id", "a \"b\""].into_iter());
        records.row(row(Some(&[0, 0, 0, 7]), None).into_iter(), &mut errors);
        records.take(&mut out);
        records.row(row(Some(&[1, 2]), Some(b"x\n\"y\", z")).into_iter(), &mut errors);
        records.take(&mut out);
        assert_eq!(out, "id,\"a \"\"b\"\"\"\r\n7,\r\n0x0102,\"x\n\"\"y\"\", z\"\r\n");
        assert_eq!(errors.len(), 1);
    }
}
