//! Files that Apache cqlsh and we exchange.
//!
//! `apache/table.cql` makes a table whose values Apache cqlsh 6.2.2 can import. `apache/apache.csv` is its export of them
//! and `apache/ours.csv` is ours, both `WITH HEADER = TRUE AND NULL = 'N/A'` and `TZ=UTC`. It was seen by the cells' bytes
//! that its import of ours gives the table again, and its import of its own the table after `apache/losses.cql`. (After ours
//! it waits 90 seconds and reports an error, because a text with a line break makes fewer rows than lines.)

use super::place::{Place, assert_same};

const TABLE: &str = include_str!("apache/table.cql");
const LOSSES: &str = include_str!("apache/losses.cql");
const APACHE: &str = include_str!("apache/apache.csv");
const OURS: &str = include_str!("apache/ours.csv");
const OPTIONS: &str = "WITH HEADER = TRUE AND NULL = 'N/A'";

#[test]
fn what_apache_cqlsh_exported_is_imported_to_what_it_imports_itself() {
    let place = Place::new(&format!("{TABLE}{LOSSES}"));
    let expected = place.cells("t");
    assert_eq!(expected.len(), 7);
    place.write("apache.csv", APACHE);
    place.run(&format!("TRUNCATE t; COPY t FROM 'apache.csv' {OPTIONS}")).succeeded();
    assert_same(&expected, &place.cells("t"), "apache.csv");
}

#[test]
fn what_apache_cqlsh_imports_without_loss_is_what_we_still_write() {
    let place = Place::new(TABLE);
    place.run(&format!("COPY t TO 'ours.csv' {OPTIONS}")).succeeded();
    assert_eq!(place.read("ours.csv"), OURS);
    let expected = place.cells("t");
    place.run(&format!("TRUNCATE t; COPY t FROM 'ours.csv' {OPTIONS}")).succeeded();
    assert_same(&expected, &place.cells("t"), "ours.csv");
}
