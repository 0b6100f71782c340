//! The language, and nothing but the language: no clock, environment, files, terminal, network or async in here, and
//! no input makes it panic.

pub mod backslash;
pub mod command;
pub mod effect;
pub mod grammar;
pub mod help;
pub mod lexer;
pub mod limit;
pub mod names;
pub mod place;
pub mod secret;
pub mod split;
pub(crate) mod tokens;
pub mod types;
