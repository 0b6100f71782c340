"""Records what Apache cqlsh 6.2.2 makes of values: run it with a Python that has cqlsh and its driver.

    python tests/parity/values.py

It writes src/value/screen/recorded.rs (bytes as SELECT shows them) and src/value/parse/recorded.rs (texts as COPY FROM
reads them), which are never edited by hand.
"""

import os
import pathlib
import struct
import types
import uuid
import warnings
from decimal import Decimal

os.environ["TZ"] = "UTC"
warnings.simplefilter("ignore")

from cassandra import cqltypes, util
from cassandra.cqltypes import lookup_casstype
from cqlshlib import copyutil, cqlshmain, formatting

cqlshmain.insert_driver_hooks()

ROOT = pathlib.Path(__file__).resolve().parents[2]
NATIVE = {
    "ascii": "AsciiType", "bigint": "LongType", "blob": "BytesType", "boolean": "BooleanType",
    "counter": "CounterColumnType", "date": "SimpleDateType", "decimal": "DecimalType", "double": "DoubleType",
    "duration": "DurationType", "float": "FloatType", "inet": "InetAddressType", "int": "Int32Type",
    "smallint": "ShortType", "text": "VarcharType", "time": "TimeType", "timestamp": "TimestampType",
    "timeuuid": "TimeUUIDType", "tinyint": "ByteType", "uuid": "UUIDType", "varint": "IntegerType",
}
UDTS = {
    "point": [("x", "int"), ("y", "text"), ("z", "list<double>")],
    "odd": [("first name", "text"), ("a,b", "int"), ("c:d", "text"), ("e'f", "text")],
}


class Type:
    """A type in the four notations that are needed."""

    def __init__(self, cql):
        name, _, rest = cql.partition("<")
        self.rust_name = name
        if name in UDTS:
            fields = [(field, Type(t)) for field, t in UDTS[name]]
            self.driver = cqltypes.UserType.make_udt_class(
                "ks", name, tuple(f for f, _ in fields), tuple(t.driver for _, t in fields))
            self.cql = name
            inner = ", ".join(f'("{f}", {t.rust})' for f, t in fields)
            self.rust = f'user_type("{name}", vec![{inner}])'
            return
        if not rest:
            self.driver = lookup_casstype(NATIVE[name])
            self.cql = cql
            self.rust = f"native(N::{name.capitalize()})"
            return
        arguments = self.split(rest[:-1])
        if name == "vector":
            element, size = Type(arguments[0]), int(arguments[1])
            self.driver = cqltypes.VectorType.apply_parameters([element.driver, size], None)
            self.cql = f"org.apache.cassandra.db.marshal.VectorType<{element.cql}, {size}>"
            self.rust = f"vector({element.rust}, {size})"
            return
        inner = [Type(a) for a in arguments]
        base = {"list": cqltypes.ListType, "set": cqltypes.SetType, "map": cqltypes.MapType,
                "tuple": cqltypes.TupleType}[name]
        self.driver = base.apply_parameters([t.driver for t in inner])
        self.cql = f"{name}<{', '.join(t.cql for t in inner)}>"
        listed = ", ".join(t.rust for t in inner)
        self.rust = f"{name}(vec![{listed}])" if name == "tuple" else f"{name}({listed})"

    @staticmethod
    def split(text):
        parts, depth, start = [], 0, 0
        for i, c in enumerate(text + ","):
            depth += (c == "<") - (c == ">")
            if c == "," and depth == 0:
                parts.append(text[start:i].strip())
                start = i + 1
        return parts


KEYSPACE = types.SimpleNamespace(
    user_types={name: types.SimpleNamespace(field_types=[t for _, t in fields]) for name, fields in UDTS.items()})


def rust(text):
    """A Rust literal of a text or of bytes."""
    if isinstance(text, bytes):
        return 'b"' + "".join(f"\\x{b:02x}" for b in text) + '"'
    plain = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
    return '"' + "".join(
        plain.get(c) or (c if 32 <= ord(c) < 127 else f"\\u{{{ord(c):x}}}") for c in text) + '"'


# --- SELECT ---------------------------------------------------------------------------------------------------------

def i32(number):
    return struct.pack(">i", number)


def i64(number):
    return struct.pack(">q", number)


def sized(value):
    return i32(-1) if value is None else i32(len(value)) + value


def items(*values):
    return i32(len(values)) + b"".join(map(sized, values))


def entries(*pairs):
    return i32(len(pairs)) + b"".join(sized(k) + sized(v) for k, v in pairs)


def fields(*values):
    return b"".join(map(sized, values))


def wire(cql, value):
    return Type(cql).driver.serialize(value, 4)


def shown(cql, value, colour):
    cell = formatting.format_by_type(
        Type(cql).driver.from_binary(value, 4),
        cqltype=formatting.CqlType(Type(cql).cql, KEYSPACE), encoding="utf-8", colormap=None, addcolor=colour,
        date_time_format=formatting.DateTimeFormat(), float_precision=5)
    return (cell.coloredval if colour else cell.strval), cell.displaywidth


def doubles(*values):
    return items(*(struct.pack(">d", value) for value in values))


def keyed(*keys):
    return entries(*((key, i32(at)) for at, key in enumerate(keys)))


NAN = float("nan")
NEW_UUID = uuid.UUID("c8e5a990-0000-11ee-8000-000000000000").bytes
OLD_UUID = uuid.UUID("58e0a7d7-eebc-11d8-9669-0800200c9a66").bytes
SELECTED = [
    ("text", b""),
    ("text", "a\\b\nc\r\t\x00\x1b\x7f\x80\xa0\xa1é".encode()),
    ("text", b"it's"), ("text", "日本e\u0301".encode()), ("text", b"\\n"), ("text", b"\\\\"), ("ascii", b"a\tb"),
    ("int", b""), ("int", i32(-5)), ("tinyint", b"\x80"), ("smallint", b"\x7f\xff"), ("bigint", i64(-2**63)),
    ("counter", i64(7)), ("varint", wire("varint", -10**40)), ("varint", b"\x00\x00\x01"), ("varint", b"\xff"),
    ("decimal", i32(14) + b"\x01"), ("decimal", i32(-3) + b"\x0a"), ("decimal", b""),
    ("decimal", wire("decimal", Decimal("-123456789012345678901234567890.123"))),
    ("float", struct.pack(">f", 0.1)), ("float", struct.pack(">f", float("-inf"))),
    ("double", struct.pack(">d", 1e300)), ("double", struct.pack(">d", float("nan"))), ("double", struct.pack(">d", -0.0)),
    ("boolean", b"\x01"), ("boolean", b"\x00"), ("boolean", b""),
    ("blob", b""), ("blob", b"\x00\xffA"), ("uuid", bytes(range(16))), ("timeuuid", NEW_UUID),
    ("inet", bytes([10, 0, 0, 1])), ("inet", b"\x00" * 15 + b"\x01"),
    ("timestamp", i64(1336999999123)), ("timestamp", i64(-1)), ("timestamp", i64(-62135596800000)),
    ("timestamp", i64(-62135596800001)), ("timestamp", i64(253402300800000)), ("timestamp", i64(2**63 - 1)),
    ("date", struct.pack(">I", 2**31)), ("date", struct.pack(">I", 0)), ("date", struct.pack(">I", 2**31 + 2932897)),
    ("time", i64(3723000000004)),
    ("duration", b"\x00\x00\x00"), ("duration", wire("duration", util.Duration(14, 3, 45030250000000))),
    ("duration", wire("duration", util.Duration(0, -1, 0))),
    ("list<int>", items()), ("list<int>", items(i32(1), i32(2))), ("list<int>", items(i32(1), b"")),
    ("list<text>", items(b"a", b"it's", b"x\\\ny", b"", "日".encode())),
    ("list<double>", items(struct.pack(">d", 1 / 3), struct.pack(">d", float("inf")))),
    ("list<timestamp>", items(i64(0))), ("list<date>", items(struct.pack(">I", 2**31))), ("list<time>", items(i64(0))),
    ("list<blob>", items(b"\x01", b"")),
    ("set<inet>", items(bytes([9, 0, 0, 1]), bytes([10, 0, 0, 1]), b"\x00" * 15 + b"\x01")),
    ("set<timeuuid>", items(NEW_UUID, OLD_UUID)), ("set<decimal>", items(i32(0) + b"\x0a", i32(1) + b"\x0f")),
    ("set<varint>", items(b"\x05", b"\x80")), ("set<tuple<int, text>>", items(fields(i32(2), b"a"), fields(i32(1), b"b"))),
    ("set<set<double>>", items(doubles(1), doubles(1, NAN))),
    ("set<set<double>>", items(
        doubles(), doubles(1, 2), doubles(1, 2, 3, NAN), doubles(1, 3), doubles(2, NAN), doubles(3), doubles(NAN))),
    ("map<set<double>, int>", keyed(doubles(0), doubles(1, 5), doubles(4), doubles(5))),
    ("map<set<double>, int>", keyed(doubles(1, 2, 3), doubles(2, 3), doubles(3), doubles(4), doubles(4, 5))),
    ("map<set<double>, int>", keyed(
        doubles(), doubles(1), doubles(1, 2, 3), doubles(1, 3), doubles(2), doubles(2, 3), doubles(3))),
    ("map<double, int>", entries((struct.pack(">d", -0.0), i32(2)), (bytes(8), i32(1)), (struct.pack(">d", NAN), i32(0)))),
    ("map<text, int>", entries((b"b", i32(2)), (b"a", i32(1)))), ("map<int, text>", entries()),
    ("map<float, boolean>", entries((struct.pack(">f", 2), b"\x01"), (struct.pack(">f", -1), b"\x00"))),
    ("map<int, list<text>>", entries((i32(1), items(b"a")), (i32(2), items()))),
    ("tuple<int, text>", fields(i32(1), b"x")), ("tuple<int, boolean>", fields(None, b"\x01")),
    ("tuple<int, uuid>", fields(i32(1))), ("tuple<inet, timestamp>", fields(None, None)),
    ("tuple<varint, decimal, date, time>", fields(None, None, None, None)),
    ("list<tuple<int, set<text>>>", items(fields(i32(1), items(b"a", b"b")))),
    ("vector<float, 3>", struct.pack(">fff", 1, -2.5, float("nan"))), ("vector<text, 2>", b"\x01a\x02bb"),
    ("vector<smallint, 2>", b"\x02\x00\x01\x02\xff\xff"),
    ("point", fields(i32(1), b"it's", items(struct.pack(">d", 0.5)))), ("point", fields(i32(1))),
    ("list<point>", items(fields(None, b"a"))),
]

# --- COPY FROM ------------------------------------------------------------------------------------------------------


def converter(driver_type, null):
    column = types.SimpleNamespace(name="c")
    parent = types.SimpleNamespace(
        ks="ks", table="t", valid_columns=["c"], nullval=null, decimal_sep=".", thousands_sep="",
        boolean_styles=["True", "False"], debug=False, encoding="utf-8", is_counter=lambda _: False,
        date_time_format=formatting.DateTimeFormat(milliseconds_only=True))
    table = types.SimpleNamespace(
        primary_key=[], partition_key=[column], columns={"c": types.SimpleNamespace(cql_type="x")})
    statement = types.SimpleNamespace(
        protocol_version=4, column_metadata=[types.SimpleNamespace(type=driver_type)])
    return copyutil.ImportConversion(parent, table, statement)


def imported(cql, text, null="N/A"):
    driver_type = Type(cql).driver
    value, = converter(driver_type, null).convert_row([text])
    return driver_type.serialize(value, 4)


# What COPY TO is to write, and what the original makes of it. Sets and maps have one element, because Python keeps no
# order.
WRITTEN = [
    ("text", ""), ("text", "a\nb\\c'd\"e,f"), ("ascii", "a b"), ("int", "-5"), ("tinyint", "-128"), ("smallint", "32767"),
    ("bigint", "-9223372036854775808"), ("varint", "-10000000000000000000000000000000000000000"), ("varint", "128"),
    ("decimal", "19952.11882"), ("decimal", "1E-14"), ("decimal", "1.0E+4"), ("decimal", "0E-10"),
    ("decimal", "-123456789012345678901234567890.123"),
    ("float", "0.1"), ("float", "3.4028235e+38"), ("float", "1e-45"), ("float", "16777216"), ("float", "-0"),
    ("double", "0.1"), ("double", "0.30000000000000004"), ("double", "1.7976931348623157e+308"), ("double", "5e-324"),
    ("double", "1e+16"), ("double", "1234567890123456"), ("double", "-Infinity"), ("double", "Infinity"), ("double", "NaN"),
    ("boolean", "True"), ("boolean", "False"), ("blob", "0x"), ("blob", "0x00ff41"),
    ("uuid", "00010203-0405-0607-0809-0a0b0c0d0e0f"), ("timeuuid", "c8e5a990-0000-11ee-8000-000000000000"),
    ("inet", "10.0.0.1"), ("inet", "::1"), ("inet", "::ffff:1.2.3.4"), ("inet", "2001:db8:0:1::1"),
    ("timestamp", "2020-01-01 01:02:03.456+0000"), ("timestamp", "1969-12-31 23:59:59.000+0000"),
    ("timestamp", "0001-01-01 00:00:00.000+0000"), ("timestamp", "9999-12-31 23:59:59.000+0000"),
    ("timestamp", "253402300800000"), ("timestamp", "-9223372036854775808"), ("timestamp", "9223372036854775807"),
    ("date", "1970-01-01"), ("date", "0001-01-01"), ("date", "9999-12-31"),
    ("time", "01:02:03.000000004"), ("time", "23:59:59.999999999"),
    ("list<int>", "[]"), ("list<int>", "[1, 2]"), ("list<text>", "['a', 'it''s', 'x\\\ny', ', [', '', '日']"),
    ("list<double>", "[0.1, Infinity]"), ("list<timestamp>", "['1970-01-01 00:00:00.000+0000']"),
    ("list<date>", "[1970-01-01]"), ("list<time>", "[00:00:00.000000000]"), ("list<blob>", "[0x01, 0x]"),
    ("set<inet>", "{'9.0.0.1'}"), ("map<text, int>", "{'a:b': 1}"), ("map<inet, inet>", "{'::1': '::2'}"),
    ("map<time, time>", "{'00:00:00.000000000': '00:00:00.000000001'}"), ("map<int, list<text>>", "{1: ['a', 'b']}"),
    ("tuple<int, text>", "(1, 'x')"), ("tuple<text>", "('N/A ')"), ("list<tuple<int, set<text>>>", "[(1, {'a'})]"),
    ("vector<float, 3>", "[1, -2.5, 0.1]"), ("vector<text, 2>", "['a', 'b, c']"), ("vector<smallint, 2>", "[1, -1]"),
    ("point", "{x: 1, y: 'it''s', z: [0.5]}"), ("point", "{x: N/A, y: N/A, z: N/A}"),
    ("list<point>", "[{x: 1, y: 'a', z: []}]"),
]

# What COPY FROM reads besides.
READ = [
    ("int", " +1_000 "), ("bigint", "007"), ("varint", "+5"), ("float", " 1_0.5 "), ("double", "inf"), ("double", "-nan"),
    ("double", ".5"), ("double", "1."), ("decimal", " 1_0.50 "), ("decimal", "+.5e3"), ("boolean", "tRUE"), ("boolean", "FALSE"),
    ("blob", "0xAbCd"), ("uuid", "{00010203-0405-0607-0809-0A0B0C0D0E0F}"),
    ("uuid", "urn:uuid:00010203-0405-0607-0809-0a0b0c0d0e0f"), ("uuid", "000102030405060708090a0b0c0d0e0f"),
    ("date", "+2020-01-05"), ("date", "2020-1-5"), ("time", "1:2:3"), ("time", "01:02:03.5"),
    ("timestamp", "2020-01-01 01:02:03.4+0100"), ("timestamp", "2020-01-01 01:02:03.456Z"), ("timestamp", "0"), ("timestamp", "-1"),
    ("timestamp", "2020-01-01 01:02:03.000000-03:30"),
    ("list<int>", "(1,2)"), ("list<int>", "{ 1 , 2 }"), ("set<int>", "[1]"), ("list<text>", "[a, 'b' , c d,]"),
    ("list<text>", "[a,,b]"), ("list<int>", "['1', '2']"), ("list<list<int>>", "['[1, 2]']"),
    ("map<text, text>", "{a: b}"), ("map<text, text>", "{ 'c' : 'd' }"), ("point", "{y: a, x: 1}"), ("point", "{'z': [1], x: N/A}"), ("point", "{}"),
]

# What COPY FROM refuses in these words.
REFUSED = [
    ("int", "x"), ("int", ""), ("int", "1.5"), ("int", "it's"), ("bigint", "1__0"), ("varint", "0x10"), ("float", "x"),
    ("double", "1,5"), ("decimal", "x"), ("blob", "0x0g"), ("blob", "0xabc"), ("uuid", "x"), ("timeuuid", ""), ("date", "x"),
    ("date", "2020-13-01"), ("date", "2023-02-29"), ("date", "2020-01-01 10:00"), ("time", "x"), ("time", "10:00"),
    ("timestamp", "x"), ("timestamp", "it's\t"), ("list<int>", "1, 2"), ("list<int>", "[1, 2)"), ("list<int>", "["),
    ("list<int>", "[1, ]"), ("vector<int, 1>", "[N/A]"), ("map<int, int>", "1"), ("tuple<int>", "('x')"), ("vector<float, 3>", "[1, 2]"),
    ("vector<float, 2>", "[1, x]"), ("point", "x: 1"), ("list<uuid>", "[1]"),
]


def refusal(cql, text):
    # convert_row takes an empty text that cannot be converted for null, and puts words in front of the message.
    try:
        converter(Type(cql).driver, "N/A").converters[0](text)
    except Exception as error:
        return error.message if hasattr(error, "message") else str(error)
    raise AssertionError(f"{cql} takes {text!r}")


def table(name, row, title, lines):
    body = "".join(f"        {line},\n" for line in lines)
    return f"/// {title}\npub(super) fn {name}() -> Vec<{row}> {{\n    vec![\n{body}    ]\n}}\n"


HEAD = """//! Recorded by `tests/parity/values.py` from Apache cqlsh 6.2.2; not to be edited.

#![cfg_attr(rustfmt, rustfmt_skip)]

use crate::cql::types::{CqlType, NativeType as N};
use crate::value::types::%s;

"""


def main():
    selected = [
        f"({Type(cql).rust}, {rust(value)}, {rust(shown(cql, value, False)[0])}, {shown(cql, value, False)[1]}, "
        f"{rust(shown(cql, value, True)[0])}, {shown(cql, value, True)[1]})" for cql, value in SELECTED]
    (ROOT / "src/value/screen/recorded.rs").write_text(
        HEAD % "{list, map, native, set, tuple, user_type, vector}" + table(
            "selected", "Selected", "What SELECT shows.", selected)
        + "\n/// A type, bytes, what SELECT shows and its columns, the same in colour.\n"
        + "pub(super) type Selected = (CqlType, &'static [u8], &'static str, usize, &'static str, usize);\n")
    pairs = "(CqlType, &'static str, &'static [u8])"
    read = {name: [f"({Type(cql).rust}, {rust(text)}, {rust(imported(cql, text))})" for cql, text in rows]
            for name, rows in (("written", WRITTEN), ("read", READ))}
    refused = [f"({Type(cql).rust}, {rust(text)}, {rust(refusal(cql, text))})" for cql, text in REFUSED]
    (ROOT / "src/value/parse/recorded.rs").write_text(
        HEAD % "{list, map, native, set, tuple, user_type, vector}"
        + table("written", pairs, "Types, texts that COPY TO writes, the bytes that COPY FROM makes of them.", read["written"])
        + "\n" + table("read", pairs, "The same with texts that COPY TO does not write.", read["read"])
        + "\n" + table("refused", "(CqlType, &'static str, &'static str)",
                       "Types, texts, the words in which COPY FROM refuses them.", refused))


main()
