//! Groups and who belongs to them.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{Id, UserId};

row! { groups;
    /// A group.
    pub struct Group {
        pub id: Id,
        pub code: String,
        pub name: String,
        pub description: Option<String>,
        pub kind: String,
    }
}

/// The most groups that are looked at of one user.
pub const MOST: i64 = 1_000;

/// The groups of a user that are switched on, the oldest first; at most [`MOST`].
///
/// # Errors
/// A fault of the store.
pub async fn of_user(s: &mut Scoped<'_>, user: UserId) -> Result<Vec<Group>> {
    let text = sql!(
        "SELECT {g.Group} FROM group_members m JOIN groups g ON g.id = m.group_id
        WHERE m.pool_id = $1 AND m.user_id = $2 AND g.status = 'enabled'
        ORDER BY g.id LIMIT $3",
        Group
    );
    s.list(text, values![user, MOST]).await
}
