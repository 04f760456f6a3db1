//! The application: the domain is opened, seeded, and put behind its routes.

use crate::config::Settings;
use crate::datadir::DataFolder;
use crate::dev::{self, Dev, Facts};
use crate::local_only::LocalOnly;
use crate::opening::{self, Opening};
use crate::seeding::{self, Seeded};
use crate::sentence::start_up;
use crate::texts::LocaleFiles;
use crate::{front, gateways, health, openapi};
use anyhow::anyhow;
use axum::Router;
use keystead_authing_adapter::v3;
use keystead_core::clock::Clock;
use keystead_core::random::Random;
use keystead_core::{Core, Cx, setup};
use keystead_model::Texts;
use keystead_outbound::Capture;
use keystead_pages::{Env, Html};
use keystead_web::Server;
use keystead_web::forwarded::Proxies;
use keystead_web::server::ServerParts;
use metrics_exporter_prometheus::PrometheusHandle;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the pages mount the first administrator's set-up.
const SETUP_PATH: &str = "/setup/";

/// What the application is made of.
pub struct AppParts<'a> {
    /// The settings.
    pub settings: &'a Settings,
    /// Whether `--dev` was given.
    pub dev: bool,
    /// The file of `--seed`.
    pub seed: Option<&'a Path>,
    /// The open data folder.
    pub folder: &'a DataFolder,
    /// The clock.
    pub clock: Clock,
    /// The addresses of this server.
    pub addresses: Addresses,
    /// Who may see what only this machine may see.
    pub guard: LocalOnly,
    /// The recorder, when `/metrics` stands on the main listeners.
    pub metrics: Option<PrometheusHandle>,
}

/// Where the server is reached.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// The HTTP listener.
    pub http_url: String,
    /// The HTTPS listener, if there is one.
    pub https_url: Option<String>,
    /// What links and issuers are built from.
    pub public_url: String,
    /// The development CA's certificate, with `--dev`.
    pub ca_file: Option<PathBuf>,
}

/// An open application.
pub struct App {
    /// What answers.
    pub router: Router,
    /// The domain.
    pub core: Arc<Core>,
    /// What the seed file changed, one sentence each.
    pub notices: Vec<String>,
    /// The one-time link for the first administrator, where none is there yet; not with `--dev`.
    pub setup_link: Option<String>,
    /// What a development server says about itself.
    pub dev: Option<Facts>,
    /// The messages that were captured instead of sent, with `--dev`.
    pub capture: Capture,
}

/// Opens the domain, seeds it and mounts its routes.
///
/// # Errors
/// Something it needs cannot be opened; the text is a plain sentence.
pub async fn app(parts: AppParts<'_>, random: Random) -> anyhow::Result<App> {
    let AppParts { settings, folder, addresses, guard, metrics, .. } = &parts;
    let opening = Opening {
        settings,
        folder: Some(folder),
        clock: parts.clock.clone(),
        addresses: keystead_core::Addresses {
            public_url: addresses.public_url.clone(),
            https_url: addresses.https_url.clone(),
        },
    };
    let core = opening::core(opening, random).await?;
    let (seeded, dev) = seed(&parts, &core).await?;
    let setup_link = if parts.dev { None } else { setup_link(&core, &seeded).await? };
    let texts: Arc<dyn Texts> = Arc::new(LocaleFiles);
    keystead_pages::attach(&core, texts.clone()).map_err(|e| start_up(&e))?;
    let server = server(&core, &texts, settings)?;
    let capture = Capture::default();
    let kept = parts.dev.then(|| capture.clone());
    let gateways = gateways::gateways(settings, kept);
    core.attached.set(gateways.map_err(|(key, why)| anyhow!("`{key}` {why}."))?);
    gateways::missing(settings, parts.dev).iter().for_each(|said| tracing::warn!("{said}"));
    let mut own = health::probes(ready(&core)).merge(openapi::routes());
    if let Some(handle) = metrics {
        own = own.merge(health::metrics_for_loopback(handle.clone(), guard.clone()));
    }
    if let Some(facts) = &dev {
        let application = dev::Application {
            token_url: format!("{}/oidc/token", facts.app_host),
            client_id: facts.values.app_id.clone(),
            client_secret: facts.values.app_secret.clone(),
            redirect_uri: facts.redirect_uri(),
            authorize_url: facts.authorize_url(),
        };
        let env = core.attached.get::<Env>().map_err(|e| start_up(&e))?;
        let captchas = keystead_core::captcha::Answers::default();
        core.attached.set(captchas.clone());
        let capture = capture.clone();
        let state = Dev { core: core.clone(), capture, captchas, env, application };
        own = own.merge(dev::routes(state, guard.clone()));
    }
    let for_ids = core.clone();
    let ids = move || for_ids.random.hex(12).unwrap_or_else(|_| "unknown".to_owned());
    let router = front::around(own, Arc::new(ids)).merge(server.into_router());
    tracing::debug!(folder = %folder.path().display(), url = addresses.public_url, "open");
    Ok(App { router, core, notices: seeded.notices, setup_link, dev, capture })
}

/// Seeds the domain; with `--dev` also says what a client needs to know.
async fn seed(parts: &AppParts<'_>, core: &Arc<Core>) -> anyhow::Result<(Seeded, Option<Facts>)> {
    if !parts.dev {
        return Ok((seeding::seed(core, parts.seed, None).await?, None));
    }
    let values = dev::values(parts.folder, &core.random, &core.clock)?;
    let mut named = values.named().to_vec();
    named.push(("http_url", &parts.addresses.http_url));
    let development = seeding::development(&named)?;
    let emails: Vec<String> = development
        .steps
        .iter()
        .flat_map(|step| &step.seed.users)
        .map(|user| user.email.clone().unwrap_or_default())
        .collect();
    let seeded = seeding::seed(core, parts.seed, Some(development)).await?;
    let cx = Cx::system(core, seeded.pool).await.map_err(|e| start_up(&e))?;
    let email = |n: usize| emails.get(n).cloned().unwrap_or_default();
    let facts = Facts {
        addresses: parts.addresses.clone(),
        pool_id: cx.pool.id.to_string(),
        pool_secret: cx.pool.secret.clone(),
        app_host: cx.pool.app_host.clone(),
        user_id: seeded.users.first().map(ToString::to_string).unwrap_or_default(),
        user_email: email(0),
        admin_email: email(1),
        values,
    };
    Ok((seeded, Some(facts)))
}

async fn setup_link(core: &Arc<Core>, seeded: &Seeded) -> anyhow::Result<Option<String>> {
    let mut cx = Cx::system(core, seeded.pool).await.map_err(|e| start_up(&e))?;
    let secret = setup::link(&mut cx).await.map_err(|e| start_up(&e))?;
    let host = &cx.pool.app_host;
    Ok(secret.map(|secret| format!("{host}{SETUP_PATH}{}", secret.expose())))
}

/// Every row of every adapter, and who answers where none does.
fn server(core: &Arc<Core>, texts: &Arc<dyn Texts>, settings: &Settings) -> anyhow::Result<Server> {
    let pages = Arc::new(Html::new(texts).map_err(|e| start_up(&e))?);
    let mut routes = vec![v3::routes(), keystead_pages::routes(pages.clone())];
    routes.extend(keystead_sso::routes(pages.clone()));
    let parts = ServerParts {
        core: core.clone(),
        texts: texts.clone(),
        routes,
        areas: vec![
            ("/api/", Arc::new(v3::V3)),
            ("/graphql", Arc::new(v3::V3)),
            ("/oidc/", Arc::new(keystead_sso::OAuth)),
            ("/oauth/", Arc::new(keystead_sso::OAuth)),
        ],
        otherwise: pages,
        body_max_bytes: usize::try_from(settings.limits_body_max_bytes)?,
        proxies: Proxies {
            networks: settings.http_trusted_proxies.clone().map(|list| list.0).unwrap_or_default(),
            header: settings.http_forwarded_header.0,
        },
    };
    Ok(Server::new(parts)?)
}

/// Ready while the database answers; it was migrated before anything listened.
fn ready(
    core: &Arc<Core>,
) -> impl Fn() -> std::pin::Pin<Box<dyn Future<Output = Result<(), String>> + Send>>
+ Clone
+ Send
+ Sync
+ 'static {
    let core = core.clone();
    move || {
        let core = core.clone();
        Box::pin(async move {
            core.ping().await.map_err(|error| {
                tracing::warn!("not ready: {}", error.log_line());
                "the database does not answer".to_owned()
            })
        })
    }
}
