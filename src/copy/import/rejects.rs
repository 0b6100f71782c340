//! Rows that were not imported: what is said of them, how many may be, and the file they go to.

use std::fs::{self, File};
use std::io::{self, Write};

use crate::copy::options::ImportOptions;

/// Why rows were not imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// They are no rows of the table.
    Parse(String),
    /// The server did not take them: its error, after how many attempts.
    Insert {
        /// The error as COPY tells it.
        told: String,
        /// Attempts made.
        attempts: u32,
    },
}

/// Places told of one failure.
pub(super) const MOST_PLACES: usize = 3;

impl Failure {
    /// cqlsh's line, and behind it the places where the first of the rows stand, at most [`MOST_PLACES`].
    pub(super) fn line(&self, rows: usize, places: &[String]) -> String {
        let line = match self {
            Self::Parse(why) => format!("Failed to import {rows} rows: ParseError - {why},  given up without retries"),
            Self::Insert { told, attempts } => {
                format!("Failed to import {rows} rows: {told},  given up after {attempts} attempts")
            }
        };
        let more = match rows.saturating_sub(places.len()) {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        if places.is_empty() { line } else { format!("{line} ({}{more})", places.join(", ")) }
    }
}

/// Counts failed rows and keeps their records.
#[derive(Debug)]
pub(super) struct Rejects {
    path: String,
    file: Option<File>,
    parse_errors: u64,
    insert_errors: u64,
    most_parse_errors: Option<u64>,
    most_insert_errors: Option<u64>,
}

impl Rejects {
    /// Gives an error file that is there already the time as another name. `now` is `YYYYMMDD_HHMMSS`. What is no regular
    /// file keeps its name: /dev/stderr is a link.
    pub(super) fn new(options: &ImportOptions, now: &str) -> io::Result<Self> {
        let path = options.error_file.clone();
        if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file()) {
            fs::rename(&path, free_name(format!("{path}.{now}")))?;
        }
        Ok(Self {
            path,
            file: None,
            parse_errors: 0,
            insert_errors: 0,
            most_parse_errors: options.max_parse_errors,
            most_insert_errors: options.max_insert_errors,
        })
    }

    /// Counts failed rows and appends their records as they stood in the input.
    pub(super) fn add<'r>(&mut self, failure: &Failure, records: impl Iterator<Item = &'r [u8]>) -> io::Result<()> {
        let counted = match failure {
            Failure::Parse(_) => &mut self.parse_errors,
            Failure::Insert { .. } => &mut self.insert_errors,
        };
        let mut kept = Vec::new();
        for record in records {
            *counted += 1;
            kept.extend_from_slice(record);
            if !record.ends_with(b"\n") && !record.ends_with(b"\r") {
                kept.extend_from_slice(b"\r\n");
            }
        }
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(File::options().append(true).create(true).open(&self.path)?),
        };
        let length = file.metadata()?.len();
        file.write_all(&kept).inspect_err(|_| {
            // Half a record would be another one. What is no regular file keeps what it has got.
            let _ = file.set_len(length);
        })
    }

    /// How many rows failed.
    pub(super) fn rows(&self) -> u64 {
        self.parse_errors + self.insert_errors
    }

    /// The error file's name.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// cqlsh's line when more rows failed than MAXINSERTERRORS or MAXPARSEERRORS allow.
    pub(super) fn too_many(&self) -> Option<String> {
        let exceeded = |kind: &str, errors: u64, most: Option<u64>| {
            let most = most.filter(|most| errors > *most)?;
            Some(format!("Exceeded maximum number of {kind} errors {most}"))
        };
        exceeded("insert", self.insert_errors, self.most_insert_errors)
            .or_else(|| exceeded("parse", self.parse_errors, self.most_parse_errors))
    }
}

/// This name, or with a number behind it if it is taken: a second has room for several imports.
fn free_name(name: String) -> String {
    let (mut free, mut number) = (name.clone(), 0);
    while fs::symlink_metadata(&free).is_ok() {
        number += 1;
        free = format!("{name}.{number}");
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(error_file: &std::path::Path, most: Option<u64>) -> ImportOptions {
        ImportOptions {
            max_parse_errors: most,
            error_file: error_file.to_str().unwrap().to_owned(),
            ..ImportOptions::default()
        }
    }

    fn parse_failure() -> Failure {
        Failure::Parse("Invalid row length 3 should be 4".to_owned())
    }

    #[test]
    fn a_failure_is_told_as_in_cqlsh_and_then_where() {
        let places = ["f.csv:1", "f.csv:2", "f.csv:3"].map(str::to_owned);
        assert_eq!(
            parse_failure().line(1, &places[..1]),
            "Failed to import 1 rows: ParseError - Invalid row length 3 should be 4,  given up without retries (f.csv:1)"
        );
        assert!(parse_failure().line(5, &places).ends_with(" (f.csv:1, f.csv:2, f.csv:3, and 2 more)"));
        let failure = Failure::Insert { told: "InvalidRequest - no".to_owned(), attempts: 2 };
        assert_eq!(failure.line(0, &[]), "Failed to import 0 rows: InvalidRequest - no,  given up after 2 attempts");
    }

    #[test]
    fn records_are_kept_as_they_stood() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("import_ks_t.err");
        fs::write(&path, "old").unwrap();
        let mut rejects = Rejects::new(&options(&path, None), "20260102_030405").unwrap();
        assert!(!path.exists());
        let records = [&b"1,\"a\nb\"\n"[..], b"2,c\r\n", b"3"];
        rejects.add(&parse_failure(), records.into_iter()).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"1,\"a\nb\"\n2,c\r\n3\r\n");
        assert_eq!(fs::read(directory.path().join("import_ks_t.err.20260102_030405")).unwrap(), b"old");
        assert_eq!(rejects.rows(), 3);
    }

    #[test]
    fn a_link_keeps_its_name() {
        let directory = tempfile::tempdir().unwrap();
        let (link, file) = (directory.path().join("link"), directory.path().join("file"));
        fs::write(&file, "old\n").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let mut rejects = Rejects::new(&options(&link, None), "now").unwrap();
        rejects.add(&parse_failure(), [&b"1\n"[..]].into_iter()).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "old\n1\n");
    }

    #[test]
    fn no_error_file_takes_the_place_of_another() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("e");
        for content in ["first", "second", "third"] {
            fs::write(&path, content).unwrap();
            Rejects::new(&options(&path, None), "now").unwrap();
        }
        let kept = ["e.now", "e.now.1", "e.now.2"].map(|name| fs::read_to_string(directory.path().join(name)).unwrap());
        assert_eq!(kept, ["first", "second", "third"]);
    }

    #[test]
    fn too_many_failures_are_told_in_the_words_of_cqlsh() {
        let directory = tempfile::tempdir().unwrap();
        let mut rejects = Rejects::new(&options(&directory.path().join("e"), Some(1)), "").unwrap();
        rejects.add(&parse_failure(), [&b"1\n"[..]].into_iter()).unwrap();
        assert_eq!(rejects.too_many(), None);
        rejects.add(&parse_failure(), [&b"2\n"[..]].into_iter()).unwrap();
        assert_eq!(rejects.too_many().as_deref(), Some("Exceeded maximum number of parse errors 1"));
    }
}
