//! A cell as COPY writes it: the text between the delimiters, before CSV quoting.
//!
//! Every text says which value it is: [`parse`](super::parse::parse) gives the same bytes again, except that varints
//! lose superfluous leading bytes, and that fields missing at the end of a tuple or a user type come back as nulls. What
//! no text can say (a null in a list while null is written as nothing) is an error.

use super::wire::{self, Bytes, Elements, Fields, Pairs, Value};
use super::{Sink, ValueError, decimal, float, hex, inet, integer, time, timestamp};
use crate::cql::types::CqlType;

/// How values look in a CSV file, both ways.
#[derive(Debug, Clone)]
pub struct CsvStyle {
    /// strftime format of timestamps, always in UTC (default `%Y-%m-%d %H:%M:%S.%f%z` with `%f` cut to 3 digits).
    pub timestamp_format: String,
    /// Significant digits of float; `None` writes the shortest text that reads back to the same bits.
    pub float_precision: Option<usize>,
    /// Significant digits of double; `None` as above.
    pub double_precision: Option<usize>,
    /// The decimal separator, normally `.`.
    pub decimal_separator: String,
    /// The thousands separator, normally empty.
    pub thousands_separator: String,
    /// The words for true and false.
    pub booleans: (String, String),
    /// The text that stands for null (cqlsh compares it with elements inside collections too).
    pub null: String,
    /// Whether what is read was written by Apache cqlsh, whose texts hold [escape sequences](super::escapes).
    pub by_cqlsh: bool,
}

impl Default for CsvStyle {
    /// What COPY does when no option says otherwise.
    fn default() -> Self {
        Self {
            timestamp_format: "%Y-%m-%d %H:%M:%S.%f%z".to_owned(),
            float_precision: None,
            double_precision: None,
            decimal_separator: ".".to_owned(),
            thousands_separator: String::new(),
            booleans: ("True".to_owned(), "False".to_owned()),
            null: String::new(),
            by_cqlsh: false,
        }
    }
}

impl CsvStyle {
    /// What stands for a null inside a tuple or a user type: the text for null, or nothing if that could not be told
    /// from the structure around it.
    pub(super) fn null_inside(&self) -> &str {
        if needs_quotes(self.null.as_bytes(), true) { "" } else { &self.null }
    }
}

/// What stands for a value of no bytes that is neither null nor a text.
pub(super) const EMPTY: &str = "''";

/// Appends the text of a non-null cell to `out`, without CSV quoting.
pub fn write(ty: &CqlType, bytes: &[u8], style: &CsvStyle, out: &mut Vec<u8>) -> Result<(), ValueError> {
    let precision = match ty {
        CqlType::Native(crate::cql::types::NativeType::Double) => style.double_precision,
        _ => style.float_precision,
    };
    Writer { style, precision, out }.value(wire::decode(ty, bytes)?)
}

struct Writer<'a> {
    style: &'a CsvStyle,
    precision: Option<usize>,
    out: &'a mut Vec<u8>,
}

impl Writer<'_> {
    fn value(&mut self, value: Value<'_>) -> Result<(), ValueError> {
        let style = self.style;
        let (point, thousands) = (&style.decimal_separator[..], &style.thousands_separator[..]);
        let marks = float::Marks { point, thousands };
        match value {
            Value::Empty => self.out.put(EMPTY),
            Value::Text(text) => self.out.put(text),
            Value::Blob(bytes) | Value::Custom(bytes) => {
                self.out.put("0x");
                hex::write(bytes, self.out);
            }
            Value::Boolean(true) => self.out.put(&style.booleans.0),
            Value::Boolean(false) => self.out.put(&style.booleans.1),
            Value::Integer(value) => integer::write(value, thousands, self.out),
            Value::Varint(bytes) => integer::write_varint(bytes, thousands, self.out),
            Value::Decimal { scale, unscaled } => decimal::write(scale, unscaled, point, thousands, self.out),
            Value::Float(value) => match self.precision {
                Some(precision) => float::write_significant(value.into(), precision, marks, self.out),
                None => float::write_shortest(value, marks, self.out),
            },
            Value::Double(value) => match self.precision {
                Some(precision) => float::write_significant(value, precision, marks, self.out),
                None => float::write_shortest(value, marks, self.out),
            },
            Value::Uuid(bytes) => hex::write_uuid(bytes, self.out),
            Value::Inet(address) => inet::write(address, self.out),
            Value::Timestamp(millis) => timestamp::write_utc(millis, &style.timestamp_format, self.out),
            Value::Date(days) => self.date(days),
            Value::Time(nanoseconds) => time::write_time(nanoseconds, self.out),
            Value::Duration(duration) => {
                let start = self.out.len();
                duration.write(self.out);
                if duration.has_mixed_signs() {
                    return Err(ValueError("a duration has parts of both signs".to_owned()));
                } else if self.out.len() == start {
                    self.out.put("0s");
                }
            }
            Value::List(elements) | Value::Vector(elements) => return self.elements("[", elements, "]"),
            Value::Set(elements) => return self.elements("{", elements, "}"),
            Value::Map(pairs) => return self.map(pairs),
            Value::Tuple(fields) => return self.tuple(fields),
            Value::UserType(fields) => return self.user_type(fields),
        }
        Ok(())
    }

    /// A day number after the year 9999 gets its sign, because eight digits alone look like a date.
    fn date(&mut self, days: i32) {
        if days > 0 && !time::is_in_calendar(days.into()) {
            self.out.put("+");
        }
        time::write_date(days, self.out);
    }

    fn elements(&mut self, open: &str, elements: Elements<'_>, close: &str) -> Result<(), ValueError> {
        let ty = elements.ty();
        self.out.put(open);
        for (i, element) in elements.enumerate() {
            self.separate(i);
            self.mandatory(ty, element?, false)?;
        }
        self.out.put(close);
        Ok(())
    }

    fn tuple(&mut self, fields: Fields<'_>) -> Result<(), ValueError> {
        self.out.put("(");
        for (i, field) in fields.enumerate() {
            let (ty, bytes) = field?;
            self.separate(i);
            self.element(ty, bytes, false)?;
        }
        self.out.put(")");
        Ok(())
    }

    fn map(&mut self, pairs: Pairs<'_>) -> Result<(), ValueError> {
        let (key_type, value_type) = (pairs.key(), pairs.value());
        self.out.put("{");
        for (i, pair) in pairs.enumerate() {
            let (key, value) = pair?;
            self.separate(i);
            self.mandatory(key_type, key, true)?;
            self.out.put(": ");
            self.mandatory(value_type, value, true)?;
        }
        self.out.put("}");
        Ok(())
    }

    fn user_type(&mut self, fields: Fields<'_>) -> Result<(), ValueError> {
        self.out.put("{");
        for (i, field) in fields.named().enumerate() {
            let (name, ty, bytes) = field?;
            self.separate(i);
            let start = self.out.len();
            self.out.put(name);
            if needs_quotes(&self.out[start..], true) {
                self.quote(start);
            }
            self.out.put(": ");
            self.element(ty, bytes, true)?;
        }
        self.out.put("}");
        Ok(())
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.out.put(", ");
        }
    }

    /// A value where CQL has no null, although the server takes one in bound frozen collections. Nothing at all would
    /// read back as an empty text there.
    fn mandatory(&mut self, ty: &CqlType, bytes: Bytes<'_>, in_pair: bool) -> Result<(), ValueError> {
        if bytes.is_none() && self.style.null_inside().is_empty() {
            return Err(ValueError("a null inside a collection can be written with a text for NULL only".to_owned()));
        }
        self.element(ty, bytes, in_pair)
    }

    /// A value inside another one; `in_pair` if a colon would end it. What is quoted is never null.
    fn element(&mut self, ty: &CqlType, bytes: Bytes<'_>, in_pair: bool) -> Result<(), ValueError> {
        let Some(bytes) = bytes else {
            self.out.put(self.style.null_inside());
            return Ok(());
        };
        let start = self.out.len();
        match wire::decode(ty, bytes)? {
            Value::Empty => self.out.put(EMPTY),
            Value::Text(text) => {
                self.out.put(text);
                self.quote(start);
            }
            value @ (Value::Inet(_) | Value::Timestamp(_)) => {
                self.value(value)?;
                self.quote(start);
            }
            value @ (Value::List(_) | Value::Set(_) | Value::Map(_)) => self.value(value)?,
            value @ (Value::Vector(_) | Value::Tuple(_) | Value::UserType(..)) => self.value(value)?,
            // Separators and the words for a boolean may hold anything.
            value => {
                self.value(value)?;
                let written = &self.out[start..];
                if needs_quotes(written, in_pair) || written == self.style.null_inside().as_bytes() {
                    self.quote(start);
                }
            }
        }
        Ok(())
    }

    /// Puts quotes around what was written since `start`, and doubles those inside.
    fn quote(&mut self, start: usize) {
        let doubled = memchr::memchr_iter(b'\'', &self.out[start..]).count();
        let (mut from, mut to) = (self.out.len(), self.out.len() + doubled + 2);
        self.out.resize(to, b'\'');
        // Moved from the back; in the end `to` is one ahead, where the opening quote belongs.
        to -= 1;
        while from > start {
            from -= 1;
            to -= 1;
            self.out[to] = self.out[from];
            if self.out[to] == b'\'' {
                to -= 1;
                self.out[to] = b'\'';
            }
        }
        self.out[start] = b'\'';
    }
}

/// Whether a text inside a collection would be taken for structure, or trimmed, if it stood there bare.
fn needs_quotes(text: &[u8], in_pair: bool) -> bool {
    let structural = |byte: u8| matches!(byte, b',' | b'\'' | b'[' | b']' | b'{' | b'}' | b'(' | b')');
    let blank = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_whitespace() || !byte.is_ascii());
    text.iter().any(|&byte| structural(byte) || (in_pair && byte == b':')) || blank(text.first()) || blank(text.last())
}
