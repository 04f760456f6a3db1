//! Calls that this SDK has no method for.

use super::{AuthenticationClient, ManagementClient};
use keystead_endpoint::encode::{Encoded, encode};
use keystead_endpoint::{Answer, Body, Caller, EndpointRow, Repeat, SdkError};
use serde_json::Value;

impl ManagementClient {
    /// Calls a path with a method and fields of your own, signed as every other call; the answer
    /// without its envelope. The path begins with a slash and may have a query.
    ///
    /// ```no_run
    /// # async fn run(client: keystead_authing::ManagementClient)
    /// #     -> Result<(), keystead_authing::SdkError> {
    /// let fields = serde_json::json!({ "code": "billing" });
    /// let made = client.request("POST", "/api/v3/create-something", &fields).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// No answer, a refusal, or a method or path that cannot be sent.
    pub async fn request(
        &self,
        method: &str,
        path: &str,
        fields: &Value,
    ) -> Result<Value, SdkError> {
        let row = row(method, Caller::Admin)?;
        let reply = self.http.send(&*self.key, &row, &encoded(&row, path, fields)?).await?;
        value(&reply.body)
    }
}

impl AuthenticationClient {
    /// Calls a path with a method and fields of your own; the answer without its envelope. The
    /// path begins with a slash and may have a query. With an access token the call acts for its
    /// user, else the application proves itself as it was set up, where the call has a body: a
    /// secret has no place in an address.
    ///
    /// # Errors
    /// No answer, a refusal, or a method or path that cannot be sent.
    pub async fn request(
        &self,
        method: &str,
        path: &str,
        fields: &Value,
    ) -> Result<Value, SdkError> {
        let caller = match (&self.access_token, Body::of(method)) {
            (Some(_), _) => Caller::User,
            (None, Body::Json) => Caller::Client,
            (None, _) => Caller::Open,
        };
        let row = row(method, caller)?;
        let mut fields = fields.clone();
        let header = self.prove(&row, &mut fields)?;
        let reply = self.send(&row, header, &encoded(&row, path, &fields)?).await?;
        value(&reply.body)
    }
}

fn row(method: &str, caller: Caller) -> Result<EndpointRow, SdkError> {
    let known = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    let method = known
        .into_iter()
        .find(|known| *known == method)
        .ok_or_else(|| SdkError::setup("the method must be GET, POST, PUT, PATCH or DELETE"))?;
    Ok(EndpointRow {
        name: "request",
        method,
        paths: &["/"],
        caller,
        permission: "",
        body: Body::of(method),
        answer: Answer::Both,
        repeat: Repeat::of(method),
        area: "raw",
        doc: "",
    })
}

fn encoded(row: &EndpointRow, path: &str, fields: &Value) -> Result<Encoded, SdkError> {
    let plain = |c: char| c.is_ascii_graphic() && c != '#' && c != '\\';
    if !path.starts_with('/') || path.starts_with("//") || !path.chars().all(plain) {
        let wrong = "the path must begin with one slash, and hold nothing that needs encoding";
        return Err(SdkError::setup(wrong));
    }
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut encoded = encode(row, fields)?;
    encoded.path = path.to_owned();
    let parts = [query, &encoded.query].into_iter().filter(|part| !part.is_empty());
    encoded.query = parts.collect::<Vec<_>>().join("&");
    Ok(encoded)
}

fn value(body: &[u8]) -> Result<Value, SdkError> {
    serde_json::from_slice(body)
        .map_err(|e| SdkError::decoding(format!("the answer is no JSON: {e}")))
}
