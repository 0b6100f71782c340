//! Puts a value on the screen piece by piece, in colour or not, and counts the columns as cqlsh counts them.

use super::colour::{BLUE, DARK_MAGENTA, GREEN, RED, RESET, YELLOW};
use super::text::{self, Piece};
use super::{Bytes, ScreenStyle, null_element};
use crate::cql::types::CqlType;
use crate::value::repr::repr_bytes;
use crate::value::wire::{self, Elements, Fields, Pairs, Value};
use crate::value::{ValueError, decimal, float, hex, inet, integer, order, time, timestamp};

pub(super) struct Painter<'a> {
    style: &'a ScreenStyle,
    precision: usize,
    out: &'a mut String,
    width: usize,
}

impl<'a> Painter<'a> {
    pub(super) fn new(style: &'a ScreenStyle, precision: usize, out: &'a mut String) -> Self {
        Self { style, precision, out, width: 0 }
    }

    /// The columns taken so far.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// A cell of its own.
    pub(super) fn cell(&mut self, ty: &CqlType, bytes: Bytes<'_>) -> Result<(), ValueError> {
        match bytes {
            Some(bytes) => self.value(wire::decode(ty, bytes)?, false),
            None => {
                self.simple(RED, "null");
                Ok(())
            }
        }
    }

    /// A cell inside a collection.
    fn element(&mut self, ty: &CqlType, bytes: Bytes<'_>) -> Result<(), ValueError> {
        match bytes {
            Some(bytes) => self.value(wire::decode(ty, bytes)?, true),
            None => {
                let (null, colour) = null_element(ty);
                self.simple(colour, null);
                Ok(())
            }
        }
    }

    fn value(&mut self, value: Value<'_>, quote: bool) -> Result<(), ValueError> {
        let (style, precision) = (self.style, self.precision);
        match value {
            Value::Empty => self.simple(YELLOW, ""),
            Value::Text(text) => self.text(text, YELLOW, quote),
            Value::Blob(bytes) => self.piece(DARK_MAGENTA, false, |out| {
                out.push_str("0x");
                hex::write(bytes, out);
            }),
            Value::Boolean(value) => self.simple(GREEN, if value { "True" } else { "False" }),
            Value::Integer(value) => self.piece(GREEN, false, |out| integer::write(value, "", out)),
            Value::Varint(bytes) => self.piece(GREEN, false, |out| integer::write_varint(bytes, "", out)),
            Value::Decimal { scale, unscaled } => {
                self.piece(GREEN, false, |out| decimal::write(scale, unscaled, ".", "", out));
            }
            Value::Float(value) => self.double(value.into(), precision),
            Value::Double(value) => self.double(value, precision),
            Value::Uuid(bytes) => self.piece(GREEN, false, |out| hex::write_uuid(bytes, out)),
            Value::Inet(address) => self.piece(GREEN, quote, |out| inet::write(address, out)),
            Value::Timestamp(millis) => self.piece(GREEN, quote, |out| {
                timestamp::write_local(millis, &style.timestamp_format, &style.time_zone, out);
            }),
            Value::Date(days) => self.piece(GREEN, false, |out| time::write_date(days, out)),
            Value::Time(nanoseconds) => self.piece(GREEN, false, |out| time::write_time(nanoseconds, out)),
            Value::Duration(duration) => self.piece(GREEN, false, |out| duration.write(out)),
            Value::List(elements) | Value::Vector(elements) => return self.list(elements),
            Value::Set(elements) => return self.set(elements),
            Value::Map(pairs) => return self.map(pairs),
            Value::Tuple(fields) => return self.tuple(fields),
            Value::UserType(fields) => return self.user_type(fields),
            Value::Custom(bytes) => self.text(&repr_bytes(bytes), YELLOW, false),
        }
        Ok(())
    }

    fn double(&mut self, value: f64, precision: usize) {
        self.piece(GREEN, false, |out| float::write_significant(value, precision, float::PLAIN, out));
    }

    fn simple(&mut self, colour: &str, text: &str) {
        self.piece(colour, false, |out| out.push_str(text));
    }

    /// One colour from beginning to end; as wide as it has characters.
    fn piece(&mut self, colour: &str, quote: bool, write: impl FnOnce(&mut String)) {
        let quote = if quote { "'" } else { "" };
        if self.style.colour {
            self.out.push_str(colour);
        }
        let start = self.out.len();
        self.out.push_str(quote);
        write(self.out);
        self.out.push_str(quote);
        self.width += self.out[start..].chars().count();
        if self.style.colour {
            self.out.push_str(RESET);
        }
    }

    /// Text, its escapes in their own colour. In colour a backslash need not be doubled to be told from an escape.
    pub(super) fn text(&mut self, text: &str, colour: &str, quote: bool) {
        let escaped = text::escape(text, quote);
        self.width += text::width(&escaped);
        if !self.style.colour {
            self.out.push_str(&escaped);
            return;
        }
        self.out.push_str(colour);
        for piece in text::pieces(&escaped) {
            match piece {
                Piece::Plain(text) => self.out.push_str(text),
                Piece::Backslash => {
                    self.out.push('\\');
                    self.width -= 1;
                }
                Piece::Escape(escape) => {
                    self.out.push_str(DARK_MAGENTA);
                    self.out.push_str(escape);
                    self.out.push_str(colour);
                }
            }
        }
        self.out.push_str(RESET);
    }

    /// Brackets, commas and colons. Their columns are counted by element.
    fn punctuation(&mut self, text: &str) {
        if self.style.colour {
            self.out.push_str(BLUE);
        }
        self.out.push_str(text);
        if self.style.colour {
            self.out.push_str(RESET);
        }
    }

    // cqlsh: columns of punctuation are a multiple of the elements, so that an empty collection counts as 0 wide.

    fn separate(&mut self, first: &mut bool, columns: usize) {
        if !std::mem::take(first) {
            self.punctuation(", ");
        }
        self.width += columns;
    }

    fn list(&mut self, elements: Elements<'_>) -> Result<(), ValueError> {
        let ty = elements.ty();
        self.punctuation("[");
        let mut first = true;
        for element in elements {
            self.separate(&mut first, 2);
            self.element(ty, element?)?;
        }
        self.punctuation("]");
        Ok(())
    }

    fn set(&mut self, elements: Elements<'_>) -> Result<(), ValueError> {
        let ty = elements.ty();
        let mut sorted: Vec<_> = elements.collect::<Result<_, _>>()?;
        order::sort_set(ty, &mut sorted);
        self.punctuation("{");
        let mut first = true;
        for element in sorted {
            self.separate(&mut first, 2);
            self.element(ty, element)?;
        }
        self.punctuation("}");
        Ok(())
    }

    fn tuple(&mut self, fields: Fields<'_>) -> Result<(), ValueError> {
        self.punctuation("(");
        let mut first = true;
        for field in fields {
            let (ty, bytes) = field?;
            self.separate(&mut first, 2);
            self.element(ty, bytes)?;
        }
        self.punctuation(")");
        Ok(())
    }

    fn map(&mut self, pairs: Pairs<'_>) -> Result<(), ValueError> {
        let (key_type, value_type) = (pairs.key(), pairs.value());
        let mut sorted: Vec<_> = pairs.collect::<Result<_, _>>()?;
        order::sort_map((key_type, value_type), &mut sorted);
        self.punctuation("{");
        let mut first = true;
        for (key, value) in sorted {
            self.separate(&mut first, 4);
            self.element(key_type, key)?;
            self.punctuation(": ");
            self.element(value_type, value)?;
        }
        self.punctuation("}");
        Ok(())
    }

    fn user_type(&mut self, fields: Fields<'_>) -> Result<(), ValueError> {
        self.punctuation("{");
        let mut first = true;
        for field in fields.named() {
            let (name, ty, bytes) = field?;
            self.separate(&mut first, 4);
            self.text(name, YELLOW, false);
            self.punctuation(": ");
            match bytes {
                Some(_) => self.element(ty, bytes)?,
                None => self.simple(RED, "null"),
            }
        }
        self.punctuation("}");
        Ok(())
    }
}
