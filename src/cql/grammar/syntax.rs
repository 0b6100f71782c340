//! A rule taken apart, in the notation that `grammar/shell.bnf` explains.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_until1, take_while1};
use nom::character::complete::multispace0;
use nom::combinator::all_consuming;
use nom::multi::{many1, separated_list1};
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

/// What a rule, or a part of one, stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Syntax {
    /// A word, in any case.
    Keyword(&'static str),
    /// A sign.
    Sign(&'static str),
    /// Another rule, or a kind of token when there is no such rule.
    Rule(&'static str),
    /// One after the other.
    Sequence(Vec<Syntax>),
    /// One of them.
    Choice(Vec<Syntax>),
    /// It, or nothing.
    Optional(Box<Syntax>),
    /// It any number of times, or nothing.
    Repeated(Box<Syntax>),
}

impl Syntax {
    /// Whether a text of this syntax can start with this word or sign. Other rules are not followed.
    pub fn starts_with(&self, word: &str) -> bool {
        match self {
            Self::Keyword(first) | Self::Sign(first) => first.eq_ignore_ascii_case(word),
            Self::Rule(_) => false,
            Self::Sequence(parts) => {
                let skipped = parts.iter().take_while(|part| part.may_be_empty()).count();
                parts.iter().take(skipped + 1).any(|part| part.starts_with(word))
            }
            Self::Choice(branches) => branches.iter().any(|branch| branch.starts_with(word)),
            Self::Optional(inner) | Self::Repeated(inner) => inner.starts_with(word),
        }
    }

    fn may_be_empty(&self) -> bool {
        matches!(self, Self::Optional(_) | Self::Repeated(_))
    }
}

/// The text of a rule taken apart.
pub(super) fn parse(text: &'static str) -> Option<Syntax> {
    all_consuming(choice).parse(text.trim_end()).ok().map(|(_, syntax)| syntax)
}

type Read = IResult<&'static str, Syntax, ()>;

fn choice(input: &'static str) -> Read {
    separated_list1(preceded(multispace0, tag("|")), sequence)
        .map(|branches| single(branches, Syntax::Choice))
        .parse(input)
}

fn sequence(input: &'static str) -> Read {
    many1(preceded(multispace0, part)).map(|parts| single(parts, Syntax::Sequence)).parse(input)
}

fn part(input: &'static str) -> Read {
    let inside = |open, close| delimited(tag(open), choice, preceded(multispace0, tag(close)));
    let is_keyword = |c: char| c.is_ascii_alphabetic() || c == '_';
    alt((
        delimited(tag("<"), take_until1(">"), tag(">")).map(Syntax::Rule),
        delimited(tag("\""), take_until1("\""), tag("\"")).map(Syntax::Sign),
        inside("[", "]").map(|inner| Syntax::Optional(inner.into())),
        inside("{", "}").map(|inner| Syntax::Repeated(inner.into())),
        inside("(", ")"),
        take_while1(is_keyword).map(Syntax::Keyword),
    ))
    .parse(input)
}

/// One part is itself; several are joined.
fn single(mut parts: Vec<Syntax>, join: fn(Vec<Syntax>) -> Syntax) -> Syntax {
    if parts.len() == 1 { parts.remove(0) } else { join(parts) }
}
