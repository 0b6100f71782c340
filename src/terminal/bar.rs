//! A bar on stderr in place of progress lines, for a person at a terminal. It knows nothing of what progresses.

use indicatif::{ProgressBar, ProgressStyle};

use super::Terminal;

/// Whether stdout and stderr are a terminal on which a bar can be drawn again and again.
pub fn fits(stdout_is_terminal: bool, stderr_has_size: bool, term: Option<&str>) -> bool {
    stdout_is_terminal && stderr_has_size && !matches!(term, None | Some("" | "dumb"))
}

impl Terminal {
    /// Sets whether bars may be drawn.
    pub fn allow_bars(&mut self, allowed: bool) {
        self.bars_allowed = allowed;
    }

    /// Whether bars may be drawn.
    pub fn draws_bars(&self) -> bool {
        self.bars_allowed
    }

    /// Shows the bar, or how far it is now: a share between 0 and 1, where it is known, and a few words.
    pub fn draw_bar(&mut self, share: Option<f64>, words: String) {
        /// Steps of the bar, finer than any terminal is wide.
        const STEPS: u64 = 10_000;
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::new(STEPS);
            let template = if share.is_some() { "[{bar:30}] {percent:>3}%  {msg}" } else { "{spinner} {msg}" };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar
        });
        if let Some(share) = share {
            bar.set_position((share.clamp(0.0, 1.0) * STEPS as f64) as u64);
        }
        bar.set_message(words);
    }

    /// Whether a bar stands there.
    pub fn has_bar(&self) -> bool {
        self.bar.is_some()
    }

    /// Takes the bar away, if there is one.
    pub fn clear_bar(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
