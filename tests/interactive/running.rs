//! While a statement runs: what is shown meanwhile, Ctrl-C at every stage of it, and a connection that breaks.

use std::num::NonZero;

use super::{CTRL_C, CTRL_D, Keyspace, Person};
use crate::support::node;
use crate::support::relay::Relay;

const KEY: &str = "SELECT key FROM system.local;";
const TABLES: &str = "SELECT table_name FROM system_schema.tables WHERE keyspace_name = 'system_schema' LIMIT 5;";

/// A person whose shell talks to the node through the relay.
fn through(relay: &Relay, environment: &[(&str, &str)]) -> Person {
    let mut person = Person::starts(&["--no-color", "127.0.0.1", &relay.port().to_string()], environment);
    person.terminal.expect("cqlsh> ");
    person
}

fn relay() -> Relay {
    let node = node::plain();
    Relay::to(&node.host(), node.port())
}

/// What a terminal shows after these bytes.
fn screen(bytes: &str) -> String {
    let size = |length| NonZero::new(length).unwrap();
    let mut parser = vt100::Parser::new(size(40), size(200), 0);
    parser.process(bytes.as_bytes());
    parser.screen().contents()
}

#[test]
fn a_slow_answer_is_waited_for_visibly_and_nothing_is_left_of_it() {
    let relay = relay();
    let mut person = through(&relay, &[]);
    person.terminal = person.terminal.uncleaned();
    relay.hold();
    person.terminal.send(format!("{KEY}\r"));
    let mut shown = person.terminal.expect("waiting for the server (1s)");
    shown.push_str("waiting for the server (1s)");
    assert!(screen(&shown).ends_with("waiting for the server (1s)"));
    relay.release();
    shown.push_str(&person.terminal.expect("(1 rows)"));
    let left = screen(&shown);
    assert!(left.ends_with(&format!("{KEY}\n\n key\n-------\n local")), "{left}");
    person.terminal.expect("cqlsh> ");
    person.terminal.send(CTRL_D);
    assert_eq!(person.terminal.end().1, 0);
}

#[test]
fn nothing_is_drawn_for_a_program() {
    let relay = relay();
    let mut person = through(&relay, &[("CQLSH_EDITOR", "plain")]);
    relay.hold_when_asked("SELECT key");
    person.terminal.send(format!("{KEY}\r"));
    relay.wait_for("SELECT key");
    // Longer than a person would wait for the first sign.
    std::thread::sleep(std::time::Duration::from_millis(1500));
    relay.release();
    let before = person.terminal.expect("(1 rows)");
    assert!(!before.contains("waiting"), "{before}");
    person.terminal.expect("cqlsh> ");
}

#[test]
fn ctrl_c_ends_the_wait_for_a_page() {
    let relay = relay();
    let mut person = through(&relay, &[]);
    person.types("PAGING 1\r", "PAGING 1\r\nPage size: 1\r\ncqlsh> ");
    person.terminal.send(format!("{TABLES}\r"));
    person.terminal.expect("---MORE---");
    relay.hold();
    // The second page may be there already, the third is not asked for before it is shown.
    person.terminal.send("\r\r");
    person.terminal.expect(" rows so far (1s)");
    person.terminal.send(CTRL_C);
    person.terminal.expect("^C\r\ncqlsh> ");
    relay.release();
    person.types("PAGING OFF\r", "PAGING OFF\r\nPAGING set to OFF\r\ncqlsh> ");
    person.terminal.send(format!("{KEY}\r"));
    person.terminal.expect("(1 rows)\r\ncqlsh> ");
    person.leaves();
}

#[test]
fn ctrl_c_ends_a_describe_and_keeps_the_shell() {
    let relay = relay();
    let mut person = through(&relay, &[]);
    relay.hold();
    person.types("DESCRIBE KEYSPACE system\r", "DESCRIBE KEYSPACE system\r\n");
    relay.wait_for("DESCRIBE KEYSPACE");
    person.types(CTRL_C, "^C\r\ncqlsh> ");
    relay.release();
    person.terminal.send(format!("{KEY}\r"));
    person.terminal.expect("(1 rows)\r\ncqlsh> ");
    person.leaves();
}

#[test]
fn statements_answer_while_the_server_still_works_on_one_that_was_given_up() {
    let keyspace = Keyspace::new();
    let name = &keyspace.name;
    let mut person = Person::at_prompt(keyspace.node, &["-k", name]);
    let relay = Relay::to(&keyspace.node.host(), keyspace.node.port());
    let mut other = through(&relay, &[]);
    relay.hold();
    // More than the node keeps streams for would be needed to wedge it; each of these stays unanswered.
    for i in 0..20 {
        let statement = format!("SELECT key AS given_up_{i} FROM system.local;");
        other.types(&format!("{statement}\r"), &format!("{statement}\r\n"));
        relay.wait_for(&format!("given_up_{i} "));
        other.types(CTRL_C, "^C\r\ncqlsh> ");
    }
    relay.release();
    other.terminal.send(format!("{TABLES}\r"));
    other.terminal.expect("(5 rows)\r\ncqlsh> ");
    other.leaves();
    person.types("PAGING 7\r", &format!("PAGING 7\r\nPage size: 7\r\ncqlsh:{name}> "));
    person.leaves();
}

#[test]
fn a_lost_connection_comes_back_with_the_next_statement_and_everything_is_as_it_was() {
    let relay = relay();
    let mut person = through(&relay, &[]);
    person.types("USE system;\r", "USE system;\r\ncqlsh:system> ");
    person.terminal.send("CONSISTENCY QUORUM\rEXPAND ON\r");
    person.terminal.expect("EXPAND set to ON\r\ncqlsh:system> ");
    relay.cut();
    person.terminal.send("SELECT key FROM local;\r");
    // Whether the statement or the connection was first to know.
    let first = person.terminal.expect("cqlsh:system> ");
    let lost = format!("The connection to 127.0.0.1:{} is lost.\r\n", relay.port());
    assert_eq!(first.matches(&lost).count(), 1, "{first}");
    assert!(first.contains("\r\nNoHostAvailable: "), "{first}");
    person.terminal.send("SELECT key FROM local;\r");
    let second = person.terminal.expect("cqlsh:system> ");
    assert!(second.starts_with("SELECT key FROM local;\r\nNoHostAvailable: ") && !second.contains("lost"), "{second}");
    relay.mend();
    let row = "\r\n@ Row 1\r\n-----+-------\r\n key | local\r\n\r\n(1 rows)\r\ncqlsh:system> ";
    person.types("SELECT key FROM local;\r", &format!("SELECT key FROM local;\r\nConnected again.\r\n{row}"));
    person.types("SELECT key FROM local;\r", &format!("SELECT key FROM local;\r\n{row}"));
    let level = "CONSISTENCY\r\nCurrent consistency level is QUORUM.\r\ncqlsh:system> ";
    person.types("CONSISTENCY\r", level);
    person.leaves();
}

#[test]
fn whether_a_write_was_carried_out_is_not_known_when_its_connection_breaks() {
    let keyspace = Keyspace::new();
    let relay = Relay::to(&keyspace.node.host(), keyspace.node.port());
    let mut person = through(&relay, &[]);
    relay.hold_when_asked("INSERT");
    person.terminal.send(format!("INSERT INTO {}.t (k) VALUES (1);\r", keyspace.name));
    relay.wait_for("INSERT");
    relay.cut();
    let told = person.terminal.expect("cqlsh> ");
    let lost = "is lost. Whether the statement was carried out is not known.\r\n";
    assert!(told.contains("\r\nNoHostAvailable: ") && told.ends_with(lost), "{told}");
    relay.release();
    relay.mend();
    person.terminal.send(format!("{KEY}\r"));
    person.terminal.expect("Connected again.\r\n");
    person.terminal.expect("(1 rows)\r\ncqlsh> ");
    person.leaves();
}
