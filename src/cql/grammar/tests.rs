use std::collections::HashSet;
use std::mem::discriminant;

use super::*;
use crate::cql::command::{Command, CqlKind, Parsed, parse_at_prompt};

/// Texts that follow a syntax, every branch of it in at least one. `depth` rules are gone into.
fn sentences(syntax: &Syntax, depth: usize) -> Vec<String> {
    match syntax {
        Syntax::Keyword(text) | Syntax::Sign(text) => vec![text.to_string()],
        Syntax::Rule(name) => match rule(name) {
            Some(rule) if depth > 0 => sentences(&rule.syntax().unwrap(), depth - 1),
            Some(_) => vec!["1".to_owned()],
            None => vec![token(name).to_owned()],
        },
        Syntax::Sequence(parts) => {
            let parts: Vec<Vec<String>> = parts.iter().map(|part| sentences(part, depth)).collect();
            let most = parts.iter().map(Vec::len).max().unwrap_or(0);
            let sentence =
                |i: usize| parts.iter().map(|texts| texts[i % texts.len()].as_str()).collect::<Vec<_>>().join(" ");
            (0..most).map(sentence).collect()
        }
        Syntax::Choice(branches) => branches.iter().flat_map(|branch| sentences(branch, depth)).collect(),
        Syntax::Optional(inner) => [vec![String::new()], sentences(inner, depth)].concat(),
        Syntax::Repeated(inner) => {
            let once = sentences(inner, depth);
            [vec![String::new(), once.join(" ")], once].concat()
        }
    }
}

/// A token of this kind.
fn token(name: &str) -> &'static str {
    match name {
        "identifier" => "abc",
        "word" => "select",
        "quoted_name" => "\"A b\"",
        "string" => "'it''s'",
        "integer" => "5",
        "float" => "-1.5",
        "uuid" => "550e8400-e29b-41d4-a716-446655440000",
        "blob" => "0xCAFE",
        other => panic!("<{other}> is neither a rule nor a token"),
    }
}

/// The word that a command starts with.
fn word(command: &Command) -> &'static str {
    match command {
        Command::Describe(_) => "DESCRIBE",
        Command::Copy(_) => "COPY",
        Command::Source(_) => "SOURCE",
        Command::Capture(_) => "CAPTURE",
        Command::Consistency(_) => "CONSISTENCY",
        Command::SerialConsistency(_) => "SERIAL",
        Command::Show(_) => "SHOW",
        Command::Tracing(_) => "TRACING",
        Command::Elapsed(_) => "ELAPSED",
        Command::Expand(_) => "EXPAND",
        Command::Paging(_) => "PAGING",
        Command::Login { .. } => "LOGIN",
        Command::Help(_) => "HELP",
        Command::History(_) => "HISTORY",
        Command::Clear => "CLEAR",
        Command::Debug => "DEBUG",
        Command::Exit => "EXIT",
    }
}

/// How many kinds of command [`word`] knows; the compiler keeps it complete.
const COMMANDS: usize = 17;

#[test]
fn every_rule_is_written_in_the_notation() {
    assert!(rules().count() > COMMANDS);
    for rule in rules() {
        assert!(rule.syntax().is_some(), "{}", rule.name);
    }
}

#[test]
fn what_a_rule_allows_is_what_the_parser_takes() {
    let mut seen = HashSet::new();
    for rule in commands() {
        for sentence in sentences(&rule.syntax().unwrap(), 3) {
            match parse_at_prompt(&sentence) {
                Parsed::Command(command) => {
                    assert_eq!(super::command(word(&command)), Some(rule), "{sentence}");
                    seen.insert(discriminant(&command));
                }
                Parsed::Cql(CqlKind::Use(_)) => assert_eq!(rule.name, "use"),
                other => panic!("<{}>: {sentence}: {other:?}", rule.name),
            }
        }
    }
    assert_eq!(seen.len(), COMMANDS);
}

#[test]
fn a_command_is_found_by_each_of_its_words() {
    for (word, name) in [("desc", "describe"), ("Cls", "clear"), ("QUIT", "exit"), ("?", "help"), ("serial", "serial")]
    {
        assert_eq!(command(word).unwrap().name, name);
    }
    assert_eq!(command("SELECT"), None);
    assert_eq!(command("ANY"), None);
}

#[test]
fn lines_of_a_rule_stand_under_each_other() {
    let rule = Rule { name: "a", text: "B\n        C\n          | D" };
    assert_eq!(rule.lines().collect::<Vec<_>>(), ["B", "C", "  | D"]);
}

#[test]
fn copy_options_are_those_of_cqlsh_and_our_own() {
    const OURS: [&str; 2] = ["DIALECT", "NULLS"];
    let names = |direction| {
        let of_cqlsh = copy_options().filter(|o| !OURS.contains(&o.name));
        let listed: HashSet<_> = of_cqlsh.filter(|o| o.direction == direction).map(|o| o.name).collect();
        listed
    };
    // COPY_COMMON_OPTIONS, COPY_FROM_OPTIONS and COPY_TO_OPTIONS of cqlshhandling.py.
    let both = "DELIMITER QUOTE ESCAPE HEADER NULL DATETIMEFORMAT MAXATTEMPTS REPORTFREQUENCY DECIMALSEP THOUSANDSSEP \
                BOOLSTYLE NUMPROCESSES CONFIGFILE RATEFILE";
    let from = "CHUNKSIZE INGESTRATE MAXBATCHSIZE MINBATCHSIZE MAXROWS SKIPROWS SKIPCOLS MAXPARSEERRORS \
                MAXINSERTERRORS ERRFILE PREPAREDSTATEMENTS TTL";
    let to = "ENCODING PAGESIZE PAGETIMEOUT BEGINTOKEN ENDTOKEN MAXOUTPUTSIZE MAXREQUESTS FLOATPRECISION \
              DOUBLEPRECISION";
    assert_eq!(names(None), both.split(' ').collect());
    assert_eq!(names(Some(Direction::From)), from.split(' ').collect());
    assert_eq!(names(Some(Direction::To)), to.split(' ').collect());
    assert!(copy_options().all(|option| !option.default.is_empty() && !option.about.is_empty()));
}
