//! Values: what a column's type says about what is written for it.

use super::Offers;
use crate::cluster::TableNames;
use crate::complete::walk::Context;
use crate::cql::names::{quote, unquote};

pub(super) fn at(rule: &str, context: &Context<'_>) -> Option<Offers> {
    match rule {
        "insert_value" => inserted(context),
        "insert_comma" => Some(Offers::texts(has_more_columns(context).then_some(","))),
        "insert_end" => Some(Offers::texts((!has_more_columns(context)).then_some(")"))),
        "using" => Some(options(context, "using", &["TIMESTAMP", "TTL"])),
        "using_timestamp" => Some(options(context, "using_timestamp", &["TIMESTAMP"])),
        "assigned" => assigned(context),
        // What stands there is answered for by the rule beside it.
        "assigned_column" => Some(Offers::default()),
        "assigned_operator" => assigned_operator(context),
        "list_operator" => {
            let is_list = context.last("assigned").is_some_and(|text| text.starts_with('['));
            Some(Offers::texts(is_list.then_some("+")))
        }
        "list_column" => Some(Offers::names(context.last("updated_column").map(unquote))),
        "assigned_operand" => assigned_operand(context),
        "element_bracket" => {
            let type_text = column_type(context)?;
            let has_elements = unfrozen(&type_text, &["map<", "list<"]);
            Some(Offers::texts(has_elements.then_some("[")))
        }
        "field_dot" => {
            let type_text = column_type(context)?;
            Some(Offers::texts(type_fields(context, &type_text).map(|_| ".")))
        }
        _ => None,
    }
}

fn unfrozen(type_text: &str, starts: &[&str]) -> bool {
    starts.iter().any(|start| type_text.starts_with(start))
}

/// A type without the `frozen<…>` around it.
fn thawed(type_text: &str) -> &str {
    type_text.strip_prefix("frozen<").and_then(|inner| inner.strip_suffix('>')).unwrap_or(type_text)
}

fn type_of(table: &TableNames, column: &str) -> Option<String> {
    let column = table.columns.iter().find(|known| known.name == column)?;
    Some(column.type_text.clone())
}

/// What begins a literal of this type, if only one thing can.
fn opening(type_text: &str) -> Option<&'static str> {
    let thawed = thawed(type_text);
    if unfrozen(thawed, &["map<", "set<"]) {
        Some("{")
    } else if unfrozen(thawed, &["list<", "vector<"]) {
        Some("[")
    } else if thawed.starts_with("tuple<") {
        Some("(")
    } else {
        None
    }
}

fn inserted(context: &Context<'_>) -> Option<Offers> {
    let table = context.table()?;
    let columns: Vec<_> = context.all("insert_column").into_iter().map(unquote).collect();
    let Some(column) = columns.get(context.all("insert_value").len()) else { return Some(Offers::default()) };
    let type_text = type_of(table, column)?;
    Some(literal_of(context, &type_text, || format!("<value for {} ({type_text})>", quote(column))))
}

/// What a literal of a type begins with, or all that there are of it, or else the hint.
fn literal_of(context: &Context<'_>, type_text: &str, hint: impl FnOnce() -> String) -> Offers {
    match opening(type_text) {
        Some(opening) => Offers::texts([opening]),
        None if type_text == "boolean" => Offers::texts(["true", "false"]),
        None if type_fields(context, type_text).is_some() => Offers::texts(["{"]),
        None => Offers::told(hint()),
    }
}

fn has_more_columns(context: &Context<'_>) -> bool {
    context.all("insert_column").len() > context.all("insert_value").len()
}

/// The options that are not given yet.
fn options(context: &Context<'_>, rule: &str, all: &[&str]) -> Offers {
    let given: Vec<_> = context.all(rule).into_iter().map(str::to_ascii_uppercase).collect();
    let is_given = |option: &str| given.iter().any(|text| text.starts_with(option));
    Offers::texts(all.iter().copied().filter(|option| !is_given(option)))
}

/// The type of the column that was named last, in an assignment or a condition.
fn column_type(context: &Context<'_>) -> Option<String> {
    let column = match context.is_within("condition") {
        true => context.last("condition_column"),
        false => context.last("updated_column"),
    };
    type_of(context.table()?, &unquote(column?))
}

/// The fields of a type, if it is one that a user made.
fn type_fields<'a>(context: &'a Context<'_>, type_text: &str) -> Option<&'a [(String, String)]> {
    let keyspace = context.asked.names.catalogue().keyspaces.get(&context.table_keyspace()?)?;
    keyspace.types.get(&unquote(thawed(type_text))).map(Vec::as_slice)
}

/// The fields of the column that was named last.
pub(super) fn fields(context: &Context<'_>) -> Option<Offers> {
    let fields = type_fields(context, &column_type(context)?)?;
    Some(Offers::names(fields.iter().map(|(name, _)| name)))
}

fn assigned(context: &Context<'_>) -> Option<Offers> {
    let type_text = column_type(context)?;
    if type_text == "counter" {
        return Some(Offers::names(context.last("updated_column").map(unquote)));
    }
    Some(literal_of(context, &type_text, || format!("<term ({type_text})>")))
}

/// Whether a column is added to itself: a counter, or what a collection has.
fn is_itself(context: &Context<'_>) -> bool {
    let column = context.last("updated_column").map(unquote);
    column.is_some() && column == context.last("assigned_column").map(unquote)
}

fn assigned_operator(context: &Context<'_>) -> Option<Offers> {
    let type_text = column_type(context)?;
    let operators: &[&str] = match type_text.as_str() {
        "counter" => &["+", "-"],
        collection if unfrozen(collection, &["list<", "map<", "set<"]) && is_itself(context) => &["+", "-"],
        _ => &[],
    };
    Some(Offers::texts(operators.iter().copied()))
}

fn assigned_operand(context: &Context<'_>) -> Option<Offers> {
    let type_text = column_type(context)?;
    Some(match type_text.as_str() {
        "counter" => Offers::told("<wholenumber>"),
        list if list.starts_with("list<") => Offers::texts(["["]),
        collection if unfrozen(collection, &["map<", "set<"]) => Offers::texts(["{"]),
        _ => return None,
    })
}
