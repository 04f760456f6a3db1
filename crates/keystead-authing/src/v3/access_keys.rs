//! Access keys: the domain's keys as V3 shows them.

use super::moment::iso;
use keystead_authing::v3::IsSuccess;
use keystead_authing::v3::access_keys::{
    AccessKeyDto, AccessKeyStatus, CreateAccessKey, DeleteAccessKey, GetAccessKey, ListAccessKey,
    UpdateAccessKey,
};
use keystead_core::Cx;
use keystead_core::access_keys::{self, KeyView, Kind};
use keystead_core::users::create::parse_id;
use keystead_model::{Code, Error, Result, UserId};
use keystead_web::Routes;

/// What stands for a secret that is not shown.
const MASK: &str = "********";

/// V3's words for kinds of keys, in any case, and the domain's.
const KINDS: &[(&str, &str)] = &[
    ("userpool", "pool"),
    ("user_pool", "pool"),
    ("pool", "pool"),
    ("user", "user"),
    ("cooperator", "user"),
    ("admin", "user"),
    ("tenant", "tenant"),
];

/// The rows of this area.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(get_access_key_list)
        .on(get_access_key)
        .on(create_access_key)
        .on(delete_access_key)
        .on(update_access_key)
}

/// Lists access keys.
async fn get_access_key_list(cx: &mut Cx, request: ListAccessKey) -> Result<Vec<AccessKeyDto>> {
    no_tenant(request.tenant_id.as_deref())?;
    let kind = request.kind.as_deref().map(kind_of).transpose()?;
    let user = request.user_id.as_deref().filter(|id| !id.is_empty()).map(user_of).transpose()?;
    let keys = access_keys::list(cx, user).await?;
    let wanted = |key: &AccessKeyDto, own: &str| {
        kind.is_none_or(|kind| kind == own)
            && request.status.as_ref().is_none_or(|states| states.contains(&key.status))
    };
    let shown = keys.into_iter().map(|key| (key.kind.clone(), dto(cx, key)));
    Ok(shown.filter(|(own, key)| wanted(key, own)).map(|(_, key)| key).collect())
}

/// Gets an access key.
async fn get_access_key(cx: &mut Cx, request: GetAccessKey) -> Result<Vec<AccessKeyDto>> {
    let key = access_keys::get(cx, named(&request.access_key_id)?).await?;
    let owner = request.user_id.filter(|id| !id.is_empty());
    if owner.is_some() && owner != key.user.map(|user| user.to_string()) {
        return Err(Error::new(Code::AccessKeyUnknown).field("accessKeyId"));
    }
    Ok(vec![dto(cx, key)])
}

/// Makes an access key.
async fn create_access_key(cx: &mut Cx, request: CreateAccessKey) -> Result<Vec<AccessKeyDto>> {
    no_tenant(request.tenant_id.as_deref())?;
    let user = request.user_id.as_deref().filter(|id| !id.is_empty());
    let kind = match (kind_of(&request.kind)?, user) {
        ("tenant", _) => return Err(tenants("type")),
        (_, Some(user)) => Kind::User(user_of(user)?),
        ("user", None) => return Err(Error::new(Code::FieldMissing).field("userId")),
        (_, None) => Kind::Pool,
    };
    let key = access_keys::create(cx, kind).await?;
    Ok(vec![dto(cx, key)])
}

/// Deletes an access key.
async fn delete_access_key(cx: &mut Cx, request: DeleteAccessKey) -> Result<()> {
    access_keys::delete(cx, named(&request.access_key_id)?).await
}

/// Switches an access key on or off.
async fn update_access_key(cx: &mut Cx, request: UpdateAccessKey) -> Result<IsSuccess> {
    access_keys::set_enabled(cx, named(&request.access_key_id)?, request.enable).await?;
    Ok(IsSuccess { success: true })
}

fn named(key_id: &str) -> Result<&str> {
    Some(key_id)
        .filter(|id| !id.is_empty())
        .ok_or_else(|| Error::new(Code::FieldMissing).field("accessKeyId"))
}

fn kind_of(word: &str) -> Result<&'static str> {
    let word = word.trim().to_ascii_lowercase();
    let found = KINDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind);
    found.ok_or_else(|| {
        Error::new(Code::FieldInvalid).field("type").arg("expected", "userpool, user")
    })
}

fn user_of(id: &str) -> Result<UserId> {
    parse_id(id).ok_or_else(|| Error::new(Code::UserUnknown).field("userId"))
}

fn no_tenant(tenant: Option<&str>) -> Result<()> {
    match tenant.filter(|id| !id.is_empty()) {
        Some(_) => Err(tenants("tenantId")),
        None => Ok(()),
    }
}

#[track_caller]
fn tenants(field: &'static str) -> Error {
    Error::new(Code::OperationUnsupported).field(field).arg("operation", field)
}

fn dto(cx: &Cx, key: KeyView) -> AccessKeyDto {
    AccessKeyDto {
        access_key_id: key.key_id,
        access_key_secret: key.secret.as_ref().map_or(MASK, |secret| secret.expose()).into(),
        user_id: key.user.map(|user| user.to_string()),
        created_at: iso(key.created_at),
        status: match key.is_active {
            true => AccessKeyStatus::Activated,
            false => AccessKeyStatus::Revoked,
        },
        last_date: key.last_used_at.map(iso),
        user_pool_id: cx.pool.id.to_string(),
        enable: key.enabled,
        kind: match key.kind.as_str() {
            "pool" => "userpool".to_owned(),
            _ => key.kind,
        },
    }
}
