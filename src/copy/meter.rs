//! How far a COPY is: cqlsh's progress line, its rates and its way to tell a duration. It counts and writes text; the
//! clock is handed in.

use std::time::{Duration, Instant};

/// Counts rows and says when a progress line is due.
#[derive(Debug)]
pub(super) struct Meter {
    start: Instant,
    last_report: Instant,
    report_every: Duration,
    rate: f64,
    unreported: u64,
    total: u64,
}

impl Meter {
    /// A meter that starts now.
    pub(super) fn new(now: Instant, report_every: Duration) -> Self {
        Self { start: now, last_report: now, report_every, rate: 0.0, unreported: 0, total: 0 }
    }

    /// Adds rows; a line if it is time for one.
    pub(super) fn add(&mut self, rows: u64, now: Instant) -> Option<String> {
        self.unreported += rows;
        let due = self.unreported > 0 && now.duration_since(self.last_report) >= self.report_every;
        due.then(|| self.line(now))
    }

    /// The progress line as cqlsh writes it, with both its carriage returns. The rate is the mean of that since the
    /// last line and the one shown there.
    pub(super) fn line(&mut self, now: Instant) -> String {
        let elapsed = now.duration_since(self.last_report).as_secs_f64();
        if elapsed >= 1e-9 {
            let fresh = self.unreported as f64 / elapsed;
            self.rate = if self.rate == 0.0 { fresh } else { (self.rate + fresh) / 2.0 };
        }
        self.last_report = now;
        self.total += self.unreported;
        self.unreported = 0;
        let since_start = now.duration_since(self.start).as_secs_f64();
        let average = if since_start >= 1e-9 { self.total as f64 / since_start } else { 0.0 };
        format!("Processed: {} rows; Rate: {:7.0} rows/s; Avg. rate: {average:7.0} rows/s\r\r", self.total, self.rate)
    }

    /// Rows added so far.
    pub(super) fn rows(&self) -> u64 {
        self.total + self.unreported
    }
}

/// A duration in cqlsh's words.
// cqlsh: the units are divided as floats, so that from the first second on all of them appear, also when they are zero,
// and a plural may belong to a number below two.
pub(super) fn describe(duration: Duration) -> String {
    let mut seconds = duration.as_secs_f64();
    let mut units = Vec::new();
    for (length, unit) in [(86400.0, "day"), (3600.0, "hour"), (60.0, "minute")] {
        let number = seconds.trunc() / length;
        if number > 0.0 {
            let plural = if number > 1.0 { "s" } else { "" };
            units.push(format!("{} {unit}{plural}", number.trunc()));
        }
        seconds %= length;
    }
    let rest = format!("{seconds:.3} seconds");
    match units.len() {
        0 => rest,
        1 => format!("{} and {rest}", units[0]),
        _ => format!("{}, and {rest}", units.join(", ")),
    }
}

/// What stands behind a bar: `1200000 rows, 80000 rows/s, 9.1 MB/s, 12 s left`. The rates are means since the start.
pub(super) fn in_words(rows: u64, bytes: u64, share: Option<f64>, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64().max(1e-9);
    let (row_rate, byte_rate) = (rows as f64 / seconds, bytes as f64 / 1e6 / seconds);
    let left = match share {
        Some(share) if share > 0.0 => {
            let left = (seconds / share.min(1.0) - seconds).ceil() as u64;
            match (left / 3600, left / 60 % 60, left % 60) {
                (0, 0, seconds) => format!(", {seconds} s left"),
                (0, minutes, seconds) => format!(", {minutes}:{seconds:02} left"),
                (hours, minutes, seconds) => format!(", {hours}:{minutes:02}:{seconds:02} left"),
            }
        }
        _ => String::new(),
    };
    format!("{rows} rows, {row_rate:.0} rows/s, {byte_rate:.1} MB/s{left}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The right side is what the original's `describe_interval` returned.
    #[test]
    fn durations_read_as_in_cqlsh() {
        for (seconds, text) in [
            (0.388, "0.388 seconds"),
            (2.524, "0 day, 0 hour, 0 minute, and 2.524 seconds"),
            (60.0, "0 day, 0 hour, 1 minute, and 0.000 seconds"),
            (61.0, "0 day, 0 hour, 1 minutes, and 1.000 seconds"),
            (3600.0, "0 day, 1 hour, and 0.000 seconds"),
            (86400.0, "1 day and 0.000 seconds"),
            (90061.5, "1 days, 1 hours, 1 minutes, and 1.500 seconds"),
        ] {
            assert_eq!(describe(Duration::from_secs_f64(seconds)), text);
        }
    }

    #[test]
    fn a_bar_tells_rows_rates_and_the_time_left() {
        let after = |seconds| Duration::from_secs(seconds);
        assert_eq!(in_words(100, 2_500_000, Some(0.25), after(10)), "100 rows, 10 rows/s, 0.2 MB/s, 30 s left");
        assert_eq!(in_words(100, 0, Some(0.1), after(10)), "100 rows, 10 rows/s, 0.0 MB/s, 1:30 left");
        assert_eq!(in_words(1, 0, Some(0.001), after(10)), "1 rows, 0 rows/s, 0.0 MB/s, 2:46:30 left");
        assert_eq!(in_words(0, 0, Some(0.0), after(1)), "0 rows, 0 rows/s, 0.0 MB/s");
        assert_eq!(in_words(0, 0, None, after(0)), "0 rows, 0 rows/s, 0.0 MB/s");
    }

    #[test]
    fn a_line_shows_the_total_the_smoothed_rate_and_the_average() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut meter = Meter::new(start, Duration::from_secs(1));
        assert_eq!(
            meter.add(100, at(1)).as_deref(),
            Some("Processed: 100 rows; Rate:     100 rows/s; Avg. rate:     100 rows/s\r\r")
        );
        assert_eq!(meter.line(at(2)), "Processed: 100 rows; Rate:      50 rows/s; Avg. rate:      50 rows/s\r\r");
    }

    #[test]
    fn no_line_is_due_before_its_time_or_without_rows() {
        let start = Instant::now();
        let mut meter = Meter::new(start, Duration::from_secs(1));
        assert_eq!(meter.add(5, start), None);
        assert_eq!(meter.rows(), 5);
        let mut idle = Meter::new(start, Duration::from_secs(1));
        assert_eq!(idle.add(0, start + Duration::from_secs(9)), None);
    }
}
