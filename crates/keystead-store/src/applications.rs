//! Applications: what dialects call client or app.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{ApplicationId, Millis};

row! { applications;
    /// An application.
    pub struct Application {
        pub id: ApplicationId,
        pub client_id: String,
        pub identifier: String,
        pub name: String,
        pub kind: String,
        pub logo: Option<String>,
        pub is_first_party: bool,
        pub status: String,
        pub secret_enc: Option<String>,
        pub old_secret_enc: Option<String>,
        pub token_auth: String,
        pub redirect_uris: Vec<String>,
        pub logout_uris: Vec<String>,
    }
}

/// What a new application is made of.
#[derive(Debug)]
pub struct NewApplication<'a> {
    /// Its row's id; the secret is sealed for it.
    pub id: ApplicationId,
    /// What the wire calls it.
    pub client_id: &'a str,
    /// Its readable identifier, unique over all pools.
    pub identifier: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its secret, sealed; none for a public client.
    pub secret_enc: Option<&'a str>,
    /// How it authenticates at the token endpoint.
    pub token_auth: &'a str,
    /// Whether it is the pool's own: then nobody is asked for consent.
    pub is_first_party: bool,
    /// Registered redirect addresses, a JSON list.
    pub redirect_uris: &'a serde_json::Value,
    /// Registered addresses to return to after sign-out, a JSON list.
    pub logout_uris: &'a serde_json::Value,
    /// When.
    pub now: Millis,
}

/// The application with this client id.
///
/// # Errors
/// A fault of the store.
pub async fn by_client_id(s: &mut Scoped<'_>, client_id: &str) -> Result<Option<Application>> {
    let text = sql!(
        "SELECT {Application} FROM applications WHERE pool_id = $1 AND client_id = $2",
        Application
    );
    s.optional(text, values![client_id]).await
}

/// The application with this row id.
///
/// # Errors
/// A fault of the store.
pub async fn get(s: &mut Scoped<'_>, id: ApplicationId) -> Result<Option<Application>> {
    let text =
        sql!("SELECT {Application} FROM applications WHERE pool_id = $1 AND id = $2", Application);
    s.optional(text, values![id]).await
}

/// One page of the pool's applications, by their names.
///
/// # Errors
/// A fault of the store.
pub async fn page(s: &mut Scoped<'_>, limit: i64, offset: i64) -> Result<Vec<Application>> {
    let text = sql!(
        "SELECT {Application} FROM applications WHERE pool_id = $1 ORDER BY name, id LIMIT $2
        OFFSET $3",
        Application
    );
    s.list(text, values![limit, offset]).await
}

/// How many applications the pool has.
///
/// # Errors
/// A fault of the store.
pub async fn count(s: &mut Scoped<'_>) -> Result<i64> {
    let text = sql!("SELECT count(*) FROM applications WHERE pool_id = $1");
    Ok(s.one::<(i64,)>(text, values![]).await?.0)
}

/// Makes an application.
///
/// # Errors
/// Conflict `applications_client_id_key` or `applications_identifier_key`.
pub async fn insert(s: &mut Scoped<'_>, new: &NewApplication<'_>) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO applications (pool_id, id, client_id, identifier, name, secret_enc,
            secret_at, token_auth, redirect_uris, logout_uris, is_first_party, created_at,
            updated_at)
              VALUES ($1, $2, $3, $4, $5, $6, $10, $7, $8, $9, $11, $10, $10)"
        ),
        values![
            new.id,
            new.client_id,
            new.identifier,
            new.name,
            new.secret_enc,
            new.token_auth,
            new.redirect_uris,
            new.logout_uris,
            new.now,
            new.is_first_party
        ],
    )
    .await
}

/// Rewrites an application; its client id and status stay.
///
/// # Errors
/// Conflict `applications_identifier_key`.
pub async fn update(s: &mut Scoped<'_>, new: &NewApplication<'_>) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE applications SET identifier = $3, name = $4, secret_enc = $5, token_auth =
            $6, redirect_uris = $7, logout_uris = $8, updated_at = $9, is_first_party = $10
              WHERE pool_id = $1 AND id = $2"
        ),
        values![
            new.id,
            new.identifier,
            new.name,
            new.secret_enc,
            new.token_auth,
            new.redirect_uris,
            new.logout_uris,
            new.now,
            new.is_first_party
        ],
    )
    .await
}

/// Gives an application another secret.
///
/// # Errors
/// A fault of the store.
pub async fn set_secret(
    s: &mut Scoped<'_>,
    id: ApplicationId,
    secret_enc: &str,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE applications SET secret_enc = $3, secret_at = $4, updated_at = $4
              WHERE pool_id = $1 AND id = $2"
        ),
        values![id, secret_enc, now],
    )
    .await
}

/// Switches an application on or off.
///
/// # Errors
/// A fault of the store.
pub async fn set_status(
    s: &mut Scoped<'_>,
    id: ApplicationId,
    status: &str,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!("UPDATE applications SET status = $3, updated_at = $4 WHERE pool_id = $1 AND id = $2"),
        values![id, status, now],
    )
    .await
}
