//! `serve --dev`: what is random per data folder, `dev.json`, and the routes below `/dev`.

mod callback;
mod captchas;
mod clock;
mod facts;
mod outbox;
mod values;

pub use facts::{FILE, Facts, values};
pub use values::Values;

use crate::local_only::{LocalOnly, local_only};
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use keystead_core::Core;
use keystead_core::captcha::Answers;
use keystead_model::{Locale, Secret};
use keystead_outbound::Capture;
use keystead_pages::csp::Policy;
use keystead_pages::{Brand, Env, Frame, Page, preference};
use std::sync::Arc;

/// What the routes below `/dev` need.
pub struct Dev {
    /// The domain: its clock is moved.
    pub core: Arc<Core>,
    /// The messages that were captured instead of sent.
    pub capture: Capture,
    /// The characters of the captchas that were shown.
    pub captchas: Answers,
    /// The templates.
    pub env: Arc<Env>,
    /// The development application.
    pub application: Application,
}

/// The development application, as the callback page needs it.
#[derive(Debug)]
pub struct Application {
    /// The token endpoint.
    pub token_url: String,
    /// Its id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Secret,
    /// The address of the callback page.
    pub redirect_uri: String,
    /// Where a code flow starts.
    pub authorize_url: String,
}

/// The routes, for this machine alone.
pub fn routes(dev: Dev, guard: LocalOnly) -> Router {
    Router::new()
        .route("/dev/clock", get(clock::show).post(clock::set))
        .route("/dev/outbox", get(outbox::list).post(outbox::clear_and_show).delete(outbox::clear))
        .route("/dev/outbox/{id}/html", get(outbox::html))
        .route("/dev/captchas/{token}", get(captchas::read))
        .route("/dev/callback", get(callback::by_query).post(callback::by_form))
        .with_state(Arc::new(dev))
        .layer(axum::middleware::from_fn_with_state(guard, local_only))
}

impl Dev {
    /// A page, in the language of the request. `query` is `None` when the page cannot be asked
    /// for again by GET.
    fn page<P: Page>(&self, headers: &HeaderMap, query: Option<&str>, page: &P) -> Response {
        let brand = Brand::default();
        let asked = query.unwrap_or_default();
        let frame = Frame {
            locale: preference::locale(headers, asked),
            languages: &Locale::ALL,
            brand: &brand,
            query,
        };
        match self.env.render(frame, page) {
            Ok(html) => {
                let mut response = with_policy(&Policy::Page, html);
                let cookie = preference::set_cookie(asked).and_then(|c| c.parse().ok());
                if let Some(cookie) = cookie {
                    response.headers_mut().insert(header::SET_COOKIE, cookie);
                }
                response
            }
            Err(error) => {
                tracing::error!("{}", error.log_line());
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// HTML under its policy.
fn with_policy(policy: &Policy, html: String) -> Response {
    let mut response = axum::response::Html(html).into_response();
    for (name, value) in policy.headers() {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}
