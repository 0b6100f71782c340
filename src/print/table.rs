//! cqlsh's own table, and its vertical form (EXPAND).

use crate::value::screen::Cell;

/// Appends one page as a table: header and rule if asked, rows, and a blank line after them on a terminal. Without rows
/// it is header, rule and a blank line, whatever was asked.
pub fn page(names: &[Cell], rows: &[Vec<Cell>], with_header: bool, tty: bool, out: &mut String) {
    let widths: Vec<usize> = (names.iter().enumerate())
        .map(|(column, name)| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.width).fold(name.width, usize::max)
        })
        .collect();
    if with_header || rows.is_empty() {
        header(names, &widths, out);
    }
    for row in rows {
        for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
            out.push_str(if column == 0 { " " } else { " | " });
            pad(width, cell, out);
            out.push_str(&cell.text);
        }
        out.push('\n');
    }
    if tty || rows.is_empty() {
        out.push('\n');
    }
}

/// Appends one page vertically (EXPAND ON); rows are numbered from `first_row`. Without rows it is a table's header.
pub fn expanded(names: &[Cell], rows: &[Vec<Cell>], first_row: u64, out: &mut String) {
    if rows.is_empty() {
        return page(names, rows, true, false, out);
    }
    let name_width = names.iter().map(|name| name.width).max().unwrap_or(0);
    let value_width = rows.iter().flatten().map(|cell| cell.width).max().unwrap_or(0);
    for (number, row) in (first_row..).zip(rows) {
        out.push_str(&format!("@ Row {number}\n"));
        rule(&[name_width, value_width], out);
        for (name, cell) in names.iter().zip(row) {
            out.push(' ');
            out.push_str(&name.text);
            pad(name_width, name, out);
            out.push_str(" | ");
            out.push_str(&cell.text);
            out.push('\n');
        }
        out.push('\n');
    }
}

fn header(names: &[Cell], widths: &[usize], out: &mut String) {
    out.push(' ');
    let start = out.len();
    for (column, (name, &width)) in names.iter().zip(widths).enumerate() {
        if column > 0 {
            out.push_str(" | ");
        }
        out.push_str(&name.text);
        pad(width, name, out);
    }
    let trimmed = out[start..].trim_end().len();
    out.truncate(start + trimmed);
    out.push('\n');
    rule(widths, out);
}

fn rule(widths: &[usize], out: &mut String) {
    for (column, &width) in widths.iter().enumerate() {
        out.push_str(if column == 0 { "-" } else { "-+-" });
        out.extend(std::iter::repeat_n('-', width));
    }
    out.push_str("-\n");
}

/// The blanks that fill a cell up to a width.
fn pad(width: usize, cell: &Cell, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> Cell {
        Cell { text: text.to_owned(), width: text.chars().count() }
    }

    fn row(texts: &[&str]) -> Vec<Cell> {
        texts.iter().map(|text| cell(text)).collect()
    }

    fn table(rows: &[Vec<Cell>], with_header: bool, tty: bool) -> String {
        let mut out = String::new();
        page(&row(&["id", "v"]), rows, with_header, tty, &mut out);
        out
    }

    #[test]
    fn values_stand_to_the_right_and_names_to_the_left() {
        let rows = [row(&["1", "x"]), row(&["23", "null"])];
        assert_eq!(table(&rows, true, false), " id | v\n----+------\n  1 |    x\n 23 | null\n");
    }

    #[test]
    fn a_terminal_gets_a_blank_line_after_a_page() {
        assert_eq!(table(&[row(&["1", "x"])], false, true), "  1 | x\n\n");
    }

    #[test]
    fn without_rows_there_is_a_header_and_a_blank_line() {
        for tty in [false, true] {
            assert_eq!(table(&[], false, tty), " id | v\n----+---\n\n");
        }
    }

    #[test]
    fn escapes_take_no_columns() {
        let names = [Cell { text: "\x1b[0;1;31mid\x1b[0m".to_owned(), width: 2 }];
        let rows = [vec![Cell { text: "\x1b[0;1;32m1\x1b[0m".to_owned(), width: 1 }], row(&["long"])];
        let mut out = String::new();
        page(&names, &rows, true, false, &mut out);
        assert_eq!(out, " \x1b[0;1;31mid\x1b[0m\n------\n    \x1b[0;1;32m1\x1b[0m\n long\n");
    }

    #[test]
    fn expanded_rows_are_numbered_on() {
        let mut out = String::new();
        expanded(&row(&["id", "name"]), &[row(&["1", "x"]), row(&["2", "null"])], 101, &mut out);
        let rule = "------+------\n";
        assert_eq!(
            out,
            format!("@ Row 101\n{rule} id   | 1\n name | x\n\n@ Row 102\n{rule} id   | 2\n name | null\n\n")
        );
    }

    #[test]
    fn expanded_without_rows_is_a_header() {
        let mut out = String::new();
        expanded(&row(&["id"]), &[], 1, &mut out);
        assert_eq!(out, " id\n----\n\n");
    }
}
