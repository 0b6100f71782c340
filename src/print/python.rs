//! Texts as Python prints them, where cqlsh's messages hold them.

use std::io;

/// Python's `repr()` of a text: single quotes unless only single quotes occur in it, escapes for what cannot be shown.
pub fn repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if c < ' ' || ('\u{7f}'..='\u{a0}').contains(&c) => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

/// Python's `str()` of an `OSError` about a file: `[Errno 2] No such file or directory: 'x'`.
pub fn os_error(error: &io::Error, path: &str) -> String {
    let text = error.to_string();
    match error.raw_os_error() {
        Some(code) => {
            let reason = text.split(" (os error").next().unwrap_or(&text);
            format!("[Errno {code}] {reason}: {}", repr(path))
        }
        None => format!("{text}: {}", repr(path)),
    }
}

#[cfg(test)]
mod tests {
    use super::repr;

    #[test]
    fn repr_quotes_as_python_does() {
        assert_eq!(repr("a"), "'a'");
        assert_eq!(repr("it's"), "\"it's\"");
        assert_eq!(repr("it's \"x\""), "'it\\'s \"x\"'");
        assert_eq!(repr("a\\b\n\x01\u{a0}é"), "'a\\\\b\\n\\x01\\xa0é'");
    }
}
