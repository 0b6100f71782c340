//! A result as text. Pure: strings in, text out.

pub mod table;
