//! The time zones that matter, and cqlsh's words about those that it does not find.

use std::fs;
use std::path::{Component, Path, PathBuf};

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

/// Where machines keep their time zones.
const DIRECTORIES: [&str; 4] = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo"];

/// A zone as the machine knows it, which may have heard of changes since this program was made, else as it is known here.
/// cqlsh: its name counts as it is written there.
fn named(name: &str) -> Option<TimeZone> {
    of_machine(name).or_else(|| known_here(name))
}

fn known_here(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok().filter(|zone| zone.iana_name().is_none_or(|known| known == name))
}

fn of_machine(name: &str) -> Option<TimeZone> {
    // Like Python: no way out of the directory, and one spelling.
    let parts = Path::new(name).components();
    let is_plain = parts.clone().all(|part| matches!(part, Component::Normal(_)));
    if !is_plain || parts.collect::<PathBuf>().as_os_str() != name {
        return None;
    }
    let file = DIRECTORIES.iter().find_map(|directory| fs::read(Path::new(directory).join(name)).ok())?;
    TimeZone::tzif(name, &file).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_found_with_the_machines_files_and_without() {
        for name in ["Europe/Berlin", "UTC", "America/Argentina/Ushuaia"] {
            assert_eq!(named(name).unwrap().iana_name(), Some(name));
            assert_eq!(known_here(name).unwrap().iana_name(), Some(name));
        }
        for name in ["", "Nowhere/Land", "europe/berlin", "Europe", "Europe//Berlin", "./UTC", "../zoneinfo/UTC"] {
            assert_eq!(named(name), None, "{name}");
        }
    }
}
