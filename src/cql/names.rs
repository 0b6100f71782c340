//! Names of keyspaces, tables and columns: when they need quotes, and how to put them on and take them off.

/// A name as CQL wants to read it: quoted when it is not a plain lower-case word or is a reserved word.
pub fn quote(_name: &str) -> String {
    todo!()
}

/// A name as typed turned into the name it stands for: `"Foo""s"` is `Foo"s`, `Foo` is `foo`.
pub fn unquote(_typed: &str) -> String {
    todo!()
}

/// A string literal as typed turned into the text it stands for: `'it''s'` is `it's`; anything else is itself.
pub fn unquote_literal(_typed: &str) -> String {
    todo!()
}
