//! OpenID Connect calls by their purpose, and offline verification with cached keys.

use super::authentication::AuthenticationClient;
use crate::secret::Secret;
use crate::tokens::{self, Claims, Expected, Keys, TokenKind};
use crate::v3::oidc::{
    Introspect, Introspection, JwksRequest, Revoke, TokenRequest, TokenSet, UserInfo,
    UserInfoRequest,
};
use keystead_endpoint::SdkError;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How long keys are used without asking again.
const KEYS_LIVE: Duration = Duration::from_secs(3_600);
/// How often an unknown key makes the client ask again at most, so that forged ids cost nothing.
const KEYS_REST: Duration = Duration::from_secs(30);

/// The server's keys and when they were fetched.
pub(super) struct CachedKeys {
    keys: Arc<Keys>,
    at: SystemTime,
}

impl AuthenticationClient {
    /// Redeems an authorization code; `code_verifier` is that of
    /// [`build_authorize_url`](Self::build_authorize_url).
    ///
    /// # Errors
    /// No answer, or a refusal such as `invalid_grant`.
    pub async fn get_access_token_by_code(
        &self,
        code: impl Into<Secret>,
        code_verifier: Option<Secret>,
    ) -> Result<TokenSet, SdkError> {
        self.token(&TokenRequest {
            code: Some(code.into()),
            redirect_uri: self.inner.redirect_uri.clone(),
            code_verifier,
            ..grant("authorization_code")
        })
        .await
    }

    /// Redeems a refresh token. The answer may hold another, which takes its place.
    ///
    /// # Errors
    /// No answer, or a refusal such as `invalid_grant`.
    pub async fn get_new_access_token_by_refresh_token(
        &self,
        refresh_token: impl Into<Secret>,
    ) -> Result<TokenSet, SdkError> {
        let refresh_token = Some(refresh_token.into());
        self.token(&TokenRequest { refresh_token, ..grant("refresh_token") }).await
    }

    /// A token for the application itself, or for another client whose id and secret are given.
    ///
    /// # Errors
    /// No answer, or a refusal such as `invalid_scope`.
    pub async fn get_access_token_by_client_credentials(
        &self,
        scope: impl Into<String>,
        client: Option<(String, Secret)>,
    ) -> Result<TokenSet, SdkError> {
        let (client_id, client_secret) = client.unzip();
        let scope = Some(scope.into());
        let request =
            TokenRequest { scope, client_id, client_secret, ..grant("client_credentials") };
        self.token(&request).await
    }

    /// A token for a user's name and password, where the application allows this grant.
    ///
    /// # Errors
    /// No answer, or a refusal such as `invalid_grant`.
    pub async fn get_access_token_by_password(
        &self,
        username: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Result<TokenSet, SdkError> {
        self.token(&TokenRequest {
            username: Some(username.into()),
            password: Some(password.into()),
            scope: Some(self.inner.scope.clone()),
            ..grant("password")
        })
        .await
    }

    /// Asks the server what a token is worth.
    ///
    /// # Errors
    /// No answer, or a refusal of the application.
    pub async fn introspect_token(
        &self,
        token: impl Into<Secret>,
    ) -> Result<Introspection, SdkError> {
        self.introspect(&Introspect { token: token.into() }).await
    }

    /// Ends a token; one that is unknown is no error (RFC 7009, section 2.2).
    ///
    /// # Errors
    /// No answer, or a refusal of the application.
    pub async fn revoke_token(&self, token: impl Into<Secret>) -> Result<(), SdkError> {
        self.revoke(&Revoke { token: token.into() }).await
    }

    /// Asks who the user of an access token is.
    ///
    /// # Errors
    /// No answer, or a refusal such as `invalid_token`.
    pub async fn get_user_info(
        &self,
        access_token: impl Into<Secret>,
    ) -> Result<UserInfo, SdkError> {
        self.with_access_token(access_token).user_info(&UserInfoRequest {}).await
    }

    /// Verifies an access token without asking the server, apart from its keys now and then.
    ///
    /// A token that was revoked stays valid here until it ends; introspection knows better.
    ///
    /// # Errors
    /// The keys cannot be fetched, or the token is not good: then the source is a
    /// [`TokenError`](tokens::TokenError).
    pub async fn verify_access_token(&self, token: &str) -> Result<Claims, SdkError> {
        self.verify(token, TokenKind::Access, None).await
    }

    /// Verifies an ID token; `nonce` is that of [`build_authorize_url`](Self::build_authorize_url).
    ///
    /// # Errors
    /// As for [`verify_access_token`](Self::verify_access_token).
    pub async fn verify_id_token(
        &self,
        token: &str,
        nonce: Option<&str>,
    ) -> Result<Claims, SdkError> {
        self.verify(token, TokenKind::Id, nonce).await
    }

    async fn verify(
        &self,
        token: &str,
        kind: TokenKind,
        nonce: Option<&str>,
    ) -> Result<Claims, SdkError> {
        let keys = self.keys_for(token).await?;
        let issuer = format!("{}/oidc", self.inner.http.base());
        let now = self.inner.http.now();
        let expected = Expected { kind, issuer: &issuer, audience: &self.inner.app_id, nonce, now };
        tokens::verify(token, &keys, &expected)
            .map_err(|e| SdkError::decoding(format!("the token is not good: {e}")).caused_by(e))
    }

    /// The server's keys, fetched again when they are old or lack the token's.
    async fn keys_for(&self, token: &str) -> Result<Arc<Keys>, SdkError> {
        let mut cached = self.inner.keys.lock().await;
        let now = self.inner.http.now();
        if let Some(CachedKeys { keys, at }) = &*cached {
            // A clock that was set back counts as "old".
            let age = now.duration_since(*at).unwrap_or(KEYS_LIVE);
            let limit = if keys.have_key_of(token) { KEYS_LIVE } else { KEYS_REST };
            if age < limit {
                return Ok(Arc::clone(keys));
            }
        }
        let jwks = self.jwks(&JwksRequest {}).await?;
        let secret = self.inner.app_secret.as_ref();
        let keys = Arc::new(Keys::new(&jwks, secret));
        *cached = Some(CachedKeys { keys: Arc::clone(&keys), at: now });
        Ok(keys)
    }
}

fn grant(grant_type: &str) -> TokenRequest {
    TokenRequest { grant_type: grant_type.into(), ..TokenRequest::default() }
}
