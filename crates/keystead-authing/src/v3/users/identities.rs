//! Users: their identities at upstream providers.

use super::{Shows, id_of};
use keystead_authing::v3::IsSuccess;
use keystead_authing::v3::users::{
    GetUserIdentities, GetUserLoggedinIdentities, IdentityDto, LinkIdentity, LoggedInIdentity,
    UnlinkIdentity, UserDto,
};
use keystead_authing::v3::words::Provider;
use keystead_core::Cx;
use keystead_core::identities::{self, Identity, NewIdentity};
use keystead_model::{Code, Error, Result, UserId};
use serde_json::Value;

/// Lists upstream identities.
pub(super) async fn get_user_identities(
    cx: &mut Cx,
    request: GetUserIdentities,
) -> Result<Vec<IdentityDto>> {
    let id = id_of(cx, request.0.user_id_type, &request.0.user_id).await?;
    Ok(identities::of_user(cx, id).await?.into_iter().map(identity).collect())
}

/// Lists the identities that were used.
pub(super) async fn get_user_loggedin_identities(
    cx: &mut Cx,
    request: GetUserLoggedinIdentities,
) -> Result<Vec<LoggedInIdentity>> {
    let id = id_of(cx, request.0.user_id_type, &request.0.user_id).await?;
    let all = identities::of_user(cx, id).await?.into_iter();
    let used = all.filter(|one| one.last_used_at.is_some()).map(|one| LoggedInIdentity {
        identity_id: one.id.to_string(),
        idp_name: one.provider.clone(),
        idp_name_en: one.provider,
        idp_logo: String::new(),
        idp_id: one.connection_id.map(|id| id.to_string()).unwrap_or_default(),
    });
    Ok(used.collect())
}

/// Gives a user an identity.
pub(super) async fn link_identity(cx: &mut Cx, request: LinkIdentity) -> Result<IsSuccess> {
    let id = id_of(cx, None, &request.user_id).await?;
    let new = NewIdentity {
        connection: source(&request.ext_idp_id)?,
        subject: &request.user_id_in_idp,
        kind: request.kind.as_deref().filter(|kind| !kind.is_empty()).unwrap_or("generic"),
    };
    identities::link(cx, id, &new).await?;
    Ok(IsSuccess { success: true })
}

/// Takes the identities of a source from a user.
pub(super) async fn unlink_identity(cx: &mut Cx, request: UnlinkIdentity) -> Result<IsSuccess> {
    let id = id_of(cx, None, &request.user_id).await?;
    identities::unlink(cx, id, source(&request.ext_idp_id)?).await?;
    Ok(IsSuccess { success: true })
}

fn source(ext_idp_id: &str) -> Result<&str> {
    let missing = || Error::new(Code::FieldMissing).field("extIdpId");
    Some(ext_idp_id).filter(|text| !text.is_empty()).ok_or_else(missing)
}

/// Puts the identities of users into their answers, where they were asked for.
pub(in crate::v3) async fn shown(
    cx: &mut Cx,
    shows: Shows,
    mut list: Vec<UserDto>,
) -> Result<Vec<UserDto>> {
    if shows.identities {
        let ids: Vec<UserId> = list.iter().filter_map(|user| user.user_id.parse().ok()).collect();
        let mut found = identities::of_users(cx, &ids).await?;
        for (id, user) in ids.iter().zip(&mut list) {
            let own = found.remove(id).unwrap_or_default();
            user.identities = Some(own.into_iter().map(identity).collect());
        }
    }
    Ok(list)
}

/// An identity as V3 shows it.
pub(in crate::v3) fn identity(one: Identity) -> IdentityDto {
    let provider = Provider::ALL.iter().copied().find(|p| p.text() == one.provider);
    let kind = one.profile.get("type").and_then(Value::as_str).unwrap_or("openid").to_owned();
    let connection = one.connection_id.map(|id| id.to_string());
    IdentityDto {
        identity_id: one.id.to_string(),
        ext_idp_id: connection.clone().unwrap_or(one.issuer),
        provider: provider.unwrap_or(Provider::Oidc),
        kind,
        user_id_in_idp: one.subject,
        user_info_in_idp: one.profile,
        access_token: None,
        refresh_token: None,
        origin_conn_ids: connection.into_iter().collect(),
    }
}
