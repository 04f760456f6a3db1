//! Unlocks an account for its owner: sends a code, and takes it.

use super::UnlockPage;
use crate::Href;
use crate::flows::{self, Held, Went, kept};
use crate::problem::{Problem, fields};
use crate::rows::{AskUnlock, UnlockForm};
use crate::signin::code::handler::send;
use crate::signin::methods::{self, by, channel_of_query};
use keystead_core::Cx;
use keystead_core::account::unlock;
use keystead_core::messages::Channel;
use keystead_core::one_time::{Address, CodePurpose};
use keystead_endpoint::Reply;
use keystead_model::Result;
use keystead_web::origin;

/// The query under which the sign-in says that the account is unlocked.
pub(crate) const UNLOCKED: &str = "unlocked=1";

const STEP: &str = "/unlock";

/// Where a lock is ended by a code, if one can be sent.
pub(crate) fn link(cx: &Cx, held: &Held) -> Result<Option<Href>> {
    (!methods::channels(cx).is_empty()).then(|| held.href(cx, STEP)).transpose()
}

/// Asks for the address that a code goes to.
///
/// # Errors
/// Faults of the store.
pub async fn unlock_account(cx: &mut Cx, request: AskUnlock) -> Result<Reply> {
    let held = match flows::open(cx, &request.flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    let query = cx.request.evidence.parameters.clone();
    let page = form(cx, &held, channel_of_query(cx), &held.hint())?;
    held.shown(cx, &page, &query)
}

/// Sends a code, if the address has an account; the page is the same if it has none.
///
/// # Errors
/// `origin.foreign`, faults of the store.
pub async fn unlock_account_by_form(cx: &mut Cx, request: UnlockForm) -> Result<Reply> {
    origin::require_own(cx)?;
    let mut held = match flows::open(cx, &request.flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    let channel = channel_of_query(cx);
    let page = form(cx, &held, channel, &request.identifier)?;
    match send(cx, &mut held, CodePurpose::Unlock, channel, &request.identifier).await? {
        Ok(reply) => Ok(reply),
        Err(error) => {
            let problem = Some(Problem::of(&error, fields::ADDRESS));
            held.again(cx, &UnlockPage { problem, ..page }, &error)
        }
    }
}

/// Takes the code, and ends the lock.
pub(crate) async fn unlocked(
    cx: &mut Cx,
    held: &Held,
    address: &Address,
    code: &str,
) -> Result<Went> {
    match unlock::finish(cx, address, code).await {
        Ok(()) => held.go(cx, &format!("?{UNLOCKED}")).map(Went::On),
        Err(error) => flows::refusal(cx, error).await.map(Went::Refused),
    }
}

fn form(cx: &Cx, held: &Held, channel: Channel, identifier: &str) -> Result<UnlockPage> {
    Ok(UnlockPage {
        action: held.href(cx, &by(STEP, channel))?,
        channel,
        methods: methods::addresses(cx, held, STEP, channel)?,
        identifier: kept(identifier.trim()).to_owned(),
        problem: None,
        back: held.href(cx, "")?,
    })
}
