//! What was asked, as values: flags, environment, files and built-in defaults, with their precedence in one place.
//!
//! Nothing here reads the environment or the terminal itself: `main` does, once, and hands over an [`Environment`].

mod cqlshrc;
mod environment;
mod flags;
mod ini;
mod notices;
mod resolve;
mod tls;

pub use cqlshrc::{ConfigError, Cqlshrc};
pub use environment::{CopyTests, Environment};
pub(crate) use flags::expand_home;
pub use flags::{Flags, command};
pub use ini::{Ini, IniError, InterpolationError};
pub use notices::Notices;
pub use resolve::{Input, Settings, Stop, resolve};
pub use tls::Tls;

/// The version this program reports: the cqlsh whose behaviour it has, and its own.
pub const VERSION: &str = concat!("6.2.2+rs", env!("CARGO_PKG_VERSION"));
