//! The logs: what users did to their accounts, and what administrators did.

#[cfg(feature = "client")]
use crate::client::ManagementClient;
use crate::v3::Paging;
use crate::v3::users::Pagination;
use keystead_endpoint::endpoints;
use serde::{Deserialize, Serialize};

/// Which of the users' actions; without anything the newest.
///
/// A search reaches the newest 10 000 entries that fit: the total stops there, and older ones are
/// found by naming a time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GetUserActionLogs {
    /// Those of this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Those from this address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_ip: Option<String>,
    /// Those of this kind, such as `login`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    /// Those about this user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Those through this application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// From this time on, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<i64>,
    /// Up to this time, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<i64>,
    /// Those that succeeded, or did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
    /// Which page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Pagination>,
}

/// Which of the administrators' actions; it reaches as far as [`GetUserActionLogs`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GetAdminAuditLogs {
    /// Those of this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Those from this address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_ip: Option<String>,
    /// Those that did this, such as `create`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation_type: Option<String>,
    /// Those that did it to this kind of thing, such as `user`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<String>,
    /// Those by this administrator: a user, or an access key by the id an entry shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Those that succeeded, or did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
    /// From this time on, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<i64>,
    /// Up to this time, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<i64>,
    /// Which page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Pagination>,
}

/// Something a user did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UserActionLogDto {
    /// The user; none if nobody was found.
    pub user_id: Option<String>,
    /// Their picture.
    pub user_avatar: Option<String>,
    /// Their name.
    pub user_display_name: Option<String>,
    /// How often they have signed in up to now.
    pub user_logins_count: i64,
    /// The application it went through.
    pub app_id: Option<String>,
    /// Its name.
    pub app_name: Option<String>,
    /// The address it came from.
    pub client_ip: Option<String>,
    /// What it was, such as `login`.
    pub event_type: String,
    /// What else is known, as JSON.
    pub event_detail: Option<String>,
    /// Whether it succeeded.
    pub success: bool,
    /// Where people sign in to the application.
    pub app_login_url: Option<String>,
    /// The application's picture.
    pub app_logo: Option<String>,
    /// The browser, as it names itself.
    pub user_agent: Option<String>,
    /// What that means.
    pub parsed_user_agent: ParsedUserAgent,
    /// Where the address is.
    pub geoip: GeoIp,
    /// When, ISO 8601.
    pub timestamp: String,
    /// The request it came with.
    pub request_id: String,
}

/// Something an administrator did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AdminAuditLogDto {
    /// Who: a user or an access key.
    pub admin_user_id: Option<String>,
    /// Their picture.
    pub admin_user_avatar: Option<String>,
    /// Their name.
    pub admin_user_display_name: Option<String>,
    /// The address it came from.
    pub client_ip: Option<String>,
    /// What was done, such as `create`.
    pub operation_type: String,
    /// To what kind of thing, such as `user`.
    pub resource_type: String,
    /// To which thing, as JSON.
    pub event_details: Option<String>,
    /// With which parameters, as JSON.
    pub operation_param: Option<String>,
    /// What the changed fields held before, as JSON.
    pub origin_value: Option<String>,
    /// What they hold now, as JSON.
    pub target_value: Option<String>,
    /// Whether it succeeded.
    pub success: bool,
    /// The program it came from, as it names itself.
    pub user_agent: Option<String>,
    /// What that means.
    pub ua: ParsedUserAgent,
    /// Where the address is.
    pub geoip: GeoIp,
    /// When, ISO 8601.
    pub timestamp: String,
    /// The request it came with.
    pub request_id: String,
}

/// What a browser's name for itself means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ParsedUserAgent {
    /// `Desktop`, `Mobile`, `Tablet` or `Unknown`.
    pub device: String,
    /// The browser or program.
    pub name: String,
    /// The operating system.
    pub os: String,
}

/// Where an address is; nothing where that is not known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GeoIp {
    /// Where on the globe.
    pub location: GeoIpLocation,
    /// Country.
    pub country_name: Option<String>,
    /// Country in two letters.
    pub country_code2: Option<String>,
    /// Country in three letters.
    pub country_code3: Option<String>,
    /// Region.
    pub region_name: Option<String>,
    /// Region's code.
    pub region_code: Option<String>,
    /// City.
    pub city_name: Option<String>,
    /// Continent in two letters.
    pub continent_code: Option<String>,
    /// Time zone.
    pub timezone: Option<String>,
}

/// Where on the globe.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GeoIpLocation {
    /// Longitude in degrees.
    pub lon: Option<f64>,
    /// Latitude in degrees.
    pub lat: Option<f64>,
}

endpoints! { ManagementClient, "audit-logs";
    /// Search what users did to their accounts, newest first.
    POST "/api/v3/get-user-action-logs" get_user_action_logs(GetUserActionLogs)
        -> Paging<UserActionLogDto>, Admin "audit:read", repeat Safe;
    /// Search what administrators did, newest first.
    POST "/api/v3/get-admin-audit-logs" get_admin_audit_logs(GetAdminAuditLogs)
        -> Paging<AdminAuditLogDto>, Admin "audit:read", repeat Safe;
}
