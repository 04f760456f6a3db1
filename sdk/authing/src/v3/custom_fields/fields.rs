//! What reads and changes declarations.

use super::{CustomFieldI18n, SelectOption};
use crate::v3::roles::TargetType;
use crate::words::words;
use serde::{Deserialize, Serialize};
use serde_json::Value;

words! {
    /// The type of a field's values.
    #[derive(Default)]
    DataType {
        #[default]
        String = "STRING",
        Number = "NUMBER",
        Datetime = "DATETIME",
        Boolean = "BOOLEAN",
        Enum = "ENUM",
    }
}

/// Nothing needs to be said.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GetUserBaseFields {}

/// Whose fields.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GetCustomFields {
    /// What they belong to.
    pub target_type: TargetType,
    /// Tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
}

/// Which fields.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ListCustomFields {
    /// What they belong to.
    pub target_type: TargetType,
    /// Of this type; of all without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_type: Option<DataType>,
    /// Tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// Which page, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// How many: 10 by default, 50 at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    /// Shown to users, or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_visible: Option<bool>,
    /// Shown to administrators, or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admin_visible: Option<bool>,
    /// Looked for in key, label and description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keyword: Option<String>,
}

impl ListCustomFields {
    /// The first page of the fields of this target.
    #[must_use]
    pub const fn of(target_type: TargetType) -> Self {
        Self {
            target_type,
            data_type: None,
            tenant_id: None,
            page: None,
            limit: None,
            user_visible: None,
            admin_visible: None,
            keyword: None,
        }
    }
}

/// Fields to declare or change.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SetCustomFields {
    /// The fields, at most 200.
    pub list: Vec<SetCustomField>,
    /// Tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
}

/// A field, or what changes of one; what is left out stays, or has its default.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SetCustomField {
    /// What it belongs to.
    pub target_type: TargetType,
    /// Its key: letters, digits and `_`, a letter first.
    pub key: String,
    /// The type of its values; it does not change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_type: Option<DataType>,
    /// Its label; the key without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether its values are sealed; it does not change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encrypted: Option<bool>,
    /// Whether no two may have the same value: texts and numbers alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_unique: Option<bool>,
    /// Whether users may edit their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_editable: Option<bool>,
    /// Whether administrators see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visible_in_admin_console: Option<bool>,
    /// Whether users see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visible_in_user_center: Option<bool>,
    /// Rules that clients check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validate_rules: Option<Value>,
    /// Applications that show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_ids: Option<Vec<String>>,
    /// Whether its values are masked where they are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desensitization: Option<bool>,
    /// The options of an enum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<SelectOption>>,
    /// Its label in other languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub i18n: Option<CustomFieldI18n>,
}

impl SetCustomField {
    /// A field of this type with its key as its label.
    #[must_use]
    pub fn new(target_type: TargetType, key: impl Into<String>, data_type: DataType) -> Self {
        Self {
            target_type,
            key: key.into(),
            data_type: Some(data_type),
            label: None,
            description: None,
            encrypted: None,
            is_unique: None,
            user_editable: None,
            visible_in_admin_console: None,
            visible_in_user_center: None,
            validate_rules: None,
            app_ids: None,
            desensitization: None,
            options: None,
            i18n: None,
        }
    }
}

/// Built-in fields to change.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SetUserBaseFields {
    /// The fields, at most 200.
    pub list: Vec<SetUserBaseField>,
}

/// What changes of a built-in field; what is left out stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SetUserBaseField {
    /// Its key.
    pub key: String,
    /// Its label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether users may edit their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_editable: Option<bool>,
    /// Whether administrators see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visible_in_admin_console: Option<bool>,
    /// Whether users see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visible_in_user_center: Option<bool>,
    /// Its label in other languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub i18n: Option<CustomFieldI18n>,
}

/// Fields to delete.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeleteCustomFields {
    /// The fields, at most 200.
    pub list: Vec<DeleteCustomField>,
    /// Tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
}

/// A field to delete.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeleteCustomField {
    /// What it belongs to.
    pub target_type: TargetType,
    /// Its key.
    pub key: String,
}
