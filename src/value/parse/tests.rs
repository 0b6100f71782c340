use super::*;
use crate::cql::types::NativeType as N;
use crate::value::csv;
use crate::value::types::{list, map, native, set, tuple, user_type, vector};

#[path = "recorded.rs"]
mod recorded;

fn style() -> CsvStyle {
    CsvStyle { null: "N/A".to_owned(), ..CsvStyle::default() }
}

fn parsed(ty: &CqlType, text: &str) -> Result<Vec<u8>, String> {
    parsed_as(ty, text, &style())
}

fn parsed_as(ty: &CqlType, text: &str, style: &CsvStyle) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    parse(ty, text, style, &mut out).map(|()| out).map_err(|error| error.to_string())
}

fn written(ty: &CqlType, bytes: &[u8], style: &CsvStyle) -> String {
    let mut out = Vec::new();
    csv::write(ty, bytes, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn what_is_written_is_what_cqlsh_reads_as_the_same_value() {
    for (ty, text, bytes) in recorded::written() {
        assert_eq!(parsed(&ty, text).as_deref(), Ok(bytes), "{ty:?} {text:?}");
        assert_eq!(written(&ty, bytes, &style()), text, "{ty:?} {bytes:?}");
    }
}

#[test]
fn what_cqlsh_reads_is_read() {
    for (ty, text, bytes) in recorded::read() {
        assert_eq!(parsed(&ty, text).as_deref(), Ok(bytes), "{ty:?} {text:?}");
    }
}

#[test]
fn what_cqlsh_refuses_is_refused_in_its_words() {
    for (ty, text, message) in recorded::refused() {
        assert_eq!(parsed(&ty, text), Err(message.to_owned()), "{ty:?}");
    }
}

#[test]
fn what_cqlsh_would_change_is_refused() {
    let point = user_type("point", vec![("x", native(N::Int)), ("y", native(N::Int))]);
    for (ty, text, message) in [
        (native(N::Boolean), "yes", "'yes' is neither 'True' nor 'False'"),
        (native(N::Blob), "0aff", "a blob starts with 0x: '0aff'"),
        (native(N::Tinyint), "128", "128 is out of range for tinyint (-128 to 127)"),
        (
            native(N::Bigint),
            "9223372036854775808",
            "9223372036854775808 is out of range for bigint (-9223372036854775808 to 9223372036854775807)",
        ),
        (native(N::Double), "1e400", "1e400 is out of range for double"),
        (native(N::Float), "1e39", "1e39 is out of range for float"),
        (native(N::Ascii), "aé", "'ascii' codec can't encode character 'é' in position 1"),
        (native(N::Timeuuid), "00010203-0405-0607-0809-0a0b0c0d0e0f", "Invalid version for TimeUUID type."),
        (native(N::Inet), "127.1", "can't interpret '127.1' as an inet address"),
        (native(N::Date), "20200101", "20200101 may be a date or the number of a day: write YYYY-MM-DD or +20200101"),
        (tuple(vec![native(N::Int)]), "(1, 2)", "2 elements for a tuple of 1: (1, 2)"),
        (point.clone(), "{x: 1, z: 2}", "point has no field z: {x: 1, z: 2}"),
        (point.clone(), "{x: 1, 'x': 2}", "the field x is there twice: {x: 1, 'x': 2}"),
        (point, "{x}", "no colon between a key and its value: x"),
        (map(native(N::Int), native(N::Int)), "{1: 2: 3}", "invalid literal for int() with base 10: '2: 3'"),
        (
            list(native(N::Text)),
            "['a'b']",
            "Invalid composite string, it should start and end with matching parentheses: ['a'b']",
        ),
        (list(native(N::Text)), "['a' 'b']", "a quote inside quotes that is not doubled: 'a' 'b'"),
        (list(native(N::Text)), "['a' b]", "text after the closing quote: 'a' b"),
        (
            set(native(N::Int)),
            "{1]2}",
            "Invalid composite string, it should start and end with matching parentheses: {1]2}",
        ),
        (vector(native(N::Float), 1), "['']", "Empty values are not allowed"),
    ] {
        assert_eq!(parsed(&ty, text), Err(message.to_owned()));
    }
}

#[test]
fn separators_are_taken_out_of_numbers() {
    let style = CsvStyle { decimal_separator: ",".to_owned(), thousands_separator: ".".to_owned(), ..style() };
    for (ty, text, bytes) in [
        (native(N::Int), "1.234.567", &1_234_567_i32.to_be_bytes()[..]),
        (native(N::Double), "-1.234,5", &(-1234.5_f64).to_be_bytes()),
        (native(N::Decimal), "1.234,50", b"\0\0\0\x02\x01\xe2\x3a"),
        (native(N::Varint), "1.000", b"\x03\xe8"),
        (list(native(N::Float)), "['1,5']", b"\0\0\0\x01\0\0\0\x04\x3f\xc0\0\0"),
    ] {
        assert_eq!(parsed_as(&ty, text, &style).as_deref(), Ok(bytes));
        assert_eq!(written(&ty, bytes, &style), text);
    }
}

#[test]
fn a_precision_gives_cqlshs_digits() {
    let style = CsvStyle { float_precision: Some(5), double_precision: Some(12), ..style() };
    let third = (1.0_f64 / 3.0).to_be_bytes();
    assert_eq!(written(&native(N::Double), &third, &style), "0.3333333333333");
    assert_eq!(written(&native(N::Float), &123_456.0_f32.to_be_bytes(), &style), "1.2346e+05");
    assert_eq!(written(&vector(native(N::Double), 1), &third, &style), "[0.333333]");
}

#[test]
fn nulls_empty_values_and_texts_are_told_apart() {
    let ty = tuple(vec![native(N::Text), native(N::Text), native(N::Int), native(N::Int)]);
    let bytes = b"\xff\xff\xff\xff\0\0\0\x03N/A\xff\xff\xff\xff\0\0\0\0";
    for (null, text) in [("N/A", "(N/A, 'N/A', N/A, '')"), ("", "(, 'N/A', , '')"), ("a, b", "(, 'N/A', , '')")] {
        let style = CsvStyle { null: null.to_owned(), ..style() };
        assert_eq!(written(&ty, bytes, &style), text);
        assert_eq!(parsed_as(&ty, text, &style).as_deref(), Ok(&bytes[..]));
    }
    let style = CsvStyle { null: "1".to_owned(), ..style() };
    let pair = tuple(vec![native(N::Int), native(N::Int)]);
    let bytes = b"\0\0\0\x04\0\0\0\x01\xff\xff\xff\xff";
    assert_eq!(written(&pair, bytes, &style), "('1', 1)");
    assert_eq!(parsed_as(&pair, "('1', 1)", &style).as_deref(), Ok(&bytes[..]));
}

#[test]
fn nulls_in_frozen_collections_need_a_text_for_null() {
    let ty = list(native(N::Text));
    let bytes = b"\0\0\0\x03\xff\xff\xff\xff\0\0\0\0\0\0\0\x03N/A";
    assert_eq!(written(&ty, bytes, &style()), "[N/A, '', 'N/A']");
    assert_eq!(parsed(&ty, "[N/A, '', 'N/A']").as_deref(), Ok(&bytes[..]));
    let style = CsvStyle { null: String::new(), ..style() };
    assert!(csv::write(&ty, bytes, &style, &mut Vec::new()).is_err());
    assert_eq!(parsed_as(&ty, "[,'']", &style), Ok(b"\0\0\0\x02\0\0\0\0\0\0\0\0".to_vec()));
    let numbers = list(native(N::Int));
    assert_eq!(parsed_as(&numbers, "[1, ]", &style), Err("Empty values are not allowed".to_owned()));
}

#[test]
fn empty_values_are_a_pair_of_quotes_also_at_the_top() {
    assert_eq!(written(&native(N::Int), b"", &style()), "''");
    assert_eq!(parsed(&native(N::Int), "''"), Ok(Vec::new()));
    assert_eq!(parsed(&native(N::Text), "''"), Ok(b"''".to_vec()));
    assert!(parsed(&native(N::Int), "").is_err());
    assert!(parsed(&native(N::Date), "''").is_err());
}

#[test]
fn names_of_fields_are_quoted_where_they_need_it() {
    let names = ["plain", "first name", "a,b", "c:d", "e'f", " g ", "{h}", ""];
    let ty = user_type("odd", names.iter().map(|name| (*name, native(N::Int))).collect());
    let bytes: Vec<u8> = (0..names.len()).flat_map(|i| [0, 0, 0, 4, 0, 0, 0, i as u8]).collect();
    let text = "{plain: 0, first name: 1, 'a,b': 2, 'c:d': 3, 'e''f': 4, ' g ': 5, '{h}': 6, : 7}";
    assert_eq!(written(&ty, &bytes, &style()), text);
    assert_eq!(parsed(&ty, text), Ok(bytes));
}

#[test]
fn durations_and_far_dates_which_cqlsh_cannot_read_are_read() {
    for (ty, bytes, text) in [
        (native(N::Duration), &b"\x1c\x06\0"[..], "1y2mo3d"),
        (native(N::Duration), b"\0\0\0", "0s"),
        (native(N::Date), &0_u32.to_be_bytes(), "-2147483648"),
        (native(N::Date), &u32::MAX.to_be_bytes(), "+2147483647"),
        (native(N::Time), &(-1_i64).to_be_bytes(), "-1"),
    ] {
        assert_eq!(written(&ty, bytes, &style()), text);
        assert_eq!(parsed(&ty, text).as_deref(), Ok(bytes));
    }
    assert!(csv::write(&native(N::Duration), b"\x01\x02\0", &style(), &mut Vec::new()).is_err());
}
