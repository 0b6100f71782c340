//! The schema of `tests/completion/schema.cql` as the server tells it.

use crate::cluster::{Catalogue, ColumnKind, KeyspaceNames, TableColumn, TableNames};
use crate::complete::{Completion, Entry, Names, complete};

/// The names of a node that has this schema, and of a directory with some files.
#[derive(Default)]
pub(super) struct Schema(Catalogue);

impl Names for Schema {
    fn catalogue(&self) -> &Catalogue {
        &self.0
    }

    fn roles(&self) -> Option<Vec<String>> {
        None
    }

    fn entries(&self, directory: &str) -> Vec<Entry> {
        let names: &[&str] = match directory {
            "" => &[".cassandra/", "file.cql", "files/", "other.cql"],
            "files/" => &["a.csv", "ab.csv", "deep/"],
            "files/deep/" => &["x.csv"],
            _ => &[],
        };
        let entry =
            |name: &&str| Entry { name: name.trim_end_matches('/').to_owned(), is_directory: name.ends_with('/') };
        names.iter().map(entry).collect()
    }
}

/// `name type`, with `*` before a column of the partition key and `+` before a clustering one.
fn table(columns: &[&str], indexed: &[&str]) -> TableNames {
    let mut next = 0;
    let column = |text: &&str| {
        let (name, type_text) = text.split_once(' ').unwrap();
        let kind = match name.chars().next() {
            Some('*') => ColumnKind::PartitionKey(next),
            Some('+') => ColumnKind::Clustering(next),
            _ => ColumnKind::Regular,
        };
        next += 1;
        TableColumn { name: name.trim_start_matches(['*', '+']).to_owned(), kind, type_text: type_text.to_owned() }
    };
    TableNames { columns: columns.iter().map(column).collect(), indexed: strings(indexed) }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn fields(texts: &[(&str, &str)]) -> Vec<(String, String)> {
    texts.iter().map(|&(name, type_text)| (name.to_owned(), type_text.to_owned())).collect()
}

pub(super) fn schema() -> Schema {
    let mut completion = KeyspaceNames::default();
    let users = table(
        &[
            "*id uuid",
            "active boolean",
            "age int",
            "face vector<float, 3>",
            "home frozen<address>",
            "name text",
            "props map<text, int>",
            "scores list<int>",
            "tags set<text>",
            "work address",
        ],
        &["name", "values(tags)", "face"],
    );
    let events = ["*day date", "*hour int", "+at timestamp", "+seq int", "Body text", "kind text", "note text"];
    completion.tables.insert("users".to_owned(), users);
    completion.tables.insert("events".to_owned(), table(&events, &[]));
    completion.tables.insert("hits".to_owned(), table(&["*page text", "m counter", "n counter"], &[]));
    completion.tables.insert("Full".to_owned(), table(&["*id int", "Value text"], &[]));
    let by_kind = ["*kind text", "+day date", "+hour int", "+at timestamp", "+seq int", "Body text", "note text"];
    completion.views.insert("events_by_kind".to_owned(), table(&by_kind, &[]));
    completion.indexes = strings(&["users_face", "users_name", "users_tags"]);
    completion.functions = strings(&["add_up", "double_it"]);
    completion.aggregates = strings(&["total"]);
    completion.types.insert("address".to_owned(), fields(&[("street", "text"), ("city", "text"), ("Zip", "int")]));
    completion.types.insert("phone".to_owned(), fields(&[("kind", "text"), ("number", "text")]));
    let mut other = KeyspaceNames::default();
    other.tables.insert("things".to_owned(), table(&["*k int", "v int"], &[]));
    let mut system = KeyspaceNames::default();
    for name in ["peer_events", "peer_events_v2", "peers", "peers_v2"] {
        system.tables.insert(name.to_owned(), table(&["*peer inet"], &[]));
    }
    let mut catalogue = Catalogue { data_centers: strings(&["datacenter1"]), ..Catalogue::default() };
    catalogue.keyspaces.insert("completion".to_owned(), completion);
    catalogue.keyspaces.insert("Other".to_owned(), other);
    catalogue.keyspaces.insert("system".to_owned(), system);
    for name in
        ["system_auth", "system_distributed", "system_schema", "system_traces", "system_views", "system_virtual_schema"]
    {
        catalogue.keyspaces.insert(name.to_owned(), KeyspaceNames::default());
    }
    Schema(catalogue)
}

/// What may come next in keyspace `completion`.
pub(super) fn ask(before: &str) -> Completion {
    complete(before, Some("completion"), &schema())
}
