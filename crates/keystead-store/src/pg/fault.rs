//! PostgreSQL's errors in our words.

use crate::Error;
use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

/// The error in our words; a conflict with the name of its index.
pub(crate) fn plain(error: tokio_postgres::Error) -> Error {
    let Some(db) = error.as_db_error() else {
        return if error.is_closed() || std::error::Error::source(&error).is_some_and(is_io) {
            Error::Unreachable(text(&error).into())
        } else {
            Error::Other(text(&error).into())
        };
    };
    let code = db.code();
    // The detail of an error repeats values of the row; its message does not.
    let message = || db.message().into();
    match *code {
        SqlState::UNIQUE_VIOLATION => {
            Error::Conflict { index: db.constraint().unwrap_or_default().into() }
        }
        SqlState::FOREIGN_KEY_VIOLATION
        | SqlState::NOT_NULL_VIOLATION
        | SqlState::CHECK_VIOLATION => Error::Check(message()),
        SqlState::T_R_SERIALIZATION_FAILURE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::LOCK_NOT_AVAILABLE
        | SqlState::TOO_MANY_CONNECTIONS
        | SqlState::OUT_OF_MEMORY => Error::Busy,
        SqlState::QUERY_CANCELED => Error::Timeout,
        SqlState::DISK_FULL => Error::Full,
        SqlState::IN_FAILED_SQL_TRANSACTION => Error::Aborted,
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => Error::Unreachable(message()),
        _ => Error::Other(format!("{} ({})", db.message(), code.code()).into()),
    }
}

/// Why the pool gave no connection.
pub(crate) fn of_pool(error: PoolError) -> Error {
    match error {
        PoolError::Timeout(_) => Error::Timeout,
        PoolError::Backend(error) => plain(error),
        other => Error::Unreachable(other.to_string().into()),
    }
}

fn is_io(source: &(dyn std::error::Error + 'static)) -> bool {
    source.is::<std::io::Error>()
}

/// The message and its cause, which alone says what happened.
fn text(error: &tokio_postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
