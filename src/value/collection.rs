//! Lists, sets, maps, tuples, user types and vectors as lazy walks over slices of the frame.

use super::wire::Bytes;
use super::{ValueError, vint};
use crate::cql::types::{CqlType, NativeType, UserType};

/// The elements of a list, a set or a vector.
#[derive(Debug, Clone)]
pub struct Elements<'a> {
    ty: &'a CqlType,
    lengths: Lengths,
    left: usize,
    rest: &'a [u8],
}

/// How an element's length is known.
#[derive(Debug, Clone, Copy)]
enum Lengths {
    /// An i32 before it; negative means null.
    Prefixed,
    /// An unsigned vint before it (vectors of types without a fixed length).
    Vint,
    /// All are this long (vectors of types with one).
    Fixed(usize),
}

impl<'a> Elements<'a> {
    /// A list or a set: a count, then elements with their lengths.
    pub(super) fn counted(ty: &'a CqlType, bytes: &'a [u8]) -> Result<Self, ValueError> {
        let mut rest = bytes;
        let left = count(&mut rest)?;
        Ok(Self { ty, lengths: Lengths::Prefixed, left, rest })
    }

    /// A vector: no count, because the type knows it.
    pub(super) fn of_vector(ty: &'a CqlType, dimensions: usize, bytes: &'a [u8]) -> Result<Self, ValueError> {
        let lengths = match fixed_length(ty) {
            None => Lengths::Vint,
            Some(length) if length.checked_mul(dimensions) == Some(bytes.len()) => Lengths::Fixed(length),
            Some(length) => {
                let (expected, got) = (length.saturating_mul(dimensions), bytes.len());
                return Err(ValueError(format!("a vector<{ty}, {dimensions}> takes {expected} bytes, not {got}")));
            }
        };
        Ok(Self { ty, lengths, left: dimensions, rest: bytes })
    }

    /// The type of the elements.
    pub fn ty(&self) -> &'a CqlType {
        self.ty
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Result<Bytes<'a>, ValueError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            return end(&mut self.rest);
        }
        self.left -= 1;
        let element = match self.lengths {
            Lengths::Prefixed => prefixed(&mut self.rest),
            Lengths::Fixed(length) => take(&mut self.rest, length).map(Some),
            Lengths::Vint => vint::read_unsigned(self.rest).ok_or_else(cut).and_then(|(length, rest)| {
                self.rest = rest;
                take(&mut self.rest, usize::try_from(length).unwrap_or(usize::MAX)).map(Some)
            }),
        };
        if element.is_err() {
            (self.left, self.rest) = (0, &[]);
        }
        Some(element)
    }
}

/// The entries of a map.
#[derive(Debug, Clone)]
pub struct Pairs<'a> {
    key: &'a CqlType,
    value: &'a CqlType,
    left: usize,
    rest: &'a [u8],
}

impl<'a> Pairs<'a> {
    pub(super) fn new(key: &'a CqlType, value: &'a CqlType, bytes: &'a [u8]) -> Result<Self, ValueError> {
        let mut rest = bytes;
        let left = count(&mut rest)?;
        Ok(Self { key, value, left, rest })
    }

    /// The type of the keys.
    pub fn key(&self) -> &'a CqlType {
        self.key
    }

    /// The type of the values.
    pub fn value(&self) -> &'a CqlType {
        self.value
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = Result<(Bytes<'a>, Bytes<'a>), ValueError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            return end(&mut self.rest);
        }
        self.left -= 1;
        let pair = prefixed(&mut self.rest).and_then(|key| Ok((key, prefixed(&mut self.rest)?)));
        if pair.is_err() {
            (self.left, self.rest) = (0, &[]);
        }
        Some(pair)
    }
}

/// The fields of a tuple or a user type. Fields missing at the end (added after the value was written) are null.
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    types: Types<'a>,
    at: usize,
    rest: &'a [u8],
}

#[derive(Debug, Clone, Copy)]
enum Types<'a> {
    Tuple(&'a [CqlType]),
    UserType(&'a [(String, CqlType)]),
}

impl<'a> Types<'a> {
    fn get(self, at: usize) -> Option<&'a CqlType> {
        match self {
            Self::Tuple(types) => types.get(at),
            Self::UserType(fields) => fields.get(at).map(|(_, ty)| ty),
        }
    }

    fn name(self, at: usize) -> &'a str {
        match self {
            Self::Tuple(_) => "",
            Self::UserType(fields) => fields.get(at).map_or("", |(name, _)| name),
        }
    }
}

impl<'a> Fields<'a> {
    pub(super) fn of_tuple(types: &'a [CqlType], bytes: &'a [u8]) -> Self {
        Self { types: Types::Tuple(types), at: 0, rest: bytes }
    }

    pub(super) fn of_user_type(user_type: &'a UserType, bytes: &'a [u8]) -> Self {
        Self { types: Types::UserType(&user_type.fields), at: 0, rest: bytes }
    }

    /// The fields with their names; those of a tuple have none.
    pub fn named(mut self) -> impl Iterator<Item = Result<(&'a str, &'a CqlType, Bytes<'a>), ValueError>> {
        std::iter::from_fn(move || {
            let name = self.types.name(self.at);
            self.next().map(|field| field.map(|(ty, bytes)| (name, ty, bytes)))
        })
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(&'a CqlType, Bytes<'a>), ValueError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Some(ty) = self.types.get(self.at) else {
            return end(&mut self.rest);
        };
        self.at += 1;
        if self.rest.is_empty() {
            return Some(Ok((ty, None)));
        }
        let field = prefixed(&mut self.rest);
        if field.is_err() {
            (self.at, self.rest) = (usize::MAX, &[]);
        }
        Some(field.map(|bytes| (ty, bytes)))
    }
}

/// The length every value of the type has inside a vector, as Cassandra 5.0 sees it: it counts tinyint, smallint, date
/// and time among the types of variable length.
pub(super) fn fixed_length(ty: &CqlType) -> Option<usize> {
    use NativeType as N;
    match ty {
        CqlType::Native(N::Boolean) => Some(1),
        CqlType::Native(N::Int | N::Float) => Some(4),
        CqlType::Native(N::Bigint | N::Double | N::Timestamp | N::Counter) => Some(8),
        CqlType::Native(N::Uuid | N::Timeuuid) => Some(16),
        CqlType::Vector(element, dimensions) => fixed_length(element)?.checked_mul(*dimensions),
        CqlType::Custom(class) if class.ends_with(".LexicalUUIDType") || class.ends_with(".LegacyTimeUUIDType") => {
            Some(16)
        }
        _ => None,
    }
}

fn cut() -> ValueError {
    ValueError("the bytes of a collection end too early".to_owned())
}

/// Bytes after the last element mean that the value is not of this type; said once.
fn end<T>(rest: &mut &[u8]) -> Option<Result<T, ValueError>> {
    let left = std::mem::take(rest).len();
    (left > 0).then(|| Err(ValueError(format!("a collection has {left} bytes after its last element"))))
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], ValueError> {
    let (taken, after) = rest.split_at_checked(length).ok_or_else(cut)?;
    *rest = after;
    Ok(taken)
}

fn read_i32(rest: &mut &[u8]) -> Result<i32, ValueError> {
    let (bytes, after) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
    *rest = after;
    Ok(i32::from_be_bytes(*bytes))
}

fn count(rest: &mut &[u8]) -> Result<usize, ValueError> {
    let count = read_i32(rest)?;
    usize::try_from(count).map_err(|_| ValueError(format!("a collection of {count} elements")))
}

fn prefixed<'a>(rest: &mut &'a [u8]) -> Result<Bytes<'a>, ValueError> {
    match usize::try_from(read_i32(rest)?) {
        Ok(length) => take(rest, length).map(Some),
        Err(_) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INT: CqlType = CqlType::Native(NativeType::Int);

    #[test]
    fn a_collection_that_promises_more_than_it_holds_ends_with_one_error() {
        let elements = Elements::counted(&INT, b"\x7f\xff\xff\xff\0\0\0\x04\0\0\0\x01").unwrap();
        let all: Vec<_> = elements.collect();
        assert_eq!(all.len(), 2);
        assert_eq!(all[0], Ok(Some(&b"\0\0\0\x01"[..])));
        assert!(all[1].is_err());
        assert!(Elements::counted(&INT, b"\xff\xff\xff\xff").is_err());
    }

    #[test]
    fn bytes_after_the_last_element_are_an_error() {
        let all: Vec<_> = Elements::counted(&INT, b"\0\0\0\0x").unwrap().collect();
        assert!(matches!(all[..], [Err(_)]));
    }

    #[test]
    fn fields_missing_at_the_end_are_null() {
        let types = [INT, INT];
        let all: Result<Vec<_>, _> = Fields::of_tuple(&types, b"\0\0\0\x04\0\0\0\x01").collect();
        assert_eq!(all.unwrap(), [(&INT, Some(&b"\0\0\0\x01"[..])), (&INT, None)]);
    }

    #[test]
    fn a_vector_of_varying_elements_has_a_vint_before_each() {
        let text = CqlType::Native(NativeType::Text);
        let all: Result<Vec<_>, _> = Elements::of_vector(&text, 2, b"\x01a\x02bb").unwrap().collect();
        assert_eq!(all.unwrap(), [Some(&b"a"[..]), Some(&b"bb"[..])]);
        assert!(Elements::of_vector(&INT, 2, b"\0\0\0\x01").is_err());
    }
}
