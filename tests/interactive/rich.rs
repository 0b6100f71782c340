//! The rich surface as a person sees it: keys in, the terminal's screen out.

use std::fs;
use std::num::NonZero;
use std::os::unix::fs::PermissionsExt;

use rustix::process::{Pid, Signal, kill_process};
use vt100::{Color, Parser};

use super::{CTRL_C, CTRL_D, Keyspace, UP, history};
use crate::support::cqlsh::PROGRAM;
use crate::support::node::{self, Node};
use crate::support::pty::Terminal;

const SIZE: (u16, u16) = (80, 24);
const RIGHT: &str = "\x1b[C";
const ALT_ENTER: &str = "\x1b\r";

/// A person who looks at a screen.
struct Viewer {
    terminal: Terminal,
    screen: Parser,
    home: tempfile::TempDir,
}

impl Viewer {
    fn starts(node: &Node, cqlshrc: &str, environment: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().to_str().unwrap();
        fs::create_dir(home.path().join(".cassandra")).unwrap();
        fs::write(home.path().join(".cassandra/cqlshrc"), cqlshrc).unwrap();
        let path = std::env::var("PATH").unwrap();
        let mut all =
            vec![("HOME", directory), ("LANG", "C.UTF-8"), ("TERM", "xterm-256color"), ("PATH", path.as_str())];
        all.extend(environment);
        let (host, port) = (node.host(), node.port().to_string());
        let terminal = Terminal::start_on(SIZE, PROGRAM, &[&host, &port], &all, directory);
        let mut viewer = Self { terminal: terminal.uncleaned(), screen: parser(SIZE), home };
        viewer.sees(&["cqlsh>"]);
        viewer
    }

    fn at_prompt() -> Self {
        Self::starts(node::plain(), "", &[])
    }

    fn rows(&self) -> Vec<String> {
        let (_, columns) = self.screen.screen().size();
        self.screen.screen().rows(0, columns.get()).map(|row| row.trim_end().to_owned()).collect()
    }

    /// Presses keys and waits until the last lines that are not empty are these.
    #[track_caller]
    fn types(&mut self, keys: &str, lines: &[&str]) -> &mut Self {
        self.terminal.send(keys);
        self.sees(lines)
    }

    #[track_caller]
    fn sees(&mut self, lines: &[&str]) -> &mut Self {
        self.until(&format!("{lines:#?}"), |viewer| {
            let mut rows = viewer.rows();
            while rows.last().is_some_and(String::is_empty) {
                rows.pop();
            }
            rows.ends_with(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>())
        })
    }

    #[track_caller]
    fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) -> &mut Self {
        while !is_so(self) {
            let Some(output) = self.terminal.output() else {
                panic!("{what} did not come; there is\n{}", self.rows().join("\n"));
            };
            self.screen.process(&output);
        }
        self
    }

    /// The cell in which the last occurrence of the text on the screen begins.
    #[track_caller]
    fn cell(&self, text: &str) -> vt100::Cell {
        let rows = self.rows();
        let row = rows.iter().rposition(|row| row.contains(text)).expect("it is there");
        // What stands before it is ASCII.
        let column = rows[row].rfind(text).unwrap();
        self.screen.screen().cell(row as u16, column as u16).unwrap().clone()
    }

    #[track_caller]
    fn cursor_is_after(&mut self, text: &str) -> &mut Self {
        let text = text.to_owned();
        self.until(&format!("the cursor after {text:?}"), |viewer| {
            let (row, column) = viewer.screen.screen().cursor_position();
            let line: String = viewer.screen.screen().rows(0, column).nth(row.into()).unwrap_or_default();
            line.trim_end() == text.trim_end() && usize::from(column) == text.chars().count()
        })
    }

    #[track_caller]
    fn leaves(mut self) -> tempfile::TempDir {
        self.terminal.send(CTRL_D);
        let (_, status) = self.terminal.end();
        assert_eq!(status, 0);
        self.home
    }
}

fn parser((columns, rows): (u16, u16)) -> Parser {
    Parser::new(NonZero::new(rows).unwrap(), NonZero::new(columns).unwrap(), 1000)
}

#[test]
fn a_statement_is_edited_as_a_whole_behind_cqlshs_prompts() {
    let mut viewer = Viewer::at_prompt();
    viewer.types("SELECT key\rFROM sytem.local", &["cqlsh> SELECT key", "   ... FROM sytem.local"]);
    // Up and in front of the list of columns, and down to what is spelt wrong.
    viewer.types(&format!("{UP}\x01{}", RIGHT.repeat(7)), &[]).cursor_is_after("cqlsh> SELECT ");
    viewer.types("host_id, \x1b[B\x01\x1bf\x1bf", &[]).cursor_is_after("   ... FROM sytem");
    viewer.types("\x1b[D\x1b[D\x1b[Ds", &["cqlsh> SELECT host_id, key", "   ... FROM system.local"]);
    viewer.types("\x05;\r", &[]);
    viewer.until("its rows", |viewer| viewer.rows().iter().any(|row| row == "(1 rows)"));
    viewer.sees(&["cqlsh>"]);
    let home = viewer.leaves();
    assert_eq!(
        fs::read_to_string(history(home.path())).unwrap(),
        "SELECT host_id, key\nFROM system.local;\nSELECT host_id, key FROM system.local;\n"
    );
}

#[test]
fn enter_runs_what_is_complete_and_alt_enter_never_does() {
    let mut viewer = Viewer::at_prompt();
    viewer.types(&format!("SELECT{ALT_ENTER}key;{ALT_ENTER}"), &["cqlsh> SELECT", "   ... key;", "   ..."]);
    viewer.types(CTRL_C, &["   ...", "cqlsh>"]);
    viewer.types("PAGING\r", &["cqlsh> PAGING", "PAGING is ON", "Page size: 100", "cqlsh>"]);
    viewer.types("BEGIN BATCH;\r", &["cqlsh> BEGIN BATCH;", "   ..."]);
    viewer.types("APPLY BATCH;\x01\x10\x05\x7f\x0e", &["   ... APPLY BATCH;"]);
    viewer.types(CTRL_C, &["cqlsh>"]);
    viewer.types(
        "SELECT ` 1;\r",
        &["cqlsh> SELECT ` 1;", "Invalid syntax at char 8", "  SELECT ` 1;", "         ^", "cqlsh>"],
    );
    viewer.types("USE system;\r", &["cqlsh:system>"]);
    viewer.types("SELECT\r", &["cqlsh:system> SELECT", "          ..."]);
    viewer.types(CTRL_C, &["cqlsh:system>"]);
    viewer.leaves();
}

#[test]
fn the_parts_of_a_statement_have_colours_unless_they_are_unwelcome() {
    let mut viewer = Viewer::at_prompt();
    viewer.types("SELECT key, 'text', 12 -- why", &["cqlsh> SELECT key, 'text', 12 -- why"]);
    assert!(viewer.cell("SELECT").bold() && viewer.cell("SELECT").fgcolor() == Color::Idx(4));
    assert_eq!(viewer.cell("key").fgcolor(), Color::Default);
    assert_eq!(viewer.cell("'text'").fgcolor(), Color::Idx(2));
    assert_eq!(viewer.cell("12").fgcolor(), Color::Idx(5));
    assert!(viewer.cell("-- why").dim());
    viewer.types(CTRL_C, &["cqlsh>"]);
    viewer.types("f('(', (1))", &["cqlsh> f('(', (1))"]);
    assert!(viewer.cell(")").bold() && viewer.cell(")").underline());
    assert!(!viewer.cell("(1").underline() && !viewer.cell("(',").underline());
    viewer.types(CTRL_C, &["cqlsh>"]);
    viewer.leaves();

    let mut viewer = Viewer::starts(node::plain(), "", &[("NO_COLOR", "1")]);
    viewer.types("SELECT 'text'", &["cqlsh> SELECT 'text'"]);
    assert!(!viewer.cell("SELECT").bold() && viewer.cell("'text'").fgcolor() == Color::Default);
    viewer.types(CTRL_C, &["cqlsh>"]);
    viewer.leaves();
}

#[test]
fn the_history_is_suggested_and_the_suggestion_taken() {
    let mut viewer = Viewer::at_prompt();
    viewer.types("PAGING\r", &["Page size: 100", "cqlsh>"]);
    viewer.types("CREATE ROLE x WITH PASSWORD = 'secret'\x03", &["cqlsh>"]);
    viewer.types("PAG", &["cqlsh> PAGING"]).cursor_is_after("cqlsh> PAG");
    assert!(viewer.cell("ING").dim());
    viewer.types(&format!("{RIGHT}\r"), &["cqlsh> PAGING", "PAGING is ON", "Page size: 100", "cqlsh>"]);
    viewer.types("SELECT key\rFROM system.local;\r", &["(1 rows)", "cqlsh>"]);
    // Where a line is empty, its beginning is no wish for what is suggested.
    viewer.types("\x0cSELECT key\x1b\r", &["cqlsh> SELECT key", "   ... FROM system.local;"]);
    viewer.types("\x01F", &["cqlsh> SELECT key", "   ... FROM system.local;"]);
    viewer.until("the rest is suggested", |viewer| viewer.cell("ROM").dim());
    viewer.types(CTRL_C, &["cqlsh>"]);
    // What is not taken is not run.
    viewer.types("PA\r", &["cqlsh> PA", "   ..."]);
    viewer.types(CTRL_C, &["cqlsh>"]);
    viewer.leaves();
}

#[test]
fn a_password_is_never_suggested() {
    let mut viewer = Viewer::at_prompt();
    viewer.terminal.send("ALTER ROLE nobody WITH PASSWORD = 'secret';\r");
    viewer.until("the answer", |viewer| viewer.rows().iter().filter(|row| row.starts_with("cqlsh>")).count() == 2);
    viewer.types("ALTER", &["cqlsh> ALTER"]).cursor_is_after("cqlsh> ALTER");
    viewer.types(" R", &["cqlsh> ALTER R"]);
    viewer.types(CTRL_C, &["cqlsh>"]);
    viewer.leaves();
}

#[test]
fn a_statement_is_recalled_and_searched_for_as_a_whole() {
    let mut viewer = Viewer::at_prompt();
    viewer.terminal.send("SELECT key\rFROM system.local;\r");
    viewer.until("its rows", |viewer| viewer.rows().iter().any(|row| row == "(1 rows)"));
    viewer.types("PAGING\r", &["Page size: 100", "cqlsh>"]);
    viewer.types(&format!("{UP}{UP}"), &["cqlsh> SELECT key", "   ... FROM system.local;"]);
    viewer.types(CTRL_C, &["cqlsh>"]);
    viewer.types("\x12select", &["(reverse-i-search)`select': SELECT key", "   ... FROM system.local;"]);
    viewer.types("\x07", &["cqlsh>"]).cursor_is_after("cqlsh> ");
    viewer.types("\x12paging\x05", &["cqlsh> PAGING"]);
    viewer.types(CTRL_C, &["cqlsh>"]);
    viewer.leaves();
}

#[test]
fn tab_completes_and_lists_below_the_statement() {
    let mut viewer = Viewer::at_prompt();
    // Names of the schema may not be there yet; these are the grammar's.
    viewer.types("consi", &["cqlsh> consi"]).types("\t", &["cqlsh> CONSISTENCY"]);
    viewer.types("lo", &["cqlsh> CONSISTENCY lo"]).types("\t", &["cqlsh> CONSISTENCY LOCAL_"]);
    viewer.types("\t\t", &["cqlsh> CONSISTENCY LOCAL_", "LOCAL_ONE     LOCAL_QUORUM  LOCAL_SERIAL"]);
    viewer.types("q", &["cqlsh> CONSISTENCY LOCAL_q"]).types("\t", &["cqlsh> CONSISTENCY LOCAL_QUORUM"]);
    viewer.types("\r", &["Consistency level set to LOCAL_QUORUM.", "cqlsh>"]);
    viewer.leaves();
}

#[test]
fn a_pasted_script_waits_for_enter_and_runs_statement_by_statement() {
    let keyspace = Keyspace::new();
    let mut viewer = Viewer::starts(keyspace.node, "", &[]);
    let insert = |key| format!("INSERT INTO {}.t (k, s)\n\tVALUES ({key}, 'a\tb');", keyspace.name);
    viewer.terminal.send(format!("\x1b[200~{}\n{}\n\x1b[201~", insert(1), insert(2)));
    viewer.sees(&["   ...  VALUES (2, 'a   b');", "   ..."]);
    assert!(keyspace.batch(&format!("SELECT k FROM {}.t", keyspace.name)).contains("(0 rows)"));
    viewer.types("\r", &["cqlsh>"]);
    let rows = keyspace.batch(&format!("SELECT s FROM {}.t", keyspace.name));
    assert!(rows.contains("a\\tb") && rows.contains("(2 rows)"), "{rows}");
    viewer.leaves();
}

#[test]
fn a_statement_longer_than_the_screen_is_edited_in_a_window_and_left_as_a_whole() {
    let mut viewer = Viewer::at_prompt();
    let lines: Vec<String> = (0..60).map(|line| format!("-- line {line}")).collect();
    viewer.terminal.send(format!("\x1b[200~PAGING\n{}\x1b[201~", lines.join("\n")));
    viewer.sees(&["   ... -- line 58", "   ... -- line 59"]);
    viewer.types(&UP.repeat(59), &[]).until("its beginning", |viewer| viewer.rows()[0] == "   ... -- line 0");
    viewer.types(&format!("{UP}\x05 OFF"), &[]).until("a change", |viewer| viewer.rows()[0] == "cqlsh> PAGING OFF");
    viewer.types("\r", &["   ... -- line 59", "PAGING set to OFF", "cqlsh>"]);
    viewer.screen.screen_mut().set_scrollback(40);
    assert!(viewer.rows().iter().any(|row| row == "cqlsh> PAGING OFF"), "{}", viewer.rows().join("\n"));
    viewer.leaves();
}

#[test]
fn another_size_of_the_screen_is_drawn_for() {
    let mut viewer = Viewer::at_prompt();
    viewer.types("SELECT a_column,\ranother_column", &["cqlsh> SELECT a_column,", "   ... another_column"]);
    viewer.terminal.resize((20, 10));
    viewer.screen.screen_mut().set_size(NonZero::new(10).unwrap(), NonZero::new(20).unwrap());
    viewer.types(" FROM t", &["cqlsh> SELECT a_colu", "mn,", "   ... another_colum", "n FROM t"]);
    viewer.types(CTRL_C, &["cqlsh>"]);
    viewer.leaves();
}

#[test]
fn the_keys_of_vi_are_there_for_those_who_want_them() {
    let mut viewer = Viewer::starts(node::plain(), "[shell]\nedit_mode = vi\n", &[]);
    viewer.types("PAGING nonsense", &["cqlsh> PAGING nonsense"]);
    viewer.types("\x1b", &[]).cursor_is_after("cqlsh> PAGING nonsens");
    viewer.types("bd$", &["cqlsh> PAGING"]);
    viewer.types("aOFF\r", &["cqlsh> PAGING OFF", "PAGING set to OFF", "cqlsh>"]);
    viewer.types("\x1b", &[]).types("k", &["cqlsh> PAGING OFF"]);
    viewer.types("cwPAGING\x1b", &[]).types("A\x17ON\r", &["PAGING set to ON", "Page size: 100", "cqlsh>"]);
    viewer.leaves();
}

#[test]
fn the_statement_is_changed_in_the_editor_of_the_environment() {
    let script = tempfile::NamedTempFile::new().unwrap();
    fs::write(&script, "#!/bin/sh\nsed -i 's/PAGING/EXPAND/' \"$2\"\necho \"edited with $1\"\n").unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let path = script.into_temp_path();
    let command = format!("{} -x", path.display());
    let mut viewer = Viewer::starts(node::plain(), "", &[("EDITOR", &command)]);
    viewer.types("PAGING", &["cqlsh> PAGING"]);
    viewer.types("\x18\x05", &["cqlsh> PAGING", "edited with -x", "cqlsh> EXPAND"]);
    viewer.types("\r", &["cqlsh> EXPAND", "EXPAND is OFF", "cqlsh>"]);
    viewer.leaves();

    let mut viewer = Viewer::starts(node::plain(), "", &[("EDITOR", "/nosuch/editor")]);
    viewer.types("PAGING\x18\x05", &["cqlsh> PAGING", "/nosuch/editor: No such file or directory", "cqlsh> PAGING"]);
    viewer.types(CTRL_C, &["cqlsh>"]);
    viewer.leaves();
}

#[test]
fn a_shell_that_was_stopped_goes_on_where_it_was() {
    let mut viewer = Viewer::at_prompt();
    viewer.types("SELECT\rkey", &["cqlsh> SELECT", "   ... key"]);
    let process = Pid::from_raw(viewer.terminal.pid()).unwrap();
    // The shell leads its session, which nobody could bring back: its parent does what Ctrl-Z would.
    kill_process(process, Signal::STOP).unwrap();
    kill_process(process, Signal::CONT).unwrap();
    viewer.types(", a", &["cqlsh> SELECT", "   ... key, a"]);
    viewer.types(CTRL_C, &["cqlsh>"]);
    viewer.leaves();
}
