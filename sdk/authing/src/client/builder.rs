//! The settings of both clients.

use super::authentication::{AuthenticationClient, ClientAuthentication, Inner};
use super::keys::CachedKeys;
use super::management::{AccessKey, ManagementClient};
use crate::secret::Secret;
use keystead_endpoint::{HttpClient, HttpClientBuilder, SdkError};
use std::sync::Arc;
use std::time::Duration;

/// The settings of a [`ManagementClient`].
#[derive(Clone)]
pub struct ManagementClientBuilder {
    http: HttpClientBuilder,
    id: String,
    secret: Secret,
    lang: String,
    tenant_id: Option<String>,
}

/// The settings of an [`AuthenticationClient`].
#[derive(Clone)]
pub struct AuthenticationClientBuilder {
    http: HttpClientBuilder,
    app_id: String,
    app_secret: Option<Secret>,
    redirect_uri: Option<String>,
    scope: String,
    authentication: ClientAuthentication,
    access_token: Option<Secret>,
    lang: Option<String>,
    issuer: Option<String>,
}

/// The settings that both have.
macro_rules! transport {
    ($builder:ident, $host:ident) => {
        impl $builder {
            /// The server's address, such as `https://id.example.com`; a path is allowed.
            #[must_use]
            pub fn $host(mut self, address: impl Into<String>) -> Self {
                self.http = self.http.base_url(address);
                self
            }

            /// How long one attempt may take; 10 s unless said.
            #[must_use]
            pub fn timeout(self, timeout: Duration) -> Self {
                self.transport(|http| http.timeout(timeout))
            }

            /// Trusts only these certificate authorities (PEM) instead of the system's.
            #[must_use]
            pub fn ca_pem(self, pem: impl Into<Vec<u8>>) -> Self {
                self.transport(|http| http.ca_pem(pem))
            }

            /// Changes the transport's other settings, such as its patience.
            #[must_use]
            pub fn transport(
                mut self,
                change: impl FnOnce(HttpClientBuilder) -> HttpClientBuilder,
            ) -> Self {
                self.http = change(self.http);
                self
            }
        }
    };
}

transport!(ManagementClientBuilder, host);
transport!(AuthenticationClientBuilder, app_host);

fn given(value: &str, name: &str) -> Result<(), SdkError> {
    if value.is_empty() { Err(SdkError::setup(format!("{name} must be given"))) } else { Ok(()) }
}

impl Default for ManagementClientBuilder {
    fn default() -> Self {
        Self {
            http: HttpClient::builder(""),
            id: String::new(),
            secret: Secret::default(),
            lang: "en-US".into(),
            tenant_id: None,
        }
    }
}

impl ManagementClientBuilder {
    /// The access key's id.
    #[must_use]
    pub fn access_key_id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// The access key's secret.
    #[must_use]
    pub fn access_key_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.secret = secret.into();
        self
    }

    /// The language of messages: `en-US` (unless said), `zh-CN`, `zh-TW` or `ja-JP`.
    #[must_use]
    pub fn lang(mut self, lang: impl Into<String>) -> Self {
        self.lang = lang.into();
        self
    }

    /// The tenant that calls are about.
    #[must_use]
    pub fn tenant_id(mut self, id: impl Into<String>) -> Self {
        self.tenant_id = Some(id.into());
        self
    }

    /// The client.
    ///
    /// # Errors
    /// A setting that is missing or cannot work.
    pub fn build(self) -> Result<ManagementClient, SdkError> {
        given(&self.id, "access_key_id")?;
        given(self.secret.expose(), "access_key_secret")?;
        let Self { http, id, secret, lang, tenant_id } = self;
        let key = Arc::new(AccessKey { id, secret, lang, tenant_id });
        Ok(ManagementClient { http: http.build()?, key })
    }
}

impl Default for AuthenticationClientBuilder {
    fn default() -> Self {
        Self {
            http: HttpClient::builder(""),
            app_id: String::new(),
            app_secret: None,
            redirect_uri: None,
            scope: "openid profile".into(),
            authentication: ClientAuthentication::default(),
            access_token: None,
            lang: None,
            issuer: None,
        }
    }
}

impl AuthenticationClientBuilder {
    /// The application's id.
    #[must_use]
    pub fn app_id(mut self, id: impl Into<String>) -> Self {
        self.app_id = id.into();
        self
    }

    /// The application's secret; not for applications in a browser or on a phone.
    #[must_use]
    pub fn app_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.app_secret = Some(secret.into());
        self
    }

    /// Where the browser comes back to after signing in.
    #[must_use]
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uri = Some(uri.into());
        self
    }

    /// Scopes with spaces between; `openid profile` unless said. `openid` must be one.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = scope.into();
        self
    }

    /// How the application proves itself.
    #[must_use]
    pub const fn authentication(mut self, authentication: ClientAuthentication) -> Self {
        self.authentication = authentication;
        self
    }

    /// The language of messages and mails: `en-US`, `zh-CN`, `zh-TW` or `ja-JP`; the pool's own
    /// unless said.
    #[must_use]
    pub fn lang(mut self, lang: impl Into<String>) -> Self {
        self.lang = Some(lang.into());
        self
    }

    /// Who tokens must be issued by, where the server is reached under another address than the one
    /// it gives itself; `app_host` with `/oidc` unless said.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// The access token for calls that act for a user.
    #[must_use]
    pub fn access_token(mut self, token: impl Into<Secret>) -> Self {
        self.access_token = Some(token.into());
        self
    }

    /// The client.
    ///
    /// # Errors
    /// A setting that is missing or cannot work.
    pub fn build(self) -> Result<AuthenticationClient, SdkError> {
        given(&self.app_id, "app_id")?;
        let open = self.authentication == ClientAuthentication::None;
        if !open && self.app_secret.is_none() {
            return Err(SdkError::setup(
                "app_secret must be given, or authentication(ClientAuthentication::None)",
            ));
        }
        if !self.scope.split(' ').any(|scope| scope == "openid") {
            return Err(SdkError::setup("scope must contain openid"));
        }
        let http = self.http.build()?;
        let inner = Inner {
            issuer: self.issuer.unwrap_or_else(|| format!("{}/oidc", http.base())),
            http,
            app_id: self.app_id,
            app_secret: self.app_secret,
            redirect_uri: self.redirect_uri,
            scope: self.scope,
            authentication: self.authentication,
            lang: self.lang,
            keys: CachedKeys::default(),
        };
        Ok(AuthenticationClient { inner: Arc::new(inner), access_token: self.access_token })
    }
}
