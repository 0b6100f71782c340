//! A result as text. Pure: strings in, text out.

pub mod caret;
pub mod columns;
pub mod grid;
pub mod python;
pub mod records;
pub mod table;
mod warnings;

pub use warnings::warnings;
