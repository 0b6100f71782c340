//! The options of COPY: every name cqlsh knows, its checks in its order and its words. It knows nothing of tables,
//! files or the server.

use std::time::Duration;

use super::configuration::as_dict;
use super::dialect::Dialect;
use super::python;
use crate::cql::command::Direction;
use crate::print::python::repr;
use crate::value::csv::CsvStyle;

/// What the shell brings along for options that are not given.
#[derive(Debug, Clone, Copy)]
pub(super) struct Defaults<'a> {
    /// DATETIMEFORMAT.
    pub(super) timestamp_format: &'a str,
    /// Processors of this machine.
    pub(super) processors: usize,
    /// ERRFILE.
    pub(super) error_file: &'a str,
}

/// The options of one COPY.
#[derive(Debug, Clone)]
pub(super) struct Options {
    /// DELIMITER, QUOTE and ESCAPE.
    pub(super) dialect: Dialect,
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
}

/// What only COPY FROM reads.
#[derive(Debug, Clone)]
pub(super) struct ImportOptions {
    /// CHUNKSIZE: records parsed at once.
    pub(super) chunk_size: usize,
    /// INGESTRATE, if given: rows a second.
    pub(super) ingest_rate: Option<u64>,
    /// MINBATCHSIZE: a ring position with fewer rows in a chunk shares its batches with others.
    pub(super) min_batch_size: usize,
    /// MAXBATCHSIZE, if given: rows a batch.
    pub(super) max_batch_size: Option<usize>,
    /// MAXINFLIGHTMESSAGES: requests in flight, if given.
    pub(super) max_in_flight: Option<usize>,
    /// REQUESTTIMEOUT: time limit of one batch.
    pub(super) request_timeout: Duration,
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

/// Reads the options of a statement: names in lower case with their values, a later one instead of an earlier one.
/// `Err` is the line cqlsh prints, or ours for what is not carried out.
pub(super) fn read(
    given: &[(String, String)],
    direction: Direction,
    defaults: Defaults<'_>,
) -> Result<Options, String> {
    let mut given = Given::new(given);

    let quote = given.text("quote", "\"");
    let escape = given.text("escape", "\\");
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
    let processes = given.int("numprocesses", default_processes(defaults.processors))?;
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
    let request_timeout = given.int("requesttimeout", 60.max(max_batch_size.unwrap_or(20) / 10))?;
    let untuned = ["maxbackoffattempts", "maxpendingchunks", "childtimeout"].map(|name| (name, given.take(name)));

    let (yes, no) = boolean_words(&booleans)?;
    let dialect = Dialect::new(&delimiter, &quote, &escape)?;

    match direction {
        Direction::To => refuse_if(max_output_size > 0, "MAXOUTPUTSIZE")?,
        Direction::From => {
            refuse_if(!prepared_statements, "PREPAREDSTATEMENTS = false")?;
            for (name, value) in untuned {
                refuse_if(value.is_some(), &name.to_uppercase())?;
            }
        }
    }

    Ok(Options {
        dialect,
        style: CsvStyle {
            timestamp_format,
            float_precision: float_precision.map(|digits| at_least("FLOATPRECISION", digits, 0)).transpose()?,
            double_precision: double_precision.map(|digits| at_least("DOUBLEPRECISION", digits, 0)).transpose()?,
            decimal_separator,
            thousands_separator,
            booleans: (yes, no),
            null,
        },
        header,
        max_attempts: u32::try_from(max_attempts.max(1)).unwrap_or(u32::MAX),
        report_every: Duration::try_from_secs_f64(report_every.max(0.0)).unwrap_or(Duration::MAX),
        rate_file: (!rate_file.is_empty()).then_some(rate_file),
        processes: at_least("NUMPROCESSES", processes, 1)?,
        export: ExportOptions {
            page_size: page_size.map(|rows| at_least("PAGESIZE", rows, 1)).transpose()?,
            page_timeout: seconds(page_timeout),
            max_requests: usize::try_from(max_requests.max(1)).unwrap_or(usize::MAX),
            begin_token,
            end_token,
        },
        import: ImportOptions {
            chunk_size: at_least("CHUNKSIZE", chunk_size, 1)?,
            ingest_rate: ingest_rate.map(|rows| at_least("INGESTRATE", rows, 1)).transpose()?,
            min_batch_size: at_least("MINBATCHSIZE", min_batch_size, 0)?,
            max_batch_size: max_batch_size.map(|rows| at_least("MAXBATCHSIZE", rows, 1)).transpose()?,
            max_in_flight: max_in_flight.map(|n| at_least("MAXINFLIGHTMESSAGES", n, 1)).transpose()?,
            request_timeout: seconds(request_timeout),
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

/// The options of a statement that nobody has asked for yet.
struct Given(Vec<(String, String)>);

impl Given {
    fn new(options: &[(String, String)]) -> Self {
        Self(as_dict(options))
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(index).1)
    }

    fn text(&mut self, name: &str, default: &str) -> String {
        self.take(name).unwrap_or_else(|| default.to_owned())
    }

    fn is_true(&mut self, name: &str, default: &str) -> bool {
        self.text(name, default).to_lowercase() == "true"
    }

    fn optional_int(&mut self, name: &str) -> Result<Option<i128>, String> {
        self.take(name).map(|text| python::int(&text)).transpose()
    }

    fn int(&mut self, name: &str, default: i128) -> Result<i128, String> {
        Ok(self.optional_int(name)?.unwrap_or(default))
    }

    fn float(&mut self, name: &str, default: f64) -> Result<f64, String> {
        self.take(name).map_or(Ok(default), |text| python::float(&text))
    }

    fn left(self) -> Vec<String> {
        self.0.into_iter().map(|(name, _)| name).collect()
    }
}

/// cqlsh leaves one processor to its parent process and never starts more than 16 workers.
fn default_processes(processors: usize) -> i128 {
    processors.saturating_sub(1).clamp(1, 16) as i128
}

fn seconds(number: i128) -> Duration {
    Duration::from_secs(u64::try_from(number.max(1)).unwrap_or(u64::MAX))
}

/// cqlsh hangs or divides by zero on what is refused here.
fn at_least<T: TryFrom<i128>>(name: &str, number: i128, least: i128) -> Result<T, String> {
    let refused = || format!("{name} must be a number from {least} on that fits its purpose, not {number}");
    if number < least { Err(refused()) } else { T::try_from(number).map_err(|_| refused()) }
}

fn boolean_words(words: &[String]) -> Result<(String, String), String> {
    match words {
        [yes, no] if yes != no && !yes.is_empty() && !no.is_empty() => Ok((yes.clone(), no.clone())),
        _ => Err(format!("Invalid boolean styles {}", python::repr_list(words))),
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

fn refuse_if(asked: bool, option: &str) -> Result<(), String> {
    if asked { Err(format!("COPY option {option} is not supported yet")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_with(options: &[(&str, &str)], direction: Direction) -> Result<Options, String> {
        let given: Vec<_> = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let format = "%Y-%m-%d %H:%M:%S.%f%z";
        read(&given, direction, Defaults { timestamp_format: format, processors: 4, error_file: "import_ks_t.err" })
    }

    fn refusal(name: &str, value: &str, direction: Direction) -> String {
        read_with(&[(name, value)], direction).map(|_| ()).unwrap_err()
    }

    #[test]
    fn nothing_given_means_the_defaults_of_cqlsh() {
        let options = read_with(&[], Direction::From).unwrap();
        assert_eq!((options.processes, options.max_attempts, options.header), (3, 5, false));
        assert_eq!(options.report_every, Duration::from_millis(250));
        assert_eq!(options.export.page_timeout, Duration::from_secs(10));
        assert_eq!(options.import.max_insert_errors, Some(1000));
        assert_eq!((options.import.max_parse_errors, options.import.max_rows, options.import.ttl), (None, None, None));
        assert_eq!(options.import.error_file, "import_ks_t.err");
        assert_eq!(options.style.booleans, ("True".to_owned(), "False".to_owned()));
        assert_eq!(options.style.float_precision, None);
    }

    #[test]
    fn a_repeated_option_counts_with_its_last_value() {
        let options = read_with(&[("null", "a"), ("header", "TRUE"), ("null", "b")], Direction::To).unwrap();
        assert_eq!((options.style.null.as_str(), options.header), ("b", true));
    }

    /// The messages are those Apache cqlsh 6.2.2 printed.
    #[test]
    fn values_that_do_not_convert_are_refused_in_the_words_of_cqlsh() {
        let direction = Direction::To;
        assert_eq!(refusal("pagesize", "abc", direction), "invalid literal for int() with base 10: 'abc'");
        assert_eq!(refusal("ttl", "", direction), "invalid literal for int() with base 10: ''");
        assert_eq!(refusal("reportfrequency", "abc", direction), "could not convert string to float: 'abc'");
        assert_eq!(refusal("boolstyle", "a", direction), "Invalid boolean styles ['a']");
        assert_eq!(refusal("boolstyle", "TRUE,TRUE", direction), "Invalid boolean styles ['TRUE', 'TRUE']");
        assert_eq!(refusal("delimiter", ",,", direction), "\"delimiter\" must be a 1-character string");
    }

    #[test]
    fn unknown_names_are_kept_in_order() {
        let options = read_with(&[("foo", "1"), ("header", "true"), ("nullval", "x")], Direction::To).unwrap();
        assert_eq!(options.unrecognized, ["foo", "nullval"]);
    }

    #[test]
    fn what_is_not_carried_out_is_refused_by_name() {
        for (name, value, direction) in [
            ("maxoutputsize", "10", Direction::To),
            ("preparedstatements", "false", Direction::From),
            ("childtimeout", "5", Direction::From),
        ] {
            assert!(refusal(name, value, direction).contains(&name.to_uppercase()), "{name}");
        }
        assert!(refusal("encoding", "latin1", Direction::To).starts_with("ENCODING 'latin1' is not supported"));
    }

    #[test]
    fn an_option_of_the_other_direction_is_passed_over() {
        assert!(read_with(&[("maxoutputsize", "10")], Direction::From).is_ok());
        assert!(read_with(&[("preparedstatements", "false")], Direction::To).is_ok());
        assert!(read_with(&[("encoding", "UTF-8")], Direction::From).is_ok());
    }

    #[test]
    fn numbers_that_make_no_sense_are_refused() {
        for name in ["chunksize", "pagesize", "numprocesses", "ingestrate", "maxbatchsize"] {
            assert!(refusal(name, "0", Direction::From).starts_with(&name.to_uppercase()), "{name}");
        }
    }
}
