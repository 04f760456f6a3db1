//! The one table of V3's numbers: by code where the contract names one, else by kind.

use keystead_model::{Code, Kind};

/// `statusCode` and `apiCode` of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// The class: like an HTTP status.
    pub status: u16,
    /// The refusal's own number, where it has one.
    pub api: Option<u32>,
}

/// The number of a code (`v3_error_codes.tsv`; `signin.md` 4.6).
#[must_use]
pub fn of(code: Code) -> Number {
    let (status, api) = match code {
        Code::SignatureInvalid => (401, Some(1300)),
        Code::SignatureMethod => (401, Some(1301)),
        Code::SignatureVersion => (401, Some(1302)),
        Code::SignatureDateMalformed => (401, Some(1303)),
        Code::SignatureDateMissing => (401, Some(1304)),
        Code::SignatureSkew => (401, Some(1305)),
        Code::SignatureReplay => (401, Some(1306)),
        Code::BodyTooLarge => (413, None),
        Code::ApplicationUnknown => (404, Some(2011)),
        Code::ApplicationDisabled => (403, Some(1576)),
        Code::SigninCredentials => (403, Some(2333)),
        Code::UserUnknown => (404, Some(2004)),
        Code::PasswordWrong => (403, Some(2006)),
        Code::UserBlocked => (403, Some(2005)),
        Code::Locked => (403, Some(2057)),
        Code::CaptchaRequired => (403, Some(2000)),
        Code::CaptchaWrong => (400, Some(2001)),
        Code::PasswordChangeRequired => (301, Some(2058)),
        Code::ConsentRequired => (301, Some(1642)),
        Code::CodeWrong => (400, Some(2001)),
        Code::CodeExpired => (400, Some(2300)),
        Code::SendTooOften => (422, Some(2080)),
        Code::SignupDisabled => (403, Some(2031)),
        Code::SignupTooOften => (429, Some(2100)),
        Code::OldPasswordWrong => (403, Some(2203)),
        Code::OldPasswordMissing => (400, Some(2201)),
        Code::EmailBound => (409, Some(2200)),
        // The number of a taken phone, too: the list has none of its own. For a phone that is not
        // bound it has none at all.
        Code::PhoneBound => (409, Some(2035)),
        Code::EmailMissing => (400, Some(2219)),
        Code::EmailSame => (400, Some(2229)),
        Code::PhoneSame => (400, Some(2230)),
        Code::EmailOldWrong => (400, Some(2037)),
        Code::PhoneOldWrong => (400, Some(2038)),
        Code::IdentityTaken => (409, Some(2215)),
        Code::LastWayIn => (409, Some(2217)),
        Code::PasswordWeak | Code::PasswordTooLong => (400, Some(2029)),
        Code::PasswordUndecryptable => (400, Some(2016)),
        Code::EmailTaken => (409, Some(2026)),
        Code::PhoneTaken => (409, Some(2035)),
        Code::UsernameTaken => (409, Some(2034)),
        Code::UserStatusTransition => (422, None),
        Code::FieldReadOnly => (400, Some(2018)),
        Code::RealNameMissing => (499, None),
        Code::AdministratorLast => (403, Some(2212)),
        Code::TokenMissing => (401, Some(2020)),
        Code::TokenExpired => (401, Some(2206)),
        Code::TokenInvalid => (401, Some(2207)),
        Code::PermissionDenied => (403, Some(1001)),
        Code::RateLimited => (429, Some(1002)),
        Code::Busy | Code::StorageFull => (503, Some(1000)),
        _ => (by_kind(code.kind()), None),
    };
    Number { status, api }
}

const fn by_kind(kind: Kind) -> u16 {
    match kind {
        Kind::Invalid => 400,
        Kind::Unauthenticated => 401,
        Kind::Denied => 403,
        Kind::NotFound => 404,
        Kind::Conflict => 409,
        Kind::Gone => 410,
        Kind::TooMany => 429,
        Kind::Unavailable => 503,
        Kind::Unsupported => 501,
        Kind::Internal => 500,
    }
}
