//! AK/SK: who signed a management request (V3 contract, section 2).

use keystead_authing::sign::{self, Authorization, Request};
use keystead_core::Cx;
use keystead_core::access_keys::{self, Freshness};
use keystead_model::{Code, Millis, Result};
use keystead_web::dialect::Signed;
use keystead_web::facts::header;

/// Makes the context act for the access key that signed the request.
///
/// The date is checked before its freshness, the signature before the nonce: a stranger can
/// neither fill the memory of nonces nor use one up.
///
/// # Errors
/// `signature.*`, which V3 spells 1300 to 1306.
pub async fn admit(cx: &mut Cx, request: Signed<'_>) -> Result<()> {
    let text = |name| header(request.headers, name).unwrap_or_default();
    let authorization =
        Authorization::parse(text("authorization")).ok_or(Code::SignatureInvalid)?;
    if text("x-authing-signature-method") != sign::METHOD {
        return Err(Code::SignatureMethod.into());
    }
    if text("x-authing-signature-version") != sign::VERSION {
        return Err(Code::SignatureVersion.into());
    }
    let date = date_of(header(request.headers, "date"))?;
    let key = access_keys::find(cx, authorization.access_key_id).await?;
    let signed = Request {
        method: request.method,
        path: request.path,
        query: request.input.query,
        body: request.input.body,
    };
    let headers: Vec<(&str, &str)> = request
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
        .collect();
    let texts = sign::candidates(&signed, headers).map_err(keystead_web::reply::decoding)?;
    if !sign::verify(key.secret.expose(), &texts, authorization.signature) {
        return Err(Code::SignatureInvalid.into());
    }
    let nonce = header(request.headers, "x-authing-signature-nonce")
        .filter(|nonce| !nonce.is_empty())
        .ok_or(Code::SignatureInvalid)?;
    let fresh = Freshness { key_id: authorization.access_key_id, date, nonce };
    access_keys::admit(cx, &key, &fresh).await
}

/// The date in one of its two forms: an HTTP date, or milliseconds since the epoch.
fn date_of(value: Option<&str>) -> Result<Millis> {
    let value = value.map(str::trim).filter(|v| !v.is_empty()).ok_or(Code::SignatureDateMissing)?;
    if let Ok(ms) = value.parse::<i64>() {
        return Ok(Millis(ms));
    }
    let at = httpdate::parse_http_date(value).map_err(|_| Code::SignatureDateMalformed)?;
    let since = at.duration_since(std::time::UNIX_EPOCH).map_err(|_| Code::SignatureSkew)?;
    i64::try_from(since.as_millis()).map(Millis).map_err(|_| Code::SignatureSkew.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_the_date_are_read() {
        let read = |text| date_of(text).map_err(|e| e.code());
        assert_eq!(read(Some("Tue, 01 Jul 2025 00:00:00 GMT")), Ok(Millis(1_751_328_000_000)));
        assert_eq!(read(Some("1751328000000")), Ok(Millis(1_751_328_000_000)));
        assert_eq!(read(None), Err(Code::SignatureDateMissing));
        assert_eq!(read(Some(" ")), Err(Code::SignatureDateMissing));
        assert_eq!(read(Some("yesterday")), Err(Code::SignatureDateMalformed));
        assert_eq!(read(Some("Thu, 01 Jan 1960 00:00:00 GMT")), Err(Code::SignatureDateMalformed));
    }
}
