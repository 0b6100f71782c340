//! Nothing that is typed or pasted is lost, repeated or reordered, whoever reads it.

use super::{CTRL_C, Keyspace, PLAIN, Person};
use crate::support::node;
use crate::support::relay::Relay;

/// A script of ten thousand lines, four a statement, and the number of its statements.
fn script() -> (String, usize) {
    let statement = |i| format!("UPDATE t SET numbers = numbers + [{i}],\n\ts = 'a\tb {i}'\nWHERE k = 1\n;\n");
    ((0..2500).map(statement).collect(), 2500)
}

/// Checks that each of the script's statements ran once, in order.
#[track_caller]
fn ran_once_in_order(keyspace: &Keyspace, statements: usize) {
    let printed = keyspace.batch(&format!("SELECT numbers, s FROM {}.t", keyspace.name));
    let numbers: Vec<_> = (0..statements).map(|number| number.to_string()).collect();
    assert!(printed.contains(&format!("\n [{}] | a\\tb {}\n", numbers.join(", "), statements - 1)));
}

#[test]
fn a_script_that_is_typed_fast_runs_once_and_in_order() {
    let keyspace = Keyspace::new();
    let mut person = Person::at_prompt(keyspace.node, &[]);
    let (script, statements) = script();
    person.terminal.send(format!("USE {};\r", keyspace.name));
    person.terminal.send(script.replace('\n', "\r"));
    person.terminal.send("PAGING\r");
    person.terminal.expect("Page size: 100");
    person.terminal.expect("> ");
    person.leaves();
    ran_once_in_order(&keyspace, statements);
}

#[test]
fn a_script_that_is_pasted_waits_for_enter_and_runs_once_and_in_order() {
    let keyspace = Keyspace::new();
    let mut person = Person::at_prompt(keyspace.node, &["-k", &keyspace.name]);
    let (script, statements) = script();
    person.terminal.send(format!("\x1b[200~{}\x1b[201~", script.replace('\n', "\r")));
    person.terminal.expect(&format!("b {}'", statements - 1));
    assert!(keyspace.batch(&format!("SELECT k FROM {}.t", keyspace.name)).contains("(0 rows)"));
    person.terminal.send("\rPAGING\r");
    person.terminal.expect("Page size: 100");
    person.terminal.expect("> ");
    person.leaves();
    ran_once_in_order(&keyspace, statements);
}

#[test]
fn what_is_typed_while_a_statement_runs_is_read_afterwards_and_shown_once() {
    let keyspace = Keyspace::new();
    let relay = Relay::to(&keyspace.node.host(), keyspace.node.port());
    let mut person = Person::starts(&["--no-color", "127.0.0.1", &relay.port().to_string()], &[PLAIN]);
    person.terminal.expect("cqlsh> ");
    relay.hold();
    person.types("SELECT slow FROM nowhere;\r", "SELECT slow FROM nowhere;\r\n");
    relay.wait_for("SELECT slow");
    // Longer than a line that the kernel would edit.
    let long = "x".repeat(10_000);
    let insert = format!("INSERT INTO {}.t (k, s) VALUES (1, '{long}');", keyspace.name);
    person.terminal.send(format!("PAGING\r{insert}\rEXPAND\rPAGI"));
    relay.release();
    person.terminal.expect("InvalidRequest: ");
    person.terminal.expect("\r\ncqlsh> PAGING\r\nPAGING is ON\r\nPage size: 100\r\ncqlsh> INSERT INTO");
    person.terminal.expect("\r\ncqlsh> EXPAND\r\nEXPAND is OFF\r\ncqlsh> PAGI");
    person.types("NG\r", "NG\r\nPAGING is ON\r\nPage size: 100\r\ncqlsh> ");
    person.leaves();
    assert!(keyspace.batch(&format!("SELECT s FROM {}.t", keyspace.name)).contains(&format!("\n {long}\n")));
}

#[test]
fn a_paste_feeds_copy_and_the_statements_after_it() {
    let keyspace = Keyspace::new();
    let mut person = Person::at_prompt(keyspace.node, &[]);
    let lines = format!("COPY {}.t (k, s) FROM STDIN;\r1,one\r2,two\r\\.\rEXPAND\r", keyspace.name);
    person.terminal.send(format!("\x1b[200~{lines}\x1b[201~\r"));
    person.terminal.expect("2 rows imported from 1 files in");
    person.terminal.expect("EXPAND is OFF\r\ncqlsh> ");
    person.leaves();
    assert!(keyspace.batch(&format!("SELECT k, s FROM {}.t", keyspace.name)).contains("(2 rows)"));
}

#[test]
fn the_keyboard_feeds_copy_and_the_statements_after_it() {
    let keyspace = Keyspace::new();
    let mut person = Person::at_prompt(keyspace.node, &[]);
    person.terminal.send(format!("COPY {}.t (k, s) FROM STDIN;\r1,one\r2,two\r\\.\rEXPAND\r", keyspace.name));
    person.terminal.expect("[copy] 1,one\r\n[copy] 2,two\r\n[copy] \\.\r\n");
    person.terminal.expect("2 rows imported from 1 files in");
    person.terminal.expect("cqlsh> EXPAND\r\nEXPAND is OFF\r\ncqlsh> ");
    person.leaves();
}

#[test]
fn the_question_for_more_is_answered_by_the_keyboard_and_not_by_a_paste() {
    let mut person = Person::at_prompt(node::plain(), &[]);
    let select = "SELECT table_name FROM system_schema.tables WHERE keyspace_name='system' LIMIT 3;";
    person.terminal.send(format!("\x1b[200~PAGING 2\r{select}\rEXPAND\x1b[201~\r"));
    person.terminal.expect("---MORE---");
    person.types("\r", "\r\n table_name\r\n---------------------\r\n available_ranges_v2\r\n\r\n(3 rows)\r\n");
    person.sees("EXPAND is OFF\r\ncqlsh> ");
    // Typed ahead, Enter answers.
    person.terminal.send(format!("{select}\r\rEXPAND\r"));
    person.terminal.expect("(3 rows)\r\ncqlsh> EXPAND\r\nEXPAND is OFF\r\ncqlsh> ");
    person.leaves();
}

#[test]
fn keys_that_are_no_text_drop_the_statement_and_not_the_shell() {
    let mut person = Person::at_prompt(node::plain(), &[]);
    person.types("SELECT\r", "SELECT\r\n   ... ");
    person.terminal.send(*b"\xff\xfe");
    person.terminal.expect("This line cannot be read and is dropped: ");
    person.terminal.expect("\r\ncqlsh> ");
    person.types(CTRL_C, "\r\ncqlsh> ");
    person.leaves();
}
