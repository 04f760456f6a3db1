//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0; `signin.md` 5.7).

use crate::parameters::read;
use crate::rows::{EndSession, EndSessionForm};
use keystead_core::{Cx, applications, sessions, tokens};
use keystead_endpoint::Reply;
use keystead_model::{Code, Error, Result, SessionId};
use keystead_protocol::oauth::params::Params;
use keystead_web::{cookies, faces, origin};

/// The field by which the confirmation page says which of its buttons was pressed.
const ANSWER: &str = "answer";
/// Its value when the person wants to be signed out.
const SIGN_OUT: &str = "sign_out";

/// Ends the session, by GET.
///
/// # Errors
/// An unregistered return address.
pub async fn end_session(cx: &mut Cx, _: EndSession) -> Result<Reply> {
    end(cx, false).await
}

/// Ends the session, by POST: from an application, or from the confirmation page.
///
/// # Errors
/// As [`end_session`].
pub async fn end_session_by_form(cx: &mut Cx, _: EndSessionForm) -> Result<Reply> {
    let answer = read(cx)?.get(ANSWER).map(str::to_owned);
    if answer.is_some() {
        origin::require_own(cx)?;
    }
    if answer.as_deref().is_some_and(|answer| answer != SIGN_OUT) {
        return Ok(Reply::see_other(format!("{}/", cx.pool.base_path())));
    }
    end(cx, answer.as_deref() == Some(SIGN_OUT)).await
}

async fn end(cx: &mut Cx, confirmed: bool) -> Result<Reply> {
    let params = read(cx)?;
    let cookie_name = cookies::session(cx);
    let cookie = cx.request.evidence.cookie(&cookie_name).map(str::to_owned);
    let current = sessions::current(cx, cookie.as_deref()).await?;
    let hint = match params.get("id_token_hint") {
        Some(token) => tokens::id::hint(cx, token).await.ok(),
        None => None,
    };
    // Both must name one application (RP-Initiated Logout, 2).
    if let (Some(hint), Some(client_id)) = (&hint, params.get("client_id"))
        && hint.app.client_id != client_id
    {
        let detail = "client_id and id_token_hint name two applications";
        return Err(Error::new(Code::RequestInvalid).arg("detail", detail));
    }
    let target = return_address(cx, &params, hint.as_ref()).await?;
    let here: Option<SessionId> = current.as_ref().map(|current| current.session.id);
    // A good hint speaks for its own session; without one a page asks.
    let hinted = hint.as_ref().and_then(|hint| hint.session);
    let named = hinted.filter(|id| here.is_none_or(|own| own == *id));
    let ending = if confirmed { here } else { named };
    let faces = faces::of(cx)?;
    if ending.is_none() && here.is_some() {
        return faces.confirm_sign_out(cx, &wish(&params));
    }
    if let Some(session) = ending {
        sessions::end(cx, session, "logout").await?;
    }
    let reply = match target {
        Some(target) => Reply::see_other(target),
        None => faces.signed_out(cx)?,
    };
    Ok(if ending.is_some() && ending == here {
        reply.with_header("set-cookie", cookies::remove(&cookie_name))
    } else {
        reply
    })
}

/// Where to go afterwards: registered for the application that the hint or `client_id` names.
async fn return_address(
    cx: &mut Cx,
    params: &Params,
    hint: Option<&tokens::id::Hint>,
) -> Result<Option<String>> {
    let Some(uri) = params.get("post_logout_redirect_uri") else { return Ok(None) };
    let app = match (hint, params.get("client_id")) {
        (Some(hint), _) => Some(hint.app.clone()),
        (None, Some(id)) => applications::by_client_id(cx, id).await?,
        (None, None) => None,
    };
    // Whose address it is nobody said in a way that holds: a page asks, and nobody is sent there.
    let Some(app) = app else { return Ok(None) };
    if !app.logout_uris.iter().any(|own| own == uri) {
        return Err(Error::new(Code::RedirectUnregistered).field("post_logout_redirect_uri"));
    }
    let state = params.get("state").map(|state| {
        let joint = if uri.contains('?') { '&' } else { '?' };
        let pair =
            form_urlencoded::Serializer::new(String::new()).append_pair("state", state).finish();
        format!("{uri}{joint}{pair}")
    });
    Ok(Some(state.unwrap_or_else(|| uri.to_owned())))
}

fn wish(params: &Params) -> Vec<(&'static str, String)> {
    let names = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state"];
    let given = names.into_iter().filter_map(|n| params.get(n).map(|v| (n, v.to_owned())));
    given.collect()
}
