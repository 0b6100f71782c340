//! Cells as the protocol has them.

/// A cell's bytes; `None` is null.
pub type Cell = Option<Vec<u8>>;

pub use crate::support::server::Row;

pub fn int(number: i32) -> Cell {
    Some(number.to_be_bytes().to_vec())
}

pub fn text(text: &str) -> Cell {
    Some(text.as_bytes().to_vec())
}

/// Digits in pairs, blanks between them as one likes.
pub fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u32> = digits.chars().filter(|c| *c != ' ').map(|c| c.to_digit(16).unwrap()).collect();
    digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()
}

/// A length and that many bytes, as cells, elements and fields stand in the protocol.
pub fn sized(bytes: Option<&[u8]>) -> Vec<u8> {
    let length = bytes.map_or(-1, |bytes| i32::try_from(bytes.len()).unwrap());
    [&length.to_be_bytes(), bytes.unwrap_or_default()].concat()
}

/// A tuple or a user type.
pub fn fields<const N: usize>(fields: [Option<&[u8]>; N]) -> Vec<u8> {
    fields.into_iter().flat_map(sized).collect()
}

/// A list or a set.
pub fn elements<const N: usize>(elements: [&[u8]; N]) -> Vec<u8> {
    counted(N, elements.into_iter())
}

/// A map.
pub fn pairs<const N: usize>(pairs: [(&[u8], &[u8]); N]) -> Vec<u8> {
    counted(N, pairs.into_iter().flat_map(|(key, value)| [key, value]))
}

fn counted<'b>(count: usize, parts: impl Iterator<Item = &'b [u8]>) -> Vec<u8> {
    let count = i32::try_from(count).unwrap().to_be_bytes();
    count.into_iter().chain(parts.flat_map(|part| sized(Some(part)))).collect()
}
