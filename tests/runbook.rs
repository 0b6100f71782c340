//! The founding story: an operator's runbook saves five keyspaces and brings them back. First its manual steps as they are
//! printed, then its scripts, repaired only as far as they could never have run (the repairs stand in the scripts), then
//! what the operator must be told when something is wrong.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::support::cqlsh::PROGRAM;
use crate::support::node::{self, Node};
use crate::support::pty::Terminal;
use crate::support::server::{Row, Server};

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runbook");

/// The administrator that the runbook's scripts log in as.
const ADMIN: &str = "syndeia_admin";
const PASSWORD: &str = "myPw";

const KEYSPACES: [&str; 5] = [
    "syndeia_cloud_auth",
    "syndeia_cloud_devops",
    "syndeia_cloud_graph",
    "syndeia_cloud_graph_config",
    "syndeia_cloud_store",
];

/// All rows of a table, sorted, by table.
type Contents = BTreeMap<String, Vec<Row>>;

/// How a script ended.
#[derive(Debug)]
struct Script {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// A working directory with `cqlsh` on its own path, and a look at the server that is not the program under test.
struct Operator {
    directory: tempfile::TempDir,
    node: &'static Node,
    server: Server,
    /// The keyspaces are the same for every test here.
    _turn: MutexGuard<'static, ()>,
}

impl Operator {
    /// The five keyspaces, filled.
    fn new() -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let node = node::authenticated();
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("bin")).unwrap();
        symlink(PROGRAM, directory.path().join("bin/cqlsh")).unwrap();
        let role = format!(
            "CREATE ROLE IF NOT EXISTS {ADMIN} WITH PASSWORD = '{PASSWORD}' AND SUPERUSER = true AND LOGIN = true"
        );
        assert_eq!(node.cqlsh(&["-e", &role]).run().code(), 0);
        let operator = Self { directory, node, server: Server::of(node), _turn: turn };
        operator.drop_keyspaces();
        operator.fill();
        operator
    }

    fn fill(&self) {
        let schema = self.node.cqlsh(&["-f", &format!("{SCRIPTS}/schema.cql")]).run();
        assert_eq!(schema.code(), 0, "{schema:?}");
        let data = self.node.cqlsh(&["-f", &format!("{SCRIPTS}/data.cql")]).run();
        assert_eq!(data.code(), 0, "{data:?}");
        // More than 128 KiB, the longest field that Apache cqlsh reads; and every byte there is.
        let bytes: String = (0..150_000u32).map(|i| format!("{:02x}", (i * 7 + i / 256) % 256)).collect();
        let event = format!(
            "INSERT INTO syndeia_cloud_store.messages (persistence_id, partition_nr, sequence_nr, timestamp, event) \
             VALUES ('big', 1, 1, 13814000-1dd2-11b2-8080-808080808080, 0x{bytes});\n\
             INSERT INTO syndeia_cloud_store.snapshots (persistence_id, sequence_nr, ser_id, snapshot_data) \
             VALUES ('big', 1, 4, 0x{bytes});\n"
        );
        // Text with every control character.
        let control: String = (1..=0x9f_u8).map(char::from).filter(|c| *c != '\'').collect();
        let artifact =
            format!("INSERT INTO syndeia_cloud_store.artifacts (key, body) VALUES ('control', '{control}');\n");
        let run = self.node.cqlsh(&[]).stdin(event + &artifact).run();
        assert_eq!(run.code(), 0, "{run:?}");
    }

    fn drop_keyspaces(&self) {
        for keyspace in KEYSPACES {
            self.ask(&format!("DROP KEYSPACE IF EXISTS {keyspace}"));
        }
    }

    /// Every row of the statement's answer.
    fn ask(&self, cql: &str) -> Vec<Row> {
        self.server.rows(cql)
    }

    /// Everything in the five keyspaces, views included.
    fn contents(&self) -> Contents {
        let mut contents = Contents::new();
        for keyspace in KEYSPACES {
            for relation in ["tables", "views"] {
                let column = if relation == "tables" { "table_name" } else { "view_name" };
                let names = format!("SELECT {column} FROM system_schema.{relation} WHERE keyspace_name = '{keyspace}'");
                for name in self.ask(&names) {
                    let name = String::from_utf8(name[0].clone().unwrap()).unwrap();
                    let mut rows = self.ask(&format!("SELECT * FROM {keyspace}.{name}"));
                    rows.sort();
                    contents.insert(format!("{keyspace}.{name}"), rows);
                }
            }
        }
        contents
    }

    /// The schema of the five keyspaces as DESCRIBE tells it.
    fn schema(&self) -> String {
        let describe = KEYSPACES.map(|keyspace| format!("DESCRIBE KEYSPACE {keyspace};")).concat();
        let run = self.node.cqlsh(&["-e", &describe]).run();
        assert_eq!(run.code(), 0, "{run:?}");
        run.stdout
    }

    /// Runs one of the runbook's scripts against the node, as the runbook says.
    fn script(&self, name: &str) -> Script {
        let path = format!("{}:{}", self.path("bin"), std::env::var("PATH").unwrap());
        let output = Command::new("bash")
            .args([&format!("{SCRIPTS}/{name}"), &self.node.host()])
            .current_dir(self.directory.path())
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.directory.path())
            .env("LANG", "C.UTF-8")
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Script { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    fn path(&self, name: &str) -> String {
        self.directory.path().join(name).to_str().unwrap().to_owned()
    }

    /// `cqlsh` in the working directory, logged in as the runbook's administrator.
    fn cqlsh(&self, arguments: &[&str]) -> crate::support::cqlsh::Ran {
        let login = ["-u", ADMIN, "-p", PASSWORD, "--insecure-password-without-warning"];
        let host = self.node.host();
        let all = login.iter().chain(arguments).copied().chain([host.as_str()]);
        crate::support::cqlsh::Cqlsh::new(all).cwd(self.directory.path()).run()
    }

    /// A command line typed on a terminal that answers `Password: `, as the manual steps have it.
    fn typed(&self, command: &str) -> (String, u32) {
        let path = format!("{}:{}", self.path("bin"), std::env::var("PATH").unwrap());
        let environment = [("PATH", path.as_str()), ("HOME", &self.path(".")), ("LANG", "C.UTF-8"), ("TERM", "xterm")];
        let mut terminal = Terminal::start("bash", &["-c", command], &environment, &self.path("."));
        let asked = terminal.expect("Password: ");
        assert_eq!(asked, "", "nothing stands before the question");
        terminal.send(format!("{PASSWORD}\r"));
        terminal.end()
    }
}

/// Says which cells differ, not just that something does.
#[track_caller]
fn assert_same(before: &Contents, after: &Contents) {
    let tables = |contents: &Contents| contents.keys().cloned().collect::<Vec<_>>();
    assert_eq!(tables(before), tables(after));
    for (table, rows) in before {
        let restored = &after[table];
        assert_eq!(rows.len(), restored.len(), "rows of {table}");
        for (row, restored) in rows.iter().zip(restored) {
            assert_eq!(row, restored, "a row of {table}");
        }
    }
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn the_scripts_bring_every_cell_of_every_table_back() {
    let operator = Operator::new();
    let (before, schema) = (operator.contents(), operator.schema());
    assert!(before.values().filter(|rows| !rows.is_empty()).count() >= 20, "the test has data to lose");

    let backup = operator.script("backup.bash");
    assert_eq!(backup.code, Some(0), "{}{}", backup.stdout, backup.stderr);
    let saved = read(operator.path("SC_backups/syndeia-cloud-3.4_concatenated_schema_backup.cql"));
    assert_eq!(saved, schema, "the saved schema is what DESCRIBE prints, and nothing else");

    operator.drop_keyspaces();
    let restore = operator.script("restore.bash");
    assert_eq!(restore.code, Some(0), "{}{}", restore.stdout, restore.stderr);
    assert_eq!(operator.schema(), schema);
    assert_same(&before, &operator.contents());
}

#[test]
fn the_manual_steps_bring_every_cell_back_without_a_marker_for_null() {
    let operator = Operator::new();
    let before = operator.contents();
    let tables: Vec<&String> =
        before.keys().filter(|name| name.starts_with("syndeia_cloud_auth") && !name.ends_with("_by_name")).collect();
    let host = operator.node.host();

    // Step 1, with the password typed.
    let step =
        format!("cqlsh -u {ADMIN} -e 'DESCRIBE KEYSPACE syndeia_cloud_auth' {host} > syndeia-cloud_backup_schema.cql");
    assert_eq!(operator.typed(&step), ("\r\n".to_owned(), 0));
    assert!(read(operator.path("syndeia-cloud_backup_schema.cql")).starts_with("\nCREATE KEYSPACE syndeia_cloud_auth"));

    // Step 2, in one session.
    let copy = |direction: &str| {
        let line = |table: &&String| {
            format!("COPY {table} {direction} 'syndeia-cloud_backup_{table}.csv' WITH HEADER = TRUE;\n")
        };
        tables.iter().map(line).collect::<String>()
    };
    fs::write(operator.path("step2.cql"), copy("TO")).unwrap();
    let exported = operator.cqlsh(&["-f", "step2.cql"]);
    exported.succeeded();
    for line in [
        "Using ",
        " child processes\n",
        "\nStarting copy of syndeia_cloud_auth.auto_key with columns [id, next].\n",
        "Processed: 1 rows; Rate: ",
        "\n1 rows exported to 1 files in ",
    ] {
        assert!(exported.stdout.contains(line), "{line:?} is missing\n{exported:?}");
    }
    let header = "id,activated,avatar_url,created_by_user_key,created_timestamp,description,email,external_id,\
                  permissions,profiles,provider,roles,user_name\r\n";
    assert!(read(operator.path("syndeia-cloud_backup_syndeia_cloud_auth.users.csv")).starts_with(header));

    // Steps 3 and 4.
    operator.ask("DROP KEYSPACE syndeia_cloud_auth");
    let step = format!("cqlsh -u {ADMIN} -f syndeia-cloud_backup_schema.cql {host}");
    let (printed, status) = operator.typed(&step);
    assert_eq!(status, 0, "{printed}");
    fs::write(operator.path("step4.cql"), copy("FROM")).unwrap();
    let imported = operator.cqlsh(&["-f", "step4.cql"]);
    imported.succeeded();
    assert!(imported.stdout.contains("\n1 rows imported from 1 files in "), "{imported:?}");
    assert!(imported.stdout.contains(" (0 skipped).\n"), "{imported:?}");
    assert_same(&before, &operator.contents());
}

#[test]
fn a_script_learns_of_a_wrong_password_by_the_exit_status() {
    let operator = Operator::new();
    let host = operator.node.host();
    let run = crate::support::cqlsh::Cqlsh::new([
        "-u",
        ADMIN,
        "-p",
        "wrong",
        "--insecure-password-without-warning",
        "-e",
        "DESCRIBE KEYSPACES",
        &host,
    ])
    .run();
    // Recorded from Apache cqlsh 6.2.2.
    let expected = format!(
        "Connection error: ('Unable to connect to any servers', {{'{host}:9042': AuthenticationFailed('Failed to \
         authenticate to {host}:9042: Error from server: code=0100 [Bad credentials] message=\"Provided username {ADMIN} \
         and/or password are incorrect\"')}})\n"
    );
    run.failed(1, &expected);
    assert_eq!(run.stdout, "");
}

#[test]
fn what_is_missing_is_named_in_cqlsh_words_and_sets_the_exit_status() {
    let operator = Operator::new();
    // Recorded from Apache cqlsh 6.2.2.
    for (statement, message) in [
        ("COPY syndeia_cloud_auth.nosuch TO 'x.csv' WITH HEADER = TRUE", "Column family nosuch not found"),
        ("COPY nosuch.t TO 'x.csv'", "Keyspace 'nosuch' not found."),
        ("COPY syndeia_cloud_auth.users_by_name TO 'x.csv'", "Column family users_by_name not found"),
        ("COPY auto_key TO 'x.csv'", "Not in any keyspace."),
        ("COPY syndeia_cloud_auth.auto_key (id, zz) TO 'x.csv'", "Invalid column name zz"),
        (
            "COPY syndeia_cloud_auth.auto_key TO '/nonexistent/x.csv'",
            "Can't open '/nonexistent/x.csv' for writing: [Errno 2] No such file or directory: '/nonexistent/x.csv'",
        ),
        (
            "COPY syndeia_cloud_auth.auto_key FROM 'missing.csv' WITH HEADER = TRUE",
            "Failed to import 0 rows: OSError - Can't open 'missing.csv' for reading: no matching file found,  given up \
             after 1 attempts",
        ),
        ("SOURCE 'missing.cql'", "Could not open 'missing.cql': [Errno 2] No such file or directory: 'missing.cql'"),
    ] {
        operator.cqlsh(&["-e", statement]).failed(2, &format!("<stdin>:1:{message}\n"));
    }
    assert!(!Path::new(&operator.path("x.csv")).exists(), "nothing half-written is left");
}

#[test]
fn a_damaged_csv_is_imported_as_far_as_it_is_whole_and_the_rest_is_kept_aside() {
    let operator = Operator::new();
    operator.ask("TRUNCATE syndeia_cloud_auth.auto_key");
    fs::write(operator.path("t.csv"), "id,next\r\nusers,1\r\nbroken\r\nx,notanumber\r\n").unwrap();
    let run = operator.cqlsh(&["-e", "COPY syndeia_cloud_auth.auto_key FROM 't.csv' WITH HEADER = TRUE"]);
    assert_eq!(run.code(), 2);
    for message in [
        "Invalid row length 1 should be 2,  given up without retries",
        "Failed to parse notanumber : invalid literal for int() with base 10: 'notanumber',  given up without retries",
        "Failed to process 2 rows; failed rows written to import_syndeia_cloud_auth_auto_key.err",
    ] {
        assert!(run.stderr.contains(message), "{message:?} is missing\n{run:?}");
    }
    assert!(run.stdout.contains("\n1 rows imported from 1 files in "), "{run:?}");
    assert_eq!(read(operator.path("import_syndeia_cloud_auth_auto_key.err")), "broken\r\nx,notanumber\r\n");
    assert_eq!(operator.ask("SELECT id FROM syndeia_cloud_auth.auto_key").len(), 1);
}

#[test]
fn a_csv_cut_off_inside_quotes_is_never_imported_as_if_it_were_whole() {
    let operator = Operator::new();
    operator.ask("TRUNCATE syndeia_cloud_graph_config.config");
    fs::write(operator.path("cut.csv"), "name,value\r\na,1\r\nb,\"cut of").unwrap();
    let run = operator.cqlsh(&["-e", "COPY syndeia_cloud_graph_config.config FROM 'cut.csv' WITH HEADER = TRUE"]);
    assert_eq!(run.code(), 2, "{run:?}");
    assert_eq!(operator.ask("SELECT name FROM syndeia_cloud_graph_config.config").len(), 1, "{run:?}");
    assert_eq!(read(operator.path("import_syndeia_cloud_graph_config_config.err")), "b,\"cut of\r\n");
}

#[test]
fn the_restore_script_stops_where_something_is_missing() {
    let operator = Operator::new();
    let backup = operator.script("backup.bash");
    assert_eq!(backup.code, Some(0), "{}{}", backup.stdout, backup.stderr);
    operator.drop_keyspaces();

    let csv = operator.path("SC_backups/syndeia-cloud-3.4_backup_syndeia_cloud_store.messages.csv");
    fs::rename(&csv, operator.path("elsewhere.csv")).unwrap();
    let restore = operator.script("restore.bash");
    assert_eq!(restore.code, Some(2), "{restore:?}");
    assert!(restore.stdout.contains("x Error, could not import table syndeia_cloud_store.messages\n"), "{restore:?}");

    // An error inside SOURCE counts: in Apache cqlsh it does not, and the script's test can never fail.
    let again = operator.script("restore.bash");
    assert_eq!(again.code, Some(1), "the keyspaces exist already");
    assert!(again.stderr.contains("AlreadyExists: Keyspace 'syndeia_cloud_auth' already exists\n"), "{again:?}");
}
