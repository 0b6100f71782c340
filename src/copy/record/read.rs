//! Bytes to fields.

use memchr::{memchr, memchr2};

use crate::copy::dialect::{Dialect, Escape};

/// Who is told of the fields of a record, in order.
pub trait Fields {
    /// A field begins; `quoted` tells whether it opens with a quote.
    fn begin(&mut self, quoted: bool);
    /// The next part of its text, without quotes and escapes.
    fn text(&mut self, part: &[u8]);
    /// The field is complete.
    fn end(&mut self);
}

/// Nobody: the record is only measured.
impl Fields for () {
    fn begin(&mut self, _quoted: bool) {}
    fn text(&mut self, _part: &[u8]) {}
    fn end(&mut self) {}
}

/// The fields of one record in one buffer, which the next record uses again.
#[derive(Debug, Default)]
pub struct Record {
    text: Vec<u8>,
    fields: Vec<Field>,
}

#[derive(Debug)]
struct Field {
    end: usize,
    quoted: bool,
}

impl Record {
    /// Forgets the record.
    pub fn clear(&mut self) {
        self.text.clear();
        self.fields.clear();
    }

    /// How many fields there are; an empty line has none.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there are no fields.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// A field's text and whether it opened with a quote.
    pub fn field(&self, index: usize) -> Option<(&[u8], bool)> {
        let field = self.fields.get(index)?;
        let start = if index == 0 { 0 } else { self.fields[index - 1].end };
        Some((&self.text[start..field.end], field.quoted))
    }
}

impl Fields for Record {
    fn begin(&mut self, quoted: bool) {
        self.fields.push(Field { end: self.text.len(), quoted });
    }

    fn text(&mut self, part: &[u8]) {
        self.text.extend_from_slice(part);
    }

    fn end(&mut self) {
        if let Some(field) = self.fields.last_mut() {
            field.end = self.text.len();
        }
    }
}

/// Why no record can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Its end is not in this input, and more may come.
    More,
    /// The input ended inside quotes or right after an escape character.
    Unterminated,
}

/// Reads the record at the start of `input`, which is not empty, and returns how many bytes it takes with its line end.
/// `last` tells that nothing follows `input`.
pub fn read(input: &[u8], last: bool, dialect: &Dialect, fields: &mut impl Fields) -> Result<usize, Stop> {
    let mut cursor = Cursor { input, at: 0, last, dialect };
    if let Some(end) = cursor.line_end()? {
        return Ok(end);
    }
    loop {
        let quoted = dialect.quote.starts(cursor.rest());
        fields.begin(quoted);
        if quoted {
            cursor.at += dialect.quote.bytes().len();
            cursor.quoted_part(fields)?;
        }
        let end = cursor.plain_part(fields)?;
        fields.end();
        if let Some(end) = end {
            return Ok(end);
        }
    }
}

/// Passes over the record at the start of `input`: [`read`] for nobody.
pub fn skip(input: &[u8], last: bool, dialect: &Dialect) -> Result<usize, Stop> {
    // Most lines are records: they hold nothing that could make them go on.
    match memchr(b'\n', input) {
        Some(end) if dialect.is_plain(&input[..end]) => Ok(end + 1),
        _ => read(input, last, dialect, &mut ()),
    }
}

/// What the end of a line leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Open {
    /// Nothing: the next line begins a record.
    #[default]
    Nothing,
    /// A field whose line end was escaped.
    Field,
    /// A field in quotes.
    Quotes,
}

/// What a line, which comes with its end, leaves open when the lines before it left `before`.
pub fn open_after(line: &[u8], before: Open, dialect: &Dialect) -> Open {
    let mut cursor = Cursor { input: line, at: 0, last: false, dialect };
    let mut open = before;
    loop {
        if open == Open::Nothing && dialect.quote.starts(cursor.rest()) {
            cursor.at += dialect.quote.bytes().len();
            open = Open::Quotes;
        }
        if open == Open::Quotes && cursor.quoted_part(&mut ()).is_err() {
            return Open::Quotes;
        }
        match cursor.plain_part(&mut ()) {
            Ok(None) => open = Open::Nothing,
            Ok(Some(_)) => return Open::Nothing,
            Err(_) => return Open::Field,
        }
    }
}

struct Cursor<'a> {
    input: &'a [u8],
    at: usize,
    last: bool,
    dialect: &'a Dialect,
}

impl Cursor<'_> {
    fn rest(&self) -> &[u8] {
        &self.input[self.at..]
    }

    /// The text up to the closing quote, which is passed. Python takes what follows it as more of the field.
    fn quoted_part(&mut self, fields: &mut impl Fields) -> Result<(), Stop> {
        let quote = self.dialect.quote;
        loop {
            let found = match self.dialect.escape {
                Escape::Doubled => memchr(quote.first(), self.rest()),
                Escape::With(escape) => memchr2(quote.first(), escape.first(), self.rest()),
            };
            let Some(found) = found else { return Err(self.unfinished()) };
            fields.text(&self.rest()[..found]);
            self.at += found;
            if self.dialect.escape_starts(self.rest()) {
                self.escaped(fields)?;
            } else if quote.starts(self.rest()) {
                self.at += quote.bytes().len();
                let doubled = self.dialect.escape == Escape::Doubled && quote.starts(self.rest());
                if !doubled {
                    return Ok(());
                }
                fields.text(quote.bytes());
                self.at += quote.bytes().len();
            } else {
                self.literal(fields);
            }
        }
    }

    /// The text up to the delimiter (`None`) or the end of the record, where that is; either is passed.
    fn plain_part(&mut self, fields: &mut impl Fields) -> Result<Option<usize>, Stop> {
        loop {
            let Some(found) = self.dialect.next_stop(self.rest()) else {
                fields.text(self.rest());
                return if self.last { Ok(Some(self.input.len())) } else { Err(Stop::More) };
            };
            fields.text(&self.rest()[..found]);
            self.at += found;
            if let Some(end) = self.line_end()? {
                return Ok(Some(end));
            } else if self.dialect.delimiter.starts(self.rest()) {
                self.at += self.dialect.delimiter.bytes().len();
                return Ok(None);
            } else if self.dialect.escape_starts(self.rest()) {
                self.escaped(fields)?;
            } else {
                self.literal(fields);
            }
        }
    }

    /// Where the record ends if a line end (LF, CRLF or CR) stands here.
    fn line_end(&self) -> Result<Option<usize>, Stop> {
        match self.rest() {
            [b'\n', ..] => Ok(Some(self.at + 1)),
            [b'\r', b'\n', ..] => Ok(Some(self.at + 2)),
            [b'\r'] if !self.last => Err(Stop::More),
            [b'\r', ..] => Ok(Some(self.at + 1)),
            _ => Ok(None),
        }
    }

    /// An escape character and what it makes a part of the text: a character, or a line break as a whole.
    fn escaped(&mut self, fields: &mut impl Fields) -> Result<(), Stop> {
        let Escape::With(mark) = self.dialect.escape else { return Ok(()) };
        self.at += mark.bytes().len();
        let length = match self.rest() {
            [] => return Err(self.unfinished()),
            [b'\r'] if !self.last => return Err(Stop::More),
            [b'\r', b'\n', ..] => 2,
            [first, ..] => character_length(*first).min(self.rest().len()),
        };
        if self.dialect.keeps_escapes && !self.dialect.quote.starts(self.rest()) {
            fields.text(mark.bytes());
        }
        fields.text(&self.rest()[..length]);
        self.at += length;
        Ok(())
    }

    /// A byte that only looked like the start of a mark.
    fn literal(&mut self, fields: &mut impl Fields) {
        fields.text(&self.rest()[..1]);
        self.at += 1;
    }

    fn unfinished(&self) -> Stop {
        if self.last { Stop::Unterminated } else { Stop::More }
    }
}

/// Bytes of the UTF-8 character that begins with this one.
fn character_length(first: u8) -> usize {
    match first {
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect() -> Dialect {
        Dialect::new(",", "\"", "\\").unwrap()
    }

    fn fields(record: &Record) -> Vec<(String, bool)> {
        let text = |i| record.field(i).map(|(text, quoted)| (String::from_utf8(text.to_vec()).unwrap(), quoted));
        (0..record.len()).map(|i| text(i).unwrap()).collect()
    }

    fn open_after_all(lines: &[&str], dialect: &Dialect) -> Vec<Open> {
        let after = |open: &mut Open, line: &&str| {
            *open = open_after(line.as_bytes(), *open, dialect);
            Some(*open)
        };
        lines.iter().scan(Open::Nothing, after).collect()
    }

    #[test]
    fn a_line_may_leave_quotes_or_a_field_open() {
        use Open::{Field, Nothing, Quotes};
        let lines = ["a,\"b\n", "c\\\"\n", ".\n", "d\",\"\"\r\n", "a\\\n", "\"b,\"\n", "\"\n", "a\"b\n", "\n"];
        let found = open_after_all(&lines, &dialect());
        assert_eq!(found, [Quotes, Quotes, Quotes, Nothing, Field, Quotes, Nothing, Nothing, Nothing]);
        let doubled = Dialect::new(",", "\"", "\"").unwrap();
        let found = open_after_all(&["\"a\"\"\n", ".\n", "\"\",b\n", "\"\n", "c\\\n"], &doubled);
        assert_eq!(found, [Quotes, Quotes, Quotes, Nothing, Nothing]);
    }

    fn read_all(mut input: &[u8], dialect: &Dialect) -> Vec<Vec<(String, bool)>> {
        let mut records = Vec::new();
        let mut record = Record::default();
        while !input.is_empty() {
            record.clear();
            let length = read(input, true, dialect, &mut record).unwrap();
            records.push(fields(&record));
            input = &input[length..];
        }
        records
    }

    fn plain(text: &str) -> (String, bool) {
        (text.to_owned(), false)
    }

    fn quoted(text: &str) -> (String, bool) {
        (text.to_owned(), true)
    }

    #[test]
    fn an_empty_field_in_quotes_is_told_from_one_without() {
        assert_eq!(read_all(b",\"\"\n", &dialect()), [[plain(""), quoted("")]]);
    }

    #[test]
    fn every_line_end_ends_a_record_and_the_last_may_be_missing() {
        let records = read_all(b"a\nb\r\nc\rd", &dialect());
        assert_eq!(records, [[plain("a")], [plain("b")], [plain("c")], [plain("d")]]);
    }

    #[test]
    fn an_empty_line_is_a_record_without_fields() {
        assert_eq!(read_all(b"a\n\nb\n", &dialect()), [vec![plain("a")], vec![], vec![plain("b")]]);
    }

    #[test]
    fn line_breaks_and_delimiters_inside_quotes_belong_to_the_field() {
        assert_eq!(read_all(b"\"a,\r\nb\",c\n", &dialect()), [[quoted("a,\r\nb"), plain("c")]]);
    }

    #[test]
    fn an_escaped_line_break_belongs_to_the_field() {
        assert_eq!(read_all(b"a\\\r\nb\\\nc,d\n", &dialect()), [[plain("a\r\nb\nc"), plain("d")]]);
    }

    #[test]
    fn input_that_ends_inside_quotes_is_refused() {
        for input in [&b"1,\"abc\n2,d\n"[..], b"\"", b"a,b\\", b"\"a\\"] {
            assert_eq!(skip(input, true, &dialect()), Err(Stop::Unterminated), "{input:?}");
        }
    }

    #[test]
    fn a_record_that_may_go_on_asks_for_more() {
        for input in [&b"a"[..], b"a\r", b"\"a\n", b"\"a\"", b"a\\", b"a,b\\\r", b"\r"] {
            assert_eq!(skip(input, false, &dialect()), Err(Stop::More), "{input:?}");
        }
    }

    #[test]
    fn a_mark_of_several_bytes_is_found_whole() {
        let dialect = Dialect::new("§", "«", "¬").unwrap();
        let input = "a©§«b§¬«c«x§d¬§\n".as_bytes();
        assert_eq!(read_all(input, &dialect), [[plain("a©"), quoted("b§«cx"), plain("d§")]]);
    }
}
