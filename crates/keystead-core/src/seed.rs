//! Seeds: pools, applications, users and keys from a document, as often as one likes. A second
//! run changes only what differs, and says what it did.

mod apply;
mod people;

pub use apply::{Report, Seeding, apply};

use keystead_model::{ConnectionId, PoolId, Secret, UserId, settings::Document};
use serde::Deserialize;

/// A seed, as TOML or JSON spell it. Unknown keys are errors.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    /// Settings of the default pool.
    #[serde(default)]
    pub settings: Document,
    /// Pools beside the default one, or settings for it by its code.
    #[serde(default)]
    pub pools: Vec<SeedPool>,
    /// Connections to upstream providers.
    #[serde(default)]
    pub connections: Vec<SeedConnection>,
    /// Applications.
    #[serde(default)]
    pub applications: Vec<SeedApplication>,
    /// Users.
    #[serde(default)]
    pub users: Vec<SeedUser>,
    /// Access keys.
    #[serde(default)]
    pub access_keys: Vec<SeedAccessKey>,
}

/// A pool of a seed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedPool {
    /// Its id; a new one without.
    pub id: Option<PoolId>,
    /// Its code: what finds it again.
    pub code: String,
    /// Its name; the code without.
    pub name: Option<String>,
    /// Its secret; a random one without.
    pub secret: Option<Secret>,
    /// Host and port it answers under.
    pub login: Option<String>,
    /// Its settings.
    #[serde(default)]
    pub settings: Document,
}

/// A connection of a seed. What is there already stays as it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedConnection {
    /// Code of its pool; the default pool without.
    pub pool: Option<String>,
    /// Its id; a new one without.
    pub id: Option<ConnectionId>,
    /// Its name: what finds it again.
    pub name: String,
    /// `oidc`, `oauth2`, `saml` or `ldap`.
    pub kind: String,
}

/// An application of a seed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedApplication {
    /// Code of its pool; the default pool without.
    pub pool: Option<String>,
    /// What the wire calls it: what finds it again.
    pub client_id: String,
    /// Its readable identifier; the client id without.
    pub identifier: Option<String>,
    /// Its name.
    pub name: String,
    /// Its secret; none for a public one.
    pub secret: Option<Secret>,
    /// `client_secret_post`, `client_secret_basic` or `none`.
    #[serde(default = "post")]
    pub token_auth: String,
    /// Where an authorization may return to.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// Where a sign-out may return to.
    #[serde(default)]
    pub logout_uris: Vec<String>,
    /// Whether it is the pool's own: people are asked for consent to all others.
    #[serde(default = "own")]
    pub first_party: bool,
    /// Its settings.
    #[serde(default)]
    pub settings: Document,
}

const fn own() -> bool {
    true
}

fn post() -> String {
    "client_secret_post".to_owned()
}

/// A user of a seed.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SeedUser {
    /// Code of the pool; the default pool without.
    pub pool: Option<String>,
    /// Their id; a new one without.
    pub id: Option<UserId>,
    /// E-mail address.
    pub email: Option<String>,
    /// Whether the address was proved.
    pub email_verified: bool,
    /// Phone number.
    pub phone: Option<String>,
    /// Country code of the phone number.
    pub phone_country: Option<String>,
    /// Whether the number was proved.
    pub phone_verified: bool,
    /// User name.
    pub username: Option<String>,
    /// Id in another system.
    pub external_id: Option<String>,
    /// Full name.
    pub name: Option<String>,
    /// Nickname.
    pub nickname: Option<String>,
    /// Password in plain text.
    pub password: Option<Secret>,
    /// Password as a hash we can verify.
    pub password_hash: Option<Secret>,
    /// Whether they administer the pool.
    pub administrator: bool,
}

/// An access key of a seed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedAccessKey {
    /// Code of its pool; the default pool without.
    pub pool: Option<String>,
    /// Its key id: what finds it again.
    pub id: String,
    /// Its secret.
    pub secret: Secret,
}
