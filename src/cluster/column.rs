//! The driver's column types as our own.

use std::sync::Arc;

use scylla::frame::response::result::{
    CollectionType, ColumnSpec, ColumnType, NativeType as DriverNative, UserDefinedType,
};

use super::Column;
use crate::cql::types::{CqlType, NativeType, UserType};

/// A column of a result, or a bind marker.
pub(super) fn from_spec(spec: &ColumnSpec<'_>) -> Column {
    Column {
        keyspace: spec.table_spec().ks_name().to_owned(),
        table: spec.table_spec().table_name().to_owned(),
        name: spec.name().to_owned(),
        ty: from_type(spec.typ()),
    }
}

fn from_type(ty: &ColumnType<'_>) -> CqlType {
    let boxed = |ty| Box::new(from_type(ty));
    match ty {
        ColumnType::Native(native) => from_native(native),
        ColumnType::Collection { typ: CollectionType::List(element), .. } => CqlType::List(boxed(element)),
        ColumnType::Collection { typ: CollectionType::Set(element), .. } => CqlType::Set(boxed(element)),
        ColumnType::Collection { typ: CollectionType::Map(key, value), .. } => CqlType::Map(boxed(key), boxed(value)),
        ColumnType::Vector { typ, dimensions } => CqlType::Vector(boxed(typ), usize::from(*dimensions)),
        ColumnType::Tuple(elements) => CqlType::Tuple(elements.iter().map(from_type).collect()),
        ColumnType::UserDefinedType { definition, .. } => CqlType::UserType(Arc::new(from_user_type(definition))),
        other => unknown(other),
    }
}

fn from_user_type(definition: &UserDefinedType<'_>) -> UserType {
    UserType {
        keyspace: definition.keyspace.clone().into_owned(),
        name: definition.name.clone().into_owned(),
        fields: definition.field_types.iter().map(|(name, ty)| (name.clone().into_owned(), from_type(ty))).collect(),
    }
}

fn from_native(native: &DriverNative) -> CqlType {
    CqlType::Native(match native {
        DriverNative::Ascii => NativeType::Ascii,
        DriverNative::BigInt => NativeType::Bigint,
        DriverNative::Blob => NativeType::Blob,
        DriverNative::Boolean => NativeType::Boolean,
        DriverNative::Counter => NativeType::Counter,
        DriverNative::Date => NativeType::Date,
        DriverNative::Decimal => NativeType::Decimal,
        DriverNative::Double => NativeType::Double,
        DriverNative::Duration => NativeType::Duration,
        DriverNative::Float => NativeType::Float,
        DriverNative::Inet => NativeType::Inet,
        DriverNative::Int => NativeType::Int,
        DriverNative::SmallInt => NativeType::Smallint,
        DriverNative::Text => NativeType::Text,
        DriverNative::Time => NativeType::Time,
        DriverNative::Timestamp => NativeType::Timestamp,
        DriverNative::Timeuuid => NativeType::Timeuuid,
        DriverNative::TinyInt => NativeType::Tinyint,
        DriverNative::Uuid => NativeType::Uuid,
        DriverNative::Varint => NativeType::Varint,
        other => return unknown(other),
    })
}

/// A type that a newer driver may know and this program does not: its bytes stay opaque.
fn unknown(ty: &impl std::fmt::Debug) -> CqlType {
    CqlType::Custom(format!("{ty:?}"))
}

#[cfg(test)]
mod tests {
    use scylla::frame::response::result::TableSpec;

    use super::*;

    fn native(ty: DriverNative) -> ColumnType<'static> {
        ColumnType::Native(ty)
    }

    fn boxed(ty: DriverNative) -> Box<ColumnType<'static>> {
        Box::new(native(ty))
    }

    #[test]
    fn collections_keep_their_elements_and_lose_frozen() {
        let list = CollectionType::List(boxed(DriverNative::SmallInt));
        let set = CollectionType::Set(Box::new(ColumnType::Collection { frozen: true, typ: list }));
        let map = CollectionType::Map(
            boxed(DriverNative::TinyInt),
            Box::new(ColumnType::Collection { frozen: true, typ: set }),
        );
        let ty = from_type(&ColumnType::Collection { frozen: false, typ: map });
        assert_eq!(ty.to_string(), "map<tinyint, set<list<smallint>>>");
    }

    #[test]
    fn tuples_and_vectors_keep_order_and_size() {
        let vector = ColumnType::Vector { typ: boxed(DriverNative::Float), dimensions: 3 };
        let ty = from_type(&ColumnType::Tuple(vec![native(DriverNative::BigInt), vector]));
        assert_eq!(ty.to_string(), "tuple<bigint, vector<float, 3>>");
    }

    #[test]
    fn user_types_keep_their_fields_in_order() {
        let definition = UserDefinedType {
            name: "Address".into(),
            keyspace: "ks".into(),
            field_types: vec![("b".into(), native(DriverNative::Text)), ("a".into(), native(DriverNative::Counter))],
        };
        let ty = from_type(&ColumnType::UserDefinedType { frozen: false, definition: Arc::new(definition) });
        let expected = UserType {
            keyspace: "ks".into(),
            name: "Address".into(),
            fields: vec![
                ("b".into(), CqlType::Native(NativeType::Text)),
                ("a".into(), CqlType::Native(NativeType::Counter)),
            ],
        };
        assert_eq!(ty, CqlType::UserType(Arc::new(expected)));
    }

    #[test]
    fn a_column_knows_where_it_comes_from() {
        let spec = ColumnSpec::borrowed("c", native(DriverNative::Int), TableSpec::borrowed("ks", "t"));
        let expected =
            Column { keyspace: "ks".into(), table: "t".into(), name: "c".into(), ty: CqlType::Native(NativeType::Int) };
        assert_eq!(from_spec(&spec), expected);
    }
}
