//! cqlsh's colours, as the escapes that switch them on.

pub(super) const RED: &str = "\x1b[0;1;31m";
pub(super) const GREEN: &str = "\x1b[0;1;32m";
pub(super) const YELLOW: &str = "\x1b[0;1;33m";
pub(super) const BLUE: &str = "\x1b[0;1;34m";
pub(super) const MAGENTA: &str = "\x1b[0;1;35m";
pub(super) const CYAN: &str = "\x1b[0;1;36m";
pub(super) const WHITE: &str = "\x1b[0;1;37m";
pub(super) const DARK_MAGENTA: &str = "\x1b[0;35m";
pub(super) const RESET: &str = "\x1b[0m";
