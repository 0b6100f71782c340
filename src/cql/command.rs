//! Shell commands: a statement in, a [`Command`] out. Parsed with nom over the lexer's tokens.

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
    /// `DESCRIBE …`: the words decide how the server's rows are laid out, the statement is sent as written.
    Describe(DescribeTarget),
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
    /// `EXPAND [ON|OFF]`.
    Expand(Option<bool>),
    /// `PAGING [ON|OFF|n]`.
    Paging(Paging),
    /// `LOGIN user ['password']`.
    Login {
        /// The user as typed.
        user: String,
        /// The password's text, if given.
        password: Option<String>,
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

/// `PAGING …`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// No argument.
    Show,
    /// `ON` or `OFF`.
    Switch(bool),
    /// A number of rows.
    Size(u32),
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

/// Tells what a statement is.
pub fn parse(_statement: &str) -> Parsed {
    todo!()
}
