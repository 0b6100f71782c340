//! The commands of the shell on every release, with somebody logged in.

use std::fs;

use cqlsh::sandbox::{Builder, SUPERUSER, Version};

use crate::support::node::{self, builder};

/// What Apache cqlsh 6.2.2 prints for `versions/commands.cql`.
const EXPECTED: &str = include_str!("versions/commands.out");

#[test]
fn commands_on_cassandra_3_11() {
    do_what_they_do_on(Version::V3_11);
}

#[test]
fn commands_on_cassandra_4_0() {
    do_what_they_do_on(Version::V4_0);
}

#[test]
fn commands_on_cassandra_4_1() {
    do_what_they_do_on(Version::V4_1);
}

fn do_what_they_do_on(version: Version) {
    let own = node::own(&Builder { authentication: true, ..builder(version) });
    let node = &own.node;
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("query.cql"), "SELECT v FROM k.t WHERE id = 2;\n").unwrap();
    let cqlsh = |arguments: &[&str]| {
        node.cqlsh(&[&["--insecure-password-without-warning"], arguments].concat()).cwd(directory.path())
    };
    let ran = cqlsh(&[]).stdin(include_str!("versions/commands.cql")).run();
    // COPY ends its lines with CR LF.
    assert_eq!(ran.stdout.replace("\r\n", "\n"), EXPECTED.replace("HOST", &node.host()), "{ran:?}");
    let undefined =
        "<stdin>:23:InvalidRequest: Error from server: code=2200 [Invalid query] message=\"Undefined column name";
    assert!(ran.stderr.starts_with(undefined) && ran.stderr.matches('\n').count() == 1, "{ran:?}");
    let captured = fs::read_to_string(directory.path().join("out.txt")).unwrap();
    assert_eq!(captured, "\n key\n-------\n local\n\n(1 rows)\n");

    let ran = cqlsh(&["-e", "SHOW VERSION"]).run();
    assert!(ran.succeeded().stdout.contains(&format!(" | Cassandra {} | CQL spec 3.", version.release())), "{ran:?}");
    let (user, password) = SUPERUSER;
    let login = format!(
        "CREATE ROLE r WITH PASSWORD = 'p' AND LOGIN = true; LOGIN r 'p'; LIST ROLES; LOGIN {user} '{password}'; DROP ROLE r"
    );
    assert!(cqlsh(&["-e", &login]).run().succeeded().stdout.contains("\n    r | "), "a role sees itself");

    let ran = cqlsh(&["-e", "TRACING ON; SELECT key FROM system.local"]).run();
    let session = ran.succeeded().stdout.split("Tracing session: ").nth(1).unwrap().lines().next().unwrap();
    let shown = cqlsh(&["-e", &format!("SHOW SESSION {session}")]).run();
    assert!(shown.succeeded().stdout.contains("Execute CQL3 query"), "{shown:?}");
    let described = cqlsh(&["-e", "DESCRIBE CLUSTER; DESCRIBE KEYSPACES; DESCRIBE TABLE system_auth.roles"]).run();
    assert!(described.succeeded().stdout.contains("CREATE TABLE system_auth.roles ("), "{described:?}");

    let ran = cqlsh(&["--cqlversion", "3.0.0", "-e", "SHOW HOST"]).run();
    assert_eq!(ran.code(), 1, "{ran:?}");
    assert!(ran.stderr.contains("cql_version '3.0.0' is not supported by remote (w/ native protocol). "), "{ran:?}");
    cqlsh(&["--protocol-version", "4", "-e", "CONSISTENCY"]).run().printed("Current consistency level is ONE.\n");
}
