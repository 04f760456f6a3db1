//! What `list-users` takes.

use crate::v3::words::{FuzzyField, Operator, SortOrder, UserSortField};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Which users, how many and in which order.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ListUsers {
    /// Looked for in names, addresses and numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keywords: Option<String>,
    /// Conditions, all of which must hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advanced_filter: Option<Vec<AdvancedFilter>>,
    /// A condition in the search language of the vendor's service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search_query: Option<Value>,
    /// Page, order and what to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<ListUsersOptions>,
}

/// A condition on a field.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AdvancedFilter {
    /// The field.
    pub field: String,
    /// How it compares.
    pub operator: Operator,
    /// To what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

/// Page, order and what to show of each user.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ListUsersOptions {
    /// Which page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Pagination>,
    /// The order; the first counts most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<Vec<Sorting>>,
    /// Where keywords are looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fuzzy_search_on: Option<Vec<FuzzyField>>,
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
    /// Whether custom fields stand beside the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flat_custom_data: Option<bool>,
}

/// Which page of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pagination {
    /// Its number, from 1, the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// How many items it has: 10 by default, 50 at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
}

/// What a list of users is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sorting {
    /// The field.
    pub field: UserSortField,
    /// Which way.
    pub order: SortOrder,
}
