//! A result as text. Pure: strings in, text out.

pub mod columns;
pub mod table;
