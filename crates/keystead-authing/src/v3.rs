//! V3: its rows, its envelope, its errors.

mod access_keys;
mod audit_logs;
mod contract;
mod dialect;
pub mod errors;
mod moment;
mod roles;
mod signin;
mod system;
mod users;
mod wording;

pub use dialect::V3;

use keystead_web::Routes;
use std::sync::Arc;

/// The rows of V3.
#[must_use]
pub fn routes() -> Routes {
    let routes =
        Routes::new(Arc::new(V3)).on(signin::sign_in).on(system::system).on(system::country_list);
    access_keys::routes(audit_logs::routes(roles::routes(users::routes(routes))))
}
