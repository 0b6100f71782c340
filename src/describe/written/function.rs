//! CREATE FUNCTION and CREATE AGGREGATE, and how the two are listed.

use crate::cluster::definition::{AggregateDefinition, FunctionDefinition};
use crate::cql::names::{literal, quote};

/// Types of which the server notes a first state without the quotes that its literals need.
const QUOTED_STATES: [&str; 4] = ["date", "inet", "time", "timestamp"];

/// The statement that makes a function.
pub(super) fn create(keyspace: &str, function: &FunctionDefinition) -> String {
    let arguments: Vec<_> =
        function.arguments.iter().map(|(name, ty)| format!("{} {}", quote(name), thawed(ty))).collect();
    let null_input = if function.called_on_null_input { "CALLED" } else { "RETURNS NULL" };
    format!(
        "CREATE FUNCTION {}.{}({})\n    {null_input} ON NULL INPUT\n    RETURNS {}\n    LANGUAGE {}\n    AS {};",
        quote(keyspace),
        quote(&function.name),
        arguments.join(", "),
        thawed(&function.return_type),
        function.language,
        body(&function.body)
    )
}

/// The statement that makes an aggregate.
pub(super) fn create_aggregate(keyspace: &str, aggregate: &AggregateDefinition) -> String {
    let mut text = format!(
        "CREATE AGGREGATE {}.{}\n    SFUNC {}\n    STYPE {}",
        quote(keyspace),
        listed_aggregate(aggregate),
        quote(&aggregate.state_function),
        thawed(&aggregate.state_type)
    );
    if let Some(function) = &aggregate.final_function {
        text.push_str(&format!("\n    FINALFUNC {}", quote(function)));
    }
    if let Some(state) = &aggregate.initial_state {
        let unquoted = QUOTED_STATES.contains(&aggregate.state_type.as_str()) && !state.starts_with('\'');
        let state = if unquoted { literal(state) } else { state.clone() };
        text.push_str(&format!("\n    INITCOND {state}"));
    }
    text + ";"
}

/// A function in a list: `name(types)`.
pub(super) fn listed(function: &FunctionDefinition) -> String {
    signature(&function.name, function.arguments.iter().map(|(_, ty)| ty))
}

/// An aggregate in a list.
pub(super) fn listed_aggregate(aggregate: &AggregateDefinition) -> String {
    signature(&aggregate.name, aggregate.argument_types.iter())
}

fn signature<'a>(name: &str, types: impl Iterator<Item = &'a String>) -> String {
    let types: Vec<_> = types.map(|ty| thawed(ty)).collect();
    format!("{}({})", quote(name), types.join(", "))
}

/// A type as arguments and results have it: what they are is frozen anyhow, and must not be called so.
fn thawed(ty: &str) -> &str {
    ty.strip_prefix("frozen<").and_then(|inner| inner.strip_suffix('>')).unwrap_or(ty)
}

/// A body between dollars, or in quotes if it could end the dollars early.
fn body(body: &str) -> String {
    if body.contains("$$") || body.ends_with('$') { literal(body) } else { format!("$${body}$$") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aggregate(state_type: &str, initial_state: &str) -> String {
        let aggregate = AggregateDefinition {
            name: "A".to_owned(),
            argument_types: vec!["frozen<tuple<int, frozen<u>>>".to_owned(), "set<frozen<u>>".to_owned()],
            state_function: "F".to_owned(),
            state_type: state_type.to_owned(),
            final_function: None,
            initial_state: Some(initial_state.to_owned()),
        };
        create_aggregate("ks", &aggregate)
    }

    #[test]
    fn only_the_outermost_type_thaws() {
        let expected = "CREATE AGGREGATE ks.\"A\"(tuple<int, frozen<u>>, set<frozen<u>>)\n    SFUNC \"F\"\n    \
                        STYPE int\n    INITCOND 0;";
        assert_eq!(aggregate("int", "0"), expected);
    }

    #[test]
    fn a_first_state_gets_the_quotes_it_needs() {
        assert!(aggregate("timestamp", "2020-01-01T00:00:00.000Z").ends_with("INITCOND '2020-01-01T00:00:00.000Z';"));
        assert!(aggregate("timestamp", "'2020'").ends_with("INITCOND '2020';"));
        assert!(aggregate("text", "'a'").ends_with("INITCOND 'a';"));
    }

    #[test]
    fn a_body_with_dollars_stands_in_quotes() {
        assert_eq!(body(" it's "), "$$ it's $$");
        assert_eq!(body("a$$'b"), "'a$$''b'");
        assert_eq!(body("a$"), "'a$'");
    }
}
