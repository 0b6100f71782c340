//! Rows of random schemas go out and come back. Every type has a generator behind a match that names them all: one that is
//! forgotten does not compile.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use cqlsh::cql::types::{CqlType, NativeType, UserType};

use super::bytes::{Cell, Row, int, sized, text};
use super::lossless::assert_comes_back;
use super::place::Place;

/// A generator of numbers that are hard to foresee and easy to repeat: `COPY_SEED` sets where it begins.
pub struct Random(u64);

impl Random {
    pub fn from_seed() -> Self {
        let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
        let seed = std::env::var("COPY_SEED").map_or_else(|_| now(), |seed| seed.parse().unwrap()) | 1;
        println!("COPY_SEED={seed}");
        Self(seed)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.bits() >> 16) as usize % bound
    }

    fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| (self.bits() >> 24) as u8).collect()
    }

    /// A number whose size is as likely as any other.
    fn number(&mut self) -> i64 {
        let shift = self.below(64);
        self.bits() as i64 >> shift
    }

    /// A text of what is hostile to somebody.
    pub fn text(&mut self) -> String {
        const HOSTILE: [&str; 25] = [
            "\"", "\\", ",", "'", "\n", "\r", "\r\n", "\t", "\u{0}", "\u{1b}", "NULL", "null", "N", ".", "a", " ", "é",
            "\u{feff}", "日", "👾", ":", "{", "]", "(", "\u{85}",
        ];
        let length = self.below(12);
        (0..length).map(|_| HOSTILE[self.below(HOSTILE.len())]).collect()
    }
}

/// The type after this one, so that a walk from the first meets all.
fn after(native: NativeType) -> Option<NativeType> {
    use NativeType as N;
    Some(match native {
        N::Ascii => N::Bigint,
        N::Bigint => N::Blob,
        N::Blob => N::Boolean,
        N::Boolean => N::Date,
        N::Date => N::Decimal,
        N::Decimal => N::Double,
        N::Double => N::Float,
        N::Float => N::Inet,
        N::Inet => N::Int,
        N::Int => N::Smallint,
        N::Smallint => N::Text,
        N::Text => N::Time,
        N::Time => N::Timestamp,
        N::Timestamp => N::Timeuuid,
        N::Timeuuid => N::Tinyint,
        N::Tinyint => N::Uuid,
        N::Uuid => N::Varint,
        N::Varint => N::Duration,
        // Counters stand in tables of their own.
        N::Duration | N::Counter => return None,
    })
}

fn natives() -> Vec<NativeType> {
    std::iter::successors(Some(NativeType::Ascii), |native| after(*native)).collect()
}

/// Bytes of a native type, never none of them where that is no value.
fn native(random: &mut Random, ty: NativeType) -> Vec<u8> {
    use NativeType as N;
    match ty {
        N::Ascii => random.text().into_bytes().into_iter().filter(u8::is_ascii).collect(),
        N::Text => random.text().into_bytes(),
        N::Blob => {
            let length = random.below(20);
            random.bytes(length)
        }
        N::Boolean => vec![random.below(2) as u8],
        N::Tinyint | N::Smallint | N::Int | N::Bigint | N::Counter => {
            let width = match ty {
                N::Tinyint => 1,
                N::Smallint => 2,
                N::Int => 4,
                _ => 8,
            };
            random.number().to_be_bytes()[8 - width..].to_vec()
        }
        N::Varint => varint(random),
        N::Decimal => {
            let scale = (random.number() as i32) >> random.below(32);
            [&scale.to_be_bytes()[..], &varint(random)].concat()
        }
        N::Float => {
            let special = [0, 1 << 31, f32::NAN.to_bits(), 0x7fc0_0001, 0xff80_0001, f32::INFINITY.to_bits(), 1];
            let any = random.bits() as u32;
            special.get(random.below(20)).copied().unwrap_or(any).to_be_bytes().to_vec()
        }
        N::Double => {
            let special = [0, 1 << 63, f64::NAN.to_bits(), 0x7ff8_0000_0000_0001, f64::NEG_INFINITY.to_bits(), 1];
            let any = random.bits();
            special.get(random.below(20)).copied().unwrap_or(any).to_be_bytes().to_vec()
        }
        N::Uuid => random.bytes(16),
        N::Timeuuid => {
            let mut bytes = random.bytes(16);
            bytes[6] = bytes[6] & 0x0f | 0x10;
            bytes
        }
        N::Inet => {
            let length = [4, 16][random.below(2)];
            random.bytes(length)
        }
        N::Timestamp => random.number().to_be_bytes().to_vec(),
        N::Date => ((random.number() as u32) ^ (1 << 31)).to_be_bytes().to_vec(),
        N::Time => (random.number().rem_euclid(86_400_000_000_000)).to_be_bytes().to_vec(),
        N::Duration => duration(random),
    }
}

/// No more bytes than it needs, which is all that a text can say.
fn varint(random: &mut Random) -> Vec<u8> {
    let length = 1 + random.below(20);
    let mut bytes = random.bytes(length);
    while let [first, second, ..] = bytes[..] {
        if (first == 0 && second < 0x80) || (first == 0xff && second >= 0x80) {
            bytes.remove(0)
        } else {
            break;
        };
    }
    bytes
}

/// Three variable-length integers of one sign.
fn duration(random: &mut Random) -> Vec<u8> {
    let negative = random.below(2) as u64;
    let mut out = Vec::new();
    for most in [i32::MAX as u64, i32::MAX as u64, i64::MAX as u64] {
        let amount = if random.below(3) == 0 { 0 } else { (random.number() as u64) & most };
        out.extend(variable((amount << 1) - if amount > 0 { negative } else { 0 }));
    }
    out
}

/// A variable-length integer: as many ones ahead as there are bytes after the first.
fn variable(number: u64) -> Vec<u8> {
    match (0..8_usize).find(|more| number < 1 << (7 * (more + 1))) {
        Some(more) => {
            let mut bytes = number.to_be_bytes()[7 - more..].to_vec();
            bytes[0] |= !(0xff_u8 >> more);
            bytes
        }
        None => [&[0xff][..], &number.to_be_bytes()].concat(),
    }
}

/// Bytes of any type as the server has them.
fn value(random: &mut Random, ty: &CqlType) -> Vec<u8> {
    match ty {
        CqlType::Native(ty) => native(random, *ty),
        CqlType::Custom(name) => panic!("no table here has a column of the type {name}"),
        CqlType::List(element) => counted(random, 3, &[element]),
        // More than one would have to be in the server's order, which those at the top of other tests are.
        CqlType::Set(element) => counted(random, 1, &[element]),
        CqlType::Map(key, value) => counted(random, 1, &[key, value]),
        CqlType::Tuple(types) => fields(random, types.iter()),
        CqlType::UserType(user_type) => fields(random, user_type.fields.iter().map(|(_, ty)| ty)),
        CqlType::Vector(element, dimensions) => (0..*dimensions).flat_map(|_| value(random, element)).collect(),
    }
}

/// A collection of at most so many entries.
fn counted(random: &mut Random, most: usize, entry: &[&CqlType]) -> Vec<u8> {
    let count = random.below(most + 1);
    let entries =
        (0..count).flat_map(|_| entry.iter().flat_map(|ty| sized(Some(&value(random, ty)))).collect::<Vec<_>>());
    let entries: Vec<u8> = entries.collect();
    [&(count as i32).to_be_bytes()[..], &entries].concat()
}

fn fields<'a>(random: &mut Random, types: impl Iterator<Item = &'a CqlType>) -> Vec<u8> {
    let field = |ty| if random.below(4) == 0 { sized(None) } else { sized(Some(&value(random, ty))) };
    types.flat_map(field).collect()
}

/// A schema in the making.
struct Schema {
    random: Random,
    types: Vec<String>,
}

impl Schema {
    /// A type of a column; what is inside another one is frozen, and a key is not a duration.
    fn ty(&mut self, depth: usize, key: bool) -> CqlType {
        let natives = natives();
        let kinds = if depth == 0 { 1 } else { 8 };
        let kind = self.random.below(kinds);
        let mut inner = |key| self.ty(depth - 1, key);
        match kind {
            1 => CqlType::List(Box::new(inner(key))),
            2 => CqlType::Set(Box::new(inner(true))),
            3 => CqlType::Map(Box::new(inner(true)), Box::new(inner(key))),
            4 => CqlType::Tuple(vec![inner(key), inner(key), inner(key)]),
            5 => {
                let types = [inner(key), inner(key), inner(key)];
                self.user_type(types)
            }
            6 if !key => CqlType::Vector(Box::new(CqlType::Native(NativeType::Float)), 1 + self.random.below(4)),
            _ => {
                let most = natives.len() - usize::from(key);
                CqlType::Native(natives[self.random.below(most)])
            }
        }
    }

    fn user_type(&mut self, types: [CqlType; 3]) -> CqlType {
        let names = ["plain", "With, 'marks'", "a: b"];
        let fields: Vec<(String, CqlType)> = names.map(str::to_owned).into_iter().zip(types).collect();
        let declared: Vec<String> =
            fields.iter().map(|(name, ty)| format!("\"{name}\" {}", declared(ty, true))).collect();
        let name = format!("type_{}", self.types.len());
        self.types.push(format!("CREATE TYPE {name} ({});", declared.join(", ")));
        CqlType::UserType(Arc::new(UserType { keyspace: String::new(), name, fields }))
    }
}

/// A type as CREATE wants it.
fn declared(ty: &CqlType, inside: bool) -> String {
    let frozen = |text: String| if inside { format!("frozen<{text}>") } else { text };
    let of = |ty: &CqlType| declared(ty, true);
    match ty {
        CqlType::Native(native) => native.name().to_owned(),
        CqlType::Custom(name) => format!("'{name}'"),
        CqlType::List(element) => frozen(format!("list<{}>", of(element))),
        CqlType::Set(element) => frozen(format!("set<{}>", of(element))),
        CqlType::Map(key, value) => frozen(format!("map<{}, {}>", of(key), of(value))),
        CqlType::Tuple(types) => {
            let types: Vec<String> = types.iter().map(of).collect();
            frozen(format!("tuple<{}>", types.join(", ")))
        }
        CqlType::UserType(user_type) => frozen(user_type.name.clone()),
        CqlType::Vector(element, dimensions) => format!("vector<{}, {dimensions}>", of(element)),
    }
}

/// A value at the top, which may be null, and of no bytes where the server takes that.
fn cell(random: &mut Random, ty: &CqlType) -> Cell {
    use NativeType as N;
    let empty = match ty {
        CqlType::Native(N::Tinyint | N::Smallint | N::Date | N::Time | N::Duration) => false,
        CqlType::Native(_) => true,
        _ => false,
    };
    match random.below(10) {
        0 => None,
        1 if empty => Some(Vec::new()),
        _ => Some(value(random, ty)),
    }
}

#[test]
fn random_rows_of_random_schemas_come_back() {
    let mut schema = Schema { random: Random::from_seed(), types: Vec::new() };
    let natives = natives();
    for options in [
        "WITH HEADER = TRUE",
        "WITH NULL = 'null' AND DIALECT = 'rfc4180'",
        "WITH PREPAREDSTATEMENTS = FALSE",
        "WITH HEADER = TRUE AND NULLS = 'unset' AND NULL = '\\N'",
    ] {
        schema.types.clear();
        let keys: Vec<CqlType> = (0..3).map(|_| schema.ty(0, true)).collect();
        let columns: Vec<CqlType> = natives
            .iter()
            .map(|native| CqlType::Native(*native))
            .chain((0..8).map(|_| schema.ty(3, false)).collect::<Vec<_>>())
            .collect();
        let named = |(i, ty): (usize, &CqlType)| format!("c{i} {}", declared(ty, false));
        let declared: Vec<String> = keys.iter().chain(&columns).enumerate().map(named).collect();
        let table = format!(
            "{} CREATE TABLE t (id int, {}, PRIMARY KEY ((id, c0), c1, c2))",
            schema.types.concat(),
            declared.join(", ")
        );
        let place = Place::new(&table);
        let random = &mut schema.random;
        let row = |id: i32| -> Row {
            let keys: Vec<Cell> = keys.iter().map(|ty| Some(value(random, ty))).collect();
            let cells: Vec<Cell> = columns.iter().map(|ty| cell(random, ty)).collect();
            [vec![int(id)], keys, cells].concat()
        };
        let rows: Vec<Row> = (0..60).map(row).collect();
        let names: Vec<String> =
            std::iter::once("id".to_owned()).chain((0..declared.len()).map(|i| format!("c{i}"))).collect();
        place.insert("t", &names.iter().map(String::as_str).collect::<Vec<_>>(), &rows);
        assert_eq!(place.cells("t").len(), 60, "{table}");
        assert_comes_back(&place, "t", "", options);
    }
}

#[test]
fn five_thousand_rows_of_hostile_text_come_back() {
    let mut random = Random::from_seed();
    let place = Place::new("CREATE TABLE t (id int PRIMARY KEY, a text, b text)");
    let mut cell = || match random.below(20) {
        0 => None,
        1 => text("NULL"),
        _ => text(&random.text()),
    };
    let rows: Vec<Row> = (0..5000).map(|id| vec![int(id), cell(), cell()]).collect();
    place.insert("t", &["id", "a", "b"], &rows);
    assert_eq!(place.cells("t").len(), 5000);
    for options in [
        "",
        "WITH NULL = 'NULL' AND HEADER = TRUE",
        "WITH ESCAPE = '\"'",
        "WITH DIALECT = 'rfc4180'",
        "WITH DELIMITER = 'N' AND QUOTE = '.' AND ESCAPE = 'a'",
    ] {
        assert_comes_back(&place, "t", "(b, id, a)", options);
    }
}
