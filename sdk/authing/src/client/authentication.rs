//! The client of an application and its users.

use super::builder::AuthenticationClientBuilder;
use super::keys::CachedKeys;
use super::unwrap;
use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keystead_endpoint::encode::{Encoded, encode};
use keystead_endpoint::{
    Caller, Dialect, Endpoint, EndpointRow, HttpClient, Listed, Outgoing, Paged, Pages, Reply,
    Respond, SdkError,
};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;
use url::form_urlencoded::byte_serialize;

/// A client that acts for an application and its users. Cheap to clone.
#[derive(Clone)]
pub struct AuthenticationClient {
    pub(super) inner: Arc<Inner>,
    pub(super) access_token: Option<Secret>,
}

pub(super) struct Inner {
    pub(super) http: HttpClient,
    pub(super) app_id: String,
    pub(super) app_secret: Option<Secret>,
    pub(super) redirect_uri: Option<String>,
    pub(super) scope: String,
    pub(super) authentication: ClientAuthentication,
    pub(super) lang: Option<String>,
    pub(super) issuer: String,
    pub(super) keys: CachedKeys,
}

/// How an application proves itself (OpenID Connect Core, section 9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// `client_secret_post`: id and secret in the body.
    #[default]
    Post,
    /// `client_secret_basic`: id and secret in the header.
    Basic,
    /// `none`: only the id, for applications that can keep no secret.
    None,
}

impl AuthenticationClient {
    /// Starts a client; the application's id and secret and the host must be given.
    #[must_use]
    pub fn builder() -> AuthenticationClientBuilder {
        AuthenticationClientBuilder::default()
    }

    /// The same client acting for the user of this access token.
    #[must_use]
    pub fn with_access_token(&self, token: impl Into<Secret>) -> Self {
        Self { inner: Arc::clone(&self.inner), access_token: Some(token.into()) }
    }

    /// Calls an endpoint by its request; the methods named after endpoints do nothing else.
    ///
    /// If the endpoint wants the application to prove itself and the request does not say how, the
    /// client does so as it was set up.
    ///
    /// # Errors
    /// No answer, a refusal, or an answer of another shape.
    pub async fn call<E: Endpoint + Serialize>(
        &self,
        request: &E,
    ) -> Result<E::Response, SdkError> {
        let row = E::ROW;
        let mut fields = serde_json::to_value(request)
            .map_err(|e| SdkError::decoding(format!("the request of {}: {e}", row.name)))?;
        let header = self.prove(row, &mut fields)?;
        let reply = self.send(row, header, &encode(row, &fields)?).await?;
        E::Response::receive(row, reply)
    }

    /// Walks a list page by page, or item by item with [`Pages::items`]; a page has 50 items unless
    /// the request says otherwise, and the request's page number is not used.
    #[must_use]
    pub fn pages<E: Paged + Serialize>(&self, request: E) -> Pages<<E::Response as Listed>::Item> {
        let client = self.clone();
        Pages::of(request, move |request: E| {
            let client = client.clone();
            async move { client.call(&request).await }
        })
    }

    /// Sends an encoded request with the credentials that were made for it.
    pub(super) async fn send(
        &self,
        row: &EndpointRow,
        header: Option<Secret>,
        encoded: &Encoded,
    ) -> Result<Reply, SdkError> {
        let Inner { app_id, lang, http, .. } = &*self.inner;
        let caller = Credentials { app_id, lang: lang.as_deref(), header };
        http.send(&caller, row, encoded).await
    }

    /// Adds credentials to the body, or makes the `authorization` header.
    pub(super) fn prove(
        &self,
        row: &EndpointRow,
        fields: &mut Value,
    ) -> Result<Option<Secret>, SdkError> {
        match row.caller {
            Caller::Open | Caller::Admin => Ok(None),
            Caller::User => match &self.access_token {
                Some(token) => Ok(Some(format!("Bearer {}", token.expose()).into())),
                None => Err(SdkError::setup(format!(
                    "{} acts for a user: call with_access_token first",
                    row.name
                ))),
            },
            Caller::Client => Ok(self.prove_client(fields)),
        }
    }

    fn prove_client(&self, fields: &mut Value) -> Option<Secret> {
        let Inner { app_id, app_secret, authentication, .. } = &*self.inner;
        let secret = app_secret.as_ref().map(Secret::expose).unwrap_or_default();
        let fields = fields.as_object_mut()?;
        if fields.contains_key("client_id") {
            return None;
        }
        if *authentication == ClientAuthentication::Basic {
            let part = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
            let pair = format!("{}:{}", part(app_id), part(secret));
            return Some(format!("Basic {}", STANDARD.encode(pair)).into());
        }
        fields.insert("client_id".into(), app_id.clone().into());
        if *authentication == ClientAuthentication::Post {
            fields.insert("client_secret".into(), secret.into());
        }
        None
    }
}

/// Who makes one call.
struct Credentials<'a> {
    app_id: &'a str,
    lang: Option<&'a str>,
    header: Option<Secret>,
}

impl Dialect for Credentials<'_> {
    fn headers(&self, _call: &Outgoing<'_>) -> Result<Vec<(&'static str, String)>, SdkError> {
        let mut headers = vec![("x-authing-app-id", self.app_id.to_owned())];
        headers.extend(self.lang.map(|lang| ("x-authing-lang", lang.to_owned())));
        headers.extend(self.header.as_ref().map(|h| ("authorization", h.expose().to_owned())));
        Ok(headers)
    }

    fn unwrap(&self, row: &EndpointRow, reply: Reply) -> Result<Reply, SdkError> {
        unwrap::unwrap(row, reply)
    }
}
