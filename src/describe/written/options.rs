//! `WITH …`: the options of tables and views.

use crate::cluster::definition::OptionValue;
use crate::cql::names::literal;

/// What stands between WITH and the semicolon.
pub(super) fn properties(properties: &[String]) -> String {
    properties.join("\n    AND ")
}

/// `name = value`.
pub(super) fn property((name, value): &(String, OptionValue)) -> String {
    let value = match value {
        OptionValue::Text(text) => literal(text),
        OptionValue::Integer(number) => number.to_string(),
        OptionValue::Fraction(number) => fraction(*number),
        OptionValue::Boolean(value) => value.to_string(),
        OptionValue::Texts(pairs) => map(pairs),
        OptionValue::Blobs(pairs) => entries(pairs.iter().map(|(key, value)| (key, blob(value)))),
    };
    format!("{name} = {value}")
}

/// A map of texts as a literal.
pub(super) fn map(pairs: &[(String, String)]) -> String {
    entries(pairs.iter().map(|(key, value)| (key, literal(value))))
}

fn entries<'a>(pairs: impl Iterator<Item = (&'a String, String)>) -> String {
    let pairs: Vec<_> = pairs.map(|(key, value)| format!("{}: {value}", literal(key))).collect();
    format!("{{{}}}", pairs.join(", "))
}

fn blob(bytes: &[u8]) -> String {
    bytes.iter().fold("0x".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

/// A number as Java writes it: `1.0`, `5.0E-4`.
fn fraction(number: f64) -> String {
    if number == 0.0 || (1e-3..1e7).contains(&number.abs()) {
        return format!("{number:?}");
    }
    let text = format!("{number:E}");
    match text.split_once('E') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The expected texts are what Cassandra 4.0 wrote.

    #[test]
    fn numbers_are_javas() {
        for (number, expected) in
            [(1.0, "1.0"), (0.0, "0.0"), (0.01, "0.01"), (0.001, "0.001"), (0.0005, "5.0E-4"), (0.000_125, "1.25E-4")]
        {
            assert_eq!(fraction(number), expected);
        }
    }

    #[test]
    fn values_are_literals() {
        let of = |value| property(&("x".to_owned(), value));
        assert_eq!(of(OptionValue::Text("it's".to_owned())), "x = 'it''s'");
        assert_eq!(of(OptionValue::Boolean(false)), "x = false");
        assert_eq!(of(OptionValue::Texts(Vec::new())), "x = {}");
        let pairs = [("a", "1"), ("b'", "2")].map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(of(OptionValue::Texts(pairs.to_vec())), "x = {'a': '1', 'b''': '2'}");
        assert_eq!(of(OptionValue::Blobs(vec![("a".to_owned(), vec![0xca, 0x0f])])), "x = {'a': 0xca0f}");
    }
}
