//! cqlsh's own table, and its vertical form (EXPAND).

use crate::value::screen::{Cell, Cells};

/// Appends rows as a table: header and rule if asked, rows, and a blank line after them on a terminal. Without rows
/// it is header, rule and a blank line, whatever was asked. The rows are cells one after the other, as many a row as
/// there are names.
pub fn page(names: &Cells, rows: &Cells, with_header: bool, tty: bool, out: &mut String) {
    let widths = widths(names, rows);
    let columns = widths.len();
    if with_header || rows.is_empty() {
        header(names, &widths, out);
    }
    for ((at, cell), &width) in in_columns(rows, columns).zip(widths.iter().cycle()) {
        out.push_str(if at == 0 { " " } else { " | " });
        fill(BLANKS, width.saturating_sub(cell.width), out);
        out.push_str(cell.text);
        if at + 1 == columns {
            out.push('\n');
        }
    }
    if tty || rows.is_empty() {
        out.push('\n');
    }
}

/// The columns of a terminal that rows take as a table.
pub fn width(names: &Cells, rows: &Cells) -> usize {
    // Each stands between a blank or a bar, and a blank.
    widths(names, rows).iter().map(|width| width + 3).sum::<usize>().saturating_sub(1)
}

fn widths(names: &Cells, rows: &Cells) -> Vec<usize> {
    let mut widths: Vec<usize> = names.iter().map(|name| name.width).collect();
    for (at, cell) in in_columns(rows, widths.len()) {
        if let Some(width) = widths.get_mut(at) {
            *width = cell.width.max(*width);
        }
    }
    widths
}

/// Appends rows vertically (EXPAND ON); they are numbered from `first_row`. Without rows it is a table's header.
pub fn expanded(names: &Cells, rows: &Cells, first_row: u64, out: &mut String) {
    if rows.is_empty() {
        return page(names, rows, true, false, out);
    }
    let name_width = names.iter().map(|name| name.width).max().unwrap_or(0);
    let value_width = rows.iter().map(|cell| cell.width).max().unwrap_or(0);
    let mut number = first_row;
    for ((at, cell), name) in in_columns(rows, names.len()).zip(names.iter().cycle()) {
        if at == 0 {
            out.push_str("@ Row ");
            out.push_str(itoa::Buffer::new().format(number));
            out.push('\n');
            rule(&[name_width, value_width], out);
            number += 1;
        }
        out.push(' ');
        out.push_str(name.text);
        fill(BLANKS, name_width.saturating_sub(name.width), out);
        out.push_str(" | ");
        out.push_str(cell.text);
        out.push_str(if at + 1 == names.len() { "\n\n" } else { "\n" });
    }
}

/// The cells of rows, each with the number of its column.
fn in_columns(rows: &Cells, columns: usize) -> impl Iterator<Item = (usize, Cell<'_>)> {
    (0..columns).cycle().zip(rows.iter())
}

fn header(names: &Cells, widths: &[usize], out: &mut String) {
    out.push(' ');
    let start = out.len();
    for (at, (name, &width)) in names.iter().zip(widths).enumerate() {
        if at > 0 {
            out.push_str(" | ");
        }
        out.push_str(name.text);
        fill(BLANKS, width.saturating_sub(name.width), out);
    }
    let trimmed = out[start..].trim_end().len();
    out.truncate(start + trimmed);
    out.push('\n');
    rule(widths, out);
}

fn rule(widths: &[usize], out: &mut String) {
    for (at, &width) in widths.iter().enumerate() {
        out.push_str(if at == 0 { "-" } else { "-+-" });
        fill(DASHES, width, out);
    }
    out.push_str("-\n");
}

const BLANKS: &str = "                                                                ";
const DASHES: &str = "----------------------------------------------------------------";

/// Appends this many of the one ASCII character that `of` is made of.
fn fill(of: &str, mut count: usize, out: &mut String) {
    while count > 0 {
        let some = &of[..count.min(of.len())];
        out.push_str(some);
        count -= some.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::screen::{Role, ScreenStyle};

    fn cells(texts: &[&str]) -> Cells {
        let mut cells = Cells::default();
        texts.iter().for_each(|text| cells.push_name(text, Role::Other, &ScreenStyle::PLAIN));
        cells
    }

    fn table(rows: &[&str], with_header: bool, tty: bool) -> String {
        let mut out = String::new();
        page(&cells(&["id", "v"]), &cells(rows), with_header, tty, &mut out);
        out
    }

    #[test]
    fn values_stand_to_the_right_and_names_to_the_left() {
        assert_eq!(table(&["1", "x", "23", "null"], true, false), " id | v\n----+------\n  1 |    x\n 23 | null\n");
    }

    #[test]
    fn a_table_is_as_wide_as_its_rule() {
        let rows = ["1", "x", "23", "null"];
        let text = table(&rows, true, false);
        let rule = text.lines().nth(1).map(str::len);
        assert_eq!(Some(width(&cells(&["id", "v"]), &cells(&rows))), rule);
    }

    #[test]
    fn a_terminal_gets_a_blank_line_after_a_page() {
        assert_eq!(table(&["1", "x"], false, true), "  1 | x\n\n");
    }

    #[test]
    fn without_rows_there_is_a_header_and_a_blank_line() {
        for tty in [false, true] {
            assert_eq!(table(&[], false, tty), " id | v\n----+---\n\n");
        }
    }

    #[test]
    fn escapes_take_no_columns() {
        let style = ScreenStyle { colour: true, ..ScreenStyle::PLAIN };
        let (mut names, mut rows) = (Cells::default(), Cells::default());
        names.push_name("id", Role::PartitionKey, &style);
        rows.push_name("1", Role::Other, &style);
        rows.push_name("long", Role::Other, &ScreenStyle::PLAIN);
        let mut out = String::new();
        page(&names, &rows, true, false, &mut out);
        assert_eq!(out, " \x1b[0;1;31mid\x1b[0m\n------\n    \x1b[0;1;35m1\x1b[0m\n long\n");
    }

    #[test]
    fn expanded_rows_are_numbered_on() {
        let mut out = String::new();
        expanded(&cells(&["id", "name"]), &cells(&["1", "x", "2", "null"]), 101, &mut out);
        let rule = "------+------\n";
        assert_eq!(
            out,
            format!("@ Row 101\n{rule} id   | 1\n name | x\n\n@ Row 102\n{rule} id   | 2\n name | null\n\n")
        );
    }

    #[test]
    fn expanded_without_rows_is_a_header() {
        let mut out = String::new();
        expanded(&cells(&["id"]), &cells(&[]), 1, &mut out);
        assert_eq!(out, " id\n----\n\n");
    }
}
