//! Whether all nodes know the same schema.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::{QueryError, Session, cells};

/// How long the nodes may take to agree on a schema.
// cqlsh: its driver waits for ten seconds, and then cqlsh itself for another five.
const AGREEMENT_LIMIT: Duration = Duration::from_secs(15);

/// How long to wait before they are asked again.
const AGREEMENT_INTERVAL: Duration = Duration::from_millis(200);

/// The version of a node's schema when it was last looked at; none where it could not be.
pub(super) struct LastSchema(Mutex<Option<Uuid>>);

impl LastSchema {
    pub(super) fn new(version: Option<Uuid>) -> Self {
        Self(Mutex::new(version))
    }

    /// Takes note of the version there is now. Whether it is another one.
    fn changes_to(&self, version: Option<Uuid>) -> bool {
        let before = std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), version);
        before != version || version.is_none()
    }
}

/// Versions of the schema.
#[derive(Debug, Default)]
struct Versions {
    /// The node's own.
    local: Option<Uuid>,
    /// Those that it knows of the others.
    peers: Vec<Uuid>,
}

impl Versions {
    fn agree(&self) -> bool {
        let mut all = self.local.iter().chain(&self.peers);
        let first = all.next();
        all.all(|other| Some(other) == first)
    }
}

impl Session {
    /// Waits until all nodes agree on the schema, as they should soon after a statement that changed it; `false` when they
    /// do not within fifteen seconds. After one that changed nothing, be it that what was to be created was there, nothing is
    /// waited for. A node that cannot be asked is not accused: whatever is wrong shows at the next statement.
    pub async fn schema_agrees(&self) -> bool {
        let agreed = async {
            let Ok(mut versions) = self.schema_versions().await else { return };
            if !self.last_schema().changes_to(versions.local) {
                return;
            }
            while !versions.agree() {
                sleep(AGREEMENT_INTERVAL).await;
                versions = self.schema_versions().await.unwrap_or_default();
                self.last_schema().changes_to(versions.local);
            }
        };
        timeout(AGREEMENT_LIMIT, agreed).await.is_ok()
    }

    async fn schema_versions(&self) -> Result<Versions, QueryError> {
        let local = self.rows("SELECT schema_version FROM system.local WHERE key = 'local'".to_owned());
        let peers = self.rows("SELECT schema_version FROM system.peers".to_owned());
        let (local, peers) = tokio::join!(local, peers);
        let read = |page: super::Page| {
            let mut versions = Vec::new();
            page.for_each_row(|cells| {
                versions.extend(cells::uuid(cells, 0));
                Ok::<(), QueryError>(())
            })?;
            Ok::<_, QueryError>(versions)
        };
        Ok(Versions { local: read(local?)?.first().copied(), peers: read(peers?)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Uuid = Uuid::from_u128(1);
    const B: Uuid = Uuid::from_u128(2);

    #[test]
    fn nodes_agree_when_all_that_tell_have_one_version() {
        let agree = |local, peers: &[Uuid]| Versions { local, peers: peers.to_vec() }.agree();
        assert!(agree(Some(A), &[]) && agree(Some(A), &[A, A]) && agree(None, &[B, B]) && agree(None, &[]));
        assert!(!agree(Some(A), &[B]) && !agree(Some(A), &[A, B]) && !agree(None, &[A, B]));
    }

    #[test]
    fn a_version_that_stays_is_no_change_and_one_that_nobody_knows_may_be_one() {
        let last = LastSchema::new(Some(A));
        assert!(!last.changes_to(Some(A)));
        assert!(last.changes_to(Some(B)) && !last.changes_to(Some(B)));
        assert!(last.changes_to(None) && last.changes_to(None) && last.changes_to(Some(B)));
    }
}
