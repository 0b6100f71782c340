//! Reading `.cases` and `.recorded` files. `record` reads the former with the same rules.

use std::fs;

use super::CORPUS;
use super::template::Template;

/// A file of cases.
#[derive(Debug, Default)]
pub struct Topic {
    pub node: NodeKind,
    /// Statements that run once, in the topic's own keyspace, before its cases.
    pub setup: Vec<u8>,
    pub cases: Vec<Case>,
}

/// Which node a topic needs.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    #[default]
    Plain,
    Authenticated,
    /// One that no other test writes to.
    Fresh,
}

/// One run of the program. `‹host›` and its like stand in all texts for what is known only then.
#[derive(Debug, Default)]
pub struct Case {
    pub name: String,
    /// What stands in front of the arguments instead of the node's host and port.
    pub address: Option<Vec<String>>,
    pub arguments: Vec<String>,
    pub stdin: Vec<u8>,
    /// Variables set, or unset, beside HOME, LANG and PATH.
    pub environment: Vec<(String, Option<String>)>,
    /// Files that stand in the working directory, which is the home directory too.
    pub files: Vec<(String, Vec<u8>)>,
    /// Files whose mode matters.
    pub modes: Vec<(String, u32)>,
    /// Files that the run is to leave there.
    pub read: Vec<String>,
    /// The line of README that says why we do not do what the original does.
    pub differs: Option<String>,
    /// What we do instead, as far as it is not what the original does.
    pub ours: Outcome<Option<i32>, Option<Template>>,
}

/// Exit status and output.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Outcome<S, T> {
    pub status: S,
    pub stdout: T,
    pub stderr: T,
}

/// What the original did.
#[derive(Debug, Default)]
pub struct Recording {
    pub name: String,
    pub outcome: Outcome<i32, Template>,
    /// The files to be read, `None` for those that were not there.
    pub files: Vec<(String, Option<Template>)>,
}

/// A line `word value` and the block below it.
#[derive(Debug, PartialEq, Eq)]
struct Directive {
    word: String,
    value: String,
    block: Vec<u8>,
}

impl Topic {
    /// Reads the cases of a topic.
    pub fn read(name: &str) -> Self {
        let mut topic = Self::default();
        let mut options = Vec::new();
        for directive in directives(&file(name, "cases")) {
            let Directive { word, value, block } = directive;
            let text = || String::from_utf8(block.clone()).unwrap();
            match (word.as_str(), topic.cases.last_mut()) {
                ("case", _) => {
                    topic.cases.push(Case { name: value, arguments: options.clone(), ..Case::default() });
                }
                (option, case) if option.starts_with('-') || option == "arg" => {
                    let arguments = case.map_or(&mut options, |case| &mut case.arguments);
                    let bare = value.is_empty() && block.is_empty();
                    if option != "arg" {
                        arguments.push(word.clone());
                    }
                    if option == "arg" || !bare {
                        let block = text();
                        let block = block.strip_suffix('\n').unwrap_or(&block);
                        arguments.push(if value.is_empty() { block.to_owned() } else { value });
                    }
                }
                ("node", None) => {
                    topic.node = match value.as_str() {
                        "authenticated" => NodeKind::Authenticated,
                        "fresh" => NodeKind::Fresh,
                        _ => panic!("{name}: no node is `{value}`"),
                    }
                }
                ("setup", None) => topic.setup = block,
                (_, None) => panic!("{name}: `{word}` before the first case"),
                ("file", Some(case)) => case.files.push((value, block)),
                ("mode", Some(case)) => {
                    let (mode, path) = value.split_once(' ').unwrap();
                    case.modes.push((path.to_owned(), u32::from_str_radix(mode, 8).unwrap()));
                }
                ("env", Some(case)) => {
                    let (variable, content) = value.split_once('=').unwrap();
                    case.environment.push((variable.to_owned(), Some(content.to_owned())));
                }
                ("unset", Some(case)) => case.environment.push((value, None)),
                ("address", Some(case)) => case.address = Some(value.split_whitespace().map(str::to_owned).collect()),
                ("stdin", Some(case)) => case.stdin = block,
                ("read", Some(case)) => case.read.push(value),
                ("differs", Some(case)) => case.differs = Some(value),
                ("our", Some(case)) => match value.split_once(' ').unwrap_or((&value, "")) {
                    ("status", number) => case.ours.status = Some(number.parse().unwrap()),
                    ("stdout", "") => case.ours.stdout = Some(Template::parse(&text())),
                    ("stderr", "") => case.ours.stderr = Some(Template::parse(&text())),
                    _ => panic!("{name}: {}: what is `our {value}`?", case.name),
                },
                _ => panic!("{name}: what is `{word}`?"),
            }
        }
        topic
    }
}

impl Recording {
    /// Reads what was recorded of a topic.
    pub fn read(topic: &str) -> Vec<Self> {
        let mut recordings: Vec<Self> = Vec::new();
        for Directive { word, value, block } in directives(&file(topic, "recorded")) {
            if word == "case" {
                recordings.push(Self { name: value, ..Self::default() });
                continue;
            }
            let recording = recordings.last_mut().expect("a case comes first");
            let template = Template::parse(&String::from_utf8(block).unwrap());
            match word.as_str() {
                "status" => recording.outcome.status = value.parse().unwrap(),
                "stdout" => recording.outcome.stdout = template,
                "stderr" => recording.outcome.stderr = template,
                "file" => recording.files.push((value, Some(template))),
                "missing" => recording.files.push((value, None)),
                _ => panic!("{topic}: what is `{word}`?"),
            }
        }
        recordings
    }
}

fn file(topic: &str, extension: &str) -> String {
    let path = format!("{CORPUS}/{topic}.{extension}");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn directives(text: &str) -> Vec<Directive> {
    let mut found: Vec<Directive> = Vec::new();
    for line in text.split('\n') {
        if let Some(content) = line.strip_prefix('|') {
            let block = &mut found.last_mut().expect("a word stands above a block").block;
            block.extend_from_slice(content.strip_prefix(' ').unwrap_or(content).as_bytes());
            block.push(b'\n');
        } else if let Some(content) = line.strip_prefix('\\') {
            let block = &mut found.last_mut().expect("a word stands above a block").block;
            unescape(content.strip_prefix(' ').unwrap_or(content), block);
        } else if !line.is_empty() && !line.starts_with('#') {
            let (word, value) = line.split_once(' ').unwrap_or((line, ""));
            found.push(Directive { word: word.to_owned(), value: value.to_owned(), block: Vec::new() });
        }
    }
    found
}

/// Appends the text with `\n`, `\r`, `\t`, `\\`, `\x` and two hex digits of a byte, `\u{` and `}` around those of a
/// character put in place.
fn unescape(text: &str, out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some((plain, escaped)) = rest.split_once('\\') {
        out.extend_from_slice(plain.as_bytes());
        let length = match escaped.as_bytes().first() {
            Some(b'n') => {
                out.push(b'\n');
                1
            }
            Some(b'r') => {
                out.push(b'\r');
                1
            }
            Some(b't') => {
                out.push(b'\t');
                1
            }
            Some(b'\\') => {
                out.push(b'\\');
                1
            }
            Some(b'x') => {
                out.push(u8::from_str_radix(&escaped[1..3], 16).unwrap());
                3
            }
            Some(b'u') => {
                let end = escaped.find('}').unwrap();
                let code = u32::from_str_radix(&escaped[2..end], 16).unwrap();
                out.extend_from_slice(char::from_u32(code).unwrap().to_string().as_bytes());
                end + 1
            }
            other => panic!("no escape: {other:?} in {text:?}"),
        };
        rest = &escaped[length..];
    }
    out.extend_from_slice(rest.as_bytes());
}

#[test]
fn a_block_belongs_to_the_word_above_it() {
    let text = "# remark\nstdin\n| a b \n|\n\\ c\\r\\n\\x00\\xff\\u{a0}\\\\\n\n-e SELECT\n";
    let stdin =
        Directive { word: "stdin".to_owned(), value: String::new(), block: b"a b \n\nc\r\n\0\xff\xc2\xa0\\".to_vec() };
    let option = Directive { word: "-e".to_owned(), value: "SELECT".to_owned(), block: Vec::new() };
    assert_eq!(directives(text), [stdin, option]);
}
