//! The server's router: every row of every adapter, and who answers where no row does.

use crate::dialect::Dialect;
use crate::dispatch;
use crate::forwarded::Proxies;
use crate::routes::{Mounted, Routes};
use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use keystead_core::Core;
use keystead_endpoint::{Caller, EndpointRow};
use keystead_model::Texts;
use std::net::SocketAddr;
use std::sync::Arc;

/// The server, ready to answer.
pub struct Server {
    pub(crate) core: Arc<Core>,
    pub(crate) texts: Arc<dyn Texts>,
    pub(crate) table: matchit::Router<Vec<Mounted>>,
    pub(crate) areas: Vec<(&'static str, Arc<dyn Dialect>)>,
    pub(crate) otherwise: Arc<dyn Dialect>,
    pub(crate) body_max_bytes: usize,
    pub(crate) proxies: Proxies,
}

/// What a server is made of.
pub struct ServerParts {
    /// The domain.
    pub core: Arc<Core>,
    /// The texts.
    pub texts: Arc<dyn Texts>,
    /// The rows of every adapter.
    pub routes: Vec<Routes>,
    /// Who answers below a path where no row does; the first that fits.
    pub areas: Vec<(&'static str, Arc<dyn Dialect>)>,
    /// Who answers everywhere else.
    pub otherwise: Arc<dyn Dialect>,
    /// Largest body, in bytes.
    pub body_max_bytes: usize,
    /// Who may say where a request comes from.
    pub proxies: Proxies,
}

/// A row's path is taken, or malformed.
#[derive(Debug, thiserror::Error)]
#[error("path {path} of row {name} cannot be mounted: {why}")]
pub struct MountError {
    path: &'static str,
    name: &'static str,
    why: String,
}

impl Server {
    /// Mounts every row.
    ///
    /// # Errors
    /// Two rows share method and path, or a path is malformed.
    pub fn new(parts: ServerParts) -> Result<Self, MountError> {
        let mut by_path: Vec<(&'static str, Vec<Mounted>)> = Vec::new();
        for mounted in parts.routes.into_iter().flat_map(|routes| routes.mounted) {
            check_permission(&mounted)?;
            for path in mounted.row.paths {
                match by_path.iter_mut().find(|(known, _)| known == path) {
                    Some((_, rows)) => join(rows, mounted.clone(), path)?,
                    None => by_path.push((path, vec![mounted.clone()])),
                }
            }
        }
        let mut table = matchit::Router::new();
        for (path, rows) in by_path {
            let name = rows.first().map_or("", |mounted| mounted.row.name);
            table.insert(path, rows).map_err(|e| MountError { path, name, why: e.to_string() })?;
        }
        Ok(Self {
            core: parts.core,
            texts: parts.texts,
            table,
            areas: parts.areas,
            otherwise: parts.otherwise,
            body_max_bytes: parts.body_max_bytes,
            proxies: parts.proxies,
        })
    }

    /// The server as a router of the framework; the leaf adds what is its own.
    pub fn into_router(self) -> Router {
        Router::new().fallback(answer).with_state(Arc::new(self))
    }

    /// Who answers for a path that no row has.
    pub(crate) fn area(&self, path: &str) -> Arc<dyn Dialect> {
        let found = self.areas.iter().find(|(prefix, _)| path.starts_with(prefix));
        found.map_or_else(|| self.otherwise.clone(), |(_, dialect)| dialect.clone())
    }
}

/// A misspelt permission would be no permission, and an administrator's row without one open to
/// every key.
fn check_permission(mounted: &Mounted) -> Result<(), MountError> {
    let row = mounted.row;
    let fault = |why: &str| MountError { path: row.path(), name: row.name, why: why.to_owned() };
    match (mounted.permission, row.permission.is_empty(), row.caller) {
        (None, false, _) => Err(fault("its permission is not one of the model")),
        (None, true, Caller::Admin) => Err(fault("a row of an administrator needs a permission")),
        _ => Ok(()),
    }
}

fn join(rows: &mut Vec<Mounted>, new: Mounted, path: &'static str) -> Result<(), MountError> {
    let clash = |row: &EndpointRow| row.method == new.row.method;
    if let Some(other) = rows.iter().find(|mounted| clash(mounted.row)) {
        let why = format!("row {} has it for the same method", other.row.name);
        return Err(MountError { path, name: new.row.name, why });
    }
    rows.push(new);
    Ok(())
}

async fn answer(
    State(server): State<Arc<Server>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    dispatch::dispatch(&server, peer.ip(), request).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dressing;
    use keystead_core::Cx;
    use keystead_endpoint::Reply;
    use keystead_model::Error;

    struct Plain;

    impl Dialect for Plain {
        fn success(&self, reply: Reply, _: &Dressing<'_>) -> Reply {
            reply
        }
        fn failure(&self, _: &Error, _: &Dressing<'_>) -> Reply {
            Reply::empty(400)
        }
    }

    macro_rules! row {
        ($module:ident, $caller:ident $permission:literal) => {
            mod $module {
                #[derive(serde::Deserialize)]
                pub struct Ask {}
                keystead_endpoint::endpoints! { "test";
                    /// A row.
                    GET "/x" ask(Ask) -> keystead_endpoint::Reply, $caller $permission;
                }
            }
        };
    }

    row!(misspelt, Admin "user:raed");
    row!(bare, Admin "");
    row!(sound, Admin "user:read");

    async fn misspelt(_: &mut Cx, _: misspelt::Ask) -> keystead_model::Result<Reply> {
        Ok(Reply::empty(200))
    }
    async fn bare(_: &mut Cx, _: bare::Ask) -> keystead_model::Result<Reply> {
        Ok(Reply::empty(200))
    }
    async fn sound(_: &mut Cx, _: sound::Ask) -> keystead_model::Result<Reply> {
        Ok(Reply::empty(200))
    }

    #[test]
    fn a_row_without_a_known_permission_is_not_mounted() {
        let routes = || Routes::new(Arc::new(Plain));
        let check = |routes: Routes| routes.mounted.iter().try_for_each(check_permission);
        assert!(check(routes().on(misspelt)).is_err());
        assert!(check(routes().on(bare)).is_err());
        assert!(check(routes().on(sound)).is_ok());
    }

    #[test]
    fn two_rows_cannot_share_method_and_path() {
        let routes = Routes::new(Arc::new(Plain)).on(misspelt).on(sound);
        let [first, second] = routes.mounted.try_into().ok().unwrap();
        let mut rows = vec![first];
        assert!(join(&mut rows, second, "/x").is_err());
    }
}
