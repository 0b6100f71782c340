//! The one lexer.
