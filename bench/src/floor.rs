//! The floor: bare axum with the cryptography that cannot be avoided, at the server's own paths.
//!
//! It answers what the loads ask for and knows nothing else: one user, one application, one key.
//! Nothing is stored, except where a work is about being durable.

mod durable;
mod hashing;
mod signing;

use crate::callers::management;
use crate::site::{Algorithm, Site};
use anyhow::Result;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt as _;
use axum::{Form, Json, Router};
use durable::Durable;
use hashing::Hashing;
use keystead_authing::sign::{self, Authorization};
use serde::Deserialize;
use serde_json::{Value, json};
use signing::Signing;
use std::io::Write as _;
use std::sync::Arc;

const SECRET: &str = "00112233445566778899aabbccddeeff";
/// As long as the server's own documents, about.
const DOCUMENT: usize = 1_500;

/// What handlers share.
struct Floor {
    signing: Signing,
    hashing: Hashing,
    durable: Durable,
    access_token: String,
    discovery: String,
    jwks: String,
    user: String,
    users: String,
}

type Shared = State<Arc<Floor>>;

/// Serves until killed; the first line of output says where, in the form of `dev.json`.
///
/// # Errors
/// A key cannot be made, or no port is free.
pub async fn serve() -> Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let site = Site {
        http_url: format!("http://localhost:{}", listener.local_addr()?.port()),
        access_key_id: "floor".into(),
        access_key_secret: SECRET.into(),
        app_id: "floor".into(),
        app_secret: SECRET.into(),
        user_id: "floor".into(),
        user_email: "floor@example.com".into(),
        user_password: "floor".into(),
    };
    let app = router(Arc::new(Floor::new(&site)?));
    writeln!(std::io::stdout().lock(), "{}", serde_json::to_string(&site)?)?;
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, app).await?)
}

fn router(floor: Arc<Floor>) -> Router {
    Router::new()
        .route("/oidc/.well-known/openid-configuration", get(discovery))
        .route("/oidc/.well-known/jwks.json", get(jwks))
        .route("/oidc/me", get(userinfo))
        .route("/oidc/token", post(token))
        .route("/oidc/token/introspection", post(introspection))
        .route("/api/v3/get-user", get(get_user))
        .route("/api/v3/create-user", post(written))
        .route("/api/v3/create-role", post(written))
        .route("/api/v3/list-users", post(list_users))
        .route("/api/v3/send-email", post(send_email))
        .route("/api/v3/signin", post(signin))
        .with_state(floor)
}

impl Floor {
    fn new(site: &Site) -> Result<Self> {
        let signing = Signing::new()?;
        let access_token = signing.token(Algorithm::Rs256)?;
        let padding = "x".repeat(DOCUMENT);
        let user = json!({ "statusCode": 200, "data": { "userId": site.user_id, "x": padding } });
        Ok(Self {
            hashing: Hashing::start(&site.user_password)?,
            durable: Durable::start()?,
            discovery: json!({ "issuer": site.http_url, "x": padding }).to_string(),
            jwks: json!({ "keys": [padding] }).to_string(),
            users: json!({ "statusCode": 200, "data": { "list": vec![&user; 50] } }).to_string(),
            user: user.to_string(),
            signing,
            access_token,
        })
    }

    async fn write(&self, body: Value) -> Response {
        if !self.durable.commit(management::parameters(&body).into_values().collect()).await {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        document(self.user.clone())
    }
}

async fn discovery(State(floor): Shared) -> Response {
    document(floor.discovery.clone())
}

async fn jwks(State(floor): Shared) -> Response {
    document(floor.jwks.clone())
}

async fn userinfo(State(floor): Shared, headers: HeaderMap) -> Response {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = bearer.and_then(|value| value.strip_prefix("Bearer "));
    match token.and_then(|token| floor.signing.claims(token)) {
        Some(claims) => Json(claims).into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

/// What is read of the forms.
#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    grant_type: String,
    #[serde(default)]
    token: String,
    client_id: String,
    client_secret: String,
}

async fn token(State(floor): Shared, Form(sent): Form<Sent>) -> Response {
    let refreshing = sent.grant_type == "refresh_token";
    let algorithm = Algorithm::of_app(&sent.client_id);
    let made = floor.signing.token(algorithm).and_then(|access_token| {
        let mut body = json!({ "access_token": access_token, "token_type": "Bearer" });
        if refreshing && let Some(body) = body.as_object_mut() {
            body.insert("id_token".into(), floor.signing.token(algorithm)?.into());
            body.insert("refresh_token".into(), SECRET.into());
        }
        Ok(body)
    });
    match made {
        Ok(body) if !sent.client_secret.is_empty() => Json(body).into_response(),
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn introspection(State(floor): Shared, Form(sent): Form<Sent>) -> Response {
    match floor.signing.claims(&sent.token) {
        Some(mut claims) if !sent.client_secret.is_empty() => {
            claims.insert("active".into(), Value::Bool(true));
            Json(claims).into_response()
        }
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn get_user(State(floor): Shared, uri: Uri, headers: HeaderMap) -> Response {
    let resource = uri.path_and_query().map(|both| both.as_str()).unwrap_or_default();
    if !signed(&Method::GET, &headers, resource) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    document(floor.user.clone())
}

/// Whether the access key signed a body; answers it.
fn signed_body(uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Option<Value> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let resource = sign::resource(uri.path(), &management::parameters(&body));
    signed(&Method::POST, headers, &resource).then_some(body)
}

async fn list_users(State(floor): Shared, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    match signed_body(&uri, &headers, &body) {
        Some(_) => document(floor.users.clone()),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

/// Whatever makes one row and its audit row.
async fn written(State(floor): Shared, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    match signed_body(&uri, &headers, &body) {
        Some(body) => floor.write(body).await,
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

/// A code and its message are two rows as well.
async fn send_email(State(floor): Shared, Json(body): Json<Value>) -> Response {
    floor.write(body).await
}

/// What is read of a sign-in.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SigningIn {
    password_payload: Payload,
}

#[derive(Deserialize)]
struct Payload {
    password: String,
}

async fn signin(State(floor): Shared, Json(sent): Json<SigningIn>) -> Response {
    if !floor.hashing.fits(sent.password_payload.password).await {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let data = json!({ "access_token": floor.access_token, "refresh_token": SECRET });
    Json(json!({ "statusCode": 200, "data": data })).into_response()
}

/// Whether the access key signed this.
fn signed(method: &Method, headers: &HeaderMap, resource: &str) -> bool {
    let texts =
        headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let text = sign::string_to_sign(method.as_str(), texts, resource);
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let authorization = header.and_then(Authorization::parse);
    authorization.is_some_and(|given| sign::verify(SECRET, &[text], given.signature))
}

fn document(json: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], json).into_response()
}
