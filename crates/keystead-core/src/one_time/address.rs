//! Where a message goes: an e-mail address or a phone number in its normal form.

use crate::cx::Cx;
use crate::messages::Channel;
use crate::seal::Label;
use keystead_model::keys::{email_key, phone_key};
use keystead_model::{Result, countries};
use serde::{Deserialize, Serialize};

/// An address in its normal form, and how it is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// How.
    pub channel: Channel,
    /// The normal form: what `email_key` and `phone_key` answer.
    pub key: String,
}

impl Address {
    /// An e-mail address.
    ///
    /// # Errors
    /// `email.malformed`.
    pub fn email(email: &str) -> Result<Self> {
        Ok(Self { channel: Channel::Email, key: email_key(email)? })
    }

    /// A phone number; `country` is its country code, the pool's without.
    ///
    /// # Errors
    /// `phone.malformed`.
    pub fn phone(cx: &Cx, phone: &str, country: Option<&str>) -> Result<Self> {
        let key = phone_key(phone, country, &cx.settings().phone_country)?;
        Ok(Self { channel: Channel::Sms, key })
    }

    /// Country code and number, as people write a phone number; without a known country code the
    /// whole is the number.
    #[must_use]
    pub fn phone_parts(&self) -> (Option<&'static str>, &str) {
        match countries::split(&self.key) {
            Some((country, number)) => (Some(country), number),
            None => (None, &self.key),
        }
    }

    /// The keyed hash under which its codes are found and its messages are counted.
    #[must_use]
    pub fn recipient(&self, cx: &Cx) -> String {
        let text = format!("{}\0{}", self.channel.name(), self.key);
        cx.pool.keys.keyed_hash(Label::Recipient, &text)
    }
}
