//! Rows on the screen: page after page, the next one asked for while this one is printed.

use uuid::Uuid;

use super::{Fatal, Input, Shell};
use crate::cluster::{Column, ColumnKind, Interrupted, Page, QueryError, Request};
use crate::print::table;
use crate::terminal::{Line, LineSource, Terminal};
use crate::value::ValueError;
use crate::value::screen::{self, Cell, Role, ScreenStyle};

/// cqlsh tells of this many cells it could not format, and counts the rest.
const ERRORS_SHOWN: usize = 2;

/// Bytes of output between two looks at Ctrl-C, or as many more as the line takes.
const LINES_AT_ONCE: usize = 4096;

impl Shell {
    /// Asks for one page and waits.
    pub(super) fn ask(&self, request: Request) -> Result<Result<Page, QueryError>, Fatal> {
        let session = self.session.clone();
        Ok(self.fixed.runtime.run(async move { session.query(request).await })?)
    }

    /// Rows a page, as PAGING says.
    pub(super) fn fetch_size(&self) -> Option<i32> {
        self.paging.then(|| i32::try_from(self.page_size).unwrap_or(i32::MAX))
    }

    /// A SELECT's or LIST's result with its count. The traces of further pages are added to `traces`.
    pub(super) fn print_rows(
        &self,
        first: Page,
        request: &Request,
        traces: &mut Vec<Uuid>,
        input: &mut Input<'_>,
        terminal: &mut Terminal,
    ) -> Result<(), Fatal> {
        let style = self.current_style(terminal);
        let names = self.headers(first.columns(), listed_table(&request.cql), &style)?;
        let mut printed = Printed::default();
        let mut page = first;
        let mut is_first = true;
        terminal.result("\n")?;
        loop {
            let following = page.next().cloned().map(|paging_state| {
                let session = self.session.clone();
                let request = Request { paging_state: Some(paging_state), ..request.clone() };
                self.fixed.runtime.spawn(async move { session.query(request).await })
            });
            // cqlsh: the first page is printed even when it is empty.
            if is_first || !page.is_empty() {
                let text = self.page_text(&page, &names, is_first || self.tty, &style, &mut printed)?;
                self.print_lines(&text, terminal)?;
            }
            is_first = false;
            let Some(following) = following else { break };
            if self.tty && terminal.captured_path().is_none() && !self.wait_for_more(input, terminal)? {
                return Ok(());
            }
            match self.fixed.runtime.collect(following)? {
                Ok(next) => {
                    traces.extend(next.tracing_id());
                    page = next;
                }
                Err(error) => {
                    terminal.error(&error.to_string());
                    return Ok(());
                }
            }
        }
        let blank = if self.tty { "" } else { "\n" };
        terminal.result(&format!("{blank}({} rows)\n", printed.rows))?;
        self.print_cell_errors(&printed, terminal)
    }

    /// What a conditional statement answers: the table without a count, or nothing.
    pub(super) fn print_applied(&self, page: &Page, terminal: &mut Terminal) -> Result<(), Fatal> {
        if page.is_empty() {
            return Ok(());
        }
        let style = self.current_style(terminal);
        let names = self.headers(page.columns(), None, &style)?;
        let mut printed = Printed::default();
        let text = self.page_text(page, &names, true, &style, &mut printed)?;
        terminal.result("\n")?;
        terminal.result(&text)?;
        Ok(())
    }

    fn current_style(&self, terminal: &Terminal) -> ScreenStyle {
        ScreenStyle { colour: terminal.colour(), ..self.style.clone() }
    }

    /// The column names, coloured by the part each plays in its table, which is only looked up when there is colour. An
    /// answer without columns, as LIST gives when nothing is permitted, has those of the table that was listed.
    fn headers(
        &self,
        columns: &[Column],
        listed: Option<&'static str>,
        style: &ScreenStyle,
    ) -> Result<Vec<Cell>, Fatal> {
        let subject = match listed {
            Some(table) => Some(("system_auth".to_owned(), table.to_owned())),
            None => columns.first().map(|first| (first.keyspace.clone(), first.table.clone())),
        };
        let table = match subject {
            Some((keyspace, name)) if style.colour || columns.is_empty() => {
                let session = self.session.clone();
                let found = self.fixed.runtime.run(async move { session.table(keyspace, name, true).await })?;
                // Without the schema the headers lose their roles, not the rows their print.
                found.unwrap_or_default()
            }
            _ => None,
        };
        let role = |name: &str| {
            let column = table.as_ref().and_then(|table| table.columns.iter().find(|column| column.name == name));
            match column.map(|column| column.kind) {
                Some(ColumnKind::PartitionKey(_)) => Role::PartitionKey,
                Some(ColumnKind::Clustering(_)) => Role::Clustering,
                Some(ColumnKind::Static) => Role::Static,
                Some(ColumnKind::Regular) | None => Role::Other,
            }
        };
        let mut names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        if names.is_empty() {
            names.extend(table.iter().flat_map(|table| &table.columns).map(|column| column.name.as_str()));
        }
        Ok(names.into_iter().map(|name| screen::header(name, role(name), style)).collect())
    }

    /// One page, laid out.
    fn page_text(
        &self,
        page: &Page,
        names: &[Cell],
        with_header: bool,
        style: &ScreenStyle,
        printed: &mut Printed,
    ) -> Result<String, Interrupted> {
        let mut rows = Vec::with_capacity(page.len());
        let columns = page.columns();
        let read = page.for_each_row(|cells| {
            self.interrupts.check()?;
            let row = columns.iter().zip(cells).map(|(column, bytes)| {
                screen::cell(&column.ty, *bytes, style).unwrap_or_else(|error| printed.unreadable(*bytes, &error))
            });
            rows.push(row.collect::<Vec<_>>());
            Ok::<(), Unread>(())
        });
        match read {
            Ok(()) => {}
            Err(Unread::Value(error)) => printed.errors.push(error.to_string()),
            Err(Unread::Interrupted(interrupted)) => return Err(interrupted),
        }
        let mut out = String::new();
        if self.expand && !rows.is_empty() {
            table::expanded(names, &rows, printed.rows + 1, &mut out);
        } else {
            table::page(names, &rows, with_header, self.tty, &mut out);
        }
        printed.rows += rows.len() as u64;
        Ok(out)
    }

    /// Writes whole lines, a few at a time, until Ctrl-C: a slow terminal may take long over a page of all rows.
    fn print_lines(&self, text: &str, terminal: &mut Terminal) -> Result<(), Fatal> {
        let mut rest = text;
        while !rest.is_empty() {
            self.interrupts.check()?;
            let full = rest.len() > LINES_AT_ONCE;
            let end = full.then(|| memchr::memchr(b'\n', rest.as_bytes().get(LINES_AT_ONCE..)?)).flatten();
            let (lines, others) = rest.split_at(end.map_or(rest.len(), |newline| LINES_AT_ONCE + newline + 1));
            terminal.result(lines)?;
            rest = others;
        }
        Ok(())
    }

    fn print_cell_errors(&self, printed: &Printed, terminal: &mut Terminal) -> Result<(), Fatal> {
        for error in printed.errors.iter().take(ERRORS_SHOWN) {
            terminal.result_error(&format!("Failed to format value {error}"))?;
        }
        if printed.errors.len() > ERRORS_SHOWN {
            let rest = printed.errors.len() - ERRORS_SHOWN;
            terminal.result_error(&format!("{rest} more decoding errors suppressed."))?;
        }
        Ok(())
    }

    /// `---MORE---`: Enter goes on; Ctrl-D ends the result, Ctrl-C also the statements after it.
    fn wait_for_more(&self, input: &mut Input<'_>, terminal: &mut Terminal) -> Result<bool, Fatal> {
        terminal.flush()?;
        match input.answer("---MORE---")? {
            Line::Text(_) => Ok(true),
            Line::End => Ok(false),
            Line::Interrupted => Err(Interrupted.into()),
        }
    }
}

/// The table of `system_auth` that a LIST is about.
fn listed_table(cql: &str) -> Option<&'static str> {
    // cqlsh looks at the text's first letters; anything but users and roles counts as permissions.
    let starts_with = |words: &str| cql.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words));
    if starts_with("list users") || starts_with("list roles") {
        Some("roles")
    } else {
        starts_with("list").then_some("role_permissions")
    }
}

/// Why a page was not read to its end.
enum Unread {
    Value(ValueError),
    Interrupted(Interrupted),
}

impl From<ValueError> for Unread {
    fn from(error: ValueError) -> Self {
        Self::Value(error)
    }
}

impl From<Interrupted> for Unread {
    fn from(interrupted: Interrupted) -> Self {
        Self::Interrupted(interrupted)
    }
}

/// What was printed so far of a result.
#[derive(Debug, Default)]
struct Printed {
    rows: u64,
    errors: Vec<String>,
}

impl Printed {
    /// A cell whose bytes are no value of its type is shown as those bytes.
    fn unreadable(&mut self, bytes: Option<&[u8]>, error: &ValueError) -> Cell {
        let cell = screen::raw(bytes.unwrap_or_default());
        self.errors.push(format!("{} : {error}", cell.text));
        cell
    }
}
