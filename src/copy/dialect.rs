//! What separates, surrounds and escapes fields: Python csv's dialect as DELIMITER, QUOTE and ESCAPE set it. It knows
//! nothing of records or files.

use std::fmt;

use memchr::memchr3;

/// The separators of a CSV file.
#[derive(Clone, PartialEq, Eq)]
pub struct Dialect {
    /// Stands between two fields.
    pub delimiter: Mark,
    /// Stands around a field.
    pub quote: Mark,
    /// How a quote inside a field is told from its end.
    pub escape: Escape,
    /// Whether an escape character that stands before something else than a quote belongs to the field's text.
    pub keeps_escapes: bool,
    /// The bytes that may end or interrupt an unquoted field.
    stops: [bool; 256],
}

/// How a quote inside a quoted field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// Twice (ESCAPE equal to QUOTE).
    Doubled,
    /// After this character, which also stands before itself.
    With(Mark),
}

/// One character as its bytes in UTF-8.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    bytes: [u8; 4],
    length: u8,
}

impl Mark {
    fn new(character: char) -> Self {
        let mut bytes = [0; 4];
        let length = character.encode_utf8(&mut bytes).len();
        Self { bytes, length: length as u8 }
    }

    /// Its bytes, at least one.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }

    /// The byte to search for.
    pub fn first(&self) -> u8 {
        self.bytes[0]
    }

    /// Whether `text` begins with it.
    pub fn starts(&self, text: &[u8]) -> bool {
        text.first() == Some(&self.bytes[0]) && (self.length == 1 || text.starts_with(self.bytes()))
    }
}

impl fmt::Debug for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(self.bytes()))
    }
}

impl fmt::Debug for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialect")
            .field("delimiter", &self.delimiter)
            .field("quote", &self.quote)
            .field("escape", &self.escape)
            .finish_non_exhaustive()
    }
}

impl Dialect {
    /// The dialect of these option values, or why there is none. Python's csv accepts a delimiter that is also the
    /// quote or a line break and then loses fields; that is refused.
    pub fn new(delimiter: &str, quote: &str, escape: &str) -> Result<Self, String> {
        let delimiter_mark = one_character(delimiter, "delimiter")?;
        let quote_mark = one_character(quote, "quotechar")?;
        let escape_mark = one_character(escape, "escapechar")?;
        if [delimiter, quote, escape].iter().any(|text| text.contains(['\r', '\n'])) {
            return Err("DELIMITER, QUOTE and ESCAPE must not be line breaks".to_owned());
        }
        if delimiter_mark == quote_mark || delimiter_mark == escape_mark {
            return Err("DELIMITER must differ from QUOTE and ESCAPE".to_owned());
        }
        let escape = if escape_mark == quote_mark { Escape::Doubled } else { Escape::With(escape_mark) };
        let mut stops = [false; 256];
        for byte in [b'\r', b'\n', delimiter_mark.first()] {
            stops[usize::from(byte)] = true;
        }
        if let Escape::With(mark) = escape {
            stops[usize::from(mark.first())] = true;
        }
        Ok(Self { delimiter: delimiter_mark, quote: quote_mark, escape, keeps_escapes: false, stops })
    }

    /// The same for files whose escape characters stand for themselves, but for those before a quote.
    pub(super) fn keeping_escapes(self) -> Self {
        Self { keeps_escapes: true, ..self }
    }

    /// Where the next byte stands that may end or interrupt an unquoted field.
    pub fn next_stop(&self, text: &[u8]) -> Option<usize> {
        text.iter().position(|byte| self.stops[usize::from(*byte)])
    }

    /// Whether there are no quotes, escapes and carriage returns in a text, nor anything that begins like them.
    pub fn is_plain(&self, text: &[u8]) -> bool {
        let escape = match self.escape {
            Escape::Doubled => self.quote,
            Escape::With(mark) => mark,
        };
        memchr3(self.quote.first(), escape.first(), b'\r', text).is_none()
    }

    /// Whether the escape character begins here.
    pub fn escape_starts(&self, text: &[u8]) -> bool {
        matches!(self.escape, Escape::With(mark) if mark.starts(text))
    }
}

/// The one character of an option, or Python csv's refusal.
fn one_character(text: &str, name: &str) -> Result<Mark, String> {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => Ok(Mark::new(character)),
        _ => Err(format!("\"{name}\" must be a 1-character string")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_single_characters_of_any_length_in_bytes() {
        assert!(Dialect::new("§", "\"", "\\").is_ok());
        for (delimiter, quote, escape, name) in
            [("\\t", "\"", "\\", "delimiter"), (",", "", "\\", "quotechar"), (",", "\"", "", "escapechar")]
        {
            let refusal = format!("\"{name}\" must be a 1-character string");
            assert_eq!(Dialect::new(delimiter, quote, escape), Err(refusal));
        }
    }

    #[test]
    fn marks_that_would_lose_fields_are_refused() {
        for (delimiter, quote, escape) in [("\"", "\"", "\\"), ("\\", "\"", "\\"), (",", "\n", "\\"), (",", "\"", "\r")]
        {
            assert!(Dialect::new(delimiter, quote, escape).is_err(), "{delimiter:?} {quote:?} {escape:?}");
        }
    }

    #[test]
    fn an_escape_that_is_the_quote_means_doubling() {
        assert_eq!(Dialect::new(",", "'", "'").map(|dialect| dialect.escape), Ok(Escape::Doubled));
    }
}
