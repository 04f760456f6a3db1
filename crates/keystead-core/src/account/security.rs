//! How well an account is protected, as a number its owner can raise.

use super::me;
use crate::cx::Cx;
use crate::passwords;
use crate::users::lookup::view;
use keystead_model::Result;

/// What protects an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protection {
    /// A proven or at least bound e-mail address.
    pub email: bool,
    /// A bound phone number.
    pub phone: bool,
    /// A password.
    pub password: bool,
    /// Strength of the password, 1 to 3, when it was set here.
    pub password_level: Option<i64>,
}

impl Protection {
    /// The score, 0 to 100: 20 for an e-mail address, 20 for a phone number, 20 for a password of
    /// each level. A password of unknown strength counts as the weakest.
    #[must_use]
    pub fn score(self) -> i64 {
        let level = if self.password { self.password_level.unwrap_or(1).clamp(1, 3) } else { 0 };
        20 * (i64::from(self.email) + i64::from(self.phone) + level)
    }
}

/// What protects the caller's account.
///
/// # Errors
/// Faults of the store.
pub async fn protection(cx: &mut Cx) -> Result<Protection> {
    let me = me(cx)?.user;
    let view = view(cx, me).await?;
    Ok(Protection {
        email: view.user.email.is_some(),
        phone: view.user.phone.is_some(),
        password: passwords::has(cx, me).await?,
        password_level: view.security.password_level,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_protection_raises_the_score() {
        let none = Protection { email: false, phone: false, password: false, password_level: None };
        assert_eq!(none.score(), 0);
        assert_eq!(Protection { email: true, ..none }.score(), 20);
        let imported = Protection { password: true, ..none };
        assert_eq!(imported.score(), 20);
        let full = Protection { email: true, phone: true, password: true, password_level: Some(3) };
        assert_eq!(full.score(), 100);
    }
}
