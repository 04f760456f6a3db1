//! Captchas: a picture of characters that admits one more try where too many were wrong. One-time
//! values with the purpose inside the hash, like all others (`signin.md` 3 and 6).

mod answers;
mod picture;

pub use answers::Answers;

use crate::counters::{self, Captcha};
use crate::cx::Cx;
use crate::seal::{Label, purpose_hash};
use crate::signin::attempt::At;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use keystead_model::{ApplicationId, Code, OneTimeSecretId, Result, Secret, SigninId};
use keystead_store::one_time_secrets as rows;
use subtle::ConstantTimeEq;

const PURPOSE: &str = "captcha";
const LIFE_S: i64 = 300;
const CHARACTERS: u32 = 4;
const MINUTE_MS: i64 = 60_000;

/// Width and height of a picture, in pixels.
pub use picture::SIZE;

/// A new captcha.
#[derive(Debug)]
pub struct Shown {
    /// Which one it is; it comes back with the characters.
    pub token: Secret,
    /// The picture, as an address that holds it: `data:image/png;base64,…`.
    pub picture: String,
}

/// What an attempt carries of a captcha.
#[derive(Clone, Debug, Default)]
pub enum Answered {
    /// Nothing, for its door cannot show one.
    #[default]
    Never,
    /// Nothing yet.
    Not,
    /// What somebody read in a picture.
    With {
        /// Which one.
        token: Secret,
        /// Its characters, as they were typed.
        code: String,
    },
}

impl Answered {
    /// What a door that can show captchas was sent; nothing is as good as an empty text.
    #[must_use]
    pub fn by(token: Option<&str>, code: Option<&str>) -> Self {
        match (token.unwrap_or_default().trim(), code.unwrap_or_default().trim()) {
            ("", "") => Self::Not,
            (token, code) => Self::With { token: Secret::new(token), code: code.to_owned() },
        }
    }
}

/// Makes a captcha for this application, or for the flow alone that shows it. Joins the open
/// transaction; the picture is drawn outside of it.
///
/// # Errors
/// `rate.limited` when this address asks too often, faults of the store.
pub async fn make(
    cx: &mut Cx,
    application: Option<ApplicationId>,
    flow: Option<SigninId>,
) -> Result<Shown> {
    let limit = cx.settings().captcha_per_minute;
    let limits = counters::per_network(cx, PURPOSE, limit, MINUTE_MS);
    let wait = counters::act(cx, &limits).await?;
    cx.settle().await?;
    if let Some(s) = wait {
        return Err(cx.refuse(Code::RateLimited).arg("wait_s", s).retry_after(s));
    }
    let code = cx.core.random.characters(CHARACTERS, picture::ALPHABET)?;
    let png = picture::draw(code.expose().to_owned()).await?;
    let picture = format!("data:image/png;base64,{}", STANDARD.encode(png));
    let (id, token) = (cx.id::<OneTimeSecretId>()?, cx.core.random.token()?);
    let new = rows::NewSecret {
        id,
        purpose: PURPOSE,
        secret_hash: &purpose_hash(PURPOSE, token.expose()),
        user: None,
        application,
        grant: None,
        binding: Some(&binding(cx, id, flow, code.expose())),
        data_enc: None,
        now: cx.now,
        expires_at: cx.now.plus_seconds(LIFE_S),
    };
    rows::insert(&mut cx.store(), &new).await?;
    if let Ok(answers) = cx.core.attached.get::<Answers>() {
        answers.keep(&token, &code);
    }
    Ok(Shown { token, picture })
}

/// Uses up the captcha that an attempt carries, right or wrong. A wrong one is settled; a right one
/// joins the transaction in which the attempt is counted.
pub(crate) async fn check(cx: &mut Cx, answered: &Answered, at: At) -> Result<Captcha> {
    let (token, typed) = match answered {
        Answered::Never => return Ok(Captcha::None),
        Answered::Not => return Ok(Captcha::Open),
        Answered::With { token, code } => (token, code.to_uppercase()),
    };
    let (hash, now) = (purpose_hash(PURPOSE, token.expose()), cx.now);
    let row = rows::consume(&mut cx.store(), PURPOSE, &hash, now).await?;
    let right = row.is_some_and(|row| {
        let expected = row.binding.unwrap_or_default();
        let found = binding(cx, row.id, at.flow, &typed);
        let here = row.application_id.is_none_or(|application| application == at.application);
        here && bool::from(expected.as_bytes().ct_eq(found.as_bytes()))
    });
    if right {
        return Ok(Captcha::Right);
    }
    cx.settle().await?;
    Ok(Captcha::Wrong)
}

/// The characters, the row and the flow they are good for, hashed under the pool's key.
fn binding(cx: &Cx, id: OneTimeSecretId, flow: Option<SigninId>, code: &str) -> String {
    let flow = flow.map(|flow| flow.to_string()).unwrap_or_default();
    cx.pool.keys.keyed_hash(Label::Code, &format!("{PURPOSE}\0{id}\0{flow}\0{code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_as_good_as_an_empty_text() {
        assert!(matches!(Answered::by(None, None), Answered::Not));
        assert!(matches!(Answered::by(Some(""), Some(" ")), Answered::Not));
        for (token, code) in [(Some("t"), None), (None, Some("ab")), (Some("t"), Some(" ab "))] {
            let Answered::With { token: t, code: c } = Answered::by(token, code) else {
                panic!("one of both was given")
            };
            assert_eq!(t.expose(), token.unwrap_or_default());
            assert_eq!(c, code.unwrap_or_default().trim());
        }
    }
}
