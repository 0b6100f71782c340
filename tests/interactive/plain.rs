//! The plain surface, byte for byte: keys in `plain.cases`, what Apache cqlsh wrote for them in `plain.recorded`.

use crate::support::cqlsh::PROGRAM;
use crate::support::node;
use crate::support::pty::Terminal;

const CASES: &str = include_str!("plain.cases");
const RECORDED: &str = include_str!("plain.recorded");

#[derive(Debug, Default)]
struct Case {
    name: String,
    term: Option<String>,
    columns: Option<String>,
    size: (u16, u16),
    differs: Option<String>,
    steps: Vec<Step>,
}

/// A write to the terminal and what comes back.
#[derive(Debug, Default, PartialEq, Eq)]
struct Step {
    keys: String,
    shown: String,
}

/// The text between bars.
fn unescaped(text: &str) -> String {
    let text = text.strip_prefix('|').and_then(|text| text.strip_suffix('|')).expect("bars around it");
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let escape = if character == '\\' { characters.next() } else { None };
        out.push(match escape {
            None => character,
            Some('r') => '\r',
            Some('n') => '\n',
            Some('t') => '\t',
            Some('x') => {
                let digits: String = characters.by_ref().take(2).collect();
                char::from(u8::from_str_radix(&digits, 16).expect("two digits"))
            }
            Some(other) => other,
        });
    }
    out
}

/// What stands in the file with the cases, or in that with the recording, which has only keys and what was shown.
fn read(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (word, rest) = line.split_once(' ').expect("a word and what it is about");
        if word == "case" {
            cases.push(Case { name: rest.to_owned(), term: Some("dumb".to_owned()), ..Case::default() });
            continue;
        }
        let case = cases.last_mut().expect("a case");
        match word {
            "term" => case.term = (rest != "-").then(|| rest.to_owned()),
            "columns" => case.columns = Some(rest.to_owned()),
            "size" => {
                let (columns, rows) = rest.split_once(' ').expect("columns and rows");
                case.size = (columns.parse().expect("columns"), rows.parse().expect("rows"));
            }
            "differs" => case.differs = Some(rest.to_owned()),
            ">" => case.steps.push(Step { keys: unescaped(rest), shown: String::new() }),
            "<" | "ours" => case.steps.last_mut().expect("keys before it").shown = unescaped(rest),
            _ => panic!("what is {line:?}?"),
        }
    }
    cases
}

/// The cases, with what is to come back for each write.
fn cases() -> Vec<Case> {
    let mut recorded = read(RECORDED).into_iter();
    let mut cases = read(CASES);
    for case in &mut cases {
        let recorded = recorded.next().expect("as many recordings as cases");
        assert_eq!(case.name, recorded.name, "record it again");
        assert_eq!(case.steps.len(), recorded.steps.len(), "{}: record it again", case.name);
        for (step, recorded) in case.steps.iter_mut().zip(recorded.steps) {
            assert_eq!(step.keys, recorded.keys, "{}: record it again", case.name);
            if step.shown.is_empty() {
                step.shown = recorded.shown;
            } else {
                assert_ne!(step.shown, recorded.shown, "{}: it is no difference any more", case.name);
                assert!(case.differs.is_some(), "{}: why does it differ?", case.name);
            }
        }
    }
    assert!(recorded.next().is_none(), "a recording without a case");
    cases
}

#[test]
fn what_is_written_for_keys_is_what_apache_cqlsh_writes() {
    let node = node::plain();
    let (host, port) = (node.host(), node.port().to_string());
    for case in cases() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().to_str().unwrap();
        let mut environment = vec![("HOME", directory), ("LANG", "C.UTF-8")];
        environment.extend(case.columns.as_deref().map(|columns| ("COLUMNS", columns)));
        environment.extend(case.term.as_deref().map(|term| ("TERM", term)));
        let arguments = ["--no-color", &host, &port];
        let terminal = Terminal::start_on(case.size, PROGRAM, &arguments, &environment, directory);
        let mut terminal = terminal.uncleaned();
        terminal.expect("cqlsh> ");
        for Step { keys, shown } in &case.steps {
            terminal.send(keys.as_str());
            if !shown.is_empty() {
                assert_eq!(terminal.expect(shown), "", "{}: before {shown:?} after {keys:?}", case.name);
            }
        }
        if case.steps.last().is_some_and(|step| step.keys.ends_with('\x03')) {
            terminal.send("\x04");
            assert_eq!(terminal.end(), ("\r\n".to_owned(), 0), "{}", case.name);
        } else {
            assert_eq!(terminal.end(), (String::new(), 0), "{}", case.name);
        }
    }
}

#[test]
fn every_difference_is_told_in_readme() {
    let readme = include_str!("../../README.md").split_whitespace().collect::<Vec<_>>().join(" ");
    for case in cases() {
        assert!(case.differs.is_none_or(|differs| readme.contains(&differs)), "{}", case.name);
    }
}
