//! How an authorization is answered, and what the person is shown before.

use super::errors::{OAuthError, Refusal};
use serde::{Deserialize, Serialize};

/// What is answered. Only the code flow is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseType {
    /// An authorization code (RFC 6749, 4.1).
    Code,
}

impl ResponseType {
    /// Checks `response_type`.
    ///
    /// # Errors
    /// `invalid_request` without it, `unsupported_response_type` for anything but `code`.
    pub fn check(value: Option<&str>) -> Result<Self, Refusal> {
        match value {
            None => Err(Refusal::request("response_type is missing")),
            Some("code") => Ok(Self::Code),
            Some(_) => Err(OAuthError::UnsupportedResponseType.into()),
        }
    }
}

/// How the answer reaches the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of a redirect.
    #[default]
    Query,
    /// In the fragment of a redirect.
    Fragment,
    /// In a form that a page posts (OAuth 2.0 Form Post Response Mode).
    FormPost,
}

impl ResponseMode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Query, Self::Fragment, Self::FormPost];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::FormPost => "form_post",
        }
    }

    /// Checks `response_mode`; a code comes by query unless something else is asked for.
    ///
    /// # Errors
    /// `invalid_request` for a mode that is not served.
    pub fn check(value: Option<&str>) -> Result<Self, Refusal> {
        let Some(value) = value else { return Ok(Self::Query) };
        let found = Self::ALL.into_iter().find(|mode| mode.name() == value);
        found.ok_or_else(|| Refusal::request("response_mode is not supported"))
    }
}

/// One value of `prompt` (OpenID Connect Core, 3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromptValue {
    /// No page is shown, ever.
    None,
    /// The person proves who they are again.
    Login,
    /// The person is asked for consent again.
    Consent,
    /// The person chooses an account.
    SelectAccount,
}

impl PromptValue {
    /// Every value.
    pub const ALL: [Self; 4] = [Self::None, Self::Login, Self::Consent, Self::SelectAccount];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
        }
    }
}

/// The values of `prompt`. Made by its check alone; `Deserialize` is for what our own store held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Prompt(Vec<PromptValue>);

impl Prompt {
    /// Checks `prompt`.
    ///
    /// # Errors
    /// `invalid_request` for an unknown value, and for `none` beside another one.
    pub fn check(value: Option<&str>) -> Result<Self, Refusal> {
        let mut values = Vec::new();
        for name in value.unwrap_or_default().split(' ').filter(|name| !name.is_empty()) {
            let found = PromptValue::ALL.into_iter().find(|value| value.name() == name);
            let found = found.ok_or_else(|| Refusal::request("prompt has an unknown value"))?;
            if !values.contains(&found) {
                values.push(found);
            }
        }
        if values.len() > 1 && values.contains(&PromptValue::None) {
            return Err(Refusal::request("prompt none must stand alone"));
        }
        Ok(Self(values))
    }

    /// Whether the value is asked for.
    #[must_use]
    pub fn has(&self, value: PromptValue) -> bool {
        self.0.contains(&value)
    }

    /// Whether no page may be shown.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.has(PromptValue::None)
    }
}

/// How large a page the client has room for: a wish, so an unknown value counts as none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Display {
    /// A whole window.
    Page,
    /// A small window.
    Popup,
    /// A touch screen.
    Touch,
    /// A feature phone.
    Wap,
}

impl Display {
    /// Reads `display` (OpenID Connect Core, 3.1.2.1).
    #[must_use]
    pub fn read(value: Option<&str>) -> Option<Self> {
        match value? {
            "page" => Some(Self::Page),
            "popup" => Some(Self::Popup),
            "touch" => Some(Self::Touch),
            "wap" => Some(Self::Wap),
            _ => None,
        }
    }
}

/// Checks `max_age`: seconds since the person last proved who they are.
///
/// # Errors
/// `invalid_request` for anything but a whole number from 0 to 2^31 - 1.
pub fn max_age(value: Option<&str>) -> Result<Option<u32>, Refusal> {
    let Some(value) = value else { return Ok(None) };
    let digits = value.bytes().all(|b| b.is_ascii_digit());
    match value.parse::<u32>() {
        Ok(seconds) if digits && i32::try_from(seconds).is_ok() => Ok(Some(seconds)),
        _ => Err(Refusal::request("max_age must be a number of seconds")),
    }
}

/// Reads a list of wishes parted by spaces (`ui_locales`, `acr_values`): the first ten, each of at
/// most 100 characters. Nothing depends on them, so what does not fit is left out.
#[must_use]
pub fn wishes(value: Option<&str>) -> Vec<String> {
    let values = value.unwrap_or_default().split(' ');
    values.filter(|v| (1..=100).contains(&v.len())).take(10).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_modes() {
        assert_eq!(ResponseType::check(Some("code")), Ok(ResponseType::Code));
        assert_eq!(ResponseType::check(None).unwrap_err().code(), "invalid_request");
        for value in ["token", "id_token", "code id_token", "none", "CODE", "code "] {
            let refusal = ResponseType::check(Some(value)).unwrap_err();
            assert_eq!(refusal.code(), "unsupported_response_type", "{value}");
        }
        for (value, want) in [
            (None, Some(ResponseMode::Query)),
            (Some("query"), Some(ResponseMode::Query)),
            (Some("fragment"), Some(ResponseMode::Fragment)),
            (Some("form_post"), Some(ResponseMode::FormPost)),
            (Some("Query"), None),
            (Some("jwt"), None),
        ] {
            assert_eq!(ResponseMode::check(value).ok(), want, "{value:?}");
        }
        for mode in ResponseMode::ALL {
            assert_eq!(serde_json::to_value(mode).unwrap(), mode.name());
        }
    }

    #[test]
    fn prompts() {
        for (value, want) in [
            (None, Some(vec![])),
            (Some("none"), Some(vec![PromptValue::None])),
            (Some("login consent login"), Some(vec![PromptValue::Login, PromptValue::Consent])),
            (Some("select_account"), Some(vec![PromptValue::SelectAccount])),
            (Some("none login"), None),
            (Some("login none"), None),
            (Some("none none"), Some(vec![PromptValue::None])),
            (Some("create"), None),
            (Some("LOGIN"), None),
        ] {
            assert_eq!(Prompt::check(value).ok().map(|p| p.0), want, "{value:?}");
        }
        assert!(Prompt::check(Some("none")).unwrap().is_none());
        assert!(!Prompt::default().is_none());
        for value in PromptValue::ALL {
            assert_eq!(serde_json::to_value(value).unwrap(), value.name());
        }
    }

    #[test]
    fn ages() {
        for (value, want) in [
            (None, Ok(None)),
            (Some("0"), Ok(Some(0))),
            (Some("1"), Ok(Some(1))),
            (Some("2147483647"), Ok(Some(2_147_483_647))),
            (Some("2147483648"), Err(())),
            (Some("99999999999999999999"), Err(())),
            (Some("-1"), Err(())),
            (Some("+1"), Err(())),
            (Some("1.5"), Err(())),
            (Some(" 1"), Err(())),
            (Some("x"), Err(())),
        ] {
            assert_eq!(max_age(value).map_err(|_| ()), want, "{value:?}");
        }
    }

    #[test]
    fn wishes_and_display() {
        assert_eq!(wishes(Some("de  ja-JP en")), ["de", "ja-JP", "en"]);
        assert!(wishes(None).is_empty());
        assert_eq!(wishes(Some(&"x ".repeat(50))).len(), 10);
        assert!(wishes(Some(&"x".repeat(101))).is_empty());
        assert_eq!(Display::read(Some("popup")), Some(Display::Popup));
        assert_eq!(Display::read(Some("hologram")), None);
        assert_eq!(Display::read(None), None);
    }
}
