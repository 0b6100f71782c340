//! What is shown for what is typed on the plain surface: banner, prompts, history, paging, passwords.

use std::fs;

use super::{CTRL_C, CTRL_D, Keyspace, PLAIN, Person, UP, history};
use crate::support::node;

/// Five rows in pages of two.
const PAGED: &str = "SELECT table_name FROM system_schema.tables WHERE keyspace_name='system' LIMIT 5;";
const FIRST_PAGE: &str =
    "\r\n\r\n table_name\r\n------------------\r\n        IndexInfo\r\n available_ranges\r\n\r\n---MORE---";

#[test]
fn the_banner_says_where_one_is_and_where_the_history_goes() {
    let node = node::plain();
    let (host, port) = (node.host(), node.port());
    let mut person = Person::starts(&["--no-color", &host, &port.to_string()], &[]);
    let home = person.home.path().display().to_string();
    let before = person.terminal.expect("[cqlsh ");
    assert_eq!(
        before,
        format!(
            "\r\nATTENTION: All commands will be saved to history file: {home}/.cassandra/cqlsh_history\r\n\
             This may include sensitive information such as passwords.\r\n\
             To disable history, use --disable-history or set 'disabled = true' in the [history] section of cqlshrc.\r\n\
             See https://cassandra.apache.org/doc/latest/tools/cqlsh.html for more information.\r\n\r\n\
             Connected to Test Cluster at {host}:{port}\r\n"
        )
    );
    assert!(person.terminal.expect("cqlsh> ").ends_with("]\r\nUse HELP for help.\r\n"));
    person.leaves();
}

#[test]
fn the_prompt_tells_the_keyspace_and_whether_a_statement_is_pending() {
    let mut person = Person::at_plain_prompt(node::plain(), &[]);
    person.types("\r", "\r\ncqlsh> ");
    person.types("SELECT\r", "SELECT\r\n   ... ");
    person.types(CTRL_C, "\r\ncqlsh> ");
    person.types("USE system;\r", "USE system;\r\ncqlsh:system> ");
    person.types("SELECT key\r", "SELECT key\r\n          ... ");
    person.types("FROM local;\r", "FROM local;\r\n\r\n key\r\n-------\r\n local\r\n\r\n(1 rows)\r\ncqlsh:system> ");
    person.types("USE \"nope\";\r", "USE \"nope\";\r\nInvalidRequest: ");
    person.terminal.expect("\r\ncqlsh:system> ");
    person.leaves();
}

#[test]
fn the_fourth_blank_line_in_a_statement_is_answered_with_a_hint() {
    let mut person = Person::at_plain_prompt(node::plain(), &[]);
    person.types("SELECT\r", "SELECT\r\n   ... ");
    for _ in 0..3 {
        person.types("\r", "\r\n   ... ");
    }
    let hint = "Statements are terminated with a ';'.  You can press CTRL-C to cancel an incomplete statement.";
    person.types("\r", &format!("\r\n{hint}"));
    person.types("\r", "\r\n   ... ");
    person.types(CTRL_C, "\r\ncqlsh> ");
    person.leaves();
}

#[test]
fn a_prompt_from_the_environment_stands_on_lines_of_its_own() {
    let node = node::plain();
    let mut person = Person::starts(
        &["--no-color", &node.host(), &node.port().to_string()],
        &[PLAIN, ("CQLSH_PROMPT", "PROD\nof ours")],
    );
    person.terminal.expect("help.\r\n");
    person.sees("PROD\r\nof ours\r\ncqlsh> ");
    person.types("SELECT\r", "SELECT\r\n   ... ");
    person.types(CTRL_C, "\r\nPROD\r\nof ours\r\ncqlsh> ");
    person.leaves();
}

#[test]
fn a_character_that_starts_no_token_is_pointed_at() {
    let mut person = Person::at_plain_prompt(node::plain(), &[]);
    person.types("select ` 1;\r", "select ` 1;\r\nInvalid syntax at char 8\r\n  select ` 1;\r\n         ^\r\ncqlsh> ");
    person.leaves();
}

#[test]
fn exit_ends_the_shell_and_so_does_the_end_of_input_which_tells_what_was_left() {
    let mut person = Person::at_plain_prompt(node::plain(), &[]);
    person.terminal.send("exit\r");
    assert_eq!(person.terminal.end(), ("exit\r\n".to_owned(), 0));

    let mut person = Person::at_plain_prompt(node::plain(), &[]);
    person.types("SELECT 1; SELECT\r", "SELECT 1; SELECT\r\n   ... ");
    person.terminal.send(CTRL_D);
    assert_eq!(person.terminal.end(), ("\r\nIncomplete statement at end of file\r\n".to_owned(), 0));
}

#[test]
fn ctrl_d_inside_a_line_deletes_and_ctrl_c_drops_the_line() {
    let mut person = Person::at_plain_prompt(node::plain(), &[]);
    person.types("PAGING X", "PAGING X");
    person.terminal.send("\x02\x04\r");
    person.terminal.expect("PAGING is ON\r\nPage size: 100\r\n");
    person.sees("cqlsh> ");
    person.types("nonsense", "nonsense");
    person.types(CTRL_C, "\r\ncqlsh> ");
    person.leaves();
}

#[test]
fn what_follows_ctrl_c_in_one_write_is_not_lost() {
    let mut person = Person::at_plain_prompt(node::plain(), &[]);
    person.types("SELECT \x03PAGING\r", "SELECT \r\ncqlsh> PAGING\r\nPAGING is ON\r\nPage size: 100\r\ncqlsh> ");
    person.leaves();
}

#[test]
fn pages_wait_for_enter_and_can_be_left() {
    let mut person = Person::at_plain_prompt(node::plain(), &[]);
    person.types("PAGING 2\r", "PAGING 2\r\nPage size: 2\r\ncqlsh> ");
    person.types(&format!("{PAGED}\r"), &format!("{PAGED}{FIRST_PAGE}"));
    person.types(
        "\r",
        "\r\n table_name\r\n---------------------\r\n available_ranges_v2\r\n             batches\r\n\r\n---MORE---",
    );
    person.types("\r", "\r\n table_name\r\n-------------\r\n built_views\r\n\r\n(5 rows)\r\ncqlsh> ");
    // Ctrl-D leaves the result, Ctrl-C also the statements after it.
    for (key, after) in [(CTRL_D, "\r\nPage size: 100\r\ncqlsh> "), (CTRL_C, "\r\ncqlsh> ")] {
        let line = format!("PAGING 2\r{PAGED} PAGING OFF; PAGING ON\r");
        person.terminal.send(line);
        person.terminal.expect("---MORE---");
        let shown = after.replace("\r\nPage", "\r\nPAGING set to OFF\r\nPAGING set to ON\r\nPage");
        person.types(key, &shown);
    }
    person.leaves();
}

#[test]
fn the_history_is_the_file_that_apache_cqlsh_writes() {
    let node = node::plain();
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join(".cassandra")).unwrap();
    fs::write(history(home.path()), "old\n").unwrap();
    let arguments = ["--no-color", &node.host(), &node.port().to_string()];
    let mut person = Person::starts_in(home, &arguments, &[PLAIN]);
    person.terminal.expect("cqlsh> ");
    for line in ["SELECT 1;", "SELECT", "", " 2;", "SELECT 1;", "SELECT 1;", "SELECT a"] {
        person.terminal.send(format!("{line}\r"));
    }
    person.terminal.expect("SELECT a\r\n   ... ");
    person.types(CTRL_C, "\r\ncqlsh> ");
    person.types("HISTORY 2\r", "HISTORY 2\r\nSELECT 1;\r\nSELECT a\r\ncqlsh> ");
    person.types("   \r", "   \r\ncqlsh> ");
    person.terminal.send(format!("{UP}{UP}\r"));
    assert_eq!(person.terminal.expect("\r\nHISTORY 2\r\n   \r\ncqlsh> "), "   \x08\x08\x08HISTORY 2");
    person.terminal.send("EXIT\r");
    person.terminal.expect("EXIT\r\n");
    let home = person.home;
    person.terminal.end();
    assert_eq!(
        fs::read_to_string(history(home.path())).unwrap(),
        "old\nSELECT 1;\nSELECT\n 2;\nSELECT   2;\nSELECT 1;\nSELECT a\nHISTORY 2\n   \nHISTORY 2\nEXIT\n"
    );
}

#[test]
fn passwords_and_a_disabled_history_leave_nothing_behind() {
    let mut person = Person::at_plain_prompt(node::plain(), &[]);
    for statement in ["CREATE ROLE a WITH PASSWORD = 'secret';", "CREATE ROLE\ra WITH PASSWORD = 'secret';", "PAGING"] {
        person.terminal.send(format!("{statement}\r"));
    }
    person.terminal.expect("Page size");
    person.terminal.expect("cqlsh> ");
    let home = person.leaves();
    assert_eq!(fs::read_to_string(history(home.path())).unwrap(), "PAGING\n");

    let mut person = Person::at_plain_prompt(node::plain(), &["--disable-history"]);
    person.terminal.send("PAGING\r");
    person.terminal.expect("Page size: 100\r\ncqlsh> ");
    assert!(!history(person.leaves().path()).exists());
}

#[test]
fn a_history_that_can_have_no_directory_is_told_of_once() {
    let node = node::plain();
    let arguments = ["--no-color", &node.host(), &node.port().to_string()];
    let mut person = Person::starts(&arguments, &[("CQL_HISTORY", "/dev/null/no/history")]);
    person.sees(
        "\r\nWarning: Cannot create directory at `/dev/null/no`. Command history will not be saved. Please check what was \
         the environment property CQL_HISTORY set to.\r\n\r\n",
    );
    person.terminal.expect("cqlsh> ");
    person.leaves();
}

#[test]
fn the_user_stands_in_the_prompt_and_types_passwords_unseen() {
    let node = node::authenticated();
    let (host, port) = (node.host(), node.port().to_string());
    let arguments = ["--no-color", "-u", "cassandra", &host, &port];
    let mut person = Person::starts(&arguments, &[]);
    person.sees("Password: ").types("cassandra\r", "\r\n\r\nATTENTION");
    person.terminal.expect("cassandra@cqlsh> ");
    person.types("LOGIN cassandra\r", "LOGIN cassandra\r\nPassword: ");
    person.types("wrong\r", "\r\n('Unable to connect to any servers', {'");
    person.terminal.expect("\r\ncassandra@cqlsh> ");
    person.types("USE system;\r", "USE system;\r\ncassandra@cqlsh:system> ");
    person.types("LOGIN cassandra\r", "LOGIN cassandra\r\nPassword: ");
    person.types(CTRL_C, "^C\r\ncassandra@cqlsh:system> ");
    person.types("LOGIN cassandra\r", "LOGIN cassandra\r\nPassword: ");
    person.types(CTRL_D, "\r\ncassandra@cqlsh:system> ");
    person.types("LOGIN cassandra\r", "LOGIN cassandra\r\nPassword: ");
    person.types("cassandra\r", "\r\ncassandra@cqlsh:system> ");
    person.types("SELECT\r", "SELECT\r\n          ... ");
    person.types(CTRL_C, "\r\ncassandra@cqlsh:system> ");
    person.leaves();

    for key in [CTRL_C, CTRL_D] {
        let mut person = Person::starts(&arguments, &[]);
        person.sees("Password: ").terminal.send(key);
        assert_eq!(person.terminal.end(), ("Connection aborted.\r\n".to_owned(), 1));
    }
}

#[test]
fn a_terminal_that_cannot_edit_has_the_prompts_and_ctrl_c_all_the_same() {
    let keyspace = Keyspace::new();
    let (host, port) = (keyspace.node.host(), keyspace.node.port().to_string());
    let mut person = Person::starts(&["-k", &keyspace.name, &host, &port], &[("TERM", "dumb")]);
    let prompt = format!("cqlsh:{}> ", keyspace.name);
    person.terminal.expect(&prompt);
    person.types("SELECT \r", &format!("SELECT \r\n{}    ... ", " ".repeat(keyspace.name.len())));
    person.types(CTRL_C, &format!("\r\n{prompt}"));
    person.types("PAGING\r", &format!("PAGING\r\nPAGING is ON\r\nPage size: 100\r\n{prompt}"));
    person.leaves();
}

#[test]
fn a_pipe_under_tty_is_answered_with_prompts_and_no_echo() {
    let run = node::plain().cqlsh(&["--tty"]).stdin("PAGING\nSELECT key\nFROM system.local;\nSELECT").run();
    let (banner, rest) = run.stdout.split_once("Use HELP for help.\n").unwrap();
    assert!(banner.starts_with("Connected to Test Cluster at "), "{run:?}");
    assert_eq!(
        rest,
        "cqlsh> PAGING is ON\nPage size: 100\ncqlsh>    ... \n key\n-------\n local\n\n(1 rows)\ncqlsh>    ... \n"
    );
    run.failed(0, "Incomplete statement at end of file\n");
}
