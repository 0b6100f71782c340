//! The server's rows as texts.

use super::layout::Range;
use crate::cluster::collection::lists_by_text;
use crate::cluster::{Page, QueryError};
use crate::value::ValueError;

/// The named columns of all rows. A null is an empty text.
pub(super) fn texts<const N: usize>(page: &Page, names: [&str; N]) -> Result<Vec<[String; N]>, QueryError> {
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(names) {
        *place = place_of(page, name).ok_or_else(|| ValueError(format!("the answer has no column {name}")))?;
    }
    let mut rows = Vec::with_capacity(page.len());
    page.for_each_row(|cells| {
        let text = |place: usize| String::from_utf8_lossy(cells[place].unwrap_or_default()).into_owned();
        rows.push(places.map(text));
        Ok::<(), QueryError>(())
    })?;
    Ok(rows)
}

/// Who owns which range, row by row; `None` when the answer does not tell.
pub(super) fn range_ownership(page: &Page) -> Result<Option<Vec<Vec<Range>>>, QueryError> {
    let Some(place) = place_of(page, "range_ownership") else { return Ok(None) };
    let mut rows = Vec::with_capacity(page.len());
    page.for_each_row(|cells| {
        let cell = cells[place].unwrap_or_default();
        let ranges = lists_by_text(cell).ok_or_else(|| ValueError("the ownership of ranges is cut short".to_owned()));
        rows.push(ranges?);
        Ok::<(), QueryError>(())
    })?;
    Ok(Some(rows))
}

fn place_of(page: &Page, name: &str) -> Option<usize> {
    page.columns().iter().position(|column| column.name == name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn collection(count: u32, elements: &[&[u8]]) -> Vec<u8> {
        let mut cell = count.to_be_bytes().to_vec();
        for element in elements {
            cell.extend(u32::try_from(element.len()).unwrap().to_be_bytes());
            cell.extend(*element);
        }
        cell
    }

    #[test]
    fn ownership_keeps_the_servers_order() {
        let nodes = collection(2, &[b"b", b"a"]);
        let none = collection(0, &[]);
        let cell = collection(2, &[b"7", &nodes, b"-7", &none]);
        let expected = vec![("7".to_owned(), vec!["b".to_owned(), "a".to_owned()]), ("-7".to_owned(), vec![])];
        assert_eq!(lists_by_text(&cell), Some(expected));
        assert_eq!(lists_by_text(b""), Some(vec![]));
    }

    #[test]
    fn a_map_that_is_cut_short_is_refused() {
        let cell = collection(1, &[b"7", &collection(1, &[b"node"])]);
        for end in 1..cell.len() {
            if end != 4 {
                assert_eq!(lists_by_text(&cell[..end]), None, "cut after {end} bytes");
            }
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(cell in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = lists_by_text(&cell);
        }
    }
}
