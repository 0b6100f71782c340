//! MAXOUTPUTSIZE: an export in several files, which appear together.

use std::fs;

use super::place::Place;

fn seven() -> Place<'static> {
    let place = Place::new("CREATE TABLE t (p int, c int, PRIMARY KEY (p, c))");
    let rows: String = (1..=7).map(|c| format!("INSERT INTO t (p, c) VALUES (1, {c});")).collect();
    place.run(&rows).succeeded();
    place
}

fn records(rows: std::ops::RangeInclusive<i32>) -> String {
    rows.map(|c| format!("1,{c}\r\n")).collect()
}

#[test]
fn each_file_holds_as_many_rows_and_the_last_one_the_rest() {
    let place = seven();
    let ran = place.run("COPY t TO 't' WITH MAXOUTPUTSIZE = 3 AND PAGESIZE = 2");
    ran.succeeded();
    assert!(ran.stdout.contains("\n7 rows exported to 3 files in "), "{ran:?}");
    assert_eq!(place.files(), ["t", "t.1", "t.2"]);
    assert_eq!(
        [place.read("t"), place.read("t.1"), place.read("t.2")],
        [records(1..=3), records(4..=6), records(7..=7)]
    );
}

#[test]
fn a_size_that_is_met_makes_no_empty_file() {
    let place = seven();
    for (size, files) in [(7, 1), (8, 1), (1, 7), (0, 1), (-1, 1)] {
        let ran = place.run(&format!("COPY t TO 't{size}' WITH MAXOUTPUTSIZE = {size}"));
        ran.succeeded();
        assert!(ran.stdout.contains(&format!("\n7 rows exported to {files} files in ")), "{ran:?}");
    }
    place.run("TRUNCATE t; COPY t TO 'none' WITH MAXOUTPUTSIZE = 1 AND HEADER = TRUE").succeeded();
    assert_eq!(place.read("none"), "p,c\r\n");
}

/// In Apache cqlsh the first has names alone, and an import with HEADER drops a row of each of the others.
#[test]
fn every_file_has_the_names_so_that_an_import_of_them_all_loses_nothing() {
    let place = seven();
    place.run("COPY t TO 't' WITH MAXOUTPUTSIZE = 3 AND HEADER = TRUE").succeeded();
    assert_eq!(place.read("t.2"), format!("p,c\r\n{}", records(7..=7)));
    let before = place.cells("t");
    let ran = place.run("TRUNCATE t; COPY t FROM 't*' WITH HEADER = TRUE");
    ran.succeeded();
    assert!(ran.stdout.contains("\n7 rows imported from 3 files in "), "{ran:?}");
    assert_eq!(place.cells("t"), before);
}

#[test]
fn no_file_appears_or_changes_when_one_cannot_be_written() {
    let place = seven();
    place.write("t", "old");
    fs::create_dir(place.path("t.2")).unwrap();
    let ran = place.run("COPY t TO 't' WITH MAXOUTPUTSIZE = 3");
    ran.failed(2, "<stdin>:1:Can't open 't.2' for writing: [Errno 21] Is a directory: 't.2'\n");
    assert!(ran.stdout.contains(" rows exported to 0 files in "), "{ran:?}");
    assert_eq!((place.read("t").as_str(), place.files()), ("old", vec!["t".to_owned(), "t.2".to_owned()]));
}
