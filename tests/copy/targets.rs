//! Where an export may go: a regular file is whole or not there, everything else is written through.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;
use std::thread;

use super::place::Place;

fn table() -> Place<'static> {
    Place::new("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t (id, v) VALUES (1, 'x');")
}

#[test]
fn a_file_that_is_there_is_replaced_and_keeps_its_mode() {
    let place = table();
    place.write("out.csv", "old and longer than what comes");
    fs::set_permissions(place.path("out.csv"), fs::Permissions::from_mode(0o640)).unwrap();
    place.run("COPY t TO 'out.csv'").succeeded();
    assert_eq!(place.read("out.csv"), "1,x\r\n");
    assert_eq!(fs::metadata(place.path("out.csv")).unwrap().permissions().mode() & 0o7777, 0o640);
    assert_eq!(place.files(), ["out.csv"]);
}

#[test]
fn symbolic_links_are_followed_also_to_what_is_not_there_yet() {
    let place = table();
    fs::create_dir(place.path("elsewhere")).unwrap();
    symlink("elsewhere/out.csv", place.path("link")).unwrap();
    symlink("link", place.path("link-to-link")).unwrap();
    for _ in ["new", "replaced"] {
        place.run("COPY t TO 'link-to-link'").succeeded();
        assert_eq!(place.read("elsewhere/out.csv"), "1,x\r\n");
        assert!(fs::symlink_metadata(place.path("link")).unwrap().is_symlink());
    }
    assert_eq!(fs::read_dir(place.path("elsewhere")).unwrap().count(), 1, "nothing else is left there");
}

#[test]
fn a_fifo_is_written_through_to_its_reader() {
    let place = table();
    assert!(Command::new("mkfifo").arg(place.path("fifo")).status().unwrap().success());
    let fifo = place.path("fifo");
    let reader = thread::spawn(move || fs::read_to_string(fifo).unwrap());
    place.run("COPY t TO 'fifo'").succeeded();
    assert_eq!(reader.join().unwrap(), "1,x\r\n");
    assert_eq!(place.files(), ["fifo"]);
}

#[test]
fn devices_and_open_descriptors_are_written_through() {
    let place = table();
    let ran = place.run("COPY t TO '/dev/stdout'");
    ran.succeeded();
    assert!(ran.stdout.contains("\nStarting copy of ") && ran.stdout.contains("1,x\r\n"), "{ran:?}");
    assert!(ran.stdout.contains("\n1 rows exported to 1 files in "), "{ran:?}");
    let ran = place.run("COPY t TO '/dev/null'");
    ran.succeeded();
    assert!(ran.stdout.contains("\n1 rows exported to 1 files in "), "{ran:?}");
}

#[test]
fn standard_output_gets_the_records_and_not_a_word_more() {
    table().run("COPY t TO STDOUT WITH HEADER = TRUE").printed("id,v\r\n1,x\r\n");
}

#[test]
fn an_export_that_cannot_be_written_says_so_and_leaves_nothing() {
    let place = table();
    place.write("file", "");
    for (path, why) in [
        ("no/t.csv", "[Errno 2] No such file or directory"),
        ("file/t.csv", "[Errno 20] Not a directory"),
        (".", "[Errno 21] Is a directory"),
    ] {
        let ran = place.run(&format!("COPY t TO '{path}'"));
        ran.failed(2, &format!("<stdin>:1:Can't open '{path}' for writing: {why}: '{path}'\n"));
    }
    let ran = place.run("COPY t TO '/dev/full'");
    ran.failed(2, "<stdin>:1:Can't write '/dev/full': [Errno 28] No space left on device: '/dev/full'\n");
    assert_eq!(place.files(), ["file"]);
}

#[test]
fn an_export_that_fails_leaves_the_old_file() {
    let place = Place::new("CREATE TABLE t (id int PRIMARY KEY, l frozen<list<int>>)");
    // A null inside a list cannot be written without a text for null.
    let with_null = super::bytes::hex("00000001 ffffffff");
    place.insert("t", &["id", "l"], &[vec![super::bytes::int(1), Some(with_null)]]);
    place.write("out.csv", "old");
    let ran = place.run("COPY t TO 'out.csv'");
    assert_eq!(ran.code(), 2, "{ran:?}");
    assert!(ran.stderr.contains("total ranges, some records might be missing\n"), "{ran:?}");
    assert!(ran.stdout.contains("\n0 rows exported to 0 files in "), "{ran:?}");
    assert_eq!(place.read("out.csv"), "old");
    assert_eq!(place.files(), ["out.csv"]);
}

#[test]
fn a_table_of_the_node_s_own_can_be_exported_whole() {
    let ran = table().run("COPY system_views.settings (name) TO STDOUT");
    ran.succeeded();
    assert!(ran.stdout.split_terminator("\r\n").any(|name| name == "cluster_name"), "{ran:?}");
}
