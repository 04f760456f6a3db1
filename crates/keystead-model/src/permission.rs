//! What a caller may do, as named in rows and tested by the domain.

/// Makes [`Permission`] from rows `Name: "text";`.
macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident: $text:literal;)*) => {
        /// A permission on the built-in resource `management`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Permission { $($(#[$doc])* $name),* }

        impl Permission {
            /// Every permission.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its text, `noun:verb`.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// The permission with this text.
            #[must_use]
            pub fn from_text(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

permissions! {
    /// Create users.
    UserCreate: "user:create";
    /// Read and list users.
    UserRead: "user:read";
    /// Change users.
    UserUpdate: "user:update";
    /// Delete users.
    UserDelete: "user:delete";
    /// Read and list applications.
    ApplicationRead: "application:read";
    /// Make applications.
    ApplicationCreate: "application:create";
    /// Change applications, their settings and secrets.
    ApplicationUpdate: "application:update";
    /// Change the pool and its settings.
    PoolUpdate: "pool:update";
    /// Create roles.
    RoleCreate: "role:create";
    /// Read and list roles and who has them.
    RoleRead: "role:read";
    /// Change roles.
    RoleUpdate: "role:update";
    /// Delete roles.
    RoleDelete: "role:delete";
    /// Assign and revoke roles.
    RoleAssign: "role:assign";
    /// Read the declarations of fields.
    CustomFieldRead: "custom_field:read";
    /// Declare, change and delete fields.
    CustomFieldUpdate: "custom_field:update";
    /// Read values of custom fields.
    CustomDataRead: "custom_data:read";
    /// Write values of custom fields.
    CustomDataUpdate: "custom_data:update";
    /// Create access keys.
    AccessKeyCreate: "access_key:create";
    /// Read and list access keys.
    AccessKeyRead: "access_key:read";
    /// Switch access keys on and off.
    AccessKeyUpdate: "access_key:update";
    /// Delete access keys.
    AccessKeyDelete: "access_key:delete";
    /// Read the audit log.
    AuditRead: "audit:read";
}
