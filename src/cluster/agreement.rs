//! Whether all nodes know the same schema.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::{QueryError, Session};

/// How long the nodes may take to agree on a schema.
// cqlsh: its driver waits for ten seconds, and then cqlsh itself for another five.
const AGREEMENT_LIMIT: Duration = Duration::from_secs(15);

/// How long to wait before they are asked again.
const AGREEMENT_INTERVAL: Duration = Duration::from_millis(200);

impl Session {
    /// Waits until all nodes agree on the schema, as they should soon after DDL; `false` when they do not within fifteen
    /// seconds. A node that cannot be asked is not accused: whatever is wrong shows at the next statement.
    pub async fn schema_agrees(&self) -> bool {
        let agreed = async {
            while !self.schema_agrees_now().await.unwrap_or(true) {
                sleep(AGREEMENT_INTERVAL).await;
            }
        };
        timeout(AGREEMENT_LIMIT, agreed).await.is_ok()
    }

    /// Whether the node's schema is that of all its peers.
    async fn schema_agrees_now(&self) -> Result<bool, QueryError> {
        let local = self.rows("SELECT schema_version FROM system.local WHERE key = 'local'".to_owned());
        let peers = self.rows("SELECT schema_version FROM system.peers".to_owned());
        let (local, peers) = tokio::join!(local, peers);
        let mut versions = Vec::new();
        for page in [local?, peers?] {
            page.for_each_row(|cells| {
                versions.extend(cells.first().copied().flatten().map(<[u8]>::to_vec));
                Ok::<(), QueryError>(())
            })?;
        }
        Ok(versions.windows(2).all(|pair| pair[0] == pair[1]))
    }
}
