//! A result for other programs: JSON, an object a line, and CSV as RFC 4180 has it. Nothing stands around the rows.

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
/// COPY writes it; null is nothing at all, unless it is alone in its row, and an empty text is a pair of quotes.
#[derive(Debug)]
pub struct Records {
    style: CsvStyle,
    cell: Vec<u8>,
    written: Vec<u8>,
}

impl Records {
    /// Begins with a record of the columns' names.
    pub fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let style = CsvStyle { null: "null".to_owned(), ..CsvStyle::default() };
        let mut written = Vec::new();
        for (at, name) in names.enumerate() {
            written.extend_from_slice(if at > 0 { b"," } else { b"" });
            text(name.as_bytes(), &mut written);
        }
        written.extend_from_slice(b"\r\n");
        Self { style, cell: Vec::new(), written }
    }

    /// Adds a row. Bytes that are no value of their type are written in hexadecimal digits, and what is wrong with them
    /// goes to `errors`.
    pub fn row<'a>(&mut self, row: impl Iterator<Item = Field<'a>>, errors: &mut Vec<ValueError>) {
        let start = self.written.len();
        for (at, field) in row.enumerate() {
            self.written.extend_from_slice(if at > 0 { b"," } else { b"" });
            let Some(bytes) = field.bytes else { continue };
            self.cell.clear();
            if let Err(error) = csv::write(field.ty, bytes, &self.style, &mut self.cell) {
                errors.push(error);
                self.cell.clear();
                // Any bytes are a blob.
                let _ = csv::write(&CqlType::Native(NativeType::Blob), bytes, &self.style, &mut self.cell);
            }
            text(&self.cell, &mut self.written);
        }
        // An empty line is no record for most readers.
        if self.written.len() == start {
            text(b"", &mut self.written);
        }
        self.written.extend_from_slice(b"\r\n");
    }

    /// Moves what was added since the last time to the end of `out`.
    pub fn take(&mut self, out: &mut String) {
        out.push_str(&String::from_utf8_lossy(&self.written));
        self.written.clear();
    }
}

/// Appends a field that is not null.
fn text(text: &[u8], out: &mut Vec<u8>) {
    let is_special = |byte: &u8| matches!(byte, b'"' | b',' | b'\r' | b'\n');
    if !text.is_empty() && !text.iter().any(is_special) {
        out.extend_from_slice(text);
        return;
    }
    out.push(b'"');
    for part in text.split_inclusive(|byte| *byte == b'"') {
        out.extend_from_slice(part);
        out.extend_from_slice(if part.ends_with(b"\"") { b"\"" } else { b"" });
    }
    out.push(b'"');
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
        let mut records = Records::new(["id", "a \"b\""].into_iter());
        records.row(row(Some(&[0, 0, 0, 7]), None).into_iter(), &mut errors);
        records.take(&mut out);
        records.row(row(Some(&[1, 2]), Some(b"x\n\"y\", z")).into_iter(), &mut errors);
        records.take(&mut out);
        assert_eq!(out, "id,\"a \"\"b\"\"\"\r\n7,\r\n0x0102,\"x\n\"\"y\"\", z\"\r\n");
        assert_eq!(errors.len(), 1);
    }

    #[test]
    fn a_record_tells_null_from_an_empty_text_and_is_never_an_empty_line() {
        let written = |rows: &[&[Option<&[u8]>]]| {
            let (mut out, mut records) = (String::new(), Records::new(std::iter::empty()));
            for row in rows {
                let fields = row.iter().map(|bytes| Field { name: "v", ty: &TEXT, bytes: *bytes });
                records.row(fields, &mut Vec::new());
            }
            records.take(&mut out);
            out
        };
        assert_eq!(
            written(&[&[None, None], &[None, Some(b"")], &[Some(b"null"), None]]),
            "\r\n,\r\n,\"\"\r\nnull,\r\n"
        );
        assert_eq!(written(&[&[None], &[Some(b"")], &[Some(b"null")]]), "\r\n\"\"\r\n\"\"\r\nnull\r\n");
    }
}
