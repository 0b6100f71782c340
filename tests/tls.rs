//! TLS: who is believed, who we say we are, and what is said when it does not work.

mod certificates;
mod front;

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use cqlsh::sandbox::{Builder, Encryption, SUPERUSER, Version};
use rustls::version::{TLS12, TLS13};

use crate::support::cqlsh::{Cqlsh, PROGRAM, Ran};
use crate::support::node;
use crate::support::pty::Terminal;
use certificates::{Papers, from_to, named};

const QUERY: &str = "SELECT key FROM system.local";
const ANSWER: &str = "\n key\n-------\n local\n\n(1 rows)\n";

/// cqlsh with TLS and this settings file, in a directory where it finds the papers.
fn cqlsh(papers: &Papers, host: &str, port: &str, cqlshrc: &str) -> Cqlsh {
    papers.write("cqlshrc", cqlshrc);
    let arguments = [host, port, "--ssl", "--cqlshrc", "cqlshrc"];
    Cqlsh::new(arguments).cwd(papers.directory())
}

fn ask(papers: &Papers, port: &str, cqlshrc: &str) -> Ran {
    cqlsh(papers, "127.0.0.1", port, cqlshrc).arg("-e").arg(QUERY).run()
}

/// A port in front of the shared node.
fn front(identity: &Path) -> String {
    front::before(node::plain(), identity, &[&TLS12, &TLS13])
}

/// Fails unless the run could not connect, and said so in one line with these words.
#[track_caller]
fn refused(ran: &Ran, words: &str) {
    assert_eq!((ran.code(), ran.stdout.as_str(), ran.stderr.matches('\n').count()), (1, "", 1), "{ran:?}");
    assert!(ran.stderr.starts_with("Connection error: ") && ran.stderr.contains(words), "expected {words:?}\n{ran:?}");
}

#[test]
fn a_node_that_wants_tls_and_a_clients_certificate_gets_both_everywhere() {
    let papers = Papers::new();
    let authority = papers.authority("ca");
    let encryption = Encryption {
        identity: papers.signed(&authority, "node", named("node", [])),
        authorities: Some(papers.directory().join("ca.pem")),
    };
    papers.signed(&authority, "client", named("client", []));
    let own = node::own(&Builder { authentication: true, tls: Some(encryption), ..node::builder(Version::V5_0) });
    let (host, port) = (own.node.host(), own.node.port().to_string());
    let (user, password) = SUPERUSER;
    let login = |run: Cqlsh| run.arg("-u").arg(user).arg("-p").arg(password).arg("--insecure-password-without-warning");

    let ours = "[ssl]\ncertfile = ca.pem\nusercert = client.pem\n";
    // The driver reads no custom types: they have connections of their own.
    let row = "1,0x550e8400e29b41d4a716446655440000";
    papers.write("query.cql", &format!("{QUERY};\n"));
    let script = format!(
        "CREATE KEYSPACE tls WITH replication = {{'class': 'SimpleStrategy', 'replication_factor': 1}};
         CREATE TABLE tls.t (id int PRIMARY KEY, c 'org.apache.cassandra.db.marshal.LexicalUUIDType');
         COPY tls.t FROM STDIN;\n{row}\n\\.\nCOPY tls.t TO 't.csv';
         LOGIN {user} '{password}'\nSOURCE 'query.cql'\n"
    );
    let ran = login(cqlsh(&papers, &host, &port, ours)).stdin(script).run();
    ran.succeeded();
    assert!(ran.stdout.ends_with(ANSWER), "{ran:?}");
    assert_eq!(fs::read_to_string(papers.directory().join("t.csv")).unwrap(), format!("{row}\r\n"));

    let nobody = login(cqlsh(&papers, &host, &port, "[ssl]\ncertfile = ca.pem\n").arg("-e").arg(QUERY)).run();
    refused(&nobody, "does it ask for a client's certificate?");
    let ours_in_clear = login(Cqlsh::new([&host, &port, "-e", QUERY])).run();
    refused(&ours_in_clear, "--ssl");
}

#[test]
fn a_certificate_is_believed_when_it_comes_from_the_file_of_trusted_ones() {
    let papers = Papers::new();
    let (authority, _other) = (papers.authority("ca"), papers.authority("other"));
    let port = front(&papers.signed(&authority, "node", named("only a common name", [])));

    ask(&papers, &port, "[ssl]\ncertfile = ca.pem\n").printed(ANSWER);
    papers.write("both.pem", &["other", "ca"].map(|name| read(&papers, name)).concat());
    ask(&papers, &port, "[ssl]\ncertfile = other.pem\n[certfiles]\n127.0.0.1 = both.pem\n").printed(ANSWER);
    let by_environment = |name: &str, value: &str, cqlshrc: &str| {
        cqlsh(&papers, "127.0.0.1", &port, cqlshrc).env(name, value).arg("-e").arg(QUERY).run()
    };
    by_environment("SSL_CERTFILE", "ca.pem", "[ssl]\ncertfile = other.pem\n").printed(ANSWER);
    by_environment("SSL_VALIDATE", "False", "[ssl]\nvalidate = true\n").printed(ANSWER);

    let unknown = "the server's certificate is neither in 'other.pem' nor signed by one in it";
    refused(&ask(&papers, &port, "[ssl]\ncertfile = other.pem\n"), unknown);
    ask(&papers, &port, "[ssl]\ncertfile = other.pem\nvalidate = false\n").printed(ANSWER);
}

fn read(papers: &Papers, name: &str) -> String {
    fs::read_to_string(papers.directory().join(format!("{name}.pem"))).unwrap()
}

#[test]
fn a_certificate_that_signed_itself_is_its_own_authority_and_nobody_elses() {
    let papers = Papers::new();
    papers.authority("ca");
    let port = front(&papers.self_signed("node"));
    ask(&papers, &port, "[ssl]\ncertfile = node.pem\n").printed(ANSWER);
    refused(&ask(&papers, &port, "[ssl]\ncertfile = ca.pem\n"), "not in 'ca.pem'");
}

// Made with `openssl x509 -req` of OpenSSL 3.0; the key is that of no node.
#[test]
fn a_certificate_of_version_1_counts_like_any_other() {
    let papers = Papers::new();
    papers.authority("other");
    papers.write("ca.pem", include_str!("tls/version_1_authority.pem"));
    let identity = papers.write("node.pem", include_str!("tls/version_1.pem"));
    for version in [&TLS12, &TLS13] {
        let port = front::before(node::plain(), &identity, &[version]);
        ask(&papers, &port, "[ssl]\ncertfile = ca.pem\n").printed(ANSWER);
        refused(&ask(&papers, &port, "[ssl]\ncertfile = other.pem\n"), "neither in 'other.pem' nor signed");
    }
}

#[test]
fn a_certificate_out_of_its_time_is_not_believed_but_where_nothing_is_checked() {
    let papers = Papers::new();
    let authority = papers.authority("ca");
    for (years, words) in [((2001, 2002), "expired on 2002-01-01"), ((2901, 2902), "not valid before 2901-01-01")] {
        let port = front(&papers.signed(&authority, "node", from_to(years)));
        refused(&ask(&papers, &port, "[ssl]\ncertfile = ca.pem\n"), words);
        // Not even when it is trusted by itself.
        refused(&ask(&papers, &port, "[ssl]\ncertfile = node.pem\n"), words);
        ask(&papers, &port, "[ssl]\nvalidate = FALSE\n").printed(ANSWER);
    }
}

#[test]
fn the_hosts_name_is_looked_at_only_on_demand() {
    let papers = Papers::new();
    let authority = papers.authority("ca");
    let port = front(&papers.signed(&authority, "node", named("127.0.0.1", ["localhost"])));
    let checked = "[ssl]\ncertfile = ca.pem\ncheck_hostname = true\n";
    ask(&papers, &port, "[ssl]\ncertfile = ca.pem\n").printed(ANSWER);
    refused(&ask(&papers, &port, checked), "not for a host called '127.0.0.1'");
    cqlsh(&papers, "localhost", &port, checked).arg("-e").arg(QUERY).run().printed(ANSWER);
}

#[test]
fn a_node_without_tls_and_one_that_says_nothing_are_told_in_a_line() {
    let papers = Papers::new();
    papers.authority("ca");
    let node = node::plain();
    let (host, port) = (node.host(), node.port().to_string());
    let trusting = "[ssl]\ncertfile = ca.pem\n";
    refused(&cqlsh(&papers, &host, &port, trusting).arg("-e").arg(QUERY).run(), "does not answer in TLS");

    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port().to_string();
    let ran = cqlsh(&papers, "127.0.0.1", &port, trusting).arg("--connect-timeout").arg("1").arg("-e").arg(QUERY).run();
    refused(&ran, "Timed out creating connection (1 seconds)");
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let papers = Papers::new();
    let authority = papers.authority("ca");
    papers.signed(&authority, "client", named("client", []));
    papers.signed(&authority, "another", named("another", []));
    papers.write("empty.pem", "");
    papers.write("cut.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n");
    papers.write("no.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
    let with_client = |lines: &str| format!("[ssl]\ncertfile = ca.pem\nusercert = client.pem\n{lines}\n");
    for (cqlshrc, words) in [
        ("[ssl]\ncertfile = nosuch.pem\n".to_owned(), "[Errno 2] No such file or directory: 'nosuch.pem'\n"),
        ("[ssl]\ncertfile = empty.pem\n".to_owned(), "'empty.pem' holds no certificate in PEM form\n"),
        ("[ssl]\ncertfile = cut.pem\n".to_owned(), "'cut.pem' cannot be understood: "),
        ("[ssl]\ncertfile = no.pem\n".to_owned(), "'no.pem' cannot be understood: "),
        (with_client("userkey = ca.pem"), "'ca.pem' holds no private key in PEM form\n"),
        (with_client("userkey = another.pem"), "the private key in 'another.pem' is not that of the certificate in "),
    ] {
        // Nobody listens there: it does not come to a connection.
        refused(&ask(&papers, "1", &cqlshrc), words);
    }
}

/// A client's certificate, and its key behind the password `open sesame`, made with OpenSSL 3.0 in three ways.
const CERTIFICATE: &str = include_str!("tls/encrypted_key_certificate.pem");
const ENCRYPTED: [&str; 2] = [include_str!("tls/encrypted_key.pem"), include_str!("tls/encrypted_key_3des.pem")];
const ENCRYPTED_OF_OLD: &str = include_str!("tls/encrypted_key_old.pem");

#[test]
fn the_password_of_an_encrypted_key_is_asked_for_once() {
    let papers = Papers::new();
    let authority = papers.authority("ca");
    let port = front(&papers.signed(&authority, "node", named("node", [])));
    papers.write("client.pem", CERTIFICATE);
    papers.write("cqlshrc", "[ssl]\ncertfile = ca.pem\nusercert = client.pem\nuserkey = key.pem\n");
    papers.write("query.cql", &format!("{QUERY};\n"));
    let directory = papers.directory().to_str().unwrap();
    let environment = [("HOME", directory), ("TERM", "xterm"), ("LANG", "C.UTF-8")];
    // SOURCE connects anew.
    let arguments = ["127.0.0.1", &port, "--ssl", "--cqlshrc", "cqlshrc", "-e", "SOURCE 'query.cql'"];
    let answered = |password: &str| {
        let mut terminal = Terminal::start(PROGRAM, &arguments, &environment, directory);
        terminal.expect("Password of the private key in 'key.pem': ");
        terminal.send(format!("{password}\n"));
        terminal.end()
    };
    for key in ENCRYPTED {
        papers.write("key.pem", key);
        let (seen, status) = answered("open sesame");
        assert_eq!(seen, format!("\n{ANSWER}").replace('\n', "\r\n"));
        assert_eq!(status, 0, "{seen:?}");
    }
    let (seen, status) = answered("open barley");
    assert!(
        seen.ends_with("Connection error: the password does not open the private key in 'key.pem'\r\n"),
        "{seen:?}"
    );
    assert!(!seen.contains("barley"), "{seen:?}");
    assert_eq!(status, 1, "{seen:?}");
}

#[test]
fn without_a_terminal_to_ask_on_an_encrypted_key_is_refused() {
    let papers = Papers::new();
    papers.authority("ca");
    papers.write("client.pem", CERTIFICATE);
    papers.write("cqlshrc", "[ssl]\ncertfile = ca.pem\nusercert = client.pem\nuserkey = key.pem\n");
    for (key, words) in [
        (ENCRYPTED[0], "is encrypted, and there is no terminal to ask for its password; "),
        (ENCRYPTED_OF_OLD, "is encrypted in a way that is not supported; openssl pkcs8 -topk8 writes it anew"),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----\n", "is encrypted, and there is no terminal to ask for its password; "),
    ] {
        papers.write("key.pem", key);
        let arguments = ["-w", PROGRAM, "127.0.0.1", "1", "--ssl", "--cqlshrc", "cqlshrc", "-e", QUERY];
        refused(&Cqlsh::of("setsid", arguments).cwd(papers.directory()).run(), words);
    }
}

// The texts are those of Apache cqlsh 6.2.2.
#[test]
fn without_a_file_of_trusted_certificates_nothing_is_connected_to() {
    let papers = Papers::new();
    let port = front(&papers.self_signed("node"));
    let expected = "Validation is enabled; SSL transport factory requires a valid certfile to be specified. Please \
                    provide path to the certfile in [ssl] section as 'certfile' option in cqlshrc (or use [certfiles] \
                    section) or set SSL_CERTFILE environment variable.\n";
    ask(&papers, &port, "").failed(1, expected);
    ask(&papers, &port, "[ssl]\ncertfile =\n").failed(1, expected);
    let told = "Warning: Explicit SSL and TLS versions in the cqlshrc file or in SSL_VERSION environment property are \
                ignored as the protocol is auto-negotiated.\n\n";
    let ran = ask(&papers, &port, "[ssl]\nvalidate = false\nversion = TLSv1_2\n");
    ran.printed(&format!("{told}{ANSWER}"));
}
