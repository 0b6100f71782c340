//! Keyspaces and what they hold, users, and files.

use super::{Name, Offers};
use crate::complete::names::{Kind, of_kind};
use crate::complete::walk::Context;
use crate::cql::names::unquote;

pub(super) fn at(rule: &str, context: &Context<'_>) -> Option<Offers> {
    use Kind::*;
    match rule {
        "keyspace" => Some(Offers::names(keyspaces(context)?)),
        "qualifier" => {
            let names = keyspaces(context)?.map(|name| Name { name: name.clone(), suffix: "." });
            Some(Offers { names: names.collect(), ..Offers::default() })
        }
        "dot" => Some(dot(context)),
        "table_name" => in_keyspace(context, &[Table]),
        "table_or_view_name" => in_keyspace(context, &[Table, View]),
        "object_name" => in_keyspace(context, &[Table, View, Index]),
        "index_name" => in_keyspace(context, &[Index]),
        "view_name" => in_keyspace(context, &[View]),
        "user_type_name" => in_keyspace(context, &[Type]),
        "function_name" => in_keyspace(context, &[Function]),
        "aggregate_name" => in_keyspace(context, &[Aggregate]),
        "user" => roles(context),
        "file" => Some(file(context)),
        _ => None,
    }
}

/// All keyspaces; there is always one of the system's, or the schema is not read yet.
pub(super) fn keyspaces<'a>(context: &'a Context<'_>) -> Option<impl Iterator<Item = &'a String>> {
    let keyspaces = &context.asked.names.catalogue().keyspaces;
    (!keyspaces.is_empty()).then(|| keyspaces.keys())
}

/// The point after a keyspace, if that is one.
fn dot(context: &Context<'_>) -> Offers {
    let keyspace = context.last("qualifier").map(unquote).unwrap_or_default();
    Offers::texts(context.asked.names.catalogue().keyspaces.contains_key(&keyspace).then_some("."))
}

/// Names of some kinds in the keyspace that is written before, or else in the current one; nothing is known of a
/// keyspace that is not there.
pub(super) fn in_keyspace(context: &Context<'_>, kinds: &[Kind]) -> Option<Offers> {
    let keyspaces = &context.asked.names.catalogue().keyspaces;
    let keyspace = match (context.qualifier(), context.asked.keyspace) {
        (Some(written), _) => keyspaces.get(&unquote(written))?,
        (None, Some(current)) => keyspaces.get(current)?,
        (None, None) => return Some(Offers::default()),
    };
    let all = kinds.iter().flat_map(|kind| of_kind(keyspace, *kind));
    Some(Offers::names(all))
}

/// Roles; nothing is known of them where they may not be listed.
pub(super) fn roles(context: &Context<'_>) -> Option<Offers> {
    Some(Offers::names(context.asked.names.roles()?))
}

/// What is in the directory that the string so far leads to; before the string, its quote.
fn file(context: &Context<'_>) -> Offers {
    if !context.quoted {
        return Offers::texts(context.typed.is_empty().then_some("'"));
    }
    let head = context.typed.rfind('/').map_or("", |slash| &context.typed[..=slash]);
    let tail = &context.typed[head.len()..];
    let entries = context.asked.names.entries(head).into_iter();
    let begin_so = entries.filter(|entry| entry.name.starts_with(tail));
    let files = begin_so.map(|entry| format!("{head}{}{}", entry.name, if entry.is_directory { "/" } else { "" }));
    Offers { files: files.collect(), ..Offers::default() }
}
