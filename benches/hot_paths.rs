//! The paths that every row or every line takes, without a server: `cargo bench`.
#![allow(missing_docs, reason = "criterion makes a public function")]

use std::hint::black_box;
use std::sync::Arc;

use cqlsh::cluster::{Catalogue, ColumnKind, KeyspaceNames, TableColumn, TableNames};
use cqlsh::complete::{Entry, Names, complete, meant};
use cqlsh::copy::dialect::Dialect;
use cqlsh::copy::record::{Quoting, Record, Writer, read};
use cqlsh::cql::split::{Fed, Splitter};
use cqlsh::cql::types::{CqlType, NativeType};
use cqlsh::print::table;
use cqlsh::value::csv::{self, CsvStyle};
use cqlsh::value::screen::{Cells, Role, ScreenStyle};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Rows of a page of cqlsh's.
const ROWS: i64 = 100;

fn style() -> ScreenStyle {
    ScreenStyle {
        timestamp_format: "%Y-%m-%d %H:%M:%S.%f%z".to_owned(),
        time_zone: jiff::tz::TimeZone::UTC,
        float_precision: 5,
        double_precision: 5,
        colour: false,
    }
}

/// A column of each kind that tables are mostly made of, and its value in this row.
fn row(number: i64) -> Vec<(CqlType, Vec<u8>)> {
    let score = number as f64 * 1.37;
    let at = 1_577_836_800_000 + number * 86_399_977;
    [
        (NativeType::Bigint, number.to_be_bytes().to_vec()),
        (NativeType::Text, format!("name number {}", number * 7919).into_bytes()),
        (NativeType::Timestamp, at.to_be_bytes().to_vec()),
        (NativeType::Double, score.to_be_bytes().to_vec()),
        (NativeType::Boolean, vec![u8::from(number % 2 == 0)]),
    ]
    .map(|(native, bytes)| (CqlType::Native(native), bytes))
    .into()
}

fn cells(rows: &[Vec<(CqlType, Vec<u8>)>], style: &ScreenStyle, cells: &mut Cells) {
    cells.clear();
    for (ty, bytes) in rows.iter().flatten() {
        let _ = cells.push(ty, Some(bytes), style);
    }
}

fn splitter(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("splitter");
    let scripts = [
        ("inserts", "INSERT INTO ks.t (id, name) VALUES (1, 'it''s a name');\n".repeat(1000)),
        ("comments", "-- nobody's business; not even \"quoted\"\n".repeat(1000)),
        ("one statement", format!("INSERT INTO t (v) VALUES ('{}');\n", "line\n".repeat(5000))),
    ];
    for (name, script) in scripts {
        group.throughput(Throughput::Bytes(script.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut splitter = Splitter::new();
                let fed = script.split_inclusive('\n').map(|line| splitter.feed(black_box(line)));
                fed.filter(|fed| matches!(fed, Fed::Statements(statements) if !statements.is_empty())).count()
            });
        });
    }
}

fn a_page_on_the_screen(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a page of 100 rows");
    group.throughput(Throughput::Elements(ROWS as u64));
    let (style, rows): (_, Vec<_>) = (style(), (0..ROWS).map(row).collect());
    let mut formatted = Cells::default();
    group.bench_function("values", |bencher| bencher.iter(|| cells(black_box(&rows), &style, &mut formatted)));

    let mut names = Cells::default();
    ["id", "name", "at", "score", "ok"].iter().for_each(|name| names.push_name(name, Role::Other, &style));
    let mut out = String::new();
    group.bench_function("table", |bencher| {
        bencher.iter(|| {
            out.clear();
            table::page(&names, black_box(&formatted), true, false, &mut out);
        });
    });
    group.bench_function("expanded", |bencher| {
        bencher.iter(|| {
            out.clear();
            table::expanded(&names, black_box(&formatted), 1, &mut out);
        });
    });
}

fn records(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("100 records of CSV");
    group.throughput(Throughput::Elements(ROWS as u64));
    let Ok(dialect) = Dialect::new(",", "\"", "\\") else { return };
    let (style, rows): (_, Vec<_>) = (CsvStyle::default(), (0..ROWS).map(row).collect());
    let (mut text, mut file) = (Vec::new(), Vec::new());
    let mut write_all = |file: &mut Vec<u8>| {
        file.clear();
        let mut writer = Writer::new(&dialect);
        for row in black_box(&rows) {
            for (ty, bytes) in row {
                text.clear();
                let _ = csv::write(ty, bytes, &style, &mut text);
                writer.field(&text, Quoting::Needed, file);
            }
            writer.end(file);
        }
    };
    group.bench_function("written", |bencher| bencher.iter(|| write_all(&mut file)));
    write_all(&mut file);
    let mut record = Record::default();
    group.bench_function("read", |bencher| {
        bencher.iter(|| {
            let mut rest = black_box(&file[..]);
            while !rest.is_empty() {
                record.clear();
                match read(rest, true, &dialect, &mut record) {
                    Ok(length) => rest = &rest[length..],
                    Err(_) => break,
                }
            }
        });
    });
}

/// Names without a server.
struct Schema(Arc<Catalogue>);

impl Schema {
    /// One keyspace with so many tables of ten columns.
    fn of(tables: usize) -> Self {
        let columns = |table: usize| {
            (0..10).map(move |number| TableColumn {
                name: format!("column_{table}_{number}"),
                kind: if number == 0 { ColumnKind::PartitionKey(0) } else { ColumnKind::Regular },
                type_text: "text".to_owned(),
            })
        };
        let table = |number| TableNames { columns: columns(number).collect(), ..TableNames::default() };
        let tables = (0..tables).map(|number| (format!("table_{number}"), table(number))).collect();
        let shop = KeyspaceNames { tables, ..KeyspaceNames::default() };
        let keyspaces = [("shop".to_owned(), shop)].into();
        Self(Arc::new(Catalogue { keyspaces, ..Catalogue::default() }))
    }
}

impl Names for Schema {
    fn catalogue(&self) -> &Catalogue {
        &self.0
    }

    fn roles(&self) -> Option<Vec<String>> {
        None
    }

    fn entries(&self, _directory: &str) -> Vec<Entry> {
        Vec::new()
    }
}

fn a_large_schema(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("5,000 tables");
    let schema = Schema::of(5_000);
    for (what, before) in [
        ("TAB for a keyword", "SEL"),
        ("TAB for any table", "SELECT * FROM "),
        ("TAB for one of many tables", "SELECT * FROM table_47"),
        ("TAB for a column before its table", "SELECT col"),
        ("TAB for a column", "SELECT * FROM shop.table_4711 WHERE col"),
        ("TAB to describe", "DESCRIBE table_47"),
    ] {
        group.bench_function(what, |bencher| bencher.iter(|| complete(black_box(before), Some("shop"), &schema)));
    }
    for (what, statement, error) in [
        ("a table was meant", "SELECT * FROM tabel_4711", "table tabel_4711 does not exist"),
        (
            "a column was meant",
            "SELECT colum_1_1 FROM table_1",
            "Undefined column name colum_1_1 in table shop.table_1",
        ),
    ] {
        let catalogue = || Arc::clone(&schema.0);
        group.bench_function(what, |bencher| {
            bencher.iter(|| meant(black_box(error), statement, Some("shop"), catalogue));
        });
    }
}

criterion_group!(benches, splitter, a_page_on_the_screen, records, a_large_schema);
criterion_main!(benches);
