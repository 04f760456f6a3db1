//! Custom fields: their declarations, built-in ones beside them, and their values.

#[cfg(feature = "client")]
use crate::client::ManagementClient;
use crate::v3::IsSuccess;
use crate::v3::Paging;
use keystead_endpoint::endpoints;
use serde_json::{Map, Value};

mod data;
mod dto;
mod fields;

pub use data::{CustomValue, GetCustomData, SetCustomData};
pub use dto::{CustomFieldDto, CustomFieldI18n, LangObject, LangUnit, SelectOption};
pub use fields::{
    DataType, DeleteCustomField, DeleteCustomFields, GetCustomFields, GetUserBaseFields,
    ListCustomFields, SetCustomField, SetCustomFields, SetUserBaseField, SetUserBaseFields,
};

endpoints! { ManagementClient, "custom fields";
    /// Get the built-in fields of users.
    GET "/api/v3/get-user-base-fields" get_user_base_fields(GetUserBaseFields)
        -> Vec<CustomFieldDto>, Admin "custom_field:read";
    /// List the built-in fields of users.
    GET "/api/v3/list-user-base-fields" list_user_base_fields(ListUserBaseFields = ListCustomFields)
        -> Paging<CustomFieldDto>, Admin "custom_field:read";
    /// Change labels and visibility of built-in fields, all or none.
    POST "/api/v3/set-user-base-fields" set_user_base_fields(SetUserBaseFields)
        -> Vec<CustomFieldDto>, Admin "custom_field:update";
    /// Get the custom fields of a kind of thing.
    GET "/api/v3/get-custom-fields" get_custom_fields(GetCustomFields)
        -> Vec<CustomFieldDto>, Admin "custom_field:read";
    /// List the custom fields of a kind of thing.
    GET "/api/v3/list-custom-fields" list_custom_fields(ListCustomFields)
        -> Paging<CustomFieldDto>, Admin "custom_field:read";
    /// Declare custom fields or change their declarations, all or none.
    POST "/api/v3/set-custom-fields" set_custom_fields(SetCustomFields)
        -> Vec<CustomFieldDto>, Admin "custom_field:update";
    /// Delete custom fields and their values, all or none.
    POST "/api/v3/delete-custom-fields" delete_custom_fields(DeleteCustomFields)
        -> IsSuccess, Admin "custom_field:update";
    /// Write values of custom fields, all or none.
    POST "/api/v3/set-custom-data" set_custom_data(SetCustomData) -> IsSuccess,
        Admin "custom_data:update";
    /// Get the values of custom fields.
    GET "/api/v3/get-custom-data" get_custom_data(GetCustomData) -> Map<String, Value>,
        Admin "custom_data:read";
}

#[cfg(test)]
mod tests;
