//! Rows on the screen: page after page, the next one asked for while this one is printed.

use std::time::Instant;

use uuid::Uuid;

use super::connection::PATIENCE;
use super::layout::{Layout, Look};
use super::pages::{Fetched, Pages};
use super::statement::limit;
use super::{Fatal, Input, Shell};
use crate::cluster::{Column, ColumnKind, Interrupted, Page, QueryError, Request};
use crate::cql::backslash::Format;
use crate::cql::command::Expand;
use crate::terminal::{Line, LineSource, Terminal};
use crate::value::ValueError;
use crate::value::screen::{Cells, Role, ScreenStyle};

/// cqlsh tells of this many cells it could not format, and counts the rest.
const ERRORS_SHOWN: usize = 2;

/// Bytes of output between two looks at Ctrl-C, or as many more as the line takes.
const LINES_AT_ONCE: usize = 4096;

impl Shell {
    /// Asks for one page and waits.
    pub(super) fn ask(&self, request: Request, terminal: &mut Terminal) -> Result<Result<Page, QueryError>, Fatal> {
        let session = self.session.clone();
        let limit = limit(&request.cql, session.options().request_timeout, self.fixed.alteration_timeout);
        let asked = self.fixed.runtime.spawn(async move { session.query_within(limit, request).await });
        Ok(self.wait(asked, || "waiting for the server".to_owned(), terminal)?)
    }

    /// Rows a page, as PAGING says; `None` is all at once, for which `PAGING 0` is another word.
    pub(super) fn fetch_size(&self) -> Option<i32> {
        let paging = self.paging && self.page_size > 0;
        // The protocol takes no more, with which cqlsh fails.
        paging.then(|| i32::try_from(self.page_size).unwrap_or(i32::MAX))
    }

    /// A SELECT's or LIST's result with its count. The traces of further pages are added to `traces`. Gives the warnings
    /// of the last page, which are those that cqlsh shows; none if a page failed.
    pub(super) fn print_rows(
        &self,
        first: Page,
        request: &Request,
        traces: &mut Vec<Uuid>,
        input: &mut Input<'_>,
        terminal: &mut Terminal,
    ) -> Result<Vec<String>, Fatal> {
        let style = self.current_style(terminal);
        let names = self.headers(first.columns(), listed_table(&request.cql), &style)?;
        let look = self.look(terminal);
        let mut layout = Layout::new(first.columns(), names, style, look);
        // A person is asked after each page whether to go on, and each page has a trace of its own.
        let goes_by = terminal.captured_path().is_some() || terminal.has_pages() || self.watching;
        let pauses = self.surface.has_prompts() && !goes_by;
        let may_grow = !pauses && !request.tracing;
        let mut pages = Pages::new(self.session.clone(), request.clone(), &first, may_grow);
        let mut fetched = Fetched { page: first, step: usize::MAX };
        let mut is_first = true;
        let began = Instant::now();
        if !self.format.is_bare() {
            terminal.result("\n")?;
        }
        loop {
            let following =
                fetched.page.next().cloned().map(|start| self.fixed.runtime.spawn(pages.clone().next(start)));
            // cqlsh: the first page is printed even when it is empty.
            if is_first || !fetched.page.is_empty() {
                self.print_page(&fetched, &mut layout, terminal)?;
            }
            is_first = false;
            if terminal.has_left_pages() {
                return Ok(Vec::new());
            }
            let Some(following) = following else { break };
            if pauses && !self.wait_for_more(input, terminal)? {
                return Ok(fetched.page.warnings().to_vec());
            }
            let rows = layout.rows();
            // Rows that somebody sees need no counter.
            if terminal.captured_path().is_some() && began.elapsed() >= PATIENCE && self.shows_progress(terminal) {
                terminal.show_spinner(in_rows(rows), began.elapsed());
            }
            let (next, following_pages) = self.wait(following, || in_rows(rows), terminal)?;
            pages = following_pages;
            match next {
                Ok(next) => {
                    traces.extend(next.page.tracing_id());
                    fetched = next;
                }
                Err(error) => {
                    terminal.clear_bar();
                    terminal.error(error.without_class());
                    return Ok(Vec::new());
                }
            }
        }
        terminal.clear_bar();
        if !self.format.is_bare() {
            let blank = if self.surface.has_prompts() { "" } else { "\n" };
            terminal.result(&format!("{blank}({} rows)\n", layout.rows()))?;
        }
        self.print_cell_errors(layout.errors(), terminal)?;
        Ok(fetched.page.warnings().to_vec())
    }

    /// What a conditional statement answers: the table without a count, or nothing.
    pub(super) fn print_applied(&self, page: Page, terminal: &mut Terminal) -> Result<(), Fatal> {
        if page.is_empty() {
            return Ok(());
        }
        let style = self.current_style(terminal);
        let names = self.headers(page.columns(), None, &style)?;
        let mut layout = Layout::new(page.columns(), names, style, self.look(terminal));
        if !self.format.is_bare() {
            terminal.result("\n")?;
        }
        self.print_page(&Fetched { page, step: usize::MAX }, &mut layout, terminal)
    }

    /// Cells in a grid have no colours, whose escapes would be measured.
    fn current_style(&self, terminal: &Terminal) -> ScreenStyle {
        ScreenStyle { colour: terminal.colour() && matches!(self.format, Format::Rows(_)), ..self.style.clone() }
    }

    fn look(&self, terminal: &Terminal) -> Look {
        // A file is as wide as it likes.
        let has_width = self.format == Format::Rows(Expand::Auto) && terminal.captured_path().is_none();
        let columns = if has_width { terminal.size().columns } else { usize::MAX };
        Look { format: self.format, on_prompt: self.surface.has_prompts(), columns }
    }

    /// Writes what is told beside the rows: not where there is to be nothing but rows.
    pub(super) fn aside(&self, text: &str, terminal: &mut Terminal) -> Result<(), Fatal> {
        Ok(if self.format.is_bare() { terminal.raw(text.as_bytes()) } else { terminal.result(text) }?)
    }

    /// The column names, coloured by the part each plays in its table, which is only looked up when there is colour. An
    /// answer without columns, as LIST gives when nothing is permitted, has those of the table that was listed.
    fn headers(&self, columns: &[Column], listed: Option<&'static str>, style: &ScreenStyle) -> Result<Cells, Fatal> {
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
        let mut names = Cells::default();
        for column in columns {
            names.push_name(&column.name, role(&column.name), style);
        }
        if columns.is_empty() {
            let listed = table.iter().flat_map(|table| &table.columns);
            listed.for_each(|column| names.push_name(&column.name, role(&column.name), style));
        }
        Ok(names)
    }

    /// One page, in as many pieces as cqlsh would have fetched it in.
    fn print_page(&self, fetched: &Fetched, layout: &mut Layout, terminal: &mut Terminal) -> Result<(), Fatal> {
        let (page, before) = (&fetched.page, layout.rows());
        let read = page.for_each_row(|row| {
            self.interrupts.check()?;
            layout.add(page.columns(), row);
            if terminal.has_left_pages() {
                return Ok(());
            }
            if layout.pending() == fetched.step {
                self.print_lines(layout.page(), terminal)?;
            }
            Ok::<(), Unread>(())
        });
        let broken = match read {
            Ok(()) => None,
            Err(Unread::Value(error)) => Some(QueryError::from(error)),
            Err(Unread::Fatal(fatal)) => return Err(fatal),
        };
        if layout.pending() > 0 || layout.rows() == before {
            self.print_lines(layout.page(), terminal)?;
        }
        if let Some(error) = broken {
            terminal.error(&error.to_string());
        }
        Ok(())
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

    fn aside_error(&self, text: &str, terminal: &mut Terminal) -> Result<(), Fatal> {
        if self.format.is_bare() {
            terminal.error(text);
            return Ok(());
        }
        Ok(terminal.result_error(text)?)
    }

    fn print_cell_errors(&self, errors: &[String], terminal: &mut Terminal) -> Result<(), Fatal> {
        for error in errors.iter().take(ERRORS_SHOWN) {
            self.aside_error(&format!("Failed to format value {error}"), terminal)?;
        }
        if errors.len() > ERRORS_SHOWN {
            let rest = errors.len() - ERRORS_SHOWN;
            self.aside_error(&format!("{rest} more decoding errors suppressed."), terminal)?;
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

/// What a counter of rows says.
fn in_rows(rows: u64) -> String {
    format!("{rows} rows so far")
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
    Fatal(Fatal),
}

impl From<ValueError> for Unread {
    fn from(error: ValueError) -> Self {
        Self::Value(error)
    }
}

impl From<Fatal> for Unread {
    fn from(fatal: Fatal) -> Self {
        Self::Fatal(fatal)
    }
}

impl From<Interrupted> for Unread {
    fn from(interrupted: Interrupted) -> Self {
        Self::Fatal(interrupted.into())
    }
}
