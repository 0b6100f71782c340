//! A row of a system table, its cells by their columns' names.

use uuid::Uuid;

use super::OptionValue;
use crate::cluster::{Column, Page, QueryError};
use crate::cql::types::{CqlType, NativeType};
use crate::value::wire::{self, Value};

/// A row. A column that the release does not have is null.
pub(in crate::cluster) struct Row<'r> {
    columns: &'r [Column],
    cells: &'r [Option<&'r [u8]>],
}

/// Calls `take` with each row of a page.
pub(in crate::cluster) fn for_each(
    page: &Page,
    mut take: impl FnMut(&Row<'_>) -> Result<(), QueryError>,
) -> Result<(), QueryError> {
    let columns = page.columns();
    page.for_each_row(|cells| take(&Row { columns, cells }))
}

impl<'r> Row<'r> {
    /// Names of the columns, in the server's order: those of the key, then the alphabet's.
    pub(in crate::cluster) fn names(&self) -> impl Iterator<Item = &'r str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// A text; null is the empty one.
    pub(in crate::cluster) fn text(&self, name: &str) -> Result<String, QueryError> {
        Ok(self.text_or_null(name)?.unwrap_or_default())
    }

    /// A text or null.
    pub(in crate::cluster) fn text_or_null(&self, name: &str) -> Result<Option<String>, QueryError> {
        match self.value(name)? {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text.to_owned())),
            Some(_) => Err(unexpected(name)),
        }
    }

    /// The elements of a list or set of texts.
    pub(in crate::cluster) fn texts(&self, name: &str) -> Result<Vec<String>, QueryError> {
        match self.value(name)? {
            None | Some(Value::Empty) => Ok(Vec::new()),
            Some(Value::List(elements) | Value::Set(elements)) => {
                elements.map(|element| text_of(name, element?)).collect()
            }
            Some(_) => Err(unexpected(name)),
        }
    }

    /// A map of texts, by its keys.
    pub(in crate::cluster) fn text_map(&self, name: &str) -> Result<Vec<(String, String)>, QueryError> {
        match self.option(name)? {
            None => Ok(Vec::new()),
            Some(OptionValue::Texts(map)) => Ok(map),
            Some(_) => Err(unexpected(name)),
        }
    }

    /// A boolean; null is false.
    pub(in crate::cluster) fn boolean(&self, name: &str) -> Result<bool, QueryError> {
        match self.value(name)? {
            None => Ok(false),
            Some(Value::Boolean(value)) => Ok(value),
            Some(_) => Err(unexpected(name)),
        }
    }

    /// A whole number; null is 0.
    pub(in crate::cluster) fn integer(&self, name: &str) -> Result<i64, QueryError> {
        match self.value(name)? {
            None => Ok(0),
            Some(Value::Integer(number) | Value::Timestamp(number)) => Ok(number),
            Some(_) => Err(unexpected(name)),
        }
    }

    /// An id; null is the nil one.
    pub(in crate::cluster) fn uuid(&self, name: &str) -> Result<Uuid, QueryError> {
        match self.value(name)? {
            None => Ok(Uuid::nil()),
            Some(Value::Uuid(bytes)) => Ok(Uuid::from_bytes(bytes)),
            Some(_) => Err(unexpected(name)),
        }
    }

    /// Whatever an option may be; `None` if it is null.
    pub(in crate::cluster) fn option(&self, name: &str) -> Result<Option<OptionValue>, QueryError> {
        let Some((ty, cell)) = self.cell(name) else { return Ok(None) };
        let blobs = matches!(ty, CqlType::Map(_, value) if **value == CqlType::Native(NativeType::Blob));
        Ok(Some(match wire::decode(ty, cell)? {
            Value::Text(text) => OptionValue::Text(text.to_owned()),
            Value::Integer(number) => OptionValue::Integer(number),
            Value::Float(number) => OptionValue::Fraction(number.into()),
            Value::Double(number) => OptionValue::Fraction(number),
            Value::Boolean(value) => OptionValue::Boolean(value),
            Value::Map(pairs) if blobs => {
                let pairs = pairs.map(|pair| {
                    let (key, value) = pair?;
                    Ok((text_of(name, key)?, value.unwrap_or_default().to_vec()))
                });
                OptionValue::Blobs(pairs.collect::<Result<_, QueryError>>()?)
            }
            Value::Map(pairs) => {
                let pairs = pairs.map(|pair| {
                    let (key, value) = pair?;
                    Ok((text_of(name, key)?, text_of(name, value)?))
                });
                OptionValue::Texts(pairs.collect::<Result<_, QueryError>>()?)
            }
            _ => return Err(unexpected(name)),
        }))
    }

    fn value(&self, name: &str) -> Result<Option<Value<'r>>, QueryError> {
        self.cell(name).map(|(ty, cell)| wire::decode(ty, cell).map_err(QueryError::from)).transpose()
    }

    fn cell(&self, name: &str) -> Option<(&'r CqlType, &'r [u8])> {
        let place = self.columns.iter().position(|column| column.name == name)?;
        Some((&self.columns[place].ty, (*self.cells.get(place)?)?))
    }
}

fn text_of(name: &str, bytes: wire::Bytes<'_>) -> Result<String, QueryError> {
    String::from_utf8(bytes.unwrap_or_default().to_vec()).map_err(|_| unexpected(name))
}

fn unexpected(name: &str) -> QueryError {
    QueryError::unreadable(format!("the column {name} of the schema is of an unexpected type"))
}
