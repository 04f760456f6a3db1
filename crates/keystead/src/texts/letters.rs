//! Every letter in every language, with kind and with hostile facts.

use super::LocaleFiles;
use keystead_core::messages::{Agent, Channel, Composed, Composer, Letter, Shape, Written};
use keystead_model::{Locale, Millis};
use keystead_pages::mail::Letters;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

const LINK: &str = "https://id.example/reset/abc?x=1";
const EVIL: &str = "\"'><script>alert(1)</script>{{ 7*7 }}%{code}[x](y)";

fn written(letter: Letter, channel: Channel, locale: Locale, name: &str) -> Written<'_> {
    let shape = letter.shape();
    Written {
        letter,
        channel,
        locale,
        name,
        to: "mina@larkfield.example",
        code: (shape == Shape::Code).then_some("402915"),
        link: (shape == Shape::Link).then_some(LINK),
        lives_s: 300,
        asked_at: Millis(1_795_615_320_000),
        ip: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)),
        agent: Some(Agent { browser: "Chrome", system: "macOS" }),
    }
}

fn compose(written: &Written<'_>) -> Composed {
    Letters::new(Arc::new(LocaleFiles)).unwrap().compose(written).unwrap()
}

/// Every message there is, with who it is in a failure.
fn each(name: &str, mut check: impl FnMut(&str, &Written<'_>, &Composed)) {
    for letter in Letter::ALL {
        for locale in Locale::ALL {
            for channel in [Channel::Email, Channel::Sms] {
                let written = written(*letter, channel, locale, name);
                let who = format!("{} {} {}", letter.name(), locale.tag(), channel.name());
                check(&who, &written, &compose(&written));
            }
        }
    }
}

#[test]
fn every_letter_is_whole_in_every_language() {
    each("Larkfield", |who, written, composed| {
        let first = composed.subject.as_deref().unwrap_or(&composed.text);
        if written.letter.shape() == Shape::Code {
            assert!(first.starts_with("402915"), "{who}: {first}");
        }
        let html = composed.html.as_deref().unwrap_or_default();
        for text in [first, &composed.text, html] {
            for left in ["%{", "mail."] {
                assert!(!text.contains(left), "{who}: {left} in {text}");
            }
        }
        assert_eq!(composed.subject.is_some(), written.channel == Channel::Email, "{who}");
        assert_eq!(composed.html.is_some(), written.channel == Channel::Email, "{who}");
        if written.channel == Channel::Sms {
            assert!(composed.text.chars().count() <= 200, "{who}: {}", composed.text);
            return;
        }
        assert!(html.len() < 10_000, "{who}: {} bytes", html.len());
        for fact in ["192.0.2.7", "Chrome", "macOS", "14:02 UTC", "2026", "mina@larkfield.example"]
        {
            assert!(html.contains(fact) && composed.text.contains(fact), "{who}: {fact}");
        }
        assert!(html.contains(&format!("lang=\"{}\"", written.locale.tag())), "{who}");
    });
}

#[test]
fn attack_29_a_code_mail_has_no_link_and_a_link_mail_only_ours() {
    each("Larkfield", |who, written, composed| {
        let html = composed.html.as_deref().unwrap_or_default();
        let links = html.matches("href=").count();
        if written.letter.shape() == Shape::Link {
            assert!(composed.text.contains(LINK), "{who}");
            assert_eq!(html.matches(&format!("href=\"{LINK}\"")).count(), links, "{who}");
        } else {
            assert_eq!(links, 0, "{who}");
            assert!(!html.contains("http") && !composed.text.contains("http"), "{who}");
        }
    });
}

#[test]
fn attack_50_a_hostile_name_is_text() {
    each(EVIL, |who, _, composed| {
        let html = composed.html.as_deref().unwrap_or_default();
        assert!(!html.contains("<script") && !html.contains("49"), "{who}");
        assert!(html.is_empty() || html.contains("&lt;script&gt;"), "{who}");
        // Nothing of a name is put in again: `%{code}` stays what it is.
        let first = composed.subject.as_deref().unwrap_or(&composed.text);
        assert!(first.contains("%{code}[x](y)"), "{who}: {first}");
        assert!(first.matches("402915").count() <= 1, "{who}: {first}");
    });
}

#[test]
fn the_english_code_mail_reads_as_drawn() {
    let written = written(Letter::SigninCode, Channel::Email, Locale::EnUs, "Larkfield");
    let composed = compose(&written);
    assert_eq!(composed.subject.unwrap(), "402915 is your Larkfield sign-in code.");
    let text = "402915 is your Larkfield sign-in code.\n\
         Enter it where you asked for it. It works once, for 5 minutes.\n\n\
         Asked for on 25 November 2026 at 14:02 UTC from Chrome on macOS, address 192.0.2.7.\n\
         Not you? Do nothing: without this code nobody gets in and nothing changes. Nobody at \
         Larkfield will ask you for it.\n\n\
         Sent to mina@larkfield.example because a code was asked for this address.\nLarkfield\n";
    assert_eq!(composed.text, text);
}
