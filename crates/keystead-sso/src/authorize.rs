//! The authorization endpoint: rules, then the machine; a page where a person must act.

use crate::errors;
use crate::parameters::read;
use crate::rows::Protocol;
use keystead_core::applications::{self, App};
use keystead_core::signin::{self, Landing, Next};
use keystead_core::{Cx, sessions, tokens};
use keystead_endpoint::{Endpoint, EndpointRow, Reply};
use keystead_model::{Code, Error, IssuerKind, Result, UserId};
use keystead_protocol::oauth::errors::Refusal;
use keystead_protocol::oauth::params::Params;
use keystead_protocol::oauth::pkce::PkceRules;
use keystead_protocol::oauth::request::{Failure, ValidRequest};
use keystead_protocol::oauth::response::PromptValue;
use keystead_protocol::oauth::rules::ClientFacts;
use keystead_web::{cookies, faces, landing};
use std::sync::Arc;

/// Asks for an authorization, by query or form.
///
/// # Errors
/// What must not be sent to the client: it is shown on our own page.
pub async fn authorize<R: Protocol + Endpoint>(cx: &mut Cx, _: R) -> Result<Reply> {
    match by_query(cx, R::ROW) {
        Some(again) => Ok(again),
        None => begin(cx, R::ISSUER).await,
    }
}

/// The longest form that is asked for again by query, in bytes.
const QUERY_MAX: usize = 8_192;

/// Sends a form of another site around by query: browsers keep a `SameSite=Lax` cookie from such a
/// form, but not from the navigation that follows, so that who is signed in is not asked again.
fn by_query(cx: &Cx, row: &EndpointRow) -> Option<Reply> {
    let evidence = &cx.request.evidence;
    let parameters = evidence.parameters.as_str();
    let lacks_cookie = row.method == "POST"
        && evidence.fetch_site.as_deref() == Some("cross-site")
        && evidence.cookie(&cookies::session(cx)).is_none();
    let fits = parameters.len() <= QUERY_MAX && parameters.bytes().all(|b| b.is_ascii_graphic());
    let path = row.paths.first().filter(|_| lacks_cookie && fits)?;
    let address = format!("{}{path}?{parameters}", cx.pool.base_path());
    Some(Reply::see_other(address).with_header("cache-control", "no-store"))
}

async fn begin(cx: &mut Cx, issuer: IssuerKind) -> Result<Reply> {
    // A flaw such as a repeated parameter is told where the answer may go (RFC 6749, 4.1.2.1).
    let params = Params::read(&cx.request.evidence.parameters);
    if params.is_repeated("client_id") {
        read(cx)?;
    }
    let client_id =
        params.get("client_id").ok_or_else(|| Error::new(Code::FieldMissing).field("client_id"))?;
    let app = applications::enabled(cx, client_id).await?;
    let request = match check(&params, &app, issuer) {
        Ok(request) => request,
        Err(Failure::Page(refusal)) => return refuse_here(cx, &refusal),
        Err(Failure::Client { redirect, response_mode, state, refusal }) => {
            let parameters = refusal_parameters(cx, &refusal, state);
            let target = redirect.as_str().to_owned();
            return landing::render(cx, &Landing { mode: response_mode, target, parameters });
        }
    };
    let hinted = match hinted_user(cx, &request).await {
        Ok(hinted) => hinted,
        Err(refusal) => return answer_refusal(cx, &request, &refusal),
    };
    let cookie = cx.request.evidence.cookie(&cookies::session(cx)).map(str::to_owned);
    let session = sessions::current(cx, cookie.as_deref()).await?;
    let mut flow = signin::begin(app, request.clone(), hinted);
    match signin::next(cx, &mut flow, session.as_ref()).await? {
        Next::Done(done) => {
            let landing = done.landing.ok_or_else(|| Error::new(Code::Internal))?;
            landing::render(cx, &landing)
        }
        Next::Denied(denial) => {
            let (_, name) = errors::of(denial.code);
            answer_refusal(cx, &request, &Refusal::new(name, name.text()))
        }
        Next::Ask(_) | Next::Consent => {
            let ticket = flow.store(cx).await?;
            // A path below the pool's place: the browser stays on the name it came by, which is
            // the one that holds its cookie.
            let page =
                format!("{}/signin/{}{}", cx.pool.base_path(), ticket.id, language(&request));
            Ok(Reply::see_other(page)
                .with_header(
                    "set-cookie",
                    cookies::set(&cookies::flow_of(ticket.id), &ticket.secret),
                )
                .with_header("cache-control", "no-store"))
        }
    }
}

fn check(
    params: &Params,
    app: &Arc<App>,
    issuer: IssuerKind,
) -> std::result::Result<ValidRequest, Failure> {
    let pkce = PkceRules {
        // A public client proves by PKCE alone that it asked (RFC 9700, 2.1.1).
        required: app.settings.require_pkce
            || (!app.is_confidential() && !app.settings.public_without_pkce),
        plain_allowed: app.settings.pkce_plain,
    };
    let client = ClientFacts {
        client_id: &app.client_id,
        redirect_uris: &app.redirect_uris,
        extra_scopes: &app.settings.extra_scopes,
        pkce,
        openid: issuer == IssuerKind::Oidc,
    };
    ValidRequest::check(params, &client)
}

/// The user of an `id_token_hint`; a hint that does not hold is refused.
async fn hinted_user(
    cx: &mut Cx,
    request: &ValidRequest,
) -> std::result::Result<Option<UserId>, Refusal> {
    use keystead_protocol::oauth::errors::OAuthError;
    let Some(token) = request.parts().id_token_hint.clone() else { return Ok(None) };
    match tokens::id::hint(cx, &token).await {
        Ok(hint) => Ok(Some(hint.user)),
        Err(_) if request.parts().prompt.has(PromptValue::None) => {
            Err(Refusal::new(OAuthError::LoginRequired, "id_token_hint does not hold"))
        }
        Err(_) => Err(Refusal::new(OAuthError::InvalidRequest, "id_token_hint does not hold")),
    }
}

fn answer_refusal(cx: &Cx, request: &ValidRequest, refusal: &Refusal) -> Result<Reply> {
    let parts = request.parts();
    let landing = Landing {
        mode: parts.response_mode,
        target: parts.redirect.as_str().to_owned(),
        parameters: refusal_parameters(cx, refusal, parts.state.clone()),
    };
    landing::render(cx, &landing)
}

/// An error response (RFC 6749, 4.1.2.1) with `iss` (RFC 9207).
fn refusal_parameters(
    cx: &Cx,
    refusal: &Refusal,
    state: Option<String>,
) -> Vec<(&'static str, String)> {
    let mut parameters = vec![
        ("error", refusal.code().to_owned()),
        ("error_description", refusal.description.clone()),
    ];
    parameters.extend(state.map(|state| ("state", state)));
    parameters.push(("iss", cx.pool.issuer()));
    parameters
}

fn refuse_here(cx: &Cx, refusal: &Refusal) -> Result<Reply> {
    use keystead_protocol::oauth::errors::OAuthError;
    let code = match refusal.error {
        OAuthError::InvalidRequest if refusal.description.contains("redirect_uri") => {
            Code::RedirectUnregistered
        }
        _ => Code::RequestInvalid,
    };
    let error = Error::new(code).arg("detail", &refusal.description);
    faces::of(cx)?.refusal(cx, &error, &refusal.description)
}

fn language(request: &ValidRequest) -> String {
    let ours =
        request.parts().ui_locales.iter().find_map(|tag| keystead_model::Locale::closest(tag));
    ours.map_or_else(String::new, |locale| format!("?lang={}", locale.tag()))
}
