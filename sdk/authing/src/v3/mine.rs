//! What belongs to the user who calls: sign-ins, roles, tenants, groups, departments, resources.

#[cfg(feature = "client")]
use crate::client::AuthenticationClient;
use crate::v3::Paging;
use crate::v3::audit_logs::{GeoIp, ParsedUserAgent};
use crate::v3::roles::RoleDto;
use crate::v3::users::{IdentityDto, UserDto};
use crate::words::words;
use keystead_endpoint::endpoints;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Which sign-ins; those of the last 90 days if no time is given.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GetLoginHistory {
    /// Into this application only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// From this address only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_ip: Option<String>,
    /// Only those that succeeded, or only those that did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
    /// From this instant on, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<i64>,
    /// Before this instant, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<i64>,
    /// Which page, from 1, the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// How many it has: 10 by default, 50 at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
}

/// A sign-in, or a try.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LoginHistory {
    /// Who.
    pub user_id: String,
    /// The application.
    pub app_id: String,
    /// Its name.
    pub app_name: String,
    /// Address of its logo.
    pub app_logo: String,
    /// Where it starts a sign-in.
    pub app_login_url: String,
    /// When, ISO 8601.
    pub login_at: String,
    /// From which address.
    pub client_ip: String,
    /// Whether it succeeded.
    pub success: bool,
    /// Why it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// The browser or program, as it calls itself.
    pub user_agent: String,
    /// The same in parts.
    pub parsed_user_agent: ParsedUserAgent,
    /// By which method.
    pub login_method: String,
    /// Where the address is, as far as that is known.
    pub geoip: GeoIp,
    /// The tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
}

/// Nothing needs to be said.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GetTenantList {}

/// A tenant of the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MyTenant {
    /// Its id.
    pub tenant_id: String,
    /// Its name.
    pub tenant_name: String,
    /// Since when the user belongs to it, ISO 8601.
    pub join_at: String,
}

/// Which roles.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GetRoleList {
    /// Of this namespace only, by its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// Nothing needs to be said.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GetGroupList {}

/// A group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GroupDto {
    /// Its id.
    pub id: String,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// `static` or `dynamic`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where its members come from.
    pub metadata_source: Vec<String>,
    /// Its members, where they are asked for.
    pub members: Vec<UserDto>,
}

words! {
    /// What a user's departments are sorted by.
    DepartmentSort {
        JoinDepartmentAt = "JoinDepartmentAt",
        DepartmentCreatedAt = "DepartmentCreatedAt",
        DepartmentName = "DepartmentName",
        DepartmemtCode = "DepartmemtCode",
    }
}

words! {
    /// Which way a user's departments are sorted.
    DepartmentOrder {
        Asc = "Asc",
        Desc = "Desc",
    }
}

/// Which page of the departments.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GetDepartmentList {
    /// Which page, from 1, the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// How many it has: 10 by default, 50 at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    /// Whether to show custom fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_custom_data: Option<bool>,
    /// What they are sorted by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_by: Option<DepartmentSort>,
    /// Which way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_by: Option<DepartmentOrder>,
}

/// A department of the user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MyDepartment {
    /// Its organisation.
    pub organization_code: String,
    /// Its id.
    pub department_id: String,
    /// Its id elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_department_id: Option<String>,
    /// Whether it is the root of its organisation.
    pub is_root: bool,
    /// When it was made, ISO 8601.
    pub created_at: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Whether the user leads it.
    pub is_leader: bool,
    /// Its code.
    pub code: String,
    /// Whether it is the main one of the user.
    pub is_main_department: bool,
    /// Since when the user belongs to it, ISO 8601.
    pub joined_at: String,
    /// Whether it stands for something else.
    pub is_virtual_node: bool,
    /// Its name in every language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub i18n: Option<Value>,
    /// Values of custom fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Map<String, Value>>,
    /// The ids from the root down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department_id_path: Option<Vec<String>>,
    /// The codes from the root down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department_code_path: Option<Vec<String>>,
    /// The names from the root down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department_name_path: Option<Vec<String>>,
}

words! {
    /// What kind of thing a resource is.
    ResourceType {
        Data = "DATA",
        Api = "API",
        Menu = "MENU",
        Button = "BUTTON",
        Ui = "UI",
    }
}

words! {
    /// Whether a resource is granted or denied.
    Effect {
        Allow = "ALLOW",
        Deny = "DENY",
    }
}

/// Nothing needs to be said.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GetLoggedInApps {}

/// Nothing needs to be said.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GetAccessibleApps {}

/// An application, as its user sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MyApp {
    /// Its id.
    pub app_id: String,
    /// Its name.
    pub app_name: String,
    /// Where it starts a sign-in.
    pub app_login_url: String,
    /// Address of its logo.
    pub app_logo: String,
    /// Whether the user is signed in to it now.
    pub active: bool,
}

/// Nothing needs to be said.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GetIdentities {}

/// Which resources.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GetAuthorizedResources {
    /// Of this namespace only, by its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Of this kind only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<ResourceType>,
}

/// A resource that the user was granted or denied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuthorizedResource {
    /// Its code.
    pub resource_code: String,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Under which conditions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Vec<Value>>,
    /// What kind of thing it is.
    pub resource_type: ResourceType,
    /// The address of an API.
    pub api_identifier: String,
    /// What may be done with it.
    pub actions: Vec<String>,
    /// Whether it is granted or denied.
    pub effect: Effect,
}

endpoints! { AuthenticationClient, "mine";
    /// List one's own sign-ins, newest first.
    GET "/api/v3/get-my-login-history" get_login_history(GetLoginHistory) -> Paging<LoginHistory>,
        User "";
    /// List the applications that one has signed in to, the last one first.
    GET "/api/v3/get-my-logged-in-apps" get_logged_in_apps(GetLoggedInApps) -> Vec<MyApp>, User "";
    /// List the applications that one may sign in to.
    GET "/api/v3/get-my-accessible-apps"
        get_accessible_apps(GetAccessibleApps) -> Vec<MyApp>, User "";
    /// List the identities at upstream providers that are linked to one's account.
    GET "/api/v3/get-identities" get_identities(GetIdentities) -> Vec<IdentityDto>, User "";
    /// List one's own tenants.
    GET "/api/v3/get-my-tenant-list" get_tenant_list(GetTenantList) -> Vec<MyTenant>, User "";
    /// List one's own roles.
    GET "/api/v3/get-my-role-list" get_role_list(GetRoleList) -> Vec<RoleDto>, User "";
    /// List one's own groups.
    GET "/api/v3/get-my-group-list" get_group_list(GetGroupList) -> Vec<GroupDto>, User "";
    /// List one's own departments.
    GET "/api/v3/get-my-department-list"
        get_department_list(GetDepartmentList) -> Paging<MyDepartment>, User "";
    /// List the resources that one was granted or denied.
    GET "/api/v3/get-my-authorized-resources"
        get_authorized_resources(GetAuthorizedResources) -> Paging<AuthorizedResource>, User "";
}
