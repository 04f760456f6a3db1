//! What a row says about an endpoint, and the trait that ties it to its request type.

use crate::reply::Respond;
use serde::de::DeserializeOwned;

/// A request type with its row: written by [`endpoints!`](crate::endpoints), never by hand.
#[diagnostic::on_unimplemented(
    message = "no row of `endpoints!` takes `{Self}`",
    label = "this is not the request type of an endpoint",
    note = "add a row to `endpoints!`; the request type in its parentheses names the endpoint"
)]
pub trait Endpoint: DeserializeOwned + Send + 'static {
    /// What the endpoint answers with.
    type Response: Respond;

    /// The row.
    const ROW: &'static EndpointRow;
}

/// One endpoint, as server, client and lists see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndpointRow {
    /// The operation's name: that of the handler and of the client's method.
    pub name: &'static str,
    /// HTTP method in capitals.
    pub method: &'static str,
    /// Paths it answers under, the first being the one that clients use; `{name}` is a parameter.
    pub paths: &'static [&'static str],
    /// Who may call.
    pub caller: Caller,
    /// The permission an administrator needs, `noun:verb`; empty if none.
    pub permission: &'static str,
    /// Where the request's fields are.
    pub body: Body,
    /// How the answer is dressed.
    pub answer: Answer,
    /// Whether the transport may send it again after a connection broke.
    pub repeat: Repeat,
    /// The group it belongs to, such as "users".
    pub area: &'static str,
    /// Its documentation: the doc comment of the row, in one line.
    pub doc: &'static str,
}

impl EndpointRow {
    /// The path that clients call.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        match self.paths {
            [first, ..] => first,
            [] => "/",
        }
    }
}

/// Who may call an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// Anybody.
    Open,
    /// An administrator: a request signed with an access key, or a management token.
    Admin,
    /// A user with an access token.
    User,
    /// An application; the handler checks its client authentication (RFC 6749, section 2.3).
    Client,
}

/// Where the fields of a request are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Body {
    /// Nowhere: only path parameters count.
    None,
    /// In the query. The default of GET, HEAD and DELETE.
    Query,
    /// In a JSON object. The default of every other method.
    Json,
    /// In `application/x-www-form-urlencoded` pairs.
    Form,
    /// In `multipart/form-data`, whose parts the handler reads itself; decoding sees the query.
    Multipart,
}

impl Body {
    /// The default of a method.
    #[must_use]
    pub const fn of(method: &str) -> Self {
        match method.as_bytes() {
            b"GET" | b"HEAD" | b"DELETE" => Self::Query,
            _ => Self::Json,
        }
    }
}

/// How an answer is dressed; the dialect knows what its envelope looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// In the dialect's envelope. The default.
    Envelope,
    /// As it is.
    Bare,
    /// In the envelope, and its fields beside the envelope's own as well.
    Both,
    /// For a browser: the handler makes the whole [`Reply`](crate::Reply).
    Page,
}

/// Whether a call may be sent twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repeat {
    /// It only reads, so a second time changes nothing. The default of GET and HEAD.
    Safe,
    /// It does something each time. The default of every other method.
    Once,
}

impl Repeat {
    /// The default of a method.
    #[must_use]
    pub const fn of(method: &str) -> Self {
        match method.as_bytes() {
            b"GET" | b"HEAD" => Self::Safe,
            _ => Self::Once,
        }
    }
}
