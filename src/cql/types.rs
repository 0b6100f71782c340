//! The types of CQL as values, parsed from the text that `system_schema` holds and written back as CQL.

mod class;
mod parse;

use std::fmt;
use std::sync::Arc;

pub use class::from_class;
pub use parse::{TypeError, parse};

/// A CQL type, resolved: a user type carries its fields. `frozen<>` is dropped, because it does not change the wire form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CqlType {
    /// A type without parameters.
    Native(NativeType),
    /// `list<T>`.
    List(Box<CqlType>),
    /// `set<T>`.
    Set(Box<CqlType>),
    /// `map<K, V>`.
    Map(Box<CqlType>, Box<CqlType>),
    /// `tuple<A, B, ...>`.
    Tuple(Vec<CqlType>),
    /// `vector<T, n>`: the element type and the number of elements.
    Vector(Box<CqlType>, usize),
    /// A user-defined type.
    UserType(Arc<UserType>),
    /// A Java class this program knows nothing about; its bytes are opaque.
    Custom(String),
}

/// A user-defined type: fields in declared order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserType {
    /// The keyspace it lives in.
    pub keyspace: String,
    /// Its name, unquoted.
    pub name: String,
    /// Field names (unquoted) and types.
    pub fields: Vec<(String, CqlType)>,
}

/// The types without parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the CQL type of its name")]
pub enum NativeType {
    Ascii,
    Bigint,
    Blob,
    Boolean,
    Counter,
    Date,
    Decimal,
    Double,
    Duration,
    Float,
    Inet,
    Int,
    Smallint,
    Text,
    Time,
    Timestamp,
    Timeuuid,
    Tinyint,
    Uuid,
    Varint,
}

impl NativeType {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::Ascii,
        Self::Bigint,
        Self::Blob,
        Self::Boolean,
        Self::Counter,
        Self::Date,
        Self::Decimal,
        Self::Double,
        Self::Duration,
        Self::Float,
        Self::Inet,
        Self::Int,
        Self::Smallint,
        Self::Text,
        Self::Time,
        Self::Timestamp,
        Self::Timeuuid,
        Self::Tinyint,
        Self::Uuid,
        Self::Varint,
    ];

    /// The type of this name in CQL, in any case; `varchar` is text.
    pub fn from_name(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("varchar") {
            return Some(Self::Text);
        }
        Self::ALL.into_iter().find(|native| native.name().eq_ignore_ascii_case(name))
    }

    /// The type's name in CQL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ascii => "ascii",
            Self::Bigint => "bigint",
            Self::Blob => "blob",
            Self::Boolean => "boolean",
            Self::Counter => "counter",
            Self::Date => "date",
            Self::Decimal => "decimal",
            Self::Double => "double",
            Self::Duration => "duration",
            Self::Float => "float",
            Self::Inet => "inet",
            Self::Int => "int",
            Self::Smallint => "smallint",
            Self::Text => "text",
            Self::Time => "time",
            Self::Timestamp => "timestamp",
            Self::Timeuuid => "timeuuid",
            Self::Tinyint => "tinyint",
            Self::Uuid => "uuid",
            Self::Varint => "varint",
        }
    }
}

impl fmt::Display for CqlType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Native(native) => f.write_str(native.name()),
            Self::List(element) => write!(f, "list<{element}>"),
            Self::Set(element) => write!(f, "set<{element}>"),
            Self::Map(key, value) => write!(f, "map<{key}, {value}>"),
            Self::Tuple(elements) => {
                f.write_str("tuple<")?;
                for (i, element) in elements.iter().enumerate() {
                    let separator = if i == 0 { "" } else { ", " };
                    write!(f, "{separator}{element}")?;
                }
                f.write_str(">")
            }
            Self::Vector(element, dimensions) => write!(f, "vector<{element}, {dimensions}>"),
            Self::UserType(user_type) => f.write_str(&super::names::quote(&user_type.name)),
            Self::Custom(class) => write!(f, "'{class}'"),
        }
    }
}
