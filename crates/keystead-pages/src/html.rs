//! The dialect of pages: answers pass as they are, refusals become the error page.

use crate::csp::Policy;
use crate::error::ErrorPage;
use crate::{Brand, Env, Frame, answer, preference};
use http::HeaderMap;
use keystead_endpoint::Reply;
use keystead_model::{Error, Kind, Locale, Result, Texts};
use keystead_web::Dialect;
use keystead_web::dialect::Dressing;
use std::sync::Arc;

/// Pages for people. A refusal is never a redirect.
pub struct Html {
    env: Env,
}

impl Html {
    /// The dialect with texts from here.
    ///
    /// # Errors
    /// `internal` when a template does not compile (a test proves that all do).
    pub fn new(texts: &Arc<dyn Texts>) -> Result<Self> {
        Ok(Self { env: Env::new(texts)? })
    }
}

impl Dialect for Html {
    fn success(&self, reply: Reply, dressing: &Dressing<'_>) -> Reply {
        remembering(reply, dressing)
    }

    fn failure(&self, error: &Error, dressing: &Dressing<'_>) -> Reply {
        let mut page = ErrorPage::new(error, dressing.request_id);
        page.detail = page.detail.or_else(|| named_field(error, dressing));
        // A form that was refused cannot be asked for again by a link.
        let by_get = dressing.row.is_none_or(|row| row.method == "GET");
        let frame = Frame {
            locale: dressing.locale,
            languages: &Locale::ALL,
            brand: &Brand::default(),
            query: by_get.then_some(dressing.query),
        };
        let reply = match self.env.render(frame, &page) {
            Ok(html) => answer::dressed(html, &Policy::Page),
            Err(_) => Reply::text(dressing.request_id),
        };
        remembering(answer::refused(reply, error), dressing)
    }

    fn locale(&self, headers: &HeaderMap, query: &str) -> Locale {
        preference::locale(headers, query)
    }
}

impl std::fmt::Debug for Html {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Html")
    }
}

/// What is wrong with which field, for the developers of an application.
fn named_field(error: &Error, dressing: &Dressing<'_>) -> Option<String> {
    let named = error.kind() == Kind::Invalid && error.field_name().is_some();
    named.then(|| dressing.texts.text(dressing.locale, error.code().text_key(), &error.args()))
}

fn remembering(reply: Reply, dressing: &Dressing<'_>) -> Reply {
    match preference::set_cookie(dressing.query) {
        Some(cookie) => reply.with_header("set-cookie", cookie),
        None => reply,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows;
    use crate::tests::texts::Recorded;
    use keystead_endpoint::{Endpoint, EndpointRow};
    use keystead_model::Code;

    fn fail(error: &Error, row: Option<&EndpointRow>, query: &str) -> Reply {
        let texts: Arc<dyn Texts> = Arc::new(Recorded::load());
        let dressing = Dressing {
            row,
            request_id: "0123abcd",
            locale: Locale::EnUs,
            texts: &*texts,
            path: "/x",
            query,
        };
        Html::new(&texts).unwrap().failure(error, &dressing)
    }

    #[test]
    fn every_refusal_is_a_page_and_no_redirect() {
        for code in Code::ALL {
            let reply = fail(&Error::new(*code), None, "");
            let html = String::from_utf8(reply.body.clone()).unwrap();
            assert!(html.contains("0123abcd") && html.contains("<h1>"), "{}", code.key());
            assert_eq!(reply.status, answer::status(*code));
            assert_eq!(reply.header("location"), None);
            assert_eq!(reply.header("cache-control"), Some("no-store"));
            assert!(reply.header("content-security-policy").is_some());
        }
    }

    #[test]
    fn language_links_stand_where_get_leads_back() {
        let error = Error::new(Code::SigninExpired);
        for (row, want) in
            [(None, true), (Some(rows::SignIn::ROW), true), (Some(rows::SignInForm::ROW), false)]
        {
            let reply = fail(&error, row, "a=1");
            let html = String::from_utf8(reply.body).unwrap();
            assert_eq!(html.contains("?lang=ja-JP&amp;a=1"), want);
        }
    }

    #[test]
    fn a_chosen_language_is_remembered() {
        let reply = fail(&Error::new(Code::Busy), None, "lang=ja-JP");
        assert!(reply.header("set-cookie").unwrap().starts_with("ks-lang=ja-JP;"));
        assert_eq!(fail(&Error::new(Code::Busy), None, "").header("set-cookie"), None);
    }
}
