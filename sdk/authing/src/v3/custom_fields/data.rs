//! What reads and writes values.

use crate::v3::roles::TargetType;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Values to write.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SetCustomData {
    /// The values, at most 200.
    pub list: Vec<CustomValue>,
    /// A user's or department's id, or the code of a role or group.
    pub target_identifier: String,
    /// What it is.
    pub target_type: TargetType,
    /// Tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// Code of a role's namespace; `default` without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CustomValue {
    /// The field's key.
    pub key: String,
    /// The value, of the field's type; null removes it.
    #[serde(default)]
    pub value: Value,
}

/// Whose values.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GetCustomData {
    /// What it is.
    pub target_type: TargetType,
    /// A user's or department's id, or the code of a role or group.
    pub target_identifier: String,
    /// Tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// Code of a role's namespace; `default` without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}
