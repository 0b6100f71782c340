//! Texts as Python's `repr` writes them, because cqlsh prints exceptions inside tuples and dicts.

use std::fmt::Write;

/// `repr(text)`: in single quotes, or in double quotes when the text holds single quotes and no double ones.
pub(super) fn repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if is_printable(c) => out.push(c),
            // Writing to a string cannot fail.
            c => drop(match u32::from(c) {
                code @ 0..=0xff => write!(out, "\\x{code:02x}"),
                code @ 0x100..=0xffff => write!(out, "\\u{code:04x}"),
                code => write!(out, "\\U{code:08x}"),
            }),
        }
    }
    out.push(quote);
    out
}

/// Python's `isprintable` for what server messages hold: no controls, and no blank but the space itself.
fn is_printable(c: char) -> bool {
    !c.is_control() && (c == ' ' || !c.is_whitespace()) && !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_chosen_as_python_chooses_them() {
        assert_eq!(repr("plain"), "'plain'");
        assert_eq!(repr("it's"), "\"it's\"");
        assert_eq!(repr("say \"it\""), "'say \"it\"'");
        assert_eq!(repr("it's \"it\""), r#"'it\'s "it"'"#);
    }

    #[test]
    fn what_does_not_print_is_escaped() {
        assert_eq!(repr("a\\b\n\t\r\0\u{7f}\u{a0}é\u{2028}😀"), r"'a\\b\n\t\r\x00\x7f\xa0é\u2028😀'");
    }
}
