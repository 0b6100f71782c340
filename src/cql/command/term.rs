//! A CQL term, recognised and not evaluated.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{fail, opt, value, verify};
use nom::multi::separated_list0;
use nom::sequence::{delimited, pair, preceded};

use crate::cql::lexer::TokenKind;
use crate::cql::tokens::{Read, Tokens, identifier, kind, one_of, sign, string, word};

/// How deep brackets may nest; the text decides how far the parser recurses.
const DEEPEST: usize = 100;

/// A constant, a collection or a function call.
pub(super) fn term(input: Tokens<'_>) -> Read<'_, ()> {
    nested(DEEPEST)(input)
}

fn nested<'a>(depth: usize) -> impl Fn(Tokens<'a>) -> Read<'a, ()> {
    move |input| {
        let Some(depth) = depth.checked_sub(1) else { return fail().parse(input) };
        let list = delimited(sign("["), separated_list0(sign(","), nested(depth)), sign("]"));
        let key_or_element = pair(nested(depth), opt(preceded(sign(":"), nested(depth))));
        let entries = verify(separated_list0(sign(","), key_or_element), |entries: &[_]| is_set_or_map(entries));
        let set_or_map = delimited(sign("{"), entries, sign("}"));
        let arguments = delimited(sign("("), separated_list0(sign(","), nested(depth)), sign(")"));
        let function =
            alt((value((), pair(identifier, opt(preceded(sign("."), identifier)))), value((), word("token"))));
        alt((
            constant,
            value((), list),
            value((), set_or_map),
            value((), pair(function, arguments)),
            value((), one_of(&["true", "false", "null"])),
        ))
        .parse(input)
    }
}

/// Whether all have a value, as in a map, or none, as in a set.
fn is_set_or_map(entries: &[((), Option<()>)]) -> bool {
    entries.windows(2).all(|two| two[0].1 == two[1].1)
}

fn constant(input: Tokens<'_>) -> Read<'_, ()> {
    let integer = pair(opt(sign("-")), kind(TokenKind::Integer));
    let other = alt((string, kind(TokenKind::Float), kind(TokenKind::Uuid), kind(TokenKind::Blob)));
    alt((value((), integer), value((), other))).parse(input)
}
