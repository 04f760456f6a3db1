//! Lists of users: keywords, filters, orders, pages (`model.md` 9).

use super::{UserView, terms};
use crate::cx::Cx;
use keystead_model::{
    Code, Error, Id, Page, PageRequest, Permission, Result,
    keys::{email_key, fold, phone_key, username_key},
};
use keystead_store::list::people;
use keystead_store::users as rows;

pub use people::{Bound, Field, Filter, Keyword, Op, Sort};

/// Users that a condition or order without an index may look at.
const SCAN_ROWS: i64 = 200_000;
/// Words of one search at most.
const WORDS_MAX: usize = 5;

/// What is asked for.
#[derive(Debug)]
pub struct ListQuery {
    /// Which users.
    pub filter: Filter,
    /// In which order; by id without.
    pub sort: Vec<Sort>,
    /// Which page.
    pub page: PageRequest,
}

impl ListQuery {
    /// A page of those whom a keyword finds; of all without one.
    #[must_use]
    pub fn of_keyword(cx: &Cx, keyword: Option<&str>, page: PageRequest) -> Self {
        let filter = keywords(cx, keyword.unwrap_or_default(), &Places::default());
        Self { filter, sort: Vec::new(), page }
    }
}

/// One page of the pool's people, archived ones left out; by id unless an order is given.
///
/// # Errors
/// `search.too_wide` for a condition that would look at too many users; faults of the store.
pub async fn list(cx: &mut Cx, query: ListQuery) -> Result<Page<UserView>> {
    cx.require(Permission::UserRead)?;
    let ListQuery { filter, mut sort, page } = query;
    let window = (page.limit(), page.offset());
    let everybody = filter.is_everybody();
    let mut s = cx.store();
    let wide = !everybody && !filter.is_narrow();
    let unsorted = sort.iter().any(|(field, _)| !field.is_indexed());
    let all = if everybody || wide || unsorted { rows::total(&mut s).await? } else { 0 };
    if wide && all > SCAN_ROWS {
        return Err(Code::SearchTooWide.into());
    }
    if unsorted && all > SCAN_ROWS && !filter.is_narrow() {
        sort.clear();
    }
    let (total, found) = if everybody && sort.is_empty() {
        (all, rows::page(&mut s, window.0, window.1).await?)
    } else {
        let total = if everybody { all } else { people::total(&mut s, &filter).await? };
        (total, people::page(&mut s, &filter, &sort, window).await?)
    };
    Ok(Page { total, rows: found.into_iter().map(UserView::from).collect() })
}

/// Where keywords are looked for.
#[derive(Debug)]
pub struct Places {
    /// Columns with an index.
    pub keys: Vec<Field>,
    /// Fields whose words are kept.
    pub terms: Vec<&'static str>,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            keys: vec![Field::Email, Field::Username, Field::Phone],
            terms: vec!["name", "nickname", "email", "phone"],
        }
    }
}

/// The filter of keywords: all of them as the start of a key, or each as the start of a word.
#[must_use]
pub fn keywords(cx: &Cx, text: &str, places: &Places) -> Filter {
    let whole = fold(text);
    if whole.is_empty() {
        return Filter::All(Vec::new());
    }
    let country = &cx.settings().phone_country;
    let digits: String = whole.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')')).collect();
    let phone = match digits.strip_prefix('+') {
        _ if !digits.trim_start_matches('+').bytes().all(|b| b.is_ascii_digit()) => None,
        Some(_) => Some(digits.clone()),
        None => Some(format!("+{country}{digits}")),
    };
    let keyword = |word: &str| Keyword {
        word: word.to_owned(),
        phone: None,
        keys: Vec::new(),
        terms: places.terms.clone(),
        in_terms: !places.terms.is_empty(),
    };
    let keys = Filter::Starts(Keyword { phone, keys: places.keys.clone(), ..keyword(&whole) });
    let mut words = terms::words(text);
    // Where one word begins at each character, the first holds all the others.
    words.dedup_by(|next, word| word.ends_with(next.as_str()));
    words.truncate(WORDS_MAX);
    let each: Vec<Filter> = words.iter().map(|word| Filter::Starts(keyword(word))).collect();
    if each.is_empty() { keys } else { Filter::Any(vec![keys, Filter::All(each)]) }
}

/// The filter for when a user was made: the first half of an id is its time, so the index of ids
/// finds it.
#[must_use]
pub fn made(op: Op, times: &[i64]) -> Filter {
    let id = |ms: i64, last: bool| {
        let ms = u64::try_from(ms).unwrap_or_default();
        Bound::Text(Id::from_parts(ms, if last { u64::MAX } else { 0 }).to_string())
    };
    let (first, second) = (times.first().copied(), times.get(1).copied());
    let (from, to) = (first.unwrap_or_default(), second.or(first).unwrap_or_default());
    let within = |from, to| Filter::Is(Field::Id, Op::Between, vec![id(from, false), id(to, true)]);
    match op {
        Op::Equal => within(from, from),
        Op::Between => within(from, to),
        Op::In => Filter::Any(times.iter().map(|at| within(*at, *at)).collect()),
        Op::AtLeast => Filter::Is(Field::Id, Op::AtLeast, vec![id(from, false)]),
        Op::AtMost => Filter::Is(Field::Id, Op::AtMost, vec![id(from, true)]),
        Op::NotEqual | Op::NotContains => Filter::Not(Box::new(within(from, from))),
        Op::NotNull => Filter::All(Vec::new()),
        Op::IsNull | Op::Contains => Filter::Any(Vec::new()),
    }
}

/// A value as the column of its field stores it; a malformed key fits nobody.
///
/// # Errors
/// `field.invalid` naming the field.
pub fn bound(cx: &Cx, field: Field, name: &str, text: &str) -> Result<Bound> {
    let settings = cx.settings();
    let bad = |expected: &str| {
        Error::new(Code::FieldInvalid).field(name.to_owned()).arg("expected", expected)
    };
    Ok(match field {
        Field::Email => Bound::Text(email_key(text).unwrap_or_else(|_| fold(text))),
        Field::Username => {
            Bound::Text(username_key(text, settings.username_case_sensitive).unwrap_or_default())
        }
        Field::Phone => Bound::Text(
            phone_key(text, None, &settings.phone_country).unwrap_or_else(|_| text.to_owned()),
        ),
        Field::Status => {
            let status = text.to_lowercase();
            super::status::check("activated", &status).map_err(|e| e.field(name.to_owned()))?;
            Bound::Text(status)
        }
        Field::StatusAt
        | Field::UpdatedAt
        | Field::Logins
        | Field::LastLogin
        | Field::LastMfa
        | Field::PasswordAt
        | Field::PasswordLevel => {
            Bound::Number(text.parse().map_err(|_| bad("a number or a time"))?)
        }
        _ => Bound::Text(text.to_owned()),
    })
}
