//! `signin`: the payload that `connection` names, through the machine, to tokens.

use super::caller::needed;
use super::signup::proved;
use keystead_authing::v3::PasswordEncryptType;
use keystead_authing::v3::signin::{
    Connection, LoginToken, PassCodePayload, PasswordPayload, SignInByCredentials,
};
use keystead_core::Cx;
use keystead_core::captcha::Answered;
use keystead_core::clients::{self, Door};
use keystead_core::passwords::{self, Transport};
use keystead_core::signin::method::NamedBy;
use keystead_core::signin::{Input, MethodId};
use keystead_core::tokens::{TokenSet, direct};
use keystead_model::{Code, Error, Result, Secret};
use keystead_protocol::oauth::scope::{Scope, Unknown};
use keystead_web::principal::presented;

/// The scope of a sign-in that names none.
const DEFAULT_SCOPE: &str = "openid profile";

/// Signs a user in.
pub(super) async fn sign_in(cx: &mut Cx, request: SignInByCredentials) -> Result<LoginToken> {
    let options = request.options.unwrap_or_default();
    cx.request.claim(options.client_ip.as_deref());
    let transport = transport(options.password_encrypt_type)?;
    let (method, input) = match request.connection {
        Connection::Password => {
            let payload = needed(request.password_payload, "passwordPayload")?;
            (MethodId::Password, by_password(cx, &payload, transport)?)
        }
        Connection::Passcode => {
            let payload = needed(request.pass_code_payload, "passCodePayload")?;
            by_code(cx, payload)?
        }
        Connection::Ldap | Connection::Ad => {
            return Err(Error::new(Code::ConnectionUnsupported).field("connection"));
        }
    };
    let captcha = Answered::by(options.captcha_token.as_deref(), options.captcha_code.as_deref());
    let may_register = options.auto_register == Some(true);
    let input = Input { may_register, captcha, ..input };
    let secret = request.client_secret.as_ref().map(|s| Secret::new(s.expose()));
    let claim = presented(cx, request.client_id.clone(), secret);
    let app = clients::authenticate(cx, &claim, Door::Token).await?;
    let scope = options.scope.as_deref().unwrap_or(DEFAULT_SCOPE);
    let scope = Scope::check(Some(scope), &app.settings.extra_scopes, Unknown::Ignore)
        .map_err(|_| Error::new(Code::ScopeInvalid).field("options.scope"))?;
    if !scope.contains("openid") {
        return Err(Error::new(Code::ScopeInvalid).field("options.scope"));
    }
    let tokens = direct::sign_in(cx, &app, scope, method, &input).await?;
    Ok(answer(&tokens))
}

/// How a password travels, as V3 spells it.
pub(super) fn transport(kind: Option<PasswordEncryptType>) -> Result<Transport> {
    match kind {
        None | Some(PasswordEncryptType::None) => Ok(Transport::Plain),
        Some(PasswordEncryptType::Rsa) => Ok(Transport::Rsa),
        Some(PasswordEncryptType::Sm2) => Err(Error::new(Code::FieldInvalid)
            .field("options.passwordEncryptType")
            .arg("expected", "none, rsa")),
    }
}

fn by_password(cx: &Cx, payload: &PasswordPayload, transport: Transport) -> Result<Input> {
    let named = [
        (NamedBy::Email, &payload.email),
        (NamedBy::Phone, &payload.phone),
        (NamedBy::Username, &payload.username),
        (NamedBy::Account, &payload.account),
    ];
    let (named_by, identifier) = named
        .into_iter()
        .find_map(|(by, text)| Some((by, text.clone().filter(|t| !t.is_empty())?)))
        .ok_or_else(|| Error::new(Code::FieldMissing).field("passwordPayload.account"))?;
    let sent = Secret::new(payload.password.expose());
    Ok(Input::new(named_by, identifier, passwords::receive(cx, sent, transport, false)?))
}

/// The method of the address that stands in the payload, and what was typed.
fn by_code(cx: &Cx, payload: PassCodePayload) -> Result<(MethodId, Input)> {
    proved(cx, &payload)?;
    let code = Secret::new(payload.pass_code.expose());
    Ok(match (payload.email, payload.phone) {
        (Some(email), _) => (MethodId::EmailCode, Input::new(NamedBy::Email, email, code)),
        (None, phone) => {
            let input = Input::new(NamedBy::Phone, phone.unwrap_or_default(), code);
            (MethodId::SmsCode, Input { country: payload.phone_country_code, ..input })
        }
    })
}

fn answer(tokens: &TokenSet) -> LoginToken {
    let own = |token: &Secret| token.expose().into();
    LoginToken {
        scope: Some(tokens.scope.clone()),
        access_token: Some(own(&tokens.access_token)),
        id_token: tokens.id_token.as_ref().map(own),
        refresh_token: tokens.refresh_token.as_ref().map(own),
        token_type: "Bearer".to_owned(),
        expire_in: tokens.expires_in.into(),
        expires_in: tokens.expires_in.into(),
    }
}
