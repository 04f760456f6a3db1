//! Declarations of custom fields, and what a pool says about built-in ones.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{CustomFieldId, Millis};
use serde_json::Value;

row! { custom_fields;
    /// The declaration of a field.
    pub struct CustomField {
        pub id: CustomFieldId,
        pub target: String,
        pub key: String,
        pub data_type: String,
        pub label: String,
        pub description: Option<String>,
        pub is_builtin: bool,
        pub is_unique: bool,
        pub is_encrypted: bool,
        pub is_masked: bool,
        pub user_editable: bool,
        pub in_console: bool,
        pub in_account: bool,
        pub options: Option<Value>,
        pub rules: Option<Value>,
        pub i18n: Option<Value>,
        pub application_ids: Option<Vec<String>>,
        pub created_at: Millis,
    }
}

/// The `owner_id` of a field that is deleted while its values are being removed.
pub const GONE: &str = "gone";

/// Every declaration for a kind of thing, in the order of their creation: built-in ones or those
/// of the pool. A pool is held to far fewer.
///
/// # Errors
/// A fault of the store.
pub async fn list(s: &mut Scoped<'_>, target: &str, is_builtin: bool) -> Result<Vec<CustomField>> {
    let text = sql!(
        "SELECT {CustomField} FROM custom_fields WHERE pool_id = $1 AND target = $2
          AND owner_id = '' AND is_builtin = $3 ORDER BY position, id LIMIT 1000",
        CustomField
    );
    s.list(text, values![target, is_builtin]).await
}

/// Makes a declaration.
///
/// # Errors
/// Conflict `custom_fields_pool_id_target_owner_id_key_key`.
pub async fn insert(s: &mut Scoped<'_>, field: &CustomField, position: i64) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO custom_fields (pool_id, id, target, key, data_type, label, description,
                is_builtin, is_unique, is_encrypted, is_masked, user_editable, in_console,
                in_account, options, rules, i18n, application_ids, position, created_at,
                updated_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                $18, $19, $20, $20)"
        ),
        values![
            field.id,
            &field.target,
            &field.key,
            &field.data_type,
            &field.label,
            &field.description,
            field.is_builtin,
            field.is_unique,
            field.is_encrypted,
            field.is_masked,
            field.user_editable,
            field.in_console,
            field.in_account,
            &field.options,
            &field.rules,
            &field.i18n,
            &field.application_ids,
            position,
            field.created_at
        ],
    )
    .await
}

/// Rewrites what may change of a declaration.
///
/// # Errors
/// A fault of the store.
pub async fn update(s: &mut Scoped<'_>, field: &CustomField, now: Millis) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE custom_fields SET label = $3, description = $4, is_unique = $5,
                is_masked = $6, user_editable = $7, in_console = $8, in_account = $9,
                options = $10, rules = $11, i18n = $12, application_ids = $13, updated_at = $14
              WHERE pool_id = $1 AND id = $2"
        ),
        values![
            field.id,
            &field.label,
            &field.description,
            field.is_unique,
            field.is_masked,
            field.user_editable,
            field.in_console,
            field.in_account,
            &field.options,
            &field.rules,
            &field.i18n,
            &field.application_ids,
            now
        ],
    )
    .await
}

/// Whether the values of a deleted field of this key are still being removed.
///
/// # Errors
/// A fault of the store.
pub async fn is_going(s: &mut Scoped<'_>, target: &str, key: &str) -> Result<bool> {
    let text = sql!(
        "SELECT id FROM custom_fields WHERE pool_id = $1 AND target = $2 AND owner_id = $3
          AND key = $4"
    );
    Ok(s.optional::<(CustomFieldId,)>(text, values![target, GONE, key]).await?.is_some())
}

/// Takes a declaration out of use: it stays, under [`GONE`], until its values are removed.
///
/// # Errors
/// A fault of the store.
pub async fn retire(s: &mut Scoped<'_>, field: CustomFieldId, now: Millis) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE custom_fields SET owner_id = $3, updated_at = $4
              WHERE pool_id = $1 AND id = $2"
        ),
        values![field, GONE, now],
    )
    .await
}

/// Removes a declaration.
///
/// # Errors
/// A fault of the store.
pub async fn delete(s: &mut Scoped<'_>, field: CustomFieldId) -> Result<u64> {
    s.execute(sql!("DELETE FROM custom_fields WHERE pool_id = $1 AND id = $2"), values![field])
        .await
}
