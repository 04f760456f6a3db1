//! The rules of the kernel, run on both engines.
//!
//! Every test has its database. PostgreSQL is found through `KEYSTEAD_TEST_PG`, the address of a
//! server whose user may create databases; `scripts/with-postgres` starts one.

mod conflicts;
mod crash;
mod decoding;
mod faults;
mod feed;
mod lost_clients;
mod notes;
mod outbox;
mod people;
mod place;
mod postgres;
mod schema;
mod transactions;
mod waiting;
mod work;

/// Runs each case on both engines: `on_both! { first, second }`.
macro_rules! on_both {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $case() { $crate::tests::place::on_sqlite(super::$case); })*
        }
        mod postgres {
            $(#[test] fn $case() { $crate::tests::place::on_postgres(super::$case); })*
        }
    };
}
use on_both;
