//! Every error code of the domain: its kind, and its key in the locale files.

/// What programs tell apart; each dialect maps a kind once, so a new code works everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request is malformed or breaks a rule.
    Invalid,
    /// The caller did not prove who they are.
    Unauthenticated,
    /// The caller may not do this.
    Denied,
    /// There is no such thing (in this pool).
    NotFound,
    /// It collides with something that exists.
    Conflict,
    /// It was there and is over.
    Gone,
    /// Too many tries.
    TooMany,
    /// Try again later.
    Unavailable,
    /// The server does not do this.
    Unsupported,
    /// A fault of ours.
    Internal,
}

/// Makes [`Code`] from rows `Name: Kind, "key";`.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident: $kind:ident, $key:literal;)*) => {
        /// A code; its key is the key of its text (`error.<key>` in the locale files).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name),* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// What kind of refusal it is.
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind),* }
            }

            /// The key, `noun.what`.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key),* }
            }

            /// The key of its text in the locale files.
            #[must_use]
            pub const fn text_key(self) -> &'static str {
                match self { $(Self::$name => concat!("error.", $key)),* }
            }
        }
    };
}

codes! {
    /// The body is not JSON (or not the form that was promised). Argument `detail`.
    BodyMalformed: Invalid, "body.malformed";
    /// The body is larger than the limit. Argument `limit` in bytes.
    BodyTooLarge: Invalid, "body.too_large";
    /// A field is missing.
    FieldMissing: Invalid, "field.missing";
    /// A field has the wrong type or form. Argument `expected`.
    FieldInvalid: Invalid, "field.invalid";
    /// A number is out of range. Arguments `min`, `max`.
    FieldRange: Invalid, "field.range";
    /// None of the fields that identify a user was given.
    UserIdentifierMissing: Invalid, "user.identifier_missing";
    /// No operation has this path. Argument `operation`.
    OperationUnknown: NotFound, "operation.unknown";
    /// The operation exists in the contract and is not built yet. Argument `operation`.
    OperationUnsupported: Unsupported, "operation.unsupported";
    /// The path exists, the method does not. Argument `method`.
    MethodNotAllowed: Invalid, "method.not_allowed";

    /// A signature header is missing or the signature is wrong.
    SignatureInvalid: Unauthenticated, "signature.invalid";
    /// The signature method is not HMAC-SHA1.
    SignatureMethod: Unauthenticated, "signature.method";
    /// The signature version is not 1.0.
    SignatureVersion: Unauthenticated, "signature.version";
    /// The date is in no form we read.
    SignatureDateMalformed: Unauthenticated, "signature.date_malformed";
    /// The date is missing.
    SignatureDateMissing: Unauthenticated, "signature.date_missing";
    /// The date is too far from our clock.
    SignatureSkew: Unauthenticated, "signature.skew";
    /// The same signed request was seen before.
    SignatureReplay: Unauthenticated, "signature.replay";

    /// No token was sent.
    TokenMissing: Unauthenticated, "token.missing";
    /// The token is over.
    TokenExpired: Unauthenticated, "token.expired";
    /// The token is malformed, foreign, revoked or of another kind.
    TokenInvalid: Unauthenticated, "token.invalid";
    /// The caller lacks the permission. Argument `permission`.
    PermissionDenied: Denied, "permission.denied";
    /// A browser call from a foreign page, or without its origin.
    OriginForeign: Denied, "origin.foreign";

    /// No application has this id (in this pool).
    ApplicationUnknown: NotFound, "application.unknown";
    /// The application is switched off.
    ApplicationDisabled: Denied, "application.disabled";
    /// The client did not authenticate by the method of its application.
    ClientInvalid: Unauthenticated, "client.invalid";
    /// The application may not use this grant.
    GrantTypeDenied: Denied, "grant_type.denied";
    /// No grant type has this name.
    GrantTypeUnknown: Invalid, "grant_type.unknown";
    /// A code, refresh token or other grant is unknown, used, over or foreign.
    GrantInvalid: Invalid, "grant.invalid";
    /// The retries of one refresh token within its grace are used up.
    RefreshGraceUsed: TooMany, "refresh.grace_used";
    /// The redirect address is not registered for the application.
    RedirectUnregistered: Invalid, "redirect.unregistered";
    /// A parameter of an authorization request is wrong. Argument `detail`.
    RequestInvalid: Invalid, "request.invalid";
    /// The scope is unknown or wider than allowed.
    ScopeInvalid: Invalid, "scope.invalid";
    /// The token's scope is too narrow for this endpoint. Argument `scope`.
    ScopeInsufficient: Denied, "scope.insufficient";
    /// A resource or audience that the application may not ask for.
    TargetInvalid: Invalid, "target.invalid";
    /// The person has to allow the application what it asks for, and cannot be asked here.
    ConsentRequired: Denied, "consent.required";
    /// The person did not allow the application what it asked for.
    ConsentDenied: Denied, "consent.denied";
    /// Nobody is signed in and the request forbids asking.
    LoginRequired: Unauthenticated, "login.required";

    /// Unknown account or wrong password: one answer for both.
    SigninCredentials: Denied, "signin.credentials";
    /// The account does not exist; said only where the pool reveals accounts.
    UserUnknown: NotFound, "user.unknown";
    /// The password is wrong; said only where the pool reveals accounts.
    PasswordWrong: Denied, "password.wrong";
    /// Too many wrong tries. Argument `wait_s`.
    Locked: Denied, "locked";
    /// So many tries were wrong that the next one takes a captcha.
    CaptchaRequired: Denied, "captcha.required";
    /// The characters of a captcha are wrong, or it is used, over or somebody else's.
    CaptchaWrong: Invalid, "captcha.wrong";
    /// The user may not sign in.
    UserBlocked: Denied, "user.blocked";
    /// The password must be changed first.
    PasswordChangeRequired: Denied, "password.change_required";
    /// The flow is over, done or of another browser.
    SigninExpired: Gone, "signin.expired";
    /// The sign-in needs a step this door cannot show.
    SigninStepRequired: Denied, "signin.step_required";
    /// A connection that is not built or not switched on.
    ConnectionUnsupported: Unsupported, "connection.unsupported";

    /// A one-time code is wrong, used, replaced by a newer one, or was never sent.
    CodeWrong: Invalid, "code.wrong";
    /// The code is right and too late.
    CodeExpired: Invalid, "code.expired";
    /// A code was asked for too often. Argument `wait_s`.
    SendTooOften: TooMany, "send.too_often";
    /// Nobody may sign up here.
    SignupDisabled: Denied, "signup.disabled";
    /// Too many sign-ups from one address. Argument `wait_s`.
    SignupTooOften: TooMany, "signup.too_often";
    /// The token of a two-step change is unknown, used, over or somebody else's.
    StepTokenInvalid: Invalid, "step_token.invalid";
    /// A link is used, over or wrong.
    LinkInvalid: Gone, "link.invalid";
    /// The old password is wrong.
    OldPasswordWrong: Denied, "password.old_wrong";
    /// The old password is missing.
    OldPasswordMissing: Invalid, "password.old_missing";
    /// An e-mail address is bound already.
    EmailBound: Conflict, "email.bound";
    /// A phone number is bound already.
    PhoneBound: Conflict, "phone.bound";
    /// No e-mail address is bound.
    EmailMissing: Invalid, "email.missing";
    /// No phone number is bound.
    PhoneMissing: Invalid, "phone.missing";
    /// The new e-mail address is the old one.
    EmailSame: Invalid, "email.same";
    /// The new phone number is the old one.
    PhoneSame: Invalid, "phone.same";
    /// The old e-mail address is not the account's.
    EmailOldWrong: Invalid, "email.old_wrong";
    /// The old phone number is not the account's.
    PhoneOldWrong: Invalid, "phone.old_wrong";
    /// What would be taken away is the only way to sign in.
    LastWayIn: Conflict, "signin.last_way";
    /// The sign-in method is switched off for this application.
    MethodDisabled: Denied, "signin.method_disabled";

    /// The password breaks the policy. Argument `rule`.
    PasswordWeak: Invalid, "password.weak";
    /// The pool gives no secrets of this kind out. Argument `setting`.
    SecretHidden: Denied, "secret.hidden";
    /// The user has no such second factor.
    FactorMissing: NotFound, "factor.missing";
    /// No connection has this id or name.
    ConnectionUnknown: NotFound, "connection.unknown";
    /// The identity belongs to another user.
    IdentityTaken: Conflict, "identity.taken";
    /// The user has no identity there.
    IdentityUnknown: NotFound, "identity.unknown";
    /// The password is longer than the limit. Argument `max` in bytes.
    PasswordTooLong: Invalid, "password.too_long";
    /// The transported password cannot be decrypted.
    PasswordUndecryptable: Invalid, "password.undecryptable";
    /// A password hash of an unknown kind, or one that costs too much to verify.
    PasswordHashUnusable: Invalid, "password.hash_unusable";
    /// An e-mail address is malformed.
    EmailMalformed: Invalid, "email.malformed";
    /// A phone number is malformed.
    PhoneMalformed: Invalid, "phone.malformed";
    /// The e-mail address belongs to another user.
    EmailTaken: Conflict, "email.taken";
    /// The phone number belongs to another user.
    PhoneTaken: Conflict, "phone.taken";
    /// The user name belongs to another user.
    UsernameTaken: Conflict, "username.taken";
    /// The external id belongs to another user.
    ExternalIdTaken: Conflict, "external_id.taken";
    /// A state of a user that this one cannot be brought to. Arguments `from`, `to`.
    UserStatusTransition: Conflict, "user.status_transition";
    /// A field that this caller may not change.
    FieldReadOnly: Invalid, "field.read_only";
    /// A batch with more rows than one call may carry. Argument `max`.
    BatchTooLarge: Invalid, "batch.too_large";
    /// A condition that would look at too many rows.
    SearchTooWide: Invalid, "search.too_wide";
    /// No real name of the user was verified.
    RealNameMissing: NotFound, "real_name.missing";
    /// The pool would be left without an administrator.
    AdministratorLast: Conflict, "administrator.last";
    /// A custom field that the pool does not declare.
    CustomFieldUnknown: Invalid, "custom_field.unknown";

    /// No custom field of this kind may have this key: it is built in, or malformed.
    CustomFieldKey: Invalid, "custom_field.key";
    /// What was declared once about a custom field does not change. Argument `field`.
    CustomFieldFixed: Invalid, "custom_field.fixed";
    /// There are as many custom fields as there may be. Argument `max`.
    CustomFieldLimit: Invalid, "custom_field.limit";
    /// The values of a deleted field of this key are still being removed.
    CustomFieldGoing: Conflict, "custom_field.going";
    /// Values that exist already forbid to make the field unique. Argument `values`.
    CustomFieldDoubles: Conflict, "custom_field.doubles";
    /// The user may not write this custom field.
    CustomFieldReadOnly: Denied, "custom_field.read_only";
    /// A value of custom data is longer than the limit.
    CustomValueTooLong: Invalid, "custom_value.too_long";
    /// Another one has this value of a unique custom field.
    CustomValueTaken: Conflict, "custom_value.taken";

    /// No namespace has this code.
    NamespaceUnknown: NotFound, "namespace.unknown";
    /// The namespace is for the server's own administration.
    NamespaceReserved: Denied, "namespace.reserved";
    /// No role has this code in its namespace.
    RoleUnknown: NotFound, "role.unknown";
    /// A role's code holds characters it may not. Argument `code`.
    RoleCodeInvalid: Invalid, "role.code_invalid";
    /// The code of a role is empty.
    RoleCodeEmpty: Invalid, "role.code_empty";
    /// Another role of the namespace has this code.
    RoleCodeTaken: Conflict, "role.code_taken";
    /// Another role of the namespace has this name.
    RoleNameTaken: Conflict, "role.name_taken";
    /// Nobody may have both roles. Arguments `role`, `other`.
    RoleExclusive: Conflict, "role.exclusive";
    /// No group has this code.
    GroupUnknown: NotFound, "group.unknown";
    /// No department has this id.
    DepartmentUnknown: NotFound, "department.unknown";
    /// No tenant has this id.
    TenantUnknown: NotFound, "tenant.unknown";
    /// No access key has this id (in this pool).
    AccessKeyUnknown: NotFound, "access_key.unknown";
    /// The pool has as many access keys as it may. Argument `max`.
    AccessKeyLimit: Denied, "access_key.limit";

    /// No user pool answers this request.
    PoolUnknown: NotFound, "pool.unknown";
    /// The set-up link is used, over or wrong.
    SetupLinkInvalid: Gone, "setup.link_invalid";

    /// Too many requests.
    RateLimited: TooMany, "rate.limited";
    /// The server cannot take more of this work at the moment.
    Busy: Unavailable, "busy";
    /// The disk refuses writes.
    StorageFull: Unavailable, "storage.full";
    /// A fault of ours; the log line with the request id says which.
    Internal: Internal, "internal";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn keys_are_distinct() {
        let keys: HashSet<_> = Code::ALL.iter().map(|c| c.key()).collect();
        assert_eq!(keys.len(), Code::ALL.len());
    }
}
