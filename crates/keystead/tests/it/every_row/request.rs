//! Requests made from the description of a row: each of its fields, with what else it needs.

use crate::raw::{Answer, Raw};
use crate::server::TestServer;
use serde_json::{Map, Value, json};
use std::fmt;
use std::sync::LazyLock;

static DOCUMENT: LazyLock<Value> = LazyLock::new(keystead_authing::openapi::document);

/// What the development pool has for the fields that are not under attack.
pub struct Fixtures {
    pub user_id: String,
    pub role: String,
    pub access_key_id: String,
    pub access_token: String,
}

/// A row: where it is and what it takes.
pub struct Operation {
    path: &'static str,
    is_get: bool,
    caller: &'static str,
    request: Value,
}

/// Every row of V3: those that read first, those that end something last.
pub fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let scheme = operation["security"][0].as_object();
            let caller = scheme.and_then(|scheme| scheme.keys().next()).map_or("", String::as_str);
            let request = request_of(operation);
            all.push(Operation { path, is_get: method == "get", caller, request });
        }
    }
    assert!(all.len() > 80, "{} rows", all.len());
    all.sort_by_key(|operation| match operation.name() {
        name if name.contains("delete") || name.contains("resign") => 3,
        "update-role" => 2,
        _ => u8::from(!operation.reads()),
    });
    all
}

/// The schema of a request, of a query too.
fn request_of(operation: &Value) -> Value {
    let Some(parameters) = operation["parameters"].as_array() else {
        return operation["requestBody"]["content"]["application/json"]["schema"].clone();
    };
    let name = |one: &Value| one["name"].as_str().unwrap().to_owned();
    let required = parameters.iter().filter(|one| one["required"] == true).map(name);
    let fields = parameters.iter().map(|one| (name(one), one["schema"].clone()));
    json!({"required": required.collect::<Vec<_>>(),
        "properties": fields.collect::<Map<String, Value>>()})
}

/// A field of a request: the way to it, the members of a list as `[]`.
#[derive(Clone)]
pub struct Leaf(Vec<String>);

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

impl Leaf {
    /// The name of the field.
    pub fn name(&self) -> &str {
        self.0.iter().rfind(|part| *part != "[]").map_or("", String::as_str)
    }

    /// Whether its value says which thing is meant.
    pub fn names_something(&self) -> bool {
        let texts = ["passCode", "PassCode", "captchaCode", "CountryCode", "postalCode"];
        let names = ["Id", "Ids", "dentifier", "code", "Code", "codeList", "namespace"];
        !texts.iter().any(|text| self.name().contains(text))
            && names.iter().any(|name| self.name().ends_with(name))
    }
}

impl Operation {
    pub fn name(&self) -> &'static str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it changes nothing.
    pub fn reads(&self) -> bool {
        let starts = ["get-", "list-", "check-", "is-"];
        starts.iter().any(|start| self.name().starts_with(start))
    }

    /// Its fields, each the deepest.
    pub fn leaves(&self) -> Vec<Leaf> {
        let mut found = Vec::new();
        walk(&self.request, &mut Vec::new(), &mut found);
        found
    }

    /// The lists of its body, each by the way to its members.
    pub fn lists(&self) -> Vec<Leaf> {
        let mut found: Vec<Leaf> = Vec::new();
        for Leaf(way) in self.leaves().into_iter().filter(|_| !self.is_get) {
            if let Some(at) = way.iter().position(|part| part == "[]") {
                let way = Leaf(way[..=at].to_vec());
                if found.iter().all(|known| known.0 != way.0) {
                    found.push(way);
                }
            }
        }
        found
    }

    /// Sends it with what it needs and this value in this field.
    pub async fn send(
        &self,
        server: &TestServer,
        fixtures: &Fixtures,
        leaf: &Leaf,
        value: &Value,
    ) -> Answer {
        let body = filled(&self.request, fixtures, &leaf.0, &mut |_| value.clone());
        self.request(server, fixtures, body).send().await
    }

    /// The requests that fill one list of the body: up to its limit, and far beyond it.
    pub fn floods(&self, server: &TestServer, fixtures: &Fixtures, list: &Leaf) -> (Raw, Raw) {
        let mut member = String::new();
        let body = filled(&self.request, fixtures, &list.0, &mut |sample| {
            member = sample.to_string();
            json!("<here>")
        });
        let body = |bytes: usize| {
            let members = vec![member.as_str(); bytes / (member.len() + 1)].join(",");
            body.to_string().replace("\"<here>\"", &members)
        };
        let url = format!("{}{}", server.url(), self.path);
        let within = Raw::post(&url, body(200_000)).header("x-authing-lang", "en-US");
        (self.with_caller(within, server, fixtures), Raw::post(&url, body(10_000_000)))
    }

    fn request(&self, server: &TestServer, fixtures: &Fixtures, mut body: Value) -> Raw {
        if self.name() == "signin" {
            body["client_secret"] = json!(server.dev("app_secret"));
        }
        let url = format!("{}{}", server.url(), self.path);
        let request = if self.is_get {
            Raw::get(&format!("{url}?{}", query(&body)))
        } else {
            Raw::post(&url, body.to_string())
        };
        self.with_caller(request.header("x-authing-lang", "en-US"), server, fixtures)
    }

    fn with_caller(&self, request: Raw, server: &TestServer, fixtures: &Fixtures) -> Raw {
        match self.caller {
            "accessKey" => request.signed(&server.keys()),
            "accessToken" => {
                request.header("authorization", &format!("Bearer {}", fixtures.access_token))
            }
            _ => request.header("x-authing-app-id", server.dev("app_id")),
        }
    }
}

/// The fields of an object as a query; what is no text goes as JSON, a list member by member.
fn query(body: &Value) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in body.as_object().into_iter().flatten() {
        let members = match value {
            Value::Array(members) => members.clone(),
            one => vec![one.clone()],
        };
        for member in members {
            let text = member.as_str().map_or_else(|| member.to_string(), str::to_owned);
            pairs.append_pair(name, &text);
        }
    }
    pairs.finish()
}

/// The schema itself: no reference, and without the null of what may be left out.
fn resolved(schema: &Value) -> &Value {
    let choice = |key: &str| schema[key].as_array().and_then(|all| all.first());
    if let Some(text) = schema["$ref"].as_str() {
        resolved(DOCUMENT.pointer(text.trim_start_matches('#')).unwrap())
    } else if let Some(first) = choice("anyOf").or_else(|| choice("allOf")) {
        resolved(first)
    } else {
        schema
    }
}

fn walk(schema: &Value, way: &mut Vec<String>, found: &mut Vec<Leaf>) {
    let schema = resolved(schema);
    let mut inner: Vec<(String, &Value)> = Vec::new();
    if let Some(fields) = schema["properties"].as_object() {
        inner.extend(fields.iter().map(|(name, schema)| (name.clone(), schema)));
    } else if schema["items"].is_object() {
        inner.push(("[]".to_owned(), &schema["items"]));
    }
    if inner.is_empty() && !way.is_empty() {
        found.push(Leaf(way.clone()));
    }
    for (part, schema) in inner {
        way.push(part);
        walk(schema, way, found);
        way.pop();
    }
}

/// A value of this schema: what must be there, and the way to one field with a value of its own,
/// which may be made from the one it would have.
fn filled(
    schema: &Value,
    fixtures: &Fixtures,
    way: &[String],
    own: &mut dyn FnMut(Value) -> Value,
) -> Value {
    fill(schema, ("", fixtures), Some(way), own)
}

fn fill(
    schema: &Value,
    (name, fixtures): (&str, &Fixtures),
    way: Option<&[String]>,
    own: &mut dyn FnMut(Value) -> Value,
) -> Value {
    let schema = resolved(schema);
    if let Some([]) = way {
        let sample = fill(schema, (name, fixtures), None, own);
        return own(sample);
    }
    let next = way.and_then(<[String]>::split_first);
    if let Some(fields) = schema["properties"].as_object() {
        let required = schema["required"].as_array();
        let mut made = Map::new();
        for (field, schema) in fields {
            let on_way = next.filter(|(part, _)| *part == field).map(|(_, rest)| rest);
            let is_needed = required.is_some_and(|all| all.iter().any(|one| one == field));
            if on_way.is_some() || is_needed {
                made.insert(field.clone(), fill(schema, (field, fixtures), on_way, own));
            }
        }
        return Value::Object(made);
    }
    if schema["items"].is_object() {
        let rest = next.map(|(_, rest)| rest);
        return json!([fill(&schema["items"], (name, fixtures), rest, own)]);
    }
    if let Some(word) = schema["oneOf"][0]["const"].as_str().or(schema["enum"][0].as_str()) {
        return json!(word);
    }
    match schema["type"].as_str() {
        Some("integer") => json!(1),
        Some("boolean") => json!(false),
        Some("object") => json!({}),
        _ => json!(known(name, fixtures)),
    }
}

/// A text that is right for a field of this name.
fn known<'f>(name: &str, fixtures: &'f Fixtures) -> &'f str {
    match name {
        "userId" | "userIds" | "targetIdentifier" => &fixtures.user_id,
        "accessKeyId" => &fixtures.access_key_id,
        "code" | "codeList" | "roleCode" => &fixtures.role,
        "type" => "userpool",
        "email" => "fresh@rows.example",
        "username" => "fresh",
        _ => "1",
    }
}
