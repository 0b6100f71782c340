//! The grammar of COPY. Which options there are, and what their values mean, is not known here.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::multi::separated_list1;
use nom::sequence::{delimited, pair, preceded, separated_pair};

use super::term::term;
use super::{Command, Copy, Direction};
use crate::cql::names::unquote_literal;
use crate::cql::tokens::{Read, Tokens, any_word, as_written, name, sign, string, table_name, word};

pub(super) fn copy(input: Tokens<'_>) -> Read<'_, Command> {
    let columns = opt(delimited(sign("("), separated_list1(sign(","), name), sign(")")));
    let to = place(Direction::To, "to", "stdout");
    let from = place(Direction::From, "from", "stdin");
    (word("copy"), table_name, columns, alt((to, from)), options)
        .map(|(_, table, columns, (direction, file), options)| {
            Command::Copy(Copy { table, columns, direction, file, options })
        })
        .parse(input)
}

fn place<'a>(
    direction: Direction,
    preposition: &'static str,
    stream: &'static str,
) -> impl Parser<Tokens<'a>, Output = (Direction, Option<String>), Error = ()> {
    let file = map(string, |typed| Some(unquote_literal(typed)));
    let place = alt((file, value(None, word(stream))));
    preceded(word(preposition), place).map(move |file| (direction, file))
}

fn options(input: Tokens<'_>) -> Read<'_, Vec<(String, String)>> {
    // Scripts in the field write `AND WITH`, which cqlsh refuses.
    let and = pair(word("and"), opt(word("with")));
    let options = preceded(word("with"), separated_list1(and, option));
    opt(options).map(Option::unwrap_or_default).parse(input)
}

fn option(input: Tokens<'_>) -> Read<'_, (String, String)> {
    let name = any_word.map(str::to_lowercase);
    let value = as_written(alt((term, value((), any_word)))).map(unquote_literal);
    separated_pair(name, sign("="), value).parse(input)
}
