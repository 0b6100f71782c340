//! Scripts that are too large, too long or too strange for the corpus of `parity`.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::Child;

use crate::support::node::{self, keyspace};

/// A keyspace with a table `t (id int PRIMARY KEY, v text)` on the shared node.
fn table() -> String {
    let name = keyspace("batch");
    let ran = node::plain().cqlsh(&[]).stdin(format!(
        "CREATE KEYSPACE {name} WITH replication = {{'class': 'SimpleStrategy', 'replication_factor': 1}};\n\
         CREATE TABLE {name}.t (id int PRIMARY KEY, v text);\n"
    ));
    ran.run().printed("");
    name
}

/// The most memory that the process has held so far, in KiB.
#[cfg(target_os = "linux")]
fn peak_memory(process: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells the peak");
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn a_script_streams_through_in_the_same_memory_whatever_its_size() {
    let mut run = node::plain().cqlsh(&[]);
    let mut process = run.spawn();
    let mut stdin = process.stdin.take().unwrap();
    let mut stdout = BufReader::new(process.stdout.take().unwrap());
    let mut answered = |stdin: &mut dyn Write| {
        stdin.write_all(b"CONSISTENCY\n").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line, "Current consistency level is ONE.\n");
    };
    answered(&mut stdin);
    let before = peak_memory(&process);
    let remark = format!("-- {}\nSERIAL CONSISTENCY SERIAL_NOT\n", "remark ".repeat(100));
    let mut written = 0;
    let mut errors = process.stderr.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut told = 0;
        let mut bytes = [0; 1 << 16];
        while let Ok(read @ 1..) = errors.read(&mut bytes) {
            told += bytes[..read].iter().filter(|byte| **byte == b'\n').count();
        }
        told
    });
    let mut statements = 0;
    while written < 16 << 20 {
        stdin.write_all(remark.as_bytes()).unwrap();
        written += remark.len();
        statements += 1;
    }
    answered(&mut stdin);
    let grown = peak_memory(&process) - before;
    drop(stdin);
    assert_eq!(process.wait().unwrap().code(), Some(2));
    assert_eq!(reader.join().unwrap(), statements);
    assert!(grown < 4096, "16 MiB of script took {grown} KiB");
}

/// The words are those of cqlsh 6.3; 6.2.2 has no such command.
#[test]
fn elapsed_times_follow_every_result_until_they_are_turned_off() {
    let name = table();
    let inner = tempfile::NamedTempFile::new().unwrap();
    fs::write(inner.path(), "SELECT id FROM t;\n").unwrap();
    let script = format!(
        "ELAPSED\nELAPSED ON\nELAPSED ON\nINSERT INTO t (id) VALUES (7);\nSELECT id FROM t;\nSOURCE '{}'\nSHOW REPLICAS 0\n\
         ELAPSED OFF\nSELECT id FROM t;\nELAPSED maybe\n",
        inner.path().display()
    );
    let ran = node::plain().cqlsh(&["-k", &name]).stdin(script).run();
    let lines =
        ran.stdout.lines().map(|line| match line.strip_suffix("ms elapsed)").and_then(|l| l.strip_prefix('(')) {
            Some(number) if number.parse::<u32>().is_ok() => "(N ms)",
            _ => line,
        });
    let rows = ["", " id", "----", "  7", "", "(1 rows)"];
    let replicas = format!("['{}']", node::plain().host());
    let timed = |rows: &[&'static str]| [rows, &["(N ms)"]].concat();
    let told = ["ELAPSED is OFF", "ELAPSED set to ON", "ELAPSED is already ON", "(N ms)"];
    let expected = [&told, &*timed(&rows), &timed(&rows), &[&replicas, "ELAPSED set to OFF"], &rows].concat();
    assert_eq!(lines.collect::<Vec<_>>(), expected, "{ran:?}");
    assert_eq!((ran.stderr.as_str(), ran.code()), ("<stdin>:11:Improper ELAPSED command.\n", 2));
}

/// A small node takes its time over a statement of megabytes.
const PATIENT: &[&str] = &["--request-timeout", "120"];

/// Time that grows with the square of the lines would take hours here.
#[test]
fn a_string_of_100_000_lines_is_one_statement() {
    let name = table();
    let node = node::plain();
    let mut script = format!("USE {name};\nINSERT INTO t (id, v) VALUES (1, 'first\n");
    for line in 0..100_000 {
        writeln!(script, "line {line}; -- it''s $$ /* \"text\"").unwrap();
    }
    script.push_str("last');\nSELECT nothing FROM t;\n");
    let ran = node.cqlsh(PATIENT).stdin(script).run();
    ran.failed(
        2,
        &format!(
            "<stdin>:100005:InvalidRequest: Error from server: code=2200 [Invalid query] \
             message=\"Undefined column name nothing in table {name}.t\"\n"
        ),
    );
    let rows = node.cqlsh(&["-k", &name, "-e", "COPY t (v) TO STDOUT"]).run();
    assert_eq!(rows.stdout.matches("-- it's $$ /* ").count(), 100_000, "{}", rows.stderr);
    node.cqlsh(&["-e", &format!("DROP KEYSPACE {name}")]).run().printed("");
}

/// The same for many tokens instead of one.
#[test]
fn a_batch_of_100_000_lines_is_one_statement() {
    let name = table();
    let node = node::plain();
    let mut script = format!("USE {name};\nBEGIN UNLOGGED BATCH\n");
    for id in 0..50_000 {
        writeln!(script, "INSERT INTO t (id, v)\n  VALUES ({id}, 'x'); /* ; */").unwrap();
    }
    script.push_str("APPLY BATCH;\nSELECT count(*) FROM t;\n");
    let path = tempfile::tempdir().unwrap();
    let file = path.path().join("large.cql");
    fs::write(&file, script).unwrap();
    let ran = node.cqlsh(PATIENT).arg("-f").arg(&file).run();
    ran.failed(
        2,
        &format!(
            "{}:100004:InvalidRequest: Error from server: code=2200 [Invalid query] message=\"Batch too large\"\n",
            file.display()
        ),
    );
    assert!(ran.stdout.contains("\n     0\n"), "{ran:?}");
    node.cqlsh(&["-e", &format!("DROP KEYSPACE {name}")]).run().printed("");
}

#[test]
fn source_comes_back_from_twenty_files_deep() {
    let run = node::plain().cqlsh(&["-e", "SOURCE '0.cql'; CONSISTENCY"]);
    for depth in 0..20 {
        let text = format!("CONSISTENCY QUORUM\nSOURCE '{}.cql'\nSELECT key FROM system.local\n;", depth + 1);
        fs::write(run.home().join(format!("{depth}.cql")), text).unwrap();
    }
    let ran = run.run();
    assert_eq!(ran.stdout.matches("(1 rows)").count(), 20);
    assert!(ran.stdout.ends_with("Current consistency level is ONE.\n"), "{ran:?}");
    assert_eq!(ran.stderr, "19.cql:3:Could not open '20.cql': [Errno 2] No such file or directory: '20.cql'\n");
    assert_eq!(ran.code(), 2);
}

#[test]
fn statements_run_as_they_arrive_and_not_when_the_input_ends() {
    let mut run = node::plain().cqlsh(&[]);
    let mut process = run.spawn();
    let mut stdin = process.stdin.take().unwrap();
    let mut stdout = BufReader::new(process.stdout.take().unwrap());
    for _ in 0..3 {
        stdin.write_all(b"SELECT key FROM system.local;\n").unwrap();
        let lines: Vec<String> = stdout.by_ref().lines().take(6).map(Result::unwrap).collect();
        assert_eq!(lines, ["", " key", "-------", " local", "", "(1 rows)"]);
    }
    drop(stdin);
    assert_eq!(process.wait().unwrap().code(), Some(0));
}

/// Files for a run, in a directory of its own.
fn files(contents: &[(&str, &[u8])]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, content) in contents {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    directory
}

pub fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn zstandard(text: &str) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest)
}

/// The ids in the table.
fn ids(keyspace: &str) -> String {
    let ran = node::plain().cqlsh(&["-k", keyspace, "-e", "SELECT id FROM t"]).run();
    let mut ids: Vec<&str> = ran.stdout.lines().map(str::trim).filter(|line| line.parse::<i32>().is_ok()).collect();
    ids.sort_unstable();
    ids.join(" ")
}

#[test]
fn a_directory_is_run_script_by_script_in_the_order_of_their_names() {
    let keyspace = table();
    let insert = |id: i32| format!("INSERT INTO t (id) VALUES ({id});\n");
    let directory = files(&[
        ("all/1.cql", format!("USE {keyspace};\n{}EXIT\n{}", insert(1), insert(9)).as_bytes()),
        ("all/2.cql.gz", &gzip(&format!("{}CONSISTENCY ALL\n", insert(2)))),
        ("all/3.cql.zst", &zstandard(&format!("CONSISTENCY\nnonsense;\n{}", insert(3)))),
        ("all/4.cql", b"SELECT 1"),
        ("all/5.cql", insert(5).as_bytes()),
        ("all/6.sql", insert(9).as_bytes()),
    ]);
    let ran = node::plain().cqlsh(&["-f", "all"]).cwd(directory.path()).run();
    assert_eq!(ran.code(), 2, "{ran:?}");
    assert_eq!(ran.stdout, "Consistency level set to ALL.\nCurrent consistency level is ALL.\n");
    let errors: Vec<&str> = ran.stderr.lines().collect();
    assert!(errors[0].starts_with("all/3.cql.zst:3:SyntaxException: "), "{ran:?}");
    assert_eq!(errors[1..], ["all/4.cql:2:Incomplete statement at end of file"]);
    assert_eq!(ids(&keyspace), "1 2 3 5");
}

#[test]
fn compressed_scripts_are_read_wherever_scripts_are() {
    let keyspace = table();
    let insert = |id: i32| format!("INSERT INTO t (id) VALUES ({id});\n");
    let whole = gzip(&(0..2000).map(|id| format!("-- {id}\n")).collect::<String>());
    let directory =
        files(&[("a.gz", &gzip(&insert(1))), ("b", &zstandard(&insert(2))), ("cut.cql.gz", &whole[..whole.len() - 9])]);
    let cqlsh =
        |arguments: &[&str]| node::plain().cqlsh(&[&["-k", &keyspace], arguments].concat()).cwd(directory.path());
    cqlsh(&["-f", "a.gz"]).run().printed("");
    cqlsh(&["-e", "SOURCE 'b'"]).run().printed("");
    cqlsh(&[]).stdin(gzip(&insert(3))).run().printed("");
    assert_eq!(ids(&keyspace), "1 2 3");
    let ran = cqlsh(&["-f", "cut.cql.gz"]).run();
    assert_eq!((ran.code(), ran.stdout.as_str()), (1, ""), "{ran:?}");
    assert!(ran.stderr.contains("Cannot read cut.cql.gz (line "), "{ran:?}");
}

#[test]
fn a_script_ends_at_its_first_error_when_asked_to() {
    let directory = files(&[
        ("bad.cql", b"nonsense;\nCONSISTENCY\n"),
        ("invalid.cql", b"`;\nCONSISTENCY\n"),
        ("outer.cql", b"SOURCE 'bad.cql'\nCONSISTENCY\n"),
        ("all/1.cql", b"nonsense;\n"),
        ("all/2.cql", b"CONSISTENCY\n"),
        ("copy.cql", b"COPY system.local (key) FROM 'nosuch.csv';\nCONSISTENCY\n"),
    ]);
    let cqlsh =
        |arguments: &[&str]| node::plain().cqlsh(&[&["--stop-on-error"], arguments].concat()).cwd(directory.path());
    for run in [
        cqlsh(&["-f", "bad.cql"]),
        cqlsh(&["-f", "invalid.cql"]),
        cqlsh(&["-f", "outer.cql"]),
        cqlsh(&["-f", "all"]),
        cqlsh(&["-f", "copy.cql"]),
        cqlsh(&["-e", "nonsense; CONSISTENCY"]),
        cqlsh(&[]).stdin("nonsense; CONSISTENCY;\nCONSISTENCY\n"),
        cqlsh(&["--execute", "SOURCE 'bad.cql'; CONSISTENCY;"]),
    ] {
        let ran = run.run();
        assert_eq!(ran.code(), 2, "{ran:?}");
        assert!(!ran.stdout.contains("Current consistency level"), "{ran:?}");
        assert!(!ran.stderr.is_empty(), "{ran:?}");
    }
    // A person sees what went wrong; a script that they run ends all the same, and by its own errors alone.
    let typed = "nonsense;\nSOURCE 'bad.cql'\nSERIAL CONSISTENCY\n";
    let ran = cqlsh(&["--tty"]).stdin(typed).run();
    assert!(ran.stdout.contains("Current serial consistency level is SERIAL."), "{ran:?}");
    assert!(!ran.stdout.contains("Current consistency level"), "{ran:?}");
    assert_eq!(ran.code(), 0, "{ran:?}");
}
