//! The field of a captcha, on the forms that take a sign-in: shown where the next try takes one.

use crate::Href;
use crate::flows::Held;
use keystead_core::captcha::{self, Answered};
use keystead_core::{Cx, counters};
use keystead_model::{Code, Error, Result};
use serde::{Deserialize, Serialize};

/// The forms that a captcha can stand on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum On {
    /// Sign-in by password.
    #[default]
    Password,
    /// Sign-in by a code.
    Code,
}

/// A captcha, as its field shows it.
#[derive(Clone, Debug, Serialize)]
pub struct CaptchaField {
    /// Which captcha it is.
    pub token: String,
    /// The address that holds the picture.
    pub picture: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// Where the button for another picture sends the form.
    pub again: Href,
    /// The form it stands on.
    pub on: On,
}

/// A new captcha for a form of this flow.
pub(crate) async fn field(cx: &mut Cx, held: &Held, on: On) -> Result<CaptchaField> {
    let shown = captcha::make(cx, None, held.flow.id()).await?;
    let (width, height) = captcha::SIZE;
    let again = held.href(cx, "/captcha")?;
    let token = shown.token.expose().to_owned();
    Ok(CaptchaField { token, picture: shown.picture, width, height, again, on })
}

/// A new captcha, if the next try takes one.
pub(crate) async fn owed(cx: &mut Cx, held: &Held, on: On) -> Result<Option<CaptchaField>> {
    if counters::owes_captcha(cx).await? { field(cx, held, on).await.map(Some) } else { Ok(None) }
}

/// A new captcha for the form that was refused with this error, if the next try takes one.
pub(crate) async fn after(
    cx: &mut Cx,
    held: &Held,
    on: On,
    error: &Error,
) -> Result<Option<CaptchaField>> {
    match error.code() {
        Code::CaptchaRequired | Code::CaptchaWrong => field(cx, held, on).await.map(Some),
        _ => owed(cx, held, on).await,
    }
}

/// What a form sent of its captcha. A field that was left empty is no answer: its picture can
/// still be read.
pub(crate) fn answered(token: &str, typed: &str) -> Answered {
    if typed.trim().is_empty() { Answered::Not } else { Answered::by(Some(token), Some(typed)) }
}
