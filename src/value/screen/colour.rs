//! cqlsh's colours, as the escapes that switch them on.

pub(crate) const RED: &str = "\x1b[0;1;31m";
pub(crate) const GREEN: &str = "\x1b[0;1;32m";
pub(crate) const YELLOW: &str = "\x1b[0;1;33m";
pub(crate) const BLUE: &str = "\x1b[0;1;34m";
pub(crate) const MAGENTA: &str = "\x1b[0;1;35m";
pub(crate) const CYAN: &str = "\x1b[0;1;36m";
pub(crate) const WHITE: &str = "\x1b[0;1;37m";
pub(crate) const DARK_MAGENTA: &str = "\x1b[0;35m";
pub(crate) const RESET: &str = "\x1b[0m";
