//! Refresh with rotation: one token per connection, each traded for the next.

use super::{Plain, form, holds, signin};
use crate::http::Answer;
use crate::load::Caller;
use crate::site::Site;
use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::net::SocketAddr;

/// Trades its token, and keeps the next.
pub struct Refresh {
    site: Site,
    token: String,
}

/// What is read of an answer.
#[derive(Deserialize)]
struct Traded {
    refresh_token: String,
}

impl Refresh {
    /// Signs in for a first token.
    ///
    /// # Errors
    /// The sign-in gave none.
    pub async fn begin(at: SocketAddr, site: &Site) -> Result<Self> {
        let scope = "openid offline_access";
        let token = signin::token(at, site, scope, "refresh_token").await?;
        Ok(Self { site: site.clone(), token })
    }
}

impl Caller for Refresh {
    fn ask(&mut self, request: &mut Vec<u8>) {
        let body = form(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", &self.token),
            ("client_id", &self.site.app_id),
            ("client_secret", &self.site.app_secret),
        ]);
        let plain = Plain {
            line: "POST /oidc/token",
            host: self.site.host(),
            headers: "",
            media_type: "application/x-www-form-urlencoded",
            body: &body,
        };
        plain.write(request);
    }

    fn hear(&mut self, answer: &Answer<'_>) -> Result<()> {
        holds(answer, "\"id_token\"")?;
        let traded: Traded = serde_json::from_slice(answer.body).context("no refresh token")?;
        self.token = traded.refresh_token;
        Ok(())
    }
}
