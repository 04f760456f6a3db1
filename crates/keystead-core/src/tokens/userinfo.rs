//! Claims about a user, by scope (OpenID Connect Core, 5.3 and 5.4).

use crate::cx::Cx;
use crate::principal::UserPrincipal;
use crate::users::{UserView, lookup};
use crate::{custom_fields, roles};
use keystead_model::{Code, Error, IssuerKind, Result, UserId};
use keystead_protocol::oauth::scope::Scope;
use keystead_protocol::oidc::claims::{Address, UserFacts, claims_for};
use serde_json::{Map, Value, json};

/// The claims of a protocol's userinfo endpoint for the user behind an access token.
///
/// # Errors
/// `scope.insufficient` when a token of OpenID Connect lacks `openid`, `token.invalid` when the
/// user is gone.
pub async fn userinfo(
    cx: &mut Cx,
    principal: &UserPrincipal,
    issuer: IssuerKind,
) -> Result<Map<String, Value>> {
    let scope = Scope::parse(&principal.scope).map_err(|_| Error::new(Code::TokenInvalid))?;
    let scope = match issuer {
        IssuerKind::Oidc if !scope.contains("openid") => {
            return Err(Error::new(Code::ScopeInsufficient).arg("scope", "openid"));
        }
        IssuerKind::Oidc => scope,
        IssuerKind::Oauth => scope.spelled_out(),
    };
    let user = lookup::view(cx, principal.user).await.map_err(|error| match error.code() {
        Code::UserUnknown => Code::TokenInvalid.into(),
        _ => error,
    })?;
    let roles = roles(cx, &scope, user.user.id).await?;
    let mut all = claims(cx, &scope, &user, roles);
    all.insert("sub".to_owned(), json!(user.user.id));
    Ok(all)
}

/// The claims that a scope releases about a user; `sub` is the caller's.
pub(super) fn claims(
    cx: &Cx,
    scope: &Scope,
    view: &UserView,
    roles: Option<Vec<String>>,
) -> Map<String, Value> {
    let user = &view.user;
    let profile = |name: &str| user.profile.get(name).and_then(Value::as_str).map(str::to_owned);
    let facts = UserFacts {
        sub: user.id.to_string(),
        name: user.name.clone(),
        given_name: user.given_name.clone(),
        family_name: user.family_name.clone(),
        middle_name: profile("middle_name"),
        nickname: user.nickname.clone(),
        preferred_username: profile("preferred_username"),
        profile: profile("profile"),
        picture: user.photo.clone(),
        website: profile("website"),
        gender: Some(user.gender.clone()),
        birthdate: profile("birthdate"),
        zoneinfo: profile("zoneinfo"),
        locale: user.locale.clone(),
        updated_at_s: Some(user.updated_at.seconds()),
        email: user.email.clone(),
        email_verified: user.email_verified,
        phone_number: user.phone.clone(),
        phone_number_verified: user.phone_verified,
        username: user.username.clone(),
        external_id: user.external_id.clone(),
        address: Some(Address {
            formatted: profile("formatted"),
            street_address: profile("street_address"),
            locality: profile("city"),
            region: profile("region").or_else(|| profile("province")),
            postal_code: profile("postal_code"),
            country: profile("country"),
        }),
        roles,
        extended_fields: Some(custom_fields::claims_of_user(cx, user)),
        ..UserFacts::default()
    };
    claims_for(scope, &facts)
}

/// The codes of the roles that count for a user now, if the scope tells them. Two namespaces may
/// have a role of one code: it is told once.
pub(super) async fn roles(cx: &mut Cx, scope: &Scope, user: UserId) -> Result<Option<Vec<String>>> {
    if !scope.contains("roles") {
        return Ok(None);
    }
    let found = roles::of_user(cx, user, None).await?;
    let mut codes: Vec<String> = found.into_iter().map(|view| view.role.code).collect();
    codes.sort_unstable();
    codes.dedup();
    Ok(Some(codes))
}
