//! Batches that will be sent again. A busy server makes many of them at once, and each would be a line.

use std::time::{Duration, Instant};

/// How long lines of one kind are put together.
const TOGETHER: Duration = Duration::from_millis(250);

/// What is still to be told: the same reason once, with all its rows.
#[derive(Debug, Default)]
pub(super) struct Retries {
    waiting: Vec<(String, usize)>,
    told: Option<Instant>,
}

impl Retries {
    /// So many rows will be sent again.
    pub(super) fn add(&mut self, rows: usize, why: String) {
        match self.waiting.iter_mut().find(|(known, _)| *known == why) {
            Some((_, sum)) => *sum += rows,
            None => self.waiting.push((why, rows)),
        }
    }

    /// cqlsh's lines, if it is time for them.
    pub(super) fn due(&mut self, now: Instant) -> Vec<String> {
        if self.waiting.is_empty() || self.told.is_some_and(|told| now.duration_since(told) < TOGETHER) {
            return Vec::new();
        }
        self.told = Some(now);
        self.all()
    }

    /// cqlsh's lines.
    pub(super) fn all(&mut self) -> Vec<String> {
        self.waiting.drain(..).map(|(why, rows)| format!("Failed to import {rows} rows: {why}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_told_at_once_and_the_like_of_it_together() {
        let (start, mut retries) = (Instant::now(), Retries::default());
        assert!(retries.due(start).is_empty());
        retries.add(20, "busy".to_owned());
        assert_eq!(retries.due(start), ["Failed to import 20 rows: busy"]);
        for why in ["busy", "lost", "busy"] {
            retries.add(3, why.to_owned());
        }
        assert!(retries.due(start).is_empty());
        let lines = ["Failed to import 6 rows: busy", "Failed to import 3 rows: lost"];
        assert_eq!(retries.due(start + TOGETHER), lines);
        assert!(retries.all().is_empty());
    }
}
