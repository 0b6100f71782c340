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
