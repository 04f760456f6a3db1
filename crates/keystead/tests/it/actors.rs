//! Who calls: administrators and applications of both pools, by the Rust SDK.

use crate::server::{OTHER, TestServer};
use keystead_authing::{AuthenticationClient, ManagementClient};
use serde_json::Value;

/// What clients of a pool need.
#[derive(Clone, Debug)]
pub struct Keys {
    pub url: String,
    pub access_key_id: String,
    pub access_key_secret: String,
    pub app_id: String,
    pub app_secret: String,
}

impl Keys {
    /// Those of `dev.json`.
    pub fn of_dev(dev: &Value) -> Self {
        let text = |key: &str| dev[key].as_str().unwrap().to_owned();
        Self {
            url: text("http_url"),
            access_key_id: text("access_key_id"),
            access_key_secret: text("access_key_secret"),
            app_id: text("app_id"),
            app_secret: text("app_secret"),
        }
    }

    /// An administrator.
    pub fn admin(&self) -> ManagementClient {
        ManagementClient::builder()
            .access_key_id(&self.access_key_id)
            .access_key_secret(self.access_key_secret.as_str())
            .host(&self.url)
            .build()
            .unwrap()
    }

    /// An application nobody has signed in to.
    pub fn anonymous(&self) -> AuthenticationClient {
        AuthenticationClient::builder()
            .app_id(&self.app_id)
            .app_secret(self.app_secret.as_str())
            .app_host(&self.url)
            .build()
            .unwrap()
    }
}

impl TestServer {
    /// The second pool's keys.
    pub fn other(&self) -> Keys {
        Keys {
            url: self.url().to_owned(),
            access_key_id: OTHER.access_key_id.to_owned(),
            access_key_secret: OTHER.access_key_secret.to_owned(),
            app_id: OTHER.app_id.to_owned(),
            app_secret: OTHER.app_secret.to_owned(),
        }
    }

    /// An administrator of the development pool.
    pub fn admin(&self) -> ManagementClient {
        self.keys().admin()
    }

    /// The development application.
    pub fn anonymous(&self) -> AuthenticationClient {
        self.keys().anonymous()
    }
}
