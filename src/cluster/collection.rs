//! The elements of a cell that is a collection, as far as the system's own tables use them: texts and lists of texts.

/// The elements, each behind its length; those of a map are keys and values in turn. `None` when the bytes are cut short.
pub(crate) fn elements(cell: &[u8]) -> Option<Vec<&[u8]>> {
    let mut elements = Vec::new();
    let Some((_count, mut rest)) = cell.split_first_chunk::<4>() else { return cell.is_empty().then_some(elements) };
    while !rest.is_empty() {
        let (length, tail) = rest.split_first_chunk::<4>()?;
        let (element, tail) = tail.split_at_checked(usize::try_from(i32::from_be_bytes(*length)).ok()?)?;
        elements.push(element);
        rest = tail;
    }
    Some(elements)
}

/// The elements as texts.
pub(crate) fn texts(cell: &[u8]) -> Option<Vec<String>> {
    Some(elements(cell)?.into_iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect())
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
