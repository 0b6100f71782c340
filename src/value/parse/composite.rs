//! Collections, tuples, user types and vectors: `[…]`, `{…}`, `(…)` with elements between commas.
//!
//! Any pair of brackets does for any type, as in cqlsh. Elements are trimmed, and one in quotes is taken out of them.

use std::borrow::Cow;

use super::{CsvStyle, ParseError, error, is_text};
use crate::cql::types::{CqlType, UserType};
use crate::value::{collection, vint};

pub(super) fn list(ty: &CqlType, text: &str, style: &CsvStyle, out: &mut Vec<u8>) -> Result<(), ParseError> {
    let elements = split(text)?;
    out.extend_from_slice(&count(elements.len())?);
    for element in elements {
        mandatory(ty, &Element::of(element)?, style, out)?;
    }
    Ok(())
}

pub(super) fn map(
    key_type: &CqlType,
    value_type: &CqlType,
    text: &str,
    style: &CsvStyle,
    out: &mut Vec<u8>,
) -> Result<(), ParseError> {
    let pairs = split(text)?;
    out.extend_from_slice(&count(pairs.len())?);
    for pair in pairs {
        let (key, value) = split_pair(pair, style)?;
        mandatory(key_type, &Element::of(key)?, style, out)?;
        mandatory(value_type, &Element::of(value)?, style, out)?;
    }
    Ok(())
}

pub(super) fn tuple(types: &[CqlType], text: &str, style: &CsvStyle, out: &mut Vec<u8>) -> Result<(), ParseError> {
    let elements = split(text)?;
    if elements.len() > types.len() {
        return error(format!("{} elements for a tuple of {}: {text}", elements.len(), types.len()));
    }
    for (i, ty) in types.iter().enumerate() {
        match elements.get(i) {
            Some(element) => {
                let element = Element::of(element)?;
                // What Apache cqlsh makes of a null in a tuple, where it can.
                let none = style.by_cqlsh && !is_text(ty) && element.is_bare("None");
                if none { out.extend_from_slice(&NULL) } else { optional(ty, &element, style, out)? }
            }
            None => out.extend_from_slice(&NULL),
        }
    }
    Ok(())
}

pub(super) fn user_type(
    user_type: &UserType,
    text: &str,
    style: &CsvStyle,
    out: &mut Vec<u8>,
) -> Result<(), ParseError> {
    let mut values: Vec<Option<&str>> = vec![None; user_type.fields.len()];
    for pair in split(text)? {
        let (name, value) = split_pair(pair, style)?;
        let name = Element::of(name)?.text;
        let at = user_type.fields.iter().position(|(field, _)| *field == name);
        // cqlsh drops fields that the type does not have.
        let Some(at) = at else {
            return error(format!("{} has no field {name}: {text}", user_type.name));
        };
        if values[at].replace(value).is_some() {
            return error(format!("the field {name} is there twice: {text}"));
        }
    }
    for ((_, ty), value) in user_type.fields.iter().zip(values) {
        match value {
            Some(value) => optional(ty, &Element::of(value)?, style, out)?,
            None => out.extend_from_slice(&NULL),
        }
    }
    Ok(())
}

pub(super) fn vector(
    ty: &CqlType,
    dimensions: usize,
    text: &str,
    style: &CsvStyle,
    out: &mut Vec<u8>,
) -> Result<(), ParseError> {
    let elements = split(text)?;
    let given = elements.len();
    if given != dimensions {
        return error(format!(
            "The length of given vector value '{given}' is not equal to the vector size from the type definition \
             '{dimensions}'"
        ));
    }
    let fixed = collection::fixed_length(ty).is_some();
    for element in elements {
        let element = Element::of(element)?;
        if element.is_bare(style.null_inside()) {
            refuse_nothing(ty)?;
        }
        let start = out.len();
        super::parse(ty, element.text_for(ty), style, out)?;
        let length = out.len() - start;
        if !fixed {
            let mut prefix = Vec::with_capacity(9);
            vint::write_unsigned(length as u64, &mut prefix);
            out.splice(start..start, prefix);
        } else if length == 0 {
            return error("Empty values are not allowed".to_owned());
        }
    }
    Ok(())
}

/// The length that stands for null.
const NULL: [u8; 4] = (-1_i32).to_be_bytes();

fn count(length: usize) -> Result<[u8; 4], ParseError> {
    i32::try_from(length).map(i32::to_be_bytes).map_err(|_| ParseError(format!("{length} is too large a size")))
}

/// An element that may be null: bare, and equal to the text for null.
fn optional(ty: &CqlType, element: &Element<'_>, style: &CsvStyle, out: &mut Vec<u8>) -> Result<(), ParseError> {
    if element.is_bare(style.null_inside()) {
        out.extend_from_slice(&NULL);
        return Ok(());
    }
    sized(ty, element, style, out)
}

/// An element of a list, set or map, where the server takes nulls only if the collection is frozen. Nothing at all is a
/// text where texts are expected, as in cqlsh.
fn mandatory(ty: &CqlType, element: &Element<'_>, style: &CsvStyle, out: &mut Vec<u8>) -> Result<(), ParseError> {
    if style.null_inside().is_empty() && element.is_bare("") {
        refuse_nothing(ty)?;
        return sized(ty, element, style, out);
    }
    optional(ty, element, style, out)
}

fn refuse_nothing(ty: &CqlType) -> Result<(), ParseError> {
    if is_text(ty) { Ok(()) } else { error("Empty values are not allowed".to_owned()) }
}

/// Appends an element behind its length.
fn sized(ty: &CqlType, element: &Element<'_>, style: &CsvStyle, out: &mut Vec<u8>) -> Result<(), ParseError> {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    super::parse(ty, element.text_for(ty), style, out)?;
    let length = count(out.len() - start - 4)?;
    out[start..start + 4].copy_from_slice(&length);
    Ok(())
}

/// One element, out of its quotes.
struct Element<'a> {
    text: Cow<'a, str>,
    quoted: bool,
}

impl<'a> Element<'a> {
    fn of(raw: &'a str) -> Result<Self, ParseError> {
        let raw = raw.trim();
        let Some(inner) = raw.strip_prefix('\'') else {
            return Ok(Self { text: raw.into(), quoted: false });
        };
        let Some(inner) = inner.strip_suffix('\'') else {
            return error(format!("text after the closing quote: {raw}"));
        };
        if !inner.contains('\'') {
            return Ok(Self { text: inner.into(), quoted: true });
        }
        let text = inner.replace("''", "'");
        if text.matches('\'').count() * 2 != inner.matches('\'').count() {
            return error(format!("a quote inside quotes that is not doubled: {raw}"));
        }
        Ok(Self { text: text.into(), quoted: true })
    }

    /// Whether it is this text, without quotes.
    fn is_bare(&self, text: &str) -> bool {
        !self.quoted && self.text == text
    }

    /// The text to parse: for a type that is no text, `''` stays as it was, because it is the value without bytes.
    fn text_for(&self, ty: &CqlType) -> &str {
        if self.quoted && self.text.is_empty() && !is_text(ty) { super::EMPTY } else { &self.text }
    }
}

/// Cuts a composite at the commas that stand in no inner brackets and in no quotes.
fn split(text: &str) -> Result<Vec<&str>, ParseError> {
    let malformed =
        || ParseError(format!("Invalid composite string, it should start and end with matching parentheses: {text}"));
    let bytes = text.as_bytes();
    let matching = matches!(
        (bytes.first(), bytes.last()),
        (Some(b'['), Some(b']')) | (Some(b'{'), Some(b'}')) | (Some(b'('), Some(b')'))
    );
    if bytes.len() < 2 || !matching {
        return Err(malformed());
    }
    let mut parts = Vec::new();
    let (mut start, end) = (1, text.len() - 1);
    let mut scan = Scan::default();
    for (at, &byte) in bytes.iter().enumerate().take(end).skip(1) {
        if scan.is_separator(byte, b',').ok_or_else(malformed)? {
            parts.push(&text[start..at]);
            start = at + 1;
        }
    }
    if !scan.is_complete() {
        return Err(malformed());
    }
    if start < end {
        parts.push(&text[start..end]);
    }
    Ok(parts)
}

/// Cuts `key: value` at the first colon that stands in no brackets and in no quotes. Apache cqlsh has a blank behind it, and
/// none behind those of a time.
fn split_pair<'p>(pair: &'p str, style: &CsvStyle) -> Result<(&'p str, &'p str), ParseError> {
    let mut scan = Scan::default();
    for (at, &byte) in pair.as_bytes().iter().enumerate() {
        let is_colon = scan.is_separator(byte, b':') == Some(true);
        if is_colon && (!style.by_cqlsh || pair[at + 1..].starts_with(' ')) {
            return Ok((&pair[..at], &pair[at + 1..]));
        }
    }
    error(format!("no colon between a key and its value: {}", pair.trim()))
}

/// Where a walk over a composite is: how many brackets are open, and whether a quote is.
#[derive(Default)]
struct Scan {
    depth: usize,
    quoted: bool,
}

impl Scan {
    /// Steps over a byte; `None` if it closes a bracket that was not opened.
    fn is_separator(&mut self, byte: u8, separator: u8) -> Option<bool> {
        match byte {
            b'\'' => self.quoted = !self.quoted,
            _ if self.quoted => {}
            b'[' | b'{' | b'(' => self.depth += 1,
            b']' | b'}' | b')' => self.depth = self.depth.checked_sub(1)?,
            _ => return Some(byte == separator && self.depth == 0),
        }
        Some(false)
    }

    fn is_complete(&self) -> bool {
        self.depth == 0 && !self.quoted
    }
}
