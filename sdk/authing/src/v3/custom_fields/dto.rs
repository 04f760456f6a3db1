//! Declarations as V3 shows them.

use super::DataType;
use crate::v3::roles::TargetType;
use serde::{Deserialize, Serialize};

/// A field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CustomFieldDto {
    /// What it belongs to.
    pub target_type: TargetType,
    /// When it was declared, ISO 8601; a built-in field has no such time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// The type of its values.
    pub data_type: DataType,
    /// Its key.
    pub key: String,
    /// Its label.
    pub label: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether its values are sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encrypted: Option<bool>,
    /// Whether no two may have the same value.
    pub is_unique: bool,
    /// Whether users may edit their own.
    pub user_editable: bool,
    /// Whether administrators see it.
    pub visible_in_admin_console: bool,
    /// Whether users see it.
    pub visible_in_user_center: bool,
    /// Its label in other languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub i18n: Option<CustomFieldI18n>,
    /// The options of an enum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<SelectOption>>,
}

/// One value an enum may have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SelectOption {
    /// The value.
    pub value: String,
    /// What people read.
    pub label: String,
}

/// A field's texts in other languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CustomFieldI18n {
    /// Its label.
    pub label: LangObject,
}

/// A text in each language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LangObject {
    /// Simplified Chinese.
    #[serde(rename = "zh-CN", skip_serializing_if = "Option::is_none")]
    pub zh_cn: Option<LangUnit>,
    /// English.
    #[serde(rename = "en-US", skip_serializing_if = "Option::is_none")]
    pub en_us: Option<LangUnit>,
    /// Traditional Chinese.
    #[serde(rename = "zh-TW", skip_serializing_if = "Option::is_none")]
    pub zh_tw: Option<LangUnit>,
    /// Japanese.
    #[serde(rename = "ja-JP", skip_serializing_if = "Option::is_none")]
    pub ja_jp: Option<LangUnit>,
}

/// A text in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LangUnit {
    /// Whether it is used.
    pub enabled: bool,
    /// The text.
    pub value: String,
}
