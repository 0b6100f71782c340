//! The text of a value that is made of values: its elements between two brackets. What each looks like is the caller's
//! business.

use super::ValueError;

/// Appends the elements, with a comma and a blank between two.
///
/// # Errors
/// Those of the elements, and of writing one.
pub(super) fn write<T>(
    open: char,
    elements: impl Iterator<Item = Result<T, ValueError>>,
    close: char,
    out: &mut String,
    mut write_element: impl FnMut(T, &mut String) -> Result<(), ValueError>,
) -> Result<(), ValueError> {
    out.push(open);
    for (i, element) in elements.enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        write_element(element?, out)?;
    }
    out.push(close);
    Ok(())
}
