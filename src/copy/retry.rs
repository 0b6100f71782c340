//! Which failures of a request are worth another attempt, when, and how they are told.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::cluster::QueryError;
use crate::cluster::errors::QueryErrorKind;

/// The pause after the first failure; each later one is four times as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Whether the same request may succeed another time.
pub(super) fn is_worthwhile(error: &QueryError) -> bool {
    match error.kind {
        QueryErrorKind::Transient | QueryErrorKind::Connection | QueryErrorKind::Unsent | QueryErrorKind::Timeout => {
            true
        }
        QueryErrorKind::Refused | QueryErrorKind::UnknownTypes | QueryErrorKind::Unreadable => false,
    }
}

/// Whether it is not known what became of the request: the server may have carried it out.
pub(super) fn is_unsure(error: &QueryError) -> bool {
    !matches!(error.kind, QueryErrorKind::Unsent | QueryErrorKind::Refused)
}

/// How long to wait after so many failures (from 1), of which this is the last: up to a quarter less than the plan, so that
/// requests that failed together do not come back together. When a connection broke for the first time, and there is
/// another, that one need not wait.
pub(super) fn pause(error: &QueryError, failures: u32, is_reachable: bool) -> Duration {
    if failures == 1 && is_reachable && error.is_disconnected() {
        return Duration::ZERO;
    }
    let planned = FIRST_PAUSE.saturating_mul(4u32.saturating_pow(failures.saturating_sub(1))).min(LONGEST_PAUSE);
    let nanoseconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.subsec_nanos());
    planned - planned / 4 * (nanoseconds % 1024) / 1024
}

/// The error as COPY tells it: `InvalidRequest - Error from server: …`.
pub(super) fn told(error: &QueryError) -> String {
    error.line.replacen(": ", " - ", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: QueryErrorKind) -> QueryError {
        QueryError { line: String::new(), message: None, kind }
    }

    #[test]
    fn pauses_grow_up_to_a_bound() {
        let pause = |failures| pause(&error(QueryErrorKind::Transient), failures, true);
        assert!(pause(1) <= FIRST_PAUSE && pause(1) >= FIRST_PAUSE * 3 / 4);
        assert!(pause(3) > pause(1));
        assert!(pause(u32::MAX) <= LONGEST_PAUSE);
    }

    #[test]
    fn another_node_is_asked_at_once_but_not_again_and_again() {
        let lost = error(QueryErrorKind::Connection);
        assert_eq!(pause(&lost, 1, true), Duration::ZERO);
        assert!(pause(&lost, 1, false) > Duration::ZERO && pause(&lost, 2, true) > Duration::ZERO);
    }

    #[test]
    fn only_what_was_not_sent_or_was_refused_was_surely_not_carried_out() {
        use QueryErrorKind::{Connection, Refused, Timeout, Transient, Unreadable, Unsent};
        assert!(![Unsent, Refused].map(error).iter().any(is_unsure));
        assert!([Connection, Timeout, Transient, Unreadable].map(error).iter().all(is_unsure));
    }

    #[test]
    fn an_error_is_told_by_class_and_text() {
        let line = "InvalidRequest: Error from server: code=2200 [Invalid query] message=\"x\"".to_owned();
        let error = QueryError { line, message: None, kind: QueryErrorKind::Refused };
        assert_eq!(told(&error), "InvalidRequest - Error from server: code=2200 [Invalid query] message=\"x\"");
        assert!(!is_worthwhile(&error));
    }
}
