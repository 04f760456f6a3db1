//! The clean-up: what is over goes, what is not stays.

use super::on_both;
use super::place::{Place, id};
use crate::{values, work};
use keystead_model::Millis;

on_both! { what_is_over_goes, more_than_one_transaction_is_made }

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const NOW: Millis = Millis(400 * DAY);

/// Per table: how long a row is kept after its time, and how to write one with its time as `$3`.
const TABLES: &[(&str, i64, &str)] = &[
    (
        "one_time_secrets",
        DAY,
        "INSERT INTO one_time_secrets (pool_id, id, purpose, secret_hash, expires_at, created_at) \
         VALUES ($1, $2, 'auth_code', $2, $3, 0)",
    ),
    (
        "signins",
        HOUR,
        "INSERT INTO signins (pool_id, id, application_id, kind, secret_hash, expires_at, \
         created_at) VALUES ($1, $2, 'app', 'browser', $2, $3, 0)",
    ),
    (
        "sessions",
        30 * DAY,
        "INSERT INTO sessions (pool_id, id, user_id, kind, generation, auth_at, seen_at, idle_at, \
         expires_at, created_at) VALUES ($1, $2, 'user', 'browser', 1, 0, 0, 0, $3, 0)",
    ),
    (
        "grants",
        30 * DAY,
        "INSERT INTO grants (pool_id, id, user_id, application_id, generation, issuer_kind, \
         expires_at, created_at) VALUES ($1, $2, 'user', 'app', 1, 'oidc', $3, 0)",
    ),
    (
        "refresh_families",
        30 * DAY,
        "INSERT INTO refresh_families (pool_id, id, grant_id, application_id, user_id, \
         mac_version, idle_at, expires_at, created_at) \
         SELECT $1, $2, id, 'app', 'user', 1, 0, $3, 0 FROM grants g WHERE expires_at > $3 \
         AND NOT EXISTS (SELECT 1 FROM refresh_families f WHERE f.grant_id = g.id) LIMIT 1",
    ),
    (
        "access_handles",
        0,
        "INSERT INTO access_handles (pool_id, id, secret_hash, grant_id, expires_at, created_at) \
         SELECT $1, $2, $2, id, $3, 0 FROM grants ORDER BY expires_at DESC LIMIT 1",
    ),
    (
        "denied_tokens",
        0,
        "INSERT INTO denied_tokens (pool_id, jti, parent_id, expires_at, created_at) \
         VALUES ($1, $2, 'p', $3, 0)",
    ),
    (
        "seen",
        0,
        "INSERT INTO seen (pool_id, kind, key_hash, expires_at) VALUES ($1, 'nonce', $2, $3)",
    ),
    (
        "counters",
        DAY,
        "INSERT INTO counters (pool_id, kind, key, window_ends) VALUES ($1, 'login', $2, $3)",
    ),
    (
        "trusted_browsers",
        0,
        "INSERT INTO trusted_browsers (pool_id, id, user_id, secret_hash, seen_at, expires_at, \
         created_at) VALUES ($1, $2, 'user', $2, 0, $3, 0)",
    ),
    (
        "credentials",
        0,
        "INSERT INTO credentials (pool_id, id, user_id, kind, expires_at, created_at, updated_at) \
         VALUES ($1, $2, 'user', 'totp', $3, 0, 0)",
    ),
    (
        "changes",
        600_000,
        "INSERT INTO changes (pool_id, id, kind, key, at) VALUES ($1, $2, 'user', 'u', $3)",
    ),
];

const PARENTS: &[&str] = &[
    "INSERT INTO connections (pool_id, id, name, kind, created_at, updated_at) \
     VALUES ($1, 'con', 'local', 'local', 0, 0)",
    "INSERT INTO users (pool_id, id, directory_id, qualified_id, status_at, created_at, \
     updated_at) VALUES ($1, 'user', 'con', 'auth0|user', 0, 0, 0)",
    "INSERT INTO applications (pool_id, id, client_id, identifier, name, created_at, updated_at) \
     VALUES ($1, 'app', 'app', 'app', 'App', 0, 0)",
    // Parents that live on, so that no family goes with its grant.
    "INSERT INTO grants (pool_id, id, user_id, application_id, generation, issuer_kind, \
     expires_at, created_at) VALUES ($1, 'g1', 'user', 'app', 1, 'oidc', 99999999999, 0)",
    "INSERT INTO grants (pool_id, id, user_id, application_id, generation, issuer_kind, \
     expires_at, created_at) VALUES ($1, 'g2', 'user', 'app', 1, 'oidc', 99999999999, 0)",
];

async fn what_is_over_goes(place: Place) {
    let mut tx = place.begin();
    let mut s = tx.scoped(place.pool);
    for text in PARENTS {
        s.execute(text, values![]).await.unwrap();
    }
    for (table, kept, text) in TABLES {
        for over in [1, 0] {
            let at = NOW.plus_ms(-kept - over);
            assert_eq!(s.execute(text, values![id(), at]).await.unwrap(), 1, "{table}");
        }
    }
    // A password never goes, a locked counter waits for its lock.
    let text = "INSERT INTO credentials (pool_id, id, user_id, kind, created_at, updated_at) \
                VALUES ($1, 'pw', 'user', 'password', 0, 0)";
    s.execute(text, values![]).await.unwrap();
    let text = "INSERT INTO counters (pool_id, kind, key, window_ends, locked_until) \
                VALUES ($1, 'login', 'locked', 0, $2)";
    s.execute(text, values![NOW]).await.unwrap();
    tx.commit().await.unwrap();

    let gone = work::clean_up(&place.db, NOW).await.unwrap();
    assert_eq!(gone, TABLES.len() as u64);
    for (table, ..) in TABLES {
        let text: &'static str = format!("SELECT count(*) FROM {table}").leak();
        let (left,) = tx.one::<(i64,)>(text, values![]).await.unwrap();
        let more = match *table {
            "grants" => 2,
            "counters" | "credentials" => 1,
            _ => 0,
        };
        assert_eq!(left, 1 + more, "{table}");
    }
    assert_eq!(work::clean_up(&place.db, NOW).await.unwrap(), 0);
    place.db.optimize().await.unwrap();
}

async fn more_than_one_transaction_is_made(place: Place) {
    let mut tx = place.begin();
    let text = "INSERT INTO seen (pool_id, kind, key_hash, expires_at) \
                VALUES ($1, 'nonce', $2, $3)";
    for n in 0..1_203_i64 {
        let at = if n < 1_201 { n } else { NOW.0 };
        tx.scoped(place.pool).execute(text, values![n.to_string(), at]).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(work::clean_up(&place.db, NOW).await.unwrap(), 1_201);
}
