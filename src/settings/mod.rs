//! What was asked, as values: flags, environment and built-in defaults, with their precedence in one place.
//!
//! Nothing here reads the environment or the terminal itself: `main` does, once, and hands over an [`Environment`].

mod environment;
mod flags;
mod resolve;

pub use environment::Environment;
pub(crate) use flags::expand_home;
pub use flags::{Flags, command};
pub use resolve::{Input, Settings, Stop, resolve};

/// The version this program reports: the cqlsh whose behaviour it has, and its own.
pub const VERSION: &str = concat!("6.2.2+rs", env!("CARGO_PKG_VERSION"));
