//! Takes an answer in, within bounds.

use crate::error::SdkError;
use crate::reply::Reply;

/// The longest answer that is read, in bytes.
const MAX_BODY: usize = 16 << 20;

/// The headers a caller may want; the others are dropped.
const KEPT: &[&str] = &[
    "content-type",
    "date",
    "location",
    "retry-after",
    "set-cookie",
    "www-authenticate",
    "x-request-id",
];

pub(super) async fn reply(mut response: reqwest::Response) -> Result<Reply, SdkError> {
    let mut reply = Reply::empty(response.status().as_u16());
    for name in KEPT {
        for value in response.headers().get_all(*name) {
            if let Ok(text) = value.to_str() {
                reply.headers.push((name, text.to_owned()));
            }
        }
    }
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if reply.body.len().saturating_add(chunk.len()) > MAX_BODY {
            return Err(SdkError::decoding(format!("the answer is longer than {MAX_BODY} bytes"))
                .with_status(reply.status));
        }
        reply.body.extend_from_slice(&chunk);
    }
    Ok(reply)
}

pub(super) fn failed(error: reqwest::Error) -> SdkError {
    let (timeout, connect) = (error.is_timeout(), error.is_connect());
    // An address may carry a token in its query: it stays out of the error.
    let error = error.without_url();
    let what = match (timeout, connect) {
        (true, _) => "the server took too long",
        (_, true) => "no connection could be made",
        _ => "the connection broke",
    };
    let mut failed = SdkError::transport(what).caused_by(error);
    if timeout {
        failed = failed.with_timeout();
    }
    if connect {
        failed = failed.with_connect();
    }
    failed
}
