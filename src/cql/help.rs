//! What HELP says: the topics, and the text of each. The layout of the list is not known here.

use super::command::Direction;
use super::grammar::{self, CopyOption};

const SHELL: &str = include_str!("../../grammar/help.txt");
const CQL: &str = include_str!("../../grammar/cql_topics.txt");

/// A topic of HELP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic {
    /// A topic of the shell: the text to show, lines and all.
    Shell(String),
    /// A topic of CQL.
    Cql {
        /// The anchor in the documentation, to stand after its address and `#`.
        anchor: &'static str,
        /// The rule of the grammar that it is about, as text to show, if there is one.
        syntax: Option<String>,
    },
}

/// A heading of the list of topics, and the topics under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The heading; a newline in it counts as a character of it.
    pub heading: &'static str,
    /// The topics, upper case, sorted.
    pub topics: Vec<&'static str>,
}

/// Topics of commands that cqlsh does not know: its list stays as it is.
const UNLISTED: [&str; 1] = ["ELAPSED"];

/// What `HELP` alone lists.
pub fn sections() -> [Section; 2] {
    let listed = |name: &&str| !UNLISTED.contains(name);
    let mut shell: Vec<_> = shell_topics().flat_map(|(names, _)| names.split(' ')).filter(listed).collect();
    shell.sort_unstable();
    let cql = cql_topics().map(|(name, ..)| name).collect();
    [
        Section { heading: "\nDocumented shell commands:", topics: shell },
        Section { heading: "CQL help topics:", topics: cql },
    ]
}

/// The topic of this name, in any case. A topic of the shell goes before one of CQL.
pub fn topic(name: &str) -> Option<Topic> {
    let is_name = |listed: &str| listed.eq_ignore_ascii_case(name);
    match shell_topics().find(|(names, _)| names.split(' ').any(is_name)) {
        Some((_, text)) => Some(Topic::Shell(shell_text(name, text))),
        None => cql_topics().find(|(listed, ..)| is_name(listed)).map(|(_, anchor, rule)| Topic::Cql {
            anchor,
            syntax: grammar::rule(rule).map(|rule| paragraphs(rule.lines())),
        }),
    }
}

/// The command's rule, the topic's text and, for COPY, the options: paragraphs with a blank line around each.
fn shell_text(name: &str, text: &str) -> String {
    let rule = grammar::command(name);
    let mut lines: Vec<String> = Vec::new();
    if let Some(rule) = rule {
        lines.extend(rule.lines().map(str::to_owned));
        lines.push(String::new());
    }
    lines.extend(text.lines().map(str::to_owned));
    if rule.is_some_and(|rule| rule.name == "copy") {
        for direction in [None, Some(Direction::From), Some(Direction::To)] {
            lines.push(String::new());
            let of_direction = grammar::copy_options().filter(|option| option.direction == direction);
            lines.extend(
                of_direction.map(|CopyOption { name, default, about, .. }| format!("{name:<18} {default:<15} {about}")),
            );
        }
    }
    paragraphs(lines.iter().map(String::as_str))
}

/// Lines with a blank one before and after them, all a little to the right.
fn paragraphs<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let indented = lines.map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") });
    format!("\n{}\n", indented.collect::<String>())
}

/// The shell's topics: names with a blank between, and text.
fn shell_topics() -> impl Iterator<Item = (&'static str, &'static str)> {
    SHELL.split("\n= ").skip(1).filter_map(|topic| topic.split_once('\n')).map(|(names, text)| (names, text.trim_end()))
}

/// The topics of CQL, their anchors, and their rules' names.
fn cql_topics() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let written = CQL.lines().filter(|line| !line.starts_with('#'));
    written.filter_map(|line| {
        let mut words = line.split_whitespace();
        Some((words.next()?, words.next()?, words.next().unwrap_or_default()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str) -> String {
        match topic(name) {
            Some(Topic::Shell(text)) => text,
            other => panic!("{name} is no topic of the shell: {other:?}"),
        }
    }

    #[test]
    fn the_topics_of_the_shell_are_those_of_cqlsh() {
        let topics = "CAPTURE CLEAR CLS CONSISTENCY COPY DESC DESCRIBE EXIT EXPAND HELP HISTORY LOGIN PAGING SERIAL SHOW \
                      SOURCE TRACING UNICODE";
        assert_eq!(sections()[0].topics.join(" "), topics);
        for name in sections()[0].topics.iter() {
            assert!(shown(name).lines().count() > 2, "{name}");
        }
    }

    #[test]
    fn what_is_not_listed_has_a_topic() {
        assert!(UNLISTED.iter().all(|name| shown(name).lines().count() > 2));
    }

    #[test]
    fn topics_show_the_rule_of_their_command() {
        assert!(shown("capture").starts_with("\n  CAPTURE [ <file> | OFF ]\n\n  Appends "));
        assert!(shown("CLS").starts_with("\n  CLEAR | CLS\n\n"));
        assert!(shown("copy").contains("\n  ( TO ( <file> | STDOUT ) | FROM ( <file> | STDIN ) )\n"));
        assert!(shown("unicode").starts_with("\n  Control characters"));
    }

    #[test]
    fn texts_fit_a_terminal_and_end_in_a_blank_line() {
        for name in sections()[0].topics.iter() {
            let text = shown(name);
            assert!(text.ends_with("\n\n") && !text.ends_with("\n\n\n"), "{name}");
            for line in text.lines() {
                assert!(line.chars().count() <= 100 && line.trim_end() == line, "{name}: {line}");
            }
        }
    }

    #[test]
    fn copy_lists_its_options() {
        let text = shown("COPY");
        assert!(grammar::copy_options().all(|option| text.contains(&format!("\n  {} ", option.name))));
    }

    #[test]
    fn topics_of_cql_have_an_anchor() {
        for (name, anchor) in
            [("select", "selectStmt"), ("DROP_MATERIALIZED_VIEW", "dropMVStmt"), ("ascii", "constants")]
        {
            assert!(matches!(topic(name), Some(Topic::Cql { anchor: found, .. }) if found == anchor), "{name}");
        }
        assert!(sections()[1].topics.iter().all(|name| matches!(topic(name), Some(Topic::Cql { .. }))));
    }

    #[test]
    fn topics_of_statements_show_the_rule() {
        for (name, _, rule) in cql_topics() {
            let shown = match topic(name) {
                Some(Topic::Cql { syntax, .. }) => syntax,
                _ => None,
            };
            assert_eq!(shown.is_some(), !rule.is_empty(), "{name}");
        }
        let Some(Topic::Cql { syntax: Some(syntax), .. }) = topic("drop_table") else { panic!("no syntax") };
        assert_eq!(syntax, "\n  DROP ( TABLE | COLUMNFAMILY ) [ IF EXISTS ] <table>\n\n");
    }

    #[test]
    fn other_names_are_no_topics() {
        for name in ["quit", "debug", "nosuch", "", "CLEAR CLS", "#"] {
            assert_eq!(topic(name), None, "{name}");
        }
    }
}
