//! The grammar as a network: every rule a small graph of steps, so that the walk has nothing left to take apart.

use std::collections::{HashMap, HashSet};
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

/// A set of the keywords, signs and kinds of token that the grammar has, a bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Terminals([u64; 8]);

impl Terminals {
    /// So many can be told apart.
    #[cfg(test)]
    pub(super) const SIZE: usize = 512;

    fn insert(&mut self, number: usize) {
        if let Some(bits) = self.0.get_mut(number / 64) {
            *bits |= 1 << (number % 64);
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(bits, more)| *bits |= more);
    }

    pub(super) fn meets(self, other: Self) -> bool {
        self.0.iter().zip(other.0).any(|(bits, others)| bits & others != 0)
    }
}

/// A rule's name and where it begins.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) start: NodeId,
    /// What a text of it may begin with.
    pub(super) first: Terminals,
    /// Whether it is a statement of its own: what is typed before it does not matter to what is in it.
    pub(super) is_statement: bool,
}

/// The whole grammar.
#[derive(Debug, Default)]
pub(super) struct Network {
    nodes: Vec<Node>,
    rules: Vec<Entry>,
    /// The number of each keyword in capitals, sign, and kind of token in `<…>`.
    terminals: HashMap<String, usize>,
    /// Each kind of token with its number.
    kinds: Vec<(&'static str, Terminals)>,
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
            let is_statement = statements.contains(&rule.name);
            network.rules.push(Entry { name: rule.name, start, first: Terminals::default(), is_statement });
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
        network.find_beginnings();
        network
    }

    /// The keyword, sign or kind of token as it is numbered.
    pub(super) fn terminal(&self, text: &str) -> Terminals {
        let mut found = Terminals::default();
        if let Some(number) = self.terminals.get(text) {
            found.insert(*number);
        }
        found
    }

    #[cfg(test)]
    pub(super) fn number_of_terminals(&self) -> usize {
        self.terminals.len()
    }

    /// The kinds of token, each as it is numbered.
    pub(super) fn kinds(&self) -> impl Iterator<Item = (&'static str, Terminals)> {
        self.kinds.iter().copied()
    }

    /// Numbers the terminals and finds what each rule begins with. No rule begins with itself, so that this ends.
    fn find_beginnings(&mut self) {
        for node in &self.nodes {
            let text = match node {
                Node::Word(word, _) => word.to_ascii_uppercase(),
                Node::Sign(sign, _) => (*sign).to_owned(),
                Node::Token(kind, _) => format!("<{kind}>"),
                Node::Call(..) | Node::Fork(_) | Node::Return => continue,
            };
            let next = self.terminals.len();
            if self.terminals.contains_key(&text) {
                continue;
            }
            self.terminals.insert(text, next);
            if let Node::Token(kind, _) = node {
                let mut terminal = Terminals::default();
                terminal.insert(next);
                self.kinds.push((kind, terminal));
            }
        }
        let firsts: Vec<Terminals> = (0..self.rules.len()).map(|rule| self.beginning(self.rules[rule].start)).collect();
        self.rules.iter_mut().zip(firsts).for_each(|(rule, first)| rule.first = first);
    }

    fn beginning(&self, node: NodeId) -> Terminals {
        let mut first = Terminals::default();
        let mut seen = HashSet::new();
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if !seen.insert(node) {
                continue;
            }
            match &self.nodes[node] {
                Node::Word(word, _) => first.add(self.terminal(&word.to_ascii_uppercase())),
                Node::Sign(sign, _) => first.add(self.terminal(sign)),
                Node::Token(kind, _) => first.add(self.terminal(&format!("<{kind}>"))),
                Node::Call(rule, _) => open.push(self.rules[*rule].start),
                Node::Fork(branches) => open.extend(branches),
                Node::Return => {}
            }
        }
        first
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
