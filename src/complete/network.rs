//! The grammar as a network: every rule a small graph of steps, so that the walk has nothing left to take apart.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::cql::grammar::{self, Syntax};

/// A place in the network.
pub(super) type NodeId = usize;

/// A rule of the grammar.
pub(super) type RuleId = usize;

/// What stands at a place.
#[derive(Debug)]
pub(super) enum Node {
    /// A keyword, then the next place.
    Word(&'static str, NodeId),
    /// A sign.
    Sign(&'static str, NodeId),
    /// A token of this kind.
    Token(&'static str, NodeId),
    /// A rule, and where to go on after it.
    Call(RuleId, NodeId),
    /// Any of these places.
    Fork(Vec<NodeId>),
    /// The end of a rule.
    Return,
}

/// A rule's name and where it begins.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) start: NodeId,
    /// Whether it is a statement of its own: what is typed before it does not matter to what is in it.
    pub(super) is_statement: bool,
}

/// The whole grammar.
#[derive(Debug, Default)]
pub(super) struct Network {
    nodes: Vec<Node>,
    rules: Vec<Entry>,
    /// Where CQL and shell commands begin.
    pub(super) start: NodeId,
}

/// The grammar of CQL and of the shell.
pub(super) static GRAMMAR: LazyLock<Network> = LazyLock::new(Network::build);

impl Network {
    pub(super) fn node(&self, node: NodeId) -> &Node {
        &self.nodes[node]
    }

    pub(super) fn rule(&self, rule: RuleId) -> &Entry {
        &self.rules[rule]
    }

    fn build() -> Self {
        let mut network = Self::default();
        let rules: Vec<_> = grammar::rules().collect();
        let statements: Vec<_> = grammar::commands().chain(grammar::statements()).map(|rule| rule.name).collect();
        let ids: HashMap<&'static str, RuleId> = rules.iter().enumerate().map(|(id, rule)| (rule.name, id)).collect();
        let end = network.add(Node::Return);
        for rule in &rules {
            let start = rule.syntax().map_or(end, |syntax| network.compile(&syntax, &ids, end));
            network.rules.push(Entry { name: rule.name, start, is_statement: statements.contains(&rule.name) });
        }
        let semicolon = network.add(Node::Sign(";", end));
        let newline = network.add(Node::Token("newline", end));
        let ended = network.add(Node::Fork(vec![semicolon, newline]));
        let mut starts = Vec::new();
        for (name, next) in [("command", ended), ("statement", semicolon)] {
            if let Some(rule) = ids.get(name) {
                starts.push(network.add(Node::Call(*rule, next)));
            }
        }
        network.start = network.add(Node::Fork(starts));
        network
    }

    fn add(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// The place where a syntax begins that goes on at `next`.
    fn compile(&mut self, syntax: &Syntax, ids: &HashMap<&'static str, RuleId>, next: NodeId) -> NodeId {
        match syntax {
            Syntax::Keyword(word) => self.add(Node::Word(word, next)),
            Syntax::Sign(sign) => self.add(Node::Sign(sign, next)),
            Syntax::Rule(name) => match ids.get(name) {
                Some(rule) => self.add(Node::Call(*rule, next)),
                None => self.add(Node::Token(name, next)),
            },
            Syntax::Sequence(parts) => parts.iter().rev().fold(next, |next, part| self.compile(part, ids, next)),
            Syntax::Choice(branches) => {
                let starts = branches.iter().map(|branch| self.compile(branch, ids, next)).collect();
                self.add(Node::Fork(starts))
            }
            Syntax::Optional(inner) => {
                let start = self.compile(inner, ids, next);
                self.add(Node::Fork(vec![start, next]))
            }
            Syntax::Repeated(inner) => {
                let fork = self.add(Node::Fork(vec![next]));
                let start = self.compile(inner, ids, fork);
                self.nodes[fork] = Node::Fork(vec![start, next]);
                fork
            }
        }
    }
}
