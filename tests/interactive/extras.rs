//! What a prompt offers beside cqlsh's own commands: backslash commands, formats, the pager, questions before harm.

use std::fs;

use super::{CTRL_C, Keyspace, Person, history};
use crate::support::cqlsh::PROGRAM;
use crate::support::node;
use crate::support::pty::Terminal;

const PROMPT: &str = "cqlsh> ";
const ROW: &str = "SELECT key, bootstrapped FROM system.local";

/// What is shown for a line, with the prompt that follows.
fn answered(line: &str, answer: &str) -> String {
    format!("{line}\r\n{answer}{PROMPT}")
}

impl Person {
    /// Types a line and sees the answer to it, and then the prompt.
    #[track_caller]
    fn asks(&mut self, line: &str, answer: &str) -> &mut Self {
        self.types(&format!("{line}\r"), &answered(line, answer))
    }

    /// A home with this cqlshrc, at the first prompt of a shell against the keyspace's node.
    fn with_cqlshrc(keyspace: &Keyspace, cqlshrc: &str, environment: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join(".cassandra")).unwrap();
        fs::write(home.path().join(".cassandra/cqlshrc"), cqlshrc).unwrap();
        let (host, port) = (keyspace.node.host(), keyspace.node.port().to_string());
        let mut person = Self::starts_in(home, &["--no-color", &host, &port], environment);
        person.terminal.expect("Use HELP for help.\r\n");
        person.terminal.expect(PROMPT);
        person
    }
}

fn vertical(rows: &[&str]) -> String {
    let rows = rows.iter().enumerate().map(|(i, row)| format!("@ Row {}\r\n{row}\r\n", i + 1));
    format!("\r\n{}", rows.collect::<String>())
}

const VERTICAL: &str = "--------------+-----------\r\n key          | local\r\n bootstrapped | COMPLETED\r\n";
const TABLE: &str = "\r\n key   | bootstrapped\r\n-------+--------------\r\n local |    COMPLETED\r\n\r\n(1 rows)\r\n";

#[test]
fn rows_are_vertical_as_asked_for_all_or_for_one_statement() {
    let mut person = Person::at_prompt(node::plain(), &[]);
    let rows = format!("{}(1 rows)\r\n", vertical(&[VERTICAL]));
    person.asks("\\x", "EXPAND set to ON\r\n");
    person.asks(&format!("{ROW};"), &rows);
    person.asks("\\x", "EXPAND set to OFF\r\n");
    person.asks("\\x off", "EXPAND is already OFF\r\n");
    person.asks(&format!("{ROW}\\G"), &rows);
    person.asks(&format!("{ROW};"), TABLE);
    person.asks("\\G", &rows);
    person.asks("EXPAND", "EXPAND is OFF\r\n");
    person.leaves();
}

#[test]
fn rows_are_vertical_by_themselves_when_they_are_wider_than_the_terminal() {
    let mut person = Person::at_prompt(node::plain(), &[]);
    person.asks("EXPAND AUTO", "EXPAND set to AUTO\r\n");
    person.asks(&format!("{ROW};"), TABLE);
    // A rule as wide as the terminal, and one a column wider.
    let row = |width| format!("SELECT (text)'{}' AS a FROM system.local;", "x".repeat(width));
    person.terminal.send(format!("\x1b[200~{}\x1b[201~\r", row(198)));
    person.terminal.expect(&format!("\r\n\r\n a\r\n{}\r\n", "-".repeat(200)));
    person.terminal.expect(PROMPT);
    person.terminal.send(format!("\x1b[200~{}\x1b[201~\r", row(199)));
    person.terminal.expect("\r\n\r\n@ Row 1\r\n");
    person.terminal.expect("(1 rows)\r\n");
    person.sees(PROMPT);
    person.asks("expand", "EXPAND is AUTO\r\n");
    person.leaves();
}

#[test]
fn a_terminal_without_a_size_is_as_wide_as_columns_says_or_80() {
    let node = node::plain();
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().to_str().unwrap();
    for (columns, width) in [("", 80), ("100", 100)] {
        let environment = [("HOME", directory), ("LANG", "C.UTF-8"), ("TERM", "xterm"), ("COLUMNS", columns)];
        let arguments = ["--no-color", &node.host(), &node.port().to_string()];
        let mut terminal = Terminal::start_on((0, 0), PROGRAM, &arguments, &environment, directory);
        terminal.expect(PROMPT);
        terminal.send("EXPAND AUTO\r");
        terminal.expect(&format!("EXPAND set to AUTO\r\n{PROMPT}"));
        for (row, start) in
            [(width - 2, format!(" a\r\n{}\r\n", "-".repeat(width))), (width - 1, "@ Row 1\r\n".to_owned())]
        {
            let statement = format!("SELECT (text)'{}' AS a FROM system.local;", "x".repeat(row));
            terminal.send(format!("{statement}\r"));
            terminal.expect(&format!("{statement}\r\n\r\n{start}"));
            terminal.expect(PROMPT);
        }
    }
}

#[test]
fn statements_end_in_a_vertical_result_on_a_line_of_its_own_and_only_the_last() {
    let mut person = Person::at_prompt(node::plain(), &[]);
    let rows = format!("{}(1 rows)\r\n", vertical(&[VERTICAL]));
    person.types(&format!("{ROW}\r"), &format!("{ROW}\r\n   ... "));
    person.asks("\\G", &rows);
    person.asks(&format!("{ROW}; {ROW}\\G"), &format!("{TABLE}{rows}"));
    person.asks(
        "SELECT '\\G\\\\' FROM nowhere ` \\G",
        "Invalid syntax at char 28\r\n  SELECT '\\G\\\\' FROM nowhere ` \\G\r\n                             ^\r\n",
    );
    person.leaves();
}

#[test]
fn formats_for_other_programs_are_rows_and_nothing_else() {
    let keyspace = Keyspace::new();
    keyspace.batch(&format!("INSERT INTO {}.t (k, numbers, s) VALUES (1, [1, 2], 'a|\"b\"\n')", keyspace.name));
    let mut person = Person::at_prompt(keyspace.node, &[]);
    let select = format!("SELECT * FROM {}.t;", keyspace.name);
    person.asks("\\format", "FORMAT is table\r\n");
    person.asks("\\format JSON", "FORMAT set to json\r\n");
    person.asks(&select, "{\"k\": 1, \"numbers\": [1, 2], \"s\": \"a|\\\"b\\\"\\n\"}\r\n");
    person.asks("\\format markdown", "FORMAT set to markdown\r\n");
    person.asks(
        &select,
        "| k | numbers | s        |\r\n|---|---------|----------|\r\n| 1 | [1, 2]  | a\\|\"b\"\\n |\r\n",
    );
    person.asks("\\format box", "FORMAT set to box\r\n");
    person.asks(
        &select,
        "\r\n┌───┬─────────┬─────────┐\r\n│ k ┆ numbers ┆ s       │\r\n╞═══╪═════════╪═════════╡\r\n\
         │ 1 ┆ [1, 2]  ┆ a|\"b\"\\n │\r\n└───┴─────────┴─────────┘\r\n(1 rows)\r\n",
    );
    person.asks("\\format vertical", "FORMAT set to vertical\r\n");
    person.asks("EXPAND", "EXPAND is ON\r\n");
    person.asks("\\format csv", "FORMAT set to csv\r\n");
    person.asks("\\timing on", "ELAPSED set to ON\r\n");
    // What is no row is told beside the file.
    person.asks("\\o rows.csv", "Now capturing query output to 'rows.csv'.\r\n");
    person.terminal.send(format!("{select}\r"));
    person.terminal.expect("ms elapsed)\r\n");
    person.sees(PROMPT);
    person.asks("\\o", "");
    let home = person.leaves();
    assert_eq!(
        fs::read_to_string(home.path().join("rows.csv")).unwrap(),
        "k,numbers,s\r\n1,\"[1, 2]\",\"a|\"\"b\"\"\n\"\r\n"
    );
}

#[test]
fn json_is_what_the_server_takes_back() {
    let keyspace = Keyspace::new();
    let name = &keyspace.name;
    keyspace.batch(&format!(
        "CREATE TYPE {name}.u (a int, b frozen<list<text>>);
         CREATE TABLE {name}.all (k int PRIMARY KEY, a ascii, b bigint, c blob, d boolean, e date, f decimal, g double,
           h duration, i inet, j int, l float, m smallint, n text, o time, p timestamp, q timeuuid, r tinyint, s uuid,
           t varint, u frozen<u>, v map<int, text>, w set<frozen<tuple<int, text>>>, x vector<float, 2>,
           y map<text, blob>);
         CREATE TABLE {name}.other (k int PRIMARY KEY, a ascii, b bigint, c blob, d boolean, e date, f decimal, g double,
           h duration, i inet, j int, l float, m smallint, n text, o time, p timestamp, q timeuuid, r tinyint, s uuid,
           t varint, u frozen<u>, v map<int, text>, w set<frozen<tuple<int, text>>>, x vector<float, 2>,
           y map<text, blob>);
         INSERT INTO {name}.all (k, a, b, c, d, e, f, g, h, i, j, l, m, n, o, p, q, r, s, t, u, v, w, x, y) VALUES (
           1, 'a', -9223372036854775808, 0x00ff, true, '1969-07-20', -12.25, 0.1, 1y2mo3d4h5m6s7ms8us9ns,
           '::1', -1, 3.4028235E38, 7, 'it''s \"\\ é', '08:12:54.123456789', '2026-11-25 16:30:00.123+0000',
           50554d6e-29bb-11e5-b345-feff819cdc9f, -128, 123e4567-e89b-12d3-a456-426614174000,
           123456789012345678901234567890, {{a: 1, b: ['x', 'y']}}, {{1: 'one'}}, {{(1, 'a')}}, [0.5, -1.25],
           {{'k\"': 0x01}});
         INSERT INTO {name}.all (k, g, f) VALUES (2, NaN, 1.5)"
    ));
    let mut person = Person::at_prompt(keyspace.node, &["-k", name]);
    person.terminal.send("\\format json\r\\o rows.json\rSELECT * FROM all;\r\\q\r");
    person.terminal.expect("\\q\r\n");
    let home = person.home;
    person.terminal.end();
    let rows = fs::read_to_string(home.path().join("rows.json")).unwrap();
    assert_eq!(rows.lines().count(), 2);
    for row in rows.lines() {
        keyspace.batch(&format!("INSERT INTO {name}.other JSON '{}'", row.replace('\'', "''")));
    }
    let printed = |table: &str| keyspace.batch(&format!("SELECT * FROM {name}.{table}"));
    assert_eq!(printed("other"), printed("all"));
}

#[test]
fn a_result_that_fits_is_shown_and_one_that_does_not_goes_to_the_pager() {
    let keyspace = Keyspace::new();
    let path = std::env::var("PATH").unwrap();
    let cqlshrc = "[shell]\npager = tr a-z A-Z; echo END\n";
    let mut person = Person::with_cqlshrc(&keyspace, cqlshrc, &[("PATH", &path)]);
    person.asks(&format!("{ROW};"), TABLE);
    person.terminal.send("SELECT table_name FROM system_schema.tables WHERE keyspace_name = 'system_schema';\r");
    person.terminal.expect("(11 rows)\r\n");
    person.sees(PROMPT);
    person.terminal.send("SELECT table_name FROM system_schema.tables LIMIT 38;\r");
    person.terminal.expect(" TABLE_NAME\r\n");
    person.terminal.expect("(38 ROWS)\r\nEND\r\n");
    person.sees(PROMPT);
    // What is captured is no one's to look at.
    person.asks("\\o rows", "Now capturing query output to 'rows'.\r\n");
    person.asks("SELECT table_name FROM system_schema.tables LIMIT 38;", "");
    person.asks("\\o", "");
    person.asks("\\pager off", "PAGER set to OFF\r\n");
    person.asks("PAGING 20", "Page size: 20\r\n");
    person.terminal.send("SELECT table_name FROM system_schema.tables LIMIT 38;\r");
    person.terminal.expect("---MORE---");
    person.types(CTRL_C, "\r\ncqlsh> ");
    person.leaves();
}

#[test]
fn leaving_the_pager_ends_the_result_calmly() {
    let keyspace = Keyspace::new();
    let path = std::env::var("PATH").unwrap();
    let mut person = Person::with_cqlshrc(&keyspace, "", &[("PATH", &path), ("PAGER", "head -n 3")]);
    person.asks("\\pager", "PAGER set to ON: head -n 3\r\n");
    person.asks("SELECT (text)'x' AS name FROM system_schema.columns;", "\r\n name\r\n------\r\n");
    person.asks("\\pager no-such-pager", "PAGER set to ON: no-such-pager\r\n");
    person.terminal.send("SELECT keyspace_name FROM system_schema.columns;\r");
    person.terminal.expect("The pager no-such-pager cannot be run; \\pager off shows results without one.\r\n");
    person.sees(PROMPT);
    person.asks("\\pager", "PAGER set to OFF\r\n");
    person.asks(&format!("{ROW};"), TABLE);
    person.leaves();
}

#[test]
fn what_a_command_cannot_do_is_told_in_one_line() {
    let env = [("EDITOR", "/nosuch/editor"), ("SHELL", "/nosuch/shell")];
    let mut person = Person::with_cqlshrc(&Keyspace::new(), "", &env);
    for (typed, told) in [
        ("\\format nonsense", "\\format takes table, vertical, auto, json, csv, markdown or box."),
        ("\\x maybe", "\\x takes on, off or auto."),
        ("\\timing maybe", "\\timing takes on or off."),
        ("\\G now", "\\G takes nothing after it."),
        ("\\G", "No statement was run yet that could be run again."),
        ("\\o /nosuch/x", "Could not open '/nosuch/x' for append: [Errno 2] No such file or directory: '/nosuch/x'"),
        ("\\i", "\\i takes the name of a file."),
        ("\\i /nosuch", "Could not open '/nosuch': [Errno 2] No such file or directory: '/nosuch'"),
        ("\\c", "\\c takes the name of a keyspace."),
        ("\\d nosuch.t", "'nosuch' not found in keyspaces"),
        ("\\e", "\\e has changed nothing: /nosuch/editor: No such file or directory."),
        ("\\! true", "Cannot run /nosuch/shell: No such file or directory"),
    ] {
        person.asks(typed, &format!("{told}\r\n"));
    }
    person.leaves();
}

#[test]
fn a_statement_is_watched_until_ctrl_c_or_until_it_fails() {
    let mut person = Person::at_plain_prompt(node::plain(), &[]);
    person.asks("\\watch", "No statement was run yet that could be run again.\r\n");
    person.asks("\\watch 0", "\\watch takes a number of seconds from 0.1 to 86400.\r\n");
    person.asks("PAGING 1", "Page size: 1\r\n");
    person.terminal.send(format!("{ROW} \\watch 0.1\r"));
    for _ in 0..3 {
        person.terminal.expect(" (every 0.1s)\r\n\r\n key ");
        person.terminal.expect("(1 rows)\r\n");
    }
    person.terminal.send(CTRL_C);
    person.terminal.expect("^C\r\ncqlsh> ");
    person.terminal.send("SELECT nothing FROM nowhere;\r\\watch 0.1\r");
    let refused = "keyspace has been specified";
    person.terminal.expect(refused);
    person.terminal.expect(" (every 0.1s)\r\n");
    person.terminal.expect(refused);
    person.terminal.expect("\r\ncqlsh> ");
    person.leaves();
}

#[test]
fn programs_of_the_system_have_the_terminal_while_they_run() {
    let path = std::env::var("PATH").unwrap();
    let keyspace = Keyspace::new();
    let mut person = Person::with_cqlshrc(&keyspace, "", &[("PATH", &path), ("SHELL", "/bin/sh"), ("PS1", "$ ")]);
    person.asks("\\! echo a; exit 3", "a\r\nThe command ended with status 3.\r\n");
    // From its first word on it has the terminal.
    let command = "\\! echo started; read line; echo \"<$line>\"";
    person.types(&format!("{command}\r"), &format!("{command}\r\nstarted\r\n"));
    person.types("typed\x7f\r", "typed");
    person.terminal.expect("<type>\r\n");
    person.sees(PROMPT);
    person.types("\\!\r", "\\!\r\n");
    person.terminal.expect("$ ");
    person.terminal.send("exit\r");
    person.terminal.expect("exit\r\n");
    person.sees(PROMPT);
    // Ctrl-C is the program's.
    let command = "\\! echo started; exec sleep 600";
    person.types(&format!("{command}\r"), &format!("{command}\r\nstarted\r\n"));
    person.terminal.send(CTRL_C);
    person.terminal.expect("The command was ended: signal: 2 (SIGINT).\r\n");
    person.sees(PROMPT);
    person.leaves();
}

#[test]
fn other_commands_are_those_of_cqlsh() {
    let keyspace = Keyspace::new();
    let mut person = Person::at_prompt(keyspace.node, &[]);
    let name = keyspace.name.clone();
    person.types(&format!("\\c {name}\r"), &format!("\\c {name}\r\ncqlsh:{name}> "));
    person.types("\\d\r", &format!("\\d\r\n\r\nt\r\n\r\ncqlsh:{name}> "));
    person.terminal.send("\\d t\r");
    person.terminal.expect(&format!("CREATE TABLE {name}.t ("));
    person.terminal.expect("> ");
    fs::write(person.home.path().join("it's.cql"), "SELECT bootstrapped FROM system.local;\n").unwrap();
    person.terminal.send("\\i it's.cql\r");
    person.terminal.expect("COMPLETED\r\n");
    person.terminal.expect("> ");
    person.terminal.send("\\conninfo\r");
    person
        .terminal
        .expect(&format!("The connection is not encrypted.\r\nNobody is logged in.\r\nKeyspace {name} is used.\r\n"));
    person.terminal.expect("> ");
    person.terminal.send("\\?\r");
    person.terminal.expect("\\q                       leaves (EXIT)\r\n");
    person.terminal.expect("> ");
    person.terminal.send("\\nosuch\r");
    person.terminal.expect("\\nosuch is no command; \\? lists those that there are.\r\n");
    person.terminal.expect("> ");
    person.terminal.send("\\q\r");
    let saved = history(person.home.path());
    let (_, status) = person.terminal.end();
    assert_eq!(status, 0);
    assert!(fs::read_to_string(saved).unwrap().ends_with("\\?\n\\nosuch\n\\q\n"));
}

#[test]
fn what_destroys_is_asked_about_where_cqlshrc_says_so() {
    let keyspace = Keyspace::new();
    let name = &keyspace.name;
    let mut person = Person::with_cqlshrc(&keyspace, "[shell]\nconfirm = drop, truncate\n", &[]);
    let place = format!("{}:{}", keyspace.node.host(), keyspace.node.port());
    for (statement, told) in [
        (format!("TRUNCATE {name}.t;"), format!("TRUNCATE {name}.t")),
        (format!("DROP /* ! */ TABLE IF EXISTS {name}.t;"), format!("DROP TABLE IF EXISTS {name}.t")),
        (format!("ALTER TABLE {name}.t DROP s;"), format!("ALTER TABLE {name}.t DROP s")),
    ] {
        for answer in ["", "n", "yess", "\x04"] {
            let question = format!("{statement}\r\n{told} at {place}? (y/N) ");
            person.types(&format!("{statement}\r"), &question);
            let enter = if answer == "\x04" { "" } else { "\r" };
            person.terminal.send(format!("{answer}{enter}"));
            person.terminal.expect("Not run.\r\n");
            person.sees(PROMPT);
        }
    }
    person.types(
        &format!("TRUNCATE {name}.t;\r"),
        &format!("TRUNCATE {name}.t;\r\nTRUNCATE {name}.t at {place}? (y/N) "),
    );
    person.types(CTRL_C, "\r\ncqlsh> ");
    assert!(keyspace.batch(&format!("SELECT s FROM {name}.t")).contains("(0 rows)"));
    person.types(
        &format!("ALTER TABLE {name}.t DROP s;\r"),
        &format!("ALTER TABLE {name}.t DROP s;\r\nALTER TABLE {name}.t DROP s at {place}? (y/N) "),
    );
    person.types("Y\r", "Y\r\ncqlsh> ");
    let gone = keyspace.node.cqlsh(&["-e", &format!("SELECT s FROM {name}.t")]).run();
    assert!(gone.stderr.contains("Undefined column name s"), "{gone:?}");
    person.leaves();
}

#[test]
fn a_shell_that_only_reads_refuses_what_writes_in_scripts_too() {
    let keyspace = Keyspace::new();
    let name = &keyspace.name;
    let run = keyspace.node.cqlsh(&["-k", name]);
    fs::create_dir(run.home().join(".cassandra")).unwrap();
    fs::write(run.home().join(".cassandra/cqlshrc"), "[shell]\nread_only = true\n").unwrap();
    fs::write(run.home().join("more.cql"), "DELETE FROM t WHERE k = 1;\n").unwrap();
    let run = run
        .stdin(
            "INSERT INTO t (k) VALUES (1);\nSELECT k FROM t;\nCOPY t FROM 'x.csv';\nSOURCE 'more.cql'\n\
             begin BATCH UPDATE t SET s = 'a' WHERE k = 1; APPLY BATCH;\nCOPY t TO 'x.csv';\nTRUNCATE t;\n",
        )
        .run();
    let why = "is not run: this shell only reads ([shell] read_only in cqlshrc).";
    let told =
        ["<stdin>:2:INSERT", "<stdin>:4:COPY FROM", "more.cql:2:DELETE", "<stdin>:6:begin", "<stdin>:8:TRUNCATE"];
    assert_eq!(run.stderr, told.map(|what| format!("{what} {why}\n")).concat());
    assert!(run.stdout.starts_with("\n k\n---\n\n\n(0 rows)\n"), "{run:?}");
    assert_eq!(run.code(), 2);
    let mut person = Person::with_cqlshrc(&keyspace, "[shell]\nread_only = on\n", &[]);
    person.asks(&format!("DROP KEYSPACE {name};"), &format!("DROP {why}\r\n"));
    person.asks(&format!("{ROW};"), TABLE);
    person.leaves();
}
