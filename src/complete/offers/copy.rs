//! COPY: columns, options and their values.

use super::Offers;
use crate::complete::walk::Context;
use crate::cql::command::Direction;
use crate::cql::grammar;
use crate::cql::names::unquote;

/// The table's first column, then the others in any order.
pub(super) fn column(context: &Context<'_>) -> Option<Offers> {
    let table = context.table()?;
    let named: Vec<String> = context.all("column").into_iter().map(unquote).collect();
    let columns = table.columns.iter().map(|column| &column.name);
    let taken = if named.is_empty() { 1 } else { table.columns.len() };
    let left = columns.take(taken).filter(|name| !named.contains(name));
    Some(Offers::names(left))
}

/// The options of the direction that are not given yet.
pub(super) fn option_names(context: &Context<'_>) -> Offers {
    let given: Vec<String> = context.all("copy_option_name").into_iter().map(str::to_ascii_uppercase).collect();
    let direction = if context.has_word("FROM") { Direction::From } else { Direction::To };
    let fits = grammar::copy_options().filter(|option| option.direction.is_none_or(|of| of == direction));
    Offers::texts(fits.map(|option| option.name).filter(|name| !given.iter().any(|given| given == name)))
}

/// What the last option may be.
pub(super) fn option_values(context: &Context<'_>) -> Offers {
    let name = context.last("copy_option_name").unwrap_or_default().to_ascii_uppercase();
    match name.as_str() {
        "HEADER" | "PREPAREDSTATEMENTS" => Offers::texts(["true", "false"]),
        "DIALECT" => Offers::texts(["'cqlsh'", "'rfc4180'"]),
        "NULLS" => Offers::texts(["null", "unset"]),
        "DELIMITER" | "QUOTE" | "ESCAPE" | "DECIMALSEP" | "THOUSANDSSEP" => Offers::told("<single_character_string>"),
        _ => {
            let option = grammar::copy_options().find(|option| option.name == name);
            Offers::told(option.map_or("<value>".to_owned(), |option| format!("<{}>", option.about)))
        }
    }
}
