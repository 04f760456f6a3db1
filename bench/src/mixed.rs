//! What others feel while 64 people sign in at once: hashing must not slow the rest down.

use crate::callers::{fixed, signin, signin::SignIn};
use crate::load::{self, Measured};
use crate::measure::Plan;
use crate::server::Running;
use crate::works::repeated;
use anyhow::Result;

/// The name of this load.
pub const NAME: &str = "mixed";
/// Milliseconds within which 99 of 100 answers must come.
pub const P99_BUDGET_MS: f64 = 50.0;
/// Sign-ins at once.
const SIGNING_IN: usize = 64;
/// Connections of each of the others.
const OTHERS: usize = 4;

/// Runs all at the same time; answers each with its name, the sign-ins last.
///
/// # Errors
/// A load could not be prepared, or the server is gone.
pub async fn run(server: &Running, plan: &Plan) -> Result<Vec<(&'static str, Measured)>> {
    let site = &server.site;
    let token = signin::token(server.target.at, site, "openid", "access_token").await?;
    let people = SignIn::of_many(server.target.at, site, SIGNING_IN).await?;
    let load = |callers| load::run(server.target, callers, plan.slow_lasting);
    let (discovery, introspection, tokens, signins) = tokio::join!(
        load(repeated(&fixed::discovery(site), OTHERS)),
        load(repeated(&fixed::introspection(site, &token), OTHERS)),
        load(repeated(&fixed::client_credentials(site), OTHERS)),
        load(people),
    );
    Ok(vec![
        ("discovery", discovery?.0),
        ("introspection of a JWT", introspection?.0),
        ("client_credentials, RS256", tokens?.0),
        ("the 64 password sign-ins", signins?.0),
    ])
}
