//! Roles: named sets of permissions, unique by code in their namespace.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{Millis, NamespaceId, RoleId};

row! { roles;
    /// A role.
    pub struct Role {
        pub id: RoleId,
        pub namespace_id: NamespaceId,
        pub code: String,
        pub name: String,
        pub description: Option<String>,
        pub kind: String,
        pub status: String,
        pub disable_at: Option<Millis>,
        pub is_applicable: bool,
        pub created_at: Millis,
        pub updated_at: Millis,
    }
}

/// How many codes one text of [`by_codes`] takes.
pub const CODES: usize = 20;

/// The role with this code.
///
/// # Errors
/// A fault of the store.
pub async fn by_code(
    s: &mut Scoped<'_>,
    namespace: NamespaceId,
    code: &str,
) -> Result<Option<Role>> {
    let text = sql!(
        "SELECT {Role} FROM roles WHERE pool_id = $1 AND namespace_id = $2 AND code = $3",
        Role
    );
    s.optional(text, values![namespace, code]).await
}

/// The roles with these codes, in no order; codes that none has are passed over.
///
/// # Errors
/// A fault of the store.
pub async fn by_codes(
    s: &mut Scoped<'_>,
    namespace: NamespaceId,
    codes: &[&str],
) -> Result<Vec<Role>> {
    let text = sql!(
        "SELECT {Role} FROM roles WHERE pool_id = $1 AND namespace_id = $2 AND code IN ($3, $4,
            $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
        Role
    );
    let mut found = Vec::new();
    for chunk in codes.chunks(CODES) {
        let mut values = vec![crate::Value::from(namespace)];
        values.extend(chunk.iter().map(|code| crate::Value::from(*code)));
        // A code that none has fills the rest: no role's code is empty.
        values.resize(CODES + 1, crate::Value::from(""));
        found.extend(s.list::<Role>(text, &values).await?);
    }
    Ok(found)
}

/// Whether a role of the namespace has this name.
///
/// # Errors
/// A fault of the store.
pub async fn has_name(s: &mut Scoped<'_>, namespace: NamespaceId, name: &str) -> Result<bool> {
    let text =
        sql!("SELECT id FROM roles WHERE pool_id = $1 AND namespace_id = $2 AND name = $3 LIMIT 1");
    Ok(s.optional::<(RoleId,)>(text, values![namespace, name]).await?.is_some())
}

/// One page of a namespace's roles, oldest first. `pattern` is one of `LIKE` with `!` as its
/// escape, in lower case; `%` takes all.
///
/// # Errors
/// A fault of the store.
pub async fn page(
    s: &mut Scoped<'_>,
    namespace: NamespaceId,
    pattern: &str,
    limit: i64,
    offset: i64,
) -> Result<Vec<Role>> {
    let text = sql!(
        "SELECT {Role} FROM roles WHERE pool_id = $1 AND namespace_id = $2
          AND (lower(code) LIKE $3 ESCAPE '!' OR lower(name) LIKE $3 ESCAPE '!')
          ORDER BY id LIMIT $4 OFFSET $5",
        Role
    );
    s.list(text, values![namespace, pattern, limit, offset]).await
}

/// How many roles of a namespace the pattern takes.
///
/// # Errors
/// A fault of the store.
pub async fn total(s: &mut Scoped<'_>, namespace: NamespaceId, pattern: &str) -> Result<i64> {
    let text = sql!(
        "SELECT count(*) FROM roles WHERE pool_id = $1 AND namespace_id = $2
          AND (lower(code) LIKE $3 ESCAPE '!' OR lower(name) LIKE $3 ESCAPE '!')"
    );
    Ok(s.one::<(i64,)>(text, values![namespace, pattern]).await?.0)
}

/// Makes a role.
///
/// # Errors
/// Conflict `roles_namespace_id_code_key`.
pub async fn insert(s: &mut Scoped<'_>, role: &Role) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO roles (pool_id, id, namespace_id, code, name, description, kind, status,
                disable_at, is_applicable, created_at, updated_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        values![
            role.id,
            role.namespace_id,
            &role.code,
            &role.name,
            &role.description,
            &role.kind,
            &role.status,
            role.disable_at,
            role.is_applicable,
            role.created_at,
            role.updated_at
        ],
    )
    .await
}

/// Rewrites what may change of a role.
///
/// # Errors
/// Conflict `roles_namespace_id_code_key`.
pub async fn update(s: &mut Scoped<'_>, role: &Role) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE roles SET code = $3, name = $4, description = $5, status = $6, disable_at = $7,
                is_applicable = $8, updated_at = $9
              WHERE pool_id = $1 AND id = $2"
        ),
        values![
            role.id,
            &role.code,
            &role.name,
            &role.description,
            &role.status,
            role.disable_at,
            role.is_applicable,
            role.updated_at
        ],
    )
    .await
}

/// Deletes a role; its assignments go with it.
///
/// # Errors
/// A fault of the store.
pub async fn delete(s: &mut Scoped<'_>, role: RoleId) -> Result<u64> {
    s.execute(sql!("DELETE FROM roles WHERE pool_id = $1 AND id = $2"), values![role]).await
}
