//! Backslash commands: what a person may type at a prompt beside cqlsh's own commands. Where one stands is the splitter's
//! business; scripts have none, and a backslash stays an error there.

use std::time::Duration;

use super::command::Expand;
use super::names::{literal, unquote_literal};

const LIST: &str = include_str!("../../grammar/backslash.txt");

/// A command that starts with a backslash.
#[derive(Debug, Clone, PartialEq)]
pub enum Backslash {
    /// Another way to say a statement or a command of cqlsh: this one.
    Statement(String),
    /// `\G`: the rows of the statement before it vertically.
    Vertical,
    /// `\watch`: the statement before it again and again, with this much time between two.
    Watch(Duration),
    /// `\x`; without an argument it turns over.
    Expand(Option<Expand>),
    /// `\timing`; without an argument it turns over.
    Timing(Option<bool>),
    /// `\format`; without an argument it tells.
    Format(Option<Format>),
    /// `\pager`.
    Pager(Pager),
    /// `\o`: results go to this file, or to the screen again.
    Output(Option<String>),
    /// `\!`: a command line of the system, or a shell.
    System(Option<String>),
    /// `\e`.
    Edit,
    /// `\conninfo`.
    Connection,
    /// `\?`.
    Help,
}

/// How the rows of a result are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is what it says")]
pub enum Format {
    /// cqlsh's table, or its vertical form as EXPAND says.
    Rows(Expand),
    Json,
    Csv,
    Markdown,
    Box,
}

/// `\pager …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pager {
    /// No argument: the other way.
    Toggle,
    /// `on` or `off`.
    Switch(bool),
    /// On, with this command line.
    Command(String),
}

/// Why a line is no command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackslashError {
    /// There is none of this name.
    #[error("\\{0} is no command; \\? lists those that there are.")]
    Unknown(String),
    /// What follows the name is nothing that the command takes.
    #[error("\\{name} takes {takes}.")]
    Argument {
        /// The command.
        name: &'static str,
        /// What it takes, in words.
        takes: &'static str,
    },
}

impl Backslash {
    /// Whether it runs the statement before it.
    pub fn takes_statement(&self) -> bool {
        matches!(self, Self::Vertical | Self::Watch(_) | Self::Edit)
    }
}

/// The time between two runs of `\watch` when none is given.
const WATCH: Duration = Duration::from_secs(2);
/// Bounds of the time between two runs, in seconds.
const WATCH_BOUNDS: std::ops::RangeInclusive<f64> = 0.1..=86_400.0;

/// Tells what a command is, from its backslash to the end of its line.
///
/// # Errors
/// An unknown name, and an argument that the command does not take.
pub fn parse(line: &str) -> Result<Backslash, BackslashError> {
    let line = line.trim().trim_start_matches('\\');
    let (name, rest) = split_name(line);
    // Whoever is used to end everything with it means nothing by it, unless a command of the system follows.
    let argument = rest.trim_end_matches([';', ' ', '\t']);
    let fail = |name, takes| Err(BackslashError::Argument { name, takes });
    Ok(match (name, argument) {
        ("G", "") => Backslash::Vertical,
        ("watch", "") => Backslash::Watch(WATCH),
        ("watch", seconds) => match seconds.parse().ok().filter(|seconds| WATCH_BOUNDS.contains(seconds)) {
            Some(seconds) => Backslash::Watch(Duration::from_secs_f64(seconds)),
            None => return fail("watch", "a number of seconds from 0.1 to 86400"),
        },
        ("x", "") => Backslash::Expand(None),
        ("x", word) => match (switch(word), word.eq_ignore_ascii_case("auto")) {
            (Some(on), _) => Backslash::Expand(Some(if on { Expand::On } else { Expand::Off })),
            (None, true) => Backslash::Expand(Some(Expand::Auto)),
            (None, false) => return fail("x", "on, off or auto"),
        },
        ("timing", "") => Backslash::Timing(None),
        ("timing", word) => match switch(word) {
            Some(on) => Backslash::Timing(Some(on)),
            None => return fail("timing", "on or off"),
        },
        ("format", "") => Backslash::Format(None),
        ("format", word) => match Format::from_name(word) {
            Some(format) => Backslash::Format(Some(format)),
            None => return fail("format", Format::WORDS),
        },
        ("pager", "") => Backslash::Pager(Pager::Toggle),
        ("pager", word) => Backslash::Pager(match switch(word) {
            Some(on) => Pager::Switch(on),
            None => Pager::Command(rest.to_owned()),
        }),
        ("o", "") => Backslash::Output(None),
        ("o", _) => Backslash::Output(Some(unquote_literal(rest))),
        ("!", _) => Backslash::System((!rest.is_empty()).then(|| rest.to_owned())),
        ("e", "") => Backslash::Edit,
        ("conninfo", "") => Backslash::Connection,
        ("?", _) => Backslash::Help,
        ("q", "") => Backslash::Statement("EXIT".to_owned()),
        ("i", "") => return fail("i", "the name of a file"),
        ("i", _) => Backslash::Statement(format!("SOURCE {}", literal(&unquote_literal(rest)))),
        ("c", "") => return fail("c", "the name of a keyspace"),
        ("c", keyspace) => Backslash::Statement(format!("USE {keyspace}")),
        ("d" | "dt", "") => Backslash::Statement("DESCRIBE TABLES".to_owned()),
        ("d", name) => Backslash::Statement(format!("DESCRIBE {name}")),
        ("dn", "") => Backslash::Statement("DESCRIBE KEYSPACES".to_owned()),
        ("dT", "") => Backslash::Statement("DESCRIBE TYPES".to_owned()),
        ("df", "") => Backslash::Statement("DESCRIBE FUNCTIONS".to_owned()),
        ("da", "") => Backslash::Statement("DESCRIBE AGGREGATES".to_owned()),
        (name, _) => match WITHOUT_ARGUMENT.iter().find(|known| **known == name) {
            Some(name) => return fail(name, "nothing after it"),
            None => return Err(BackslashError::Unknown(name.to_owned())),
        },
    })
}

const WITHOUT_ARGUMENT: [&str; 9] = ["G", "e", "conninfo", "q", "dt", "dn", "dT", "df", "da"];

/// Whether a command ends the statement that it follows, as `;` would.
pub fn ends_statement(line: &str) -> bool {
    matches!(split_name(line.trim().trim_start_matches('\\')).0, "G" | "watch" | "e")
}

/// The names of all commands, without their backslashes.
pub fn names() -> impl Iterator<Item = &'static str> {
    let commands = list().lines().filter(|line| line.starts_with('\\'));
    let heads = commands.map(|line| line.split_once("  ").map_or(line, |(head, _)| head));
    heads.flat_map(str::split_whitespace).filter_map(|word| word.strip_prefix('\\'))
}

/// What `\?` says.
pub fn list() -> &'static str {
    LIST.split_once("\n\n").map_or(LIST, |(_, list)| list)
}

impl Default for Format {
    fn default() -> Self {
        Self::Rows(Expand::Off)
    }
}

impl Format {
    /// Their names, for a person to read.
    pub const WORDS: &'static str = "table, vertical, auto, json, csv, markdown or box";

    /// Whether a result is its rows and nothing around them, for another program to read.
    pub fn is_bare(self) -> bool {
        matches!(self, Self::Json | Self::Csv | Self::Markdown)
    }

    /// A format by its name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name().eq_ignore_ascii_case(name))
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rows(Expand::Off) => "table",
            Self::Rows(Expand::On) => "vertical",
            Self::Rows(Expand::Auto) => "auto",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
            Self::Box => "box",
        }
    }

    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Rows(Expand::Off),
        Self::Rows(Expand::On),
        Self::Rows(Expand::Auto),
        Self::Json,
        Self::Csv,
        Self::Markdown,
        Self::Box,
    ];
}

/// The name of a command, and what follows it. `!` needs no blank after it.
fn split_name(line: &str) -> (&str, &str) {
    if let Some(rest) = line.strip_prefix('!') {
        return ("!", rest.trim());
    }
    let (name, rest) = line.split_at(line.find(char::is_whitespace).unwrap_or(line.len()));
    (name.trim_end_matches(';'), rest.trim())
}

fn switch(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(text: &str) -> Result<Backslash, BackslashError> {
        Ok(Backslash::Statement(text.to_owned()))
    }

    #[test]
    fn commands_are_read() {
        use Backslash::*;
        let seconds = |seconds: f64| Watch(Duration::from_secs_f64(seconds));
        for (line, expected) in [
            ("\\G", Vertical),
            ("\\G;\n", Vertical),
            ("\\watch", seconds(2.0)),
            ("\\watch 0.5", seconds(0.5)),
            ("\\x", Expand(None)),
            ("\\x ON;", Expand(Some(super::Expand::On))),
            ("\\x off", Expand(Some(super::Expand::Off))),
            ("\\x auto ;", Expand(Some(super::Expand::Auto))),
            ("\\timing", Timing(None)),
            ("\\timing on", Timing(Some(true))),
            ("\\format", Format(None)),
            ("\\format JSON", Format(Some(super::Format::Json))),
            ("\\format vertical", Format(Some(super::Format::Rows(super::Expand::On)))),
            ("\\pager", Pager(super::Pager::Toggle)),
            ("\\pager off", Pager(super::Pager::Switch(false))),
            ("\\pager less -S; true", Pager(super::Pager::Command("less -S; true".to_owned()))),
            ("\\o", Output(None)),
            ("\\o my file", Output(Some("my file".to_owned()))),
            ("\\o 'it''s'", Output(Some("it's".to_owned()))),
            ("\\!", System(None)),
            ("\\!ls -l; pwd", System(Some("ls -l; pwd".to_owned()))),
            ("\\! ls", System(Some("ls".to_owned()))),
            ("\\?", Help),
            ("\\conninfo", Connection),
            ("\\e", Edit),
        ] {
            assert_eq!(parse(line), Ok(expected), "{line}");
        }
    }

    #[test]
    fn others_are_statements_in_other_words() {
        for (line, text) in [
            ("\\q", "EXIT"),
            ("\\i it's.cql", "SOURCE 'it''s.cql'"),
            ("\\c \"Shop\";", "USE \"Shop\""),
            ("\\d", "DESCRIBE TABLES"),
            ("\\d shop.orders", "DESCRIBE shop.orders"),
            ("\\dn", "DESCRIBE KEYSPACES"),
            ("\\dT", "DESCRIBE TYPES"),
        ] {
            assert_eq!(parse(line), statement(text), "{line}");
        }
    }

    #[test]
    fn what_is_no_command_is_told() {
        for (line, expected) in [
            ("\\", "\\ is no command; \\? lists those that there are."),
            ("\\g", "\\g is no command; \\? lists those that there are."),
            ("\\X on", "\\X is no command; \\? lists those that there are."),
            ("\\x yes", "\\x takes on, off or auto."),
            ("\\watch 0", "\\watch takes a number of seconds from 0.1 to 86400."),
            ("\\watch nan", "\\watch takes a number of seconds from 0.1 to 86400."),
            ("\\format yaml", "\\format takes table, vertical, auto, json, csv, markdown or box."),
            ("\\i", "\\i takes the name of a file."),
            ("\\q now", "\\q takes nothing after it."),
        ] {
            assert_eq!(parse(line).map_err(|error| error.to_string()), Err(expected.to_owned()), "{line}");
        }
    }

    #[test]
    fn the_list_names_every_command_and_no_other() {
        let lines = list().lines().filter(|line| line.starts_with('\\'));
        let names = lines.flat_map(|line| line.split("  ").next().unwrap_or_default().split(' '));
        let names: Vec<_> = names.filter(|word| word.starts_with('\\')).collect();
        for name in &names {
            assert!(!matches!(parse(name), Err(BackslashError::Unknown(_))), "{name}");
        }
        for name in
            WITHOUT_ARGUMENT.iter().chain(&["watch", "x", "format", "pager", "timing", "o", "i", "d", "c", "!", "?"])
        {
            assert!(names.contains(&format!("\\{name}").as_str()), "{name}");
        }
        assert!(list().lines().all(|line| line.chars().count() <= 120));
    }
}
