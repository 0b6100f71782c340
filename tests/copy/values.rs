//! One table with every type, and for each of them the values that are the easiest to lose.

use super::bytes::{Row, elements, fields, hex, int, pairs};

pub const TYPES: &str = "CREATE TYPE address (street text, \"Zip, Code\" int, tags frozen<set<text>>)";

/// The marker for null that tests use, which is also a value here.
pub const MARKER: &str = "d41d8cd98f00b204e9800998ecf8427e";

/// A column's name, type and values.
pub type Column = (&'static str, &'static str, Vec<Vec<u8>>);

/// CREATE TABLE, with `id` as the key before these columns.
pub fn create(table: &str, columns: &[Column]) -> String {
    let columns: String = columns.iter().map(|(name, ty, _)| format!(", {name} {ty}")).collect();
    format!("CREATE TABLE {table} (id int PRIMARY KEY{columns})")
}

/// As many rows as the longest list of values needs, the shorter ones over again, and one of nulls.
pub fn rows(columns: &[Column]) -> Vec<Row> {
    let most = columns.iter().map(|(_, _, values)| values.len()).max().unwrap();
    let value = |row: usize| move |(_, _, values): &Column| Some(values[row % values.len()].clone());
    let with_id = |id: usize, cells: Row| [vec![int(i32::try_from(id).unwrap())], cells].concat();
    let full = (0..most).map(|row| with_id(row, columns.iter().map(value(row)).collect()));
    full.chain([with_id(most, vec![None; columns.len()])]).collect()
}

/// Every type but counter, in the order in which the server lists columns.
pub fn columns() -> Vec<Column> {
    let mut columns = vec![
        ("a", "ascii", ascii()),
        ("b", "blob", blobs()),
        ("bi", "bigint", hexes(&["8000000000000000", "7fffffffffffffff", "0000000000000000", "ffffffffffffffff", ""])),
        ("bo", "boolean", hexes(&["00", "01", ""])),
        (
            "da",
            "date",
            hexes(&["00000000", "ffffffff", "80000000", "7fffffff", "7ff506c5", "7ff506c4", "802ce02e", "802ce02f"]),
        ),
        ("de", "decimal", decimals()),
        ("do_", "double", doubles()),
        ("du", "duration", durations()),
        ("f", "float", floats()),
        ("inet_", "inet", inets()),
        ("n", "int", hexes(&["80000000", "7fffffff", "00000000", "ffffffff", ""])),
        ("si", "smallint", hexes(&["8000", "7fff", "0000", "ffff"])),
        ("t", "text", texts()),
        ("ti", "time", hexes(&["0000000000000000", "00004e94914effff", "0000000000000001", "0000000000989680"])),
        ("ts", "timestamp", timestamps()),
        ("tu", "timeuuid", hexes(&["138140001dd211b28080808080808080", "ffffffffffff1fffbfff7f7f7f7f7f7f", ""])),
        ("ty", "tinyint", hexes(&["80", "7f", "00", "ff"])),
        ("u", "uuid", hexes(&["00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff", ""])),
        ("v", "varint", varints()),
        ("vec_f", "vector<float, 3>", hexes(&["3f800000 80000000 7fc00001", "00000001 ff800000 7f7fffff"])),
    ];
    columns.extend(composites());
    columns.sort_by_key(|(name, ..)| *name);
    columns
}

fn composites() -> Vec<Column> {
    let texts = texts();
    let short: Vec<&Vec<u8>> = texts.iter().filter(|text| text.len() < 1000).collect();
    let lists = short.iter().map(|text| elements([text, b"second", text])).collect();
    let sets = short.iter().map(|text| elements([text])).collect();
    let maps = short.iter().map(|text| pairs([(text, &7.5f64.to_be_bytes())])).collect();
    let tuples = short.iter().map(|text| fields([Some(&int(1).unwrap()), Some(text), None])).collect();
    let address = |text: &[u8]| fields([Some(text), None, Some(&elements([text]))]);
    let addresses: Vec<Vec<u8>> = short.iter().map(|text| address(text)).collect();
    let nested = short.iter().map(|text| {
        let key = fields([Some(&int(-1).unwrap()), Some(text)]);
        pairs([(&key, &elements([&address(text), &fields([None, Some(&hex("00000005")), None])]))])
    });
    let nested = nested.chain([pairs([]), pairs([(&fields([None, None]), &elements([]))])]).collect();
    // The server makes nulls of numbers without bytes inside collections, and fails on them.
    let some = |values: Vec<Vec<u8>>| values.into_iter().filter(|value| !value.is_empty());
    let of_floats = some(floats()).map(|float| elements([&float, &hex("3dcccccd")])).collect();
    let of_times = some(timestamps()).map(|time| pairs([(&hex("7f000001"), &time)])).collect();
    let of_texts = short.iter().map(|text| [&[text.len() as u8][..], text, &[1], b"x"].concat());
    let of_texts = of_texts.filter(|vector| vector[0] < 128).collect();
    vec![
        ("l", "list<text>", lists),
        ("lf", "list<float>", of_floats),
        ("m", "map<text, double>", maps),
        ("mt", "map<inet, timestamp>", of_times),
        ("nested", "frozen<map<frozen<tuple<int, text>>, frozen<list<frozen<address>>>>>", nested),
        ("s", "set<text>", sets),
        ("sb", "frozen<set<blob>>", vec![elements([]), elements([b""]), elements([b"", &hex("00"), &hex("00ff")])]),
        ("tup", "tuple<int, text, timestamp>", tuples),
        ("uf", "frozen<address>", addresses.clone()),
        ("un", "address", addresses),
        ("vec_t", "vector<text, 2>", of_texts),
    ]
}

fn hexes(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| hex(text)).collect()
}

/// Texts that are structure, marks, or nothing to somebody.
pub fn texts() -> Vec<Vec<u8>> {
    let texts = [
        "",
        " ",
        "  both ends  ",
        "null",
        "NULL",
        "Null",
        MARKER,
        "\\N",
        "N/A",
        "None",
        "''",
        "'",
        "it's",
        "\"",
        "\"\"",
        "\\",
        "ends in \\",
        "\\\\",
        "\\\"",
        "\"quoted\"",
        "say \"hi\" now",
        ",",
        ";",
        "|",
        "a,b;c|d",
        "\n",
        "\r",
        "\r\n",
        "two\nlines",
        "two\r\nlines",
        "\\n is not \n",
        "\t",
        "\u{0}",
        "a\u{0}b",
        "\u{7f}",
        "\u{85}",
        "\u{a0}",
        "\u{2028}",
        "\u{feff}",
        "\u{feff}bom",
        "[a, b]",
        "{'a': 1}",
        "(1, null)",
        "a: b",
        ":",
        "]",
        "}",
        ")",
        ".",
        "\\.",
        "0x",
        "NaN",
        "True",
        "1e400",
        "§ »«",
        "日本語",
        "שלום",
        "e\u{301}",
        "👩‍👩‍👧",
        "\u{10ffff}",
        "\u{ffff}",
        "%s {} $$",
        "-- comment",
        "/* */",
        "--; SELECT",
    ];
    let controls: String = (0..=0x9f_u8).map(char::from).collect();
    let long = "\"long\", \\ and\n".repeat(15_000);
    texts.into_iter().map(str::to_owned).chain([controls, long]).map(String::into_bytes).collect()
}

fn ascii() -> Vec<Vec<u8>> {
    vec![Vec::new(), b"null".to_vec(), (0..=0x7f).collect(), b"\\,\"'\r\n".to_vec()]
}

fn blobs() -> Vec<Vec<u8>> {
    vec![Vec::new(), vec![0], (0..=255).collect(), (0..150_000u32).map(|i| (i * 7 + i / 256) as u8).collect()]
}

fn floats() -> Vec<Vec<u8>> {
    hexes(&[
        "00000000", "80000000", "00000001", "80000001", "007fffff", "00800000", "7f7fffff", "ff7fffff", "7f800000",
        "ff800000", "7fc00000", "ffc00000", "7fc00001", "7f800001", "ffffffff", "40490fdb", "3dcccccd", "4b800000", "",
    ])
}

fn doubles() -> Vec<Vec<u8>> {
    hexes(&[
        "0000000000000000",
        "8000000000000000",
        "0000000000000001",
        "000fffffffffffff",
        "7fefffffffffffff",
        "ffefffffffffffff",
        "7ff0000000000000",
        "fff0000000000000",
        "7ff8000000000000",
        "fff8000000000000",
        "7ff8000000000001",
        "7ff0000000000001",
        "ffffffffffffffff",
        "3fd3333333333334",
        "3fb999999999999a",
        "4340000000000001",
        "",
    ])
}

/// A scale and an integer.
fn decimals() -> Vec<Vec<u8>> {
    hexes(&[
        "00000000 00",
        "0000000a 00",
        "fffffffb 00",
        "00000001 ff",
        "00000002 04d2",
        "80000000 01",
        "7fffffff 01",
        "00000014 7fffffffffffffffffffffffffffffff",
        "ffffffce 80000000000000000000000000000000",
        "",
    ])
}

fn varints() -> Vec<Vec<u8>> {
    hexes(&[
        "00",
        "ff",
        "7f",
        "0080",
        "80",
        "ff7f",
        "7fffffffffffffff",
        "008000000000000000",
        "ff7fffffffffffffff",
        "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "",
    ])
}

/// Months, days and nanoseconds, each a variable-length integer.
fn durations() -> Vec<Vec<u8>> {
    hexes(&[
        "00 00 00",
        "02 04 06",
        "01 03 05",
        "00 00 01",
        "f0fffffffe f0fffffffe fffffffffffffffffe",
        "f0ffffffff f0ffffffff ffffffffffffffffff",
        "00 00 ff1fffffffffffffff",
        "18 00 00",
        "00 0e 00",
    ])
}

/// The ends, the epoch, and both sides of the years 1, 1970 and 9999.
fn timestamps() -> Vec<Vec<u8>> {
    let mut values: Vec<Vec<u8>> = [
        i64::MIN,
        i64::MAX,
        0,
        1,
        -1,
        1_577_836_800_123,
        -62_135_596_800_000,
        -62_135_596_800_001,
        253_402_300_799_999,
        253_402_300_800_000,
        -12_219_292_800_001,
        1_000,
        -1_500,
    ]
    .iter()
    .map(|millis| millis.to_be_bytes().to_vec())
    .collect();
    values.push(Vec::new());
    values
}

fn inets() -> Vec<Vec<u8>> {
    hexes(&[
        "00000000",
        "ffffffff",
        "7f000001",
        "00000000000000000000000000000000",
        "00000000000000000000000000000001",
        "00000000000000000000ffff01020304",
        "20010db8000000000000000000000001",
        "fe800000000000000202b3fffe1e8329",
        "",
    ])
}
