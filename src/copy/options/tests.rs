//! What options are taken for, and how wrong ones are refused.

use super::*;
use crate::copy::dialect::Escape;
use crate::cql::command::Direction;

fn read_with(options: &[(&str, &str)], direction: Direction) -> Result<Options, String> {
    let given: Vec<_> = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let format = "%Y-%m-%d %H:%M:%S.%f%z";
    let defaults =
        Defaults { timestamp_format: format, processors: 4, processors_for_tests: None, error_file: "import_ks_t.err" };
    read(&given, direction, defaults)
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
        let direction = if name == "pagesize" { Direction::To } else { Direction::From };
        assert!(refusal(name, "0", direction).starts_with(&name.to_uppercase()), "{name}");
    }
}

#[test]
fn numbers_of_the_other_direction_are_passed_over_when_they_are_numbers() {
    assert!(read_with(&[("chunksize", "0"), ("maxpendingchunks", "0")], Direction::To).is_ok());
    assert!(read_with(&[("pagesize", "0")], Direction::From).is_ok());
    assert!(refusal("maxbackoffattempts", "x", Direction::To).starts_with("invalid literal for int()"));
}

#[test]
fn a_worker_may_be_silent_for_half_a_minute_longer_than_a_request() {
    let seconds =
        |options: &[(&str, &str)]| read_with(options, Direction::From).unwrap().import.child_timeout.as_secs();
    assert_eq!(seconds(&[]), 90);
    assert_eq!(seconds(&[("requesttimeout", "15")]), 45);
    assert_eq!(seconds(&[("requesttimeout", "15"), ("childtimeout", "7")]), 7);
}

#[test]
fn files_are_split_where_a_size_is_given() {
    let most = |size| read_with(&[("maxoutputsize", size)], Direction::To).unwrap().export.max_output_size;
    assert_eq!([most("10"), most("0"), most("-1")], [Some(10), None, None]);
}

#[test]
fn a_dialect_has_a_name_and_a_direction() {
    let names = "'cqlsh', 'cqlsh-python3.9' or 'rfc4180'";
    assert_eq!(refusal("dialect", "excel", Direction::From), format!("DIALECT must be {names}, not 'excel'"));
    let refused = "DIALECT 'cqlsh' is for reading what Apache cqlsh has written";
    assert_eq!(refusal("dialect", "cqlsh", Direction::To), refused);
    let origin = |name| read_with(&[("dialect", name)], Direction::From).unwrap().origin;
    assert_eq!([origin("cqlsh"), origin("rfc4180"), origin("")], [Origin::Cqlsh, Origin::Rfc4180, Origin::Ours]);
}

#[test]
fn rfc_4180_doubles_quotes_and_escapes_nothing() {
    let options = read_with(&[("dialect", "rfc4180"), ("quote", "'")], Direction::To).unwrap();
    assert_eq!(options.dialect.escape, Escape::Doubled);
    assert!(read_with(&[("dialect", "rfc4180"), ("escape", "\"")], Direction::To).is_ok());
    let refused = read_with(&[("dialect", "rfc4180"), ("escape", "\\")], Direction::To).map(|_| ()).unwrap_err();
    assert_eq!(refused, r"DIALECT 'rfc4180' doubles quotes: ESCAPE cannot be '\\'");
}

#[test]
fn nulls_are_written_or_left_alone() {
    let writes = |value| read_with(&[("nulls", value)], Direction::From).map(|options| options.import.writes_nulls);
    assert_eq!([writes("null"), writes("unset")], [Ok(true), Ok(false)]);
    assert_eq!(writes("NULL"), Err("NULLS must be 'null' or 'unset', not 'NULL'".to_owned()));
}

#[test]
fn tests_may_say_how_many_processors_there_are() {
    let with =
        |cores| Defaults { timestamp_format: "", processors: 4, processors_for_tests: Some(cores), error_file: "" };
    let processes = |cores| read(&[], Direction::To, with(cores)).map(|options| options.processes);
    assert_eq!([processes("1"), processes("9"), processes("99")], [Ok(1), Ok(8), Ok(16)]);
    assert_eq!(processes("x"), Err("invalid literal for int() with base 10: 'x'".to_owned()));
}
