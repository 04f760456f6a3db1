//! A server in this process, with a second pool beside the development pool.

use crate::actors::Keys;
use crate::database::{Database, Engine};
use keystead::config::{self, Inputs, Vars};
use keystead::serve::{Server, Start};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::mpsc;
use std::thread::JoinHandle;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// The second pool: its ids and secrets must be worth nothing in the first.
pub const OTHER: Other = Other {
    pool_id: "0000000000000000000000b0",
    app_id: "0000000000000000000000b2",
    app_secret: "secret of the other application",
    access_key_id: "0000000000000000000000b3",
    access_key_secret: "secret of the other access key",
    user_id: "0000000000000000000000b1",
    user_email: "bob@other.example",
    user_password: "password of bob",
};

/// An application of somebody else in the development pool.
pub const THIRD: &str = "0000000000000000000000b4";

pub struct Other {
    pub pool_id: &'static str,
    pub app_id: &'static str,
    pub app_secret: &'static str,
    pub access_key_id: &'static str,
    pub access_key_secret: &'static str,
    pub user_id: &'static str,
    pub user_email: &'static str,
    pub user_password: &'static str,
}

/// The seed file of the second pool.
pub fn other_seed() -> String {
    let Other { pool_id, app_id, app_secret, access_key_id, access_key_secret, .. } = OTHER;
    let Other { user_id, user_email, user_password, .. } = OTHER;
    let third_id = THIRD;
    format!(
        r#"
        [[pools]]
        code = "other"
        id = "{pool_id}"
        name = "Other"

        [[applications]]
        pool = "other"
        client_id = "{app_id}"
        secret = "{app_secret}"
        name = "Other"

        [[applications]]
        client_id = "{third_id}"
        secret = "secret of the third party"
        name = "Third Party"
        first_party = false
        redirect_uris = ["https://third.example/cb"]

        [[access_keys]]
        pool = "other"
        id = "{access_key_id}"
        secret = "{access_key_secret}"

        [[users]]
        pool = "other"
        id = "{user_id}"
        email = "{user_email}"
        password = "{user_password}"
        "#
    )
}

/// How a server is started.
pub struct Options {
    pub dev: bool,
    pub seed: Option<PathBuf>,
    pub data: PathBuf,
    pub variables: Vec<(String, String)>,
}

/// A running server. It stops when this is dropped.
pub struct Running {
    /// What it says about itself in `dev.json`; null without `--dev`.
    pub dev: Value,
    /// What it told whoever started it.
    pub greeting: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Starts a server.
    ///
    /// # Errors
    /// The sentence it refuses with.
    pub fn start(options: Options) -> Result<Self, String> {
        let (stop, stopped) = oneshot::channel();
        let (answer, opened) = mpsc::channel();
        let data = options.data.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                match open(options).await {
                    Ok(server) => {
                        answer.send(Ok(server.greeting())).unwrap();
                        let stop = async { stopped.await.unwrap_or_default() };
                        server.run(stop).await;
                    }
                    Err(sentence) => answer.send(Err(sentence)).unwrap(),
                }
            });
        });
        let greeting = opened.recv().expect("the server says whether it has started")?;
        let dev = read_dev(&data);
        Ok(Self { dev, greeting, stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The content of `dev.json`.
pub fn read_dev(data: &Path) -> Value {
    let text = std::fs::read_to_string(data.join("dev.json")).unwrap_or_else(|_| "null".into());
    serde_json::from_str(&text).unwrap()
}

async fn open(options: Options) -> Result<Server, String> {
    let mut variables = options.variables;
    variables.extend([
        ("KEYSTEAD_DATA".to_owned(), options.data.display().to_string()),
        ("KEYSTEAD_HTTP_PORT".to_owned(), "0".to_owned()),
        ("KEYSTEAD_HTTPS_PORT".to_owned(), "0".to_owned()),
    ]);
    let vars = Vars::from_pairs(variables);
    let loaded = config::load(&Inputs { overrides: &[], vars: &vars, file: None })
        .map_err(|e| e.to_string())?;
    config::check(&loaded, options.dev).map_err(|e| e.to_string())?;
    let recorder = PrometheusBuilder::new().build_recorder().handle();
    let start = Start { loaded, dev: options.dev, seed: options.seed };
    Server::open(start, recorder).await.map_err(|e| format!("{e:#}"))
}

/// A server with its folder and database, which go with it.
pub struct TestServer {
    // In this order: the server goes before what it stands on.
    running: Running,
    _database: Database,
    folder: TempDir,
}

impl TestServer {
    /// A new one of its own, with `--dev` and the second pool.
    pub fn start(engine: Engine) -> Self {
        Self::start_with(engine, &[])
    }

    /// One of its own with these settings, each an environment variable and its value.
    pub fn start_with(engine: Engine, settings: &[(&str, &str)]) -> Self {
        let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
        let seed = folder.path().join("other.toml");
        std::fs::write(&seed, other_seed()).unwrap();
        let mut variables = database.variables();
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        variables.extend(settings.iter().map(own));
        let running = Running::start(Options {
            dev: true,
            seed: Some(seed),
            data: folder.path().join("data"),
            variables,
        });
        Self { running: running.unwrap(), _database: database, folder }
    }

    /// The one that stories share which need nothing special of it. It lives as long as the
    /// process: its PostgreSQL database stays behind.
    pub fn shared(engine: Engine) -> &'static Self {
        static SQLITE: LazyLock<TestServer> = LazyLock::new(|| TestServer::start(Engine::Sqlite));
        static POSTGRES: LazyLock<TestServer> =
            LazyLock::new(|| TestServer::start(Engine::Postgres));
        match engine {
            Engine::Sqlite => &SQLITE,
            Engine::Postgres => &POSTGRES,
        }
    }

    /// A value of `dev.json`.
    pub fn dev(&self, key: &str) -> &str {
        self.running.dev[key].as_str().unwrap_or_else(|| panic!("dev.json has no {key}"))
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The HTTP listener.
    pub fn url(&self) -> &str {
        self.dev("http_url")
    }

    /// The development pool's keys.
    pub fn keys(&self) -> Keys {
        Keys::of_dev(&self.running.dev)
    }
}
