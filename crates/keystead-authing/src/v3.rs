//! V3: its rows, its envelope, its errors.

mod access_keys;
mod audit_logs;
mod caller;
mod codes;
mod contact;
mod contract;
mod custom_fields;
mod deletion;
mod dialect;
pub mod errors;
mod mine;
mod moment;
mod password;
mod profile;
mod roles;
mod signin;
mod signup;
mod system;
mod users;
mod wording;

pub use dialect::V3;

use keystead_web::Routes;
use std::sync::Arc;

/// The rows of V3.
#[must_use]
pub fn routes() -> Routes {
    let areas = [
        access_keys::routes,
        audit_logs::routes,
        codes::routes,
        contact::routes,
        custom_fields::routes,
        deletion::routes,
        mine::routes,
        password::routes,
        profile::routes,
        roles::routes,
        users::routes,
    ];
    areas
        .into_iter()
        .fold(Routes::new(Arc::new(V3)), |routes, area| area(routes))
        .on(signin::sign_in)
        .on(signup::sign_up)
        .on(system::system)
        .on(system::country_list)
}
