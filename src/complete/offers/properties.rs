//! Properties of keyspaces and tables: `name = value`, and maps of them.

use super::Offers;
use crate::complete::walk::Context;
use crate::cql::names::{literal, unquote_literal};

const OPTIONS: &str = include_str!("../../../grammar/properties.txt");

pub(super) fn at(rule: &str, context: &Context<'_>) -> Option<Offers> {
    Some(match rule {
        "property_name" => names(context),
        "property_value" => value(context),
        "map_key" => keys(context),
        "map_value" => key_value(context),
        "map_comma" | "map_end" if !context.is_within("property_value") => return None,
        "map_comma" => Offers::texts(may_go_on(context).then_some(",")),
        "map_end" => Offers::texts(may_end(context).then_some("}")),
        "index_class" => Offers::texts(values_of("index", "class")),
        "index_option_name" => Offers::texts(index_options(context).map(literal)),
        "index_option_value" => {
            let name = unquote_literal(context.last("index_option_name").unwrap_or_default());
            let values: Vec<_> = values_of("index", &name).collect();
            if values.is_empty() { return None } else { Offers::texts(values) }
        }
        _ => return None,
    })
}

/// A line of the list: what it belongs to, its name, and its values as they are written, if they can be told.
struct Line {
    owner: &'static str,
    name: &'static str,
    values: &'static str,
}

fn lines() -> impl Iterator<Item = Line> {
    OPTIONS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut fields = line.split('|').map(str::trim);
        Some(Line { owner: fields.next()?, name: fields.next()?, values: fields.next()? })
    })
}

fn of(owner: &str) -> impl Iterator<Item = Line> {
    lines().filter(move |line| line.owner == owner)
}

/// The values of an option; none when they cannot be told.
fn values_of(owner: &str, name: &str) -> impl Iterator<Item = &'static str> {
    let is_it = move |line: &Line| line.owner == owner && line.name == name;
    let values = lines().find(is_it).map_or("", |line| line.values);
    values.split(' ').filter(|value| !value.is_empty() && !value.starts_with('<'))
}

fn is_of_keyspace(context: &Context<'_>) -> bool {
    context.is_within("create_keyspace") || context.is_within("alter_keyspace")
}

/// What the properties here belong to.
fn owner(context: &Context<'_>) -> &'static str {
    if is_of_keyspace(context) { "keyspace" } else { "table" }
}

fn names(context: &Context<'_>) -> Offers {
    let given: Vec<_> = context.all("property_name").into_iter().map(str::to_lowercase).collect();
    if is_of_keyspace(context) {
        let is_first = !given.iter().any(|name| name == "replication");
        return Offers::texts([if is_first { "replication" } else { "durable_writes" }]);
    }
    let is_view = context.is_within("create_view");
    let fits =
        of("table").filter(|line| !is_view || !["default_time_to_live", "gc_grace_seconds"].contains(&line.name));
    Offers::texts(fits.map(|line| line.name))
}

/// The property whose value is being written.
fn property(context: &Context<'_>) -> String {
    context.last("property_name").unwrap_or_default().to_lowercase()
}

fn value(context: &Context<'_>) -> Offers {
    let name = property(context);
    match name.as_str() {
        "replication" | "compaction" | "compression" => return Offers::texts(["{'class': '"]),
        "caching" => return Offers::texts(["{'keys': '"]),
        _ => {}
    }
    let owner = owner(context);
    let values: Vec<_> = values_of(owner, &name).collect();
    if !values.is_empty() {
        return Offers::texts(values);
    }
    let hint = of(owner).find(|line| line.name == name).map_or("", |line| line.values);
    Offers::told(if hint.is_empty() { "<option_value>" } else { hint })
}

/// The keys and values of the map that is being written; one whose value is still to come has none.
fn pairs(context: &Context<'_>) -> Vec<(String, Option<String>)> {
    let texts = |rule| context.all_within("property_value", rule).into_iter().map(unquote_literal);
    let mut values = texts("map_value");
    texts("map_key").map(|key| (key, values.next())).collect()
}

fn class(pairs: &[(String, Option<String>)]) -> Option<String> {
    let value = pairs.iter().find(|(key, _)| key == "class").and_then(|(_, value)| value.clone())?;
    value.rsplit('.').next().map(str::to_owned)
}

fn keys(context: &Context<'_>) -> Offers {
    let property = property(context);
    let pairs = pairs(context);
    let class = class(&pairs);
    let is_given = |key: &str| pairs.iter().any(|(given, _)| given == key);
    if class.is_none() && matches!(property.as_str(), "replication" | "compaction") {
        return Offers::texts(["'class'"]);
    }
    let mut keys: Vec<String> = Vec::new();
    if class.as_deref() == Some("NetworkTopologyStrategy") {
        keys.extend(context.asked.names.catalogue().data_centers.iter().cloned());
        if keys.is_empty() {
            return Offers::told("<dc_name>");
        }
    }
    keys.extend(of(&property).chain(class.iter().flat_map(|class| of(class))).map(|line| line.name.to_owned()));
    keys.retain(|key| !is_given(key));
    Offers::texts(keys.iter().map(|key| literal(key)))
}

fn key_value(context: &Context<'_>) -> Offers {
    let property = property(context);
    let pairs = pairs(context);
    let key = pairs.last().map(|(key, _)| key.clone()).unwrap_or_default();
    let class = class(&pairs).unwrap_or_default();
    let values: Vec<_> = values_of(&property, &key).chain(values_of(&class, &key)).collect();
    if property == "caching" && key == "rows_per_partition" {
        return Offers { hints: ["#rows_per_partition".to_owned()].into(), ..Offers::texts(values) };
    }
    if !values.is_empty() {
        return Offers::texts(values);
    }
    Offers::told(if property == "replication" { "<term>" } else { "<option_value>" })
}

/// Whether a replication can do with what it has, and whether there is more that could be said.
fn may_end(context: &Context<'_>) -> bool {
    let pairs = pairs(context);
    let given = |key: &str| pairs.iter().any(|(given, _)| given == key);
    match (property(context).as_str(), class(&pairs).as_deref()) {
        ("replication", None) => false,
        ("replication", Some("SimpleStrategy")) => given("replication_factor"),
        ("replication", Some("NetworkTopologyStrategy")) => pairs.len() > 1,
        _ => true,
    }
}

fn may_go_on(context: &Context<'_>) -> bool {
    property(context) != "replication" || !may_end(context)
}

/// The options of the index's class.
fn index_options(context: &Context<'_>) -> impl Iterator<Item = &'static str> {
    let class = unquote_literal(context.last("index_class").unwrap_or_default()).to_lowercase();
    let given: Vec<_> = context.all("index_option_name").into_iter().map(unquote_literal).collect();
    let owner = if class.ends_with("sasiindex") { "sasi" } else { "sai" };
    of(owner).map(|line| line.name).filter(move |name| !given.iter().any(|given| given == name))
}
