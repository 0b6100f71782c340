//! The doors to the outside. Nothing else in the program writes to stdout or stderr, or reads lines from stdin.
//!
//! cqlsh has three ways out: results (what CAPTURE redirects), remarks (stdout, never captured) and errors (stderr, red
//! when coloured, with `name:line:` in front in batch mode).

pub mod bar;
mod browser;
pub mod colour;
mod compressed;
pub mod input;
mod interrupt;
pub mod keyboard;
pub mod mode;
pub mod output;
mod pager;
pub mod password;
mod progress;
mod prompted;
pub mod surface;
pub mod text_editor;

pub use browser::Browser;
pub use input::{Line, LineSource, NotText, Script};
pub use output::{Place, Size, Terminal};
pub use progress::Waiting;
pub use prompted::Prompted;
pub use surface::Surface;
