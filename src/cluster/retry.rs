//! What is asked a second time of the same node: what cannot be done twice by that.

use scylla::errors::{DbError, RequestAttemptError, WriteType};
use scylla::policies::retry::{RequestInfo, RetryDecision, RetryPolicy, RetrySession};

/// Asks once more where cqlsh's driver does.
#[derive(Debug)]
pub(super) struct OnceMore;

#[derive(Debug, Default)]
struct Attempts {
    was_repeated: bool,
}

impl RetryPolicy for OnceMore {
    fn new_session(&self) -> Box<dyn RetrySession> {
        Box::new(Attempts::default())
    }
}

impl RetrySession for Attempts {
    fn decide_should_retry(&mut self, request: RequestInfo<'_>) -> RetryDecision {
        if self.was_repeated || !may_succeed(request.error) {
            return RetryDecision::DontRetry;
        }
        self.was_repeated = true;
        RetryDecision::RetrySameTarget(None)
    }

    fn reset(&mut self) {
        *self = Self::default();
    }
}

fn may_succeed(error: &RequestAttemptError) -> bool {
    match error {
        // The batch was not even written down, and none of it is carried out.
        RequestAttemptError::DbError(DbError::WriteTimeout { write_type, .. }, _) => *write_type == WriteType::BatchLog,
        // There were replicas enough, but not the one that was to send the rows; by now it is known which.
        RequestAttemptError::DbError(DbError::ReadTimeout { received, required, data_present, .. }, _) => {
            received >= required && !data_present
        }
        _ => false,
    }
}
