//! Types in few words, for tests.

use std::sync::Arc;

use crate::cql::types::{CqlType, NativeType, UserType};

pub(super) fn native(native: NativeType) -> CqlType {
    CqlType::Native(native)
}

pub(super) fn list(element: CqlType) -> CqlType {
    CqlType::List(Box::new(element))
}

pub(super) fn set(element: CqlType) -> CqlType {
    CqlType::Set(Box::new(element))
}

pub(super) fn map(key: CqlType, value: CqlType) -> CqlType {
    CqlType::Map(Box::new(key), Box::new(value))
}

pub(super) fn tuple(types: Vec<CqlType>) -> CqlType {
    CqlType::Tuple(types)
}

pub(super) fn vector(element: CqlType, dimensions: usize) -> CqlType {
    CqlType::Vector(Box::new(element), dimensions)
}

pub(super) fn user_type(name: &str, fields: Vec<(&str, CqlType)>) -> CqlType {
    let fields = fields.into_iter().map(|(name, ty)| (name.to_owned(), ty)).collect();
    CqlType::UserType(Arc::new(UserType { keyspace: "ks".to_owned(), name: name.to_owned(), fields }))
}
