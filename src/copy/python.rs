//! How Python reads numbers and shows texts, as far as cqlsh's own messages depend on it. It knows nothing of COPY.

/// Python's `int(text)`: blanks around it, a sign, and single underscores between digits are allowed.
pub(super) fn int(text: &str) -> Result<i128, String> {
    let refused = || format!("invalid literal for int() with base 10: {}", repr(text));
    let trimmed = text.trim();
    let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    let well_formed = digits.split('_').all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()));
    if !well_formed {
        return Err(refused());
    }
    let magnitude: i128 = digits.replace('_', "").parse().map_err(|_| refused())?;
    Ok(if trimmed.starts_with('-') { -magnitude } else { magnitude })
}

/// Python's `float(text)`, finite numbers only.
pub(super) fn float(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(format!("could not convert string to float: {}", repr(text))),
    }
}

/// Python's `repr(text)`: in single quotes unless only double quotes avoid a backslash.
pub(super) fn repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut shown = String::with_capacity(text.len() + 2);
    shown.push(quote);
    for character in text.chars() {
        match character {
            '\\' => shown.push_str("\\\\"),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if c == quote => shown.extend(['\\', c]),
            c if (c as u32) < 0x100 && c.is_control() => shown.push_str(&format!("\\x{:02x}", c as u32)),
            c => shown.push(c),
        }
    }
    shown.push(quote);
    shown
}

/// Python's `repr` of a list of texts.
pub(super) fn repr_list(texts: &[String]) -> String {
    let shown: Vec<String> = texts.iter().map(|text| repr(text)).collect();
    format!("[{}]", shown.join(", "))
}

/// What `str(OSError)` is for a failure with this path: `[Errno 2] No such file or directory: 'x'`.
pub(super) fn os_error(error: &std::io::Error, path: &str) -> String {
    let text = error.to_string();
    match error.raw_os_error() {
        Some(number) => {
            let words = text.strip_suffix(&format!(" (os error {number})")).unwrap_or(&text);
            format!("[Errno {number}] {words}: {}", repr(path))
        }
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn int_takes_what_python_takes() {
        for (text, number) in [("7", 7), (" +1_000 ", 1000), ("-5", -5), ("007", 7)] {
            assert_eq!(int(text), Ok(number), "{text}");
        }
    }

    #[test]
    fn int_refuses_in_the_words_of_python() {
        for text in ["abc", "", "1__0", "_1", "1_", "1.0", "- 1", "--1"] {
            let message = format!("invalid literal for int() with base 10: '{text}'");
            assert_eq!(int(text), Err(message), "{text}");
        }
    }

    #[test]
    fn float_refuses_in_the_words_of_python() {
        assert_eq!(float(" 0.25 "), Ok(0.25));
        assert_eq!(float("abc"), Err("could not convert string to float: 'abc'".to_owned()));
    }

    /// The right side is what `python3 -c "print(repr(…))"` printed.
    #[test]
    fn texts_are_shown_as_python_shows_them() {
        for (text, shown) in [
            ("a.csv", "'a.csv'"),
            ("it's", "\"it's\""),
            ("\"", "'\"'"),
            ("'\"", "'\\'\"'"),
            ("a\\b\n\t\u{1}\u{85}é", "'a\\\\b\\n\\t\\x01\\x85é'"),
        ] {
            assert_eq!(repr(text), shown);
        }
    }

    #[test]
    fn a_missing_file_is_told_as_python_tells_it() {
        let error = std::io::Error::from_raw_os_error(2);
        assert_eq!(os_error(&error, "x/a.csv"), "[Errno 2] No such file or directory: 'x/a.csv'");
    }
}
