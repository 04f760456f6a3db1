//! The description of V3: what is committed is what the rows say, and what the server gives out.

use crate::database::Engine;
use crate::on_both;
use crate::raw::Raw;
use crate::server::TestServer;
use serde_json::Value;
use std::path::Path;

on_both!(the_description_is_served_with_its_tag);

#[test]
#[expect(clippy::disallowed_methods, reason = "a test takes its orders from its environment")]
fn the_committed_description_is_that_of_the_rows() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/v3.json");
    let made = keystead_authing::openapi::document();
    if std::env::vars().any(|(name, _)| name == "KEYSTEAD_WRITE_OPENAPI") {
        let text = serde_json::to_string_pretty(&made).unwrap() + "\n";
        std::fs::write(&file, text).unwrap();
    }
    let there: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert!(
        there == made,
        "crates/keystead/openapi/v3.json is not what the rows say: run `cargo xtask openapi`"
    );
}

async fn the_description_is_served_with_its_tag(engine: Engine) {
    let server = TestServer::shared(engine);
    let url = format!("{}/openapi/v3.json", server.url());
    let first = Raw::get(&url).send().await;
    assert_eq!((first.status, first.header("access-control-allow-origin")), (200, "*"));
    assert_eq!(first.json()["openapi"], "3.1.0");
    let tag = first.header("etag").to_owned();
    for known in [&tag, &format!("\"other\", W/{tag}"), "*"] {
        let again = Raw::get(&url).header("if-none-match", known).send().await;
        assert_eq!((again.status, again.body.len()), (304, 0), "{known}");
        assert_eq!(again.header("etag"), tag);
    }
    let other = Raw::get(&url).header("if-none-match", "\"other\"").send().await;
    assert_eq!((other.status, other.body), (200, first.body));
}
