//! What hangs on a table: CREATE INDEX and CREATE TRIGGER.

use super::options;
use crate::cluster::definition::IndexDefinition;
use crate::cql::names::{literal, quote};

/// The statement that makes an index.
pub(super) fn create(keyspace: &str, table: &str, index: &IndexDefinition) -> String {
    let custom = if index.class.is_some() { "CUSTOM " } else { "" };
    let (name, keyspace, table) = (quote(&index.name), quote(keyspace), quote(table));
    let mut text = format!("CREATE {custom}INDEX {name} ON {keyspace}.{table} ({})", index.target);
    if let Some(class) = &index.class {
        text.push_str(&format!(" USING {}", literal(class)));
        if !index.options.is_empty() {
            text.push_str(&format!(" WITH OPTIONS = {}", options::map(&index.options)));
        }
    }
    text + ";"
}

/// The statement that makes a trigger.
pub(super) fn create_trigger(keyspace: &str, table: &str, name: &str, class: &str) -> String {
    format!("CREATE TRIGGER {} ON {}.{} USING {};", quote(name), quote(keyspace), quote(table), literal(class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trigger_names_its_class() {
        let expected = "CREATE TRIGGER \"Tr\" ON ks.\"T\" USING 'org.example.It''s';";
        assert_eq!(create_trigger("ks", "T", "Tr", "org.example.It's"), expected);
    }

    #[test]
    fn options_stand_only_where_there_are_some() {
        let mut index = IndexDefinition {
            name: "i".to_owned(),
            target: "keys(\"M\")".to_owned(),
            class: Some("a.B".to_owned()),
            options: Vec::new(),
        };
        assert_eq!(create("ks", "t", &index), "CREATE CUSTOM INDEX i ON ks.t (keys(\"M\")) USING 'a.B';");
        index.options.push(("a".to_owned(), "1".to_owned()));
        let expected = "CREATE CUSTOM INDEX i ON ks.t (keys(\"M\")) USING 'a.B' WITH OPTIONS = {'a': '1'};";
        assert_eq!(create("ks", "t", &index), expected);
    }
}
