//! What Apache cqlsh printed, byte for byte: `corpus/TOPIC.cases` is what to run, `corpus/TOPIC.recorded` what the original
//! did, as `record` wrote it. Here the real binary runs the same cases. README.md beside this file tells the format.

pub mod corpus;
mod replay;
mod template;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use corpus::Topic;
use replay::replay;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/parity/corpus");

/// A test for each topic, and the list of them.
macro_rules! topics {
    ($($topic:ident),+ $(,)?) => {
        const TOPICS: &[&str] = &[$(stringify!($topic)),+];
        $(
            #[test]
            fn $topic() {
                replay(stringify!($topic));
            }
        )+
    };
}

topics! {
    backslash,
    browser,
    cluster,
    colour,
    commands,
    connection,
    copy,
    copying,
    cqlshrc,
    credentials,
    custom,
    describe,
    environment,
    errors,
    flags,
    holders,
    moments,
    numbers,
    pages,
    paging,
    permissions,
    reading,
    refusals,
    results,
    roles,
    scripts,
    shell,
    sourcing,
    statements,
    tables,
    tour,
    types,
    unavailable,
    warnings,
}

#[test]
fn every_file_of_the_corpus_is_replayed() {
    let files: BTreeSet<String> = fs::read_dir(CORPUS)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "cases"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(files, TOPICS.iter().map(|&topic| topic.to_owned()).collect());
}

#[test]
fn every_difference_on_purpose_is_told_in_readme() {
    let listed = differences(&fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap());
    for name in TOPICS {
        for case in Topic::read(name).cases {
            if let Some(line) = case.differs {
                assert!(
                    listed.iter().any(|told| told.contains(&line)),
                    "{name}: {}: README does not say `{line}`",
                    case.name
                );
            }
        }
    }
}

/// The list of README's *Where it differs, and why*: each line without its reason, on one line.
fn differences(readme: &str) -> BTreeSet<String> {
    let (_, section) = readme.split_once("\n## Where it differs, and why\n").expect("README has the section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let mut lines: Vec<String> = Vec::new();
    let mut in_list = false;
    for line in section.lines() {
        if let Some(first) = line.strip_prefix("- ") {
            in_list = true;
            lines.push(first.to_owned());
        } else if line.starts_with("  ") && in_list {
            let open = lines.last_mut().expect("a list was begun");
            open.push(' ');
            open.push_str(line.trim());
        } else {
            in_list = false;
        }
    }
    lines.iter().map(|line| line.split(" *(").next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_difference_is_named_without_its_reason_and_on_one_line() {
    let readme = "# x\n- not this\n## Where it differs, and why\n\nWords.\n\n- One *(nothing\n  lost)*\n- Two\n  lines\n\n## y\n- z\n";
    assert_eq!(differences(readme), ["One", "Two lines"].map(str::to_owned).into());
}
