//! A result as text. Pure: strings in, text out.

pub mod columns;
pub mod python;
pub mod table;
mod warnings;

pub use warnings::warnings;
