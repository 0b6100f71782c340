//! Names side by side in columns, as `columnize` of Python's `cmd` lays them out: down first, in as few rows as fit.
//! What the names are names of is not known here.

/// The width DESCRIBE lays names out for, whatever the terminal's.
pub const WIDTH: usize = 80;

/// Characters between two columns.
const GAP: usize = 2;

/// Appends the names in columns, in no more than `width` characters a line if they can be.
pub fn columns<S: AsRef<str>>(names: &[S], width: usize, out: &mut String) {
    let names: Vec<(&str, usize)> = names.iter().map(|name| (name.as_ref(), name.as_ref().chars().count())).collect();
    if names.is_empty() {
        out.push_str("<empty>\n");
        return;
    }
    let fit = (1..names.len()).find_map(|rows| Some((rows, widths(&names, rows, width)?)));
    // cqlsh: a last resort of one column is not padded, and neither is a name alone.
    let (rows, widths) = fit.unwrap_or_else(|| (names.len(), vec![0]));
    for row in 0..rows {
        let mut cells: Vec<_> = names.iter().skip(row).step_by(rows).zip(&widths).collect();
        // cqlsh: empty names at the end of a row are not padded, and those elsewhere are.
        while cells.pop_if(|((name, _), _)| name.is_empty()).is_some() {}
        for (column, ((name, length), width)) in cells.into_iter().enumerate() {
            out.extend(std::iter::repeat_n(' ', if column == 0 { 0 } else { GAP }));
            out.push_str(name);
            out.extend(std::iter::repeat_n(' ', width.saturating_sub(*length)));
        }
        out.push('\n');
    }
}

/// Appends a heading with a rule as long as it, the names in columns, and a blank line. A newline in the heading counts
/// as a character of it.
pub fn section<S: AsRef<str>>(heading: &str, names: &[S], out: &mut String) {
    out.push_str(heading);
    out.push('\n');
    out.extend(std::iter::repeat_n('=', heading.chars().count()));
    out.push('\n');
    columns(names, WIDTH - 1, out);
    out.push('\n');
}

/// The widths of the columns if the names in this many rows fit the width.
fn widths(names: &[(&str, usize)], rows: usize, width: usize) -> Option<Vec<usize>> {
    let mut widths = Vec::new();
    let mut total = 0;
    for column in names.chunks(rows) {
        let widest = column.iter().map(|(_, length)| *length).max().unwrap_or(0);
        total += widest + if widths.is_empty() { 0 } else { GAP };
        if total > width {
            return None;
        }
        widths.push(widest);
    }
    Some(widths)
}

#[cfg(test)]
mod tests;
