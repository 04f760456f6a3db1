//! What a user did and may do, and who is gone.

use crate::v3::words::UserIdType;
use keystead_endpoint::{Listed, Page};
use serde::{Deserialize, Serialize};

/// Which user.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OneUser {
    /// The user.
    pub user_id: String,
    /// What `user_id` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id_type: Option<UserIdType>,
}

impl OneUser {
    /// The user of this id.
    #[must_use]
    pub fn by_id(id: impl Into<String>) -> Self {
        Self { user_id: id.into(), user_id_type: None }
    }
}

/// Which sign-ins of a user.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GetUserLoginHistory {
    /// The user.
    pub user_id: String,
    /// What `user_id` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id_type: Option<UserIdType>,
    /// Through this application only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// From this address only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_ip: Option<String>,
    /// Not before, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<i64>,
    /// Not after, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<i64>,
    /// Which page, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// How many items it has: 10 by default, 50 at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
}

/// A sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UserLogin {
    /// The application, empty when it is gone.
    pub app_id: String,
    /// Its name.
    pub app_name: String,
    /// Its logo.
    pub app_logo: String,
    /// Where its sign-in begins.
    pub app_login_url: String,
    /// From which address.
    pub client_ip: String,
    /// With which user agent.
    pub user_agent: Option<String>,
    /// When, ISO 8601.
    pub time: String,
}

/// An application as a user's lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UserApp {
    /// Its id.
    pub app_id: String,
    /// Its name.
    pub app_name: String,
    /// Its logo.
    pub app_logo: String,
    /// Where its sign-in begins.
    pub app_login_url: String,
    /// Whether everybody may sign in: `ALLOW_ALL` or `DENY_ALL`.
    pub app_default_login_strategy: String,
}

/// An identity that a user signed in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LoggedInIdentity {
    /// Its id.
    pub identity_id: String,
    /// The provider's name.
    pub idp_name: String,
    /// The provider's name in English.
    pub idp_name_en: String,
    /// The provider's logo.
    pub idp_logo: String,
    /// The connection it came through.
    pub idp_id: String,
}

/// Which second factors a user has: `enabled` or `disabled`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UserMfa {
    /// One-time passwords of an app.
    pub totp_status: String,
    /// Faces.
    pub face_mfa_status: String,
    /// Codes by SMS.
    pub sms_mfa_status: String,
    /// Codes by e-mail.
    pub email_mfa_status: String,
}

/// Which user and application.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CheckSessionStatus {
    /// The application.
    pub app_id: String,
    /// The user.
    pub user_id: String,
}

/// Whether a user is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionStatus {
    /// Whether they are.
    pub active: bool,
}

/// Which archived users.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ListArchivedUsers {
    /// Which page, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// How many items it has: 10 by default, 50 at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    /// Archived or deleted not before, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_at: Option<i64>,
}

/// A user who was archived or deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ArchivedUser {
    /// The user.
    pub user_id: String,
    /// When, ISO 8601.
    pub archived_at: String,
}

/// Whether a user's real name was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PrincipalAuthentication {
    /// Whether it was.
    pub authenticated: bool,
    /// Person or company.
    pub principal_type: String,
    /// Number of the document.
    pub principal_code: String,
    /// Name in the document.
    pub principal_name: String,
    /// When, ISO 8601.
    pub authenticated_at: String,
}

/// The real names of a user that were verified: a list, and the latest of it, which programs read
/// without the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PrincipalAuthentications {
    /// How many there are in all.
    pub total_count: u64,
    /// All of them.
    pub list: Vec<PrincipalAuthentication>,
    /// Whether one was verified.
    pub authenticated: bool,
    /// Person or company; `None` when none was verified, as with the rest.
    pub principal_type: Option<String>,
    /// Number of the document.
    pub principal_code: Option<String>,
    /// Name in the document.
    pub principal_name: Option<String>,
    /// When, ISO 8601.
    pub authenticated_at: Option<String>,
}

impl Listed for PrincipalAuthentications {
    type Item = PrincipalAuthentication;

    fn into_page(self) -> Page<PrincipalAuthentication> {
        Page { total: self.total_count, items: self.list }
    }
}

/// A user whose verified name is forgotten.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ResetPrincipalAuthentication {
    /// The user.
    pub user_id: String,
    /// What the user is named by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<super::NamedBy>,
}

/// Which users, in the older form of the list.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ListUsersLegacy {
    /// Which page, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// How many items it has: 10 by default, 50 at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    /// In this state only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<crate::v3::words::UserStatus>,
    /// Changed not before, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at_start: Option<i64>,
    /// Changed not after, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at_end: Option<i64>,
    /// Whether to show custom fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_custom_data: Option<bool>,
    /// Whether to show posts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_post: Option<bool>,
    /// Whether to show upstream identities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_identities: Option<bool>,
    /// Whether to show departments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_department_ids: Option<bool>,
}
