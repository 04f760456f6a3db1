//! The letters there are: each has its texts in four languages.

use serde::{Deserialize, Serialize};

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Letter {
    /// A code to sign in with.
    SigninCode,
    /// A code to sign up with.
    RegisterCode,
    /// A code to set a new password with.
    ResetCode,
    /// A code that proves a new address.
    ContactCode,
    /// A code to take an address off an account.
    UnbindCode,
    /// A code as the second factor.
    MfaCode,
    /// A code to enrol, or take off, a second factor.
    EnrollCode,
    /// A code that proves an address asked for while signing in.
    CompleteCode,
    /// A code that ends a lock.
    UnlockCode,
    /// A code to delete an account with.
    DeleteCode,
    /// A code that proves who one is.
    IdentityCode,
    /// A code for whatever was asked.
    AnyCode,
    /// Somebody signed up with an address that has an account.
    AccountExists,
    /// A link to set a new password.
    ResetLink,
    /// A link that proves an address.
    VerifyLink,
    /// The password was changed.
    PasswordChanged,
    /// The account is locked after wrong tries.
    AccountLocked,
    /// An address of the account was changed.
    AddressChanged,
}

/// What a letter carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A code, and no link.
    Code,
    /// A link.
    Link,
    /// Neither; a link is allowed.
    Notice,
}

impl Letter {
    /// Every letter.
    pub const ALL: &'static [Self] = &[
        Self::SigninCode,
        Self::RegisterCode,
        Self::ResetCode,
        Self::ContactCode,
        Self::UnbindCode,
        Self::MfaCode,
        Self::EnrollCode,
        Self::CompleteCode,
        Self::UnlockCode,
        Self::DeleteCode,
        Self::IdentityCode,
        Self::AnyCode,
        Self::AccountExists,
        Self::ResetLink,
        Self::VerifyLink,
        Self::PasswordChanged,
        Self::AccountLocked,
        Self::AddressChanged,
    ];

    /// What it carries.
    #[must_use]
    pub const fn shape(self) -> Shape {
        match self {
            Self::ResetLink | Self::VerifyLink => Shape::Link,
            Self::AccountExists
            | Self::PasswordChanged
            | Self::AccountLocked
            | Self::AddressChanged => Shape::Notice,
            _ => Shape::Code,
        }
    }

    /// Its event in the outbox.
    #[must_use]
    pub const fn event(self) -> &'static str {
        match self {
            Self::SigninCode => "message.signin_code",
            Self::RegisterCode => "message.register_code",
            Self::ResetCode => "message.reset_code",
            Self::ContactCode => "message.contact_code",
            Self::UnbindCode => "message.unbind_code",
            Self::MfaCode => "message.mfa_code",
            Self::EnrollCode => "message.enroll_code",
            Self::CompleteCode => "message.complete_code",
            Self::UnlockCode => "message.unlock_code",
            Self::DeleteCode => "message.delete_code",
            Self::IdentityCode => "message.identity_code",
            Self::AnyCode => "message.any_code",
            Self::AccountExists => "message.account_exists",
            Self::ResetLink => "message.reset_link",
            Self::VerifyLink => "message.verify_link",
            Self::PasswordChanged => "message.password_changed",
            Self::AccountLocked => "message.account_locked",
            Self::AddressChanged => "message.address_changed",
        }
    }

    /// Its name, as keys of texts and gateways know it: `signin_code`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.event().strip_prefix("message.").unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_is_listed_once_under_its_name() {
        for letter in Letter::ALL {
            let name = serde_json::to_value(letter).unwrap();
            assert_eq!(name, letter.name());
            assert_eq!(Letter::ALL.iter().filter(|l| *l == letter).count(), 1);
        }
        assert_eq!(Letter::ALL.len(), Letter::AddressChanged as usize + 1);
    }
}
