//! Every option that is carried out, what it does and how a wrong value is refused. Files, rows and messages are those
//! of Apache cqlsh 6.2.2 for the same statements, but where a comment says otherwise.

use super::bytes::{int, text};
use super::place::Place;

const ROWS: &str = "
    CREATE TABLE t (k int, c int, b boolean, d double, n text, s text, ts timestamp, PRIMARY KEY (k, c));
    INSERT INTO t (k, c, b, d, s, ts) VALUES (1, 1, true, 1234567.5, 'it''s \"a\", b', '2020-01-02 03:04:05.678+0000');
    INSERT INTO t (k, c, b, d, n, s, ts) VALUES (1, 2, false, -0.25, 'a|b', 'N/A', '1969-12-31 23:59:59.999+0000');";

/// The token of the partition of [`ROWS`].
const TOKEN: &str = "-4069959284402364209";

#[test]
fn an_export_is_written_as_its_options_say() {
    let place = Place::new(ROWS);
    let first = "1,1,True,1234567.5,,\"it's \\\"a\\\", b\",2020-01-02 03:04:05.678+0000";
    let second = "1,2,False,-0.25,a|b,N/A,1969-12-31 23:59:59.999+0000";
    let lines = |lines: &[&str]| lines.iter().map(|line| format!("{line}\r\n")).collect::<String>();
    let plain = lines(&[first, second]);
    let changed =
        |from: [&str; 2], to: [&str; 2]| lines(&[&first.replace(from[0], to[0]), &second.replace(from[1], to[1])]);
    for (options, expected) in [
        ("HEADER = TRUE", lines(&["k,c,b,d,n,s,ts", first, second])),
        ("HEADER = yes", plain.clone()),
        (
            "DELIMITER = '|'",
            lines(&[
                "1|1|True|1234567.5||it's \\\"a\\\", b|2020-01-02 03:04:05.678+0000",
                "1|2|False|-0.25|\"a|b\"|N/A|1969-12-31 23:59:59.999+0000",
            ]),
        ),
        ("QUOTE = ''''", changed(["\"it's \\\"a\\\", b\"", ""], ["'it\\'s \"a\", b'", ""])),
        ("ESCAPE = '\"'", changed(["\\\"", ""], ["\"\"", ""])),
        ("NULL = 'null'", changed([",,", ""], [",null,", ""])),
        // Apache cqlsh writes a text that equals the marker like the marker.
        ("NULL = 'N/A'", changed([",,", "N/A"], [",N/A,", "\"N/A\""])),
        (
            "DATETIMEFORMAT = '%Y/%m/%d %H:%M'",
            changed(
                ["2020-01-02 03:04:05.678+0000", "1969-12-31 23:59:59.999+0000"],
                ["2020/01/02 03:04", "1969/12/31 23:59"],
            ),
        ),
        ("DECIMALSEP = ','", changed(["1234567.5", "-0.25"], ["\"1234567,5\"", "\"-0,25\""])),
        ("DECIMALSEP = ',' AND THOUSANDSSEP = '.'", changed(["1234567.5", "-0.25"], ["\"1.234.567,5\"", "\"-0,25\""])),
        ("BOOLSTYLE = 'Yes, No'", changed(["True", "False"], ["Yes", "No"])),
        ("DOUBLEPRECISION = 3", changed(["1234567.5", ""], ["1.23e+06", ""])),
        ("FLOATPRECISION = 3 AND ENCODING = 'UTF-8'", plain.clone()),
        ("PAGESIZE = 1 AND PAGETIMEOUT = 20 AND MAXREQUESTS = 2", plain.clone()),
        ("NUMPROCESSES = 3 AND MAXATTEMPTS = 2 AND REPORTFREQUENCY = 0", plain.clone()),
        (&format!("ENDTOKEN = {TOKEN}"), plain.clone()),
        (&format!("BEGINTOKEN = {TOKEN}"), String::new()),
        ("BEGINTOKEN = 0", String::new()),
    ] {
        place.run(&format!("COPY t TO 'out.csv' WITH {options}")).succeeded();
        assert_eq!(place.read("out.csv"), expected, "{options}");
    }
}

#[test]
fn a_wrong_value_is_refused_before_a_file_is_touched() {
    let place = Place::new(ROWS);
    let not_an_int = "invalid literal for int() with base 10: 'x'";
    for (options, message) in [
        // Apache cqlsh says these once a token range and attempt.
        ("DELIMITER = 'ab'", "\"delimiter\" must be a 1-character string"),
        ("DELIMITER = ''", "\"delimiter\" must be a 1-character string"),
        ("QUOTE = ''", "\"quotechar\" must be a 1-character string"),
        ("ESCAPE = '\\t'", "\"escapechar\" must be a 1-character string"),
        ("PAGESIZE = x", not_an_int),
        ("PAGETIMEOUT = x", not_an_int),
        ("MAXREQUESTS = x", not_an_int),
        ("MAXATTEMPTS = x", not_an_int),
        ("NUMPROCESSES = x", not_an_int),
        ("FLOATPRECISION = x", not_an_int),
        ("DOUBLEPRECISION = x", not_an_int),
        ("MAXOUTPUTSIZE = x", not_an_int),
        ("MAXROWS = x", not_an_int),
        ("REPORTFREQUENCY = x", "could not convert string to float: 'x'"),
        ("BOOLSTYLE = 'a'", "Invalid boolean styles ['a']"),
        ("BOOLSTYLE = 'a,a'", "Invalid boolean styles ['a', 'a']"),
        ("BOOLSTYLE = 'a,b,c'", "Invalid boolean styles ['a', 'b', 'c']"),
        ("BEGINTOKEN = x", not_an_int),
        ("BEGINTOKEN = 5 AND ENDTOKEN = 4", "Begin token 5 must be smaller than end token 4"),
        (
            "BEGINTOKEN = -9223372036854775809",
            "Begin token -9223372036854775809 must be bigger or equal to min token -9223372036854775808",
        ),
        ("FOO = 1 AND HEADER = TRUE AND BAR = 2", "Unrecognized COPY TO options: foo, bar"),
        ("NULLVAL = 'x'", "Unrecognized COPY TO options: nullval"),
        // Values and options that Apache cqlsh takes and then hangs on, or ignores.
        ("PAGESIZE = 0", "PAGESIZE must be a number from 1 on that fits its purpose, not 0"),
        ("QUOTE = ','", "DELIMITER must differ from QUOTE and ESCAPE"),
        ("ENCODING = 'latin1'", "ENCODING 'latin1' is not supported: files are written and read as UTF-8"),
        ("DIALECT = 'excel'", "DIALECT must be 'cqlsh', 'cqlsh-python3.9' or 'rfc4180', not 'excel'"),
        ("DIALECT = 'cqlsh'", "DIALECT 'cqlsh' is for reading what Apache cqlsh has written"),
        ("RATEFILE = 'no/r'", "Can't open 'no/r' for writing: [Errno 2] No such file or directory: 'no/r'"),
    ] {
        let ran = place.run(&format!("COPY t TO 'out.csv' WITH {options}"));
        ran.failed(2, &format!("<stdin>:1:{message}\n"));
        assert_eq!(place.files(), Vec::<String>::new(), "{options}");
    }
}

/// An import of `t (id, b, d, s, ts)`, and the ids and texts it leaves.
fn imported(place: &Place<'_>, file: &str, options: &str) -> Vec<(i32, Option<String>)> {
    place.run("TRUNCATE f").succeeded();
    place.run(&format!("COPY f FROM '{file}' WITH {options}")).succeeded();
    let mut rows: Vec<(i32, Option<String>)> = place
        .query(&format!("SELECT id, s FROM {}.f", place.keyspace))
        .into_iter()
        .map(|row| {
            let id = i32::from_be_bytes(row[0].as_deref().unwrap().try_into().unwrap());
            (id, row[1].clone().map(|text| String::from_utf8(text).unwrap()))
        })
        .collect();
    rows.sort();
    rows
}

fn importing() -> Place<'static> {
    let place = Place::new("CREATE TABLE f (id int PRIMARY KEY, b boolean, d double, s text, ts timestamp)");
    place.write("x.csv", "1,True,1.5,a,2020-01-02 03:04:05.678+0000\n2,False,2.5,N/A,\n3,True,,\"q\\\"\",1000\n");
    place
}

#[test]
fn an_import_takes_what_its_options_say() {
    let place = importing();
    place.write("named.csv", format!("id,b,d,s,ts\n{}", place.read("x.csv")));
    let row = |id, s: &str| (id, Some(s.to_owned()));
    let all = [row(1, "a"), row(2, "N/A"), row(3, "q\"")];
    for (file, options, expected) in [
        ("named.csv", "HEADER = true", &all[..]),
        ("named.csv", "HEADER = true AND SKIPROWS = 1", &all[1..]),
        ("x.csv", "HEADER = no", &all),
        ("x.csv", "MAXROWS = 1", &all[..1]),
        ("x.csv", "MAXROWS = 0", &[]),
        ("x.csv", "SKIPROWS = 1", &all[1..]),
        ("x.csv", "SKIPROWS = 1 AND MAXROWS = 1", &[]),
        ("x.csv", "SKIPCOLS = 's, d'", &[(1, None), (2, None), (3, None)]),
        ("x.csv", "SKIPCOLS = 'nosuch'", &all),
        ("x.csv", "NULL = 'N/A'", &[row(1, "a"), (2, None), row(3, "q\"")]),
        ("x.csv", "ENCODING = 'utf8' AND TTL = -1 AND ERRFILE = 'no/e'", &all),
        (
            "x.csv",
            "CHUNKSIZE = 1 AND INGESTRATE = 1000 AND MINBATCHSIZE = 1 AND MAXBATCHSIZE = 2 AND MAXINFLIGHTMESSAGES = 2 \
             AND REQUESTTIMEOUT = 9 AND MAXATTEMPTS = 1 AND MAXINSERTERRORS = -1 AND NUMPROCESSES = 2 \
             AND MAXBACKOFFATTEMPTS = 3 AND MAXPENDINGCHUNKS = 2 AND CHILDTIMEOUT = 39",
            &all,
        ),
    ] {
        assert_eq!(imported(&place, file, options), expected, "{options}");
    }
}

#[test]
fn an_import_reads_values_as_its_options_say() {
    let place = importing();
    place.write("y.csv", "1;yes;1.234,5;it's;02/01/2020\n2;NO;-0,25;;31/12/1969\n");
    place.write("q.csv", "1,True,1,'a ''quoted'', b',\n2,False,2,plain,\n");
    place
        .run(
            "COPY f FROM 'y.csv' WITH BOOLSTYLE = 'yes,no' AND DECIMALSEP = ',' AND THOUSANDSSEP = '.' AND DELIMITER = ';'
             AND DATETIMEFORMAT = '%d/%m/%Y'",
        )
        .succeeded();
    let cells = place.cells("f");
    let bytes = |bytes: &[u8]| Some(bytes.to_vec());
    let millis = |millis: i64| bytes(&millis.to_be_bytes());
    let first = [int(1), bytes(&[1]), bytes(&1234.5f64.to_be_bytes()), text("it's"), millis(1_577_923_200_000)];
    let second = [int(2), bytes(&[0]), bytes(&(-0.25f64).to_be_bytes()), None, millis(-86_400_000)];
    assert_eq!(cells, [first, second]);
    let quoted = imported(&place, "q.csv", "QUOTE = '''' AND ESCAPE = ''''");
    assert_eq!(quoted, [(1, Some("a 'quoted', b".to_owned())), (2, Some("plain".to_owned()))]);
}

#[test]
fn nulls_may_leave_cells_alone() {
    let place = Place::new("CREATE TABLE t (id int PRIMARY KEY, n int, v text)");
    place.write("t.csv", "1,7,\n2,,b\n");
    let old =
        "TRUNCATE t; INSERT INTO t (id, v, n) VALUES (1, 'old', 0); INSERT INTO t (id, v, n) VALUES (2, 'old', 0);";
    for prepared in ["true", "false"] {
        let options = format!("PREPAREDSTATEMENTS = {prepared} AND NULLS");
        place.run(&format!("{old} COPY t FROM 't.csv' WITH {options} = 'unset'")).succeeded();
        assert_eq!(place.cells("t"), [[int(1), int(7), text("old")], [int(2), int(0), text("b")]]);
        place.run(&format!("{old} COPY t FROM 't.csv' WITH {options} = 'null'")).succeeded();
        assert_eq!(place.cells("t"), [[int(1), int(7), None], [int(2), None, text("b")]]);
    }
}

#[test]
fn rows_live_as_long_as_ttl_says() {
    let place = importing();
    for prepared in ["true", "false"] {
        place.run(&format!("COPY f FROM 'x.csv' WITH TTL = 1000 AND PREPAREDSTATEMENTS = {prepared}")).succeeded();
        let left = place.query(&format!("SELECT ttl(s) FROM {}.f", place.keyspace));
        assert_eq!(left.len(), 3);
        for row in left {
            let seconds = i32::from_be_bytes(row[0].as_deref().unwrap().try_into().unwrap());
            assert!((900..=1000).contains(&seconds), "{seconds}");
        }
        place.run("TRUNCATE f").succeeded();
    }
}

#[test]
fn progress_goes_to_the_ratefile_too() {
    let place = importing();
    place.write("rates", "old");
    place.run("COPY f FROM 'x.csv' WITH RATEFILE = 'rates' AND REPORTFREQUENCY = 100").succeeded();
    let rates = place.read("rates");
    assert!(rates.starts_with("Processed: 3 rows; Rate: ") && rates.ends_with(" rows/s\r\n"), "{rates:?}");
    // A link, as /dev/stderr is one, is not taken away.
    std::os::unix::fs::symlink("rates", place.path("link")).unwrap();
    place.run("COPY f FROM 'x.csv' WITH RATEFILE = 'link'").succeeded();
    assert!(place.path("link").is_symlink() && place.read("rates").starts_with(&rates));
}

#[test]
fn an_import_with_a_wrong_option_writes_nothing() {
    let place = importing();
    let not_an_int = "invalid literal for int() with base 10: 'x'";
    for (options, message) in [
        ("SKIPCOLS = 'id'", "Primary key column 'id' missing or skipped"),
        ("SKIPCOLS = 'id,b,d,s,ts'", "No valid column specified"),
        ("DELIMITER = 'ab'", "\"delimiter\" must be a 1-character string"),
        ("TTL = x", not_an_int),
        ("CHUNKSIZE = x", not_an_int),
        ("MAXROWS = x", not_an_int),
        ("SKIPROWS = x", not_an_int),
        ("MAXPARSEERRORS = x", not_an_int),
        ("MAXINSERTERRORS = x", not_an_int),
        ("INGESTRATE = x", not_an_int),
        ("MINBATCHSIZE = x", not_an_int),
        ("MAXBATCHSIZE = x", not_an_int),
        ("REQUESTTIMEOUT = x", not_an_int),
        ("MAXINFLIGHTMESSAGES = x", not_an_int),
        ("MAXBACKOFFATTEMPTS = x", not_an_int),
        ("MAXPENDINGCHUNKS = x", not_an_int),
        ("CHILDTIMEOUT = x", not_an_int),
        ("MAXOUTPUTSIZE = x", not_an_int),
        ("BOOLSTYLE = 'true,true'", "Invalid boolean styles ['true', 'true']"),
        ("FOO = 1", "Unrecognized COPY FROM options: foo"),
        // Options that Apache cqlsh takes.
        ("CHUNKSIZE = 0", "CHUNKSIZE must be a number from 1 on that fits its purpose, not 0"),
        ("ENCODING = 'cp1252'", "ENCODING 'cp1252' is not supported: files are written and read as UTF-8"),
        ("MAXPENDINGCHUNKS = 0", "MAXPENDINGCHUNKS must be a number from 1 on that fits its purpose, not 0"),
        ("NULLS = 'none'", "NULLS must be 'null' or 'unset', not 'none'"),
        ("DIALECT = 'rfc4180' AND ESCAPE = '^'", "DIALECT 'rfc4180' doubles quotes: ESCAPE cannot be '^'"),
    ] {
        let ran = place.run(&format!("COPY f FROM 'x.csv' WITH {options}"));
        ran.failed(2, &format!("<stdin>:1:{message}\n"));
        assert_eq!(place.files(), ["x.csv"], "{options}");
    }
    assert_eq!(place.cells("f"), Vec::<Vec<_>>::new());
}
