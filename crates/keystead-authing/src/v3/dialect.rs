//! V3's envelope: HTTP always says 200, `statusCode` says what happened.

use super::{contract, errors, wording};
use crate::signature;
use http::HeaderMap;
use keystead_authing::envelope::{self, Envelope};
use keystead_core::Cx;
use keystead_endpoint::{EndpointRow, Reply};
use keystead_model::{Code, Error, Locale};
use keystead_web::Dialect;
use keystead_web::dialect::{Authenticating, Dressing, Signed};
use keystead_web::facts::header;

/// The dialect.
pub struct V3;

impl Dialect for V3 {
    fn success(&self, reply: Reply, dressing: &Dressing<'_>) -> Reply {
        match dressing.row {
            Some(row) => {
                let body = envelope::success(row.answer, reply.body, dressing.request_id);
                Reply { body, ..reply }
            }
            None => reply,
        }
    }

    fn failure(&self, error: &Error, dressing: &Dressing<'_>) -> Reply {
        let unbuilt = error.code() == Code::OperationUnknown && contract::has(dressing.path);
        let code = if unbuilt { Code::OperationUnsupported } else { error.code() };
        let number = errors::of(code);
        let args = error.args();
        let args: Vec<(&str, String)> = args.iter().map(|(n, v)| (*n, v.clone())).collect();
        let own = || {
            let mut text = dressing.texts.text(dressing.locale, code.text_key(), &args);
            // The envelope has no place of its own for the row of a batch.
            if let Some(row) = error.field_name().filter(|f| f.contains('[') && !text.contains(*f))
            {
                text.push_str(&format!(" ({row})"));
            }
            text
        };
        let message = wording::of(error, dressing.locale, dressing.path).unwrap_or_else(own);
        let body = Envelope::refusal(number.status, number.api, message)
            .with_request_id(dressing.request_id);
        let reply = Reply::json(&body);
        match error.retry_after_s() {
            Some(seconds) => reply.with_header("retry-after", seconds.to_string()),
            None => reply,
        }
    }

    fn locale(&self, headers: &HeaderMap, _query: &str) -> Locale {
        // An unknown language falls to zh-CN (seed walk 000-06).
        header(headers, "x-authing-lang").and_then(|tag| tag.parse().ok()).unwrap_or_default()
    }

    fn admit_admin<'a>(&'a self, cx: &'a mut Cx, request: Signed<'a>) -> Authenticating<'a> {
        Box::pin(signature::admit(cx, request))
    }

    fn is_readable_everywhere(&self, _row: &EndpointRow) -> bool {
        false
    }
}
