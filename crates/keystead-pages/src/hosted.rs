//! The pages that protocols ask for.

use crate::csp::{FormTarget, Policy};
use crate::error::ErrorPage;
use crate::form_post::{FormPostPage, Parameter};
use crate::logout::{SignOutPage, SignedOutPage};
use crate::{Href, answer};
use keystead_core::Cx;
use keystead_core::signin::Landing;
use keystead_endpoint::Reply;
use keystead_model::{Code, Error, Result};
use keystead_web::faces::Faces;
use url::Url;

/// The most that the sign-out page repeats, in bytes: well above any request of ours.
const PARAMETERS_MAX: usize = 32_768;

/// Renders what [`Faces`] asks for with the pages of this crate.
#[derive(Clone, Copy, Debug)]
pub struct Hosted;

impl Faces for Hosted {
    fn form_post(&self, cx: &Cx, landing: &Landing) -> Result<Reply> {
        let sound = Href::redirect(&landing.target).zip(FormTarget::of(&landing.target));
        let (action, target) = sound.ok_or_else(|| Error::new(Code::RedirectUnregistered))?;
        let parameters =
            landing.parameters.iter().map(|(name, value)| Parameter::new(*name, value));
        let host =
            Url::parse(&landing.target).ok().and_then(|url| url.host_str().map(str::to_owned));
        let to = host.unwrap_or_else(|| answer::brand(cx).name().to_owned());
        let page = FormPostPage { action, to, parameters: parameters.collect() };
        answer::page(cx, &page, &Policy::FormPost(target), None)
    }

    fn confirm_sign_out(&self, cx: &Cx, parameters: &[(&'static str, String)]) -> Result<Reply> {
        let query = encoded(parameters);
        if query.len() > PARAMETERS_MAX {
            return Err(
                Error::new(Code::RequestInvalid).arg("detail", "the parameters are too long")
            );
        }
        let repeated = parameters.iter().map(|(name, value)| Parameter::new(*name, value));
        let page = SignOutPage {
            action: answer::own(cx, "/oidc/session/end")?,
            parameters: repeated.collect(),
            person: None,
            application: None,
        };
        answer::page(cx, &page, &Policy::Page, Some(&query))
    }

    fn signed_out(&self, cx: &Cx) -> Result<Reply> {
        answer::page(cx, &SignedOutPage::default(), &Policy::Page, Some(""))
    }

    fn refusal(&self, cx: &Cx, error: &Error, detail: &str) -> Result<Reply> {
        // A refused request is refused again when a language link sends it by GET.
        let mut page = ErrorPage::new(error, &cx.request.request_id);
        page.detail = Some(detail.to_owned());
        answer::error(cx, error, &page, Some(&cx.request.evidence.parameters))
    }
}

fn encoded(parameters: &[(&'static str, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}
