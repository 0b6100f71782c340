//! TAB on the plain surface, through a terminal and with names of a real schema: the lines of `completion/cases.txt`,
//! and what Apache cqlsh did with them.

use std::collections::BTreeSet;
use std::sync::Once;

use super::support::cqlsh::PROGRAM;
use super::support::node::{self, Node};
use super::support::pty::Terminal;

const CASES: &str = include_str!("completion/cases.txt");
const RECORDED: &str = include_str!("completion/recorded.txt");
const SCHEMA: &str = include_str!("completion/schema.cql");

/// The files that are there when something is completed.
const FILES: [&str; 5] = ["file.cql", "other.cql", "files/a.csv", "files/ab.csv", "files/deep/x.csv"];

struct Recorded {
    typed: String,
    /// What the first TAB wrote.
    first: String,
    listed: BTreeSet<String>,
}

/// What was recorded for what is typed in keyspace `completion` and not meant to differ. Keyspaces of other tests are
/// none of its business: what lists keyspaces is left out.
fn recorded() -> Vec<Recorded> {
    let differs = |name: &str| CASES.contains(&format!("\n{name}|\n    "));
    let cases = RECORDED.split("\n\n").skip(1).filter_map(|paragraph| {
        let (typed, answer) = paragraph.split_once("|\n< ").unwrap();
        let (first, listed) = answer.split_once('\n').unwrap_or((answer, ""));
        let listed: BTreeSet<_> = listed.lines().map(|name| name.trim_start_matches("= ").trim().to_owned()).collect();
        let is_ours =
            !typed.starts_with("no|") && !differs(typed) && !listed.iter().any(|name| name.contains("completion"));
        let first = first.trim_end().replace("\\x08", "\u{8}").replace("\\x07", "\u{7}");
        // What is written may end in blanks.
        let blanks = answer.lines().next().map_or(0, |line| line.len() - line.trim_end().len());
        is_ours.then(|| Recorded { typed: typed.to_owned(), first: first + &" ".repeat(blanks), listed })
    });
    cases.collect()
}

fn create_schema() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let ran = node::plain().cqlsh(&[]).stdin(SCHEMA).run();
        assert!(ran.code() == 0, "{ran:?}");
    });
}

/// A shell on a terminal without a size, in a directory with files.
fn shell(keyspace: &str) -> (Terminal, tempfile::TempDir) {
    shell_on(node::plain(), &["-k", keyspace], &format!("cqlsh:{keyspace}> "))
}

fn shell_on(node: &Node, arguments: &[&str], prompt: &str) -> (Terminal, tempfile::TempDir) {
    let home = tempfile::tempdir().unwrap();
    for file in FILES {
        let path = home.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "").unwrap();
    }
    let directory = home.path().to_str().unwrap();
    let (host, port) = (node.host(), node.port().to_string());
    let arguments = [&[host.as_str(), &port, "--disable-history"], arguments].concat();
    let environment =
        [("HOME", directory), ("LANG", "C.UTF-8"), ("TERM", "xterm"), ("COLUMNS", "300"), ("LINES", "200")];
    let mut terminal = Terminal::start_on((0, 0), PROGRAM, &arguments, &environment, directory).uncleaned();
    terminal.expect(prompt);
    (terminal, home)
}

/// The line after what was written at its end.
fn line(typed: &str, written: &str) -> String {
    let mut line = typed.to_owned();
    for c in written.chars() {
        match c {
            '\u{7}' => {}
            '\u{8}' => drop(line.pop()),
            c => line.push(c),
        }
    }
    line
}

#[test]
fn tab_writes_what_it_writes_in_cqlsh() {
    create_schema();
    let (mut terminal, _home) = shell("completion");
    let prompt = "\r\ncqlsh:completion> ";
    let cases = recorded();
    assert!(cases.len() > 100, "{}", cases.len());
    for Recorded { typed, first, listed } in cases {
        terminal.send(typed.as_str());
        assert_eq!(terminal.expect(&typed), "", "before {typed:?}");
        terminal.send("\t");
        assert_eq!(terminal.expect(&first), "", "after {typed:?}");
        if !listed.is_empty() {
            // After one that wrote something there is one that finds nothing to add.
            if first != "\u{7}" {
                terminal.send("\t");
                assert_eq!(terminal.expect("\u{7}"), "", "after {typed:?} and TAB");
            }
            terminal.send("\t");
            assert_eq!(terminal.expect("\r\n"), "", "after {typed:?} and a second TAB");
            let list = terminal.expect(&format!("{prompt}{}", line(&typed, &first)));
            let names =
                list.split("\r\n").flat_map(|row| row.split("  ")).map(str::trim).filter(|name| !name.is_empty());
            assert_eq!(names.map(str::to_owned).collect::<BTreeSet<_>>(), listed, "{typed:?}");
        }
        terminal.send("\x03");
        terminal.expect(prompt);
    }
    terminal.send("\x04");
    assert_eq!(terminal.end().1, 0);
}

/// Types, and asserts what TAB writes then.
#[track_caller]
fn completes(terminal: &mut Terminal, typed: &str, written: &str) {
    terminal.send(typed);
    terminal.expect(typed);
    terminal.send("\t");
    assert_eq!(terminal.expect(written), "", "after {typed:?}");
    terminal.send("\x03");
    terminal.expect("> ");
}

#[test]
fn names_are_those_of_this_moment() {
    create_schema();
    let keyspace = node::keyspace("names");
    let created = format!(
        "CREATE KEYSPACE {keyspace} WITH replication = {{'class': 'SimpleStrategy', 'replication_factor': 1}};\
         CREATE TABLE {keyspace}.first_table (k int PRIMARY KEY);"
    );
    node::plain().cqlsh(&["-e", &created]).run().succeeded();
    let (mut terminal, _home) = shell(&keyspace);
    completes(&mut terminal, "SELECT * FROM fi", "rst_table ");
    // Changed by another shell.
    let altered = format!("CREATE TABLE {keyspace}.second_table (k int PRIMARY KEY);");
    node::plain().cqlsh(&["-e", &altered]).run().succeeded();
    let typed = "SELECT * FROM se";
    let is_known = (0..100).any(|_| {
        terminal.send(typed);
        terminal.expect(typed);
        terminal.send("\t\x03");
        terminal.expect("> ").contains("cond_table ")
    });
    assert!(is_known);
    // Changed here.
    terminal.send("CREATE TABLE third_table (\"Key\" int PRIMARY KEY);\r");
    terminal.expect("> ");
    completes(&mut terminal, "INSERT INTO third_table (", "\"Key\"");
    // In another keyspace.
    terminal.send("USE completion;\r");
    terminal.expect("cqlsh:completion> ");
    completes(&mut terminal, "SELECT * FROM hi", "ts ");
    // Over the lines of a statement.
    terminal.send("UPDATE hits\r");
    terminal.expect("... ");
    terminal.send("SET n = ");
    terminal.expect("SET n = ");
    terminal.send("\t");
    terminal.expect("n ");
    terminal.send("\x03");
    terminal.expect("> ");
}

#[test]
fn roles_are_those_that_may_be_listed() {
    let (mut terminal, _home) =
        shell_on(node::authenticated(), &["-u", "cassandra", "-p", "cassandra"], "cassandra@cqlsh> ");
    completes(&mut terminal, "ALTER ROLE cassa", "ndra ");
    completes(&mut terminal, "LIST ALL PERMISSIONS OF cassa", "ndra ");
}
