//! Seed files: what they make, twice, and what a start says of mistakes in them.

use crate::database::{Database, Engine};
use crate::on_both;
use crate::server::{OTHER, Options, Running, other_seed};
use keystead_authing::v3::signin::{PasswordPayload, SignInByCredentials};
use std::path::Path;

on_both!(a_seed_is_applied_once_and_mends_what_differs, without_dev_there_is_a_setup_link);

fn options(folder: &Path, database: &Database, dev: bool, seed: &str) -> Options {
    let file = folder.join("seed.toml");
    std::fs::write(&file, seed).unwrap();
    let variables = database.variables();
    Options { dev, seed: Some(file), data: folder.join("data"), variables }
}

async fn a_seed_is_applied_once_and_mends_what_differs(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let start = |seed: &str| Running::start(options(folder.path(), &database, true, seed));
    let first = start(&other_seed()).unwrap();
    for made in ["made pool other", "made application", "made user bob@", "made access key"] {
        assert!(first.greeting.contains(made), "{made}: {}", first.greeting);
    }
    assert!(
        !first.greeting.contains(OTHER.app_secret) && !first.greeting.contains(OTHER.user_password)
    );
    let before = first.dev.clone();
    drop(first);

    let second = start(&other_seed()).unwrap();
    assert!(second.greeting.contains("seed.toml: nothing to change"), "{}", second.greeting);
    for key in [
        "user_pool_id",
        "user_pool_secret",
        "access_key_secret",
        "app_id",
        "user_id",
        "user_password",
    ] {
        assert_eq!(second.dev[key], before[key], "{key}");
    }
    drop(second);

    let changed = other_seed().replace(OTHER.user_password, "another password of bob");
    let third = start(&changed).unwrap();
    let lines: Vec<_> = third.greeting.lines().filter(|l| l.contains("seed.toml")).collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("changed the password of user bob@other.example"), "{lines:?}");
    let keys = crate::actors::Keys {
        app_id: OTHER.app_id.into(),
        app_secret: OTHER.app_secret.into(),
        ..crate::actors::Keys::of_dev(&third.dev)
    };
    for (password, right) in [(OTHER.user_password, false), ("another password of bob", true)] {
        let payload = PasswordPayload {
            password: password.into(),
            email: Some(OTHER.user_email.into()),
            ..PasswordPayload::default()
        };
        let answer = keys.anonymous().call(&SignInByCredentials::password(payload)).await;
        assert_eq!(answer.is_ok(), right, "{password}");
    }
    drop(third);

    let wrong = other_seed() + "\n[[users]]\nemial = \"x@y.example\"\n";
    let said = start(&wrong).err().unwrap();
    assert!(said.contains("`users.emial`") && said.contains("`users.email`"), "{said}");
    let wrong = other_seed() + "\n[[users]]\nemail = \"not an address\"\n";
    let line = wrong.lines().count();
    let said = start(&wrong).err().unwrap();
    assert!(said.contains(&format!("seed.toml:{line}: ")), "{said}");
    // What was refused changed nothing: the password of the third start still stands.
    let last = start(&other_seed()).unwrap();
    assert!(last.greeting.contains("changed the password of user bob"), "{}", last.greeting);
}

async fn without_dev_there_is_a_setup_link(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let start =
        |seed: &str| Running::start(options(folder.path(), &database, false, seed)).unwrap();
    let first = start("");
    let link = first.greeting.split_whitespace().find(|word| word.contains("/setup/")).unwrap();
    let page = crate::raw::Raw::get(link).header("accept-language", "en").send().await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("<form"), "{}", page.text());
    for path in ["/dev/clock", "/dev/outbox", "/dev/callback"] {
        let url = link.split("/setup/").next().unwrap().to_owned() + path;
        assert_eq!(crate::raw::Raw::get(&url).send().await.status, 404, "{path}");
    }
    assert!(first.dev.is_null(), "no dev.json without --dev");
    drop(first);
    let administrator = "[[users]]\nemail = \"boss@a.example\"\nadministrator = true\n";
    let second = start(administrator);
    assert!(
        second.greeting.contains("made user boss@a.example an administrator"),
        "{}",
        second.greeting
    );
    assert!(!second.greeting.contains("/setup/"), "{}", second.greeting);
    drop(second);
    assert!(start(administrator).greeting.contains("nothing to change"));
}
