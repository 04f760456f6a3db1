//! Families of refresh tokens: a number per family; the tokens are derived, not stored.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{ApplicationId, FamilyId, GrantId, Millis, UserId};

row! { refresh_families;
    /// A family.
    pub struct Family {
        pub id: FamilyId,
        pub grant_id: GrantId,
        pub application_id: ApplicationId,
        pub user_id: UserId,
        pub n: i64,
        pub mac_version: i64,
        pub rotating: bool,
        pub idle_at: Millis,
        pub expires_at: Millis,
        pub revoked_at: Option<Millis>,
    }
}

/// What a refresh token says, once its MAC was found right, and by whose clock.
#[derive(Clone, Copy, Debug)]
pub struct Presented {
    /// Its family.
    pub family: FamilyId,
    /// Its number.
    pub n: i64,
    /// The application that sent it.
    pub application: ApplicationId,
    /// Milliseconds in which the same number may come again.
    pub grace_ms: i64,
    /// When.
    pub now: Millis,
}

/// Writes a family.
///
/// # Errors
/// A fault of the store.
pub async fn insert(s: &mut Scoped<'_>, family: &Family, now: Millis) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO refresh_families (pool_id, id, grant_id, application_id, user_id,
            mac_version, rotating, idle_at, expires_at, created_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        values![
            family.id,
            family.grant_id,
            family.application_id,
            family.user_id,
            family.mac_version,
            family.rotating,
            family.idle_at,
            family.expires_at,
            now
        ],
    )
    .await
}

/// The family with this id.
///
/// # Errors
/// A fault of the store.
pub async fn get(s: &mut Scoped<'_>, id: FamilyId) -> Result<Option<Family>> {
    let text = sql!("SELECT {Family} FROM refresh_families WHERE pool_id = $1 AND id = $2", Family);
    s.optional(text, values![id]).await
}

/// Statement A of `signin.md` 5.5: the newest number moves on. Answers grant and next number.
///
/// # Errors
/// A fault of the store.
pub async fn rotate(
    s: &mut Scoped<'_>,
    p: Presented,
    retries: i64,
    idle_at: Millis,
) -> Result<Option<(GrantId, i64)>> {
    let text = sql!(
        "UPDATE refresh_families SET n = n + 1, prev_rotated_at = rotated_at,
        rotated_at = $5, grace_left = $6,
          idle_at = CASE WHEN $7 < expires_at THEN $7 ELSE expires_at END
        WHERE pool_id = $1 AND id = $2 AND application_id = $3 AND n = $4 AND rotating AND
        revoked_at IS NULL
          AND idle_at > $5 AND expires_at > $5 RETURNING grant_id, n"
    );
    s.optional(text, values![p.family, p.application, p.n, p.now, retries, idle_at]).await
}

/// Statement B: a retry within the grace gets the number that was given before.
///
/// # Errors
/// A fault of the store.
pub async fn retry(s: &mut Scoped<'_>, p: Presented) -> Result<Option<(GrantId, i64)>> {
    let text = sql!(
        "UPDATE refresh_families SET grace_left = grace_left - 1
        WHERE pool_id = $1 AND id = $2 AND application_id = $3 AND revoked_at IS NULL AND
        expires_at > $5 AND grace_left > 0
          AND ((n = CAST($4 AS BIGINT) + 1 AND rotated_at > $6)
            OR (n = $4 + 2 AND prev_rotated_at > $6))
          RETURNING grant_id, n"
    );
    let since = p.now.plus_ms(-p.grace_ms);
    s.optional(text, values![p.family, p.application, p.n, p.now, since]).await
}

/// Statement C: a number from before the grace ends the family. Answers its grant.
///
/// # Errors
/// A fault of the store.
pub async fn reused(s: &mut Scoped<'_>, p: Presented) -> Result<Option<GrantId>> {
    let text = sql!(
        "UPDATE refresh_families SET revoked_at = $5, revoked_by = 'reuse'
        WHERE pool_id = $1 AND id = $2 AND application_id = $3 AND rotating AND revoked_at IS NULL
          AND (n > CAST($4 AS BIGINT) + 2 OR (n = $4 + 1 AND rotated_at <= $6) OR (n = $4 + 2 AND
          prev_rotated_at <= $6)) RETURNING grant_id"
    );
    let since = p.now.plus_ms(-p.grace_ms);
    let row =
        s.optional::<(GrantId,)>(text, values![p.family, p.application, p.n, p.now, since]).await?;
    Ok(row.map(|(grant,)| grant))
}

/// A family that does not rotate only notes its use.
///
/// # Errors
/// A fault of the store.
pub async fn used(
    s: &mut Scoped<'_>,
    p: Presented,
    idle_at: Millis,
) -> Result<Option<(GrantId, i64)>> {
    let text = sql!(
        "UPDATE refresh_families SET idle_at = CASE WHEN $6 < expires_at THEN $6
        ELSE expires_at END
        WHERE pool_id = $1 AND id = $2 AND application_id = $3 AND n = $4 AND NOT rotating AND
        revoked_at IS NULL
          AND idle_at > $5 AND expires_at > $5 RETURNING grant_id, n"
    );
    s.optional(text, values![p.family, p.application, p.n, p.now, idle_at]).await
}

/// Revokes a family.
///
/// # Errors
/// A fault of the store.
pub async fn revoke(s: &mut Scoped<'_>, id: FamilyId, by: &str, now: Millis) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE refresh_families SET revoked_at = $3, revoked_by = $4 WHERE pool_id = $1
            AND id = $2 AND revoked_at IS NULL"
        ),
        values![id, now, by],
    )
    .await
}
