//! How Python reads the numbers among COPY's options, and its words for those it does not read.

use crate::print::python::repr;
use crate::value::python_digits;

/// Python's `int(text)`: blanks around it, a sign, and single underscores between digits are allowed.
pub(super) fn int(text: &str) -> Result<i128, String> {
    let number = python_digits(text).and_then(|digits| digits.parse().ok());
    number.ok_or_else(|| format!("invalid literal for int() with base 10: {}", repr(text)))
}

/// Python's `float(text)`, finite numbers only.
pub(super) fn float(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(format!("could not convert string to float: {}", repr(text))),
    }
}

/// Python's `repr` of a list of texts.
pub(super) fn repr_list(texts: &[String]) -> String {
    let shown: Vec<String> = texts.iter().map(|text| repr(text)).collect();
    format!("[{}]", shown.join(", "))
}

/// Python's `repr` of a dict of texts.
pub(super) fn repr_dict(pairs: &[(String, String)]) -> String {
    let shown: Vec<String> = pairs.iter().map(|(key, value)| format!("{}: {}", repr(key), repr(value))).collect();
    format!("{{{}}}", shown.join(", "))
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
}
