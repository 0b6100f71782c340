//! The names of encodings that Python knows. cqlsh takes any of them and writes UTF-8 all the same.

/// Names as Python writes them down, in lower case and with `_` between words.
const NAMES: &str = include_str!("encodings.txt");

/// Whether Python 3.11's `codecs.lookup` finds an encoding of that name.
pub(super) fn is_known(name: &str) -> bool {
    let name = normalize(name);
    NAMES.split_whitespace().any(|known| known == name)
}

/// Python's idea of what is the same name: case counts for nothing, and punctuation only separates.
fn normalize(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric() && c != '.').filter(|word| !word.is_empty());
    let mut normal = words.collect::<Vec<_>>().join("_").to_lowercase();
    normal.retain(|c| c.is_ascii());
    normal
}

#[cfg(test)]
mod tests {
    use super::is_known;

    #[test]
    fn names_are_those_that_python_finds() {
        // From Python 3.11's codecs.lookup.
        for name in
            ["utf-8", "UTF-8", "utf 8", "utf--8", "_utf_8", "utf-8 ", "utf8!", "U8", "latin-1", "ISO 8859-1", "rot13"]
        {
            assert!(is_known(name), "{name}");
        }
        for name in ["nope", "", "cp-1252", "utf.8", ".utf8", "é", "mbcs"] {
            assert!(!is_known(name), "{name}");
        }
    }
}
