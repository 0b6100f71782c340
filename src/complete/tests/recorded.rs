//! What Apache cqlsh completes, recorded by `tests/completion/record`, and where we do otherwise, said in `cases.txt`.

use std::collections::{BTreeSet, HashMap};

use super::schema::schema;
use crate::complete::complete;

const CASES: &str = include_str!("../../../tests/completion/cases.txt");
const RECORDED: &str = include_str!("../../../tests/completion/recorded.txt");

/// What one TAB makes of the line, and what is listed if that is not all.
#[derive(Debug, Default, PartialEq, Eq)]
struct Answer {
    line: String,
    listed: BTreeSet<String>,
}

/// A case with what it says of us.
struct Case {
    /// As it stands in the file, up to its bar.
    name: String,
    differs: bool,
    reasons: Vec<String>,
    more: Vec<String>,
    less: Vec<String>,
    line: Option<String>,
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in CASES.lines().filter(|line| !line.is_empty()) {
        if let (Some(said), Some(case)) = (line.strip_prefix("    "), cases.last_mut()) {
            let (mark, text) = said.split_at(2);
            case.differs |= mark != "# ";
            match mark {
                "# " => case.reasons.push(text.to_owned()),
                "+ " => case.more.push(text.to_owned()),
                "- " => case.less.push(text.to_owned()),
                "< " => case.line = Some(text.trim_end_matches('|').to_owned()),
                _ => panic!("{line}"),
            }
        } else if !line.starts_with(['#', '*'])
            && let Some(name) = line.strip_suffix('|')
        {
            let name = name.to_owned();
            cases.push(Case { name, differs: false, reasons: vec![], more: vec![], less: vec![], line: None });
        }
    }
    cases
}

/// What is typed in a case, and the keyspace it is typed in.
fn typed(name: &str) -> (&str, Option<&str>) {
    name.strip_prefix("no|").map_or((name, Some("completion")), |typed| (typed, None))
}

fn recorded() -> HashMap<String, Answer> {
    let mut answers = HashMap::new();
    for paragraph in RECORDED.split("\n\n").skip(1) {
        let (name, answer) = paragraph.split_once("|\n< ").unwrap();
        let (echo, listed) = answer.split_once('\n').unwrap_or((answer, ""));
        let mut line = typed(name).0.to_owned();
        let echo = echo.replace("\\x08", "\u{8}").replace("\\x07", "").replace("\\\\", "\\");
        for c in echo.chars() {
            match c {
                '\u{8}' => drop(line.pop()),
                c => line.push(c),
            }
        }
        let listed = listed.lines().map(|name| name.trim_start_matches("= ").trim().to_owned()).collect();
        answers.insert(name.to_owned(), Answer { line, listed });
    }
    answers
}

fn ours(name: &str) -> Answer {
    let (before, keyspace) = typed(name);
    let found = complete(before, keyspace, &schema());
    let mut line = before.to_owned();
    if let Some(inserted) = found.inserted() {
        line.truncate(before.len() - found.replaced);
        line.push_str(inserted);
    }
    // A single one is inserted and not listed. Of several, what follows their common beginning is listed.
    let is_single = found.candidates.len() == 1 && found.hints.is_empty();
    let found = if line == before { found } else { complete(&line, keyspace, &schema()) };
    let names = found.listed().into_iter().map(str::trim).filter(|name| !name.is_empty() && !is_single);
    Answer { listed: names.map(str::to_owned).collect(), line }
}

#[test]
fn what_cqlsh_completes_is_completed_so() {
    let recorded = recorded();
    let mut wrong = String::new();
    for case in cases() {
        let Some(mut expected) =
            recorded.get(&case.name).map(|answer| Answer { line: answer.line.clone(), listed: answer.listed.clone() })
        else {
            wrong.push_str(&format!("{}| is not recorded\n", case.name));
            continue;
        };
        assert!(!case.differs || !case.reasons.is_empty(), "{}: no reason", case.name);
        for name in &case.less {
            assert!(expected.listed.remove(name), "{}: {name} is not listed", case.name);
        }
        for name in &case.more {
            assert!(expected.listed.insert(name.clone()), "{}: {name} is listed already", case.name);
        }
        if let Some(line) = &case.line {
            assert_ne!(&expected.line, line, "{}: nothing differs", case.name);
            expected.line.clone_from(line);
        }
        let ours = ours(&case.name);
        if ours != expected {
            wrong.push_str(&format!("{}|\n", case.name));
            if ours.line != expected.line {
                wrong.push_str(&format!("    < {}|      (not {}|)\n", ours.line, expected.line));
            }
            for name in ours.listed.difference(&expected.listed) {
                wrong.push_str(&format!("    + {name}\n"));
            }
            for name in expected.listed.difference(&ours.listed) {
                wrong.push_str(&format!("    - {name}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
