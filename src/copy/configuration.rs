//! The options of COPY that stand in a file: cqlshrc, or the one that CONFIGFILE names. It knows no option but that one.

use std::fs;
use std::path::Path;

use super::python::repr_dict;
use super::statements::Subject;
use crate::cql::command::Direction;
use crate::print::python::{os_error, repr};
use crate::settings::parse_ini;

/// An option: its name in lower case, and its value.
pub(super) type Given = (String, String);

/// What is given in all places together.
pub(super) struct Gathered {
    /// The options, a later one instead of an earlier one of its name.
    pub(super) options: Vec<Given>,
    /// Where they are from, to be said unless the export goes to stdout.
    pub(super) remarks: Vec<String>,
    /// What is wrong and does not end the COPY.
    pub(super) warning: Option<String>,
}

/// Adds to the options of the statement what files say: cqlshrc, unless the statement names another. `Err` is an error's
/// line.
pub(super) fn gather(
    statement: &[Given],
    direction: Direction,
    subject: &Subject,
    cqlshrc: &Path,
    debug: bool,
) -> Result<Gathered, String> {
    let mut statement = statement.to_vec();
    let named = last(&statement, "configfile").filter(|path| !path.is_empty());
    statement.retain(|(name, _)| name != "configfile");
    let path = named.as_deref().map_or(cqlshrc, Path::new);
    if !path.is_file() {
        // cqlsh says nothing and does without.
        let warning = named.map(|path| format!("Warning: CONFIGFILE {} is no file; it is not used.", repr(&path)));
        return Ok(Gathered { options: statement, remarks: Vec::new(), warning });
    }
    let shown = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| os_error(&error, &shown))?;
    let ini = parse_ini(path, bytes).map_err(|error| error.to_string())?;

    let mut remarks = Vec::new();
    let mut options = Vec::new();
    for section in sections(direction, &subject.name()) {
        if ini.has_section(&section) {
            let given: Vec<Given> = own(ini.items(&section));
            remarks.push(format!("Reading options from {shown}:[{section}]: {}", repr_dict(&given)));
            options.extend(given);
        }
    }
    let statement = as_dict(&statement);
    if !statement.is_empty() {
        remarks.push(format!("Reading options from the command line: {}", repr_dict(&statement)));
        options.extend(statement);
    }
    let options = as_dict(&options);
    if debug {
        remarks.push(format!("Using options: '{}'", repr_dict(&options)));
    }
    Ok(Gathered { options, remarks, warning: None })
}

/// The sections that count, what is more particular after what is general.
fn sections(direction: Direction, table: &str) -> [String; 4] {
    let direction = match direction {
        Direction::To => "to",
        Direction::From => "from",
    };
    ["copy".to_owned(), format!("copy-{direction}"), format!("copy:{table}"), format!("copy-{direction}:{table}")]
}

fn own(items: Vec<(&str, &str)>) -> Vec<Given> {
    items.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn last(options: &[Given], name: &str) -> Option<String> {
    options.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone())
}

/// As in a Python dict, a name stands where it was first given, with its last value.
pub(super) fn as_dict(options: &[Given]) -> Vec<Given> {
    let mut kept: Vec<Given> = Vec::with_capacity(options.len());
    for (name, value) in options {
        match kept.iter_mut().find(|(known, _)| known == name) {
            Some((_, earlier)) => earlier.clone_from(value),
            None => kept.push((name.clone(), value.clone())),
        }
    }
    kept
}
