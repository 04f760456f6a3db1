//! Tests of reading seeds and of the places that refusals name.

use super::*;

const TOML: &str = r#"
[settings]
ip_tries = 7

[[users]]
email = "a@b.example"
administrator = true

[[pools]]
code = "other"

[[applications]]
client_id = "x"
name = "X"
token_auth = "none"
redirect_uris = ["https://a.example/cb"]
settings = { require_pkce = true }
"#;

const JSON: &str = r#"{
  "settings": {"ip_tries": 7},
  "users": [{"email": "a@b.example", "administrator": true}],
  "pools": [{"code": "other"}],
  "applications": [
    {"client_id": "x", "name": "X", "token_auth": "none",
     "redirect_uris": ["https://a.example/cb"], "settings": {"require_pkce": true}}
  ]
}"#;

#[test]
fn both_forms_say_the_same() {
    let shown = |name: &str, text: &str| {
        let file = SeedFile::parse(Path::new(name), text).unwrap();
        format!("{:?}", file.steps.iter().map(|step| &step.seed).collect::<Vec<_>>())
    };
    assert_eq!(shown("s.toml", TOML), shown("s.json", JSON));
    let file = SeedFile::parse(Path::new("s.toml"), TOML).unwrap();
    let lines: Vec<usize> = file.steps.iter().map(|step| step.line).collect();
    assert_eq!(lines, [9, 2, 12, 5], "pools, settings, applications, users");
    assert!(SeedFile::parse(Path::new("s.toml"), "").unwrap().steps.is_empty());
}

#[test]
fn the_pool_that_must_be_first_is() {
    let text =
        "[[pools]]\ncode = \"other\"\n[[pools]]\ncode = \"main\"\n[pools.settings]\nip_tries = 3";
    let mut file = SeedFile::parse(Path::new("s.toml"), text).unwrap();
    assert!(!file.pool_first("third") && file.pool_first("main"));
    assert_eq!(file.steps[0].seed.pools[0].code, "main");
    assert!(file.settings_of("main").any(|document| document.contains_key("ip_tries")));
    assert!(file.settings_of("other").all(|document| document.is_empty()));
}

fn refusal(name: &str, text: &str) -> String {
    SeedFile::parse(Path::new(name), text).unwrap_err().to_string()
}

#[test]
fn what_is_wrong_is_located() {
    for (text, parts) in [
        ("\n[[user]]\nemail = \"x\"", &["s.toml:2", "`user`", "`users`"][..]),
        ("[[users]]\n\nemial = \"x\"", &["s.toml:3", "`users.emial`", "`users.email`"]),
        ("[settings]\niptries = 1", &["s.toml:2", "`settings.iptries`", "`settings.ip_tries`"]),
        ("[settings]\nip_tries = 0", &["s.toml:2", "`settings.ip_tries` must be from 1 to"]),
        ("[settings]\nrefresh_rotation = false", &["s.toml:2", "cannot be set here"]),
        ("[settings]\nip_tries = \"x\"", &["s.toml:2", "`settings.ip_tries` does not fit"]),
        ("[[users]]\npassword = 12345", &["s.toml:2", "`users.password` must be a text"]),
        ("[[users]]\nid = \"abc\"", &["s.toml:2", "`users.id` must be 24 hexadecimal"]),
        ("[[users]]\nadministrator = 1", &["s.toml:2", "must be true or false"]),
        (
            "\n[[applications]]\nname = \"x\"",
            &["s.toml:2", "`applications.client_id` must be given"],
        ),
        ("[users]\nemail = \"x\"", &["s.toml:1", "`users` must be a list of tables"]),
        ("users = [1]", &["s.toml:1", "`users` must be a table"]),
        ("users = ", &["s.toml:1", "cannot be read"]),
        ("[[users]]\nemail = \"x\"\nemail = \"y\"", &["s.toml:3", "cannot be read"]),
    ] {
        let said = refusal("s.toml", text);
        assert!(parts.iter().all(|part| said.contains(part)), "{text:?}: {said}");
        assert!(!said.contains("12345") && !said.contains('\n'), "{said}");
    }
    for (text, parts) in [
        ("{\n\"users\": [\n{\"emial\": \"x\"}]}", &["s.json:3", "`users.emial`", "email"][..]),
        ("{\"settings\": {\n\"ip_tries\": 0}}", &["s.json:2", "must be from"]),
        ("{\"users\": [\n{\"email\": \"x\", \n\"email\": \"y\"}]}", &["s.json:3", "stands twice"]),
        ("{\n\"users\": [}", &["s.json:2", "cannot be read"]),
        ("[]", &["s.json:1", "the file", "must be a table"]),
    ] {
        let said = refusal("s.json", text);
        assert!(parts.iter().all(|part| said.contains(part)), "{text:?}: {said}");
    }
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    assert!(refusal("s.json", &deep).contains("s.json:1"));
    assert!(refusal("s.yaml", "").contains(".toml or .json"));
}
