//! What the server's configuration allows, as far as it tells.

use super::cells::cell;
use super::{QueryError, Session};

/// The setting's names: since 4.1, and in 4.0, where it is a number of KiB.
const WARN_THRESHOLD: &str = "batch_size_warn_threshold";
const WARN_THRESHOLD_KIB: &str = "batch_size_warn_threshold_in_kb";

impl Session {
    /// The size from which the server warns of a batch, in bytes as it counts them. Nothing where it does not tell, as
    /// before 4.0, or where this user may not ask.
    pub async fn batch_size_warn_threshold(&self) -> Option<usize> {
        let cql = format!(
            "SELECT value FROM system_views.settings WHERE name IN ('{WARN_THRESHOLD}', '{WARN_THRESHOLD_KIB}')"
        );
        let page = self.rows(cql).await.ok()?;
        let mut found = None;
        let read = page.for_each_row(|cells| {
            found = found.or(cell(cells, 0).and_then(|text| bytes(std::str::from_utf8(text).ok()?)));
            Ok::<(), QueryError>(())
        });
        read.ok().and(found)
    }
}

/// `5KiB` or, as in 4.0, `5`, in bytes.
fn bytes(text: &str) -> Option<usize> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = match unit {
        "B" => 1,
        "" | "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    };
    number.parse::<usize>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_are_read_with_their_units() {
        let read = ["5KiB", "5", "64MiB", "100B", "0KiB"].map(bytes);
        assert_eq!(read, [Some(5120), Some(5120), Some(64 << 20), Some(100), Some(0)]);
        assert_eq!(["", "KiB", "-1", "5 KiB", "5kb"].map(bytes), [None; 5]);
    }
}
