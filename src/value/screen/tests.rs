use jiff::tz::TimeZone;

use super::*;
use crate::cql::types::NativeType as N;
use crate::value::types::{list, map, native, tuple, user_type};

#[path = "recorded.rs"]
mod recorded;

fn style(colour: bool) -> ScreenStyle {
    ScreenStyle { timestamp_format: "%Y-%m-%d %H:%M:%S.%f%z".to_owned(), colour, ..ScreenStyle::PLAIN }
}

/// One cell: its text and its width.
fn cell(ty: &CqlType, bytes: Option<&[u8]>, style: &ScreenStyle) -> Result<(String, usize), ValueError> {
    let mut cells = Cells::default();
    cells.push(ty, bytes, style)?;
    Ok(only(&cells))
}

fn header(name: &str, role: Role, style: &ScreenStyle) -> (String, usize) {
    let mut cells = Cells::default();
    cells.push_name(name, role, style);
    only(&cells)
}

fn only(cells: &Cells) -> (String, usize) {
    let cell = cells.iter().next().unwrap();
    assert_eq!(cells.len(), 1);
    (cell.text.to_owned(), cell.width)
}

fn shown(ty: &CqlType, bytes: &[u8]) -> String {
    cell(ty, Some(bytes), &style(false)).unwrap().0
}

#[test]
fn values_look_as_cqlsh_shows_them() {
    for (ty, bytes, text, width, coloured, coloured_width) in recorded::selected() {
        let plain = cell(&ty, Some(bytes), &style(false)).unwrap();
        assert_eq!((&plain.0[..], plain.1), (text, width), "{ty:?} {bytes:?}");
        let in_colour = cell(&ty, Some(bytes), &style(true)).unwrap();
        assert_eq!((&in_colour.0[..], in_colour.1), (coloured, coloured_width), "{ty:?} {bytes:?}");
    }
}

#[test]
fn null_is_red() {
    let ty = native(N::Text);
    assert_eq!(cell(&ty, None, &style(false)), Ok(("null".to_owned(), 4)));
    assert_eq!(cell(&ty, None, &style(true)), Ok(("\x1b[0;1;31mnull\x1b[0m".to_owned(), 4)));
}

#[test]
fn nulls_that_cqlsh_cannot_format_are_shown_as_null() {
    let ty = tuple(vec![native(N::Float), native(N::Blob), list(native(N::Int)), native(N::Int)]);
    assert_eq!(shown(&ty, &[0xff; 16]), "(null, null, null, None)");
}

#[test]
fn fields_of_user_types_keep_their_names() {
    // cqlsh shows `field_0_`, and for a type with such a name a tuple and an error.
    let ty = user_type("Odd Type", vec![("first name", native(N::Int)), ("a\"b\n", native(N::Int))]);
    assert_eq!(shown(&ty, b"\0\0\0\x04\0\0\0\x01"), "{first name: 1, a\"b\\n: null}");
}

#[test]
fn late_timestamps_keep_their_milliseconds() {
    // cqlsh puts them through a float, and shows 23:59:59.998993.
    let ty = native(N::Timestamp);
    let shown = shown(&ty, &253_402_300_799_999_i64.to_be_bytes());
    assert_eq!(shown, "9999-12-31 23:59:59.999000+0000");
}

#[test]
fn doubles_have_the_precision_of_floats_inside_collections_only() {
    let style = ScreenStyle { double_precision: 12, ..style(false) };
    let third = (1.0_f64 / 3.0).to_be_bytes();
    assert_eq!(cell(&native(N::Double), Some(&third), &style).unwrap().0, "0.3333333333333");
    let listed = [&b"\0\0\0\x01\0\0\0\x08"[..], &third].concat();
    assert_eq!(cell(&list(native(N::Double)), Some(&listed), &style).unwrap().0, "[0.333333]");
}

#[test]
fn timestamps_are_in_the_time_zone_and_format_of_the_style() {
    let style = ScreenStyle {
        timestamp_format: "%d %b %Y %H:%M %Z".to_owned(),
        time_zone: TimeZone::get("Europe/Paris").unwrap(),
        ..style(false)
    };
    let bytes = 1_593_561_600_000_i64.to_be_bytes();
    let cell = cell(&native(N::Timestamp), Some(&bytes), &style).unwrap();
    assert_eq!((&cell.0[..], cell.1), ("01 Jul 2020 02:00 CEST", 22));
}

#[test]
fn names_have_the_colour_of_their_role() {
    for (role, colour) in [
        (Role::PartitionKey, "\x1b[0;1;31m"),
        (Role::Clustering, "\x1b[0;1;36m"),
        (Role::Static, "\x1b[0;1;37m"),
        (Role::Other, "\x1b[0;1;35m"),
    ] {
        let text = format!("{colour}a\x1b[0;35m\\n{colour}b\x1b[0m");
        assert_eq!(header("a\nb", role, &style(true)), (text, 4));
    }
    assert_eq!(header("日本", Role::Other, &style(false)), ("日本".to_owned(), 4));
}

#[test]
fn bytes_that_are_no_value_are_an_error() {
    let cut = b"\0\0\0\x02\0\0\0\x04\0\0\0\x01";
    assert!(cell(&native(N::Int), Some(b"abc"), &style(false)).is_err());
    assert!(cell(&list(native(N::Int)), Some(cut), &style(false)).is_err());
    assert!(cell(&map(native(N::Int), native(N::Int)), Some(cut), &style(false)).is_err());
    assert!(cell(&native(N::Text), Some(b"\xff"), &style(false)).is_err());
}
