//! Namespaces: what codes of roles are unique in. The built-in ones are made when they are first
//! named, so that pools and applications of any age have theirs.

use crate::cx::Cx;
use keystead_model::{ApplicationId, Code, Error, NamespaceId, Result};
use keystead_store::{applications, namespaces as rows, sequences};

pub use rows::Namespace;

/// The code of the namespace that is meant when none is named.
pub const DEFAULT: &str = "default";
/// The code of the namespace of administration.
pub const SYSTEM: &str = "system";
/// Characters of a namespace's code.
const CODE_MAX: usize = 64;

/// The namespace of this code, [`DEFAULT`] without one; `field` is what names it in the request.
///
/// # Errors
/// `namespace.unknown`.
pub async fn get(cx: &mut Cx, code: Option<&str>, field: &str) -> Result<Namespace> {
    let code = code.filter(|code| !code.is_empty()).unwrap_or(DEFAULT);
    let unknown = || Error::new(Code::NamespaceUnknown).field(field.to_owned());
    if code.len() > CODE_MAX {
        return Err(unknown());
    }
    if let Some(found) = rows::by_code(&mut cx.store(), code).await? {
        return Ok(found);
    }
    let (kind, application) = builtin(cx, code).await?.ok_or_else(unknown)?;
    make(cx, code, kind, application).await?;
    rows::by_code(&mut cx.store(), code).await?.ok_or_else(|| Error::new(Code::Internal))
}

/// What kind of built-in namespace has this code: each application has one under its client id.
async fn builtin(cx: &mut Cx, code: &str) -> Result<Option<(&'static str, Option<ApplicationId>)>> {
    Ok(match code {
        DEFAULT => Some(("default", None)),
        SYSTEM => Some(("system", None)),
        _ => applications::by_client_id(&mut cx.store(), code)
            .await?
            .map(|app| ("application", Some(app.id))),
    })
}

async fn make(
    cx: &mut Cx,
    code: &str,
    kind: &str,
    application: Option<ApplicationId>,
) -> Result<()> {
    let (id, now): (NamespaceId, _) = (cx.id()?, cx.now);
    let mut s = cx.store();
    // One after the other: a number is not spent on a namespace that somebody else just made.
    s.serial("namespaces").await?;
    if rows::by_code(&mut s, code).await?.is_some() {
        return Ok(());
    }
    let serial = sequences::next(&mut s, "namespaces").await?;
    let name = (kind == "default").then_some("default");
    let new = rows::NewNamespace { id, serial, code, name, kind, application, now };
    rows::insert(&mut s, &new).await?;
    Ok(())
}
