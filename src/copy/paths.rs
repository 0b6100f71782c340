//! Which files COPY FROM reads: a list of names and patterns as Python's `glob` takes them.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use crate::settings::expand_home;

/// Python's `os.path.normpath(os.path.expanduser(text))`, which cqlsh applies to what the statement names.
pub(super) fn normalize(text: &str, home: Option<&Path>) -> String {
    let expanded = expand_home(text, home).to_string_lossy().into_owned();
    if expanded.is_empty() {
        return expanded;
    }
    let root = match expanded.bytes().take_while(|byte| *byte == b'/').count() {
        0 => "",
        2 => "//",
        _ => "/",
    };
    let mut kept: Vec<&str> = Vec::new();
    for component in expanded.split('/') {
        match component {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            ".." if kept.is_empty() && !root.is_empty() => {}
            _ => kept.push(component),
        }
    }
    let path = format!("{root}{}", kept.join("/"));
    if path.is_empty() { ".".to_owned() } else { path }
}

/// The items of the list, each a name or a pattern.
pub(super) fn items(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim)
}

/// The bytes of all files of a list; `None` when one of them is no regular file.
pub(super) fn total_size(list: &str) -> Option<u64> {
    let size = |path: PathBuf| path.metadata().ok().filter(Metadata::is_file).map(|metadata| metadata.len());
    items(list).flat_map(matching).map(size).sum()
}

/// The files that an item names; none when nothing is there. A name that exists is no pattern.
pub(super) fn matching(item: &str) -> Vec<PathBuf> {
    if Path::new(item).exists() {
        return vec![PathBuf::from(item)];
    }
    let (start, rest) = match item.strip_prefix('/') {
        Some(rest) => (PathBuf::from("/"), rest),
        None => (PathBuf::new(), item),
    };
    let mut found = vec![start];
    for component in rest.split('/').filter(|component| !component.is_empty()) {
        found = found.iter().flat_map(|directory| within(directory, component)).collect();
    }
    found.retain(|path| path.as_os_str() != "");
    found
}

/// The entries of a directory that match one component, in order of name.
fn within(directory: &Path, component: &str) -> Vec<PathBuf> {
    if !component.contains(['*', '?', '[']) {
        let path = directory.join(component);
        return if path.symlink_metadata().is_ok() { vec![path] } else { Vec::new() };
    }
    let pattern: Vec<char> = component.chars().collect();
    let listed = if directory == Path::new("") { Path::new(".") } else { directory };
    let mut names: Vec<String> = fs::read_dir(listed)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| component.starts_with('.') || !name.starts_with('.'))
        .filter(|name| matches(&pattern, &name.chars().collect::<Vec<_>>()))
        .collect();
    names.sort();
    names.into_iter().map(|name| directory.join(name)).collect()
}

/// Python's `fnmatch`, case-sensitive: after a mismatch the last `*` takes one character more.
fn matches(pattern: &[char], name: &[char]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        let step = match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
                continue;
            }
            Some('?') => Some(1),
            Some('[') => set_matches(&pattern[p..], name[n]),
            Some(literal) => (*literal == name[n]).then_some(1),
            None => None,
        };
        match (step, star) {
            (Some(length), _) => {
                p += length;
                n += 1;
            }
            (None, Some((star_p, star_n))) => {
                star = Some((star_p, star_n + 1));
                p = star_p + 1;
                n = star_n + 1;
            }
            (None, None) => return false,
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// The length of the set `[…]` that `pattern` begins with, if it holds the character. Without a `]` it is a bracket.
fn set_matches(pattern: &[char], character: char) -> Option<usize> {
    let negated = pattern.get(1) == Some(&'!');
    let first = if negated { 2 } else { 1 };
    let Some(close) = pattern.iter().skip(first + 1).position(|c| *c == ']').map(|at| at + first + 1) else {
        return (character == '[').then_some(1);
    };
    let mut members = &pattern[first..close];
    let mut held = false;
    while let [start, rest @ ..] = members {
        match rest {
            ['-', end, after @ ..] => {
                held |= (*start..=*end).contains(&character);
                members = after;
            }
            _ => {
                held |= *start == character;
                members = rest;
            }
        }
    }
    (held != negated).then_some(close + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The right side is what Python's `os.path.normpath` returned.
    #[test]
    fn paths_are_normalized_as_python_does() {
        for (text, path) in [
            ("./sub//nofile.csv, it's", "sub/nofile.csv, it's"),
            ("a/../../b/.", "../b"),
            ("/../a", "/a"),
            ("//a", "//a"),
            ("///a", "/a"),
            (".", "."),
        ] {
            assert_eq!(normalize(text, None), path, "{text}");
        }
    }

    #[test]
    fn a_tilde_is_the_home_directory() {
        let home = Some(Path::new("/home/ann"));
        assert_eq!(normalize("~/a.csv", home), "/home/ann/a.csv");
        assert_eq!(normalize("~bob/a.csv", home), "~bob/a.csv");
    }

    /// The right side is what Python's `fnmatch.fnmatchcase` returned.
    #[test]
    fn patterns_match_as_in_python() {
        for (pattern, name, expected) in [
            ("*.csv", "a.csv", true),
            ("*.csv", "a.csv.gz", false),
            ("a*b*c", "a-b-b-c", true),
            ("?", "", false),
            ("[a-c]1", "b1", true),
            ("[!a-c]1", "b1", false),
            ("[]]", "]", true),
            ("[a", "[a", true),
            ("**", "x", true),
        ] {
            let characters = |text: &str| text.chars().collect::<Vec<_>>();
            assert_eq!(matches(&characters(pattern), &characters(name)), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn a_pattern_names_files_in_order_and_hidden_ones_only_when_asked() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["b.csv", "a.csv", ".h.csv", "c.txt"] {
            fs::write(directory.path().join(name), "").unwrap();
        }
        let at = |pattern: &str| {
            let paths = matching(directory.path().join(pattern).to_str().unwrap());
            paths.iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(at("*.csv"), ["a.csv", "b.csv"]);
        assert_eq!(at(".*.csv"), [".h.csv"]);
        assert_eq!(at("c.txt"), ["c.txt"]);
        assert!(at("nothing").is_empty());
    }
}
