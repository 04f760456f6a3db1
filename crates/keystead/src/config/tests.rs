//! Tests of reading, locating, checking and dumping settings.

use super::*;

fn vars(pairs: &[(&str, &str)]) -> Vars {
    Vars::from_pairs(pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())))
}

/// Reads a file of this text under these variables.
fn load_text(text: &str, pairs: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keystead.toml");
    std::fs::write(&file, text).unwrap();
    load(&Inputs { overrides: &[], vars: &vars(pairs), file: Some(&file) })
}

fn refusal(text: &str, pairs: &[(&str, &str)], dev: bool) -> String {
    load_text(text, pairs).and_then(|loaded| check(&loaded, dev)).unwrap_err().to_string()
}

const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

#[test]
fn every_default_is_sound_and_every_name_unique() {
    let loaded = load_text("", &[]).unwrap();
    check(&loaded, true).unwrap();
    check(&loaded, false).unwrap();
    assert_eq!(loaded.settings.http_port, 8080);
    assert_eq!(loaded.settings.limits_body_max_bytes, 1 << 20);
    let names: std::collections::BTreeSet<_> = ROWS.iter().map(Row::variable).collect();
    assert_eq!(names.len(), ROWS.len());
    assert!(ROWS.iter().all(|row| !row.doc.trim().is_empty()));
}

#[test]
fn command_line_goes_before_environment_before_file_before_default() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("k.toml");
    std::fs::write(&file, "data = \"f\"\n[http]\nport = 1\nhost = \"::1\"\n").unwrap();
    let overrides = [Override { key: "http.port", option: "--http-port", text: "3".into() }];
    let vars = vars(&[("KEYSTEAD_HTTP_PORT", "2"), ("KEYSTEAD_DATA", "e"), ("PATH", "x")]);
    let loaded = load(&Inputs { overrides: &overrides, vars: &vars, file: Some(&file) }).unwrap();
    assert_eq!(loaded.settings.http_port, 3);
    assert_eq!(loaded.source("http.port"), Source::Option("--http-port"));
    assert_eq!(loaded.settings.data, PathBuf::from("e"));
    assert_eq!(loaded.source("data"), Source::Variable("KEYSTEAD_DATA".into()));
    assert_eq!(loaded.settings.http_host, "::1");
    assert_eq!(loaded.source("http.host"), Source::File { path: file, line: 4 });
    assert_eq!(loaded.source("https.port"), Source::Default);
}

#[test]
fn mistakes_in_the_file_are_located() {
    for (text, parts) in [
        ("\n[http]\nprt = 1", &["keystead.toml:3", "`http.prt`", "nearest is `http.port`"][..]),
        ("dta = \"x\"", &["keystead.toml:1", "`dta`", "nearest is `data`"]),
        ("[htp]\nport = 1", &["keystead.toml:1", "`htp`"]),
        (
            "[http.port]\nx = 1",
            &["keystead.toml:1", "`http.port` must be a whole number", "section"],
        ),
        ("http = 3", &["keystead.toml:1", "no setting is named `http`"]),
        ("[http]\nport = \"80\"", &["keystead.toml:2", "must be a whole number, not a text"]),
        ("data = 7", &["keystead.toml:1", "must be a text in quotes, not a number"]),
        ("[http]\nport = 65536", &["keystead.toml:2", "from 0 to 65535"]),
        ("[log]\nformat = \"xml\"", &["keystead.toml:2", "must be auto, text or json"]),
        ("data = \"\"", &["keystead.toml:1", "must not be empty"]),
        ("data = \"a\"\ndata = \"b\"", &["keystead.toml:2", "not TOML"]),
        ("data = ", &["keystead.toml:1", "not TOML"]),
    ] {
        let said = refusal(text, &[], false);
        assert!(parts.iter().all(|part| said.contains(part)), "{text:?}: {said}");
        assert!(!said.contains('\n'), "{said}");
    }
}

#[test]
fn rules_between_settings() {
    for (text, dev, want) in [
        ("public_url = \"http://id.example.com\"", false, "`public_url` must be https"),
        ("public_url = \"https://id.example.com/x\"", false, "must end after the host"),
        ("public_url = \"ftp://localhost\"", false, "must be an http or https address"),
        ("public_url = \"https://a:b@id.example.com\"", false, "must be an http or https address"),
        ("[http]\nhost = \"0.0.0.0\"", false, "`public_url` must be given"),
        ("[http]\nhost = \"0.0.0.0\"", true, "`http.host` must be loopback with --dev"),
        ("[https]\nhost = \"192.0.2.1\"", true, "`https.host` must be loopback with --dev"),
        ("[metrics]\nlisten = \"0.0.0.0:1\"", true, "`metrics.listen` must be loopback"),
        ("public_url = \"https://id.example.com\"", true, "`public_url` must be loopback"),
        ("[https]\nkey = \"k.pem\"", false, "needs `https.certificate`"),
        ("[https]\ncertificate = \"c.pem\"", false, "needs `https.key`"),
        ("[log]\nfilter = \"info,x=loud\"", false, "`log.filter` must be a level"),
        ("[database]\nurl = \"mysql://x\"", false, "must begin with postgres://"),
        ("[database]\nurl = \"postgres://x\"", false, "`master_key` must be given"),
    ] {
        let said = refusal(text, &[], dev);
        assert!(said.contains(want), "{text:?}: {said}");
    }
    for text in [
        "public_url = \"http://localhost:8080\"",
        "public_url = \"http://[::1]:8080/\"",
        "public_url = \"https://id.example.com\"\n[http]\nhost = \"0.0.0.0\"",
    ] {
        check(&load_text(text, &[]).unwrap(), false).unwrap();
    }
    let url = load_text("public_url = \"https://ID.example.com:443/\"", &[]).unwrap();
    assert_eq!(url.settings.public_url.unwrap().as_str(), "https://id.example.com");
}

#[test]
fn secrets_come_from_files_and_are_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    std::fs::write(&file, format!("{KEY}\r\n")).unwrap();
    let path = file.to_str().unwrap();
    let url = "postgres://u:hunter2@db/keystead";
    let pairs = [("KEYSTEAD_MASTER_KEY_FILE", path), ("KEYSTEAD_DATABASE_URL", url)];
    let loaded = load_text("", &pairs).unwrap();
    check(&loaded, false).unwrap();
    assert_eq!(loaded.settings.master_key.clone().unwrap().into_keys().len(), 1);
    for shown in [loaded.dump(), format!("{loaded:?}")] {
        assert!(!shown.contains("hunter2") && !shown.contains(KEY), "{shown}");
    }
    assert!(loaded.dump().contains("# master_key = \"[secret]\""));
    assert!(loaded.dump().contains("KEYSTEAD_MASTER_KEY_FILE"));

    let both = [("KEYSTEAD_MASTER_KEY_FILE", path), ("KEYSTEAD_MASTER_KEY", KEY)];
    assert!(refusal("", &both, false).contains("KEYSTEAD_MASTER_KEY_FILE are both set"));
    let lost = [("KEYSTEAD_MASTER_KEY_FILE", "/nowhere/key")];
    assert!(refusal("", &lost, false).contains("/nowhere/key cannot be read"));
    let wrong = refusal("", &[("KEYSTEAD_MASTER_KEY", "hunter2")], false);
    assert!(wrong.contains("`master_key` must be 32 random bytes") && !wrong.contains("hunter2"));
}

#[test]
fn master_keys_in_both_forms_and_as_a_list() {
    let base64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let keys = MasterKeyList::parse(&format!("{KEY}, {base64}")).unwrap().into_keys();
    assert_eq!(keys[0], keys[1]);
    assert_eq!(keys.len(), 2);
    for bad in ["", ",", &KEY[2..], "zz", &format!("{KEY},")] {
        assert!(MasterKeyList::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_misspelt_variable_is_said_and_a_foreign_one_is_not() {
    let pairs = [
        ("KEYSTEAD_HTTP_PROT", "1"),
        ("KEYSTEAD_SERVICE_HOST", "10.0.0.1"),
        ("KEYSTEAD_PORT_8080_TCP_ADDR", "10.0.0.1"),
    ];
    let warnings = load_text("", &pairs).unwrap().warnings;
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("KEYSTEAD_HTTP_PROT") && warnings[0].contains("HTTP_PORT."));
}

#[test]
fn a_dump_reads_back_as_the_same_settings() {
    let text = "data = 'a \"b\"'\n[http]\nport = 0x50\n[log]\nfilter = \"debug\"\n";
    let first = load_text(text, &[("KEYSTEAD_HTTP_HOST", "127.0.0.1")]).unwrap();
    let again = load_text(&first.dump(), &[]).unwrap();
    assert_eq!(format!("{:?}", first.settings), format!("{:?}", again.settings));
    assert!(first.dump().contains("host = \"127.0.0.1\" # KEYSTEAD_HTTP_HOST"), "{}", first.dump());
}
