//! The walk: all ways through the grammar at once, a token at a time, to the cursor.
//!
//! A way is a place in the network, the rules it is within and the rules it went through. Ways that came to the same
//! place within the same rules go on as one, the first of them, so that the time is that of the text's length. The rules
//! that a way is within and those that it went through are lists that share their beginnings.

use std::collections::HashMap;

use super::names;
use super::network::{GRAMMAR, Network, Node, NodeId, RuleId, Terminals};
use super::offers::{self, Offers};
use super::text::Asked;
use crate::cluster::TableNames;
use crate::cql::lexer::{Token, TokenKind};
use crate::cql::names::{is_reserved, unquote};
use crate::cql::tokens::significant;

/// The rules that a way is within, the innermost first: an index into [`Walk::within`].
type Within = usize;

/// What a way went through, the last first: an index into [`Walk::trail`].
type Trail = usize;

#[derive(Debug, Clone, Copy)]
struct Way {
    node: NodeId,
    within: Within,
    trail: Trail,
}

/// A step of a way that matters later.
#[derive(Debug, Clone, Copy)]
enum Event {
    /// A rule began before the token of this number.
    Enter(RuleId, usize),
    /// The rule that began last and has not ended ended before the token of this number.
    Leave(usize),
}

struct Walk<'a> {
    network: &'static Network,
    source: &'a str,
    tokens: &'a [Token],
    /// Where to go on after a rule, and what that is within.
    within: Vec<(NodeId, Within)>,
    interned: HashMap<(NodeId, Within), Within>,
    trail: Vec<(Event, Trail)>,
}

/// No rule, nothing gone through.
const NONE: usize = usize::MAX;

/// What may come after these tokens of `source`, the last of them before the cursor. `typed` is what the word at the
/// cursor, or the string or name that is open there, holds so far.
pub(super) fn offers(source: &str, tokens: &[Token], asked: &Asked<'_>, typed: &str, quoted: bool) -> Offers {
    let network = &*GRAMMAR;
    let mut walk = Walk { network, source, tokens, within: Vec::new(), interned: HashMap::new(), trail: Vec::new() };
    let mut ways = vec![Way { node: network.start, within: NONE, trail: NONE }];
    for (number, token) in tokens.iter().enumerate() {
        ways = walk.step(ways, number, token);
        if ways.is_empty() {
            return Offers::default();
        }
    }
    walk.expected(ways, asked, typed, quoted)
}

impl Walk<'_> {
    /// The ways that go on over a token.
    fn step(&mut self, ways: Vec<Way>, number: usize, token: &Token) -> Vec<Way> {
        let mut next: Vec<Way> = Vec::new();
        // There are never many ways.
        let mut seen: Vec<(NodeId, Within)> = Vec::new();
        let source = self.source;
        let here = terminals(self.network, token, source);
        let may_begin = |walk: &Self, rule: RuleId, _: Trail| walk.network.rule(rule).first.meets(here);
        self.follow(ways, number, &mut { may_begin }, &mut |node, way| {
            let after = match node {
                Node::Word(word, after) if is_word(token, source, word) => *after,
                Node::Sign(sign, after) if token.text(source) == *sign => *after,
                Node::Token(kind, after) if is_kind(token, source, kind) => *after,
                _ => return,
            };
            if !seen.contains(&(after, way.within)) {
                seen.push((after, way.within));
                next.push(Way { node: after, ..way });
            }
        });
        next
    }

    /// What is expected at the end of the tokens.
    fn expected(&mut self, ways: Vec<Way>, asked: &Asked<'_>, typed: &str, quoted: bool) -> Offers {
        let mut offers = Offers::default();
        let mut words = Offers::default();
        let number = self.tokens.len();
        self.follow(
            ways,
            number,
            &mut |walk, rule, trail| {
                let context = Context { walk, trail, asked, typed, quoted };
                match offers::at(walk.network.rule(rule).name, &context) {
                    Some(found) => {
                        offers.add(found);
                        false
                    }
                    None => true,
                }
            },
            &mut |node, _| match node {
                Node::Word(word, _) => words.text(offers::keyword(word)),
                Node::Sign(sign, _) => words.text(*sign),
                Node::Token(kind, _) => words.token(kind),
                Node::Call(..) | Node::Fork(_) | Node::Return => {}
            },
        );
        offers.add(words);
        offers
    }

    /// Goes from ways to the tokens that may come next, through forks and into and out of rules. `enters` says whether
    /// a rule is gone into.
    fn follow(
        &mut self,
        ways: Vec<Way>,
        number: usize,
        enters: &mut dyn FnMut(&Self, RuleId, Trail) -> bool,
        found: &mut dyn FnMut(&Node, Way),
    ) {
        let network = self.network;
        let mut seen: Vec<(NodeId, Within)> = Vec::new();
        let mut open: Vec<Way> = ways.into_iter().rev().collect();
        while let Some(way) = open.pop() {
            if seen.contains(&(way.node, way.within)) {
                continue;
            }
            seen.push((way.node, way.within));
            match network.node(way.node) {
                Node::Fork(branches) => open.extend(branches.iter().rev().map(|&node| Way { node, ..way })),
                Node::Call(rule, after) => {
                    if enters(self, *rule, way.trail) {
                        let within = self.go_within(*after, way.within);
                        let trail = self.went(Event::Enter(*rule, number), way.trail);
                        open.push(Way { node: network.rule(*rule).start, within, trail });
                    }
                }
                Node::Return => {
                    if let Some(&(node, within)) = self.within.get(way.within) {
                        let trail = self.went(Event::Leave(number), way.trail);
                        open.push(Way { node, within, trail });
                    }
                }
                terminal => found(terminal, way),
            }
        }
    }

    fn go_within(&mut self, after: NodeId, within: Within) -> Within {
        *self.interned.entry((after, within)).or_insert_with(|| {
            self.within.push((after, within));
            self.within.len() - 1
        })
    }

    fn went(&mut self, event: Event, before: Trail) -> Trail {
        self.trail.push((event, before));
        self.trail.len() - 1
    }
}

/// What a rule at the cursor can ask of what stands before it.
pub(super) struct Context<'a> {
    walk: &'a Walk<'a>,
    trail: Trail,
    /// The current keyspace and the schema.
    pub(super) asked: &'a Asked<'a>,
    /// What the word, string or name at the cursor holds so far.
    pub(super) typed: &'a str,
    /// Whether the cursor is in a string or a quoted name.
    pub(super) quoted: bool,
}

/// A rule that a way is within or went through.
struct Passed {
    rule: &'static str,
    /// Its tokens if it has ended.
    tokens: Option<(usize, usize)>,
}

impl Context<'_> {
    /// The rules of the statement at the cursor, the last first.
    fn passed(&self) -> impl Iterator<Item = Passed> {
        let mut at = self.trail;
        let mut ends = Vec::new();
        let mut is_over = false;
        std::iter::from_fn(move || {
            while !is_over {
                let &(event, before) = self.walk.trail.get(at)?;
                at = before;
                match event {
                    Event::Leave(end) => ends.push(end),
                    Event::Enter(rule, start) => {
                        let rule = self.walk.network.rule(rule);
                        let tokens = ends.pop().map(|end| (start, end));
                        is_over = tokens.is_none() && rule.is_statement;
                        return Some(Passed { rule: rule.name, tokens });
                    }
                }
            }
            None
        })
    }

    /// Whether the cursor is within this rule.
    pub(super) fn is_within(&self, rule: &str) -> bool {
        self.passed().any(|passed| passed.rule == rule && passed.tokens.is_none())
    }

    /// The texts of this rule within the outer rule that the cursor is within, in their order.
    pub(super) fn all_within(&self, outer: &str, rule: &str) -> Vec<&str> {
        let of_outer = self.passed().take_while(|passed| passed.rule != outer || passed.tokens.is_some());
        let spans = of_outer.filter(|passed| passed.rule == rule).filter_map(|passed| passed.tokens);
        let mut texts: Vec<&str> = spans.map(|(start, end)| self.source(start, end)).collect();
        texts.reverse();
        texts
    }

    /// The texts of this rule in the statement so far, as they are written, in their order.
    pub(super) fn all(&self, rule: &str) -> Vec<&str> {
        let mut texts: Vec<&str> = self.texts(rule).collect();
        texts.reverse();
        texts
    }

    /// The last text of this rule in the statement so far, as it is written.
    pub(super) fn last(&self, rule: &str) -> Option<&str> {
        self.texts(rule).next()
    }

    fn texts(&self, rule: &str) -> impl Iterator<Item = &str> {
        let span = move |passed: Passed| (passed.rule == rule).then_some(passed.tokens)?;
        self.passed().filter_map(span).map(|(start, end)| self.source(start, end))
    }

    /// The keyspace that is written in the rule that the cursor is within.
    pub(super) fn qualifier(&self) -> Option<&str> {
        let mut of_rule = self.passed().take_while(|passed| passed.tokens.is_some());
        let (start, end) = of_rule.find(|passed| passed.rule == "qualifier")?.tokens?;
        Some(self.source(start, end))
    }

    /// The table or view that the statement is about.
    pub(super) fn table(&self) -> Option<&TableNames> {
        let (keyspace, name) = self.table_name()?;
        names::table(self.asked.names.catalogue(), &keyspace, &name)
    }

    /// The keyspace of the table or view that the statement is about.
    pub(super) fn table_keyspace(&self) -> Option<String> {
        self.table_name().map(|(keyspace, _)| keyspace)
    }

    fn table_name(&self) -> Option<(String, String)> {
        self.object("table").or_else(|| self.object("table_or_view"))
    }

    /// The keyspace and the name that the last text of this rule, `[keyspace.]name`, stands for.
    pub(super) fn object(&self, rule: &str) -> Option<(String, String)> {
        let text = self.last(rule)?;
        let words: Vec<&str> = significant(text).iter().map(|token| token.text(text)).collect();
        match words.as_slice() {
            [name] => Some((self.asked.keyspace?.to_owned(), unquote(name))),
            [keyspace, _, name] => Some((unquote(keyspace), unquote(name))),
            _ => None,
        }
    }

    /// Whether the statement so far has this keyword.
    pub(super) fn has_word(&self, word: &str) -> bool {
        self.walk.tokens.iter().any(|token| is_word(token, self.walk.source, word))
    }

    /// The text of the tokens from `start` to before `end`.
    fn source(&self, start: usize, end: usize) -> &str {
        let tokens = self.walk.tokens.get(start..end).unwrap_or_default();
        let span = tokens.first().map_or(0, |token| token.start)..tokens.last().map_or(0, |token| token.end);
        self.walk.source.get(span).unwrap_or_default()
    }
}

fn is_word(token: &Token, source: &str, word: &str) -> bool {
    token.kind == TokenKind::Word && token.text(source).eq_ignore_ascii_case(word)
}

/// All that a token may be to the grammar.
fn terminals(network: &Network, token: &Token, source: &str) -> Terminals {
    let mut found = network.terminal(&token.text(source).to_ascii_uppercase());
    network.kinds().filter(|(kind, _)| is_kind(token, source, kind)).for_each(|(_, terminal)| found.add(terminal));
    found
}

/// Whether a token is of a kind that the grammar names.
fn is_kind(token: &Token, source: &str, kind: &str) -> bool {
    match kind {
        "identifier" => token.kind == TokenKind::Word && !is_reserved(token.text(source)),
        "word" => token.kind == TokenKind::Word,
        "quoted_name" => token.kind == TokenKind::QuotedName,
        "string" => matches!(token.kind, TokenKind::String | TokenKind::DollarString),
        "integer" => token.kind == TokenKind::Integer,
        "float" => token.kind == TokenKind::Float,
        "uuid" => token.kind == TokenKind::Uuid,
        "blob" => token.kind == TokenKind::Blob,
        // `e10` of `1.5e10` and `h30m` of `1h30m`, which the lexer takes for words.
        "suffix" => token.kind == TokenKind::Word && source.get(..token.start).is_some_and(ends_in_digit),
        _ => false,
    }
}

fn ends_in_digit(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit())
}
