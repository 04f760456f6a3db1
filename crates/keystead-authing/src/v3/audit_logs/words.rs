//! The one table between kinds of events and V3's words for them.

use keystead_model::{Code, Error, EventKind, Result};

/// What users do, as V3 calls it. A kind without a word is not shown in the users' log.
const USER: &[(&str, &str)] = &[
    ("signin.done", "login"),
    ("signin.refused", "login"),
    ("session.ended", "logout"),
    ("user.signed_up", "register"),
    ("password.changed", "updateUserPassword"),
    ("password.reset", "updateUserPassword"),
    ("email.bound", "bindEmail"),
    ("email.changed", "updateUserEmail"),
    ("email.unbound", "unbindEmail"),
    ("phone.bound", "bindPhone"),
    ("phone.changed", "updateUserPhone"),
    ("phone.unbound", "unbindPhone"),
    ("profile.updated", "updateUserPrefile"),
    ("account.deleted", "deleteAccount"),
];

/// V3's words for what users do; some have no event yet and find nothing.
const USER_WORDS: &[&str] = &[
    "login",
    "logout",
    "register",
    "verifyMfa",
    "updateUserPrefile",
    "updateUserPassword",
    "updateUserEmail",
    "updateUserPhone",
    "bindMfa",
    "bindEmail",
    "bindPhone",
    "unbindPhone",
    "unbindEmail",
    "unbindMFA",
    "refreshUserTokenBySelf",
    "deleteAccount",
    "verifyFirstLogin",
    "securityResourceAccess",
];

/// Spellings of the vendor's documentation that differ from those of the package.
const SPELLINGS: &[(&str, &str)] =
    &[("updateUserProfile", "updateUserPrefile"), ("userEnable", "enable")];

/// The second part of an administrator's event, as V3 calls it.
const OPERATIONS: &[(&str, &str)] = &[
    ("created", "create"),
    ("deleted", "delete"),
    ("updated", "update"),
    ("enabled", "enable"),
    ("disabled", "disable"),
    ("changed", "update"),
    ("secret_renewed", "refresh"),
    ("password_set", "update"),
    ("kicked", "update"),
    ("assigned", "add"),
    ("revoked", "remove"),
    ("set", "update"),
    ("password_exported", "export"),
    ("imported", "import"),
    ("revealed", "export"),
    ("linked", "add"),
    ("unlinked", "remove"),
];

/// V3's words for what administrators do.
const OPERATION_WORDS: &[&str] = &[
    "create",
    "delete",
    "import",
    "export",
    "update",
    "refresh",
    "sync",
    "invite",
    "resign",
    "recover",
    "disable",
    "enable",
    "activate",
    "deactivate",
    "add",
    "remove",
    "query",
    "sendInvitation",
    "revertInvitation",
    "approval",
    "reject",
];

/// The first part of an administrator's event, as V3 calls it.
const RESOURCES: &[(&str, &str)] = &[
    ("user", "user"),
    ("access_key", "cooperator"),
    ("application", "application"),
    ("pool", "userpool"),
    ("settings", "userpool"),
    ("role", "role"),
    ("custom_field", "userpool"),
    ("custom_data", "user"),
    ("factor", "user"),
    ("identity", "user"),
];

/// V3's words for what things are done to.
const RESOURCE_WORDS: &[&str] = &[
    "user",
    "userpool",
    "tenant",
    "userLoginState",
    "userAccountState",
    "userGroup",
    "fieldEncryptState",
    "syncTask",
    "socialConnection",
    "enterpriseConnection",
    "customDatabase",
    "org",
    "cooperator",
    "application",
    "resourceNamespace",
    "resource",
    "role",
    "roleAssign",
    "policy",
    "customDomain",
    "permitSpace",
    "generalResource",
    "generalResourceAuthorization",
    "roleSubject",
    "subjectOfRole",
    "dataResource",
    "dataPolicy",
    "authorization",
    "userAuthorization",
    "adminPermissionRole",
    "adminPermissionAdmin",
    "adminPermissionPolicy",
    "universalInvitation",
    "policyInvitation",
    "invitationRoster",
    "invitationUser",
    "invitationPolicy",
    "applicant",
];

/// What a newer version wrote, or what has no word of its own.
const OTHERWISE: (&str, &str) = ("update", "userpool");

/// Kinds whose thing is another than their first part says.
const STATES: &[(&str, &str)] = &[
    ("user.kicked", "userLoginState"),
    ("role.assigned", "roleAssign"),
    ("role.revoked", "roleAssign"),
];

/// The kinds that V3 calls by this word; without one, all that it has a word for.
pub(super) fn user_kinds(word: Option<&str>) -> Result<Vec<EventKind>> {
    let word = known(word, USER_WORDS, "eventType")?;
    let named = |kind: &EventKind| {
        user_text(kind.text()).is_some_and(|own| word.is_none_or(|word| word == own))
    };
    Ok(EventKind::ALL.iter().copied().filter(named).collect())
}

/// The kinds that V3 calls by these words; `None` for all of them.
pub(super) fn admin_kinds(
    operation: Option<&str>,
    resource: Option<&str>,
) -> Result<Option<Vec<EventKind>>> {
    let operation = known(operation, OPERATION_WORDS, "operationType")?;
    let resource = known(resource, RESOURCE_WORDS, "resourceType")?;
    if operation.is_none() && resource.is_none() {
        return Ok(None);
    }
    let named = |kind: &EventKind| {
        let (own, thing) = admin_words(kind.text());
        operation.is_none_or(|word| word == own) && resource.is_none_or(|word| word == thing)
    };
    Ok(Some(EventKind::ALL.iter().copied().filter(named).collect()))
}

/// V3's word for what a user did.
pub(super) fn user_word(kind: Option<EventKind>, text: &str) -> String {
    kind.and_then(|kind| user_text(kind.text())).unwrap_or(text).to_owned()
}

/// V3's words for what an administrator did, and to what kind of thing.
pub(super) fn admin_words(text: &str) -> (&'static str, &'static str) {
    let (noun, verb) = text.split_once('.').unwrap_or((text, ""));
    let find = |words: &[(&str, &'static str)], own: &str| {
        words.iter().find(|(known, _)| *known == own).map(|(_, word)| *word)
    };
    (
        find(OPERATIONS, verb).unwrap_or(OTHERWISE.0),
        find(STATES, text).or_else(|| find(RESOURCES, noun)).unwrap_or(OTHERWISE.1),
    )
}

fn user_text(text: &str) -> Option<&'static str> {
    USER.iter().find(|(known, _)| *known == text).map(|(_, word)| *word)
}

/// A word of a filter in the package's spelling; `all` says nothing.
fn known<'a>(
    word: Option<&'a str>,
    words: &[&str],
    field: &'static str,
) -> Result<Option<&'a str>> {
    let Some(word) = word.filter(|word| *word != "all") else { return Ok(None) };
    let word = SPELLINGS.iter().find(|(other, _)| *other == word).map_or(word, |(_, own)| own);
    if words.contains(&word) {
        return Ok(Some(word));
    }
    Err(Error::new(Code::FieldInvalid).field(field).arg("expected", words.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kinds of the category `user` that V3 has no word for.
    const NOT_SHOWN: &[&str] = &[
        "tokens.issued",
        "code.reused",
        "refresh_token.reused",
        "token.revoked",
        "code.requested",
        "code.refused",
        "contact.verified",
        "account.unlocked",
        "consent.granted",
        "consent.refused",
    ];

    #[test]
    fn every_kind_has_its_word_or_is_left_out_by_name() {
        for kind in EventKind::ALL {
            let text = kind.text();
            match kind.category() {
                "user" => {
                    let shown = user_text(text).is_some();
                    let what = "give it a row in USER, or a place in NOT_SHOWN";
                    assert_ne!(shown, NOT_SHOWN.contains(&text), "{text}: {what}");
                }
                "admin" => {
                    let (noun, verb) = text.split_once('.').unwrap();
                    let what = "give it a row in OPERATIONS or RESOURCES";
                    assert!(OPERATIONS.iter().any(|(own, _)| *own == verb), "{text}: {what}");
                    assert!(RESOURCES.iter().any(|(own, _)| *own == noun), "{text}: {what}");
                }
                _ => {}
            }
        }
        assert!(USER.iter().all(|(text, word)| {
            EventKind::from_text(text).is_some() && USER_WORDS.contains(word)
        }));
        assert!(OPERATIONS.iter().all(|(_, word)| OPERATION_WORDS.contains(word)));
        assert!(RESOURCES.iter().all(|(_, word)| RESOURCE_WORDS.contains(word)));
    }

    #[test]
    fn words_find_their_kinds() {
        let logins = user_kinds(Some("login")).unwrap();
        assert_eq!(logins, [EventKind::SignedIn, EventKind::SigninRefused]);
        assert!(user_kinds(Some("all")).unwrap().contains(&EventKind::SignedOut));
        assert!(user_kinds(Some("updateUserProfile")).is_ok());
        assert_eq!(admin_kinds(None, Some("all")).unwrap(), None);
        let made = admin_kinds(Some("create"), Some("user")).unwrap().unwrap();
        assert_eq!(made, [EventKind::UserCreated]);
        for error in [user_kinds(Some("x")).err(), admin_kinds(Some("x"), None).err()] {
            assert_eq!(error.unwrap().code(), Code::FieldInvalid);
        }
    }
}
