//! What options are taken for, and how wrong ones are refused.

use super::*;
use crate::cql::command::Direction;

fn read_with(options: &[(&str, &str)], direction: Direction) -> Result<Options, String> {
    let given: Vec<_> = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let format = "%Y-%m-%d %H:%M:%S.%f%z";
    let defaults = Defaults {
        timestamp_format: format,
        processors: 4,
        processors_for_tests: None,
        error_file: "import_ks_t.err",
    };
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
    for (name, value, direction) in [
        ("maxoutputsize", "10", Direction::To),
        ("preparedstatements", "false", Direction::From),
        ("childtimeout", "5", Direction::From),
        ("configfile", "x", Direction::To),
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
