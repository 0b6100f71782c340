//! What stands beside an error for a person: a caret where the server says, and what may have been meant.

use super::{Keyspace, Person};
use crate::support::node;

impl Person {
    /// Types a statement until it is answered with this question: the schema is read beside the statements.
    #[track_caller]
    fn is_asked(&mut self, statement: &str, meant: &str, prompt: &str) {
        let question = format!("\r\nDid you mean {meant}?\r\n");
        let asked = (0..60).any(|_| {
            self.terminal.send(format!("{statement}\r"));
            self.terminal.expect(prompt).ends_with(&question)
        });
        assert!(asked, "{statement}");
    }
}

#[test]
fn the_place_that_the_server_names_is_shown_and_the_word_that_was_meant() {
    let mut person = Person::at_prompt(node::plain(), &[]);
    let error = "SyntaxException: line 1:9 mismatched input 'FORM' expecting K_FROM (SELECT * [FORM]...)\r\n";
    let shown = "  SELECT * FORM t;\r\n           ^\r\nDid you mean FROM?\r\ncqlsh> ";
    person.types("SELECT * FORM t;\r", &format!("SELECT * FORM t;\r\n{error}{shown}"));
    person.terminal.send("SELECT\r * FROM t\r WHRE;\r");
    person.terminal.expect("SyntaxException: line 3:1 ");
    person.terminal.expect("\r\n   WHRE;\r\n   ^\r\nDid you mean WHERE?\r\ncqlsh> ");
    person.leaves();
}

#[test]
fn names_are_looked_for_in_the_schema_as_it_is_now() {
    let keyspace = Keyspace::new();
    let name = &keyspace.name;
    keyspace.batch(&format!("CREATE TABLE {name}.customers (id int PRIMARY KEY, address text)"));
    let mut person = Person::at_prompt(keyspace.node, &["-k", name]);
    // What shows that something is waited for leaves no line of its own.
    let prompt = format!("cqlsh:{name}> ");
    for (statement, meant) in [
        ("SELECT * FROM custmers;", "customers"),
        ("SELECT adress FROM customers;", "address"),
        ("SELECT toTimestmp(now()) FROM customers;", "totimestamp"),
        ("INSERT INTO customers (id, addres) VALUES (1, 'a');", "address"),
        ("DESCRIBE TABLE custmers;", "customers"),
        ("COPY customers (adress) TO 'x';", "address"),
    ] {
        person.is_asked(statement, meant, &prompt);
    }
    person.terminal.send("CREATE TABLE new_comers (id int PRIMARY KEY);\r");
    person.terminal.expect(&prompt);
    person.is_asked("SELECT * FROM new_commers;", "new_comers", &prompt);
    person.terminal.send("SELECT * FROM nothing_like_it;\r");
    assert!(!person.terminal.expect(&prompt).contains("mean"));
}

#[test]
fn a_program_reads_the_error_and_nothing_else() {
    let node = node::plain();
    let arguments = ["--no-color", &node.host(), &node.port().to_string()];
    let mut person = Person::starts(&arguments, &[("CQLSH_EDITOR", "plain")]);
    person.terminal.expect("cqlsh> ");
    person.terminal.send("SELECT * FORM t;\r");
    let error = "SyntaxException: line 1:9 mismatched input 'FORM' expecting K_FROM (SELECT * [FORM]...)\r\n";
    person.terminal.expect(&format!("\r\n{error}"));
    person.sees("cqlsh> ");
}
