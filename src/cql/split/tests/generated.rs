//! What holds for any text.

use proptest::prelude::*;

use super::*;

/// Texts made of what matters to a splitter, and of anything else.
fn script() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "SELECT",
            "BEGIN",
            "BATCH",
            "APPLY",
            "TRANSACTION",
            "COMMIT",
            "HELP",
            "a",
            ";",
            ";\n",
            "\n",
            "\r\n",
            " ",
            "'",
            "''",
            "\"",
            "$$",
            "$",
            "--",
            "//",
            "/*",
            "*/",
            "-",
            "/",
            "*",
            "1",
            ".5",
            "0x",
            "é",
            "@",
            "{",
            "?",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,4}",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// What stands in a text outside blanks, comments and newlines.
fn words(text: &str) -> Vec<&str> {
    let is_word = |token: &Token| !token.kind.is_junk() && token.kind != TokenKind::Newline;
    Lexer::new(text).filter(is_word).map(|token| token.text(text)).collect()
}

fn feed_pieces<'a>(pieces: impl IntoIterator<Item = &'a str>) -> (Vec<Fed>, bool) {
    let mut splitter = Splitter::new();
    let fed = pieces.into_iter().map(|piece| splitter.feed(piece)).collect();
    (fed, splitter.is_pending())
}

proptest! {
    #[test]
    fn statements_hold_every_word_of_the_script(script in script()) {
        let mut splitter = Splitter::new();
        let mut waiting = String::new();
        for line in script.split_inclusive('\n') {
            waiting.push_str(line);
            match splitter.feed(line) {
                Fed::Pending => continue,
                Fed::Statements(statements) => {
                    let text: Vec<String> = statements.into_iter().map(|statement| statement.text).collect();
                    let text = text.join("\n");
                    prop_assert_eq!(words(waiting.strip_prefix('\u{feff}').unwrap_or(&waiting)), words(&text));
                }
                Fed::Invalid(error) => prop_assert!(!error.source.contains('\n')),
                Fed::Backslash(..) => prop_assert!(false, "a backslash command in a script"),
            }
            waiting.clear();
        }
    }

    /// The incremental state is right when a buffer fed line by line gives what the same buffer gives at once.
    #[test]
    fn a_buffer_fed_by_lines_is_the_buffer_fed_at_once(script in script()) {
        let mut by_line = Splitter::new();
        let mut buffer = String::new();
        for line in script.split_inclusive('\n') {
            buffer.push_str(line);
            let fed = by_line.feed(line);
            prop_assert_eq!(&fed, &Splitter::new().feed(&buffer));
            if fed != Fed::Pending {
                break;
            }
        }
    }

    /// Nor does it matter where a buffer is cut, as long as no piece completes it.
    #[test]
    fn a_buffer_fed_by_pieces_is_the_buffer_fed_at_once(script in script(), cut in 1_usize..7) {
        let characters: Vec<char> = script.chars().collect();
        let pieces: Vec<String> = characters.chunks(cut).map(|piece| piece.iter().collect()).collect();
        let (fed, _) = feed_pieces(pieces.iter().map(String::as_str));
        if let Some(first) = fed.iter().position(|fed| *fed != Fed::Pending) {
            let buffer = pieces[..=first].concat();
            prop_assert_eq!(&fed[first], &Splitter::new().feed(&buffer));
        }
    }

    #[test]
    fn finishing_leaves_nothing(script in script()) {
        let mut splitter = Splitter::new();
        splitter.feed(&script);
        splitter.finish();
        prop_assert!(!splitter.is_pending());
        prop_assert_eq!(splitter.finish(), Fed::Statements(Vec::new()));
    }
}
