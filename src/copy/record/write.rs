//! Fields to bytes.

use super::BYTE_ORDER_MARK;
use crate::copy::dialect::{Dialect, Escape};

/// Whether a field stands in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quoting {
    /// When it must: it holds a delimiter, a line break or another control character.
    Needed,
    /// In any case, which tells it from the null marker.
    Always,
    /// Never: the null marker itself. What is special in it is escaped.
    Never,
}

/// Writes records, field by field, to the end of a buffer.
#[derive(Debug)]
pub struct Writer<'d> {
    dialect: &'d Dialect,
    fields: usize,
    start: usize,
}

impl<'d> Writer<'d> {
    /// A writer of this dialect.
    pub fn new(dialect: &'d Dialect) -> Self {
        Self { dialect, fields: 0, start: 0 }
    }

    /// Appends a field of the record.
    pub fn field(&mut self, text: &[u8], quoting: Quoting, out: &mut Vec<u8>) {
        if self.fields == 0 {
            self.start = out.len();
        } else {
            out.extend_from_slice(self.dialect.delimiter.bytes());
        }
        self.fields += 1;
        let quoted = match quoting {
            Quoting::Always => true,
            Quoting::Never => false,
            Quoting::Needed => needs_quotes(text, self.dialect),
        };
        if quoted {
            out.extend_from_slice(self.dialect.quote.bytes());
        }
        escape(text, !quoted && quoting == Quoting::Never, self.dialect, out);
        if quoted {
            out.extend_from_slice(self.dialect.quote.bytes());
        }
    }

    /// Ends the record with CRLF. A single empty field is written in quotes, because an empty line has no fields.
    pub fn end(&mut self, out: &mut Vec<u8>) {
        if self.fields == 1 && out.len() == self.start {
            out.extend_from_slice(self.dialect.quote.bytes());
            out.extend_from_slice(self.dialect.quote.bytes());
        }
        out.extend_from_slice(b"\r\n");
        self.fields = 0;
    }
}

/// Whether a text can be written with [`Quoting::Never`]: with doubled quotes there is no escape for what is special.
pub fn stands_unquoted(text: &[u8], dialect: &Dialect) -> bool {
    dialect.escape != Escape::Doubled || !needs_quotes(text, dialect)
}

fn needs_quotes(text: &[u8], dialect: &Dialect) -> bool {
    let special = |at: usize, byte: u8| {
        byte < b' '
            || byte == 0x7f
            || (byte == dialect.delimiter.first() && dialect.delimiter.starts(&text[at..]))
            || (dialect.escape == Escape::Doubled && dialect.quote.starts(&text[at..]))
    };
    // In quotes it is text, also at the start of a file.
    text.starts_with(BYTE_ORDER_MARK) || text.iter().enumerate().any(|(at, byte)| special(at, *byte))
}

/// Appends the text with what its dialect wants before quotes and escapes, and if `bare` before all that would end it.
fn escape(text: &[u8], bare: bool, dialect: &Dialect, out: &mut Vec<u8>) {
    let mark = match dialect.escape {
        Escape::Doubled => dialect.quote,
        Escape::With(mark) => mark,
    };
    let ends_field = |rest: &[u8]| dialect.delimiter.starts(rest) || matches!(rest, [b'\r' | b'\n', ..]);
    let mut copied = 0;
    for (at, byte) in text.iter().enumerate() {
        let candidate = *byte == dialect.quote.first() || *byte == mark.first() || bare;
        if !candidate {
            continue;
        }
        let rest = &text[at..];
        if dialect.quote.starts(rest) || mark.starts(rest) || (bare && ends_field(rest)) {
            out.extend_from_slice(&text[copied..at]);
            out.extend_from_slice(mark.bytes());
            copied = at;
        }
    }
    out.extend_from_slice(&text[copied..]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Record, Stop, read, skip};
    use super::*;

    fn write(fields: &[(&str, Quoting)], dialect: &Dialect) -> String {
        let mut out = Vec::new();
        let mut writer = Writer::new(dialect);
        for (text, quoting) in fields {
            writer.field(text.as_bytes(), *quoting, &mut out);
        }
        writer.end(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn fields_are_quoted_only_where_they_must_be() {
        let dialect = Dialect::new(",", "\"", "\\").unwrap();
        let fields = ["plain", "a,b", "q\"q", "a\\b", "x\r\ny", "", "tab\there"].map(|text| (text, Quoting::Needed));
        let expected = "plain,\"a,b\",q\\\"q,a\\\\b,\"x\r\ny\",,\"tab\there\"\r\n";
        assert_eq!(write(&fields, &dialect), expected);
    }

    #[test]
    fn quotes_are_doubled_when_the_escape_is_the_quote() {
        let dialect = Dialect::new(",", "\"", "\"").unwrap();
        let fields = ["say \"hi\"", "a\\b"].map(|text| (text, Quoting::Needed));
        assert_eq!(write(&fields, &dialect), "\"say \"\"hi\"\"\",a\\b\r\n");
    }

    #[test]
    fn a_lone_empty_field_is_told_from_an_empty_line() {
        let dialect = Dialect::new(",", "\"", "\\").unwrap();
        assert_eq!(write(&[("", Quoting::Needed)], &dialect), "\"\"\r\n");
    }

    #[test]
    fn a_null_marker_never_stands_in_quotes() {
        let dialect = Dialect::new(",", "\"", "\\").unwrap();
        assert_eq!(write(&[("a,\\N", Quoting::Never), ("", Quoting::Never)], &dialect), "a\\,\\\\N,\r\n");
        assert!(!stands_unquoted(b"a,b", &Dialect::new(",", "\"", "\"").unwrap()));
    }

    fn any_dialect() -> impl Strategy<Value = Dialect> {
        let mark = || prop_oneof![Just(",".to_owned()), Just("\"".to_owned()), "\\PC", "[|;:\\\\'\"\u{1}\0\t §©]"];
        (mark(), mark(), mark()).prop_filter_map("legal", |(d, q, e)| Dialect::new(&d, &q, &e).ok())
    }

    fn any_field(dialect: &Dialect) -> impl Strategy<Value = Vec<u8>> + use<> {
        let mut parts = vec![b"\n".to_vec(), b"\r".to_vec(), b"\0".to_vec(), b"x".to_vec(), "é".into(), "漢".into()];
        parts.push(dialect.delimiter.bytes().to_vec());
        parts.push(dialect.quote.bytes().to_vec());
        if let Escape::With(mark) = dialect.escape {
            parts.push(mark.bytes().to_vec());
        }
        let special = proptest::collection::vec(proptest::sample::select(parts), 0..8).prop_map(|parts| parts.concat());
        prop_oneof![special, ".{0,12}".prop_map(String::into_bytes)]
    }

    /// A field's text, and whether it stands in quotes in any case.
    type AnyField = (Vec<u8>, bool);

    fn any_records() -> impl Strategy<Value = (Dialect, Vec<Vec<AnyField>>)> {
        any_dialect().prop_flat_map(|dialect| {
            let field = (any_field(&dialect), any::<bool>());
            let record = proptest::collection::vec(field, 1..5);
            (Just(dialect), proptest::collection::vec(record, 1..5))
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read((dialect, records) in any_records(), cut in any::<prop::sample::Index>()) {
            let mut file = Vec::new();
            let mut ends = Vec::new();
            let mut writer = Writer::new(&dialect);
            for record in &records {
                for (text, always) in record {
                    let quoting = if *always { Quoting::Always } else { Quoting::Needed };
                    writer.field(text, quoting, &mut file);
                }
                writer.end(&mut file);
                ends.push(file.len());
            }
            let mut start = 0;
            for (record, end) in records.iter().zip(&ends) {
                let mut found = Record::default();
                prop_assert_eq!(read(&file[start..], true, &dialect, &mut found), Ok(end - start));
                prop_assert_eq!(found.len(), record.len());
                for (i, (text, always)) in record.iter().enumerate() {
                    let (read_text, quoted) = found.field(i).unwrap();
                    prop_assert_eq!(read_text, text.as_slice());
                    prop_assert!(quoted || !always);
                }
                let partial = start + cut.index(end - start);
                if partial > start {
                    prop_assert_eq!(skip(&file[start..partial], false, &dialect), Err(Stop::More));
                }
                start = *end;
            }
        }

        #[test]
        fn a_marker_is_read_back_unquoted((dialect, marker) in any_dialect().prop_flat_map(|dialect| {
            let marker = any_field(&dialect);
            (Just(dialect), marker)
        })) {
            prop_assume!(stands_unquoted(&marker, &dialect));
            let mut file = Vec::new();
            let mut writer = Writer::new(&dialect);
            writer.field(b"first", Quoting::Always, &mut file);
            writer.field(&marker, Quoting::Never, &mut file);
            writer.end(&mut file);
            let mut found = Record::default();
            prop_assert_eq!(read(&file, true, &dialect, &mut found), Ok(file.len()));
            prop_assert_eq!(found.field(1), Some((marker.as_slice(), false)));
        }

        #[test]
        fn any_bytes_are_read_without_panic(input in proptest::collection::vec(any::<u8>(), 1..64), dialect in any_dialect()) {
            for last in [false, true] {
                if let Ok(length) = read(&input, last, &dialect, &mut Record::default()) {
                    prop_assert!(length > 0 && length <= input.len());
                }
            }
        }
    }
}
