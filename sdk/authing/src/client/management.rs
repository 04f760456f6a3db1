//! The client of an administrator: every call is signed with an access key.

use super::builder::ManagementClientBuilder;
use super::{SDK_VERSION, random, unwrap};
use crate::secret::Secret;
use crate::sign::{self, Authorization, Request};
use keystead_endpoint::{
    Dialect, Endpoint, EndpointRow, HttpClient, Listed, Outgoing, Paged, Pages, Reply, SdkError,
};
use serde::Serialize;
use std::sync::Arc;

/// A client that acts for an administrator. Cheap to clone.
#[derive(Clone)]
pub struct ManagementClient {
    pub(super) http: HttpClient,
    pub(super) key: Arc<AccessKey>,
}

/// What calls are signed with.
pub(super) struct AccessKey {
    pub(super) id: String,
    pub(super) secret: Secret,
    pub(super) lang: String,
    pub(super) tenant_id: Option<String>,
}

impl ManagementClient {
    /// Starts a client; the access key and the host must be given.
    #[must_use]
    pub fn builder() -> ManagementClientBuilder {
        ManagementClientBuilder::default()
    }

    /// Calls an endpoint by its request; the methods named after endpoints do nothing else.
    ///
    /// # Errors
    /// No answer, a refusal, or an answer of another shape.
    pub async fn call<E: Endpoint + Serialize>(
        &self,
        request: &E,
    ) -> Result<E::Response, SdkError> {
        self.http.call(&*self.key, request).await
    }

    /// Walks a list page by page, or item by item with [`Pages::items`]; a page has 50 items unless
    /// the request says otherwise, and the request's page number is not used.
    ///
    /// ```no_run
    /// # async fn run(client: keystead_authing::ManagementClient)
    /// #     -> Result<(), keystead_authing::SdkError> {
    /// use keystead_authing::v3::roles::ListRoleMembers;
    ///
    /// let members = ListRoleMembers { code: "reader".into(), ..Default::default() };
    /// let mut members = client.pages(members).items();
    /// while let Some(user) = members.next().await {
    ///     println!("{}", user?.user_id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn pages<E: Paged + Serialize>(&self, request: E) -> Pages<<E::Response as Listed>::Item> {
        let client = self.clone();
        Pages::of(request, move |request: E| {
            let client = client.clone();
            async move { client.call(&request).await }
        })
    }
}

impl Dialect for AccessKey {
    fn headers(&self, call: &Outgoing<'_>) -> Result<Vec<(&'static str, String)>, SdkError> {
        let mut headers = vec![
            ("date", httpdate::fmt_http_date(call.now)),
            ("x-authing-lang", self.lang.clone()),
            ("x-authing-sdk-version", SDK_VERSION.to_owned()),
            ("x-authing-signature-method", sign::METHOD.to_owned()),
            ("x-authing-signature-nonce", random::hex()?),
            ("x-authing-signature-version", sign::VERSION.to_owned()),
        ];
        headers.extend(self.tenant_id.clone().map(|id| ("x-authing-app-id", id)));
        let Outgoing { row, path, query, body, .. } = *call;
        let request = Request { method: row.method, path, query, body };
        let signed = headers.iter().map(|(name, value)| (*name, value.as_str()));
        let texts = sign::candidates(&request, signed)
            .map_err(|e| SdkError::decoding(format!("{} cannot be signed: {e}", row.name)))?;
        let text = texts.first().map(String::as_str).unwrap_or_default();
        let signature = sign::signature(self.secret.expose(), text);
        let header = Authorization { access_key_id: &self.id, signature: &signature }.header();
        headers.push(("authorization", header));
        Ok(headers)
    }

    fn unwrap(&self, row: &EndpointRow, reply: Reply) -> Result<Reply, SdkError> {
        unwrap::unwrap(row, reply)
    }
}
