//! Lists of users: by many keys at once, by conditions, in an order.

mod filter;

pub use filter::{Bound, Field, Filter, Keyword, Op};

use super::Built;
use crate::users::past::AppCard;
use crate::users::{User, UserActivity, UserFacts, UserKey, UserSecurity};
use crate::{Result, Scoped, sql};
use keystead_model::ApplicationId;

/// What a list is sorted by: the field, and whether the greatest comes first.
pub type Sort = (Field, bool);

/// The users with one of these keys, in no order; the caller bounds how many keys there are.
///
/// # Errors
/// A fault of the store.
pub async fn by_keys(
    s: &mut Scoped<'_>,
    key: UserKey,
    values: &[String],
) -> Result<Vec<UserFacts>> {
    let mut built = facts();
    built.push(match key {
        UserKey::Id => " AND u.id IN ",
        UserKey::Email => " AND u.email_key IN ",
        UserKey::Phone => " AND u.phone_key IN ",
        UserKey::Username => " AND u.username_key IN ",
        UserKey::ExternalId => " AND u.external_id IN ",
    });
    built.bind_list(values.iter().map(|value| value.clone().into()));
    s.list_built(&built).await
}

/// One page of the people that fit a filter. What has no value comes last; equals by id.
///
/// # Errors
/// A fault of the store.
pub async fn page(
    s: &mut Scoped<'_>,
    filter: &Filter,
    sort: &[Sort],
    (limit, offset): (i64, i64),
) -> Result<Vec<UserFacts>> {
    s.list_built(&page_text(filter, sort, (limit, offset))).await
}

pub(crate) fn page_text(filter: &Filter, sort: &[Sort], (limit, offset): (i64, i64)) -> Built {
    let mut built = facts();
    people(&mut built, filter);
    built.push(" ORDER BY ");
    let mut by_id = " ASC";
    for (field, descending) in sort {
        let way = if *descending { " DESC" } else { " ASC" };
        if matches!(field, Field::Id) {
            by_id = way;
            break;
        }
        built.push(field.column()).push(way);
        built.push(if field.is_nullable() { " NULLS LAST, " } else { ", " });
    }
    built.push("u.id").push(by_id).push(" LIMIT ").bind(limit).push(" OFFSET ").bind(offset);
    built
}

/// How many people fit a filter.
///
/// # Errors
/// A fault of the store.
pub async fn total(s: &mut Scoped<'_>, filter: &Filter) -> Result<i64> {
    let found = s.list_built::<(i64,)>(&total_text(filter)).await?;
    Ok(found.first().map_or(0, |(n,)| *n))
}

pub(crate) fn total_text(filter: &Filter) -> Built {
    let mut built = Built::new("SELECT count(*) FROM users u");
    if filter.any(&|field| field.column().starts_with("a.")) {
        built.push(" JOIN user_activity a ON a.user_id = u.id");
    }
    if filter.any(&|field| field.column().starts_with("c.")) {
        built.push(" JOIN user_security c ON c.user_id = u.id");
    }
    built.push(" WHERE u.pool_id = $1");
    people(&mut built, filter);
    built
}

/// Archived people are hidden, unless the filter asks for a state.
fn people(built: &mut Built, filter: &Filter) {
    built.push(" AND u.kind = 'person'");
    if !filter.any(&|field| field == Field::Status) {
        built.push(" AND u.status <> 'archived'");
    }
    built.push(" AND ");
    filter.write(built);
}

/// The applications with one of these ids, in no order.
///
/// # Errors
/// A fault of the store.
pub async fn app_cards(s: &mut Scoped<'_>, ids: &[ApplicationId]) -> Result<Vec<AppCard>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut built =
        Built::new(sql!("SELECT {AppCard} FROM applications WHERE pool_id = $1", AppCard));
    built.push(" AND id IN ");
    built.bind_list(ids.iter().map(|id| id.to_string().into()));
    s.list_built(&built).await
}

/// The start of a text that reads users with all that answers show of them.
fn facts() -> Built {
    Built::new(sql!(
        "SELECT {u.User}, {a.UserActivity}, {c.UserSecurity} FROM users u
        JOIN user_activity a ON a.user_id = u.id JOIN user_security c ON c.user_id = u.id
        WHERE u.pool_id = $1",
        User,
        UserActivity,
        UserSecurity
    ))
}
