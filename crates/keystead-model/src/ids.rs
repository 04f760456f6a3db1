//! Identifiers: 24 lower-case hexadecimal digits, 48 bits of milliseconds and 48 random bits.
//!
//! Sorted by id means sorted by time of creation (`model.md` 0), so a list needs no second column.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Twelve bytes, shown as 24 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; 12]);

/// The text was not 24 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

impl Id {
    /// Puts an id together from its time (48 bits of milliseconds) and its random part (48 bits).
    #[must_use]
    pub fn from_parts(ms: u64, random: u64) -> Self {
        let mut bytes = [0; 12];
        let (head, tail) = bytes.split_at_mut(6);
        for (to, from) in head.iter_mut().zip(ms.to_be_bytes().into_iter().skip(2)) {
            *to = from;
        }
        for (to, from) in tail.iter_mut().zip(random.to_be_bytes().into_iter().skip(2)) {
            *to = from;
        }
        Self(bytes)
    }

    /// The twelve bytes, as they stand inside tokens.
    #[must_use]
    pub const fn bytes(self) -> [u8; 12] {
        self.0
    }

    /// The id with these twelve bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 12]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0_u8; 24];
        hex::encode_to_slice(self.0, &mut text).map_err(|_| fmt::Error)?;
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(NotAnId);
        }
        let mut bytes = [0; 12];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NotAnId)?;
        Ok(Self(bytes))
    }
}

/// Makes one newtype over [`Id`] per entity, so ids of two entities cannot be mixed up.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Id);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
        impl From<Id> for $name {
            fn from(id: Id) -> Self { Self(id) }
        }
        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> { text.parse().map(Self) }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                text.parse().map_err(|_| serde::de::Error::custom("24 hexadecimal digits expected"))
            }
        }
    )*};
}

ids! {
    /// A user pool.
    PoolId,
    /// A user.
    UserId,
    /// An application (its row; what the wire calls `client_id` is a column of its own).
    ApplicationId,
    /// A connection: a directory or an upstream provider.
    ConnectionId,
    /// A stored credential.
    CredentialId,
    /// A row of the table of one-time secrets.
    OneTimeSecretId,
    /// A stored sign-in flow.
    SigninId,
    /// A session.
    SessionId,
    /// A grant: one authorization of one application in one session.
    GrantId,
    /// A family of refresh tokens.
    FamilyId,
    /// An opaque access token.
    AccessHandleId,
    /// A signing key; its text is the `kid`.
    SigningKeyId,
    /// An access key (AK/SK).
    AccessKeyId,
    /// An audit event.
    AuditEventId,
    /// A row of the outbox.
    OutboxId,
    /// A role.
    RoleId,
    /// A namespace of roles and resources.
    NamespaceId,
    /// A data key that seals values of a pool.
    DataKeyId,
    /// A consent.
    ConsentId,
    /// An assignment of a role to a subject.
    RoleAssignmentId,
    /// The declaration of a custom field.
    CustomFieldId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_bytes_agree() {
        let id = Id::from_parts(0x0192_aabb_ccdd, 0x1122_3344_5566);
        assert_eq!(id.to_string(), "0192aabbccdd112233445566");
        assert_eq!("0192aabbccdd112233445566".parse(), Ok(id));
        assert_eq!(Id::from_bytes(id.bytes()), id);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in
            ["", "0192AABBCCDD112233445566", "0192aabbccdd11223344556", "zz92aabbccdd112233445566"]
        {
            assert_eq!(text.parse::<Id>(), Err(NotAnId), "{text}");
        }
    }

    #[test]
    fn later_sorts_after() {
        assert!(Id::from_parts(1, u64::MAX) < Id::from_parts(2, 0));
    }
}
