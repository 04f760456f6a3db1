//! The two addresses a browser is sent to: authorization and logout.

use super::authentication::AuthenticationClient;
use super::random;
use crate::secret::Secret;
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keystead_endpoint::SdkError;
use url::Url;

/// What an authorization request says beyond the client's settings.
#[derive(Clone, Debug, Default)]
pub struct AuthorizeRequest {
    /// Scopes, if others than the client's.
    pub scope: Option<String>,
    /// The redirect URI, if another than the client's.
    pub redirect_uri: Option<String>,
    /// A text that comes back; made up unless given.
    pub state: Option<String>,
    /// A text that stands in the ID token; made up unless given.
    pub nonce: Option<String>,
    /// `login`, `consent`, `select_account` or `none`. With `offline_access` it is `consent` unless
    /// given (OpenID Connect Core, section 11).
    pub prompt: Option<String>,
    /// Who probably signs in.
    pub login_hint: Option<String>,
    /// How long ago the user may have signed in, in seconds.
    pub max_age: Option<u32>,
    /// How the code comes back: `query` unless given, or `form_post`.
    pub response_mode: Option<String>,
    /// The tenant to enter.
    pub tenant_id: Option<String>,
}

/// An authorization request: send the browser to `url`, keep the rest in the user's session.
#[derive(Clone, Debug)]
pub struct AuthorizeUrl {
    /// Where to send the browser.
    pub url: String,
    /// Compare it with the `state` that comes back.
    pub state: String,
    /// Give it to [`verify_id_token`](AuthenticationClient::verify_id_token).
    pub nonce: String,
    /// Give it to [`get_access_token_by_code`](AuthenticationClient::get_access_token_by_code).
    pub code_verifier: Secret,
}

/// A logout request (OpenID Connect RP-Initiated Logout, section 2).
#[derive(Clone, Debug, Default)]
pub struct LogoutRequest {
    /// The ID token of who leaves; without it the server asks.
    pub id_token: Option<Secret>,
    /// Where the browser goes afterwards.
    pub redirect_uri: Option<String>,
    /// A text that comes back there.
    pub state: Option<String>,
}

impl AuthenticationClient {
    /// Makes an authorization request for the code flow, with PKCE (S256).
    ///
    /// # Errors
    /// There is no redirect URI.
    pub fn build_authorize_url(&self, request: AuthorizeRequest) -> Result<AuthorizeUrl, SdkError> {
        let redirect_uri = request
            .redirect_uri
            .or_else(|| self.inner.redirect_uri.clone())
            .ok_or_else(|| SdkError::setup("redirect_uri must be given"))?;
        let scope = request.scope.unwrap_or_else(|| self.inner.scope.clone());
        let offline = scope.split(' ').any(|s| s == "offline_access");
        let prompt = request.prompt.or_else(|| offline.then(|| "consent".to_owned()));
        let made_up = |given: Option<String>| given.map_or_else(random::token, Ok);
        let (state, nonce) = (made_up(request.state)?, made_up(request.nonce)?);
        let code_verifier = Self::generate_code_challenge()?;
        let parameters = [
            ("response_type", Some("code".to_owned())),
            ("response_mode", Some(request.response_mode.unwrap_or_else(|| "query".into()))),
            ("client_id", Some(self.inner.app_id.clone())),
            ("redirect_uri", Some(redirect_uri)),
            ("scope", Some(scope)),
            ("state", Some(state.clone())),
            ("nonce", Some(nonce.clone())),
            ("code_challenge", Some(Self::get_code_challenge_digest(&code_verifier))),
            ("code_challenge_method", Some("S256".to_owned())),
            ("prompt", prompt),
            ("login_hint", request.login_hint),
            ("max_age", request.max_age.map(|s| s.to_string())),
            ("tenant_id", request.tenant_id),
        ];
        let url = self.address("/oidc/auth", parameters)?;
        Ok(AuthorizeUrl { url, state, nonce, code_verifier })
    }

    /// A new PKCE verifier of 43 characters, for authorization requests that are made by hand.
    ///
    /// # Errors
    /// The machine gives no random numbers.
    pub fn generate_code_challenge() -> Result<Secret, SdkError> {
        random::token().map(Secret::from)
    }

    /// The challenge of a verifier, by S256 (RFC 7636, section 4.2).
    #[must_use]
    pub fn get_code_challenge_digest(verifier: &Secret) -> String {
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.expose().as_bytes()))
    }

    /// Makes a logout request.
    ///
    /// # Errors
    /// None once the client stands.
    pub fn build_logout_url(&self, request: &LogoutRequest) -> Result<String, SdkError> {
        let parameters = [
            ("id_token_hint", request.id_token.as_ref().map(|t| t.expose().to_owned())),
            ("post_logout_redirect_uri", request.redirect_uri.clone()),
            ("state", request.state.clone()),
            ("client_id", Some(self.inner.app_id.clone())),
        ];
        self.address("/oidc/session/end", parameters)
    }

    fn address<const N: usize>(
        &self,
        path: &str,
        parameters: [(&str, Option<String>); N],
    ) -> Result<String, SdkError> {
        let mut url = Url::parse(&format!("{}{path}", self.inner.http.base()))
            .map_err(|e| SdkError::setup("app_host is not a URL").caused_by(e))?;
        let given = parameters.into_iter().filter_map(|(name, value)| Some((name, value?)));
        url.query_pairs_mut().extend_pairs(given);
        Ok(url.into())
    }
}
