//! Texts as Python prints them, where cqlsh's messages hold them.

use std::io;

pub(crate) use crate::value::repr::repr;

/// Python's `str()` of an `OSError` about a file: `[Errno 2] No such file or directory: 'x'`.
pub fn os_error(error: &io::Error, path: &str) -> String {
    match error.raw_os_error() {
        Some(code) => format!("[Errno {code}] {}: {}", strerror(error), repr(path)),
        None => format!("{error}: {}", repr(path)),
    }
}

/// Python's `strerror` of an `OSError`: the system's own words, without what the standard library adds to them.
pub fn strerror(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.strip_prefix("failed to lookup address information: ").unwrap_or(&text);
    text.rfind(" (os error ").map_or(text, |end| &text[..end]).to_owned()
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
