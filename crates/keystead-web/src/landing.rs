//! Renders where a finished flow lands: the one place that knows response modes.

use crate::faces;
use form_urlencoded::Serializer;
use keystead_core::Cx;
use keystead_core::signin::Landing;
use keystead_endpoint::Reply;
use keystead_model::Result;
use keystead_protocol::oauth::response::ResponseMode;

/// A redirect, or the page that posts.
///
/// # Errors
/// Those of the page.
pub fn render(cx: &Cx, landing: &Landing) -> Result<Reply> {
    match landing.mode {
        ResponseMode::FormPost => faces::of(cx)?.form_post(cx, landing),
        ResponseMode::Query => Ok(Reply::see_other(with_query(landing))),
        ResponseMode::Fragment => {
            Ok(Reply::see_other(format!("{}#{}", landing.target, encoded(landing))))
        }
    }
}

fn with_query(landing: &Landing) -> String {
    let joint = if landing.target.contains('?') { '&' } else { '?' };
    format!("{}{joint}{}", landing.target, encoded(landing))
}

fn encoded(landing: &Landing) -> String {
    Serializer::new(String::new()).extend_pairs(&landing.parameters).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_encoded_and_joined() {
        let landing = |target: &str| Landing {
            mode: ResponseMode::Query,
            target: target.to_owned(),
            parameters: vec![("state", "a b\r\n".to_owned())],
        };
        assert_eq!(with_query(&landing("https://a/b")), "https://a/b?state=a+b%0D%0A");
        assert_eq!(with_query(&landing("https://a/b?x=1")), "https://a/b?x=1&state=a+b%0D%0A");
    }
}
