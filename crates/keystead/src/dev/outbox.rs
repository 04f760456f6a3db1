//! `/dev/outbox`: the captured messages as JSON and as a page.

use super::{Dev, with_policy};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use keystead_model::Millis;
use keystead_outbound::Message;
use keystead_pages::Href;
use keystead_pages::csp::Policy;
use keystead_pages::dev::{Message as Shown, OutboxPage};
use serde_json::{Value, json};
use std::sync::Arc;

const PATH: &str = "/dev/outbox";
/// The query that asks for JSON in a browser.
const AS_JSON: &str = "format=json";
/// How many messages the page shows; JSON has them all.
const SHOWN: usize = 100;
const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));

/// The messages, newest first: a page for browsers, JSON for everybody else.
pub(super) async fn list(
    State(dev): State<Arc<Dev>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let messages = dev.capture.list();
    if query == AS_JSON || !wants_html(&headers) {
        return Json(messages.iter().map(|m| as_json(m)).collect::<Vec<_>>()).into_response();
    }
    let page = OutboxPage {
        total: messages.len(),
        messages: messages.iter().take(SHOWN).map(|message| shown(message)).collect(),
        clear: Href::path(PATH),
        json: Href::path(&format!("{PATH}?{AS_JSON}")),
    };
    dev.page(&headers, Some(&query), &page)
}

/// Forgets every message.
pub(super) async fn clear(State(dev): State<Arc<Dev>>) -> StatusCode {
    dev.capture.clear();
    StatusCode::NO_CONTENT
}

/// The same from the page's button.
pub(super) async fn clear_and_show(State(dev): State<Arc<Dev>>) -> Redirect {
    dev.capture.clear();
    Redirect::to(PATH)
}

/// The HTML of a mail, in a sandbox.
pub(super) async fn html(State(dev): State<Arc<Dev>>, Path(id): Path<String>) -> Response {
    match dev.capture.find(&id).and_then(|message| message.html.clone()) {
        Some(html) => with_policy(&Policy::Mail, html),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn wants_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

fn as_json(message: &Message) -> Value {
    json!({
        "id": message.id,
        "channel": message.channel,
        "to": message.to,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "code": message.code,
        "created_at": instant(message.created_at),
    })
}

fn shown(message: &Message) -> Shown {
    let html =
        message.html.as_ref().and_then(|_| Href::path(&format!("{PATH}/{}/html", message.id)));
    Shown {
        id: message.id.clone(),
        channel: message.channel.name().to_owned(),
        to: message.to.clone(),
        subject: message.subject.clone(),
        text: message.text.clone(),
        code: message.code.clone(),
        at: instant(message.created_at),
        html,
    }
}

/// ISO 8601 in UTC, with milliseconds.
fn instant(at: Millis) -> String {
    let at = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    PRINTER.timestamp_to_string(&at)
}
