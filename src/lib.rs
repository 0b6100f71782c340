//! The Cassandra shell, room by room. A room may use only the rooms above it in this list.
//!
//! How a statement travels: a file or the [`editor`] gives lines, [`cql::split`] gives statements, the [`shell`]
//! decides, the [`cluster`] asks the server, [`mod@print`] makes text and the [`terminal`] writes it.

// The language, without I/O: lexer, statement splitter, names, types, shell commands, HELP.
pub mod cql;

// One cell: wire bytes to text and text to wire bytes.
pub mod value;

// A result as text: cqlsh's table, EXPAND, JSON, CSV, Markdown, boxes, columns of names, warnings, carets.
pub mod print;

// The doors to the outside: results, remarks, errors, lines of input, the password question, progress.
pub mod terminal;

// The only room that names the driver: connect, ask, page, batch, schema, ring, traces, errors.
pub mod cluster;

// A throwaway Cassandra node: jars, configuration, start, wait, stop.
pub mod sandbox;

// What was asked: flags, environment and their precedence, as values.
pub mod settings;

// DESCRIBE: the server's rows laid out as cqlsh lays them out.
pub mod describe;

// COPY both ways: options, records, export, import, meter, error file.
pub mod copy;

// What may come next at the cursor: the grammar walked along what is typed, and names from the schema.
pub mod complete;

// The line editor: prompt, history, continuation.
pub mod editor;

// One statement in, effects out: interactive, batch, SOURCE.
pub mod shell;
