//! Types as the Java classes of Cassandra, which is what the protocol calls what it has no code for.

use std::sync::Arc;

use super::{CqlType, NativeType, UserType};

/// How deep types may nest; the text decides how far the reader recurses.
const DEEPEST: usize = 100;

/// The package that the classes of all types of CQL are in. It may be left out.
const PACKAGE: &str = "org.apache.cassandra.db.marshal.";

/// The type a class stands for. A class that is no type of CQL, or is not written like one, gives [`CqlType::Custom`].
pub fn from_class(class: &str) -> CqlType {
    read(class, DEEPEST).unwrap_or_else(|| CqlType::Custom(class.to_owned()))
}

fn read(class: &str, depth: usize) -> Option<CqlType> {
    let depth = depth.checked_sub(1)?;
    let inner = |class: &str| match read(class, depth) {
        None if depth > 0 && !class.is_empty() => Some(CqlType::Custom(class.to_owned())),
        found => found,
    };
    let boxed = |class: &str| inner(class).map(Box::new);
    let (name, arguments) = parts(class.trim())?;
    Some(match (name.strip_prefix(PACKAGE).unwrap_or(name), &arguments[..]) {
        (name, []) => CqlType::Native(native(name)?),
        ("FrozenType" | "ReversedType", [class]) => inner(class)?,
        ("ListType", [element]) => CqlType::List(boxed(element)?),
        ("SetType", [element]) => CqlType::Set(boxed(element)?),
        ("MapType", [key, value]) => CqlType::Map(boxed(key)?, boxed(value)?),
        ("TupleType", elements) => CqlType::Tuple(elements.iter().map(|class| inner(class)).collect::<Option<_>>()?),
        ("VectorType", [element, dimensions]) => CqlType::Vector(boxed(element)?, dimensions.parse().ok()?),
        ("UserType", [keyspace, name, fields @ ..]) => {
            let field = |field: &&str| {
                let (name, class) = field.split_once(':')?;
                Some((from_hex(name)?, inner(class)?))
            };
            CqlType::UserType(Arc::new(UserType {
                keyspace: (*keyspace).to_owned(),
                name: from_hex(name)?,
                fields: fields.iter().map(field).collect::<Option<_>>()?,
            }))
        }
        _ => return None,
    })
}

/// `Name(a, b(c, d))` as `Name` and `a`, `b(c, d)`.
fn parts(class: &str) -> Option<(&str, Vec<&str>)> {
    let Some((name, rest)) = class.split_once('(') else { return Some((class, Vec::new())) };
    let rest = rest.strip_suffix(')')?;
    let mut open = 0_usize;
    let mut arguments = Vec::new();
    let mut start = 0;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'(' => open += 1,
            b')' => open = open.checked_sub(1)?,
            b',' if open == 0 => {
                arguments.push(rest[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    arguments.push(rest[start..].trim());
    (open == 0).then_some((name, arguments))
}

/// Names stand in a class as the hexadecimal digits of their bytes.
fn from_hex(digits: &str) -> Option<String> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect::<Option<Vec<u8>>>()?;
    if rest.is_empty() { String::from_utf8(bytes).ok() } else { None }
}

fn native(name: &str) -> Option<NativeType> {
    Some(match name {
        "AsciiType" => NativeType::Ascii,
        "BooleanType" => NativeType::Boolean,
        "ByteType" => NativeType::Tinyint,
        "BytesType" => NativeType::Blob,
        "CounterColumnType" => NativeType::Counter,
        "DecimalType" => NativeType::Decimal,
        "DoubleType" => NativeType::Double,
        "DurationType" => NativeType::Duration,
        "FloatType" => NativeType::Float,
        "InetAddressType" => NativeType::Inet,
        "Int32Type" => NativeType::Int,
        "IntegerType" => NativeType::Varint,
        "LongType" => NativeType::Bigint,
        "ShortType" => NativeType::Smallint,
        "SimpleDateType" => NativeType::Date,
        "TimeType" => NativeType::Time,
        "TimeUUIDType" => NativeType::Timeuuid,
        // DateType is what timestamps were called before there were dates.
        "DateType" | "TimestampType" => NativeType::Timestamp,
        "UTF8Type" => NativeType::Text,
        "UUIDType" => NativeType::Uuid,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(class: &str) -> String {
        from_class(class).to_string()
    }

    #[test]
    fn classes_of_cql_are_its_types() {
        assert_eq!(shown("org.apache.cassandra.db.marshal.SimpleDateType"), "date");
        assert_eq!(shown("org.apache.cassandra.db.marshal.DateType"), "timestamp");
        assert_eq!(
            shown("org.apache.cassandra.db.marshal.VectorType(org.apache.cassandra.db.marshal.FloatType , 3)"),
            "vector<float, 3>"
        );
        assert_eq!(
            shown("FrozenType(MapType(UTF8Type,TupleType(Int32Type,ListType(ByteType))))"),
            "map<text, tuple<int, list<tinyint>>>"
        );
    }

    #[test]
    fn user_types_have_their_names_in_hexadecimal() {
        let ty = from_class("UserType(ks,4d792054797065,61:Int32Type,422062:SetType(UTF8Type))");
        let CqlType::UserType(ty) = ty else { panic!("{ty}") };
        assert_eq!((&ty.keyspace[..], &ty.name[..]), ("ks", "My Type"));
        let fields: Vec<_> = ty.fields.iter().map(|(name, ty)| (&name[..], ty.to_string())).collect();
        assert_eq!(fields, [("a", "int".to_owned()), ("B b", "set<text>".to_owned())]);
    }

    #[test]
    fn other_classes_stay_what_they_are() {
        for class in [
            "LexicalUUIDType",
            "org.example.Type(a,b)",
            "ListType()",
            "VectorType(FloatType,x)",
            "ListType(Int32Type",
            "",
            ")(",
        ] {
            assert_eq!(from_class(class), CqlType::Custom(class.to_owned()));
        }
        assert_eq!(shown("ListType(LexicalUUIDType)"), "list<'LexicalUUIDType'>");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(class in "([A-Za-z0-9]{1,8}|ListType|UserType|[(),: ]){0,30}") {
            let _ = from_class(&class);
        }
    }
}
