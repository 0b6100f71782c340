use proptest::prelude::*;

use super::TokenKind::*;
use super::*;

/// What cqlsh 6.2.2 reads in these texts (`CqlRuleSet.lex`), reserved words being words like others.
#[rustfmt::skip]
const RECORDED: &[(&str, &[(TokenKind, &str)])] = &[
    ("select Foo_1 add9", &[(Word, "select"), (Word, "Foo_1"), (Word, "add9")]),
    ("a-b--c\nd", &[(Word, "a"), (Operator, "-"), (Word, "b"), (Word, "d")]),
    ("'a''b' \"a\"\"b\" $$a'b$$", &[(String, "'a''b'"), (QuotedName, "\"a\"\"b\""), (DollarString, "$$a'b$$")]),
    ("'a", &[(UnclosedString, "'a")]),
    ("\"a\n;", &[(UnclosedName, "\"a\n;")]),
    ("$$a$", &[(UnclosedDollarString, "$$a$")]),
    ("/*/", &[(UnclosedComment, "/*/")]),
    ("/* a */b", &[(Word, "b")]),
    ("a// c\nb", &[(Word, "a"), (Word, "b")]),
    ("1 -1 1.5 -1.5 1. .5 1..2 1.2.3 -1.a 1a", &[(Integer, "1"), (Operator, "-"), (Integer, "1"), (Float, "1.5"), (Float, "-1.5"), (Integer, "1"), (Operator, "."), (Operator, "."), (Integer, "5"), (Integer, "1"), (Operator, "."), (Operator, "."), (Integer, "2"), (Float, "1.2"), (Operator, "."), (Integer, "3"), (Operator, "-"), (Integer, "1"), (Operator, "."), (Word, "a"), (Integer, "1"), (Word, "a")]),
    ("0xCAFE 0XcafeG 0x 0xg", &[(Blob, "0xCAFE"), (Blob, "0Xcafe"), (Word, "G"), (Integer, "0"), (Word, "x"), (Integer, "0"), (Word, "xg")]),
    ("550e8400-e29b-41d4-a716-446655440000 CAFEBABE-e29b-41d4-a716-446655440000abc", &[(Uuid, "550e8400-e29b-41d4-a716-446655440000"), (Uuid, "CAFEBABE-e29b-41d4-a716-446655440000"), (Word, "abc")]),
    ("550e8400-e29b-41d4-a716-44665544000 deadbeef-cafe deadbeef-cafe-cafe-cafe-cafecafecafg", &[(Integer, "550"), (Word, "e8400"), (Operator, "-"), (Word, "e29b"), (Operator, "-"), (Integer, "41"), (Word, "d4"), (Operator, "-"), (Word, "a716"), (Operator, "-"), (Integer, "44665544000"), (Word, "deadbeef"), (Operator, "-"), (Word, "cafe"), (Word, "deadbeef"), (Operator, "-"), (Word, "cafe"), (Operator, "-"), (Word, "cafe"), (Operator, "-"), (Word, "cafe"), (Operator, "-"), (Word, "cafecafecafg")]),
    ("12345678-1234.5", &[(Integer, "12345678"), (Float, "-1234.5")]),
    ("a<b<=c!=d!e>f>=g=h", &[(Word, "a"), (Comparison, "<"), (Word, "b"), (Comparison, "<="), (Word, "c"), (Comparison, "!="), (Word, "d"), (Comparison, "!"), (Word, "e"), (Comparison, ">"), (Word, "f"), (Comparison, ">="), (Word, "g"), (Operator, "="), (Word, "h")]),
    ("[]{}():*;,.+%/?", &[(Bracket, "["), (Bracket, "]"), (Bracket, "{"), (Bracket, "}"), (Operator, "("), (Operator, ")"), (Colon, ":"), (Star, "*"), (Semicolon, ";"), (Operator, ","), (Operator, "."), (Operator, "+"), (Operator, "%"), (Operator, "/"), (QuestionMark, "?")]),
    ("a\t\r\u{b}\u{c}b", &[(Word, "a"), (Word, "b")]),
    ("--", &[]),
    ("//x\ry", &[(Word, "y")]),
    ("$$$$", &[(DollarString, "$$$$")]),
    ("I\u{131}\u{130}s \u{17f}_1 \u{212a}1-\u{130}", &[(Word, "I\u{131}\u{130}s"), (Word, "\u{17f}_1"), (Word, "\u{212a}1"), (Operator, "-"), (Word, "\u{130}")]),
    ("$$a$$b$$", &[(DollarString, "$$a$$"), (Word, "b"), (UnclosedDollarString, "$$")]),
];

#[test]
fn tokens_are_those_of_cqlsh() {
    for (source, expected) in RECORDED {
        let read: Vec<_> = Lexer::new(source).filter(|t| !t.kind.is_junk()).map(|t| (t.kind, t.text(source))).collect();
        assert_eq!(read, *expected, "{source:?}");
    }
}

#[test]
fn a_character_that_starts_no_token_is_one_token() {
    for invalid in ["@", "#", "`", "~", "^", "&", "|", "\\", "_", "$", "é", "日", "\u{a0}", "\0"] {
        let source = format!("a {invalid}b");
        let read: Vec<_> = Lexer::new(&source).map(|t| (t.kind, t.text(&source))).collect();
        assert_eq!(read, [(Word, "a"), (Blank, " "), (Invalid, invalid), (Word, "b")]);
    }
}

proptest! {
    #[test]
    fn tokens_tile_any_text(source in "\\PC*|[ \n\r;'\"$/*a-z0-9.é-]*") {
        let mut at = 0;
        for token in Lexer::new(&source) {
            prop_assert_eq!(token.start, at);
            prop_assert!(token.end > token.start && source.is_char_boundary(token.end));
            at = token.end;
        }
        prop_assert_eq!(at, source.len());
    }

    #[test]
    fn an_unclosed_token_goes_on_with_more_text(before in "['\"$/*a\n-]*", after in "['\"$/*a\n-]*") {
        let whole = format!("{before}{after}");
        let Some(last) = Lexer::new(&before).last().filter(|token| token.kind.is_unclosed()) else { return Ok(()) };
        let resumed: Vec<Token> = Lexer::resume(&whole, last.start, Some(last)).collect();
        let at_once: Vec<Token> = Lexer::new(&whole).filter(|token| token.start >= last.start).collect();
        prop_assert_eq!(resumed, at_once);
    }
}
