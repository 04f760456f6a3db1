//! What the store refuses, and how a conflict becomes an error of the domain.

use keystead_model::{Code, Error as Fault};
use std::sync::Arc;

/// The result of the store's functions.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong. `Clone`, since a whole group of transactions shares the answer of its COMMIT.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// A unique index holds this value already; both engines name the index.
    #[error("the unique index {index} holds this value already")]
    Conflict {
        /// The name of the index; `<table>_pkey` for a primary key.
        index: Arc<str>,
    },
    /// A text holds a NUL, which no engine of ours stores alike.
    #[error("a text holds a NUL character")]
    Nul,
    /// A foreign key or a NOT NULL.
    #[error("a rule of the table refuses the row: {0}")]
    Check(Arc<str>),
    /// Another process or transaction holds a lock for too long.
    #[error("another process or transaction holds the lock")]
    Busy,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// This task has an open write transaction already; a second one would wait for ever.
    #[error("this task has an open write transaction; end it before another begins")]
    Nested,
    /// The wait for the writer, a connection or a statement took too long.
    #[error("the wait for the database took too long")]
    Timeout,
    /// A statement of this transaction failed before; it can only be rolled back.
    #[error("a statement of this transaction failed; it can only be rolled back")]
    Aborted,
    /// The COMMIT of the group failed; nothing of the group is stored.
    #[error("the commit of the group failed; nothing of it is stored")]
    Batch,
    /// The connection was lost at COMMIT; nobody knows whether it happened.
    #[error("the connection was lost at commit; it may or may not be stored")]
    Unknown,
    /// The database cannot be reached.
    #[error("the database cannot be reached: {0}")]
    Unreachable(Arc<str>),
    /// A newer program wrote this database.
    #[error(
        "the database is at version {found} and this program (Keystead {program}) knows versions \
         up to {known}; start the program that wrote it (Keystead {wrote}) or a newer one"
    )]
    Newer {
        /// The version of the database.
        found: i64,
        /// The newest version this program knows.
        known: i64,
        /// The version of the program that brought the database there.
        wrote: Arc<str>,
        /// The version of this program.
        program: &'static str,
    },
    /// Anything else: a fault of a text or of the engine.
    #[error("{0}")]
    Other(Arc<str>),
}

impl Error {
    /// A fault with this text.
    pub(crate) fn other(text: impl std::fmt::Display) -> Self {
        Self::Other(text.to_string().into())
    }

    /// The index that refuses the row, if this is a conflict.
    #[must_use]
    pub fn conflict_index(&self) -> Option<&str> {
        match self {
            Self::Conflict { index } => Some(index),
            _ => None,
        }
    }

    /// The code a client sees unless the conflict was mapped.
    fn code(&self) -> Code {
        match self {
            Self::Full => Code::StorageFull,
            Self::Busy | Self::Timeout | Self::Batch | Self::Unknown | Self::Unreachable(_) => {
                Code::Busy
            }
            Self::Nul => Code::FieldInvalid,
            Self::Conflict { .. }
            | Self::Check(_)
            | Self::Nested
            | Self::Aborted
            | Self::Newer { .. }
            | Self::Other(_) => Code::Internal,
        }
    }
}

impl From<Error> for Fault {
    #[track_caller]
    fn from(error: Error) -> Self {
        Self::new(error.code()).caused_by(error)
    }
}

/// A store error on its way to a domain error: `?` finishes the way.
#[derive(Debug)]
pub enum Mapped {
    /// No mapping fitted so far.
    Store(Error),
    /// A conflict that has its code.
    Domain(Fault),
}

impl From<Mapped> for Fault {
    #[track_caller]
    fn from(mapped: Mapped) -> Self {
        match mapped {
            Mapped::Store(error) => error.into(),
            Mapped::Domain(fault) => fault,
        }
    }
}

/// Turns the conflict of one index into a code; several in a row work.
///
/// `users::insert(..).await.on_conflict("users_directory_id_email_key_key", Code::EmailTaken)?`
pub trait OnConflict<T> {
    /// A conflict of `index` becomes `fault` (a code, or an error with its field).
    ///
    /// # Errors
    /// What was an error stays one.
    fn on_conflict(self, index: &str, fault: impl Into<Fault>) -> std::result::Result<T, Mapped>;
}

impl<T> OnConflict<T> for Result<T> {
    #[track_caller]
    fn on_conflict(self, index: &str, fault: impl Into<Fault>) -> std::result::Result<T, Mapped> {
        match self {
            Err(error) if error.conflict_index() == Some(index) => {
                Err(Mapped::Domain(fault.into()))
            }
            other => other.map_err(Mapped::Store),
        }
    }
}

impl<T> OnConflict<T> for std::result::Result<T, Mapped> {
    #[track_caller]
    fn on_conflict(self, index: &str, fault: impl Into<Fault>) -> std::result::Result<T, Mapped> {
        match self {
            Err(Mapped::Store(error)) => Err(error).on_conflict(index, fault),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conflict(index: &str) -> Result<()> {
        Err(Error::Conflict { index: index.into() })
    }

    fn mapped(result: Result<()>) -> keystead_model::Result<()> {
        Ok(result
            .on_conflict("a_key", Code::EmailTaken)
            .on_conflict("b_key", Fault::new(Code::PhoneTaken).field("phone"))?)
    }

    #[test]
    fn the_first_fitting_mapping_counts() {
        assert_eq!(mapped(conflict("a_key")).unwrap_err().code(), Code::EmailTaken);
        let phone = mapped(conflict("b_key")).unwrap_err();
        assert_eq!((phone.code(), phone.field_name()), (Code::PhoneTaken, Some("phone")));
        assert_eq!(mapped(conflict("c_key")).unwrap_err().code(), Code::Internal);
        assert!(mapped(Ok(())).is_ok());
    }

    #[test]
    fn each_error_has_its_code_and_keeps_its_cause() {
        for (error, code) in [
            (Error::Full, Code::StorageFull),
            (Error::Busy, Code::Busy),
            (Error::Timeout, Code::Busy),
            (Error::Batch, Code::Busy),
            (Error::Unknown, Code::Busy),
            (Error::Unreachable("x".into()), Code::Busy),
            (Error::Nested, Code::Internal),
            (Error::Aborted, Code::Internal),
            (Error::Check("x".into()), Code::Internal),
        ] {
            let text = error.to_string();
            let fault = Fault::from(error);
            assert_eq!(fault.code(), code);
            assert!(fault.log_line().contains(&text), "{}", fault.log_line());
        }
    }
}
