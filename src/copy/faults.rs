//! Failures that tests of COPY ask for, in the words of Apache cqlsh: `CQLSH_COPY_TEST_FAILURES` holds JSON such as
//! `{"failing_batch": {"id": 30, "failures": 3}}`. Without it none of them happens.

use serde_json::Value;

use crate::cluster::{QueryError, QueryErrorKind};

/// What is to fail.
#[derive(Debug, Clone, Default)]
pub(super) struct Faults(Value);

/// What a chunk of an import meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChunkFault {
    /// Whoever works on it ends.
    Dies,
    /// It is never answered for.
    NeverAnswers,
}

impl Faults {
    /// Reads the variable, if it is set.
    pub(super) fn read(json: Option<&str>) -> Result<Self, String> {
        let Some(json) = json else { return Ok(Self::default()) };
        serde_json::from_str(json).map(Self).map_err(|error| format!("CQLSH_COPY_TEST_FAILURES is no JSON: {error}"))
    }

    /// What happens to a chunk, by its number from 1.
    pub(super) fn of_chunk(&self, number: u64) -> Option<ChunkFault> {
        let meets = |fault: &str| self.0[fault]["id"].as_u64() == Some(number);
        if meets("exit_batch") {
            Some(ChunkFault::Dies)
        } else {
            meets("unsent_batch").then_some(ChunkFault::NeverAnswers)
        }
    }

    /// Why an attempt (from 1) at a batch of a chunk fails.
    pub(super) fn of_attempt(&self, number: u64, attempt: u32) -> Option<QueryError> {
        let fault = &self.0["failing_batch"];
        let fails = fault["id"].as_u64() == Some(number) && i64::from(attempt) <= fault["failures"].as_i64()?;
        fails.then(asked_for)
    }

    /// Why an attempt (from 1) at a token range of an export fails: its open ends never do, as in cqlsh.
    pub(super) fn of_range(&self, after: i64, up_to: i64, attempt: u32) -> Option<QueryError> {
        let within = |fault: &Value| {
            let (start, end) = (fault["start"].as_i64(), fault["end"].as_i64());
            after > i64::MIN
                && up_to < i64::MAX
                && start.is_some_and(|start| after >= start)
                && end.is_some_and(|end| up_to <= end)
        };
        let failing = &self.0["failing_range"];
        let fails = within(failing) && failing["num_failures"].as_i64().is_some_and(|most| i64::from(attempt) <= most);
        if within(&self.0["exit_range"]) {
            Some(QueryError { kind: QueryErrorKind::Refused, ..asked_for() })
        } else {
            fails.then(asked_for)
        }
    }
}

/// An error that another attempt may get round.
fn asked_for() -> QueryError {
    let line = "TestFailure: CQLSH_COPY_TEST_FAILURES asks for it".to_owned();
    QueryError { line, message: None, kind: QueryErrorKind::Transient }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_fails_unless_it_was_asked_for() {
        let none = Faults::read(None).unwrap();
        assert_eq!((none.of_chunk(1), none.of_attempt(1, 1), none.of_range(0, 1, 1)), (None, None, None));
        assert!(Faults::read(Some("{")).unwrap_err().starts_with("CQLSH_COPY_TEST_FAILURES is no JSON: "));
    }

    #[test]
    fn a_batch_fails_as_often_as_was_asked_for() {
        let faults = Faults::read(Some(r#"{"failing_batch": {"id": 3, "failures": 2}}"#)).unwrap();
        let fails = |number, attempt| faults.of_attempt(number, attempt).is_some();
        assert_eq!([fails(3, 1), fails(3, 2), fails(3, 3), fails(2, 1)], [true, true, false, false]);
    }

    #[test]
    fn a_range_within_the_bounds_fails() {
        let faults = Faults::read(Some(r#"{"failing_range": {"start": 0, "end": 9, "num_failures": 1}}"#)).unwrap();
        let fails = |after, up_to, attempt| faults.of_range(after, up_to, attempt).is_some();
        assert_eq!([fails(0, 9, 1), fails(0, 9, 2), fails(-1, 9, 1), fails(0, 10, 1)], [true, false, false, false]);
    }

    #[test]
    fn workers_end_and_batches_are_lost() {
        let fault = |json| Faults::read(Some(json)).unwrap().of_chunk(7);
        assert_eq!(fault(r#"{"exit_batch": {"id": 7}}"#), Some(ChunkFault::Dies));
        assert_eq!(fault(r#"{"unsent_batch": {"id": 7}}"#), Some(ChunkFault::NeverAnswers));
    }
}
