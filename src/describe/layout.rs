//! The answers' layouts, as text. Pure.

use std::fmt::Write;

use crate::print::columns::{WIDTH, columns};

/// A range of the ring: the token it ends with, and its nodes.
pub(super) type Range = (String, Vec<String>);

/// The answer to DESCRIBE KEYSPACES.
pub(super) fn keyspaces(names: &[String]) -> String {
    let mut text = "\n".to_owned();
    columns(names, WIDTH, &mut text);
    text.push('\n');
    text
}

/// The answer to DESCRIBE CLUSTER; the snitch is known if the server tells, the ownership of ranges when a keyspace is in
/// use.
pub(super) fn cluster(cluster: &str, partitioner: &str, snitch: Option<&str>, ownership: Option<&[Range]>) -> String {
    let mut text = format!("\nCluster: {cluster}\nPartitioner: {partitioner}\n");
    if let Some(snitch) = snitch {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "Snitch: {snitch}");
    }
    text.push('\n');
    if let Some(ranges) = ownership {
        text.push_str("Range ownership:\n");
        for (token, nodes) in ranges {
            let _ = writeln!(text, " {token:>39}  [{}]", nodes.join(", "));
        }
        text.push('\n');
    }
    text
}

/// Names of tables, types, functions or aggregates, keyspace by keyspace as the server lists them.
pub(super) struct Names {
    with_headings: bool,
    keyspace: Option<String>,
    names: Vec<String>,
    complete: String,
}

impl Names {
    /// No names yet. Keyspaces are named when there is more than the current one.
    pub(super) fn new(with_headings: bool) -> Self {
        Self { with_headings, keyspace: None, names: Vec::new(), complete: String::new() }
    }

    /// Adds a name.
    pub(super) fn push(&mut self, keyspace: &str, name: String) {
        if self.keyspace.as_deref() != Some(keyspace) {
            self.complete_keyspace();
            self.keyspace = Some(keyspace.to_owned());
        }
        self.names.push(name);
    }

    /// The text; empty when there are no names at all.
    pub(super) fn finish(mut self) -> String {
        if self.keyspace.is_some() {
            self.complete_keyspace();
            self.complete.push('\n');
        }
        self.complete
    }

    fn complete_keyspace(&mut self) {
        let Some(keyspace) = self.keyspace.take() else { return };
        self.complete.push('\n');
        if self.with_headings {
            let rule = "-".repeat("Keyspace ".len() + keyspace.chars().count());
            // Writing to a string cannot fail.
            let _ = write!(self.complete, "Keyspace {keyspace}\n{rule}\n");
        }
        columns(&self.names, WIDTH, &mut self.complete);
        self.names.clear();
    }
}

/// Whether a server is of a release before this major version.
pub(super) fn precedes(release: &str, version: u32) -> bool {
    release.split('.').next().and_then(|major| major.parse::<u32>().ok()).is_some_and(|major| major < version)
}

/// What is said where there is neither DESCRIBE nor a schema to write it from.
pub(super) fn not_before_4(release: &str) -> String {
    format!(
        "\nWARN: DESCRIBE|DESC was moved to server side in Cassandra 4.0. As a consequence DESCRIBE|DESC will not work \
         in cqlsh '6.2.2' connected to Cassandra '{release}', the version that you are connected to. DESCRIBE does not \
         exist server side prior Cassandra 4.0."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(with_headings: bool, given: &[(&str, &str)]) -> String {
        let mut names = Names::new(with_headings);
        given.iter().for_each(|(keyspace, name)| names.push(keyspace, (*name).to_owned()));
        names.finish()
    }

    // The expected texts are what cqlsh 6.2.2 printed.

    #[test]
    fn names_stand_under_their_keyspaces() {
        let given = [("ks1", "a"), ("ks1", "b"), ("other", "\"C\"")];
        let expected = "\nKeyspace ks1\n------------\na  b\n\nKeyspace other\n--------------\n\"C\"\n\n";
        assert_eq!(names(true, &given), expected);
    }

    #[test]
    fn names_of_the_current_keyspace_have_no_heading() {
        assert_eq!(names(false, &[("ks1", "a"), ("ks1", "b")]), "\na  b\n\n");
    }

    #[test]
    fn no_names_print_nothing() {
        assert_eq!(names(true, &[]), "");
    }

    #[test]
    fn keyspaces_stand_between_blank_lines() {
        assert_eq!(keyspaces(&["a".to_owned(), "b".to_owned()]), "\na  b\n\n");
    }

    #[test]
    fn a_cluster_without_a_keyspace_in_use_shows_no_ranges() {
        let expected = "\nCluster: Test Cluster\nPartitioner: Murmur3Partitioner\nSnitch: SimpleSnitch\n\n";
        assert_eq!(cluster("Test Cluster", "Murmur3Partitioner", Some("SimpleSnitch"), None), expected);
    }

    #[test]
    fn ranges_are_aligned_at_their_tokens() {
        let ranges = [("-42".to_owned(), vec!["127.0.0.1:7000".to_owned(), "127.0.0.2:7000".to_owned()])];
        let expected = format!(
            "\nCluster: c\nPartitioner: p\nSnitch: s\n\nRange ownership:\n {}-42  [127.0.0.1:7000, 127.0.0.2:7000]\n\n",
            " ".repeat(36)
        );
        assert_eq!(cluster("c", "p", Some("s"), Some(&ranges)), expected);
    }

    #[test]
    fn releases_are_compared_by_their_major_version() {
        assert!(precedes("3.11.19", 4));
        assert!(precedes("2.2.0-SNAPSHOT", 3));
        assert!(!precedes("3.0.0", 3));
        assert!(!precedes("4.0.0", 4));
        assert!(!precedes("10.1", 4));
    }
}
