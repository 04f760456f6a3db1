//! All the SQL: both drivers, tables, migrations.
//!
//! [`Db`] opens SQLite or PostgreSQL, [`Tx`] is one request's way in, [`Scoped`] binds it to a
//! pool. A text is written once with `sql!`, its row with `row!`, its values with `values!`.

pub mod db;
pub mod error;
mod lite;
mod migrate;
mod pg;
pub mod row;
pub mod scoped;
pub mod sql;
pub mod tx;
pub mod value;
pub mod work;

pub mod access_handles;
pub mod access_keys;
pub mod administrators;
pub mod applications;
pub mod audit;
pub mod connections;
pub mod consents;
pub mod counters;
pub mod credentials;
pub mod custom_data;
pub mod custom_fields;
pub mod data_keys;
pub mod denied_tokens;
pub mod domains;
pub mod doors;
pub mod grants;
pub mod groups;
pub mod identities;
pub mod list;
pub mod namespaces;
pub mod one_time_secrets;
pub mod outbox;
pub mod pools;
pub mod refresh_families;
pub mod role_assignments;
pub mod roles;
pub mod search_values;
pub mod seen;
pub mod sequences;
pub mod sessions;
pub mod settings;
pub mod signing_keys;
pub mod signins;
pub mod subjects;
pub mod tombstones;
pub mod users;

pub use db::{Db, Engine, Feed, OnCommit, Target};
pub use error::{Error, Mapped, OnConflict, Result};
pub use lite::snapshot;
pub use row::{FromColumn, FromRow};
pub use scoped::Scoped;
pub use tx::{Ack, Tx};
pub use value::Value;

/// Every row of `row!`; a test holds them against the migrated tables.
pub const ROWS: &[row::RowFacts] = &[
    access_handles::AccessHandle::FACTS,
    access_keys::AccessKey::FACTS,
    applications::Application::FACTS,
    audit::AuditEvent::FACTS,
    audit::EventApplication::FACTS,
    audit::EventLogins::FACTS,
    audit::EventUser::FACTS,
    audit::Found::FACTS,
    connections::Connection::FACTS,
    credentials::Factor::FACTS,
    credentials::Password::FACTS,
    custom_fields::CustomField::FACTS,
    data_keys::DataKey::FACTS,
    grants::Grant::FACTS,
    grants::Liveness::FACTS,
    groups::Group::FACTS,
    identities::Identity::FACTS,
    namespaces::Namespace::FACTS,
    one_time_secrets::OneTimeSecret::FACTS,
    one_time_secrets::hand_over::Pending::FACTS,
    outbox::DeadLetter::FACTS,
    outbox::Queued::FACTS,
    pools::Pool::FACTS,
    refresh_families::Family::FACTS,
    role_assignments::Assignment::FACTS,
    role_assignments::NamespaceName::FACTS,
    roles::Role::FACTS,
    sessions::Session::FACTS,
    signing_keys::SigningKey::FACTS,
    signins::Signin::FACTS,
    tombstones::Tombstone::FACTS,
    users::past::PastSignin::FACTS,
    users::past::AppCard::FACTS,
    users::User::FACTS,
    users::UserActivity::FACTS,
    users::UserSecurity::FACTS,
];

#[cfg(test)]
mod tests;
