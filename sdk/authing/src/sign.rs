//! The AK/SK signature of V3 management calls, for both sides.
//!
//! The text to be signed is the method, the headers `x-authing-*` and `date`, and the path with the
//! parameters unencoded. Clients differ in small things, so a verifier tries a few texts
//! ([`candidates`]); a signer signs the first.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keystead_endpoint::decode::{DecodeError, Input};
use std::collections::BTreeMap;

/// The value of `x-authing-signature-method`.
pub const METHOD: &str = "HMAC-SHA1";
/// The value of `x-authing-signature-version`.
pub const VERSION: &str = "1.0";
/// What a client signs to open a WebSocket of events: no header, no path, no date.
pub const WEBSOCKET: &str = "websocket\n";
/// Lists in the query of an operation: a client signs an empty one, and then has nothing to send.
const LISTS: [(&str, &str); 14] = [
    ("/api/v3/get-public-account-batch", "userIds"),
    ("/api/v3/get-organization-batch", "organizationCodeList"),
    ("/api/v3/get-department-by-id", "appTypeList"),
    ("/api/v3/get-user-batch", "userIds"),
    ("/api/v3/list-sync-risk-operations", "status"),
    ("/api/v3/list-sync-risk-operations", "objectType"),
    ("/api/v3/list-role-assignments", "targetType"),
    ("/api/v3/get-resources-batch", "codeList"),
    ("/api/v3/get-namespaces-batch", "codeList"),
    ("/api/v3/get-authorized-resources", "resourceList"),
    ("/api/v3/get-permission-namespaces-batch", "codes"),
    ("/api/v3/list-data-resources", "namespaceCodes"),
    ("/api/v3/list-data-policy-targets", "targetType"),
    ("/api/v3/list-access-key", "status"),
];

/// A request as it is on the wire, without host and base path.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// HTTP method in capitals.
    pub method: &'a str,
    /// The path as sent.
    pub path: &'a str,
    /// The query as sent, without the question mark.
    pub query: &'a str,
    /// The body as sent.
    pub body: &'a [u8],
}

/// The contents of an `authorization` header: `authing AK:signature`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authorization<'a> {
    /// The access key's id.
    pub access_key_id: &'a str,
    /// The signature in base64.
    pub signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// Reads the header; `None` if it is of another scheme or incomplete.
    #[must_use]
    pub fn parse(header: &'a str) -> Option<Self> {
        let (scheme, rest) = header.split_once(' ')?;
        let (access_key_id, signature) = rest.trim().split_once(':')?;
        let whole = !access_key_id.is_empty() && !signature.is_empty();
        (scheme.eq_ignore_ascii_case("authing") && whole)
            .then_some(Self { access_key_id, signature })
    }

    /// The header.
    #[must_use]
    pub fn header(&self) -> String {
        format!("authing {}:{}", self.access_key_id, self.signature)
    }
}

/// The path with its parameters, sorted by the UTF-16 code units of their names, unencoded.
#[must_use]
pub fn resource(path: &str, parameters: &BTreeMap<String, String>) -> String {
    let mut sorted: Vec<_> = parameters.iter().collect();
    sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    let mut resource = path.to_owned();
    for (place, (name, value)) in sorted.into_iter().enumerate() {
        resource.push(if place == 0 { '?' } else { '&' });
        resource.push_str(name);
        resource.push('=');
        resource.push_str(value);
    }
    resource
}

/// The text to be signed. Of `headers` only those that are signed count, in any order and case.
pub fn string_to_sign<'h>(
    method: &str,
    headers: impl IntoIterator<Item = (&'h str, &'h str)>,
    resource: &str,
) -> String {
    format!("{method}\n{}{resource}", signed_headers(headers))
}

/// A line for each header that is signed, sorted by name.
fn signed_headers<'h>(headers: impl IntoIterator<Item = (&'h str, &'h str)>) -> String {
    let mut signed: Vec<(String, &str)> = headers
        .into_iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .filter(|(name, _)| name == "date" || name.starts_with("x-authing-"))
        .collect();
    signed.sort();
    let mut lines = String::new();
    for (name, value) in signed {
        let value = value.replace(['\t', '\n', '\r', '\u{c}'], " ");
        lines.push_str(&name);
        lines.push(':');
        lines.push_str(value.trim());
        lines.push('\n');
    }
    lines
}

/// Every text a client may have signed for this request, the usual one first; at most eight.
///
/// Beside the usual one these are: a bare `?` when every parameter was left out, an empty list
/// that was signed and not sent, the method in lower case as the caller wrote it (`get` then
/// leaves its parameters out), and a path template sent percent-encoded but signed with its
/// braces.
///
/// # Errors
/// The body or the query cannot be read.
pub fn candidates<'h>(
    request: &Request<'_>,
    headers: impl IntoIterator<Item = (&'h str, &'h str)>,
) -> Result<Vec<String>, DecodeError> {
    let reads = matches!(request.method, "GET" | "HEAD");
    let parameters = if reads { of_query(request.query)? } else { of_body(request.body)? };
    let mut paths = vec![request.path.to_owned()];
    if request.path.contains("%7B") {
        paths.push(request.path.replace("%7B", "{").replace("%7D", "}"));
    }
    let lines = signed_headers(headers);
    let text = |method: &str, resource: &str| format!("{method}\n{lines}{resource}");
    let mut texts = Vec::new();
    for path in paths {
        let whole = resource(&path, &parameters);
        let bare = parameters.is_empty().then(|| format!("{path}?"));
        texts.push(text(request.method, &whole));
        texts.extend(bare.iter().map(|bare| text(request.method, bare)));
        if reads {
            for (_, list) in LISTS.iter().filter(|(of, _)| *of == path) {
                if !parameters.contains_key(*list) {
                    let mut signed = parameters.clone();
                    signed.insert((*list).to_owned(), "[]".to_owned());
                    texts.push(text(request.method, &resource(&path, &signed)));
                }
            }
            texts.push(text("get", &path));
        } else {
            let method = request.method.to_ascii_lowercase();
            texts.push(text(&method, &whole));
            texts.extend(bare.iter().map(|bare| text(&method, bare)));
        }
    }
    Ok(texts)
}

/// Parameters of a query. What came as `k[]=..` or several times was signed as a JSON list.
fn of_query(query: &str) -> Result<BTreeMap<String, String>, DecodeError> {
    let mut all: BTreeMap<String, (bool, Vec<String>)> = BTreeMap::new();
    for (name, value) in keystead_endpoint::pairs(query)? {
        let listed = name.strip_suffix("[]").map(str::to_owned);
        let entry = all.entry(listed.clone().unwrap_or(name)).or_default();
        entry.0 |= listed.is_some();
        entry.1.push(value);
    }
    let texts = all.into_iter().map(|(name, (listed, mut values))| {
        let text = match values.pop() {
            Some(only) if !listed && values.is_empty() => only,
            last => serde_json::Value::from_iter(values.into_iter().chain(last)).to_string(),
        };
        (name, text)
    });
    Ok(texts.collect())
}

/// The top-level keys of a JSON body: a text as it is, anything else as its JSON was sent.
fn of_body(body: &[u8]) -> Result<BTreeMap<String, String>, DecodeError> {
    let fields = Input { path: &[], query: "", body }.raw()?;
    let texts = fields.into_iter().map(|(name, value)| {
        let raw = value.get();
        let text = if raw.starts_with('"') {
            serde_json::from_str(raw)
                .map_err(|_| DecodeError::malformed("a text of the body is not Unicode"))?
        } else {
            raw.to_owned()
        };
        Ok((name, text))
    });
    texts.collect()
}

/// base64 of HMAC-SHA1 over the text, under the key's secret.
#[must_use]
pub fn signature(secret: &str, text: &str) -> String {
    STANDARD.encode(hmac::sign(&key(secret), text.as_bytes()))
}

/// Whether the signature is that of one of the texts; compares in constant time.
#[must_use]
pub fn verify(secret: &str, texts: &[String], signature: &str) -> bool {
    let Ok(tag) = STANDARD.decode(signature) else { return false };
    let key = key(secret);
    texts.iter().any(|text| hmac::verify(&key, text.as_bytes(), &tag).is_ok())
}

fn key(secret: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes())
}

#[cfg(test)]
mod tests;
