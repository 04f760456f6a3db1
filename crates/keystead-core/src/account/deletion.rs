//! Deleting one's own account, in two steps: proved first, then done by the token of that.

use super::contact::{current, missing};
use super::{STEP_S, bad_token, me, password};
use crate::cx::Cx;
use crate::messages::Channel;
use crate::one_time::codes::{self, CodeCheck};
use crate::one_time::{CodePurpose, TokenPurpose, tokens};
use crate::passwords::{Transport, receive};
use crate::users::lookup::view;
use crate::users::{self, Writer};
use keystead_model::{Result, Secret};

/// How the caller proves that the account is theirs.
#[derive(Debug)]
pub enum Proof {
    /// By their password.
    Password(Secret, Transport),
    /// By a code to the account's address of this kind.
    Code(Channel, String),
}

/// Turns a proof into the token that deletes the account, and the seconds it works.
///
/// # Errors
/// `password.old_wrong`, `email.missing`, `phone.missing`, `code.wrong`, `code.expired`, `locked`.
pub async fn verify(cx: &mut Cx, proof: Proof) -> Result<(Secret, i64)> {
    let me = me(cx)?.user;
    match proof {
        Proof::Password(sent, transport) => {
            let sent = receive(cx, sent, transport, false)?;
            password::prove(cx, me, &sent).await?;
        }
        Proof::Code(channel, code) => {
            let user = view(cx, me).await?.user;
            let address = current(cx, &user, channel).ok_or_else(|| cx.refuse(missing(channel)))?;
            let purpose = CodePurpose::Delete;
            let check = CodeCheck {
                purpose,
                address: &address,
                application: None,
                flow: None,
                user: Some(me),
            };
            codes::prove(cx, &check, Some(me), &code).await?;
        }
    }
    let token = tokens::make(cx, TokenPurpose::Delete, Some(me), &(), STEP_S).await?;
    cx.settle().await?;
    Ok((token, STEP_S))
}

/// Deletes the caller's account by the token of [`verify`].
///
/// # Errors
/// `step_token.invalid`; `administrator.last`.
pub async fn delete(cx: &mut Cx, token: &Secret) -> Result<()> {
    let me = me(cx)?.user;
    let taken = tokens::take::<()>(cx, TokenPurpose::Delete, token).await?;
    if taken.is_none_or(|(user, ())| user != Some(me)) {
        cx.rollback().await?;
        return Err(bad_token(cx, "deleteAccountToken"));
    }
    users::delete(cx, &[me], Writer::Myself).await?;
    cx.settle().await
}
