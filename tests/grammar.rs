//! The grammar against those who understand CQL: sentences made from `grammar/*.bnf` are one statement each to the
//! splitter, commands parse, and a server finds no syntax error in what is CQL.

use std::collections::HashMap;

use cqlsh::cql::command::{Parsed, parse_at_prompt};
use cqlsh::cql::grammar::{self, Syntax};
use cqlsh::cql::split::{Fed, Splitter};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::support::node;

/// Rules that are gone into from here on take their shortest way.
const DEPTH: usize = 12;

/// A sentence in the making: every choice is made by the next number.
struct Writer<'a> {
    rules: HashMap<&'static str, Syntax>,
    choices: std::slice::Iter<'a, u8>,
    words: Vec<String>,
}

impl Writer<'_> {
    fn write(&mut self, syntax: &Syntax, depth: usize) {
        match syntax {
            Syntax::Keyword(text) | Syntax::Sign(text) => self.words.push((*text).to_owned()),
            Syntax::Rule("suffix") => {}
            Syntax::Rule(name) => match self.rules.get(name).cloned() {
                Some(rule) => match self.known(name) {
                    Some(text) => self.words.push(text.to_owned()),
                    None => self.write(&rule, depth + 1),
                },
                None => self.token(name),
            },
            Syntax::Sequence(parts) => parts.iter().for_each(|part| self.write(part, depth)),
            Syntax::Choice(branches) => {
                let branch = if depth < DEPTH { self.choose(branches.len()) } else { 0 };
                self.write(&branches[branch], depth);
            }
            Syntax::Optional(inner) => {
                if depth < DEPTH && self.choose(2) == 1 {
                    self.write(inner, depth);
                }
            }
            Syntax::Repeated(inner) => {
                while depth < DEPTH && self.choose(3) == 2 {
                    self.write(inner, depth);
                }
            }
        }
    }

    fn choose(&mut self, many: usize) -> usize {
        usize::from(self.choices.next().copied().unwrap_or(0)) % many
    }

    /// What a rule must be for the server to look any further: it knows some words from a list of its own, and reads
    /// some strings at once.
    fn known(&mut self, rule: &str) -> Option<&'static str> {
        let one_of = |writer: &mut Self, texts: &[&'static str]| texts[writer.choose(texts.len())];
        Some(match rule {
            "property_name" => one_of(self, &["comment", "gc_grace_seconds", "cdc"]),
            "property_value" => one_of(self, &["'a'", "10", "true", "{'class': 'A', 'b': 1}"]),
            "language" => "java",
            "masking_function" => one_of(self, &["mask_default", "mask_null"]),
            _ => return None,
        })
    }

    fn token(&mut self, kind: &str) {
        let texts: &[&str] = match kind {
            "identifier" => &["gen_a", "gen_b", "Gen_C"],
            "word" => &["gen_word"],
            "quoted_name" => &["\"gen A\"", "\"gen\"\"B\""],
            "string" => &["'text'", "'it''s'", "$$text$$"],
            "integer" => &["0", "5", "2147483648"],
            "float" => &["1.5", "-0.25"],
            "uuid" => &["550e8400-e29b-41d4-a716-446655440000"],
            "blob" => &["0xCAFE"],
            other => panic!("<{other}> is neither a rule nor a token"),
        };
        let text = texts[self.choose(texts.len())];
        self.words.push(text.to_owned());
    }
}

fn sentence(rule: &grammar::Rule, choices: &[u8]) -> String {
    let rules = grammar::rules().map(|rule| (rule.name, rule.syntax().unwrap())).collect();
    let mut writer = Writer { rules, choices: choices.iter(), words: Vec::new() };
    writer.write(&rule.syntax().unwrap(), 0);
    // Signs that the server takes for one must not be apart.
    let text = writer.words.join(" ");
    text.replace(". .", "..").replace("+ =", "+=").replace("- =", "-=")
}

/// A statement that these rules allow.
fn sentences(rules: Vec<grammar::Rule>) -> impl Strategy<Value = String> {
    let choices = proptest::collection::vec(any::<u8>(), 0..60);
    (0..rules.len(), choices).prop_map(move |(rule, choices)| sentence(&rules[rule], &choices))
}

proptest! {
    #[test]
    fn a_sentence_is_one_statement(text in sentences(grammar::commands().chain(grammar::statements()).collect())) {
        match Splitter::new().feed(&format!("{text};\n")) {
            Fed::Statements(statements) => {
                let texts: Vec<_> = statements.iter().map(|statement| statement.text.as_str()).collect();
                prop_assert_eq!(texts, [format!("{text};")]);
            }
            fed => prop_assert!(false, "{:?}", fed),
        }
    }

    #[test]
    fn commands_parse(text in sentences(grammar::commands().collect())) {
        let parsed = parse_at_prompt(&text);
        prop_assert!(matches!(parsed, Parsed::Command(_)), "{:?}", parsed);
    }
}

/// So many sentences of each statement are sent.
const SENT: usize = 25;

#[test]
fn the_server_understands_what_the_grammar_allows() {
    let mut runner = TestRunner::deterministic();
    let mut texts = Vec::new();
    for rule in grammar::statements() {
        let strategy = sentences(vec![rule]);
        texts.extend((0..SENT).map(|_| strategy.new_tree(&mut runner).unwrap().current()));
    }
    let ran = node::plain().cqlsh(&[]).stdin(texts.join(";\n") + ";\n").run();
    // What its parser says begins with a place; other errors are about names, which are not there.
    // SCHEMA for KEYSPACE is gone since 5.0; earlier servers have it, and so has cqlsh.
    let is_refused = |line: &&str| line.contains("SyntaxException: line ") && !line.contains("at input 'SCHEMA'");
    let refused: Vec<_> = ran.stderr.lines().filter(is_refused).collect();
    let line = |error: &&str| error.split(':').nth(1).and_then(|line| line.parse::<usize>().ok());
    let told: Vec<_> = refused.iter().map(|error| (line(error).and_then(|line| texts.get(line - 2)), error)).collect();
    assert!(refused.is_empty(), "{} of {}: {told:#?}", refused.len(), texts.len());
    assert!(ran.stderr.lines().count() > texts.len() / 2, "{ran:?}");
}
