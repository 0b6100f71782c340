//! How many rows a SELECT is limited to, as far as its text tells.

use super::lexer::TokenKind;
use super::tokens::{Tokens, significant};

/// The number after LIMIT: 0 if something else stands there, nothing without LIMIT. PER PARTITION LIMIT is no such limit.
pub fn row_limit(select: &str) -> Option<usize> {
    let found = significant(select);
    let tokens = Tokens::new(&found, select);
    let is = |at: usize, word: &str| tokens.text(at).eq_ignore_ascii_case(word);
    let limits = (0..found.len()).filter(|at| found[*at].kind == TokenKind::Word && is(*at, "limit"));
    limits
        .filter(|at| at.checked_sub(1).is_none_or(|before| !is(before, "partition")))
        .map(|at| tokens.text(at + 1).parse().unwrap_or(0))
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_the_number_after_the_word() {
        assert_eq!(row_limit("SELECT * FROM t limit 777;"), Some(777));
        assert_eq!(row_limit("SELECT * FROM t PER PARTITION LIMIT 2 LIMIT /* of */ 10 ALLOW FILTERING"), Some(10));
        assert_eq!(row_limit("SELECT * FROM t PER PARTITION LIMIT 2"), None);
        assert_eq!(row_limit("SELECT * FROM t WHERE v = 'limit 3' AND \"limit\" = 4"), None);
    }

    #[test]
    fn a_limit_that_is_no_number_could_be_any() {
        for text in ["SELECT * FROM t LIMIT ?", "SELECT limit", "SELECT * FROM t LIMIT -5", "SELECT limit FROM t"] {
            assert_eq!(row_limit(text), Some(0), "{text}");
        }
    }
}
