//! The life of a code begins when its message is handed to a gateway (`signin.md` 3).

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{Millis, OneTimeSecretId};

row! { one_time_secrets;
    /// What decides whether the message of a value is still worth sending.
    pub struct Pending {
        pub consumed_at: Option<Millis>,
        pub superseded_at: Option<Millis>,
        pub expires_at: Millis,
    }
}

/// The state of a value whose message waits.
///
/// # Errors
/// A fault of the store.
pub async fn pending(s: &mut Scoped<'_>, id: OneTimeSecretId) -> Result<Option<Pending>> {
    let text =
        sql!("SELECT {Pending} FROM one_time_secrets WHERE pool_id = $1 AND id = $2", Pending);
    s.optional(text, values![id]).await
}

/// Starts the life of a value: its message was handed over at `sent_at`.
///
/// # Errors
/// A fault of the store.
pub async fn start_life(
    s: &mut Scoped<'_>,
    id: OneTimeSecretId,
    sent_at: Millis,
    expires_at: Millis,
) -> Result<u64> {
    let text = sql!(
        "UPDATE one_time_secrets SET sent_at = $3, expires_at = $4
        WHERE pool_id = $1 AND id = $2 AND consumed_at IS NULL AND superseded_at IS NULL"
    );
    s.execute(text, values![id, sent_at, expires_at]).await
}
