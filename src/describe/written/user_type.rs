//! CREATE TYPE, and the order in which types can be made.

use std::collections::HashSet;

use crate::cluster::definition::TypeDefinition;
use crate::cql::lexer::{Lexer, TokenKind};
use crate::cql::names::{quote, unquote};

/// The statement that makes a user type.
pub(super) fn create(keyspace: &str, user_type: &TypeDefinition) -> String {
    let fields: Vec<_> = user_type.fields.iter().map(|(name, ty)| format!("    {} {ty}", quote(name))).collect();
    format!("CREATE TYPE {}.{} (\n{}\n);", quote(keyspace), quote(&user_type.name), fields.join(",\n"))
}

/// The types in an order in which each comes after those it is made of, otherwise as they were.
pub(super) fn in_order<'t>(types: &[&'t TypeDefinition]) -> Vec<&'t TypeDefinition> {
    let mut waiting: Vec<_> = types.iter().map(|user_type| (*user_type, used(user_type))).collect();
    let mut missing: HashSet<&str> = types.iter().map(|user_type| user_type.name.as_str()).collect();
    let mut ordered = Vec::with_capacity(types.len());
    while !waiting.is_empty() {
        // No type can be part of itself, so there is always one that waits for nothing; a schema that claims otherwise is
        // told as it is.
        let ready = waiting.iter().position(|(user_type, used)| {
            used.iter().all(|name| *name == user_type.name || !missing.contains(name.as_str()))
        });
        let (user_type, _) = waiting.remove(ready.unwrap_or(0));
        missing.remove(user_type.name.as_str());
        ordered.push(user_type);
    }
    ordered
}

/// All names in the types of a user type's fields, those of user types among them.
fn used(user_type: &TypeDefinition) -> Vec<String> {
    let names = |ty: &str| {
        let is_name = |kind| matches!(kind, TokenKind::QuotedName | TokenKind::Word);
        let tokens = Lexer::new(ty).filter(move |token| is_name(token.kind));
        tokens.map(|token| unquote(token.text(ty))).collect::<Vec<_>>()
    };
    user_type.fields.iter().flat_map(|(_, ty)| names(ty)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user_type(name: &str, fields: &[(&str, &str)]) -> TypeDefinition {
        let fields = fields.iter().map(|(name, ty)| ((*name).to_owned(), (*ty).to_owned())).collect();
        TypeDefinition { name: name.to_owned(), fields }
    }

    fn order(types: &[TypeDefinition]) -> Vec<&str> {
        in_order(&types.iter().collect::<Vec<_>>()).iter().map(|user_type| user_type.name.as_str()).collect()
    }

    #[test]
    fn types_follow_what_they_are_made_of() {
        let types = [
            user_type("a", &[("x", "frozen<b>"), ("y", "map<int, frozen<tuple<int, frozen<\"C\"\"c\">>>>")]),
            user_type("b", &[("a", "set<frozen<d>>")]),
            user_type("C\"c", &[("a", "int")]),
            user_type("d", &[("b", "text")]),
            user_type("e", &[("c", "text")]),
        ];
        assert_eq!(order(&types), ["C\"c", "d", "b", "a", "e"]);
    }

    #[test]
    fn a_ring_of_types_is_told_too() {
        let types = [user_type("a", &[("x", "frozen<b>")]), user_type("b", &[("x", "frozen<a>")])];
        assert_eq!(order(&types), ["a", "b"]);
    }

    #[test]
    fn names_of_types_and_fields_are_quoted() {
        let expected = "CREATE TYPE \"Ks\".\"select\" (\n    a int,\n    \"B\" text\n);";
        assert_eq!(create("Ks", &user_type("select", &[("a", "int"), ("B", "text")])), expected);
    }
}
