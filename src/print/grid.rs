//! Tables for people: boxes of lines, and Markdown. A page of rows is laid out at a time, so that memory stays that of a
//! page.

use comfy_table::{Cell, CellAlignment, Table, TableStyle, presets};

use crate::value::screen::Cells;

/// The columns of a grid: their names, and which of them hold numbers, which stand to the right.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'a> {
    /// The names.
    pub names: &'a Cells,
    /// Whether a column holds numbers.
    pub numbers: &'a [bool],
}

/// Appends the rows in a box, with the names above them.
pub fn boxed(columns: Columns<'_>, rows: &Cells, out: &mut String) {
    draw(presets::UTF8_FULL_CONDENSED, columns, true, rows, str::to_owned, out);
}

/// Appends the rows as a table of Markdown, or more rows of one that has its header already.
pub fn markdown(columns: Columns<'_>, with_header: bool, rows: &Cells, out: &mut String) {
    // A bar inside a cell would end it.
    draw(presets::ASCII_MARKDOWN, columns, with_header, rows, |text| text.replace('|', "\\|"), out);
}

fn draw(
    style: TableStyle,
    columns: Columns<'_>,
    with_header: bool,
    rows: &Cells,
    escape: impl Fn(&str) -> String,
    out: &mut String,
) {
    let mut table = Table::new();
    table.load_style(style);
    if with_header {
        table.set_header(columns.names.iter().map(|name| Cell::new(escape(name.text))));
    }
    let cells: Vec<_> = rows.iter().collect();
    for row in cells.chunks(columns.numbers.len().max(1)) {
        table.add_row(row.iter().zip(columns.numbers).map(|(cell, is_number)| {
            let alignment = if *is_number { CellAlignment::Right } else { CellAlignment::Left };
            Cell::new(escape(cell.text)).set_alignment(alignment)
        }));
    }
    for line in table.lines() {
        out.push_str(&line);
        out.push('\n');
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

    fn drawn(draw: impl FnOnce(Columns<'_>, &mut String)) -> String {
        let mut out = String::new();
        draw(Columns { names: &cells(&["id", "name"]), numbers: &[true, false] }, &mut out);
        out
    }

    #[test]
    fn a_box_stands_around_names_and_rows() {
        let rows = cells(&["1", "你好", "23", " a | b "]);
        let lines = [
            "┌────┬─────────┐",
            "│ id ┆ name    │",
            "╞════╪═════════╡",
            "│  1 ┆ 你好    │",
            "│ 23 ┆  a | b  │",
            "└────┴─────────┘",
            "",
        ];
        assert_eq!(drawn(|columns, out| boxed(columns, &rows, out)), lines.join("\n"));
    }

    #[test]
    fn the_rows_of_more_pages_go_on_a_table_of_markdown() {
        let rows = cells(&["1", "a|b", "23", ""]);
        assert_eq!(
            drawn(|columns, out| {
                markdown(columns, true, &rows, out);
                markdown(columns, false, &rows, out);
            }),
            "| id | name |\n|----|------|\n|  1 | a\\|b |\n| 23 |      |\n|  1 | a\\|b |\n| 23 |      |\n"
        );
    }

    #[test]
    fn without_rows_there_are_the_names() {
        let rows = cells(&[]);
        assert_eq!(drawn(|columns, out| markdown(columns, true, &rows, out)), "| id | name |\n|----|------|\n");
    }
}
