//! Access keys: who may sign management requests, and what administrators do with the keys.

mod admission;
mod change;
mod create;
mod lookup;

pub use admission::{AccessKey, Freshness, SKEW_MS, admit, find};
pub use change::{delete, set_enabled};
pub use create::{Kind, create};
pub use lookup::{KeyView, get, list};

use crate::cx::Cx;
use keystead_model::{AccessKeyId, Result, Secret};
use keystead_store::access_keys as rows;

/// Access keys a pool may have.
pub const MAX_KEYS: i64 = 500;

/// What a key's secret is sealed for, beside its id.
const COLUMN: &str = "access_keys.secret_enc";

/// Seals the secret of a key.
///
/// # Errors
/// `internal` when randomness is missing.
pub(crate) fn seal(cx: &Cx, id: AccessKeyId, secret: &Secret) -> Result<String> {
    cx.pool.keys.seal(&cx.core.random, COLUMN, &id.to_string(), secret.expose().as_bytes())
}

/// Opens the secret of a key.
///
/// # Errors
/// `internal` for a seal that does not open.
pub(crate) fn open(cx: &Cx, row: &rows::AccessKey) -> Result<Secret> {
    cx.pool.keys.open_text(COLUMN, &row.id.to_string(), &row.secret_enc)
}
