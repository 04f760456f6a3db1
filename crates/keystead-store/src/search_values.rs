//! Copies of single values of custom data, by which things are found and held apart.

use crate::{Result, Scoped, Value, sql, values};
use keystead_model::Id;

/// Writes the value of a key; there was none.
///
/// # Errors
/// Conflict `search_values_pool_id_kind_key_value_key` when it is unique and another has it.
pub async fn insert(
    s: &mut Scoped<'_>,
    kind: &str,
    target: Id,
    (key, value): (&str, &str),
    is_unique: bool,
) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO search_values (pool_id, kind, target_id, key, value, is_unique)
              VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        values![kind, target, key, value, is_unique],
    )
    .await
}

/// Removes the value of a key.
///
/// # Errors
/// A fault of the store.
pub async fn delete(s: &mut Scoped<'_>, kind: &str, target: Id, key: &str) -> Result<u64> {
    s.execute(
        sql!(
            "DELETE FROM search_values
              WHERE pool_id = $1 AND kind = $2 AND target_id = $3 AND key = $4"
        ),
        values![kind, target, key],
    )
    .await
}

/// Removes the values of a key of everybody.
///
/// # Errors
/// A fault of the store.
pub async fn delete_key(s: &mut Scoped<'_>, kind: &str, key: &str) -> Result<u64> {
    s.execute(
        sql!("DELETE FROM search_values WHERE pool_id = $1 AND kind = $2 AND key = $3"),
        values![kind, key],
    )
    .await
}

/// Who has this value of a key: the first of them.
///
/// # Errors
/// A fault of the store.
pub async fn find(s: &mut Scoped<'_>, kind: &str, key: &str, value: &str) -> Result<Option<Id>> {
    let text = sql!(
        "SELECT target_id FROM search_values
          WHERE pool_id = $1 AND kind = $2 AND key = $3 AND value = $4
          ORDER BY target_id LIMIT 1"
    );
    Ok(s.optional::<(Id,)>(text, values![kind, key, value]).await?.map(|(id,)| id))
}

/// Who has one of these values of a key, as pairs of the value and its owner.
///
/// # Errors
/// A fault of the store.
pub async fn owners(
    s: &mut Scoped<'_>,
    kind: &str,
    key: &str,
    wanted: &[&str],
) -> Result<Vec<(String, Id)>> {
    let text = sql!(
        "SELECT value, target_id FROM search_values WHERE pool_id = $1 AND kind = $2 AND key = $3
          AND value IN ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
            $20, $21, $22, $23) ORDER BY target_id"
    );
    let mut found = Vec::new();
    for chunk in wanted.chunks(crate::subjects::IDS) {
        let mut values = vec![Value::from(kind), Value::from(key)];
        values.extend(chunk.iter().map(|value| Value::from(*value)));
        values.resize(crate::subjects::IDS + 2, Value::from(""));
        found.extend(s.list::<(String, Id)>(text, &values).await?);
    }
    Ok(found)
}

/// The first three who share their value of a key with another.
///
/// # Errors
/// A fault of the store.
pub async fn doubles(s: &mut Scoped<'_>, kind: &str, key: &str) -> Result<Vec<Id>> {
    let text = sql!(
        "SELECT target_id FROM search_values
          WHERE pool_id = $1 AND kind = $2 AND key = $3 AND value IN (
            SELECT value FROM search_values WHERE pool_id = $1 AND kind = $2 AND key = $3
              GROUP BY value HAVING count(*) > 1)
          ORDER BY value, target_id LIMIT 3"
    );
    let found = s.list::<(Id,)>(text, values![kind, key]).await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Makes the values of a key unique, or no longer so.
///
/// # Errors
/// Conflict `search_values_pool_id_kind_key_value_key` when two share a value.
pub async fn set_unique(s: &mut Scoped<'_>, kind: &str, key: &str, is_unique: bool) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE search_values SET is_unique = $4
              WHERE pool_id = $1 AND kind = $2 AND key = $3"
        ),
        values![kind, key, is_unique],
    )
    .await
}
