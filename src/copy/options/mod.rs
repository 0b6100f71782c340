//! The options of COPY: every name cqlsh knows and our own, checked in cqlsh's order and its words. It knows nothing of
//! tables, files or the server.

mod given;
mod origin;
mod read;

use std::time::Duration;

pub(super) use origin::Origin;
pub(super) use read::read;

use super::dialect::Dialect;
use crate::value::csv::CsvStyle;

/// What the shell brings along for options that are not given.
#[derive(Debug, Clone, Copy)]
pub(super) struct Defaults<'a> {
    /// DATETIMEFORMAT.
    pub(super) timestamp_format: &'a str,
    /// Processors of this machine.
    pub(super) processors: usize,
    /// What stands for their number in tests of COPY; read as a number, as cqlsh does.
    pub(super) processors_for_tests: Option<&'a str>,
    /// ERRFILE.
    pub(super) error_file: &'a str,
}

/// The options of one COPY.
#[derive(Debug, Clone)]
pub(super) struct Options {
    /// DELIMITER, QUOTE and ESCAPE.
    pub(super) dialect: Dialect,
    /// DIALECT: whose files are read and written.
    pub(super) origin: Origin,
    /// NULL and everything about the look of values.
    pub(super) style: CsvStyle,
    /// HEADER.
    pub(super) header: bool,
    /// MAXATTEMPTS, at least 1.
    pub(super) max_attempts: u32,
    /// REPORTFREQUENCY.
    pub(super) report_every: Duration,
    /// RATEFILE.
    pub(super) rate_file: Option<String>,
    /// NUMPROCESSES, at least 1: threads that format or parse.
    pub(super) processes: usize,
    /// What only COPY TO reads.
    pub(super) export: ExportOptions,
    /// What only COPY FROM reads.
    pub(super) import: ImportOptions,
    /// Names nobody knows, in the order given.
    pub(super) unrecognized: Vec<String>,
}

/// What only COPY TO reads.
#[derive(Debug, Clone)]
pub(super) struct ExportOptions {
    /// PAGESIZE, if given: rows a page.
    pub(super) page_size: Option<i32>,
    /// PAGETIMEOUT: time limit of one page.
    pub(super) page_timeout: Duration,
    /// MAXREQUESTS: token ranges in flight for each of the processes.
    pub(super) max_requests: usize,
    /// BEGINTOKEN as given; read later, as cqlsh does.
    pub(super) begin_token: String,
    /// ENDTOKEN as given.
    pub(super) end_token: String,
    /// MAXOUTPUTSIZE, if there is a limit: rows a file.
    pub(super) max_output_size: Option<u64>,
}

/// What only COPY FROM reads.
#[derive(Debug, Clone)]
#[cfg_attr(test, derive(Default))]
pub(super) struct ImportOptions {
    /// CHUNKSIZE: records parsed at once.
    pub(super) chunk_size: usize,
    /// INGESTRATE, if given: rows a second.
    pub(super) ingest_rate: Option<u64>,
    /// MINBATCHSIZE: a ring position with fewer rows in a chunk shares its batches with others.
    pub(super) min_batch_size: usize,
    /// MAXBATCHSIZE, if given: rows a batch.
    pub(super) max_batch_size: Option<usize>,
    /// PREPAREDSTATEMENTS: whether rows are bound to a prepared statement, and not written into statements of text.
    pub(super) prepared_statements: bool,
    /// NULLS: whether a null overwrites what is there; if not, such cells are left alone.
    pub(super) writes_nulls: bool,
    /// MAXPENDINGCHUNKS, if given: chunks that wait for a worker.
    pub(super) max_pending_chunks: Option<usize>,
    /// MAXINFLIGHTMESSAGES: requests in flight, if given.
    pub(super) max_in_flight: Option<usize>,
    /// REQUESTTIMEOUT: time limit of one batch.
    pub(super) request_timeout: Duration,
    /// CHILDTIMEOUT: how long nothing may happen once the input is read.
    pub(super) child_timeout: Duration,
    /// MAXROWS, if there is a limit.
    pub(super) max_rows: Option<u64>,
    /// SKIPROWS.
    pub(super) skip_rows: u64,
    /// SKIPCOLS.
    pub(super) skip_columns: Vec<String>,
    /// MAXPARSEERRORS, if there is a limit.
    pub(super) max_parse_errors: Option<u64>,
    /// MAXINSERTERRORS, if there is a limit.
    pub(super) max_insert_errors: Option<u64>,
    /// ERRFILE.
    pub(super) error_file: String,
    /// TTL in seconds, if given.
    pub(super) ttl: Option<u64>,
}

#[cfg(test)]
mod tests;
