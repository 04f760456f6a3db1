//! Which claims each scope releases (OpenID Connect Core, 5.1 and 5.4, and Authing's own scopes).

use crate::oauth::Scope;
use serde_json::{Map, Value};

/// What is known of a user. What is `None` or empty yields no claim: OpenID Connect Core, 5.3.2
/// wants absent claims left out rather than null.
#[derive(Clone, Debug, Default)]
pub struct UserFacts {
    /// Subject: always released.
    pub sub: String,
    /// Full name.
    pub name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Middle name.
    pub middle_name: Option<String>,
    /// Nickname.
    pub nickname: Option<String>,
    /// The name the person likes to be called by; not unique.
    pub preferred_username: Option<String>,
    /// Address of a profile page.
    pub profile: Option<String>,
    /// Address of a picture.
    pub picture: Option<String>,
    /// Address of a web site.
    pub website: Option<String>,
    /// Gender, as text.
    pub gender: Option<String>,
    /// Date of birth, `YYYY-MM-DD` or `YYYY`.
    pub birthdate: Option<String>,
    /// Time zone, such as `Asia/Shanghai`.
    pub zoneinfo: Option<String>,
    /// Language tag.
    pub locale: Option<String>,
    /// When the user was last changed, seconds since 1970.
    pub updated_at_s: Option<i64>,
    /// E-mail address.
    pub email: Option<String>,
    /// Whether it is verified; said only beside an address.
    pub email_verified: bool,
    /// Phone number, E.164.
    pub phone_number: Option<String>,
    /// Whether it is verified; said only beside a number.
    pub phone_number_verified: bool,
    /// Postal address.
    pub address: Option<Address>,
    /// User name (scope `username`).
    pub username: Option<String>,
    /// Id in the customer's own system (scope `external_id`).
    pub external_id: Option<String>,
    /// Tenant (scope `tenant_id`).
    pub tenant_id: Option<String>,
    /// Codes of roles (scope `roles`); an empty list is released as such.
    pub roles: Option<Vec<String>>,
    /// Custom fields (scope `extended_fields`).
    pub extended_fields: Option<Map<String, Value>>,
}

/// A postal address (OpenID Connect Core, 5.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The whole address, as printed on a letter.
    pub formatted: Option<String>,
    /// Street and number.
    pub street_address: Option<String>,
    /// City.
    pub locality: Option<String>,
    /// State or province.
    pub region: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country.
    pub country: Option<String>,
}

/// One row of the table: a scope, a claim it releases, and the value.
struct Row {
    scope: &'static str,
    claim: &'static str,
    value: fn(&UserFacts) -> Option<Value>,
}

/// Makes rows whose value is a text of the same name as its claim.
macro_rules! texts {
    ($scope:literal: $($claim:ident),+) => {
        [$(Row { scope: $scope, claim: stringify!($claim), value: |u| text(u.$claim.as_ref()) }),+]
    };
}

const PROFILE: [Row; 13] = texts!("profile": name, given_name, family_name, middle_name, nickname,
    preferred_username, profile, picture, website, gender, birthdate, zoneinfo, locale);

const OWN: [Row; 3] = [
    Row { scope: "username", claim: "username", value: |u| text(u.username.as_ref()) },
    Row { scope: "external_id", claim: "external_id", value: |u| text(u.external_id.as_ref()) },
    Row { scope: "tenant_id", claim: "tenant_id", value: |u| text(u.tenant_id.as_ref()) },
];

const OTHER: [Row; 8] = [
    Row { scope: "profile", claim: "updated_at", value: |u| u.updated_at_s.map(Value::from) },
    Row { scope: "email", claim: "email", value: |u| text(u.email.as_ref()) },
    Row {
        scope: "email",
        claim: "email_verified",
        value: |u| text(u.email.as_ref()).map(|_| u.email_verified.into()),
    },
    Row { scope: "phone", claim: "phone_number", value: |u| text(u.phone_number.as_ref()) },
    Row {
        scope: "phone",
        claim: "phone_number_verified",
        value: |u| text(u.phone_number.as_ref()).map(|_| u.phone_number_verified.into()),
    },
    Row { scope: "address", claim: "address", value: |u| u.address.as_ref().and_then(address) },
    Row { scope: "roles", claim: "roles", value: |u| u.roles.clone().map(Value::from) },
    Row {
        scope: "extended_fields",
        claim: "extended_fields",
        value: |u| u.extended_fields.clone().map(Value::Object),
    },
];

fn rows() -> impl Iterator<Item = &'static Row> {
    PROFILE.iter().chain(&OTHER).chain(&OWN)
}

/// The claims that these scopes release about a user; `sub` is always there.
#[must_use]
pub fn claims_for(scope: &Scope, facts: &UserFacts) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), facts.sub.clone().into());
    for row in rows().filter(|row| scope.contains(row.scope)) {
        if let Some(value) = (row.value)(facts) {
            claims.insert(row.claim.to_owned(), value);
        }
    }
    claims
}

/// The names of all claims that some scope releases, `sub` first: for discovery.
pub fn names() -> impl Iterator<Item = &'static str> {
    std::iter::once("sub").chain(rows().map(|row| row.claim))
}

fn text(value: Option<&String>) -> Option<Value> {
    value.filter(|text| !text.is_empty()).map(|text| Value::from(text.as_str()))
}

fn address(address: &Address) -> Option<Value> {
    let members: Map<String, Value> = [
        ("formatted", &address.formatted),
        ("street_address", &address.street_address),
        ("locality", &address.locality),
        ("region", &address.region),
        ("postal_code", &address.postal_code),
        ("country", &address.country),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), text(value.as_ref())?)))
    .collect();
    (!members.is_empty()).then_some(Value::Object(members))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::scope::KNOWN;
    use serde_json::json;

    fn full() -> UserFacts {
        let some = |text: &str| Some(text.to_owned());
        UserFacts {
            sub: "u1".to_owned(),
            name: some("Mina Okafor"),
            given_name: some("Mina"),
            family_name: some("Okafor"),
            middle_name: some("T"),
            nickname: some("mo"),
            preferred_username: some("mina"),
            profile: some("https://a.test/mina"),
            picture: some("https://a.test/mina.png"),
            website: some("https://mina.test"),
            gender: some("female"),
            birthdate: some("1990-01-02"),
            zoneinfo: some("Asia/Shanghai"),
            locale: some("zh-CN"),
            updated_at_s: Some(1_700_000_000),
            email: some("mina@example.com"),
            email_verified: true,
            phone_number: some("+8618812345678"),
            phone_number_verified: false,
            address: Some(Address { country: some("CN"), ..Address::default() }),
            username: some("mina"),
            external_id: some("e7"),
            tenant_id: some("t1"),
            roles: Some(vec!["admin".to_owned()]),
            extended_fields: json!({"shoe": 42}).as_object().cloned(),
        }
    }

    fn released(scope: &str, facts: &UserFacts) -> Vec<String> {
        let mut names: Vec<_> =
            claims_for(&Scope::parse(scope).unwrap(), facts).into_iter().map(|(n, _)| n).collect();
        names.sort();
        names
    }

    #[test]
    fn each_scope_releases_its_claims() {
        for (scope, want) in [
            ("openid", "sub"),
            ("openid offline_access", "sub"),
            ("openid email", "email email_verified sub"),
            ("openid phone", "phone_number phone_number_verified sub"),
            ("openid address", "address sub"),
            ("openid username", "sub username"),
            ("openid external_id", "external_id sub"),
            ("openid tenant_id", "sub tenant_id"),
            ("openid roles", "roles sub"),
            ("openid extended_fields", "extended_fields sub"),
            (
                "openid profile",
                "birthdate family_name gender given_name locale middle_name name nickname \
                 picture preferred_username profile sub updated_at website zoneinfo",
            ),
        ] {
            assert_eq!(released(scope, &full()).join(" "), want, "{scope}");
        }
        let all = released(&KNOWN.join(" "), &full());
        let mut names: Vec<_> = names().collect();
        names.sort_unstable();
        assert_eq!(all, names);
    }

    #[test]
    fn values_are_those_of_the_user() {
        let scope = Scope::parse(&KNOWN.join(" ")).unwrap();
        let claims = claims_for(&scope, &full());
        for (name, want) in [
            ("email_verified", json!(true)),
            ("phone_number_verified", json!(false)),
            ("updated_at", json!(1_700_000_000)),
            ("address", json!({"country": "CN"})),
            ("roles", json!(["admin"])),
            ("extended_fields", json!({"shoe": 42})),
        ] {
            assert_eq!(claims[name], want, "{name}");
        }
    }

    #[test]
    fn what_is_unknown_is_left_out() {
        let bare = UserFacts {
            sub: "u1".to_owned(),
            name: Some(String::new()),
            email_verified: true,
            address: Some(Address::default()),
            roles: Some(Vec::new()),
            ..UserFacts::default()
        };
        assert_eq!(released(&KNOWN.join(" "), &bare), ["roles", "sub"]);
    }
}
