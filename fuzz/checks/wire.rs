//! Any bytes of any type have a text on the screen or are an error, and what COPY writes reads back.

use std::sync::Arc;

use cqlsh::cql::types::{CqlType, NativeType, UserType, from_class};
use cqlsh::value::csv::{self, CsvStyle};
use cqlsh::value::parse;
use cqlsh::value::screen::{Cells, ScreenStyle};
use jiff::tz::TimeZone;

/// How deep the types nest.
const DEPTH: usize = 4;

/// Takes a type from the beginning of the input and its value from the rest; panics when it is not treated as it should.
pub fn check(input: &[u8]) {
    let mut rest = input;
    let ty = any_type(&mut rest, DEPTH);
    let shown = |colour| {
        let style = ScreenStyle {
            timestamp_format: "%Y-%m-%d %H:%M:%S.%f%z".to_owned(),
            time_zone: TimeZone::UTC,
            float_precision: 5,
            double_precision: 5,
            colour,
        };
        Cells::default().push(&ty, Some(rest), &style).is_ok()
    };
    assert_eq!(shown(false), shown(true), "{ty}: colour decides whether it can be shown");

    let style = CsvStyle::default();
    let (mut text, mut bytes, mut again) = (Vec::new(), Vec::new(), Vec::new());
    if csv::write(&ty, rest, &style, &mut text).is_err() {
        return;
    }
    assert!(shown(false), "{ty}: written by COPY, and not shown");
    let text = String::from_utf8(text).expect("COPY writes UTF-8");
    if let Err(error) = parse::parse(&ty, &text, &style, &mut bytes) {
        assert!(is_of_no_server(&text, &error.to_string()), "{ty}: {text:?}: {error}");
        return;
    }
    csv::write(&ty, &bytes, &style, &mut again).unwrap_or_else(|error| panic!("{ty}: {text:?}: {error}"));
    assert_eq!(String::from_utf8_lossy(&again), text, "{ty}: written, read and written again");
}

/// Whether the bytes are none that a server keeps: an empty value of a type that has none, characters that are not ASCII in
/// an `ascii`, a `timeuuid` of another version than 1.
fn is_of_no_server(text: &str, error: &str) -> bool {
    text.contains("''") || error.contains("'ascii' codec") || error.contains("Invalid version for TimeUUID")
}

fn any_type(rest: &mut &[u8], depth: usize) -> CqlType {
    let Some((&first, after)) = rest.split_first() else { return CqlType::Native(NativeType::Blob) };
    *rest = after;
    let natives = NativeType::ALL;
    if depth == 0 || first < 128 {
        return CqlType::Native(natives[usize::from(first) % natives.len()]);
    }
    let mut inner = || any_type(rest, depth - 1);
    match first % 8 {
        0 => CqlType::List(inner().into()),
        1 => CqlType::Set(inner().into()),
        2 => CqlType::Map(inner().into(), inner().into()),
        3 => CqlType::Tuple(vec![inner(), inner()]),
        4 => CqlType::Vector(inner().into(), usize::from(first) % 3 + 1),
        5 => CqlType::UserType(Arc::new(UserType {
            keyspace: "ks".to_owned(),
            name: "ty".to_owned(),
            fields: vec![("a".to_owned(), inner()), ("b c".to_owned(), inner())],
        })),
        6 => CqlType::Custom("org.example.Type".to_owned()),
        _ => {
            let length = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
            let (class, after) = rest.split_at(length);
            *rest = after;
            from_class(&String::from_utf8_lossy(class))
        }
    }
}
