//! Unlocking an account that wrong tries locked: by a code to an address of it.

use super::password::owner;
use crate::applications::App;
use crate::counters::{self, Limit};
use crate::cx::Cx;
use crate::one_time::codes::{self, CodeCheck, Looked};
use crate::one_time::{Address, CodePurpose};
use crate::sending::{self, Wanted};
use keystead_model::{Code, Event, EventKind, Result};

/// Tries of unlock codes per address and window: the account's own counter is locked.
const TRIES: u32 = 10;
const WINDOW_MS: i64 = 15 * 60_000;

/// Sends the code, if the address has an account; the answer is the same if not.
///
/// # Errors
/// `send.too_often`.
pub async fn start(cx: &mut Cx, address: &Address, app: Option<&App>) -> Result<()> {
    let purpose = CodePurpose::Unlock;
    let wanted = Wanted { purpose, address, application: app, flow: None, user: None };
    sending::code(cx, &wanted).await
}

/// Clears the locks of the account by a right code.
///
/// # Errors
/// `code.wrong`, `code.expired`, `rate.limited`.
pub async fn finish(cx: &mut Cx, address: &Address, code: &str) -> Result<()> {
    let mut limits = counters::per_network(cx, "unlock_ip", TRIES, WINDOW_MS);
    let value = address.recipient(cx);
    limits.push(Limit { kind: "unlock", value, limit: TRIES, window_ms: WINDOW_MS });
    let wait = counters::act(cx, &limits).await?;
    cx.settle().await?;
    if let Some(s) = wait {
        return Err(cx.refuse(Code::RateLimited).arg("wait_s", s).retry_after(s));
    }
    let purpose = CodePurpose::Unlock;
    let check = CodeCheck { purpose, address, application: None, flow: None, user: None };
    let looked = codes::take(cx, &check, code).await?;
    let owner = owner(cx, address).await?;
    if let (Looked::Right, Some(user)) = (looked, owner) {
        counters::unlock(cx, user.id, &address.key).await?;
        if let Some(name) = &user.username {
            counters::unlock(cx, user.id, &name.to_lowercase()).await?;
        }
        cx.emit(Event::new(EventKind::AccountUnlocked).on("user", user.id, user.username));
        return cx.settle().await;
    }
    let code = codes::refusal(looked);
    cx.emit(Event::refused(EventKind::CodeRefused, code));
    cx.settle().await?;
    Err(cx.refuse(code).field("passCode"))
}
