//! Where a server is reached: by a name, through IPv6, and behind a port map whose node announces an address that leads
//! nowhere.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;

use cqlsh::sandbox::{Builder, Version};

use super::{ANSWER, QUERY, goes_on};
use crate::support::cqlsh::{Cqlsh, PROGRAM};
use crate::support::node;
use crate::support::relay::Relay;
use crate::support::shell;

#[test]
fn a_port_may_stand_behind_the_host() {
    let node = node::plain();
    let address = format!("{}:{}", node.host(), node.port());
    Cqlsh::new([&address, "-e", QUERY]).run().printed(ANSWER);
    Cqlsh::new(["-e", QUERY]).env("CQLSH_HOST", &address).env("CQLSH_PORT", "1").run().printed(ANSWER);
}

#[test]
fn a_server_is_reached_through_ipv6() {
    // A machine may have none.
    let Ok(listener) = TcpListener::bind("[::1]:0") else { return };
    let node = node::plain();
    let port = listener.local_addr().unwrap().port();
    let _relay = Relay::at(listener, &node.host(), node.port());
    Cqlsh::new(["::1", &port.to_string(), "-e", QUERY]).run().printed(ANSWER);
    Cqlsh::new([&format!("[::1]:{port}"), "-e", QUERY]).run().printed(ANSWER);
    let ran = Cqlsh::new([&format!("[::1]:{port}"), "-e", "SHOW HOST"]).run();
    assert!(ran.succeeded().stdout.ends_with(&format!(" at ::1:{port}\n")), "{ran:?}");
}

/// cqlsh where these lines are all of `/etc/hosts`; none where that cannot be had.
fn with_hosts(hosts: &str, arguments: &[&str]) -> Option<Cqlsh> {
    let unshare = shell::own_mounts()?;
    let line = format!("exec {unshare} sh -c 'mount --bind hosts /etc/hosts && exec \"$@\"' sh \"$@\"");
    let run = Cqlsh::of("sh", [&["-c", &line, "sh", PROGRAM], arguments].concat());
    fs::write(run.home().join("hosts"), hosts).unwrap();
    Some(run)
}

#[test]
fn an_address_that_says_nothing_keeps_the_others_of_its_name_from_nothing() {
    let node = node::plain();
    let silent = TcpListener::bind("127.99.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let _relay = Relay::at(TcpListener::bind(("127.99.0.3", port)).unwrap(), &node.host(), node.port());
    let asked = |hosts: &str, seconds: &str| {
        with_hosts(hosts, &["three", &port.to_string(), "--connect-timeout", seconds, "-e", QUERY])
    };
    // Nobody listens at the second. The time limit is longer than any test may take.
    let hosts = "127.99.0.1 three\n127.99.0.2 three\n127.99.0.3 three\n";
    let Some(run) = asked(hosts, "86400") else {
        println!("no name can be given several addresses here");
        return;
    };
    run.run().printed(ANSWER);

    let refused = format!("Tried connecting to [('127.99.0.2', {port})]. Last error: Connection refused");
    let expected = format!(
        "Connection error: ('Unable to connect to any servers', {{'127.99.0.1:{port}': OperationTimedOut('errors=Timed out \
         creating connection (1 seconds), last_host=None'), '127.99.0.2:{port}': ConnectionRefusedError(111, \
         \"{refused}\")}})\n"
    );
    asked("127.99.0.1 three\n127.99.0.2 three\n", "1").unwrap().run().failed(1, &expected);
}

#[test]
fn a_script_goes_on_at_another_address_of_its_host() {
    let node = node::plain();
    let listener = TcpListener::bind("127.99.1.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let first = Relay::at(listener, &node.host(), node.port());
    let _second = Relay::at(TcpListener::bind(("127.99.1.2", port)).unwrap(), &node.host(), node.port());
    let hosts = "127.99.1.1 two\n127.99.1.2 two\n";
    let Some(mut run) = with_hosts(hosts, &["two", &port.to_string(), "-k", "system"]) else {
        println!("no name can be given several addresses here");
        return;
    };
    let mut process = run.spawn();
    let mut stdin = process.stdin.take().unwrap();
    let mut stdout = BufReader::new(process.stdout.take().unwrap());
    stdin.write_all(b"SELECT key FROM local;\nCONSISTENCY QUORUM\n").unwrap();
    let mut printed = String::new();
    while !printed.ends_with("Consistency level set to QUORUM.\n") {
        assert!(stdout.read_line(&mut printed).unwrap() > 0, "it ended after {printed:?}");
    }
    first.cut();
    // The keyspace and the consistency are what they were.
    stdin.write_all(b"SELECT key FROM local;\nCONSISTENCY\nDESCRIBE TABLE system.local\n").unwrap();
    drop(stdin);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert!(
        rest.starts_with(&format!("{ANSWER}Current consistency level is QUORUM.\n\nCREATE TABLE system.local (\n")),
        "{rest:?}"
    );
    run.ran(process.wait_with_output().unwrap()).printed("");
}

#[test]
fn behind_a_port_map_everything_goes_through_the_port() {
    // Addresses for documentation: nobody has them.
    let extra_yaml = "broadcast_rpc_address: 192.0.2.1".to_owned();
    let own = node::own(&Builder { nodes: 2, extra_yaml, ..node::builder(Version::V5_0) });
    // Nor does the port map listen where the node does.
    let listener = TcpListener::bind("127.97.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let relay = Relay::at(listener, &own.node.host(), own.node.port());
    let directory = tempfile::tempdir().unwrap();
    let rows: String = (0..2000).map(|id| format!("{id},value {id}\r\n")).collect();
    fs::write(directory.path().join("in.csv"), &rows).unwrap();
    let cqlsh =
        |statements: &str| Cqlsh::new(["127.97.0.1", &port.to_string(), "-e", statements]).cwd(directory.path()).run();
    let replication = "{'class': 'SimpleStrategy', 'replication_factor': 2}";
    cqlsh(&format!(
        "CREATE KEYSPACE k WITH replication = {replication}; CREATE TABLE k.t (id int PRIMARY KEY, v text);"
    ))
    .printed("");
    let copied = cqlsh("CONSISTENCY QUORUM; COPY k.t FROM 'in.csv'; COPY k.t TO 'out.csv'");
    assert!(copied.code() == 0 && copied.stderr.is_empty(), "{copied:?}");
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&fs::read_to_string(directory.path().join("out.csv")).unwrap()), sorted(&rows));
    let ran =
        cqlsh("CONSISTENCY ALL; SELECT * FROM k.t; DESCRIBE TABLE k.t; TRACING ON; SELECT v FROM k.t WHERE id = 7");
    assert!(ran.succeeded().stdout.contains("(2000 rows)\n"), "{ran:?}");
    assert!(ran.stdout.contains("CREATE TABLE k.t (") && ran.stdout.contains("Tracing session: "), "{ran:?}");
    fs::write(directory.path().join("query.cql"), format!("{QUERY};\n")).unwrap();
    cqlsh("SOURCE 'query.cql'").printed(ANSWER);
    goes_on(&relay, "127.97.0.1");

    // A node that knew an older schema when it went down, as the others remember it.
    let version = "00000000-0000-0000-0000-000000000001";
    cqlsh(&format!("INSERT INTO system.peers (peer, schema_version) VALUES ('192.0.2.9', {version})")).printed("");
    cqlsh("CREATE TABLE IF NOT EXISTS k.t (id int PRIMARY KEY); DROP TABLE IF EXISTS k.nosuch").printed("");
    // In the words of Apache cqlsh 6.2.2.
    let warning = "<stdin>:1:Warning: schema version mismatch detected; check the schema versions of your nodes in \
                   system.local and system.peers.\n";
    cqlsh("ALTER TABLE k.t WITH comment = 'changed'").failed(2, warning);
}
