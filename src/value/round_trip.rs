//! What COPY writes reads back to the same bytes, for every type and in every style; and no bytes and no text make
//! anything panic.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;

use super::csv::CsvStyle;
use super::screen::ScreenStyle;
use super::types::{list, map, native, set, tuple, user_type, vector};
use super::{collection, csv, decimal, integer, parse, screen, vint, wire};
use crate::cql::types::{CqlType, NativeType};

const NATIVES: [NativeType; 20] = {
    use NativeType as N;
    [
        N::Ascii,
        N::Bigint,
        N::Blob,
        N::Boolean,
        N::Counter,
        N::Date,
        N::Decimal,
        N::Double,
        N::Duration,
        N::Float,
        N::Inet,
        N::Int,
        N::Smallint,
        N::Text,
        N::Time,
        N::Timestamp,
        N::Timeuuid,
        N::Tinyint,
        N::Uuid,
        N::Varint,
    ]
};

/// Bytes that the server may have for a native type, one way of making them for each.
fn native_bytes(ty: NativeType) -> BoxedStrategy<Vec<u8>> {
    use NativeType as N;
    match ty {
        N::Ascii => "[ -~]{0,6}|[\t\n\r'\\\\\",:{}()\\[\\]]{0,4}".prop_map(String::into_bytes).boxed(),
        N::Text => any::<String>().prop_map(String::into_bytes).boxed(),
        N::Blob => vec(any::<u8>(), 0..100).boxed(),
        N::Boolean => any::<bool>().prop_map(|b| vec![b.into()]).boxed(),
        N::Tinyint => any::<i8>().prop_map(|n| n.to_be_bytes().to_vec()).boxed(),
        N::Smallint => any::<i16>().prop_map(|n| n.to_be_bytes().to_vec()).boxed(),
        N::Int => any::<i32>().prop_map(|n| n.to_be_bytes().to_vec()).boxed(),
        N::Bigint | N::Counter => sized_i64().prop_map(|n| n.to_be_bytes().to_vec()).boxed(),
        N::Varint => varint().boxed(),
        N::Decimal => {
            let scale = prop_oneof![-30..30_i32, any::<i32>()];
            (scale, varint()).prop_map(|(scale, unscaled)| [&scale.to_be_bytes()[..], &unscaled].concat()).boxed()
        }
        N::Float => prop_oneof![any::<u32>(), 0x7f80_0000..=0x7fff_ffff_u32, Just(f32::NAN.to_bits()), Just(1 << 31)]
            .prop_map(|bits| bits.to_be_bytes().to_vec())
            .boxed(),
        N::Double => prop_oneof![
            any::<u64>(),
            0x7ff0_0000_0000_0000..=0x7fff_ffff_ffff_ffff_u64,
            Just(f64::NAN.to_bits()),
            Just(1 << 63)
        ]
        .prop_map(|bits| bits.to_be_bytes().to_vec())
        .boxed(),
        N::Uuid => any::<[u8; 16]>().prop_map(|b| b.to_vec()).boxed(),
        N::Timeuuid => any::<[u8; 16]>()
            .prop_map(|mut b| {
                b[6] = b[6] & 0x0f | 0x10;
                b.to_vec()
            })
            .boxed(),
        N::Inet => {
            prop_oneof![vec(any::<u8>(), 4), vec(any::<u8>(), 16), vec(select(&[0, 0, 0, 1, 0xff][..]), 16)].boxed()
        }
        N::Timestamp => prop_oneof![sized_i64(), -70_000_000_000_000..260_000_000_000_000_i64]
            .prop_map(|n| n.to_be_bytes().to_vec())
            .boxed(),
        N::Date => prop_oneof![any::<u32>(), (1_u32 << 31) - 800_000..(1 << 31) + 3_000_000]
            .prop_map(|n| n.to_be_bytes().to_vec())
            .boxed(),
        N::Time => prop_oneof![0..86_400_000_000_000_i64, any::<i64>()].prop_map(|n| n.to_be_bytes().to_vec()).boxed(),
        N::Duration => (any::<i32>(), any::<i32>(), any::<i64>(), -1..=1_i8)
            .prop_map(|(months, days, nanoseconds, sign)| {
                let mut out = Vec::new();
                for (part, least) in
                    [(months.into(), i32::MIN.into()), (days.into(), i32::MIN.into()), (nanoseconds, i64::MIN)]
                {
                    let part: i64 = part;
                    let signed = match sign {
                        0 => 0,
                        1 => part.checked_abs().filter(|_| part != least).unwrap_or(0),
                        _ => {
                            if part > 0 {
                                -part
                            } else {
                                part
                            }
                        }
                    };
                    vint::write_signed(signed, &mut out);
                }
                out
            })
            .boxed(),
    }
}

fn sized_i64() -> impl Strategy<Value = i64> {
    (any::<i64>(), 0..64_u32).prop_map(|(n, shift)| n >> shift)
}

/// A varint without superfluous bytes, which text does not keep.
fn varint() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 1..40).prop_map(|bytes| {
        let (mut digits, mut out) = (String::new(), Vec::new());
        integer::write_varint(&bytes, "", &mut digits);
        integer::encode_varint(&digits, &mut out).unwrap();
        out
    })
}

fn any_type() -> impl Strategy<Value = CqlType> {
    let leaf = prop_oneof![
        9 => select(&NATIVES[..]).prop_map(native),
        1 => Just(CqlType::Custom("org.example.Type".to_owned())),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let names = &["a", "first name", "b,c", "d:e", "f'g", " h ", "[i]", "", "\"j\"", "é", "N/A"][..];
        let fields = proptest::sample::subsequence(names, 1..5);
        prop_oneof![
            inner.clone().prop_map(list),
            inner.clone().prop_map(set),
            (inner.clone(), inner.clone()).prop_map(|(k, v)| map(k, v)),
            vec(inner.clone(), 1..4).prop_map(tuple),
            (inner.clone(), 1..4_usize).prop_map(|(ty, n)| vector(ty, n)),
            (fields, vec(inner, 4)).prop_map(|(names, types)| user_type("odd", names.into_iter().zip(types).collect())),
        ]
    })
}

fn sized(bytes: Option<&[u8]>, out: &mut Vec<u8>) {
    let length = bytes.map_or(-1, |b| i32::try_from(b.len()).unwrap());
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes.unwrap_or_default());
}

/// Bytes that the server may have for a type; empty ones too, where it takes them.
fn bytes_of(ty: &CqlType) -> BoxedStrategy<Vec<u8>> {
    let counted = |cells: Vec<Vec<u8>>, per_entry: usize| {
        let mut out = i32::try_from(cells.len() / per_entry).unwrap().to_be_bytes().to_vec();
        cells.iter().for_each(|cell| sized(Some(cell), &mut out));
        out
    };
    let full = match ty {
        CqlType::Native(ty) => native_bytes(*ty),
        CqlType::Custom(_) => vec(any::<u8>(), 0..20).boxed(),
        CqlType::List(ty) | CqlType::Set(ty) => {
            vec(bytes_of(ty), 0..4).prop_map(move |cells| counted(cells, 1)).boxed()
        }
        CqlType::Map(key, value) => vec((bytes_of(key), bytes_of(value)), 0..4)
            .prop_map(move |pairs| counted(pairs.into_iter().flat_map(|(k, v)| [k, v]).collect(), 2))
            .boxed(),
        CqlType::Tuple(types) => fields_of(types.iter()),
        CqlType::UserType(user_type) => fields_of(user_type.fields.iter().map(|(_, ty)| ty)),
        CqlType::Vector(ty, dimensions) => {
            let fixed = collection::fixed_length(ty).is_some();
            vec(bytes_of(ty).prop_filter("no room for nothing", move |b| !fixed || !b.is_empty()), *dimensions)
                .prop_map(move |cells| {
                    let mut out = Vec::new();
                    for cell in cells {
                        if !fixed {
                            vint::write_unsigned(cell.len() as u64, &mut out);
                        }
                        out.extend(cell);
                    }
                    out
                })
                .boxed()
        }
    };
    if wire::allows_empty(ty) { prop_oneof![9 => full, 1 => Just(Vec::new())].boxed() } else { full }
}

fn fields_of<'a>(types: impl Iterator<Item = &'a CqlType>) -> BoxedStrategy<Vec<u8>> {
    let fields: Vec<_> = types.map(|ty| proptest::option::of(bytes_of(ty))).collect();
    fields
        .prop_map(|cells| {
            let mut out = Vec::new();
            cells.iter().for_each(|cell| sized(cell.as_deref(), &mut out));
            out
        })
        .boxed()
}

fn any_style() -> impl Strategy<Value = CsvStyle> {
    let formats = &["%Y-%m-%d %H:%M:%S.%f%z", "%d.%m.%Y %H:%M:%S.%f %z", "%Y%m%d%H%M%S.%f"][..];
    let separators = &[(".", ""), (",", ""), (",", "."), (".", ","), (".", " "), (".", "'")][..];
    let booleans = &[("True", "False"), ("1", "0"), ("a,b", "it's"), ("JA ", "NEIN:")][..];
    let nulls = &["", "N/A", "null", "a,b", "1", "0", "True", "'", "0x", "1970-01-01", "0s", "[]"][..];
    (select(formats), select(separators), select(booleans), select(nulls)).prop_map(
        |(format, separators, words, null)| CsvStyle {
            timestamp_format: format.to_owned(),
            float_precision: None,
            double_precision: None,
            decimal_separator: separators.0.to_owned(),
            thousands_separator: separators.1.to_owned(),
            booleans: (words.0.to_owned(), words.1.to_owned()),
            null: null.to_owned(),
            by_cqlsh: false,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_value_reads_back_to_its_bytes(
        (ty, bytes) in any_type().prop_flat_map(|ty| { let bytes = bytes_of(&ty); (Just(ty), bytes) }),
        style in any_style(),
    ) {
        let (mut text, mut back) = (Vec::new(), Vec::new());
        csv::write(&ty, &bytes, &style, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        parse::parse(&ty, &text, &style, &mut back).map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?;
        prop_assert_eq!(back, bytes, "{}", text);
    }

    #[test]
    fn no_bytes_make_anything_panic(ty in any_type(), bytes in vec(any::<u8>(), 0..40), colour: bool, style in any_style()) {
        let time_zone = jiff::tz::TimeZone::UTC;
        let timestamp_format = style.timestamp_format.clone();
        let screen_style = ScreenStyle { timestamp_format, time_zone, float_precision: 5, double_precision: 5, colour };
        let shown = screen::Cells::default().push(&ty, Some(&bytes), &screen_style);
        let written = csv::write(&ty, &bytes, &style, &mut Vec::new());
        prop_assert!(shown.is_ok() || written.is_err());
    }

    #[test]
    fn no_text_makes_anything_panic(
        ty in any_type(),
        text in prop_oneof![any::<String>(), "[\\[{('][0-9a-z ,:'{}()\\[\\]+.-]{0,12}[\\]})']", "[0-9TZ:. +-]{0,24}"],
        style in any_style(),
    ) {
        let _ = parse::parse(&ty, &text, &style, &mut Vec::new());
    }

    #[test]
    fn decimals_never_lose_a_digit(scale in any::<i32>(), unscaled in varint()) {
        let (mut text, mut back) = (String::new(), Vec::new());
        decimal::write(scale, &unscaled, ".", "", &mut text);
        prop_assert!(decimal::parse(&text, &mut back).is_ok());
        prop_assert_eq!(&back[..4], &scale.to_be_bytes()[..]);
        prop_assert_eq!(&back[4..], &unscaled[..]);
    }
}
