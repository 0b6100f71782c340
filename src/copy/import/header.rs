//! The first line of a file, where HEADER says that it names the columns.
//!
//! cqlsh drops it and takes the fields in the order of the table. Here they go where their names say, so that a file is
//! imported alike after a column was added, and whatever the order it was written in.

use std::fs::File;
use std::path::Path;

use crate::copy::dialect::Dialect;
use crate::copy::options::Options;
use crate::copy::paths;
use crate::copy::record::{self, Record};
use crate::copy::source::Cutter;
use crate::copy::statements::Subject;
use crate::print::python::repr;

use super::columns::Plan;

/// What the records after this line mean; `source` is what errors call the file.
pub(super) fn plan(line: &[u8], source: &str, subject: &Subject, options: &Options) -> Result<Plan, String> {
    let plan = match columns(&names(line, &options.dialect), subject, &options.import.skip_columns) {
        Ok(Some(columns)) => Plan::new(&Subject { columns, ..subject.clone() }, options),
        Ok(None) => Plan::new(subject, options),
        Err(why) => Err(why),
    };
    plan.map_err(|why| format!("{source}: {why}"))
}

/// Looks at the first line of every file of the list, before anything is written. What cannot be read is told when its
/// turn comes.
pub(super) fn check(list: &str, subject: &Subject, options: &Options) -> Result<(), String> {
    for path in paths::items(list).flat_map(paths::matching) {
        let name = path.to_string_lossy();
        if let Some(line) = first_line(&path, &options.dialect) {
            plan(&line, &name, subject, options)?;
        }
    }
    Ok(())
}

/// The first record of a regular file.
fn first_line(path: &Path, dialect: &Dialect) -> Option<Vec<u8>> {
    // Opening a FIFO would take from what it has to give.
    if !path.metadata().ok()?.is_file() {
        return None;
    }
    let mut cutter = Cutter::new(File::open(path).ok()?, "".into(), dialect);
    matches!(cutter.add(), Ok(true)).then(|| cutter.pending().to_vec())
}

fn names(line: &[u8], dialect: &Dialect) -> Vec<String> {
    let mut record = Record::default();
    // The line was cut by the same reader.
    let _ = record::read(line, true, dialect, &mut record);
    let name = |i| record.field(i).map(|(text, _)| String::from_utf8_lossy(text).into_owned());
    (0..record.len()).filter_map(name).collect()
}

/// The columns that the names stand for, in their order; `None` when no name is one, and the order is the table's.
fn columns(names: &[String], subject: &Subject, skipped: &[String]) -> Result<Option<Vec<String>>, String> {
    let is_column = |name: &str| subject.table.columns.iter().any(|column| column.name == name);
    let is_skipped = |name: &str| !name.is_empty() && skipped.iter().any(|skipped| skipped == name);
    let column = |name: &String| if is_column(name) { name.clone() } else { name.trim().to_owned() };
    let columns: Vec<String> = names.iter().map(column).collect();
    if !columns.iter().any(|name| is_column(name)) {
        return Ok(None);
    }
    let unknown: Vec<String> =
        columns.iter().filter(|name| !is_column(name) && !is_skipped(name)).map(|name| repr(name)).collect();
    if !unknown.is_empty() {
        let table = subject.name();
        return Err(format!("the header names columns that {table} does not have: {}", unknown.join(", ")));
    }
    match columns.iter().enumerate().find(|(i, name)| columns[..*i].contains(name)) {
        Some((_, twice)) => Err(format!("the header names a column twice: {}", repr(twice))),
        None => Ok(Some(columns)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{ColumnKind, Table, TableColumn};

    fn found(names: &[&str], skipped: &[&str]) -> Result<Option<Vec<String>>, String> {
        let column =
            |name: &str| TableColumn { name: name.to_owned(), kind: ColumnKind::Regular, type_text: "int".to_owned() };
        let columns = ["id", "Name", "a, b"].map(column).to_vec();
        let table = Table { keyspace: "ks".to_owned(), name: "t".to_owned(), columns };
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let skipped: Vec<String> = skipped.iter().map(|name| (*name).to_owned()).collect();
        let columns = table.columns.iter().map(|column| column.name.clone()).collect();
        super::columns(&names, &Subject { table, columns, listed: false }, &skipped)
    }

    #[test]
    fn fields_go_where_their_names_say() {
        let columns = |names: &[&str]| Ok(Some(names.iter().map(|name| (*name).to_owned()).collect()));
        assert_eq!(found(&["a, b", "id"], &[""]), columns(&["a, b", "id"]));
        assert_eq!(found(&["id", " Name"], &[""]), columns(&["id", "Name"]));
        assert_eq!(found(&["id", "more"], &["more"]), columns(&["id", "more"]));
    }

    #[test]
    fn names_of_nothing_in_the_table_leave_the_order_of_the_table() {
        assert_eq!(found(&["ID", "name"], &[""]), Ok(None));
        assert_eq!(found(&[], &[""]), Ok(None));
    }

    #[test]
    fn a_header_that_names_some_columns_is_refused() {
        let refused = |names: &str| Err(format!("the header names columns that ks.t does not have: {names}"));
        assert_eq!(found(&["id", "name", "", "it's"], &[""]), refused("'name', '', \"it's\""));
        assert_eq!(found(&["id", "Name", "id"], &[""]), Err("the header names a column twice: 'id'".to_owned()));
    }

    #[test]
    fn names_are_read_like_any_record() {
        let dialect = Dialect::new(",", "\"", "\\").unwrap();
        assert_eq!(names(b"id,\"a, \\\"b\"\r\n", &dialect), ["id", "a, \"b"]);
    }
}
