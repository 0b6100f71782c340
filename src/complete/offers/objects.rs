//! Keyspaces and what they hold, users, and files.

use super::Offers;
use crate::complete::Kind;
use crate::complete::walk::Context;
use crate::cql::names::{quote, unquote};

pub(super) fn at(rule: &str, context: &Context<'_>) -> Option<Offers> {
    use Kind::*;
    match rule {
        "keyspace" => Some(Offers::texts(keyspaces(context))),
        "qualifier" => Some(Offers::texts(keyspaces(context).map(|name| name + "."))),
        "dot" => Some(dot(context)),
        "table_name" => in_keyspace(context, &[Table]),
        "object_name" => in_keyspace(context, &[Table, View, Index]),
        "index_name" => in_keyspace(context, &[Index]),
        "view_name" => in_keyspace(context, &[View]),
        "user_type_name" => in_keyspace(context, &[Type]),
        "function_name" => in_keyspace(context, &[Function]),
        "aggregate_name" => in_keyspace(context, &[Aggregate]),
        "user" => Some(Offers::texts(context.asked.names.roles().iter().map(|name| quote(name)))),
        "file" => Some(file(context)),
        _ => None,
    }
}

fn keyspaces(context: &Context<'_>) -> impl Iterator<Item = String> {
    context.asked.names.keyspaces().into_iter().map(|name| quote(&name))
}

/// The point after a keyspace, if that is one.
fn dot(context: &Context<'_>) -> Offers {
    let keyspace = context.last("qualifier").map(unquote).unwrap_or_default();
    Offers::texts(context.asked.names.keyspaces().contains(&keyspace).then_some("."))
}

/// Names of some kinds in the keyspace that is written before, or else in the current one; nothing is known of a
/// keyspace that is not there.
pub(super) fn in_keyspace(context: &Context<'_>, kinds: &[Kind]) -> Option<Offers> {
    let names = context.asked.names;
    let keyspace = match context.qualifier().map(unquote) {
        Some(keyspace) if !names.keyspaces().contains(&keyspace) => return None,
        Some(keyspace) => keyspace,
        None => match context.asked.keyspace {
            Some(keyspace) => keyspace.to_owned(),
            None => return Some(Offers::default()),
        },
    };
    let all = kinds.iter().flat_map(|kind| names.named(*kind, &keyspace));
    Some(Offers::texts(all.map(|name| quote(&name))))
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
