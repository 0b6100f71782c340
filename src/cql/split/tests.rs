mod generated;
mod recorded;

use super::*;

/// What a line completed, as recorded.
#[derive(Debug)]
enum Line {
    Pending,
    Complete(&'static [&'static str]),
    Invalid(usize, usize, &'static str),
}

impl PartialEq<Line> for Fed {
    fn eq(&self, line: &Line) -> bool {
        match (self, line) {
            (Fed::Pending, Line::Pending) => true,
            (Fed::Statements(statements), Line::Complete(texts)) => statements.iter().map(|s| &s.text).eq(*texts),
            (Fed::Invalid(error), Line::Invalid(line, column, source)) => {
                (error.line, error.column, error.source.as_str()) == (*line, *column, *source)
            }
            _ => false,
        }
    }
}

fn texts(fed: Fed) -> Vec<String> {
    match fed {
        Fed::Statements(statements) => statements.into_iter().map(|statement| statement.text).collect(),
        other => panic!("no statements: {other:?}"),
    }
}

#[test]
fn lines_complete_the_statements_that_cqlsh_completes() {
    for (title, input, lines, left) in recorded::RECORDED {
        let mut splitter = Splitter::new();
        let fed: Vec<Fed> = input.split_inclusive('\n').map(|line| splitter.feed(line)).collect();
        assert_eq!(fed, *lines, "{title}");
        assert_eq!(splitter.is_pending(), *left, "{title}");
        assert_eq!(splitter.finish() == Fed::Pending, *left, "{title}");
        assert!(!splitter.is_pending(), "{title}");
    }
}

#[test]
fn a_transaction_ends_at_commit() {
    let mut splitter = Splitter::new();
    assert_eq!(splitter.feed("BEGIN TRANSACTION\n"), Fed::Pending);
    assert_eq!(splitter.feed("  LET a = (SELECT * FROM t); UPDATE t;\n"), Fed::Pending);
    let whole = "BEGIN TRANSACTION\n  LET a = (SELECT * FROM t); UPDATE t;\nCOMMIT TRANSACTION;";
    assert_eq!(texts(splitter.feed("COMMIT TRANSACTION; SELECT 1;\n")), [whole, "SELECT 1;"]);
}

#[test]
fn commit_transaction_does_not_end_a_batch() {
    let mut splitter = Splitter::new();
    assert_eq!(splitter.feed("BEGIN BATCH INSERT a; COMMIT TRANSACTION;\n"), Fed::Pending);
    assert_eq!(texts(splitter.feed("APPLY BATCH;\n")), ["BEGIN BATCH INSERT a; COMMIT TRANSACTION;\nAPPLY BATCH;"]);
}

#[test]
fn the_end_of_the_input_ends_a_shell_command_as_a_newline_does() {
    for written in ["DESCRIBE KEYSPACES", "DESCRIBE KEYSPACES -- all of them", "DESCRIBE KEYSPACES /* all */  "] {
        let mut splitter = Splitter::new();
        assert_eq!(splitter.feed(written), Fed::Pending);
        assert_eq!(texts(splitter.finish()), ["DESCRIBE KEYSPACES"], "{written}");
    }
}

#[test]
fn the_end_of_the_input_does_not_end_a_statement() {
    let mut splitter = Splitter::new();
    splitter.feed("SELECT 1");
    assert_eq!(splitter.finish(), Fed::Pending);
    assert_eq!(splitter.finish(), Fed::Statements(Vec::new()));
}

#[test]
fn a_byte_order_mark_before_the_first_line_is_dropped() {
    let mut splitter = Splitter::new();
    assert_eq!(texts(splitter.feed("\u{feff}SELECT 1;\n")), ["SELECT 1;"]);
    assert!(matches!(splitter.feed("\u{feff}SELECT 1;\n"), Fed::Invalid(LexError { line: 1, column: 1, .. })));
}

#[test]
fn clearing_drops_an_open_string() {
    let mut splitter = Splitter::new();
    splitter.feed("SELECT 'a\n");
    assert!(splitter.is_pending());
    splitter.clear();
    assert!(!splitter.is_pending());
    assert_eq!(texts(splitter.feed("SELECT 1;\n")), ["SELECT 1;"]);
}

#[test]
fn a_large_buffer_is_given_back() {
    let mut splitter = Splitter::new();
    splitter.feed(&format!("SELECT '{}';\n", "x".repeat(10 * KEPT)));
    assert!(splitter.buffer.capacity() <= KEPT);
}

fn backslash(fed: Fed) -> (Vec<String>, String) {
    match fed {
        Fed::Backslash(statements, command) => (statements.into_iter().map(|s| s.text).collect(), command),
        other => panic!("no backslash command: {other:?}"),
    }
}

#[test]
fn at_a_prompt_a_backslash_is_a_command_where_a_statement_could_begin() {
    for (line, statements, command) in [
        ("\\x on\n", &[][..], "\\x on"),
        ("  \\! echo 'it' ; $$ ` \n", &[], "\\! echo 'it' ; $$ `"),
        ("SELECT 1; \\timing\n", &["SELECT 1;"], "\\timing"),
        ("SELECT 1; SELECT '\\G' \\G\n", &["SELECT 1;", "SELECT '\\G'"], "\\G"),
        ("SELECT 1\\G;\n", &["SELECT 1"], "\\G;"),
        ("SELECT 1 \\watch 2\n", &["SELECT 1"], "\\watch 2"),
        ("BEGIN BATCH UPDATE a; APPLY BATCH\\G", &["BEGIN BATCH UPDATE a; APPLY BATCH"], "\\G"),
        ("DESCRIBE x \\G\n", &["DESCRIBE x"], "\\G"),
    ] {
        let (texts, found) = backslash(Splitter::at_prompt().feed(line));
        assert_eq!(
            (texts.iter().map(String::as_str).collect::<Vec<_>>(), found.as_str()),
            (statements.to_vec(), command),
            "{line}"
        );
    }
    let mut splitter = Splitter::at_prompt();
    assert_eq!(splitter.feed("SELECT 'a\n"), Fed::Pending);
    assert_eq!(splitter.feed("\\x' FROM t\n"), Fed::Pending);
    assert_eq!(backslash(splitter.feed("\\G\n")), (vec!["SELECT 'a\n\\x' FROM t".to_owned()], "\\G".to_owned()));
    assert!(!splitter.is_pending());
}

#[test]
fn elsewhere_a_backslash_is_no_token() {
    for line in ["SELECT 1 \\x\n", "SELECT \\G 1;\nSELECT 2;\n", "BEGIN BATCH UPDATE a\\G\n", "SELECT 1 \\\n"] {
        assert!(matches!(Splitter::at_prompt().feed(line), Fed::Invalid(_)), "{line}");
    }
    for line in ["\\x\n", "SELECT 1\\G\n"] {
        assert!(matches!(Splitter::new().feed(line), Fed::Invalid(_)), "{line}");
    }
}

#[test]
fn enter_asks_whether_more_lines_are_needed() {
    for typed in ["", "SELECT 1;", "SELECT\n 1\\G", "\\x", "EXIT", "-- c", "SELECT ` 1", "SELECT 1;\n\\timing\nPAGING"]
    {
        assert!(is_complete(typed), "{typed}");
    }
    for typed in ["SELECT 1", "SELECT '\\G\n\\G", "BEGIN BATCH UPDATE a;", "COPY t TO 'f'", "\\x\nSELECT", "/*\n\\q"] {
        assert!(!is_complete(typed), "{typed}");
    }
}
