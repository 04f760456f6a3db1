//! Codes at the V3 door: each to an address that nobody asked for before.

use super::{Plain, holds};
use crate::clock;
use crate::http::Answer;
use crate::load::Caller;
use crate::site::Site;
use anyhow::Result;
use serde_json::json;
use std::sync::atomic::{AtomicU64, Ordering};

static NEXT: AtomicU64 = AtomicU64::new(0);

/// Asks for codes to sign up with.
#[derive(Clone)]
pub struct SendCode {
    site: Site,
    /// Tells this run from others on the same data.
    run: u128,
}

impl SendCode {
    /// For the site's application.
    pub fn new(site: &Site) -> Self {
        Self { site: site.clone(), run: clock::millis() }
    }
}

impl Caller for SendCode {
    fn ask(&mut self, request: &mut Vec<u8>) {
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let email = format!("b{n}@{:x}.example", self.run);
        let headers = format!("x-authing-app-id: {}\r\n", self.site.app_id);
        let plain = Plain {
            line: "POST /api/v3/send-email",
            host: self.site.host(),
            headers: &headers,
            media_type: "application/json",
            body: &json!({ "email": email, "channel": "CHANNEL_REGISTER" }).to_string(),
        };
        plain.write(request);
    }

    fn hear(&mut self, answer: &Answer<'_>) -> Result<()> {
        holds(answer, "\"statusCode\":200")
    }
}
