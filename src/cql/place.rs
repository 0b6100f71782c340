//! Places that the server names in its errors.

/// A place in a statement: `line 2:14`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// How many of the line's characters stand before it, as Java counts them: those beyond the first plane are two.
    pub column: usize,
}

impl Place {
    /// The place that an error of syntax names, if it does. Others may quote what looks like one.
    pub fn of_syntax_error(error: &str) -> Option<Self> {
        error.strip_prefix("SyntaxException: ").and_then(Self::named_in)
    }

    /// The place that an error names, if it does.
    fn named_in(error: &str) -> Option<Self> {
        let (line, rest) = error.split("line ").skip(1).find_map(|rest| rest.split_once(':'))?;
        let column = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        let line = line.parse().ok().filter(|line| *line > 0)?;
        Some(Self { line, column: column.parse().ok()? })
    }

    /// The line it is on and the bytes of that line before it; nothing if the statement has no such place.
    pub fn on_line(self, statement: &str) -> Option<(&str, usize)> {
        let line = statement.split('\n').nth(self.line - 1)?;
        let mut before = 0;
        let offset = line.char_indices().find(|(_, character)| {
            let is_there = before >= self.column;
            before += character.len_utf16();
            is_there
        });
        match offset {
            Some((offset, _)) => Some((line, offset)),
            None => (before >= self.column).then_some((line, line.len())),
        }
    }

    /// What of the statement begins there.
    pub fn rest(self, statement: &str) -> Option<&str> {
        let (line, offset) = self.on_line(statement)?;
        let start = line.as_ptr().addr() - statement.as_ptr().addr() + offset;
        statement.get(start..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_in_errors() {
        for (error, expected) in [
            ("SyntaxException: line 1:9 mismatched input 'FORM' expecting K_FROM (SELECT * [FORM]...)", Some((1, 9))),
            ("line 12:0 no viable alternative at input 'line 3:4'", Some((12, 0))),
            ("line 0:-1 mismatched input '<EOF>'", None),
            ("InvalidRequest: Error from server: the line is busy", None),
        ] {
            let expected = expected.map(|(line, column)| Place { line, column });
            assert_eq!(Place::named_in(error), expected, "{error}");
        }
    }

    #[test]
    fn a_place_is_found_in_its_statement() {
        let statement = "SELECT '\u{1f600}\u{e9}',\n  x FROM";
        let at = |line, column| Place { line, column };
        assert_eq!(at(1, 12).on_line(statement), Some(("SELECT '\u{1f600}\u{e9}',", 15)));
        assert_eq!(at(1, 13).on_line(statement), Some(("SELECT '\u{1f600}\u{e9}',", 16)));
        assert_eq!(at(1, 14).on_line(statement), None);
        assert_eq!(at(2, 2).rest(statement), Some("x FROM"));
        assert_eq!(at(3, 0).rest(statement), None);
    }
}
