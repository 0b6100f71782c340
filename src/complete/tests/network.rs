//! What the walk counts on.

use std::collections::HashSet;

use crate::complete::network::{GRAMMAR, Node, NodeId, Terminals};
use crate::cql::grammar::{self, Syntax};

/// The rules that a text of this syntax may begin with, and whether it may be empty.
fn beginnings(syntax: &Syntax, rules: &mut Vec<&'static str>) -> bool {
    match syntax {
        Syntax::Keyword(_) | Syntax::Sign(_) => false,
        Syntax::Rule(name) => {
            rules.push(name);
            false
        }
        Syntax::Sequence(parts) => parts.iter().all(|part| beginnings(part, rules)),
        Syntax::Choice(branches) => branches.iter().fold(false, |empty, branch| beginnings(branch, rules) | empty),
        Syntax::Optional(inner) | Syntax::Repeated(inner) => {
            beginnings(inner, rules);
            true
        }
    }
}

#[test]
fn no_rule_begins_with_itself_and_none_is_empty() {
    for rule in grammar::rules() {
        let mut seen = HashSet::new();
        let mut open = vec![rule.name];
        while let Some(name) = open.pop() {
            let Some(rule_of_name) = grammar::rule(name) else { continue };
            let mut begins_with = Vec::new();
            let empty = beginnings(&rule_of_name.syntax().unwrap(), &mut begins_with);
            assert!(!empty, "<{name}> may be empty");
            assert!(!begins_with.contains(&rule.name), "<{}> begins with itself", rule.name);
            open.extend(begins_with.into_iter().filter(|name| seen.insert(*name)));
        }
    }
}

#[test]
fn every_rule_is_written_once_and_can_be_reached() {
    let mut names = HashSet::new();
    for rule in grammar::rules() {
        assert!(names.insert(rule.name), "<{}> is there twice", rule.name);
    }
    let mut reached = HashSet::new();
    let mut seen: HashSet<NodeId> = HashSet::new();
    let mut open = vec![GRAMMAR.start];
    while let Some(node) = open.pop() {
        if !seen.insert(node) {
            continue;
        }
        match GRAMMAR.node(node) {
            Node::Word(_, next) | Node::Sign(_, next) | Node::Token(_, next) => open.push(*next),
            Node::Fork(branches) => open.extend(branches),
            Node::Call(rule, next) => {
                reached.insert(GRAMMAR.rule(*rule).name);
                open.extend([GRAMMAR.rule(*rule).start, *next]);
            }
            Node::Return => {}
        }
    }
    let unreached: Vec<_> =
        names.difference(&reached).filter(|name| !["command", "statement"].contains(name)).collect();
    assert!(unreached.is_empty(), "{unreached:?}");
}

#[test]
fn tokens_have_known_kinds() {
    let known = ["identifier", "word", "quoted_name", "string", "integer", "float", "uuid", "blob", "suffix"];
    fn tokens(syntax: &Syntax, found: &mut Vec<&'static str>) {
        match syntax {
            Syntax::Keyword(_) | Syntax::Sign(_) => {}
            Syntax::Rule(name) => found.extend(grammar::rule(name).is_none().then_some(*name)),
            Syntax::Sequence(parts) | Syntax::Choice(parts) => parts.iter().for_each(|part| tokens(part, found)),
            Syntax::Optional(inner) | Syntax::Repeated(inner) => tokens(inner, found),
        }
    }
    for rule in grammar::rules() {
        let mut found = Vec::new();
        tokens(&rule.syntax().unwrap(), &mut found);
        assert!(found.iter().all(|kind| known.contains(kind)), "<{}>: {found:?}", rule.name);
    }
}

#[test]
fn every_rule_begins_with_something() {
    for rule in 0..grammar::rules().count() {
        let rule = GRAMMAR.rule(rule);
        assert!(rule.first.meets(rule.first), "<{}>", rule.name);
    }
    // Each has a bit of its own.
    assert!(GRAMMAR.terminal("SELECT").meets(GRAMMAR.terminal("SELECT")));
    assert!(!GRAMMAR.terminal("SELECT").meets(GRAMMAR.terminal("INSERT")));
    assert!(!GRAMMAR.terminal("nosuch").meets(GRAMMAR.terminal("nosuch")));
    assert!(GRAMMAR.number_of_terminals() <= Terminals::SIZE);
}
