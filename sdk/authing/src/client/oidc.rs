//! OpenID Connect calls by their purpose, and offline verification with cached keys.

use super::authentication::{AuthenticationClient, Inner};
use crate::secret::Secret;
use crate::tokens::{self, Claims, Expected, TokenKind};
use crate::v3::oidc::{
    Introspect, Introspection, JwksRequest, Revoke, TokenRequest, TokenSet, UserInfo,
    UserInfoRequest,
};
use keystead_endpoint::SdkError;

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
    pub async fn get_user_info_by_access_token(
        &self,
        access_token: impl Into<Secret>,
    ) -> Result<UserInfo, SdkError> {
        self.with_access_token(access_token).user_info(&UserInfoRequest {}).await
    }

    /// Verifies an access token without asking the server, apart from its keys: these are asked for
    /// once an hour, and when a token names another, but then at most twice a minute. While the
    /// server does not answer, the keys it gave within the last day are used.
    ///
    /// A token that was revoked stays valid here until it ends; introspection knows better.
    ///
    /// # Errors
    /// The keys cannot be fetched, or the token is not good: then the source is a
    /// [`TokenError`](tokens::TokenError).
    #[doc(alias = "parseAccessToken")]
    pub async fn verify_access_token(&self, token: &str) -> Result<Claims, SdkError> {
        self.verify(token, TokenKind::Access, None).await
    }

    /// Verifies an ID token; `nonce` is that of [`build_authorize_url`](Self::build_authorize_url).
    ///
    /// # Errors
    /// As for [`verify_access_token`](Self::verify_access_token).
    #[doc(alias = "parseIDToken")]
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
        let Inner { http, issuer, app_id, app_secret, keys, .. } = &*self.inner;
        let now = http.now();
        let fetch = self.jwks(&JwksRequest {});
        let keys = keys.of(token, now, app_secret.as_ref(), fetch).await?;
        let expected = Expected { kind, issuer, audience: app_id, nonce, now };
        tokens::verify(token, &keys, &expected)
            .map_err(|e| SdkError::decoding(format!("the token is not good: {e}")).caused_by(e))
    }
}

fn grant(grant_type: &str) -> TokenRequest {
    TokenRequest { grant_type: grant_type.into(), ..TokenRequest::default() }
}
