//! The language as data: the rules of `grammar/shell.bnf` and `grammar/cql.bnf`, and the options of COPY. It serves and
//! reads them; [`super::command`] parses by functions of its own, and a test holds the two together.

mod syntax;

use std::collections::HashSet;
use std::sync::LazyLock;

pub use syntax::Syntax;

use super::command::Direction;

const SHELL: &str = include_str!("../../grammar/shell.bnf");
const CQL: &str = include_str!("../../grammar/cql.bnf");
const COPY_OPTIONS: &str = include_str!("../../grammar/copy_options.txt");

/// A rule as it stands in the grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its name, without angle brackets.
    pub name: &'static str,
    /// What stands after `::=`; further lines keep the blanks they start with.
    pub text: &'static str,
}

/// The rules of the shell, then those of CQL, which refer to some of the shell's.
pub fn rules() -> impl Iterator<Item = Rule> {
    SHELL.split("\n\n").chain(CQL.split("\n\n")).flat_map(|paragraph| {
        let rule = paragraph.trim_start_matches('\n').strip_prefix('<');
        let (names, text) = rule.and_then(|rule| rule.split_once("> ::= ")).unwrap_or_default();
        let names = names.split("> <").filter(|name| !name.is_empty());
        names.map(|name| Rule { name, text: text.trim_end() })
    })
}

/// The keywords of the shell and of CQL, upper case; some more than once.
pub fn keywords() -> impl Iterator<Item = &'static str> {
    let is_keyword = |word: &&str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    rules().flat_map(move |rule| rule.text.split([' ', '\n', '|']).filter(is_keyword))
}

/// The rule of this name.
pub fn rule(name: &str) -> Option<Rule> {
    rules().find(|rule| rule.name == name)
}

/// The rules of the commands: those that `<command>` lists.
pub fn commands() -> impl Iterator<Item = Rule> {
    listed("command")
}

/// The rules of CQL's statements: those that `<statement>` lists.
pub fn statements() -> impl Iterator<Item = Rule> {
    listed("statement")
}

/// The rules that a rule lists.
fn listed(name: &str) -> impl Iterator<Item = Rule> {
    let branches = match rule(name).and_then(|rule| rule.syntax()) {
        Some(Syntax::Choice(branches)) => branches,
        _ => Vec::new(),
    };
    branches.into_iter().filter_map(|branch| match branch {
        Syntax::Rule(name) => rule(name),
        _ => None,
    })
}

/// The rule of the command that starts with this word, in any case.
pub fn command(word: &str) -> Option<Rule> {
    commands().find(|rule| rule.syntax().is_some_and(|syntax| syntax.starts_with(word)))
}

impl Rule {
    /// The rule taken apart; `None` if it is not written as `grammar/shell.bnf` says.
    pub fn syntax(&self) -> Option<Syntax> {
        syntax::parse(self.text)
    }

    /// The rule's lines, the first not indented, the others no further than they are to its right.
    pub fn lines(&self) -> impl Iterator<Item = &'static str> {
        let indent = self.name.len() + "<> ::= ".len();
        self.text.lines().map(move |line| {
            let blanks = line.len() - line.trim_start().len();
            &line[blanks.min(indent)..]
        })
    }
}

/// Whether a word, in any case, is one that CQL or the shell knows by itself.
pub fn is_keyword(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| keywords().collect());
    WORDS.contains(word.to_ascii_uppercase().as_str())
}

/// An option of COPY.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyOption {
    /// Its name, upper case.
    pub name: &'static str,
    /// The direction it belongs to; `None` for both.
    pub direction: Option<Direction>,
    /// What it is when it is not given, as it would be written.
    pub default: &'static str,
    /// What it means, in a line.
    pub about: &'static str,
}

/// The options of COPY, in the order HELP lists them.
pub fn copy_options() -> impl Iterator<Item = CopyOption> {
    COPY_OPTIONS.lines().filter_map(|line| {
        let mut fields = line.split('|').map(str::trim);
        let (name, direction, default, about) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        let direction = match direction {
            "both" => None,
            "to" => Some(Direction::To),
            "from" => Some(Direction::From),
            _ => return None,
        };
        Some(CopyOption { name, direction, default, about })
    })
}

#[cfg(test)]
mod tests;
