//! `/dev/callback`: shows what came back to the development application.

use super::Dev;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;
use keystead_pages::Href;
use keystead_pages::dev::{CallbackPage, Redemption};
use keystead_pages::form_post::Parameter;
use std::sync::Arc;

/// An answer in the query.
pub(super) async fn by_query(
    State(dev): State<Arc<Dev>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    dev.page(&headers, Some(&query), &page(&dev, query.as_bytes()))
}

/// An answer as a form (OAuth 2.0 Form Post Response Mode).
pub(super) async fn by_form(
    State(dev): State<Arc<Dev>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    dev.page(&headers, None, &page(&dev, &body))
}

fn page(dev: &Dev, form: &[u8]) -> CallbackPage {
    let application = &dev.application;
    let redemption = Redemption {
        token_url: &application.token_url,
        client_id: &application.client_id,
        client_secret: &application.client_secret,
        redirect_uri: &application.redirect_uri,
    };
    let parameters =
        form_urlencoded::parse(form).map(|(name, value)| Parameter::new(name, value)).collect();
    let mut page = CallbackPage::new(parameters, &redemption);
    page.again = Href::web(&application.authorize_url);
    page
}
