//! What happened, as the audit log keeps it.

use crate::ids::{AccessKeyId, ApplicationId, UserId};
use serde_json::Value;

/// Makes [`EventKind`] from rows `Name: "category", "text";`.
macro_rules! events {
    ($($(#[$doc:meta])* $name:ident: $category:literal, $text:literal;)*) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EventKind { $($(#[$doc])* $name),* }

        impl EventKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The kind with this text; `None` for a text of a newer version.
            #[must_use]
            pub fn from_text(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }

            /// `user`, `admin` or `system`.
            #[must_use]
            pub const fn category(self) -> &'static str {
                match self { $(Self::$name => $category),* }
            }

            /// The text of the audit row, `noun.verb`.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

events! {
    /// Somebody signed in.
    SignedIn: "user", "signin.done";
    /// Somebody allowed an application what it asked for.
    ConsentGranted: "user", "consent.granted";
    /// Somebody did not allow an application what it asked for.
    ConsentRefused: "user", "consent.refused";
    /// A sign-in was refused.
    SigninRefused: "user", "signin.refused";
    /// Somebody signed out.
    SignedOut: "user", "session.ended";
    /// A code was turned into tokens, or a grant issued them directly.
    TokensIssued: "user", "tokens.issued";
    /// A code was offered a second time; its tokens died.
    CodeReused: "user", "code.reused";
    /// A refresh token was offered after its grace; its family died.
    RefreshTokenReused: "user", "refresh_token.reused";
    /// A token was revoked by its client.
    TokenRevoked: "user", "token.revoked";
    /// A one-time code or link was asked for.
    CodeRequested: "user", "code.requested";
    /// A one-time code was refused.
    CodeRefused: "user", "code.refused";
    /// Somebody signed up.
    SignedUp: "user", "user.signed_up";
    /// A user changed their password.
    PasswordChanged: "user", "password.changed";
    /// A user set a new password by a code or link.
    PasswordReset: "user", "password.reset";
    /// A user who had no e-mail address got one.
    EmailBound: "user", "email.bound";
    /// A user got another e-mail address.
    EmailChanged: "user", "email.changed";
    /// A user's e-mail address was taken off.
    EmailUnbound: "user", "email.unbound";
    /// A user who had no phone number got one.
    PhoneBound: "user", "phone.bound";
    /// A user got another phone number.
    PhoneChanged: "user", "phone.changed";
    /// A user's phone number was taken off.
    PhoneUnbound: "user", "phone.unbound";
    /// A user proved an address.
    ContactVerified: "user", "contact.verified";
    /// An owner unlocked an account that wrong tries had locked.
    AccountUnlocked: "user", "account.unlocked";
    /// A user deleted their own account.
    AccountDeleted: "user", "account.deleted";
    /// An administrator created a user.
    UserCreated: "admin", "user.created";
    /// A pool was made.
    PoolCreated: "admin", "pool.created";
    /// A pool's name or secret changed.
    PoolUpdated: "admin", "pool.updated";
    /// Settings of a pool or application changed.
    SettingsChanged: "admin", "settings.changed";
    /// An application was made.
    ApplicationCreated: "admin", "application.created";
    /// An application changed.
    ApplicationUpdated: "admin", "application.updated";
    /// An application got another secret.
    ApplicationSecretRenewed: "admin", "application.secret_renewed";
    /// An administrator changed a user.
    UserUpdated: "admin", "user.updated";
    /// An administrator set a user's password.
    PasswordSet: "admin", "user.password_set";
    /// An administrator was given the hash of a user's password.
    PasswordExported: "admin", "user.password_exported";
    /// An administrator brought a user's second factor along.
    FactorImported: "admin", "factor.imported";
    /// An administrator was given the secret of a user's second factor.
    FactorRevealed: "admin", "factor.revealed";
    /// An administrator gave a user an identity.
    IdentityLinked: "admin", "identity.linked";
    /// An administrator took an identity from a user.
    IdentityUnlinked: "admin", "identity.unlinked";
    /// An administrator signed a user out.
    UserKicked: "admin", "user.kicked";
    /// An administrator deleted a user.
    UserDeleted: "admin", "user.deleted";
    /// Somebody changed their own profile.
    ProfileUpdated: "user", "profile.updated";
    /// An administrator created a role.
    RoleCreated: "admin", "role.created";
    /// An administrator changed a role.
    RoleUpdated: "admin", "role.updated";
    /// An administrator deleted a role, and with it all its assignments.
    RoleDeleted: "admin", "role.deleted";
    /// An administrator gave a role to somebody.
    RoleAssigned: "admin", "role.assigned";
    /// An administrator took a role from somebody.
    RoleRevoked: "admin", "role.revoked";
    /// An administrator declared a custom field, or changed its declaration.
    CustomFieldSet: "admin", "custom_field.set";
    /// An administrator deleted a custom field, and with it all its values.
    CustomFieldDeleted: "admin", "custom_field.deleted";
    /// An administrator wrote values of custom fields.
    CustomDataSet: "admin", "custom_data.set";
    /// A new signing key was published; it signs later.
    SigningKeyPublished: "system", "signing_key.published";
    /// A signing key took the place of another one.
    SigningKeyActivated: "system", "signing_key.activated";
    /// An operator took a signing key back.
    SigningKeyRevoked: "system", "signing_key.revoked";
    /// An operator ended every grant of the pool.
    GrantsEnded: "system", "grants.ended";
    /// An access key was made.
    AccessKeyCreated: "admin", "access_key.created";
    /// An access key was switched on.
    AccessKeyEnabled: "admin", "access_key.enabled";
    /// An access key was switched off.
    AccessKeyDisabled: "admin", "access_key.disabled";
    /// An access key was deleted.
    AccessKeyDeleted: "admin", "access_key.deleted";
    /// The first administrator was set up.
    AdministratorCreated: "system", "administrator.created";
}

/// Who acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody that we know.
    Anonymous,
    /// A user.
    User(UserId),
    /// A caller with an access key of the pool.
    AccessKey(AccessKeyId),
    /// The pool's own secret.
    PoolSecret,
    /// An application on its own behalf.
    Application(ApplicationId),
    /// The server itself: jobs, start-up, commands.
    System,
}

impl Actor {
    /// The text of the audit row's `actor_kind`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::User(_) => "user",
            Self::AccessKey(_) => "access_key",
            Self::PoolSecret => "pool",
            Self::Application(_) => "application",
            Self::System => "system",
        }
    }

    /// The id of who acted, if there is one.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        match self {
            Self::User(id) => Some(id.to_string()),
            Self::AccessKey(id) => Some(id.to_string()),
            Self::Application(id) => Some(id.to_string()),
            Self::Anonymous | Self::PoolSecret | Self::System => None,
        }
    }
}

/// One event, before it is written: the context adds who, where, when and the request.
#[derive(Clone, Debug)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// Whether it succeeded.
    pub success: bool,
    /// The code of the refusal.
    pub code: Option<&'static str>,
    /// What it happened to: kind of thing, id, label.
    pub target: Option<(&'static str, String, Option<String>)>,
    /// The application it went through.
    pub application: Option<ApplicationId>,
    /// More facts; never a secret.
    pub detail: Option<Value>,
    /// What the changed fields held before; never a secret.
    pub before: Option<Value>,
    /// What they hold now.
    pub after: Option<Value>,
}

impl Event {
    /// An event that succeeded.
    #[must_use]
    pub const fn new(kind: EventKind) -> Self {
        Self {
            kind,
            success: true,
            code: None,
            target: None,
            application: None,
            detail: None,
            before: None,
            after: None,
        }
    }

    /// An event that was refused with this code.
    #[must_use]
    pub const fn refused(kind: EventKind, code: crate::Code) -> Self {
        let mut event = Self::new(kind);
        event.success = false;
        event.code = Some(code.key());
        event
    }

    /// Says what it happened to.
    #[must_use]
    pub fn on(mut self, kind: &'static str, id: impl ToString, label: Option<String>) -> Self {
        self.target = Some((kind, id.to_string(), label));
        self
    }

    /// Says through which application.
    #[must_use]
    pub const fn through(mut self, application: ApplicationId) -> Self {
        self.application = Some(application);
        self
    }

    /// Says what the changed fields held before and hold now.
    #[must_use]
    pub fn changed(mut self, before: Value, after: Value) -> Self {
        self.before = Some(before);
        self.after = Some(after);
        self
    }

    /// Adds facts.
    #[must_use]
    pub fn detail(mut self, detail: Value) -> Self {
        self.detail = Some(detail);
        self
    }
}
