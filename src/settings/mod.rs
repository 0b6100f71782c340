//! What was asked, as values: flags, environment, files and built-in defaults, with their precedence in one place.
//!
//! Nothing here reads the environment or the terminal itself: `main` does, once, and hands over an [`Environment`].

mod arguments;
mod browser;
mod cqlshrc;
mod credentials;
mod encoding;
mod environment;
mod error;
mod files;
mod flags;
mod handover;
mod ini;
mod notices;
mod password_file;
mod prompt;
mod resolve;
mod resolved;
mod tls;
mod usage;

pub use cqlshrc::{Cqlshrc, parse_ini};
pub use credentials::{Login, Password};
pub use environment::{CopyTests, Environment};
pub use error::ConfigError;
pub(crate) use flags::expand_home;
pub use flags::{Flags, command};
pub use handover::hide_password;
pub use ini::{Ini, IniError, InterpolationError};
pub use notices::Notices;
pub use prompt::Prompt;
pub use resolve::resolve;
pub use resolved::{EditMode, Input, Settings};
pub use tls::Tls;
pub use usage::Stop;

/// The version this program reports: the cqlsh whose behaviour it has, and its own.
pub const VERSION: &str = concat!("6.2.2+rs", env!("CARGO_PKG_VERSION"));
