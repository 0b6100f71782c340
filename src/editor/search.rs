//! Searching the history backwards, a letter at a time.

/// A search under way.
#[derive(Debug)]
pub(super) struct Search {
    pattern: String,
    /// The entry that is shown; as many as there are entries before one is found.
    place: usize,
    failed: bool,
    /// Whether capital letters in the entries may stand for small ones in the pattern.
    ignores_case: bool,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// The entry's number.
    pub(super) place: usize,
    /// Where in it the pattern begins.
    pub(super) at: usize,
}

impl Search {
    /// Begins at the end of the entries.
    pub(super) fn new(entries: &[String], ignores_case: bool) -> Self {
        Self { pattern: String::new(), place: entries.len(), failed: false, ignores_case }
    }

    /// Adds a character to the pattern. The entry that is shown stays if it still fits.
    pub(super) fn push(&mut self, character: char, entries: &[String]) -> Option<Found> {
        self.pattern.push(character);
        self.find((0..entries.len().min(self.place.saturating_add(1))).rev(), entries)
    }

    /// Takes the last character off the pattern, and looks from the end again.
    pub(super) fn pop(&mut self, entries: &[String]) -> Option<Found> {
        self.pattern.pop();
        self.find((0..entries.len()).rev(), entries)
    }

    /// The next entry that fits: an older one, or a newer one.
    pub(super) fn next(&mut self, older: bool, entries: &[String]) -> Option<Found> {
        if older {
            self.find((0..self.place.min(entries.len())).rev(), entries)
        } else {
            self.find(self.place.saturating_add(1)..entries.len(), entries)
        }
    }

    fn find(&mut self, mut places: impl Iterator<Item = usize>, entries: &[String]) -> Option<Found> {
        if self.pattern.is_empty() {
            return None;
        }
        let found = places.find_map(|place| Some(Found { place, at: self.position(entries.get(place)?)? }));
        self.failed = found.is_none();
        if let Some(found) = found {
            self.place = found.place;
        }
        found
    }

    fn position(&self, entry: &str) -> Option<usize> {
        let ignores_case = self.ignores_case && !self.pattern.contains(char::is_uppercase);
        match ignores_case {
            false => entry.rfind(&self.pattern),
            // Of letters beyond ASCII the case counts, so that places stay what they are.
            true => entry.to_ascii_lowercase().rfind(&self.pattern),
        }
    }

    /// Whether the last step found nothing.
    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    /// What stands in place of the prompt.
    pub(super) fn prompt(&self) -> String {
        let failed = if self.failed { "failed " } else { "" };
        format!("({failed}reverse-i-search)`{}': ", self.pattern)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_entry_that_fits_is_found_and_then_those_before_it() {
        let entries = ["SELECT 1", "INSERT", "SELECT 2"].map(str::to_owned);
        let mut search = Search::new(&entries, false);
        assert_eq!(search.push('S', &entries), Some(Found { place: 2, at: 0 }));
        assert_eq!(search.push('E', &entries), Some(Found { place: 2, at: 0 }));
        assert_eq!(search.next(true, &entries), Some(Found { place: 1, at: 2 }));
        assert_eq!(search.next(true, &entries), Some(Found { place: 0, at: 0 }));
        assert_eq!(search.next(true, &entries), None);
        assert_eq!(search.prompt(), "(failed reverse-i-search)`SE': ");
        assert_eq!(search.next(false, &entries), Some(Found { place: 1, at: 2 }));
        assert_eq!(search.push('x', &entries), None);
        assert_eq!(search.pop(&entries), Some(Found { place: 2, at: 0 }));
    }

    #[test]
    fn small_letters_stand_for_capital_ones_where_case_is_ignored() {
        let entries = ["SELECT é".to_owned()];
        assert_eq!(Search::new(&entries, true).push('s', &entries), Some(Found { place: 0, at: 0 }));
        assert_eq!(Search::new(&entries, false).push('s', &entries), None);
    }
}
