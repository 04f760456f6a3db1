//! What a one-time value is for.

use crate::messages::Letter;

/// Makes an enum of purposes with the text each has in its table.
macro_rules! purposes {
    ($(#[$top:meta])* $name:ident; $($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        $(#[$top])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $variant),* }

        impl $name {
            /// Every purpose.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its text in the table and inside the hash.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// The purpose with this text.
            #[must_use]
            pub fn from_text(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|purpose| purpose.text() == text)
            }
        }
    };
}

purposes! {
    /// What a code that somebody types is for.
    CodePurpose;
    /// Signing in.
    Login = "code.login",
    /// Signing up.
    Register = "code.register",
    /// Setting a forgotten password anew.
    Reset = "code.reset",
    /// Binding or changing an address: sent to the new or the old one.
    Contact = "code.contact",
    /// Unbinding an address.
    Unbind = "code.unbind",
    /// A second factor.
    Mfa = "code.mfa",
    /// Enrolling an address as a factor.
    Enroll = "code.enroll",
    /// Giving up an address as a factor.
    Unenroll = "code.unenroll",
    /// Completing a profile.
    Complete = "code.complete",
    /// Unlocking an account.
    Unlock = "code.unlock",
    /// Deleting an account.
    Delete = "code.delete",
    /// Proving who one is.
    Identity = "code.identity",
    /// Not said: taken for signing in, signing up, a reset and a change of address.
    Any = "code.any",
}

impl CodePurpose {
    /// Whether a code without a named purpose does as well.
    #[must_use]
    pub const fn takes_any(self) -> bool {
        matches!(self, Self::Login | Self::Register | Self::Reset | Self::Contact)
    }

    /// Whether only the owner of an account gets the code, so that a job looks the account up:
    /// nothing may differ between known and unknown addresses.
    #[must_use]
    pub const fn is_deferred(self) -> bool {
        matches!(self, Self::Reset | Self::Unlock)
    }

    /// Whether a code is good for the application alone that asked for it.
    #[must_use]
    pub const fn is_of_application(self) -> bool {
        matches!(self, Self::Login | Self::Register | Self::Mfa)
    }

    /// The message that carries the code.
    #[must_use]
    pub const fn letter(self) -> Letter {
        match self {
            Self::Login => Letter::SigninCode,
            Self::Register => Letter::RegisterCode,
            Self::Reset => Letter::ResetCode,
            Self::Contact => Letter::ContactCode,
            Self::Unbind => Letter::UnbindCode,
            Self::Mfa => Letter::MfaCode,
            Self::Enroll | Self::Unenroll => Letter::EnrollCode,
            Self::Complete => Letter::CompleteCode,
            Self::Unlock => Letter::UnlockCode,
            Self::Delete => Letter::DeleteCode,
            Self::Identity => Letter::IdentityCode,
            Self::Any => Letter::AnyCode,
        }
    }
}

purposes! {
    /// What a token or the secret of a link is for.
    TokenPurpose;
    /// Sets a new password after a proven reset code.
    Reset = "token.reset",
    /// Changes the e-mail address.
    Email = "token.email",
    /// Changes the phone number.
    Phone = "token.phone",
    /// Deletes the account.
    Delete = "token.delete",
    /// A link that sets a new password.
    ResetLink = "link.reset",
    /// A link that proves an e-mail address.
    VerifyLink = "link.verify_email",
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn attack_04_no_two_purposes_share_a_text() {
        let codes = CodePurpose::ALL.iter().map(|p| p.text());
        let tokens = TokenPurpose::ALL.iter().map(|p| p.text());
        let texts: Vec<_> = codes.chain(tokens).chain(["auth_code", "link.setup"]).collect();
        assert_eq!(texts.iter().collect::<HashSet<_>>().len(), texts.len());
        for purpose in CodePurpose::ALL {
            assert_eq!(CodePurpose::from_text(purpose.text()), Some(*purpose));
        }
        assert_eq!(CodePurpose::from_text("token.reset"), None);
    }
}
