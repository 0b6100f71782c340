//! Whether a file that is read as one of ours was written by Apache cqlsh, which leaves escape sequences in texts that
//! its own import does not undo.
//!
//! It cannot be proved, but it shows: our export puts every field with a backslash in quotes, and no other. Apache cqlsh
//! has quotes where a delimiter stands in the field, and all its backslashes belong to a few sequences.

use std::sync::{Mutex, PoisonError};

use crate::copy::dialect::{Dialect, Escape};
use crate::copy::options::Origin;
use crate::copy::record::{self, Record};
use crate::value::escapes;

/// How many records with backslashes are looked at.
const SAMPLE: u32 = 10_000;

/// What has been seen in the records of an import.
#[derive(Debug)]
pub(super) struct Authorship {
    dialect: Dialect,
    null: String,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    records: u32,
    sign: Option<Sign>,
    refuted: bool,
}

/// A text that Apache cqlsh seems to have written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sign {
    place: String,
    sequence: String,
    meant: &'static str,
    origin: Origin,
}

/// What a record shows.
#[derive(Debug, PartialEq, Eq)]
enum Finding {
    Nothing,
    /// This sequence stands for this character in a file of that origin.
    Sign(String, char, Origin),
    /// Apache cqlsh has not written it.
    Refuted,
}

impl Authorship {
    /// Nothing is seen yet of a file with these marks and this marker for null.
    pub(super) fn new(dialect: &Dialect, null: &str) -> Self {
        Self { dialect: dialect.clone(), null: null.to_owned(), seen: Mutex::default() }
    }

    /// Looks at a record with its raw bytes; `place` tells where it stands.
    pub(super) fn look(&self, record: &Record, raw: &[u8], place: impl Fn() -> String) {
        if memchr::memchr(b'\\', raw).is_none() {
            return;
        }
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.refuted || seen.records >= SAMPLE {
            return;
        }
        seen.records += 1;
        match self.finding(record, raw) {
            Finding::Nothing => {}
            Finding::Refuted => seen.refuted = true,
            Finding::Sign(sequence, character, origin) => {
                let meant = match character {
                    '\\' => "one backslash",
                    '\n' => "a line break",
                    '\t' => "a tab",
                    _ => "a control character",
                };
                seen.sign.get_or_insert_with(|| Sign { place: place(), sequence, meant, origin });
            }
        }
    }

    /// The line to print, if it seems so.
    pub(super) fn line(&self) -> Option<String> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let Sign { place, sequence, meant, origin } = seen.sign.as_ref().filter(|_| !seen.refuted)?;
        let (program, option) = match origin {
            Origin::CqlshOnPython39 => ("Apache cqlsh on Python 3.9", "cqlsh-python3.9"),
            _ => ("Apache cqlsh", "cqlsh"),
        };
        Some(format!(
            "{place}: {program} writes {sequence} for {meant}, and it was read as it stands. If that program wrote the \
             file, import it WITH DIALECT = '{option}'."
        ))
    }

    fn finding(&self, record: &Record, raw: &[u8]) -> Finding {
        let mut found = Finding::Nothing;
        for (text, quoted) in fields(record) {
            let Some(at) = memchr::memchr(b'\\', text).filter(|_| text != self.null.as_bytes()) else { continue };
            let Some((text, rest)) = str::from_utf8(text).ok().map(|text| (text, &text[at..])) else {
                return Finding::Refuted;
            };
            if escapes::undo(text).is_err() || (quoted && !self.needs_quotes(text)) {
                return Finding::Refuted;
            }
            if let (false, Some((character, length))) = (quoted, escapes::sequence(rest)) {
                found = Finding::Sign(rest[..length].to_owned(), character, Origin::Cqlsh);
            }
        }
        if found == Finding::Nothing { self.escaped_once(raw) } else { found }
    }

    /// A sequence in quotes whose backslash is not doubled: on Python 3.9 a backslash alone brings quotes about.
    fn escaped_once(&self, raw: &[u8]) -> Finding {
        let backslash = matches!(self.dialect.escape, Escape::With(mark) if mark.bytes() == b"\\");
        let mut record = Record::default();
        let dialect = self.dialect.clone().keeping_escapes();
        if !backslash || record::read(raw, true, &dialect, &mut record).is_err() {
            return Finding::Nothing;
        }
        for (text, _) in fields(&record).filter(|(_, quoted)| *quoted) {
            let mut rest = str::from_utf8(text).unwrap_or_default();
            while let Some(at) = rest.find('\\') {
                rest = &rest[at..];
                match escapes::sequence(rest) {
                    Some(('\\', length)) => rest = &rest[length..],
                    Some((character, length)) => {
                        return Finding::Sign(rest[..length].to_owned(), character, Origin::CqlshOnPython39);
                    }
                    None => break,
                }
            }
        }
        Finding::Nothing
    }

    fn needs_quotes(&self, text: &str) -> bool {
        let delimiter = self.dialect.delimiter.bytes();
        text.as_bytes().windows(delimiter.len()).any(|part| part == delimiter)
    }
}

fn fields(record: &Record) -> impl Iterator<Item = (&[u8], bool)> {
    (0..record.len()).filter_map(|i| record.field(i))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(records: &[&str]) -> Option<String> {
        let dialect = Dialect::new(",", "\"", "\\").unwrap();
        let authorship = Authorship::new(&dialect, "\\N");
        for raw in records {
            let mut record = Record::default();
            record::read(raw.as_bytes(), true, &dialect, &mut record).unwrap();
            authorship.look(&record, raw.as_bytes(), || "f.csv:1".to_owned());
        }
        authorship.line()
    }

    fn told(sequence: &str, meant: &str, program: &str, option: &str) -> Option<String> {
        Some(format!(
            "f.csv:1: {program} writes {sequence} for {meant}, and it was read as it stands. If that program wrote the \
             file, import it WITH DIALECT = '{option}'."
        ))
    }

    /// The records are as Apache cqlsh 6.2.2 wrote them on Python 3.11.
    #[test]
    fn files_of_apache_cqlsh_are_noticed() {
        let cqlsh = |sequence, meant| told(sequence, meant, "Apache cqlsh", "cqlsh");
        assert_eq!(line(&["1,a\n", "2,two\\\\nlines\n"]), cqlsh("\\n", "a line break"));
        assert_eq!(line(&["1,C:\\\\\\\\dir\\\\\\\\x41\n"]), cqlsh("\\\\", "one backslash"));
        assert_eq!(line(&["1,\\\\x1b[0m\n", "2,\"a, b\\\\n\"\n"]), cqlsh("\\x1b", "a control character"));
        assert_eq!(line(&["1,['\\\\t']\n"]), cqlsh("\\t", "a tab"));
    }

    /// The record is as Python 3.9's csv module writes what cqlsh hands to it.
    #[test]
    fn files_of_apache_cqlsh_on_an_older_python_are_noticed() {
        let expected = told("\\n", "a line break", "Apache cqlsh on Python 3.9", "cqlsh-python3.9");
        assert_eq!(line(&["1,\"two\\nlines\"\n"]), expected);
    }

    #[test]
    fn our_own_files_are_not_noticed() {
        for records in [
            &["1,\"a\\\\b\"\n"][..],
            &["1,\"two\\\\nlines\"\n", "2,\"C:\\\\dir\"\n"],
            &["1,\\\\N\n", "2,q\\\"q\n"],
            &["1,\"['\\\\n', 'x']\"\n"],
            &["1,\"a\nb\",c\n"],
        ] {
            assert_eq!(line(records), None, "{records:?}");
        }
    }

    #[test]
    fn files_with_other_sequences_are_not_noticed() {
        assert_eq!(line(&["1,two\\\\nlines\n", "2,C:\\\\dir\n"]), None);
        assert_eq!(line(&["1,C:\\new\n"]), None, "a backslash of somebody who does not escape them");
    }
}
