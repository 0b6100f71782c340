//! What the server warns of after a statement.

/// Appends the server's warnings as cqlsh shows them after a result; nothing if there are none.
pub fn warnings<S: AsRef<str>>(texts: &[S], out: &mut String) {
    if texts.is_empty() {
        return;
    }
    out.push_str("\nWarnings :\n");
    for text in texts {
        out.push_str(text.as_ref());
        out.push_str("\n\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_warning_is_followed_by_a_blank_line() {
        let mut out = String::new();
        warnings::<&str>(&[], &mut out);
        assert_eq!(out, "");
        warnings(&["one", "two"], &mut out);
        assert_eq!(out, "\nWarnings :\none\n\ntwo\n\n");
    }
}
