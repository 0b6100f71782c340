//! Formatted cells, one after the other in one text, so that a cell costs no allocation of its own.

use super::painter::Painter;
use super::{Bytes, Role, ScreenStyle, ValueError, colour};
use crate::cql::types::{CqlType, NativeType};
use crate::value::hex;

/// Cells as they are printed: the names of a result's columns, or its rows one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cells {
    text: String,
    shapes: Vec<Shape>,
}

/// Where a cell's text ends and how wide it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    end: usize,
    width: usize,
}

/// A formatted cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell<'a> {
    /// What is printed (with colour escapes when the style asks for them).
    pub text: &'a str,
    /// Columns it takes on a terminal, escapes not counted.
    pub width: usize,
}

impl Cells {
    /// Number of cells.
    pub fn len(&self) -> usize {
        self.shapes.len()
    }

    /// Whether there are no cells.
    pub fn is_empty(&self) -> bool {
        self.shapes.is_empty()
    }

    /// Removes all cells and keeps the memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.shapes.clear();
    }

    /// The cells in order.
    pub fn iter(&self) -> impl Iterator<Item = Cell<'_>> + Clone {
        let mut start = 0;
        self.shapes.iter().map(move |shape| {
            let text = self.text.get(start..shape.end).unwrap_or_default();
            start = shape.end;
            Cell { text, width: shape.width }
        })
    }

    /// Adds a value; `None` is null. Nothing is added when the bytes are no value of the type.
    pub fn push(&mut self, ty: &CqlType, bytes: Bytes<'_>, style: &ScreenStyle) -> Result<(), ValueError> {
        let precision = match ty {
            CqlType::Native(NativeType::Double) => style.double_precision,
            _ => style.float_precision,
        };
        let start = self.text.len();
        let mut painter = Painter::new(style, precision, &mut self.text);
        match painter.cell(ty, bytes) {
            Ok(()) => {
                let width = painter.width();
                self.end(width);
                Ok(())
            }
            Err(error) => {
                self.text.truncate(start);
                Err(error)
            }
        }
    }

    /// Adds bytes that are no value of their type, as they are: `0x` and hexadecimal digits, never coloured.
    pub fn push_raw(&mut self, bytes: &[u8]) {
        self.text.push_str("0x");
        hex::write(bytes, &mut self.text);
        self.end(2 + 2 * bytes.len());
    }

    /// Adds the name of a column.
    pub fn push_name(&mut self, name: &str, role: Role, style: &ScreenStyle) {
        let colour = match role {
            Role::PartitionKey => colour::RED,
            Role::Clustering => colour::CYAN,
            Role::Static => colour::WHITE,
            Role::Other => colour::MAGENTA,
        };
        let mut painter = Painter::new(style, style.float_precision, &mut self.text);
        painter.text(name, colour, false);
        let width = painter.width();
        self.end(width);
    }

    fn end(&mut self, width: usize) {
        self.shapes.push(Shape { end: self.text.len(), width });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_value_leave_nothing_behind() {
        let style = ScreenStyle::PLAIN;
        let list = CqlType::List(Box::new(CqlType::Native(NativeType::Int)));
        let mut cells = Cells::default();
        cells.push(&list, None, &style).unwrap();
        assert!(cells.push(&list, Some(b"\0\0\0\x02\0\0\0\x04\0\0\0\x01"), &style).is_err());
        cells.push_raw(b"\x00\xff");
        let all: Vec<_> = cells.iter().map(|cell| (cell.text, cell.width)).collect();
        assert_eq!(all, [("null", 4), ("0x00ff", 6)]);
    }
}
