//! The keys that sign a pool's tokens, and the key that opens transported passwords.

mod by_hand;
pub mod rotation;

pub use by_hand::{KeyView, Revoked, end_grants, list, revoke, rotate};

use crate::random::Random;
use crate::seal::PoolKeys;
use keystead_model::{Algorithm, Code, Error, Millis, Result, SigningKeyId};
use keystead_protocol::jose::{Jwks, KeyPair, PublicKey};
use keystead_protocol::transport::TransportKey;
use keystead_store::signing_keys::SigningKey;
use std::collections::HashMap;

/// Seconds that caches may keep the key set; a new key is published longer before its use.
pub const CACHED_S: u32 = 300;

const COLUMN: &str = "signing_keys.private_enc";
/// The algorithm of the keys that open transported passwords (RFC 7518, 4.2).
const TRANSPORT_ALG: &str = "RSA1_5";

/// The parsed keys of a pool.
pub struct SigningKeys {
    active: HashMap<Algorithm, (String, KeyPair)>,
    public: HashMap<String, PublicKey>,
    jwks: Jwks,
    transport: Vec<TransportKey>,
}

impl SigningKeys {
    /// Opens and parses the stored keys once; requests only use them.
    ///
    /// # Errors
    /// `internal` when a key does not open or parse.
    pub fn open(keys: &PoolKeys, rows: Vec<SigningKey>) -> Result<Self> {
        let mut all = Self {
            active: HashMap::new(),
            public: HashMap::new(),
            jwks: Jwks { keys: Vec::new() },
            transport: Vec::new(),
        };
        let mut published = Vec::new();
        for row in rows {
            let kid = row.id.to_string();
            let is_active = row.state == "active";
            let private = keys.open(COLUMN, &kid, &row.private_enc)?;
            if row.r#use == "password" {
                let key = TransportKey::from_pkcs8(&private).map_err(fault)?;
                // The one that is offered comes first.
                all.transport.insert(if is_active { 0 } else { all.transport.len() }, key);
                continue;
            }
            let algorithm = Algorithm::from_name(&row.alg)
                .ok_or_else(|| fault(format!("key {kid} has an unknown algorithm")))?;
            let pair = KeyPair::from_pkcs8(algorithm, &private).map_err(fault)?;
            let jwk = pair.public_jwk(&kid).map_err(fault)?;
            all.public.insert(kid.clone(), PublicKey::from_jwk(&jwk).map_err(fault)?);
            published.push((jwk.alg != Algorithm::Rs256, !is_active, jwk));
            if is_active {
                all.active.insert(algorithm, (kid, pair));
            }
        }
        // The active RSA key first: a client that knows no `kid` takes the first key (V3 contract,
        // section 3).
        published.sort_by_key(|(other, waiting, _)| (*other, *waiting));
        all.jwks.keys = published.into_iter().map(|(_, _, jwk)| jwk).collect();
        Ok(all)
    }

    /// The key that signs by this algorithm, with its `kid`.
    ///
    /// # Errors
    /// `internal` when the pool has none.
    pub fn signer(&self, algorithm: Algorithm) -> Result<(&str, &KeyPair)> {
        self.active
            .get(&algorithm)
            .map(|(kid, pair)| (kid.as_str(), pair))
            .ok_or_else(|| fault(format!("the pool has no {} key", algorithm.name())))
    }

    /// The published key with this `kid`.
    #[must_use]
    pub fn verifier(&self, kid: &str) -> Option<&PublicKey> {
        self.public.get(kid)
    }

    /// The published set (RFC 7517, section 5).
    #[must_use]
    pub const fn jwks(&self) -> &Jwks {
        &self.jwks
    }

    /// The keys that open transported passwords; the first is the one that clients are given.
    #[must_use]
    pub fn transport(&self) -> Vec<&TransportKey> {
        self.transport.iter().collect()
    }
}

impl std::fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.public.keys()).finish()
    }
}

/// Makes a signing key that is active at once, as a pool's first keys are.
///
/// # Errors
/// `internal` when it cannot be made or sealed.
pub fn generate(
    keys: &PoolKeys,
    random: &Random,
    id: SigningKeyId,
    algorithm: Algorithm,
    now: Millis,
) -> Result<SigningKey> {
    let pair = KeyPair::generate(algorithm).map_err(fault)?;
    let kid = id.to_string();
    Ok(SigningKey {
        id,
        r#use: "sig".to_owned(),
        alg: algorithm.name().to_owned(),
        public_jwk: Some(
            serde_json::to_value(pair.public_jwk(&kid).map_err(fault)?).map_err(fault)?,
        ),
        private_enc: keys.seal(random, COLUMN, &kid, &pair.to_pkcs8().map_err(fault)?)?,
        state: "active".to_owned(),
        active_from: now,
        gone_at: None,
    })
}

/// Makes the key pair under which clients may encrypt passwords.
///
/// # Errors
/// As [`generate`].
pub fn generate_transport(
    keys: &PoolKeys,
    random: &Random,
    id: SigningKeyId,
    now: Millis,
) -> Result<SigningKey> {
    let pair = TransportKey::generate().map_err(fault)?;
    Ok(SigningKey {
        id,
        r#use: "password".to_owned(),
        alg: TRANSPORT_ALG.to_owned(),
        public_jwk: None,
        private_enc: keys.seal(
            random,
            COLUMN,
            &id.to_string(),
            &pair.to_pkcs8().map_err(fault)?,
        )?,
        state: "active".to_owned(),
        active_from: now,
        gone_at: None,
    })
}

#[track_caller]
fn fault(why: impl ToString) -> Error {
    Error::new(Code::Internal).caused_by(why.to_string())
}
