//! From the options of a statement to values, in the order in which cqlsh reads them: of several that are wrong the first
//! one is told.

use std::time::Duration;

use super::given::{Given, at_least, at_least_if, seconds};
use super::{Defaults, ExportOptions, ImportOptions, Options, Origin};
use crate::copy::python;
use crate::cql::command::Direction;
use crate::print::python::repr;
use crate::value::csv::CsvStyle;

/// Reads the options of a statement: names in lower case with their values, a later one instead of an earlier one.
/// `Err` is the line cqlsh prints, or ours for what is not carried out.
pub(in crate::copy) fn read(
    given: &[(String, String)],
    direction: Direction,
    defaults: Defaults<'_>,
) -> Result<Options, String> {
    let mut given = Given::new(given);

    let quote = given.text("quote", "\"");
    let escape = given.take("escape");
    let delimiter = given.text("delimiter", ",");

    let null = given.text("null", "");
    let header = given.is_true("header", "");
    refuse_unless_utf8(&given.text("encoding", "utf8"))?;
    let max_requests = given.int("maxrequests", 6)?;
    let page_size = given.optional_int("pagesize")?;
    let page_timeout = given.int("pagetimeout", 10.max(10 * page_size.unwrap_or(1000) / 1000))?;
    let max_attempts = given.int("maxattempts", 5)?;
    let timestamp_format = given.text("datetimeformat", defaults.timestamp_format);
    let float_precision = given.optional_int("floatprecision")?;
    let double_precision = given.optional_int("doubleprecision")?;
    let chunk_size = given.int("chunksize", 5000)?;
    let ingest_rate = given.optional_int("ingestrate")?;
    let max_batch_size = given.optional_int("maxbatchsize")?;
    let min_batch_size = given.int("minbatchsize", 10)?;
    let report_every = given.float("reportfrequency", 0.25)?;
    let decimal_separator = given.text("decimalsep", ".");
    let thousands_separator = given.text("thousandssep", "");
    let booleans: Vec<String> =
        given.text("boolstyle", "True, False").split(',').map(|word| word.trim().to_owned()).collect();
    let processes = given.int("numprocesses", default_processes(&defaults)?)?;
    let begin_token = given.text("begintoken", "");
    let end_token = given.text("endtoken", "");
    let max_rows = given.int("maxrows", -1)?;
    let skip_rows = given.int("skiprows", 0)?;
    let skip_columns = given.text("skipcols", "");
    let max_parse_errors = given.int("maxparseerrors", -1)?;
    let max_insert_errors = given.int("maxinserterrors", 1000)?;
    let error_file = given.text("errfile", defaults.error_file);
    let rate_file = given.text("ratefile", "");
    let max_output_size = given.int("maxoutputsize", -1)?;
    let prepared_statements = given.is_true("preparedstatements", "true");
    let ttl = given.int("ttl", -1)?;
    let max_in_flight = given.optional_int("maxinflightmessages")?;
    // cqlsh: how often a full connection is waited for; here requests wait for room among those in flight.
    given.optional_int("maxbackoffattempts")?;
    let max_pending_chunks = given.optional_int("maxpendingchunks")?;
    let request_timeout = given.int("requesttimeout", 60.max(max_batch_size.unwrap_or(20) / 10))?;
    let child_timeout = given.int("childtimeout", request_timeout + 30)?;

    let (yes, no) = boolean_words(&booleans)?;
    let origin = Origin::read(given.take("dialect").as_deref(), direction)?;
    let dialect = origin.dialect(&delimiter, &quote, escape.as_deref())?;
    let writes_nulls = writes_nulls(given.take("nulls").as_deref())?;

    let (to, from) = (direction == Direction::To, direction == Direction::From);
    Ok(Options {
        dialect,
        origin,
        style: CsvStyle {
            timestamp_format,
            float_precision: float_precision.map(|digits| at_least_if(to, "FLOATPRECISION", digits, 0)).transpose()?,
            double_precision: double_precision
                .map(|digits| at_least_if(to, "DOUBLEPRECISION", digits, 0))
                .transpose()?,
            decimal_separator,
            thousands_separator,
            booleans: (yes, no),
            null,
            by_cqlsh: origin.is_cqlsh(),
        },
        header,
        max_attempts: u32::try_from(max_attempts.max(1)).unwrap_or(u32::MAX),
        report_every: Duration::try_from_secs_f64(report_every.max(0.0)).unwrap_or(Duration::MAX),
        rate_file: (!rate_file.is_empty()).then_some(rate_file),
        processes: at_least("NUMPROCESSES", processes, 1)?,
        export: ExportOptions {
            page_size: page_size.map(|rows| at_least_if(to, "PAGESIZE", rows, 1)).transpose()?,
            page_timeout: seconds(page_timeout),
            max_requests: usize::try_from(max_requests.max(1)).unwrap_or(usize::MAX),
            begin_token,
            end_token,
            max_output_size: u64::try_from(max_output_size).ok().filter(|rows| *rows > 0),
        },
        import: ImportOptions {
            chunk_size: at_least_if(from, "CHUNKSIZE", chunk_size, 1)?,
            ingest_rate: ingest_rate.map(|rows| at_least_if(from, "INGESTRATE", rows, 1)).transpose()?,
            min_batch_size: at_least_if(from, "MINBATCHSIZE", min_batch_size, 0)?,
            max_batch_size: max_batch_size.map(|rows| at_least_if(from, "MAXBATCHSIZE", rows, 1)).transpose()?,
            prepared_statements,
            writes_nulls,
            max_pending_chunks: max_pending_chunks.map(|n| at_least_if(from, "MAXPENDINGCHUNKS", n, 1)).transpose()?,
            max_in_flight: max_in_flight.map(|n| at_least_if(from, "MAXINFLIGHTMESSAGES", n, 1)).transpose()?,
            request_timeout: seconds(request_timeout),
            child_timeout: seconds(child_timeout),
            max_rows: u64::try_from(max_rows).ok(),
            skip_rows: u64::try_from(skip_rows).unwrap_or(0),
            skip_columns: skip_columns.split(',').map(|name| name.trim().to_owned()).collect(),
            max_parse_errors: u64::try_from(max_parse_errors).ok(),
            max_insert_errors: u64::try_from(max_insert_errors).ok(),
            error_file,
            ttl: u64::try_from(ttl).ok(),
        },
        unrecognized: given.left(),
    })
}

/// cqlsh leaves one processor to its parent process and never starts more than 16 workers.
fn default_processes(defaults: &Defaults<'_>) -> Result<i128, String> {
    let processors = match defaults.processors_for_tests {
        Some(text) => python::int(text)?,
        None => defaults.processors as i128,
    };
    Ok(processors.saturating_sub(1).clamp(1, 16))
}

fn boolean_words(words: &[String]) -> Result<(String, String), String> {
    match words {
        [yes, no] if yes != no && !yes.is_empty() && !no.is_empty() => Ok((yes.clone(), no.clone())),
        _ => Err(format!("Invalid boolean styles {}", python::repr_list(words))),
    }
}

/// NULLS: `null` writes nulls, `unset` leaves their cells alone.
fn writes_nulls(text: Option<&str>) -> Result<bool, String> {
    match text {
        None | Some("null") => Ok(true),
        Some("unset") => Ok(false),
        Some(other) => Err(format!("NULLS must be 'null' or 'unset', not {}", repr(other))),
    }
}

/// cqlsh takes any ENCODING and writes UTF-8 all the same; a file in an encoding nobody asked for helps no one.
fn refuse_unless_utf8(encoding: &str) -> Result<(), String> {
    let name: String = encoding.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect();
    match name.to_lowercase().as_str() {
        "utf8" | "utf" | "u8" => Ok(()),
        _ => Err(format!("ENCODING {} is not supported: files are written and read as UTF-8", repr(encoding))),
    }
}
