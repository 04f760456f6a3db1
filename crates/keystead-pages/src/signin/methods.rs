//! Ways that a page offers beside each other, as links.

use crate::Href;
use crate::flows::Held;
use keystead_core::Cx;
use keystead_core::messages::{self, Channel};
use keystead_core::signin::{Flow, MethodId};
use keystead_model::Result;
use serde::Serialize;

/// One way, as a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MethodLink {
    text: &'static str,
    href: Href,
    current: bool,
}

impl MethodLink {
    /// The link to a method's page.
    #[must_use]
    pub const fn new(method: MethodId, href: Href, current: bool) -> Self {
        Self { text: name(method), href, current }
    }

    /// The link to the same page for an address of this kind.
    #[must_use]
    pub const fn address(channel: Channel, href: Href, current: bool) -> Self {
        let text = match channel {
            Channel::Email => EMAIL,
            Channel::Sms => PHONE,
        };
        Self { text, href, current }
    }
}

/// The query that asks for the form for phone numbers.
const BY_PHONE: &str = "by=phone";

const PASSWORD: &str = "page.method.password";
const EMAIL_CODE: &str = "page.method.email_code";
const SMS_CODE: &str = "page.method.sms_code";
const EMAIL: &str = "page.method.email";
const PHONE: &str = "page.method.phone";

const fn name(method: MethodId) -> &'static str {
    match method {
        MethodId::EmailCode => EMAIL_CODE,
        MethodId::SmsCode => SMS_CODE,
        MethodId::Password | MethodId::NewPassword => PASSWORD,
    }
}

/// Where in a flow the form of a method stands.
pub(crate) const fn path(method: MethodId) -> &'static str {
    match method {
        MethodId::EmailCode => "/email-code",
        MethodId::SmsCode => "/sms-code",
        MethodId::Password | MethodId::NewPassword => "/password",
    }
}

/// How a code travels that proves by this method.
const fn channel(method: MethodId) -> Option<Channel> {
    match method {
        MethodId::EmailCode => Some(Channel::Email),
        MethodId::SmsCode => Some(Channel::Sms),
        MethodId::Password | MethodId::NewPassword => None,
    }
}

/// The ways that messages can take from this server.
pub(crate) fn channels(cx: &Cx) -> Vec<Channel> {
    [Channel::Email, Channel::Sms].into_iter().filter(|it| messages::reaches(cx, *it)).collect()
}

/// The ways to sign in that the application offers and this server can do.
pub(crate) fn offered(cx: &Cx, flow: &Flow) -> Vec<MethodId> {
    let can = |method: &MethodId| channel(*method).is_none_or(|it| messages::reaches(cx, it));
    flow.methods().into_iter().filter(can).collect()
}

/// The links to the ways to sign in, for the page of this one.
pub(crate) fn links(cx: &Cx, held: &Held, current: MethodId) -> Result<Vec<MethodLink>> {
    let link = |it: MethodId| Ok(MethodLink::new(it, held.href(cx, path(it))?, it == current));
    offered(cx, &held.flow).into_iter().map(link).collect()
}

/// The links to the kinds of address that a page takes, for the page of this one.
pub(crate) fn addresses(
    cx: &Cx,
    held: &Held,
    step: &str,
    current: Channel,
) -> Result<Vec<MethodLink>> {
    let link = |it| Ok(MethodLink::address(it, held.href(cx, &by(step, it))?, it == current));
    channels(cx).into_iter().map(link).collect()
}

/// The address of a page for addresses of this kind.
pub(crate) fn by(step: &str, channel: Channel) -> String {
    match channel {
        Channel::Email => step.to_owned(),
        Channel::Sms => format!("{step}?{BY_PHONE}"),
    }
}

/// The kind of address that the query asks for; the first that can be reached without.
pub(crate) fn channel_of_query(cx: &Cx) -> Channel {
    let channels = channels(cx);
    let by_phone = cx.request.evidence.query.split('&').any(|pair| pair == BY_PHONE);
    match (by_phone, channels.first()) {
        (true, _) if channels.contains(&Channel::Sms) => Channel::Sms,
        (_, Some(first)) => *first,
        (_, None) => Channel::Email,
    }
}

/// The keys of texts that this file names, for the proof that none is missing or unused.
#[cfg(test)]
pub(crate) fn text_keys() -> Vec<&'static str> {
    vec![PASSWORD, EMAIL_CODE, SMS_CODE, EMAIL, PHONE]
}
