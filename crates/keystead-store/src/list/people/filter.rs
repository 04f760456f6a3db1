//! Conditions on users: the allow-list of fields, and what each operator means.

use crate::list::Built;

/// A field that users are filtered or sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the column of its name")]
pub enum Field {
    Id,
    Email,
    Username,
    Phone,
    ExternalId,
    Name,
    Nickname,
    GivenName,
    FamilyName,
    Gender,
    PhoneCountry,
    Status,
    StatusAt,
    UpdatedAt,
    Source,
    Logins,
    LastLogin,
    LastIp,
    LastApplication,
    LastMfa,
    PasswordAt,
    PasswordLevel,
    /// Applications signed in to, by their client ids.
    SignedInTo,
}

impl Field {
    /// Its column, in the texts of this module.
    #[must_use]
    pub const fn column(self) -> &'static str {
        match self {
            Self::Id | Self::SignedInTo => "u.id",
            Self::Email => "u.email_key",
            Self::Username => "u.username_key",
            Self::Phone => "u.phone_key",
            Self::ExternalId => "u.external_id",
            Self::Name => "u.name",
            Self::Nickname => "u.nickname",
            Self::GivenName => "u.given_name",
            Self::FamilyName => "u.family_name",
            Self::Gender => "u.gender",
            Self::PhoneCountry => "u.phone_country",
            Self::Status => "u.status",
            Self::StatusAt => "u.status_at",
            Self::UpdatedAt => "u.updated_at",
            Self::Source => "u.source",
            Self::Logins => "a.logins",
            Self::LastLogin => "a.last_login_at",
            Self::LastIp => "a.last_ip",
            Self::LastApplication => "a.last_application_id",
            Self::LastMfa => "a.last_mfa_at",
            Self::PasswordAt => "c.password_at",
            Self::PasswordLevel => "c.password_level",
        }
    }

    /// Whether its column may be empty.
    #[must_use]
    pub const fn is_nullable(self) -> bool {
        !matches!(
            self,
            Self::Id
                | Self::Gender
                | Self::Status
                | Self::StatusAt
                | Self::UpdatedAt
                | Self::Source
                | Self::Logins
        )
    }

    /// Whether an index finds its values.
    #[must_use]
    pub const fn is_indexed(self) -> bool {
        matches!(
            self,
            Self::Id
                | Self::Email
                | Self::Username
                | Self::Phone
                | Self::ExternalId
                | Self::Status
                | Self::UpdatedAt
                | Self::Logins
                | Self::LastLogin
                | Self::SignedInTo
        )
    }
}

/// How a field compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each says itself")]
pub enum Op {
    Equal,
    NotEqual,
    In,
    Contains,
    NotContains,
    IsNull,
    NotNull,
    AtLeast,
    AtMost,
    Between,
}

/// A value that is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each says itself")]
pub enum Bound {
    Text(String),
    Number(i64),
}

impl From<&Bound> for crate::Value<'static> {
    fn from(bound: &Bound) -> Self {
        match bound {
            Bound::Text(text) => text.clone().into(),
            Bound::Number(n) => (*n).into(),
        }
    }
}

/// A word that is looked for at the start of keys and words.
#[derive(Clone, Debug, Default)]
pub struct Keyword {
    /// The word, folded.
    pub word: String,
    /// The same as the start of a phone number, where it may be one.
    pub phone: Option<String>,
    /// Where it is looked for: columns with an index.
    pub keys: Vec<Field>,
    /// Where it is looked for: fields whose words are kept; all of them without.
    pub terms: Vec<&'static str>,
    /// Whether words are looked at.
    pub in_terms: bool,
}

/// Which users.
#[derive(Clone, Debug)]
pub enum Filter {
    /// All of these hold; none of them is everybody.
    All(Vec<Self>),
    /// One of these holds; none of them is nobody.
    Any(Vec<Self>),
    /// This does not hold.
    Not(Box<Self>),
    /// A field compares.
    Is(Field, Op, Vec<Bound>),
    /// A word starts a key or a word of a name.
    Starts(Keyword),
}

impl Filter {
    /// Whether a field of it answers to this.
    pub(crate) fn any(&self, test: &dyn Fn(Field) -> bool) -> bool {
        match self {
            Self::All(of) | Self::Any(of) => of.iter().any(|one| one.any(test)),
            Self::Not(one) => one.any(test),
            Self::Is(field, ..) => test(*field),
            Self::Starts(_) => false,
        }
    }

    /// Whether an index narrows it: then the rest is looked at for few rows only.
    #[must_use]
    pub fn is_narrow(&self) -> bool {
        match self {
            Self::All(of) => of.iter().any(Self::is_narrow),
            Self::Any(of) => of.iter().all(Self::is_narrow),
            Self::Not(_) => false,
            Self::Starts(_) => true,
            Self::Is(field, op, _) => {
                let positive = !matches!(
                    op,
                    Op::NotEqual | Op::NotContains | Op::Contains | Op::NotNull | Op::IsNull
                );
                field.is_indexed() && positive
            }
        }
    }

    /// Whether it lets everybody through.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        matches!(self, Self::All(of) if of.iter().all(Self::is_everybody))
    }

    pub(super) fn write(&self, to: &mut Built) {
        match self {
            Self::All(of) => list(to, of, "1 = 1", " AND "),
            Self::Any(of) => list(to, of, "1 = 0", " OR "),
            Self::Not(one) => {
                // Where the inside is unknown, as for an empty column, it does not hold either.
                to.push("NOT COALESCE(");
                one.write(to);
                to.push(", false)");
            }
            Self::Is(Field::SignedInTo, _, values) => {
                to.push(
                    "u.id IN (SELECT x.user_id FROM application_users x JOIN applications y \
                     ON y.id = x.application_id WHERE x.pool_id = $1 AND y.client_id IN ",
                );
                to.bind_list(values.iter().map(Into::into)).push(")");
            }
            Self::Is(field, op, values) => compare(to, *field, *op, values),
            Self::Starts(keyword) => starts(to, keyword),
        }
    }
}

fn list(to: &mut Built, of: &[Filter], none: &'static str, between: &'static str) {
    let mut open = "(";
    for one in of {
        to.push(open);
        one.write(to);
        open = between;
    }
    if of.is_empty() {
        to.push("(").push(none);
    }
    to.push(")");
}

fn compare(to: &mut Built, field: Field, op: Op, values: &[Bound]) {
    let column = field.column();
    let nothing = Bound::Text(String::new());
    let first = values.first().unwrap_or(&nothing);
    match op {
        Op::Equal => to.push(column).push(" = ").bind(first),
        Op::NotEqual => {
            to.push("(").push(column).push(" IS NULL OR ");
            to.push(column).push(" <> ").bind(first).push(")")
        }
        Op::In => to.push(column).push(" IN ").bind_list(values.iter().map(Into::into)),
        Op::Contains => {
            to.push("lower(").push(column).push(") LIKE ");
            to.bind(like(first)).push(" ESCAPE '!'")
        }
        Op::NotContains => {
            to.push("(").push(column).push(" IS NULL OR lower(").push(column);
            to.push(") NOT LIKE ").bind(like(first)).push(" ESCAPE '!')")
        }
        Op::IsNull => to.push(column).push(" IS NULL"),
        Op::NotNull => to.push(column).push(" IS NOT NULL"),
        Op::AtLeast => to.push(column).push(" >= ").bind(first),
        Op::AtMost => to.push(column).push(" <= ").bind(first),
        Op::Between => {
            to.push(column).push(" >= ").bind(first).push(" AND ");
            to.push(column).push(" <= ").bind(values.get(1).unwrap_or(first))
        }
    };
}

fn like(bound: &Bound) -> String {
    let text = match bound {
        Bound::Text(text) => text.to_lowercase(),
        Bound::Number(n) => n.to_string(),
    };
    let escaped: String = text.chars().fold(String::new(), |mut all, c| {
        if matches!(c, '%' | '_' | '!') {
            all.push('!');
        }
        all.push(c);
        all
    });
    format!("%{escaped}%")
}

/// The ids that an index finds for a word, united.
fn starts(to: &mut Built, keyword: &Keyword) {
    let mut open = "u.id IN (";
    for field in &keyword.keys {
        let word = match (field, &keyword.phone) {
            (Field::Phone, Some(phone)) => phone,
            (Field::Phone, None) => continue,
            _ => &keyword.word,
        };
        to.push(open).push("SELECT u.id FROM users u WHERE u.pool_id = $1 AND ");
        range(to, field.column(), word);
        open = " UNION ";
    }
    if keyword.in_terms {
        to.push(open).push("SELECT t.target_id FROM search_terms t WHERE t.pool_id = $1 AND ");
        to.push("t.kind = 'user' AND ");
        range(to, "t.term", &keyword.word);
        if !keyword.terms.is_empty() {
            to.push(" AND t.field IN ");
            to.bind_list(keyword.terms.iter().map(|field| (*field).to_owned().into()));
        }
        open = " UNION ";
    }
    to.push(if open == " UNION " { ")" } else { "1 = 0" });
}

fn range(to: &mut Built, column: &'static str, prefix: &str) {
    to.push(column).push(" >= ").bind(prefix.to_owned()).push(" AND ");
    to.push(column).push(" < ").bind(format!("{prefix}\u{10ffff}"));
}
