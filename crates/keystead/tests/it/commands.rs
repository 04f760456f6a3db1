//! Commands beside a running server and without one.

use crate::actors::Keys;
use crate::database::{Database, Engine};
use crate::on_both;
use crate::process::{Process, Said, keystead};
use crate::raw::Raw;
use keystead_authing::v3::signin::{PasswordPayload, SignInByCredentials};
use keystead_authing::v3::users::{CreateUser, ListUsers};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;

on_both!(
    a_change_counts_at_once_in_a_running_server,
    without_a_server_the_database_is_opened,
    a_user_is_blocked_signed_out_and_deleted_at_once,
    an_access_key_is_made_and_deleted_at_once,
    a_signing_key_is_turned_and_revoked_at_once,
    what_does_not_fit_is_refused_and_changes_nothing
);

const PASSWORD: &str = "correct horse 41";

fn sign_in(email: &str) -> SignInByCredentials {
    SignInByCredentials::password(PasswordPayload {
        password: PASSWORD.into(),
        email: Some(email.into()),
        ..PasswordPayload::default()
    })
}

async fn a_change_counts_at_once_in_a_running_server(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    // Longer than an address of a socket may be.
    let data = folder.path().join("d".repeat(100));
    let server = Process::start(&data, &database);
    let run = |words: &[&str], input: &str| keystead(words, &data, &database, input);
    let mode = std::fs::metadata(data.join("keystead.sock")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let user = run(&["user", "create", "--email", "cli@a.example"], &format!("{PASSWORD}\n"));
    let user = user.json();
    assert_eq!(user["email"], "cli@a.example");
    let made = run(&["app", "create", "Made", "--redirect-uri", "https://rp.example/cb"], "");
    let made = made.json();
    let mut keys = Keys {
        app_id: made["id"].as_str().unwrap().into(),
        app_secret: made["secret"].as_str().unwrap().into(),
        ..server.keys()
    };
    keys.anonymous().call(&sign_in("cli@a.example")).await.unwrap();

    // The server has the application in memory, and hears of each change.
    let shown = run(&["app", "show", &keys.app_id], "").json();
    assert!(shown.get("secret").is_none(), "a secret is shown once: {shown}");
    let renewed = run(&["app", "secret", &keys.app_id], "").json();
    assert!(keys.anonymous().call(&sign_in("cli@a.example")).await.is_err(), "the old secret");
    keys.app_secret = renewed["secret"].as_str().unwrap().into();
    keys.anonymous().call(&sign_in("cli@a.example")).await.unwrap();
    run(&["app", "set", &keys.app_id, "--enabled", "false"], "").json();
    assert!(keys.anonymous().call(&sign_in("cli@a.example")).await.is_err(), "switched off");
    run(&["app", "set", &keys.app_id, "--enabled", "true", "--name", "Renamed"], "").json();
    keys.anonymous().call(&sign_in("cli@a.example")).await.unwrap();

    let set = run(&["pool", "set", "main", "password_policy=standard"], "").json();
    assert_eq!(set["settings"]["password_policy"], "standard");
    let weak = CreateUser {
        username: Some("weak".into()),
        password: Some("1234".into()),
        ..CreateUser::default()
    };
    assert!(server.keys().admin().create_user(&weak).await.is_err());
    run(&["pool", "set", "main", "password_policy=any"], "").json();
    server.keys().admin().create_user(&weak).await.unwrap();

    let other = run(&["pool", "create", "shop", "--name", "Shop"], "").json();
    let discovery =
        format!("{}/.well-known/openid-configuration", other["issuer"].as_str().unwrap());
    let found = Raw::get(&discovery).send().await.json();
    assert_eq!(found["issuer"], other["issuer"]);
    assert_eq!(run(&["user", "list", "--pool", "shop"], "").json()["total"], 0);
    let pools = run(&["pool", "list"], "").json();
    assert_eq!(pools["total"], 2, "{pools}");
}

async fn a_user_is_blocked_signed_out_and_deleted_at_once(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let data = folder.path().join("data");
    let server = Process::start(&data, &database);
    let run = |words: &[&str], input: &str| keystead(words, &data, &database, input);
    run(&["user", "create", "--email", "cli@a.example"], PASSWORD).json();
    let named = |verb: &'static str| ["user", verb, "--email", "cli@a.example"];
    let client = server.keys().anonymous();
    let sign_in = || async { client.call(&sign_in("cli@a.example")).await };
    let lives = |token: String| {
        let client = client.clone();
        async move { client.introspect_token(token).await.unwrap().active }
    };
    let token = || async { sign_in().await.unwrap().access_token.unwrap().expose().to_owned() };

    for verb in ["kick", "block"] {
        let before = token().await;
        assert!(lives(before.clone()).await);
        run(&named(verb), "").json();
        assert!(!lives(before).await, "{verb} ends tokens");
    }
    assert!(sign_in().await.is_err(), "blocked");
    assert_eq!(run(&named("unblock"), "").json()["status"], "activated");
    let before = token().await;
    run(&named("set-password"), "another horse 42\n").json();
    assert!(!lives(before).await, "a new password ends tokens");
    assert!(sign_in().await.is_err(), "the old password");
    let weak = run(&[&named("set-password")[..], &["--reset"]].concat(), "");
    assert!(weak.refusal().contains("Nothing was given"), "{}", weak.err);
    run(&named("set-password"), PASSWORD).json();
    sign_in().await.unwrap();
    run(&named("delete"), "").json();
    assert!(sign_in().await.is_err(), "deleted");
    assert!(run(&named("show"), "").refusal().contains("There is no such user"));
}

async fn an_access_key_is_made_and_deleted_at_once(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let data = folder.path().join("data");
    let server = Process::start(&data, &database);
    let run = |words: &[&str]| keystead(words, &data, &database, "");
    let user = server.dev["user_id"].as_str().unwrap();
    for (words, kind) in
        [(&["key", "create"][..], "pool"), (&["key", "create", "--user", user], "user")]
    {
        let made = run(words).json();
        assert_eq!((&made["kind"], &made["active"]), (&json!(kind), &json!(true)));
        let id = made["id"].as_str().unwrap();
        let keys = Keys {
            access_key_id: id.into(),
            access_key_secret: made["secret"].as_str().unwrap().into(),
            ..server.keys()
        };
        let call = async || keys.admin().list_users(&ListUsers::default()).await;
        call().await.unwrap();
        let listed = run(&[&["key", "list"], &words[2..]].concat()).json();
        let own = listed["list"].as_array().unwrap().iter().find(|key| key["id"] == id).unwrap();
        assert!(own["last_used_at"].is_string() && own.get("secret").is_none(), "{own}");
        run(&["key", "delete", id]).json();
        assert!(call().await.is_err(), "{kind}: it signs nothing any more");
        assert!(run(&["key", "delete", id]).refusal().contains("access key"));
    }
}

async fn a_signing_key_is_turned_and_revoked_at_once(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let data = folder.path().join("data");
    let server = Process::start(&data, &database);
    let run = |words: &[&str]| keystead(words, &data, &database, "");
    let email = server.dev["user_email"].as_str().unwrap();
    let password = server.dev["user_password"].as_str().unwrap();
    let client = server.keys().anonymous();
    let tokens = async || {
        let payload = PasswordPayload {
            password: password.into(),
            email: Some(email.into()),
            ..PasswordPayload::default()
        };
        let signed_in = client.call(&SignInByCredentials::password(payload)).await.unwrap();
        signed_in.access_token.unwrap().expose().to_owned()
    };
    let lives = async |token: &str| client.introspect_token(token).await.unwrap().active;
    let jwks = format!("{}/oidc/.well-known/jwks.json", server.keys().url);
    let published = async || {
        let set = Raw::get(&jwks).send().await.json();
        let keys = set["keys"].as_array().unwrap().iter();
        keys.map(|key| key["kid"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let first = published().await.remove(0);
    let old = tokens().await;
    let listed = run(&["keys", "list"]).json();
    let state = |listed: &Value, id: &str| {
        let keys = listed["list"].as_array().unwrap().iter();
        keys.clone().find(|key| key["id"] == id).map(|key| key["state"].clone())
    };
    assert_eq!(state(&listed, &first), Some(json!("active")));

    let turned = run(&["keys", "rotate", "--algorithm", "RS256"]).json();
    let waiting = turned["list"].as_array().unwrap().iter().find(|key| key["state"] == "next");
    let next = waiting.unwrap()["id"].as_str().unwrap().to_owned();
    assert!(published().await.contains(&next), "published before it signs");
    assert!(lives(&old).await);

    let revoked = run(&["keys", "revoke", &first]).json();
    assert_eq!((&revoked["successor"], &revoked["grants_ended"]), (&json!(next), &Value::Null));
    assert!(revoked["notice"].as_str().unwrap().contains("300 seconds"), "{revoked}");
    assert!(!lives(&old).await, "what it signed is refused");
    let after = published().await;
    assert!(!after.contains(&first) && after[0] == next, "{after:?}");
    let new = tokens().await;
    assert!(lives(&new).await);

    // A key that signs nothing yet, and with it every grant of the pool.
    let turned = run(&["keys", "rotate", "--soon", "--algorithm", "ES256"]).json();
    let waiting = turned["list"].as_array().unwrap().iter().find(|key| key["state"] == "next");
    let waiting = waiting.unwrap()["id"].as_str().unwrap();
    let revoked = run(&["keys", "revoke", waiting, "--end-grants"]).json();
    assert_eq!(revoked["successor"], Value::Null);
    assert!(revoked["grants_ended"].as_u64().unwrap() >= 1, "{revoked}");
    assert!(!lives(&new).await, "its grant is over");
    assert!(lives(&tokens().await).await);
}

async fn without_a_server_the_database_is_opened(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let data = folder.path().join("data");
    let run = |words: &[&str], input: &str| keystead(words, &data, &database, input);
    if engine == Engine::Sqlite {
        let said = run(&["pool", "list"], "");
        assert!(said.refusal().contains("There is no Keystead database"), "{}", said.err);
        assert!(!data.exists(), "a command makes no data folder");
    }
    let server = Process::start(&data, &database);
    // Killed, so that its socket stays behind.
    server.kill();
    assert!(data.join("keystead.sock").exists());

    let together: Vec<Said> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..4)
            .map(|n| {
                let name = format!("together{n}");
                scope.spawn(move || {
                    run(&["user", "create", "--no-password", "--username", &name], "")
                })
            })
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    together.iter().for_each(|said| drop(said.json()));
    let listed = run(&["user", "list", "--keyword", "together"], "").json();
    assert_eq!(listed["total"], 4, "{listed}");

    let server = Process::start(&data, &database);
    let keyword = ListUsers { keywords: Some("together".into()), ..ListUsers::default() };
    assert_eq!(server.keys().admin().list_users(&keyword).await.unwrap().total_count, 4);
}

async fn what_does_not_fit_is_refused_and_changes_nothing(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let data = folder.path().join("data");
    let _server = Process::start(&data, &database);
    let run = |words: &[&str]| keystead(words, &data, &database, PASSWORD);
    for (words, part) in [
        (&["pool", "show", "nowhere"][..], "No user pool"),
        (&["pool", "set", "main", "ip_tries=0"], "settings.ip_tries"),
        (&["pool", "set", "main", "ip_trys=1"], "settings.ip_trys"),
        (&["pool", "set", "main", "code_life_s=60", "password_grant=true"], "password_grant"),
        (&["pool", "create", "Bad Code"], "code"),
        (&["pool", "create", "main"], "code"),
        (&["app", "show", "nowhere"], "There is no such application"),
        (&["app", "create", "X", "--redirect-uri", "nowhere"], "redirect_uris[0]"),
        (&["app", "list", "--limit", "51"], "limit"),
        (&["app", "list", "--page", "0"], "page"),
        (&["user", "show", "--email", "x@nowhere.example"], "There is no such user"),
        (&["user", "create"], "No user was named"),
        (&["user", "create", "--email", "no address"], "address"),
        (&["key", "create", "--user", "nobody"], "user"),
        (&["key", "create", "--user", "000000000000000000000000"], "There is no such user"),
        (&["key", "delete", "nothing"], "access key"),
        (&["keys", "rotate", "--algorithm", "HS256"], "algorithm"),
        (&["keys", "revoke", "nothing"], "id"),
        (&["keys", "revoke", "000000000000000000000000"], "a key of this pool"),
    ] {
        let said = run(words);
        assert_eq!(said.code, 1, "{words:?}");
        assert!(said.refusal().contains(part), "{words:?}: {}", said.err);
    }
    for words in
        [&["pool", "no-such-verb"][..], &["user", "show"], &["user", "show", "a", "--email", "b"]]
    {
        assert_eq!(run(words).code, 2, "{words:?}");
    }
    let weak = keystead(&["user", "create", "--username", "x"], &data, &database, "");
    assert!(weak.refusal().contains("Nothing was given"), "{}", weak.err);
    let pool = run(&["pool", "show", "main"]).json();
    assert!(pool["settings"].get("code_life_s").is_none(), "{pool}");
    assert_eq!(run(&["pool", "list"]).json()["total"], 1);
    assert_eq!(run(&["app", "list"]).json()["total"], 1);
}

fn talk(data: &Path, line: &[u8]) -> Value {
    let mut stream = UnixStream::connect(data.join("keystead.sock")).unwrap();
    // What is too long is answered before all of it was taken.
    let _ = stream.write_all(line);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

#[test]
fn the_socket_is_bounded_and_knows_its_version() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(Engine::Sqlite));
    let server = Process::start(folder.path(), &database);
    let list = r#"{"pool": {"list": {"page": 1, "limit": 50}}}"#;
    let good = format!("{{\"v\": 1, \"call\": {list}}}\n");
    assert_eq!(talk(folder.path(), good.as_bytes())["done"]["total"], 1);
    let other = format!("{{\"v\": 2, \"call\": {list}, \"more\": true}}\n");
    for (line, code) in [
        (other.as_str(), "control.version"),
        ("{\"v\": 1, \"call\": {\"pool\": {\"burn\": {}}}}\n", "control.malformed"),
        ("{\"v\": 1, \"secret\": 5}\n", "control.malformed"),
        ("nonsense\n", "control.malformed"),
        ("", "body.too_large"),
    ] {
        assert_eq!(talk(folder.path(), line.as_bytes())["refused"]["code"], code, "{line}");
    }
    let long = format!("{{\"v\": 1, \"call\": \"{}\"}}\n", "x".repeat(2 << 20));
    let said = talk(folder.path(), long.as_bytes());
    assert!(said.is_null() || said["refused"]["code"] == "body.too_large", "{said}");
    // Whoever is silent keeps nobody waiting.
    let silent: Vec<_> =
        (0..7).map(|_| UnixStream::connect(folder.path().join("keystead.sock")).unwrap()).collect();
    assert_eq!(talk(folder.path(), good.as_bytes())["done"]["total"], 1);
    drop((silent, server));
}
