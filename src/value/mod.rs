//! One cell: wire bytes to text and back. Pure, and never panics, whatever the bytes.
//!
//! Everything works straight on the bytes of the protocol (v4), guided by the [`CqlType`](crate::cql::types::CqlType):
//! no value is built that owns memory, so that COPY pays no allocation per cell.

pub mod csv;
pub mod escapes;
pub mod json;
pub mod literal;
pub mod parse;
pub mod screen;
pub mod wire;

mod calendar;
mod collection;
mod decimal;
mod duration;
mod float;
mod hex;
mod inet;
mod integer;
mod joined;
mod order;
pub(crate) mod repr;
mod strftime;
mod time;
mod timestamp;
mod vint;

#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod types;

pub(crate) use integer::python_digits;

/// Why bytes are not a value of their type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ValueError(pub String);

/// Where the text of a value goes: a `String` for the screen, bytes for COPY.
trait Sink {
    fn put(&mut self, text: &str);

    /// The sink for `write!`, which cannot fail.
    fn formatter(&mut self) -> Formatter<'_, Self> {
        Formatter(self)
    }
}

/// A [`Sink`] that `write!` writes to.
struct Formatter<'a, S: ?Sized>(&'a mut S);

impl<S: Sink + ?Sized> std::fmt::Write for Formatter<'_, S> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.put(text);
        Ok(())
    }
}

impl Sink for String {
    fn put(&mut self, text: &str) {
        self.push_str(text);
    }
}

impl Sink for Vec<u8> {
    fn put(&mut self, text: &str) {
        self.extend_from_slice(text.as_bytes());
    }
}
