//! A text as Python's `repr` quotes it in messages.

/// The text in quotes, its unprintable characters escaped.
pub(crate) fn repr(text: &str) -> String {
    let mut quoted = Quoted::new("", text.contains('\''), text.contains('"'));
    for c in text.chars() {
        quoted.push(c, is_printable(c), || match u32::from(c) {
            code @ ..0x100 => format!("\\x{code:02x}"),
            code @ ..0x1_0000 => format!("\\u{code:04x}"),
            code => format!("\\U{code:08x}"),
        });
    }
    quoted.finish()
}

/// Bytes as Python's `repr` shows them: `b'a\x00'`.
pub(crate) fn repr_bytes(bytes: &[u8]) -> String {
    let mut quoted = Quoted::new("b", bytes.contains(&b'\''), bytes.contains(&b'"'));
    for &byte in bytes {
        quoted.push(char::from(byte), byte.is_ascii_graphic(), || format!("\\x{byte:02x}"));
    }
    quoted.finish()
}

/// A literal in the making.
struct Quoted {
    quote: char,
    out: String,
}

impl Quoted {
    /// In single quotes, unless those occur and double ones do not.
    fn new(prefix: &str, has_single: bool, has_double: bool) -> Self {
        let quote = if has_single && !has_double { '"' } else { '\'' };
        Self { quote, out: format!("{prefix}{quote}") }
    }

    /// The next character; `escaped` is what stands for one that is neither printable nor has an escape of its own.
    fn push(&mut self, c: char, printable: bool, escaped: impl FnOnce() -> String) {
        match c {
            '\n' => self.out.push_str("\\n"),
            '\r' => self.out.push_str("\\r"),
            '\t' => self.out.push_str("\\t"),
            '\\' => self.out.push_str("\\\\"),
            c if c == self.quote => self.out.extend(['\\', c]),
            c if c == ' ' || printable => self.out.push(c),
            _ => self.out.push_str(&escaped()),
        }
    }

    fn finish(mut self) -> String {
        self.out.push(self.quote);
        self.out
    }
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
