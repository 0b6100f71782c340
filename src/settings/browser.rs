//! What shows the pages of HELP: the browser that was asked for, else those that Python would find.

use super::Environment;
use crate::terminal::Browser;

/// What opens an address in the browser that the desktop prefers.
const OF_DESKTOP: &str = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };

/// The browsers in the order in which to try them. One that was asked for is the only one; a command that cannot be read
/// is none.
pub(super) fn browsers(asked: Option<&str>, environment: &Environment) -> Vec<Browser> {
    if let Some(asked) = asked.filter(|text| !text.is_empty()) {
        return Browser::new(asked).into_iter().collect();
    }
    let of_environment = environment.browser.as_deref().unwrap_or_default().split(':').filter(|text| !text.is_empty());
    // On macOS there is always a display.
    let of_desktop = (environment.has_display || cfg!(target_os = "macos")).then_some(OF_DESKTOP);
    of_environment.chain(of_desktop).filter_map(Browser::new).collect()
}

#[cfg(all(test, not(target_os = "macos")))]
mod tests {
    use super::*;

    fn found(asked: Option<&str>, browser: Option<&str>, has_display: bool) -> Vec<Browser> {
        let environment = Environment { browser: browser.map(str::to_owned), has_display, ..Environment::default() };
        browsers(asked, &environment)
    }

    #[test]
    fn the_browser_that_was_asked_for_is_the_only_one() {
        assert_eq!(found(Some("mine"), Some("lynx:w3m"), true), [Browser::new("mine").unwrap()]);
        assert_eq!(found(Some("mine '%s"), Some("lynx"), true), []);
    }

    #[test]
    fn else_those_of_the_environment_come_before_that_of_the_desktop() {
        let expected = ["lynx", "w3m %s", "xdg-open"].map(|text| Browser::new(text).unwrap());
        assert_eq!(found(Some(""), Some(":lynx:w3m %s"), true), expected);
        assert_eq!(found(None, None, false), []);
    }
}
