//! Statements that define things: what is new, types, keys, functions, permissions.

use super::{Offers, objects};
use crate::complete::names::Kind;
use crate::complete::walk::Context;
use crate::cql::grammar;
use crate::cql::names::{literal, unquote};

/// The keyspaces that are the server's own.
const SYSTEM: [&str; 7] = [
    "system",
    "system_auth",
    "system_distributed",
    "system_schema",
    "system_traces",
    "system_views",
    "system_virtual_schema",
];

/// Those of them whose replication nobody can alter.
const FIXED: [&str; 4] = ["system", "system_schema", "system_views", "system_virtual_schema"];

pub(super) fn at(rule: &str, context: &Context<'_>) -> Option<Offers> {
    Some(match rule {
        "user_keyspace" => keyspaces_but(context, &SYSTEM)?,
        "alterable_keyspace" => keyspaces_but(context, &FIXED)?,
        // cqlsh: the other word is for who begins to type it.
        "keyspace_word" => word(context, "KEYSPACE", "SCHEMA"),
        "table_word" => word(context, "TABLE", "COLUMNFAMILY"),
        "new_table_name" => Offers::told("<new_table_name>"),
        "new_view_name" => Offers::told("<new_view_name>"),
        "new_index_name" => Offers::told("<new_index_name>"),
        "new_type_name" => Offers::told("<new_type_name>"),
        "new_column" if declared(context).is_empty() => {
            Offers::all_told(["<new_column_name>", "<identifier>", "<quotedName>"])
        }
        "new_column" | "new_column_name" => Offers::told("<new_column_name>"),
        "new_field" | "new_field_name" => Offers::told("<new_field_name>"),
        "new_role" => Offers::told("<rolename>"),
        "new_user" => Offers::told("<username>"),
        "trigger_class" => Offers::told("'fully qualified class name'"),
        "key_open" => Offers::texts(["KEY ("]),
        "key_comma" => Offers::texts((!undeclared(context).is_empty()).then_some(",")),
        "partition_key" | "key_column" => Offers::names(undeclared(context).first()),
        "clustering_column" => Offers::names(clustering(context)),
        // cqlsh: parentheses are for two columns or more.
        "partition_end" => {
            let is_enough = context.all("partition_key").len() > 1 || undeclared(context).is_empty();
            Offers::texts(is_enough.then_some(")"))
        }
        "table_end" => Offers::texts(context.has_word("PRIMARY").then_some(")")),
        "static" => Offers::texts((declared(context).len() > 1).then_some("static")),
        // Rare, and cqlsh has ALTER for the first letter.
        "add" => Offers::texts((context.typed.len() > 1).then_some("ADD")),
        "index_function" => Offers::texts(["entries(", "full(", "keys(", "values("]),
        "existing_field" => {
            let (keyspace, name) = context.object("user_type")?;
            let fields = context.asked.names.catalogue().keyspaces.get(&keyspace)?.types.get(&name)?;
            Offers::names(fields.iter().map(|(name, _)| name))
        }
        "declared_type_name" => return objects::in_keyspace(context, &[Kind::Type]),
        "called_function_name" | "any_function_name" => {
            return objects::in_keyspace(context, &[Kind::Function, Kind::Aggregate]);
        }
        "referred_function" => return objects::in_keyspace(context, &[Kind::Function]),
        "masking_function" => {
            Offers::texts(["mask_default", "mask_hash", "mask_inner", "mask_null", "mask_outer", "mask_replace"])
        }
        "language" => Offers::texts(["java"]),
        "trigger" => return objects::in_keyspace(context, &[Kind::Trigger]),
        "role" => return objects::roles(context),
        "role_string" => {
            let roles = context.asked.names.roles()?;
            Offers::texts(roles.iter().map(|role| literal(role)))
        }
        "data_center" => {
            let names = &context.asked.names.catalogue().data_centers;
            Offers::texts(names.iter().map(|name| literal(name)))
        }
        "permission" => permissions(context),
        _ => return None,
    })
}

fn keyspaces_but(context: &Context<'_>, hidden: &[&str]) -> Option<Offers> {
    let all = super::objects::keyspaces(context)?;
    Some(Offers::names(all.filter(|name| !hidden.contains(&name.as_str()))))
}

fn word(context: &Context<'_>, usual: &str, other: &str) -> Offers {
    if context.typed.is_empty() { Offers::texts([usual]) } else { Offers::texts([usual, other]) }
}

/// The columns that a CREATE TABLE has declared.
fn declared<'a>(context: &'a Context<'_>) -> Vec<&'a str> {
    context.all("new_column")
}

/// Those of them that are not in the key yet.
fn undeclared(context: &Context<'_>) -> Vec<String> {
    let key = [context.all("partition_key"), context.all("key_column")].concat();
    let key: Vec<_> = key.into_iter().map(unquote).collect();
    let names = declared(context).into_iter().map(unquote);
    names.filter(|name| !key.contains(name)).collect()
}

/// The columns that may be ordered by: of the key if it is known.
fn clustering(context: &Context<'_>) -> Vec<String> {
    let names = if context.is_within("create_view") { context.all("view_column") } else { declared(context) };
    names.into_iter().map(unquote).collect()
}

/// The permissions that are not named yet.
fn permissions(context: &Context<'_>) -> Offers {
    let given: Vec<_> = context.all("permission").into_iter().map(str::to_ascii_uppercase).collect();
    let all = grammar::rule("permission").map(|rule| rule.text.split('|').map(str::trim));
    let left: Vec<_> = all.into_iter().flatten().filter(|word| !given.iter().any(|given| given == word)).collect();
    if left.is_empty() { Offers::told("No more permissions here.") } else { Offers::texts(left) }
}
