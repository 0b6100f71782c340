//! Shell commands: a statement in, a [`Command`] out. Parsed with nom over the lexer's tokens; what a command does is
//! not known here.

mod copy;
mod rules;
mod term;

use nom::Parser;
use nom::combinator::all_consuming;

use super::lexer::{Lexer, TokenKind};
use super::secret::Secret;
use super::tokens::{Tokens, significant, table_name};

/// What a statement is for the shell.
#[derive(Debug, Clone, PartialEq)]
pub enum Parsed {
    /// A command that the shell carries out itself.
    Command(Command),
    /// CQL for the server, sent as written.
    Cql(CqlKind),
    /// A shell command that does not parse; the text is cqlsh's line (`Improper X command.` and its kin).
    Improper(String),
}

/// What kind of CQL it is, as far as the shell treats it differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CqlKind {
    /// `USE`, with the keyspace name unquoted.
    Use(String),
    /// A text that starts with `select`: its rows are printed with a count. The table if it is `FROM [ks.]table`.
    Select(Option<TableName>),
    /// A text that starts with `list`: printed like a SELECT.
    List,
    /// Anything else: rows (LWT results) are printed without a count.
    Other,
}

/// `[keyspace.]table`, unquoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableName {
    /// The keyspace if it was given.
    pub keyspace: Option<String>,
    /// The table.
    pub table: String,
}

/// A shell command with its arguments.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// `DESCRIBE …`, which a server that knows it is sent as written.
    Describe(Describe),
    /// `COPY … TO|FROM …`.
    Copy(Copy),
    /// `SOURCE 'file'`, the path as written in the literal.
    Source(String),
    /// `CAPTURE`.
    Capture(Capture),
    /// `CONSISTENCY [level]`, upper case.
    Consistency(Option<String>),
    /// `SERIAL CONSISTENCY [level]`, upper case.
    SerialConsistency(Option<String>),
    /// `SHOW …`.
    Show(Show),
    /// `TRACING [ON|OFF]`.
    Tracing(Option<bool>),
    /// `ELAPSED [ON|OFF]`.
    Elapsed(Option<bool>),
    /// `EXPAND [ON|OFF]`, at a prompt also `EXPAND AUTO`.
    Expand(Option<Expand>),
    /// `PAGING [ON|OFF|n]`.
    Paging(Paging),
    /// `LOGIN user ['password']`.
    Login {
        /// The user: a word as typed, a string's text.
        user: String,
        /// The password's text, if given.
        password: Option<Secret>,
    },
    /// `HELP [topic…]`.
    Help(Vec<String>),
    /// `HISTORY [n]`.
    History(Option<usize>),
    /// `CLEAR` or `CLS`.
    Clear,
    /// `DEBUG`.
    Debug,
    /// `EXIT` or `QUIT`.
    Exit,
}

/// `DESCRIBE … [WITH INTERNALS]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Describe {
    /// How the server's answer is laid out.
    pub target: DescribeTarget,
    /// What is to be described, for servers that have to be asked in other words.
    pub what: Described,
    /// Whether ids and dropped columns are told as well.
    pub internals: bool,
}

/// What a DESCRIBE is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Described {
    /// `KEYSPACES`.
    Keyspaces,
    /// `CLUSTER`.
    Cluster,
    /// `TABLES` and the like: the names of all of a kind.
    All(ObjectKind),
    /// `[FULL] SCHEMA`.
    Schema {
        /// Whether the system's keyspaces are told as well.
        full: bool,
    },
    /// `[ONLY] KEYSPACE [name]`.
    Keyspace {
        /// Its name, unquoted; the current one if none is given.
        name: Option<String>,
        /// Whether what is in it is left out.
        only: bool,
    },
    /// `TABLE [keyspace.]name` and the like.
    Object(ObjectKind, TableName),
    /// `[keyspace.]name`, of whatever kind.
    Named(TableName),
}

/// The kinds of things in a keyspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is what CQL calls so")]
pub enum ObjectKind {
    Table,
    Index,
    MaterializedView,
    Type,
    Function,
    Aggregate,
}

/// How the server's answer to a DESCRIBE is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DescribeTarget {
    /// `KEYSPACES`.
    Keyspaces,
    /// `TABLES`, `TYPES`, `FUNCTIONS`, `AGGREGATES`: names by keyspace.
    Names,
    /// `CLUSTER`.
    Cluster,
    /// Anything with CREATE statements.
    Statements,
}

/// `SHOW …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Show {
    /// `SHOW VERSION`.
    Version,
    /// `SHOW HOST`.
    Host,
    /// `SHOW SESSION uuid`.
    Session(String),
    /// `SHOW REPLICAS token [keyspace]`.
    Replicas(String, Option<String>),
}

/// Whether rows are shown vertically.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expand {
    /// Yes.
    On,
    /// No.
    Off,
    /// When they are wider than the terminal.
    Auto,
}

/// `PAGING …`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// No argument.
    Show,
    /// `ON` or `OFF`.
    Switch(bool),
    /// A number of rows.
    Size(u64),
}

/// `CAPTURE …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Capture {
    /// No argument.
    Show,
    /// `OFF`.
    Off,
    /// A file, the path as written in the literal.
    File(String),
}

/// `COPY table [(columns)] TO|FROM place [WITH …]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Copy {
    /// The table.
    pub table: TableName,
    /// The column list, unquoted, if one was given.
    pub columns: Option<Vec<String>>,
    /// TO or FROM.
    pub direction: Direction,
    /// The file as written in the literal; `None` for STDOUT and STDIN.
    pub file: Option<String>,
    /// Option names in lower case and values as cqlsh dequotes them, in the order written. A repeated name stands more
    /// than once: the last wins.
    pub options: Vec<(String, String)>,
}

/// The direction of a COPY.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Table to file.
    To,
    /// File to table.
    From,
}

/// Tells what a statement is, as cqlsh understands it. Its terminator may be there or not.
pub fn parse(statement: &str) -> Parsed {
    match understand(statement) {
        (word, Parsed::Command(Command::Expand(Some(Expand::Auto)))) => Parsed::Improper(improper(word)),
        (_, parsed) => parsed,
    }
}

/// The same for what a person types, to whom the shell offers more (`EXPAND AUTO`).
pub fn parse_at_prompt(statement: &str) -> Parsed {
    understand(statement).1
}

/// The word that decides, and what the statement is.
fn understand(statement: &str) -> (&str, Parsed) {
    let is_first = |kind: TokenKind| !kind.is_junk() && kind != TokenKind::Newline;
    let Some(first) = Lexer::new(statement).find(|token| is_first(token.kind)) else {
        return ("", Parsed::Cql(CqlKind::Other));
    };
    // cqlsh: `?` is called help in messages too.
    let word = match first.text(statement) {
        "?" => "help",
        word => word,
    };
    let text = statement.get(first.start..).unwrap_or_default();
    let Some(rule) = rules::find(word) else { return (word, Parsed::Cql(cql_kind(text))) };

    let mut tokens = significant(text);
    tokens.pop_if(|last| last.kind == TokenKind::Semicolon);
    match all_consuming(rule).parse(Tokens::new(&tokens, text)) {
        Ok((_, parsed)) => (word, parsed),
        Err(_) => (word, Parsed::Improper(improper(word))),
    }
}

fn improper(word: &str) -> String {
    format!("Improper {word} command.")
}

/// What a text that is no shell command is to the shell.
fn cql_kind(text: &str) -> CqlKind {
    // cqlsh looks at the text's first letters and not at its first word.
    let starts_with = |word: &str| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    if starts_with("select") {
        CqlKind::Select(selected_table(text))
    } else if starts_with("list") {
        CqlKind::List
    } else {
        CqlKind::Other
    }
}

/// The table that a SELECT reads: what stands after its FROM, which no column can be called without quotes.
fn selected_table(text: &str) -> Option<TableName> {
    let tokens = significant(text);
    let (_, table) = table_name(Tokens::new(&tokens, text).after("from")?).ok()?;
    Some(table)
}

#[cfg(test)]
mod tests;
