//! The grammar of the shell commands, one function a command. `grammar/shell.bnf` says the same for people.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{eof, fail, map, opt, value, verify};
use nom::multi::many0;
use nom::sequence::{pair, preceded, terminated};

use super::{Capture, Command, CqlKind, Describe, DescribeTarget, Described, Expand, ObjectKind, Paging, Parsed, Show};
use crate::cql::lexer::TokenKind;
use crate::cql::names::unquote_literal;
use crate::cql::secret::Secret;
use crate::cql::tokens::{Read, Tokens, any_word, identifier, kind, name, one_of, sign, string, table_name, word};

/// The rule of one command, from its first word to its end without terminator.
type Rule = fn(Tokens<'_>) -> Read<'_, Parsed>;

const RULES: [(&str, Rule); 22] = [
    ("capture", |input| run(capture, input)),
    ("clear", |input| run(clear, input)),
    ("cls", |input| run(clear, input)),
    ("consistency", |input| run(consistency, input)),
    ("copy", |input| run(super::copy::copy, input)),
    ("debug", |input| run(debug, input)),
    ("desc", |input| run(describe, input)),
    ("describe", |input| run(describe, input)),
    // cqlsh 6.2 knows it not and sends it to the server, which refuses it; 6.3 does.
    ("elapsed", |input| run(elapsed, input)),
    ("exit", |input| run(exit, input)),
    ("expand", |input| run(expand, input)),
    ("help", |input| run(help, input)),
    ("history", |input| run(history, input)),
    ("login", |input| run(login, input)),
    ("paging", |input| run(paging, input)),
    ("quit", |input| run(exit, input)),
    ("serial", |input| run(serial_consistency, input)),
    ("show", |input| run(show, input)),
    ("source", |input| run(source, input)),
    ("tracing", |input| run(tracing, input)),
    // cqlsh: a topic of HELP that is taken for a command and never parses.
    ("unicode", |input| fail().parse(input)),
    ("use", use_keyspace),
];

/// The rule of the command that starts with this word.
pub(super) fn find(word: &str) -> Option<Rule> {
    RULES.iter().find(|(command, _)| command.eq_ignore_ascii_case(word)).map(|(_, rule)| *rule)
}

fn run<'a>(rule: fn(Tokens<'a>) -> Read<'a, Command>, input: Tokens<'a>) -> Read<'a, Parsed> {
    map(rule, Parsed::Command).parse(input)
}

fn use_keyspace(input: Tokens<'_>) -> Read<'_, Parsed> {
    preceded(word("use"), name).map(|keyspace| Parsed::Cql(CqlKind::Use(keyspace))).parse(input)
}

fn describe(input: Tokens<'_>) -> Read<'_, Command> {
    let target = describe_target(input.text(1));
    let all = alt((
        value(Described::Keyspaces, word("keyspaces")),
        value(Described::Cluster, word("cluster")),
        value(Described::All(ObjectKind::Table), one_of(&["tables", "columnfamilies"])),
        value(Described::All(ObjectKind::Type), word("types")),
        value(Described::All(ObjectKind::Function), word("functions")),
        value(Described::All(ObjectKind::Aggregate), word("aggregates")),
    ));
    let kind = alt((
        value(ObjectKind::Table, one_of(&["table", "columnfamily"])),
        value(ObjectKind::Index, word("index")),
        value(ObjectKind::MaterializedView, (word("materialized"), word("view"))),
        value(ObjectKind::Type, word("type")),
        value(ObjectKind::Function, word("function")),
        value(ObjectKind::Aggregate, word("aggregate")),
    ));
    let object = (kind, table_name).map(|(kind, name)| Described::Object(kind, name));
    let keyspace = (opt(word("only")), preceded(word("keyspace"), opt(name)))
        .map(|(only, name)| Described::Keyspace { name, only: only.is_some() });
    let schema = terminated(opt(word("full")), word("schema")).map(|full| Described::Schema { full: full.is_some() });
    // Most of these words may be names as well, so a form counts only if it explains the whole.
    fn whole<'a>(
        form: impl Parser<Tokens<'a>, Output = Described, Error = ()>,
    ) -> impl Parser<Tokens<'a>, Output = (Described, bool), Error = ()> {
        let internals = opt((word("with"), word("internals"))).map(|words| words.is_some());
        terminated((form, internals), eof)
    }
    let form =
        alt((whole(all), whole(object), whole(keyspace), whole(schema), whole(table_name.map(Described::Named))));
    preceded(one_of(&["describe", "desc"]), form)
        .map(|(what, internals)| Command::Describe(Describe { target, what, internals }))
        .parse(input)
}

/// How the answer is laid out. cqlsh goes by the second word alone, so that `DESC tables.a` is laid out as a list.
fn describe_target(second: &str) -> DescribeTarget {
    match second.to_ascii_lowercase().as_str() {
        "columnfamilies" | "tables" | "types" | "functions" | "aggregates" => DescribeTarget::Names,
        "keyspaces" => DescribeTarget::Keyspaces,
        "cluster" => DescribeTarget::Cluster,
        _ => DescribeTarget::Statements,
    }
}

fn source(input: Tokens<'_>) -> Read<'_, Command> {
    preceded(word("source"), string).map(|file| Command::Source(unquote_literal(file))).parse(input)
}

// cqlsh 6.2 does not bind OFF to the argument, so that there a capture cannot be ended.
fn capture(input: Tokens<'_>) -> Read<'_, Command> {
    let off = value(Capture::Off, word("off"));
    let file = map(string, |file| Capture::File(unquote_literal(file)));
    let argument = opt(alt((off, file)));
    preceded(word("capture"), argument).map(|argument| Command::Capture(argument.unwrap_or(Capture::Show))).parse(input)
}

fn consistency(input: Tokens<'_>) -> Read<'_, Command> {
    let levels = [
        "any",
        "one",
        "two",
        "three",
        "quorum",
        "all",
        "local_quorum",
        "each_quorum",
        "serial",
        "local_serial",
        "local_one",
        "node_local",
    ];
    let level = opt(one_of(&levels).map(str::to_ascii_uppercase));
    preceded(word("consistency"), level).map(Command::Consistency).parse(input)
}

fn serial_consistency(input: Tokens<'_>) -> Read<'_, Command> {
    let level = opt(one_of(&["serial", "local_serial"]).map(str::to_ascii_uppercase));
    preceded((word("serial"), word("consistency")), level).map(Command::SerialConsistency).parse(input)
}

fn show(input: Tokens<'_>) -> Read<'_, Command> {
    let session = preceded(word("session"), kind(TokenKind::Uuid)).map(str::to_ascii_lowercase);
    let token = pair(opt(sign("-")), kind(TokenKind::Integer))
        .map(|(minus, digits)| format!("{}{digits}", minus.unwrap_or_default()));
    let what = alt((
        value(Show::Version, word("version")),
        value(Show::Host, word("host")),
        map(session, Show::Session),
        preceded(word("replicas"), pair(token, opt(name))).map(|(token, keyspace)| Show::Replicas(token, keyspace)),
    ));
    preceded(word("show"), what).map(Command::Show).parse(input)
}

fn tracing(input: Tokens<'_>) -> Read<'_, Command> {
    preceded(word("tracing"), opt(switch)).map(Command::Tracing).parse(input)
}

fn elapsed(input: Tokens<'_>) -> Read<'_, Command> {
    preceded(word("elapsed"), opt(switch)).map(Command::Elapsed).parse(input)
}

fn expand(input: Tokens<'_>) -> Read<'_, Command> {
    let on_or_off = switch.map(|on| if on { Expand::On } else { Expand::Off });
    let argument = opt(alt((on_or_off, value(Expand::Auto, word("auto")))));
    preceded(word("expand"), argument).map(Command::Expand).parse(input)
}

fn paging(input: Tokens<'_>) -> Read<'_, Command> {
    // More rows than fit are as good as the most that fit.
    let size = kind(TokenKind::Integer).map(|digits| Paging::Size(digits.parse().unwrap_or(u64::MAX)));
    let argument = opt(alt((switch.map(Paging::Switch), size)));
    preceded(word("paging"), argument).map(|argument| Command::Paging(argument.unwrap_or(Paging::Show))).parse(input)
}

fn switch(input: Tokens<'_>) -> Read<'_, bool> {
    alt((value(true, word("on")), value(false, word("off")))).parse(input)
}

// cqlsh keeps the quotes of a user's name, so that one that needs them cannot log in, and cuts off the password's first
// and last character, so that one with a quote in it cannot be given.
fn login(input: Tokens<'_>) -> Read<'_, Command> {
    let user = alt((map(identifier, str::to_owned), text));
    preceded(word("login"), pair(user, opt(text)))
        .map(|(user, password)| Command::Login { user, password: password.map(Secret::new) })
        .parse(input)
}

/// A string's text.
fn text(input: Tokens<'_>) -> Read<'_, String> {
    let quoted = kind(TokenKind::String).map(unquote_literal);
    let in_dollars = kind(TokenKind::DollarString).map(unquote_dollars);
    alt((quoted, in_dollars)).parse(input)
}

/// `$$…$$` without its dollars.
fn unquote_dollars(typed: &str) -> String {
    typed.strip_prefix("$$").and_then(|rest| rest.strip_suffix("$$")).unwrap_or(typed).to_owned()
}

fn help(input: Tokens<'_>) -> Read<'_, Command> {
    let topic = verify(any_word, |text: &str| !text.contains(|c: char| c.is_ascii_digit())).map(str::to_owned);
    preceded(alt((word("help"), sign("?"))), many0(topic)).map(Command::Help).parse(input)
}

fn history(input: Tokens<'_>) -> Read<'_, Command> {
    let count = opt(kind(TokenKind::Integer).map(|digits| digits.parse().unwrap_or(usize::MAX)));
    preceded(word("history"), count).map(Command::History).parse(input)
}

fn clear(input: Tokens<'_>) -> Read<'_, Command> {
    value(Command::Clear, one_of(&["clear", "cls"])).parse(input)
}

fn debug(input: Tokens<'_>) -> Read<'_, Command> {
    value(Command::Debug, pair(word("debug"), opt(word("things")))).parse(input)
}

fn exit(input: Tokens<'_>) -> Read<'_, Command> {
    value(Command::Exit, one_of(&["exit", "quit"])).parse(input)
}
