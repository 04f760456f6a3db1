//! Ways that a page offers beside each other, as links.

use crate::Href;
use serde::Serialize;

/// How a code travels, and so what kind of address it goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By mail, to an e-mail address.
    Email,
    /// By text message, to a phone number.
    Sms,
}

/// One way, as a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MethodLink {
    text: &'static str,
    href: Href,
    current: bool,
}

impl MethodLink {
    /// Sign-in by password.
    #[must_use]
    pub const fn password(href: Href, current: bool) -> Self {
        Self { text: PASSWORD, href, current }
    }

    /// Sign-in by a code that travels so.
    #[must_use]
    pub const fn code(channel: Channel, href: Href, current: bool) -> Self {
        let text = match channel {
            Channel::Email => EMAIL_CODE,
            Channel::Sms => SMS_CODE,
        };
        Self { text, href, current }
    }

    /// Sign-up with an address of this kind.
    #[must_use]
    pub const fn address(channel: Channel, href: Href, current: bool) -> Self {
        let text = match channel {
            Channel::Email => EMAIL,
            Channel::Sms => PHONE,
        };
        Self { text, href, current }
    }
}

const PASSWORD: &str = "page.method.password";
const EMAIL_CODE: &str = "page.method.email_code";
const SMS_CODE: &str = "page.method.sms_code";
const EMAIL: &str = "page.method.email";
const PHONE: &str = "page.method.phone";

/// The keys of texts that this file names, for the proof that none is missing or unused.
#[cfg(test)]
pub(crate) fn text_keys() -> Vec<&'static str> {
    vec![PASSWORD, EMAIL_CODE, SMS_CODE, EMAIL, PHONE]
}
