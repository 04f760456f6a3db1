//! Custom fields: the domain's words in V3's spelling.

use super::moment::iso;
use keystead_authing::v3::custom_fields::{
    CustomFieldDto, DataType as WireType, DeleteCustomFields, GetCustomData, GetCustomFields,
    GetUserBaseFields, ListCustomFields, ListUserBaseFields, SetCustomData, SetCustomField,
    SetCustomFields, SetUserBaseFields,
};
use keystead_authing::v3::roles::TargetType;
use keystead_authing::v3::{IsSuccess, Paging};
use keystead_core::Cx;
use keystead_core::custom_fields::{
    self as fields, BasePatch, DataType, Field, FieldPatch, Filter, Owner, Target,
};
use keystead_model::{Code, Error, Page, PageRequest, Result};
use keystead_web::Routes;
use serde_json::{Map, Value};

/// The rows of custom fields.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(get_user_base_fields)
        .on(list_user_base_fields)
        .on(set_user_base_fields)
        .on(get_custom_fields)
        .on(list_custom_fields)
        .on(set_custom_fields)
        .on(delete_custom_fields)
        .on(set_custom_data)
        .on(get_custom_data)
}

/// Gets the built-in fields of users.
async fn get_user_base_fields(
    cx: &mut Cx,
    _request: GetUserBaseFields,
) -> Result<Vec<CustomFieldDto>> {
    Ok(dtos(fields::base_fields(cx).await?))
}

/// Lists the built-in fields of users.
async fn list_user_base_fields(
    cx: &mut Cx,
    request: ListUserBaseFields,
) -> Result<Paging<CustomFieldDto>> {
    let request = request.0;
    no_tenant(request.tenant_id.as_deref())?;
    let page = PageRequest::new(request.page, request.limit)?;
    // Users alone have built-in fields.
    let all = match request.target_type {
        TargetType::User => fields::base_fields(cx).await?,
        _ => Vec::new(),
    };
    Ok(paging(fields::page(all, &filter(&request), page)))
}

/// Changes built-in fields.
async fn set_user_base_fields(
    cx: &mut Cx,
    request: SetUserBaseFields,
) -> Result<Vec<CustomFieldDto>> {
    let list = request.list.into_iter().map(|field| BasePatch {
        key: snake(&field.key),
        label: field.label,
        description: field.description,
        user_editable: field.user_editable,
        in_console: field.visible_in_admin_console,
        in_account: field.visible_in_user_center,
        i18n: json(field.i18n),
    });
    Ok(dtos(fields::set_base_fields(cx, list.collect()).await?))
}

/// Gets the custom fields of a target.
async fn get_custom_fields(cx: &mut Cx, request: GetCustomFields) -> Result<Vec<CustomFieldDto>> {
    no_tenant(request.tenant_id.as_deref())?;
    Ok(dtos(fields::fields(cx, target(request.target_type)).await?))
}

/// Lists the custom fields of a target.
async fn list_custom_fields(
    cx: &mut Cx,
    request: ListCustomFields,
) -> Result<Paging<CustomFieldDto>> {
    no_tenant(request.tenant_id.as_deref())?;
    let page = PageRequest::new(request.page, request.limit)?;
    let all = fields::fields(cx, target(request.target_type)).await?;
    Ok(paging(fields::page(all, &filter(&request), page)))
}

/// Declares custom fields.
async fn set_custom_fields(cx: &mut Cx, request: SetCustomFields) -> Result<Vec<CustomFieldDto>> {
    no_tenant(request.tenant_id.as_deref())?;
    let list = request.list.into_iter().map(patch).collect();
    Ok(dtos(fields::set(cx, list).await?))
}

/// Deletes custom fields.
async fn delete_custom_fields(cx: &mut Cx, request: DeleteCustomFields) -> Result<IsSuccess> {
    no_tenant(request.tenant_id.as_deref())?;
    let list = request.list.into_iter().map(|field| (target(field.target_type), field.key));
    fields::delete(cx, &list.collect::<Vec<_>>()).await?;
    Ok(IsSuccess { success: true })
}

/// Writes values of custom fields.
async fn set_custom_data(cx: &mut Cx, request: SetCustomData) -> Result<IsSuccess> {
    no_tenant(request.tenant_id.as_deref())?;
    let mut values = Map::new();
    let mut places = Vec::new();
    for (place, row) in request.list.into_iter().enumerate() {
        places.push((format!("customData.{}", row.key), place));
        values.insert(row.key, row.value);
    }
    if values.is_empty() || places.len() > fields::MOST {
        return Err(Error::new(Code::FieldInvalid)
            .field("list")
            .arg("expected", format!("1..{}", fields::MOST)));
    }
    let owner = Owner {
        target: target(request.target_type),
        text: &request.target_identifier,
        namespace: request.namespace.as_deref(),
    };
    fields::set_data(cx, owner, &values).await.map_err(|error| {
        let named = places.iter().rev().find(|(name, _)| Some(name.as_str()) == error.field_name());
        match named {
            Some((_, place)) => {
                let field = match error.code() {
                    Code::CustomFieldUnknown => "key",
                    _ => "value",
                };
                error.field(format!("list[{place}].{field}"))
            }
            None => error,
        }
    })?;
    Ok(IsSuccess { success: true })
}

/// Gets the values of custom fields.
async fn get_custom_data(cx: &mut Cx, request: GetCustomData) -> Result<Map<String, Value>> {
    no_tenant(request.tenant_id.as_deref())?;
    let owner = Owner {
        target: target(request.target_type),
        text: &request.target_identifier,
        namespace: request.namespace.as_deref(),
    };
    fields::get_data(cx, owner).await
}

/// No pool has tenants yet, so no id is one's.
fn no_tenant(id: Option<&str>) -> Result<()> {
    match id {
        None | Some("") => Ok(()),
        Some(_) => Err(Error::new(Code::TenantUnknown).field("tenantId")),
    }
}

const fn target(kind: TargetType) -> Target {
    match kind {
        TargetType::User => Target::User,
        TargetType::Role => Target::Role,
        TargetType::Group => Target::Group,
        TargetType::Department => Target::Department,
    }
}

fn filter(request: &ListCustomFields) -> Filter<'_> {
    Filter {
        data_type: request.data_type.map(data_type),
        in_account: request.user_visible,
        in_console: request.admin_visible,
        keyword: request.keyword.as_deref(),
    }
}

const fn data_type(kind: WireType) -> DataType {
    match kind {
        WireType::String => DataType::String,
        WireType::Number => DataType::Number,
        WireType::Datetime => DataType::Datetime,
        WireType::Boolean => DataType::Boolean,
        WireType::Enum => DataType::Enum,
    }
}

fn patch(field: SetCustomField) -> FieldPatch {
    FieldPatch {
        target: target(field.target_type),
        key: field.key,
        data_type: field.data_type.map(data_type),
        label: field.label,
        description: field.description,
        is_encrypted: field.encrypted,
        is_unique: field.is_unique,
        is_masked: field.desensitization,
        user_editable: field.user_editable,
        in_console: field.visible_in_admin_console,
        in_account: field.visible_in_user_center,
        options: json(field.options),
        rules: field.validate_rules,
        i18n: json(field.i18n),
        application_ids: field.app_ids,
    }
}

/// What the domain keeps as it came.
fn json(value: Option<impl serde::Serialize>) -> Option<Value> {
    value.and_then(|value| serde_json::to_value(value).ok())
}

fn dtos(fields: Vec<Field>) -> Vec<CustomFieldDto> {
    fields.into_iter().map(dto).collect()
}

fn dto(field: Field) -> CustomFieldDto {
    let kinds = TargetType::ALL.iter().copied();
    let types = WireType::ALL.iter().copied();
    let read = |json: Option<Value>| json.and_then(|json| serde_json::from_value(json).ok());
    CustomFieldDto {
        target_type: kinds
            .clone()
            .find(|kind| target(*kind).text() == field.target)
            .unwrap_or(TargetType::User),
        created_at: (!field.is_builtin).then(|| iso(field.created_at)),
        // A type that only other dialects have is shown as text.
        data_type: types
            .clone()
            .find(|kind| data_type(*kind).text() == field.data_type)
            .unwrap_or_default(),
        key: if field.is_builtin { camel(&field.key) } else { field.key },
        label: field.label,
        description: field.description,
        encrypted: (!field.is_builtin).then_some(field.is_encrypted),
        is_unique: field.is_unique,
        user_editable: field.user_editable,
        visible_in_admin_console: field.in_console,
        visible_in_user_center: field.in_account,
        i18n: field.i18n.and_then(|json| serde_json::from_value(json).ok()),
        options: read(field.options),
    }
}

fn paging(page: Page<Field>) -> Paging<CustomFieldDto> {
    Paging { total_count: u64::try_from(page.total).unwrap_or_default(), list: dtos(page.rows) }
}

/// `given_name` as V3 spells it.
fn camel(key: &str) -> String {
    let mut words = key.split('_');
    let mut text = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        text.push_str(letters.as_str());
    }
    text
}

/// `givenName` as the domain spells it.
fn snake(key: &str) -> String {
    let mut text = String::with_capacity(key.len() + 4);
    for c in key.chars() {
        if c.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(c.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{camel, snake};

    #[test]
    fn keys_change_their_spelling_both_ways() {
        for (here, there) in [
            ("given_name", "givenName"),
            ("name", "name"),
            ("preferred_username", "preferredUsername"),
        ] {
            assert_eq!((camel(here).as_str(), snake(there).as_str()), (there, here));
        }
    }
}
