//! Namespaces: what codes of roles and resources are unique in.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{ApplicationId, Millis, NamespaceId};

row! { namespaces;
    /// A namespace.
    pub struct Namespace {
        pub id: NamespaceId,
        pub code: String,
        pub name: Option<String>,
        pub kind: String,
    }
}

/// What a new namespace is made of.
#[derive(Debug)]
pub struct NewNamespace<'a> {
    /// Its id.
    pub id: NamespaceId,
    /// Its number on wires that want one.
    pub serial: i64,
    /// Its code, unique in the pool.
    pub code: &'a str,
    /// Its name.
    pub name: Option<&'a str>,
    /// `system`, `default`, `application` or `custom`.
    pub kind: &'a str,
    /// The application it belongs to.
    pub application: Option<ApplicationId>,
    /// When.
    pub now: Millis,
}

/// The namespace with this code.
///
/// # Errors
/// A fault of the store.
pub async fn by_code(s: &mut Scoped<'_>, code: &str) -> Result<Option<Namespace>> {
    let text =
        sql!("SELECT {Namespace} FROM namespaces WHERE pool_id = $1 AND code = $2", Namespace);
    s.optional(text, values![code]).await
}

/// Makes a namespace; when one has its code already, nothing happens.
///
/// # Errors
/// A fault of the store.
pub async fn insert(s: &mut Scoped<'_>, new: &NewNamespace<'_>) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO namespaces (pool_id, id, serial, code, name, kind, application_id,
                created_at, updated_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
              ON CONFLICT (pool_id, code) DO NOTHING"
        ),
        values![new.id, new.serial, new.code, new.name, new.kind, new.application, new.now],
    )
    .await
}
