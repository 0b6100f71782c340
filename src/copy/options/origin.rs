//! DIALECT: whose files are read and written. It says what a text between two delimiters stands for, beside the marks
//! that DELIMITER, QUOTE and ESCAPE set.

use crate::copy::dialect::Dialect;
use crate::cql::command::Direction;
use crate::print::python::repr;

/// Who writes a file, or has written it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::copy) enum Origin {
    /// This program, or anybody with the same marks.
    Ours,
    /// Apache cqlsh on Python 3.10 or later, which escapes what its formatter has escaped already.
    Cqlsh,
    /// Apache cqlsh on Python 3.9 or earlier, which escapes once.
    CqlshOnPython39,
    /// Anybody who keeps to RFC 4180: quotes are doubled, and nothing else is special.
    Rfc4180,
}

impl Origin {
    /// Reads the option.
    pub(super) fn read(text: Option<&str>, direction: Direction) -> Result<Self, String> {
        let origin = match text {
            None | Some("") => Self::Ours,
            Some("cqlsh") => Self::Cqlsh,
            Some("cqlsh-python3.9") => Self::CqlshOnPython39,
            Some("rfc4180") => Self::Rfc4180,
            Some(other) => {
                let names = "'cqlsh', 'cqlsh-python3.9' or 'rfc4180'";
                return Err(format!("DIALECT must be {names}, not {}", repr(other)));
            }
        };
        if direction == Direction::To && origin.is_cqlsh() {
            let text = repr(text.unwrap_or_default());
            return Err(format!("DIALECT {text} is for reading what Apache cqlsh has written"));
        }
        Ok(origin)
    }

    /// The marks of its files; `escape` as given.
    pub(super) fn dialect(self, delimiter: &str, quote: &str, escape: Option<&str>) -> Result<Dialect, String> {
        match (self, escape) {
            (Self::Rfc4180, None) => Dialect::new(delimiter, quote, quote),
            (Self::Rfc4180, Some(escape)) if escape != quote => {
                Err(format!("DIALECT 'rfc4180' doubles quotes: ESCAPE cannot be {}", repr(escape)))
            }
            (Self::CqlshOnPython39, escape) => {
                Dialect::new(delimiter, quote, escape.unwrap_or("\\")).map(Dialect::keeping_escapes)
            }
            (_, escape) => Dialect::new(delimiter, quote, escape.unwrap_or("\\")),
        }
    }

    /// Whether Apache cqlsh has written the file.
    pub(in crate::copy) fn is_cqlsh(self) -> bool {
        matches!(self, Self::Cqlsh | Self::CqlshOnPython39)
    }
}
