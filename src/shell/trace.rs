//! TRACING and SHOW SESSION: what the server did for a request, step by step.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::settings::turn;
use super::{Fatal, Shell};
use crate::cluster::{Consistency, Trace};
use crate::cql::types::{CqlType, NativeType};
use crate::print::table;
use crate::terminal::Terminal;
use crate::value::ValueError;
use crate::value::screen::colour::{MAGENTA, RESET};
use crate::value::screen::{Cells, Role, ScreenStyle};

/// How long SHOW SESSION waits for a trace to be complete (the Python driver's default).
const LONGEST_WAIT_OF_SHOW: Duration = Duration::from_secs(2);

/// Ticks of a timeuuid between its epoch, 1582-10-15, and 1970; a tick is 100 ns.
const TICKS_TO_1970: i64 = 0x01b2_1dd2_1381_4000;

const COLUMNS: [&str; 5] = ["activity", "timestamp", "source", "source_elapsed", "client"];

impl Shell {
    pub(super) fn set_tracing(&mut self, switch: Option<bool>, terminal: &mut Terminal) -> Result<(), Fatal> {
        self.tracing = turn("TRACING", self.tracing, switch, terminal)?;
        Ok(())
    }

    /// Prints the traces of a statement's requests, in order.
    pub(super) fn print_traces(&self, ids: &[Uuid], terminal: &mut Terminal) -> Result<(), Fatal> {
        let mut traces = Vec::new();
        for id in ids {
            let (session, id, consistency) = (self.session.clone(), *id, self.consistency);
            let limit = self.fixed.max_trace_wait;
            let found = async move { session.completed_trace(id, limit, consistency).await };
            match self.fixed.runtime.run(found)? {
                Ok(Some(trace)) => traces.push(trace),
                Ok(None) => return self.print_incomplete(ids, terminal),
                Err(error) => {
                    terminal.error(&format!("Unable to fetch query trace: {}", error.without_class()));
                    return Ok(());
                }
            }
        }
        traces.iter().try_for_each(|trace| self.print_trace(trace, terminal))
    }

    /// What there is of traces that did not complete in time.
    fn print_incomplete(&self, ids: &[Uuid], terminal: &mut Terminal) -> Result<(), Fatal> {
        terminal.result_error(&format!(
            "Statement trace did not complete within {} seconds; trace data may be incomplete.",
            self.fixed.max_trace_wait.as_secs()
        ))?;
        ids.iter().try_for_each(|id| self.show_session(*id, None, terminal))
    }

    /// SHOW SESSION.
    pub(super) fn show_trace(&self, id: &str, terminal: &mut Terminal) -> Result<(), Fatal> {
        match id.parse() {
            Ok(id) => self.show_session(id, Some(LONGEST_WAIT_OF_SHOW), terminal),
            Err(_) => {
                terminal.error(&format!("Session {id} wasn't found."));
                Ok(())
            }
        }
    }

    /// Prints a trace that is complete within the limit; without a limit, what there is of it.
    // cqlsh: it is read with ONE, whatever CONSISTENCY says.
    fn show_session(&self, id: Uuid, limit: Option<Duration>, terminal: &mut Terminal) -> Result<(), Fatal> {
        let (session, consistency) = (self.session.clone(), Consistency::One);
        let found = async move {
            match limit {
                Some(limit) => session.completed_trace(id, limit, consistency).await,
                None => session.trace(id, consistency).await,
            }
        };
        match self.fixed.runtime.run(found)? {
            Ok(Some(trace)) => self.print_trace(&trace, terminal)?,
            Ok(None) => terminal.error(&format!("Session {id} wasn't found.")),
            Err(error) => terminal.error(error.without_class()),
        }
        Ok(())
    }

    fn print_trace(&self, trace: &Trace, terminal: &mut Terminal) -> Result<(), Fatal> {
        if trace.events.is_empty() {
            terminal.error(&format!("No rows for session {} found.", trace.id));
            return Ok(());
        }
        let style = ScreenStyle { colour: terminal.colour(), ..self.style.clone() };
        let mut names = Cells::default();
        COLUMNS.iter().for_each(|name| names.push_name(name, Role::Other, &style));
        let heading =
            if style.colour { format!("{MAGENTA}Tracing session: {RESET}") } else { "Tracing session: ".into() };
        let mut out = format!("\n{heading}{}\n\n", trace.id);
        match rows(trace, &self.fixed.local, &style) {
            Ok(rows) => table::page(&names, &rows, true, self.surface.has_prompts(), &mut out),
            Err(error) => out.push_str(&format!("{error}\n")),
        }
        out.push('\n');
        self.aside(&out, terminal)
    }
}

/// The request's own row, a row for each step, and one for the end once there is one.
fn rows(trace: &Trace, zone: &TimeZone, style: &ScreenStyle) -> Result<Cells, ValueError> {
    let address = |address: Option<std::net::IpAddr>| address.map(|address| address.to_string());
    let start = trace.started_at.map(|milliseconds| milliseconds * 1000);
    let mut rows = Rows { cells: Cells::default(), style };

    rows.text(trace.request.as_deref())?;
    rows.text(start.map(|at| local_time(at, zone, "")).as_deref())?;
    rows.text(address(trace.coordinator).as_deref())?;
    rows.number(0)?;
    rows.text(address(trace.client).as_deref())?;
    for event in &trace.events {
        let words = |words: &Option<String>| words.clone().unwrap_or_else(|| "None".to_owned());
        rows.text(Some(&format!("{} [{}]", words(&event.activity), words(&event.thread))))?;
        rows.text(Some(&local_time(microseconds_of(event.id), zone, "%:z")))?;
        rows.text(address(event.source).as_deref())?;
        rows.elapsed(event.elapsed)?;
        rows.text(address(trace.client).as_deref())?;
    }
    if let Some(duration) = trace.duration.filter(|duration| *duration != 0) {
        rows.text(Some("Request complete"))?;
        rows.text(start.map(|at| local_time(at + duration, zone, "")).as_deref())?;
        rows.text(address(trace.coordinator).as_deref())?;
        rows.elapsed(i32::try_from(duration).ok())?;
        rows.text(address(trace.client).as_deref())?;
    }
    Ok(rows.cells)
}

/// The cells of a trace's rows.
struct Rows<'a> {
    cells: Cells,
    style: &'a ScreenStyle,
}

impl Rows<'_> {
    fn text(&mut self, text: Option<&str>) -> Result<(), ValueError> {
        self.cells.push(&CqlType::Native(NativeType::Text), text.map(str::as_bytes), self.style)
    }

    fn number(&mut self, number: i32) -> Result<(), ValueError> {
        self.cells.push(&CqlType::Native(NativeType::Int), Some(&number.to_be_bytes()), self.style)
    }

    // cqlsh: no time and a time of zero look alike.
    fn elapsed(&mut self, microseconds: Option<i32>) -> Result<(), ValueError> {
        match microseconds {
            None | Some(0) => self.text(Some("--")),
            Some(microseconds) => self.number(microseconds),
        }
    }
}

/// When a timeuuid was made, in microseconds since 1970, rounded by way of a float as Python rounds it.
fn microseconds_of(timeuuid: Uuid) -> i64 {
    let ticks = timeuuid.get_timestamp().map_or(TICKS_TO_1970, |time| time.to_gregorian().0.cast_signed());
    let seconds = (ticks - TICKS_TO_1970) as f64 / 1e7;
    seconds.trunc() as i64 * 1_000_000 + (seconds.fract() * 1e6).round_ties_even() as i64
}

/// A moment as Python prints a `datetime`: without a fraction where there is none.
fn local_time(microseconds: i64, zone: &TimeZone, offset: &str) -> String {
    let Ok(moment) = Timestamp::from_microsecond(microseconds) else { return microseconds.to_string() };
    let fraction = if microseconds % 1_000_000 == 0 { "" } else { "%.6f" };
    moment.to_zoned(zone.clone()).strftime(&format!("%Y-%m-%d %H:%M:%S{fraction}{offset}")).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_printed_as_python_prints_them() {
        assert_eq!(local_time(1_795_429_009_726_000, &TimeZone::UTC, ""), "2026-11-23 10:16:49.726000");
        assert_eq!(local_time(1_795_429_009_000_000, &TimeZone::UTC, "%:z"), "2026-11-23 10:16:49+00:00");
    }

    #[test]
    fn a_timeuuid_tells_its_microsecond() {
        // uuid.UUID('fef1d0b0-e726-11f1-a94f-6184f7262a56') by the Python driver's unix_time_from_uuid1.
        let id = Uuid::try_parse("fef1d0b0-e726-11f1-a94f-6184f7262a56").expect("a uuid");
        assert_eq!(microseconds_of(id), 1_795_429_009_723_000);
    }
}
