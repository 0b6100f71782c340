//! A result as text. Pure: strings in, text out.

pub mod table;
mod warnings;

pub use warnings::warnings;
