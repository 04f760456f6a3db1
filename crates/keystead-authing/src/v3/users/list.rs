//! Users: lists, with keywords, conditions and orders.

use super::{Shows, dto, search, shown, unsupported};
use keystead_authing::v3::Paging;
use keystead_authing::v3::users::{
    AdvancedFilter, ListUsers, ListUsersLegacy, ListUsersOptions, UserDto,
};
use keystead_authing::v3::words::{FuzzyField, Operator, SortOrder, UserSortField};
use keystead_core::Cx;
use keystead_core::users::list::{Bound, Field, Filter, ListQuery, Op, Places, Sort, keywords};
use keystead_core::users::{self, batch};
use keystead_model::{Code, Error, PageRequest, Result};
use serde_json::Value;

/// Conditions of one call at most.
const CONDITIONS_MAX: usize = 20;
/// Values of one condition at most.
const VALUES_MAX: usize = 100;
/// Fields that a list is sorted by at most.
const SORTS_MAX: usize = 3;

/// Lists users.
pub(super) async fn list_users(cx: &mut Cx, request: ListUsers) -> Result<Paging<UserDto>> {
    let options = request.options.unwrap_or_default();
    let pagination = options.pagination.unwrap_or_default();
    let page = PageRequest::new(pagination.page, pagination.limit)?;
    let mut all = Vec::new();
    if let Some(text) = request.keywords.as_deref().filter(|text| !text.trim().is_empty()) {
        let places = match &options.fuzzy_search_on {
            Some(fields) if !fields.is_empty() => places(fields)?,
            _ => Places::default(),
        };
        all.push(keywords(cx, text, &places));
    }
    let conditions = request.advanced_filter.unwrap_or_default();
    if conditions.len() > CONDITIONS_MAX {
        batch::check_size("advancedFilter", conditions.len(), CONDITIONS_MAX)?;
    }
    for (n, one) in conditions.iter().enumerate() {
        all.push(condition(cx, one, n)?);
    }
    if let Some(query) = &request.search_query {
        all.push(search::filter(cx, query)?);
    }
    let query = ListQuery { filter: Filter::All(all), sort: sort(&options)?, page };
    let shows = Shows {
        custom_data: options.with_custom_data == Some(true),
        identities: options.with_identities == Some(true),
        department_ids: options.with_department_ids == Some(true),
        posts: options.with_post == Some(true),
    };
    answer(cx, query, shows).await
}

/// Lists users, in the older form.
pub(super) async fn list_users_legacy(
    cx: &mut Cx,
    request: ListUsersLegacy,
) -> Result<Paging<UserDto>> {
    let page = PageRequest::new(request.page, request.limit)?;
    let mut all = Vec::new();
    if let Some(status) = request.status {
        let status = Bound::Text(status.text().to_lowercase());
        all.push(Filter::Is(Field::Status, Op::Equal, vec![status]));
    }
    if let Some(from) = request.updated_at_start {
        all.push(Filter::Is(Field::UpdatedAt, Op::AtLeast, vec![Bound::Number(from)]));
    }
    if let Some(to) = request.updated_at_end {
        all.push(Filter::Is(Field::UpdatedAt, Op::AtMost, vec![Bound::Number(to)]));
    }
    let query = ListQuery { filter: Filter::All(all), sort: Vec::new(), page };
    let shows = Shows {
        custom_data: request.with_custom_data == Some(true),
        identities: request.with_identities == Some(true),
        department_ids: request.with_department_ids == Some(true),
        posts: request.with_post == Some(true),
    };
    answer(cx, query, shows).await
}

async fn answer(cx: &mut Cx, query: ListQuery, shows: Shows) -> Result<Paging<UserDto>> {
    let found = users::list(cx, query).await?;
    let total_count = u64::try_from(found.total).unwrap_or_default();
    let list = found.rows.into_iter().map(|view| dto(cx, view, shows)).collect();
    Ok(Paging { total_count, list: shown(cx, shows, list).await? })
}

fn places(fields: &[FuzzyField]) -> Result<Places> {
    let mut places = Places { keys: Vec::new(), terms: Vec::new() };
    for field in fields {
        match field {
            FuzzyField::Id => places.keys.push(Field::Id),
            FuzzyField::Phone => places.keys.push(Field::Phone),
            FuzzyField::Email => places.keys.push(Field::Email),
            FuzzyField::Username => places.keys.push(Field::Username),
            FuzzyField::ExternalId => places.keys.push(Field::ExternalId),
            FuzzyField::Name => places.terms.push("name"),
            FuzzyField::Nickname => places.terms.push("nickname"),
            FuzzyField::GivenName => places.terms.push("givenName"),
            FuzzyField::FamilyName => places.terms.push("familyName"),
            _ => return Err(unsupported("options.fuzzySearchOn")),
        }
    }
    Ok(places)
}

fn sort(options: &ListUsersOptions) -> Result<Vec<Sort>> {
    let asked = options.sort.as_deref().unwrap_or_default();
    if asked.len() > SORTS_MAX {
        batch::check_size("options.sort", asked.len(), SORTS_MAX)?;
    }
    let field = |field| match field {
        UserSortField::Id | UserSortField::CreatedAt => Field::Id,
        UserSortField::UpdatedAt => Field::UpdatedAt,
        UserSortField::Email => Field::Email,
        UserSortField::Username => Field::Username,
        UserSortField::ExternalId => Field::ExternalId,
        UserSortField::Phone => Field::Phone,
        UserSortField::Status => Field::Status,
        UserSortField::StatusChangedAt => Field::StatusAt,
        UserSortField::PasswordLastSetAt => Field::PasswordAt,
        UserSortField::LoginsCount => Field::Logins,
        UserSortField::Gender => Field::Gender,
        UserSortField::LastLogin => Field::LastLogin,
        UserSortField::UserSourceType => Field::Source,
        UserSortField::LastMfaTime => Field::LastMfa,
        UserSortField::PasswordSecurityLevel => Field::PasswordLevel,
        UserSortField::PhoneCountryCode => Field::PhoneCountry,
        UserSortField::LastIp => Field::LastIp,
    };
    // The order that a sort by status means is the one of its index.
    Ok(asked.iter().map(|one| (field(one.field), one.order == SortOrder::Desc)).collect())
}

/// The field with this name of V3; `None` for one that users are not filtered by.
pub(super) fn field_of(name: &str) -> Option<Field> {
    Some(match name {
        "id" | "userId" => Field::Id,
        "email" => Field::Email,
        "username" => Field::Username,
        "phone" => Field::Phone,
        "externalId" => Field::ExternalId,
        "name" => Field::Name,
        "nickname" => Field::Nickname,
        "givenName" => Field::GivenName,
        "familyName" => Field::FamilyName,
        "gender" => Field::Gender,
        "phoneCountryCode" => Field::PhoneCountry,
        "status" => Field::Status,
        "statusChangedAt" => Field::StatusAt,
        "updatedAt" => Field::UpdatedAt,
        "userSource" | "userSourceType" => Field::Source,
        "loginsCount" => Field::Logins,
        "lastLogin" | "lastLoginTime" => Field::LastLogin,
        "lastIp" | "lastIP" => Field::LastIp,
        "lastLoginApp" => Field::LastApplication,
        "lastMfaTime" => Field::LastMfa,
        "passwordLastSetAt" => Field::PasswordAt,
        "passwordSecurityLevel" => Field::PasswordLevel,
        "loggedInApps" => Field::SignedInTo,
        _ => return None,
    })
}

fn condition(cx: &Cx, one: &AdvancedFilter, n: usize) -> Result<Filter> {
    let place = || format!("advancedFilter[{n}]");
    let op = match one.operator {
        Operator::Equal => Op::Equal,
        Operator::NotEqual => Op::NotEqual,
        Operator::Contains => Op::Contains,
        Operator::NotContains => Op::NotContains,
        Operator::IsNull => Op::IsNull,
        Operator::NotNull => Op::NotNull,
        Operator::In => Op::In,
        Operator::Greater => Op::AtLeast,
        Operator::Lesser => Op::AtMost,
        Operator::Between => Op::Between,
    };
    let values = match (op, &one.value) {
        (Op::IsNull | Op::NotNull, _) => &[],
        (Op::In | Op::Between, Some(Value::Array(list))) => list.as_slice(),
        (Op::In | Op::Between, _) | (_, None | Some(Value::Null)) => {
            return Err(wrong("value", "the values of this operator").within(place()));
        }
        (_, Some(one)) => std::slice::from_ref(one),
    };
    let fits = if op == Op::Between { values.len() == 2 } else { values.len() <= VALUES_MAX };
    if !fits {
        return Err(wrong("value", "2 values, or at most 100").within(place()));
    }
    let known = compared(cx, &one.field, op, values).map_err(|error| {
        if error.code() == Code::OperationUnsupported { error } else { error.within(place()) }
    })?;
    known.ok_or_else(|| wrong("field", "a field of users").within(place()))
}

/// A condition on a field by its name of V3; `None` when users are not filtered by it.
///
/// # Errors
/// `field.invalid` naming the field whose value does not fit.
pub(super) fn compared(cx: &Cx, name: &str, op: Op, values: &[Value]) -> Result<Option<Filter>> {
    if matches!(name, "department" | "identity") {
        return Err(unsupported("advancedFilter"));
    }
    if matches!(name, "createdAt" | "signedUp") {
        let times: Result<Vec<i64>> = values.iter().map(|value| time(name, value)).collect();
        return Ok(Some(users::list::made(op, &times?)));
    }
    let Some(field) = field_of(name) else { return Ok(None) };
    let raw = matches!(op, Op::Contains | Op::NotContains);
    let values: Result<Vec<Bound>> = values
        .iter()
        .map(|value| match (value, field) {
            (
                value,
                Field::UpdatedAt
                | Field::LastLogin
                | Field::StatusAt
                | Field::PasswordAt
                | Field::LastMfa,
            ) => time(name, value).map(Bound::Number),
            (Value::String(text), _) if raw => Ok(Bound::Text(text.clone())),
            (Value::String(text), _) => users::list::bound(cx, field, name, text),
            (Value::Number(number), _) => users::list::bound(cx, field, name, &number.to_string()),
            _ => Err(wrong_field(name, "a text or a number")),
        })
        .collect();
    Ok(Some(Filter::Is(field, op, values?)))
}

/// A time: milliseconds since 1970, or ISO 8601.
fn time(name: &str, value: &Value) -> Result<i64> {
    let parsed = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text
            .parse::<i64>()
            .ok()
            .or_else(|| text.parse::<jiff::Timestamp>().ok().map(|at| at.as_millisecond())),
        _ => None,
    };
    parsed.ok_or_else(|| wrong_field(name, "milliseconds since 1970, or ISO 8601"))
}

fn wrong(field: &'static str, expected: &str) -> Error {
    Error::new(Code::FieldInvalid).field(field).arg("expected", expected)
}

fn wrong_field(field: &str, expected: &str) -> Error {
    Error::new(Code::FieldInvalid).field(field.to_owned()).arg("expected", expected)
}
