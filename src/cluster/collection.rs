//! Collections of texts, which the system's own tables have.

use crate::cql::types::{CqlType, NativeType};
use crate::value::wire::{self, Value};

/// The elements of a list or set of texts; `None` when the bytes are no such cell.
pub(crate) fn texts(cell: &[u8]) -> Option<Vec<String>> {
    // As blobs: a text of the system that is not UTF-8 is read as well as it can be.
    let list = CqlType::List(Box::new(CqlType::Native(NativeType::Blob)));
    match wire::decode(&list, cell).ok()? {
        Value::Empty => Some(Vec::new()),
        Value::List(elements) => elements.map(|element| text(element.ok()?)).collect(),
        _ => None,
    }
}

/// The keys and values of a map from texts to texts, in the server's order; `None` as above.
pub(crate) fn texts_by_text(cell: &[u8]) -> Option<Vec<(String, String)>> {
    by_text(cell, text)
}

/// The keys and values of a map from texts to lists of texts, in the server's order; `None` as above.
pub(crate) fn lists_by_text(cell: &[u8]) -> Option<Vec<(String, Vec<String>)>> {
    by_text(cell, |list| texts(list?))
}

fn by_text<T>(cell: &[u8], read: impl Fn(Option<&[u8]>) -> Option<T>) -> Option<Vec<(String, T)>> {
    let blob = || Box::new(CqlType::Native(NativeType::Blob));
    match wire::decode(&CqlType::Map(blob(), blob()), cell).ok()? {
        Value::Empty => Some(Vec::new()),
        Value::Map(pairs) => pairs
            .map(|pair| {
                let (key, value) = pair.ok()?;
                Some((text(key)?, read(value)?))
            })
            .collect(),
        _ => None,
    }
}

fn text(bytes: Option<&[u8]>) -> Option<String> {
    Some(String::from_utf8_lossy(bytes?).into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_set_of_texts_is_read_and_a_cut_one_is_refused() {
        let cell = b"\0\0\0\x02\0\0\0\x02-1\0\0\0\x01a";
        assert_eq!(texts(cell), Some(vec!["-1".to_owned(), "a".to_owned()]));
        assert_eq!(texts(b""), Some(vec![]));
        assert_eq!(texts(&cell[..cell.len() - 1]), None);
        assert_eq!(texts(&cell[..3]), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(cell in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = texts(&cell);
        }
    }
}
