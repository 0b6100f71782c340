//! The time zones that matter, and cqlsh's words about those that it does not find.

use jiff::tz::TimeZone;

use crate::settings::Settings;
use crate::terminal::Terminal;

/// The time zones that matter.
#[derive(Debug, Clone)]
pub(super) struct TimeZones {
    /// What timestamps are shown in.
    pub(super) shown: TimeZone,
    /// The machine's own, which traces are shown in.
    pub(super) local: TimeZone,
}

impl TimeZones {
    /// `TZ`, else what cqlshrc says, else UTC.
    pub(super) fn find(settings: &Settings, terminal: &mut Terminal) -> Self {
        let mut find = |name: &Option<String>, place: &str| {
            let name = name.as_deref()?;
            let zone = named(name);
            if zone.is_none() {
                terminal.note(&format!("Warning: could not recognize timezone '{name}' {place}\n\n"));
            }
            zone
        };
        let of_file = find(&settings.time_zone, "specified in cqlshrc");
        let of_environment = find(&settings.time_zone_of_environment, "from environment value TZ");
        let shown = of_environment.or(of_file);
        // cqlsh: the format may well show a time zone, and a Python package that nobody has could have found this
        // machine's.
        if shown.is_none() && settings.has_custom_format {
            terminal.note(
                "Warning: custom timestamp format specified in cqlshrc, but local timezone could not be detected.\n\
                 Either install Python 'tzlocal' module for auto-detection or specify client timezone in your cqlshrc.\n\n",
            );
        }
        Self { shown: shown.unwrap_or(TimeZone::UTC), local: TimeZone::system() }
    }
}

/// A zone of the time zone database. cqlsh: its name counts as it is written there.
fn named(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok().filter(|zone| zone.iana_name().is_none_or(|known| known == name))
}
