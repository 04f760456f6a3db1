//! Searching the audit log.

use crate::cx::Cx;
use keystead_model::{EventKind, Id, Millis, Page, PageRequest, Permission, Result, UserId};
use keystead_store::applications;
use keystead_store::audit as rows;
use keystead_store::row::{Join, Join3};

/// Whose events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// What users did to their own accounts.
    User,
    /// What administrators did.
    Admin,
    /// What the server did by itself.
    System,
}

impl Category {
    /// Every category.
    pub const ALL: [Self; 3] = [Self::User, Self::Admin, Self::System];

    /// The text of the column `category`.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
            Self::System => "system",
        }
    }
}

/// What is looked for; what is absent does not matter.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Events of one of these kinds; an empty list finds nothing.
    pub kinds: Option<Vec<EventKind>>,
    /// Whether they succeeded.
    pub success: Option<bool>,
    /// The address they came from.
    pub ip: Option<String>,
    /// The client id of the application they went through.
    pub client_id: Option<String>,
    /// Id of who acted.
    pub actor: Option<String>,
    /// Id of what they happened to.
    pub target: Option<String>,
    /// Id of the request they came with.
    pub request_id: Option<String>,
    /// From this time on.
    pub from: Option<Millis>,
    /// Up to this time.
    pub until: Option<Millis>,
}

/// An event as answers show it.
#[derive(Clone, Debug)]
pub struct EventView {
    /// The event.
    pub event: rows::AuditEvent,
    /// Its kind; none for an event that a newer version wrote.
    pub kind: Option<EventKind>,
    /// The user it is about, or the administrator who did it.
    pub user: Option<Person>,
    /// The application it went through.
    pub application: rows::EventApplication,
}

/// A user, as an event shows them.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their id.
    pub id: UserId,
    /// Their name, as logs show it.
    pub label: String,
    /// Their picture.
    pub photo: Option<String>,
    /// How often they signed in.
    pub logins: i64,
}

/// One page of the log, newest first. It reaches the newest 10 000 events that fit: the total stops
/// there, and older ones are found by naming a time.
///
/// # Errors
/// `permission.denied`; faults of the store.
pub async fn list(
    cx: &mut Cx,
    category: Category,
    search: &Search,
    page: PageRequest,
) -> Result<Page<EventView>> {
    cx.require(Permission::AuditRead)?;
    find(cx, category, search, page).await
}

/// The same without asking who looks: for users who look at their own events.
pub(crate) async fn find(
    cx: &mut Cx,
    category: Category,
    search: &Search,
    page: PageRequest,
) -> Result<Page<EventView>> {
    let application = match &search.client_id {
        Some(client) => match applications::by_client_id(&mut cx.store(), client).await? {
            Some(row) => Some(row.id.to_string()),
            None => return Ok(Page { total: 0, rows: Vec::new() }),
        },
        None => None,
    };
    let kinds = search.kinds.as_ref().map(|kinds| {
        kinds.iter().fold(",".to_owned(), |all, kind| format!("{all}{},", kind.text()))
    });
    let bounds = bounds(cx, search);
    let filter = rows::Filter {
        category: category.text(),
        bounds: &bounds,
        kinds: kinds.as_deref(),
        success: search.success,
        ip: search.ip.as_deref(),
        application: application.as_deref(),
        actor: search.actor.as_deref(),
        target: search.target.as_deref(),
        request: search.request_id.as_deref(),
    };
    let mut s = cx.store();
    let found = rows::page(&mut s, &filter, page.limit(), page.offset()).await?;
    let total = match found.first() {
        Some(Join(Join(found, _), _)) => found.total,
        None if page.offset() == 0 => 0,
        // Behind the last page no row says how many there are.
        None => {
            let first = rows::page(&mut s, &filter, 1, 0).await?;
            first.first().map_or(0, |Join(Join(found, _), _)| found.total)
        }
    };
    Ok(Page { total, rows: found.into_iter().map(EventView::from).collect() })
}

/// An hour: how long a request may last at most between its time and the ids it makes.
const SLACK_MS: i64 = 60 * 60 * 1_000;

/// The last millisecond an id can hold.
const LAST_MS: u64 = (1 << 48) - 1;

/// The time by both clocks: ids take the real one, which the clock of development may differ from.
fn bounds(cx: &Cx, search: &Search) -> rows::Bounds {
    let is_real = cx.core.clock.offset_s() == 0;
    let id = |at: Millis| {
        Id::from_parts(u64::try_from(at.0).unwrap_or_default().min(LAST_MS), 0).to_string()
    };
    rows::Bounds {
        from: search.from.unwrap_or(Millis(i64::MIN)),
        until: search.until.unwrap_or(Millis(i64::MAX)),
        from_id: search.from.filter(|_| is_real).map_or_else(|| "0".to_owned(), id),
        until_id: match search.until.filter(|_| is_real) {
            Some(until) => id(Millis(until.0.saturating_add(SLACK_MS))),
            None => "g".to_owned(),
        },
    }
}

impl From<rows::Located> for EventView {
    fn from(located: rows::Located) -> Self {
        let Join(Join(_, event), Join3(user, logins, application)) = located;
        let person = user.id.map(|id| Person {
            id,
            label: label(&user).unwrap_or_else(|| id.to_string()),
            logins: logins.logins.unwrap_or_default(),
            photo: user.photo,
        });
        Self { kind: EventKind::from_text(&event.kind), event, user: person, application }
    }
}

fn label(user: &rows::EventUser) -> Option<String> {
    let names = [
        &user.nickname,
        &user.username,
        &user.name,
        &user.given_name,
        &user.family_name,
        &user.email,
        &user.phone,
    ];
    names.into_iter().flatten().find(|name| !name.is_empty()).cloned()
}
