//! Userinfo (OpenID Connect Core, 5.3): the token by header, query or form, once.

use crate::parameters::read;
use crate::rows::Protocol;
use keystead_core::{Cx, tokens};
use keystead_endpoint::Reply;
use keystead_model::{Code, Error, IssuerKind, Result};
use keystead_protocol::oauth::params::Params;
use keystead_web::principal::bearer;

/// Claims, by GET or POST.
///
/// # Errors
/// Those of RFC 6750, 3.1.
pub async fn me<R: Protocol>(cx: &mut Cx, _: R) -> Result<Reply> {
    let params = read(cx)?;
    let authorization = cx.request.evidence.authorization.clone();
    // By POST the token may stand in the query as well: one SDK puts it there.
    let query = Params::parse(&cx.request.evidence.query)
        .map_err(|refusal| Error::new(Code::RequestInvalid).arg("detail", refusal.description))?;
    let parameter = params.get("access_token").or_else(|| query.get("access_token"));
    let token = match (bearer(authorization.as_deref()), parameter) {
        (Some(header), Some(parameter)) if header != parameter => {
            return Err(Error::new(Code::RequestInvalid).arg("detail", "two different tokens"));
        }
        (header, parameter) => header.or(parameter),
    };
    let principal = match R::ISSUER {
        IssuerKind::Oidc => tokens::access::admit(cx, token).await?,
        IssuerKind::Oauth => tokens::handles::admit(cx, token).await?,
    };
    let claims = tokens::userinfo::userinfo(cx, &principal, R::ISSUER).await?;
    Ok(Reply::json(&claims).with_header("cache-control", "no-store"))
}
