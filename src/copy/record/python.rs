//! What Python's csv module (3.11) reads and writes in cqlsh's default dialect, recorded by asking it.

use super::{Quoting, Record, Writer, read};
use crate::copy::dialect::Dialect;

#[rustfmt::skip]
const READ: &[(&[u8], &[&str])] = &[
    (b"a,b\r\n", &["a", "b"]),
    (b"a,\"b,c\"\r\n", &["a", "b,c"]),
    (b"q\\\"q,\\\"\r\n", &["q\"q", "\""]),
    (b"a\\\\b,\\\\\r\n", &["a\\b", "\\"]),
    (b"\"x\ny\",z\r\n", &["x\ny", "z"]),
    (b"\"say \\\"hi\\\"\",b\r\n", &["say \"hi\"", "b"]),
    (b"\"\"\r\n", &[""]),
    (b",\r\n", &["", ""]),
    (b"\"\",\"\"\r\n", &["", ""]),
    (b"\"abc\"def,g\n", &["abcdef", "g"]),
    (b"\"abc\"\"def\",g\n", &["abc\"def\"", "g"]),
    (b"ab\"c,d\"\n", &["ab\"c", "d\""]),
    (b"a\\,b,c\n", &["a,b", "c"]),
    (b"a\\nb\n", &["anb"]),
    (b" a , \"b\"\n", &[" a ", " \"b\""]),
    (b"'a',b\n", &["'a'", "b"]),
    (b"\"a\\\\\",b\n", &["a\\", "b"]),
    (b"\"tab\there\",\x01\r\n", &["tab\there", "\x01"]),
    (b"a,b", &["a", "b"]),
    (b"\"a\n\n\",\n", &["a\n\n", ""]),
];

#[rustfmt::skip]
const WRITTEN: &[(&[&str], &str)] = &[
    (&["a", "b"], "a,b\r\n"),
    (&["a,b"], "\"a,b\"\r\n"),
    (&["q\"q", "\""], "q\\\"q,\\\"\r\n"),
    (&["a\\b", "\\"], "a\\\\b,\\\\\r\n"),
    (&["x\r\ny", "x\ny", "x\ry"], "\"x\r\ny\",\"x\ny\",\"x\ry\"\r\n"),
    (&["say \"hi\", he said"], "\"say \\\"hi\\\", he said\"\r\n"),
    (&[""], "\"\"\r\n"),
    (&["", ""], ",\r\n"),
    (&["it's", " b "], "it's, b \r\n"),
    (&["é漢", "1.5e10"], "é漢,1.5e10\r\n"),
    (&["NULL", "{1: 2, 3: 4}"], "NULL,\"{1: 2, 3: 4}\"\r\n"),
];

fn dialect() -> Dialect {
    Dialect::new(",", "\"", "\\").unwrap()
}

#[test]
fn records_are_read_as_python_reads_them() {
    for (bytes, fields) in READ {
        let mut record = Record::default();
        assert_eq!(read(bytes, true, &dialect(), &mut record), Ok(bytes.len()), "{bytes:?}");
        let found: Vec<_> = (0..record.len()).map(|i| record.field(i).unwrap().0).collect();
        let expected: Vec<_> = fields.iter().map(|field| field.as_bytes()).collect();
        assert_eq!(found, expected, "{bytes:?}");
    }
}

#[test]
fn records_are_written_as_python_writes_them() {
    let dialect = dialect();
    for (fields, text) in WRITTEN {
        let mut out = Vec::new();
        let mut writer = Writer::new(&dialect);
        for field in *fields {
            writer.field(field.as_bytes(), Quoting::Needed, &mut out);
        }
        writer.end(&mut out);
        assert_eq!(out, text.as_bytes(), "{fields:?}");
    }
}
