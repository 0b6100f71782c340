//! A text as Python's `repr` quotes it in messages.

/// The text in quotes, its unprintable characters escaped.
pub(crate) fn repr(text: &str) -> String {
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
            ' ' => out.push(c),
            c if is_printable(c) => out.push(c),
            c => out.push_str(&match u32::from(c) {
                code @ ..0x100 => format!("\\x{code:02x}"),
                code @ ..0x1_0000 => format!("\\u{code:04x}"),
                code => format!("\\U{code:08x}"),
            }),
        }
    }
    out.push(quote);
    out
}

/// Bytes as Python's `repr` shows them: `b'a\x00'`.
pub(crate) fn repr_bytes(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    let mut out = format!("b{quote}");
    for &byte in bytes {
        match char::from(byte) {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c @ ' '..='~' => out.push(c),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push(quote);
    out
}

/// Rust escapes what Python escapes, and combining marks, but these only at the beginning.
fn is_printable(c: char) -> bool {
    !c.is_control() && !c.is_whitespace() && format!("a{c}").escape_debug().count() <= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_as_python_shows_them() {
        for (bytes, shown) in [
            (&b"a b~"[..], "b'a b~'"),
            (b"it's", "b\"it's\""),
            (b"it's \"it\"", "b'it\\'s \"it\"'"),
            (b"\n\r\t\\\0\x7f\xff", "b'\\n\\r\\t\\\\\\x00\\x7f\\xff'"),
        ] {
            assert_eq!(repr_bytes(bytes), shown);
        }
    }

    #[test]
    fn texts_are_quoted_as_python_quotes_them() {
        for (text, quoted) in [
            ("abc", "'abc'"),
            ("it's", "\"it's\""),
            ("it's \"it\"", "'it\\'s \"it\"'"),
            ("a\n\t\\\0\x7f", "'a\\n\\t\\\\\\x00\\x7f'"),
            ("\u{a0}\u{ad}é日\u{301}", "'\\xa0\\xadé日\u{301}'"),
            ("\u{200b}\u{e000}\u{1f600}\u{e0001}", "'\\u200b\\ue000\u{1f600}\\U000e0001'"),
        ] {
            assert_eq!(repr(text), quoted);
        }
    }
}
