//! Tables of good and bad requests.

use super::*;
use crate::row::{Answer, Caller, Repeat};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Search {
    name: String,
    page: Option<u32>,
    ratio: Option<f64>,
    exact: Option<bool>,
    #[serde(default)]
    tags: Vec<String>,
    order: Option<Order>,
    options: Option<Options>,
    #[serde(default)]
    free: Value,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Order {
    Asc,
    Desc,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    page_size: i64,
    sort: Vec<Sort>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Sort {
    field: String,
    order: Order,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(transparent)]
struct Again(Search);

const ROW: EndpointRow = EndpointRow {
    name: "search",
    method: "POST",
    paths: &["/search"],
    caller: Caller::Open,
    permission: "",
    body: Body::Json,
    answer: Answer::Bare,
    repeat: Repeat::Once,
    area: "test",
    doc: "",
};

impl Endpoint for Search {
    type Response = ();
    const ROW: &'static EndpointRow = &ROW;
}

impl Endpoint for Again {
    type Response = ();
    const ROW: &'static EndpointRow = &ROW;
}

fn from(body: Body, query: &str, bytes: &[u8]) -> Result<Search, DecodeError> {
    decode(&EndpointRow { body, ..ROW }, &Input { path: &[], query, body: bytes })
}

fn json(text: &str) -> Result<Search, DecodeError> {
    from(Body::Json, "", text.as_bytes())
}

fn query(text: &str) -> Result<Search, DecodeError> {
    from(Body::Query, text, b"")
}

fn told(result: Result<Search, DecodeError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn json_is_decoded_and_unknown_fields_are_ignored() {
    let search = json(
        r#" {"name":"中 \u0041","page":3,"ratio":2,"exact":true,"tags":["a"],"order":"desc",
        "options":{"pageSize":5,"sort":[{"field":"f","order":"asc"}],"x":null},
        "free":[1,{"a":-1.5}],
        "unknown":{"deep":[1]}} "#,
    )
    .unwrap();
    assert_eq!(search.name, "中 A");
    assert_eq!((search.page, search.ratio, search.exact), (Some(3), Some(2.0), Some(true)));
    assert_eq!((search.tags, search.order), (vec!["a".to_owned()], Some(Order::Desc)));
    assert_eq!(search.options.unwrap().sort[0].field, "f");
    assert_eq!(search.free, json!([1, { "a": -1.5 }]));
}

#[test]
fn null_of_an_optional_is_none_and_the_last_of_repeated_keys_counts() {
    let search = json(r#"{"name":"a","name":"b","page":null,"order":null,"options":null}"#);
    let search = search.unwrap();
    assert_eq!((search.name.as_str(), search.page, search.order), ("b", None, None));
    let input = Input { path: &[], query: "", body: br#"{"name":"a","name":"b"}"# };
    assert_eq!(input.raw().unwrap()["name"].get(), "\"b\"");
}

#[test]
fn texts_become_what_the_field_is() {
    let expected = Search {
        name: "x y+z".into(),
        page: Some(4),
        ratio: Some(0.5),
        exact: Some(false),
        tags: vec!["a".into(), "b&c".into()],
        order: Some(Order::Asc),
        options: None,
        free: json!("1"),
    };
    let text =
        "name=x+y%2Bz&page=4&ratio=0.5&exact=false&tags[]=a&tags%5B%5D=b%26c&order=asc&free=1";
    assert_eq!(query(text).unwrap(), expected);
    assert_eq!(from(Body::Form, "", text.as_bytes()).unwrap(), expected);
    assert_eq!(query("name=a&tags=x").unwrap().tags, ["x"]);
    assert_eq!(query("name=a&tags=x&tags=y").unwrap().tags, ["x", "y"]);
    assert_eq!(query("name=a&tags[]=x").unwrap().tags, ["x"]);
}

#[test]
fn wrong_fields_are_named() {
    let cases = [
        ("", "name: is missing"),
        (" \n", "name: is missing"),
        ("{}", "name: is missing"),
        (r#"{"name":null}"#, "name: must be text"),
        (r#"{"name":1}"#, "name: must be text"),
        (r#"{"name":["a"]}"#, "name: must be text"),
        (r#"{"name":"a","page":"1"}"#, "page: must be a whole number in range"),
        (r#"{"name":"a","page":1.5}"#, "page: must be a whole number in range"),
        (r#"{"name":"a","page":-1}"#, "page: must be a whole number in range"),
        (r#"{"name":"a","page":1e99}"#, "page: must be a whole number in range"),
        (r#"{"name":"a","page":4294967296}"#, "page: must be a whole number in range"),
        (r#"{"name":"a","ratio":"x"}"#, "ratio: must be a number"),
        (r#"{"name":"a","exact":"true"}"#, "exact: must be true or false"),
        (r#"{"name":"a","exact":1}"#, "exact: must be true or false"),
        (r#"{"name":"a","tags":"x"}"#, "tags: must be a list"),
        (r#"{"name":"a","tags":["x",2]}"#, "tags[1]: must be text"),
        (r#"{"name":"a","order":"up"}"#, "order: must be one of asc, desc"),
        (r#"{"name":"a","order":{"asc":null}}"#, "order: must be one of asc, desc"),
        (r#"{"name":"a","order":1}"#, "order: must be one of asc, desc"),
        (r#"{"name":"a","options":[]}"#, "options: must be an object"),
        (r#"{"name":"a","options":"x"}"#, "options: must be an object"),
        (
            r#"{"name":"a","options":{"sort":[{"field":"f","order":"asc"},
                {"field":"f","order":""}]}}"#,
            "options.sort[1].order: must be one of asc, desc",
        ),
        (
            r#"{"name":"a","options":{"sort":[{"order":"asc"}]}}"#,
            "options.sort[0].field: is missing",
        ),
        (r#"{"name":"a","options":{"sort":[["f","asc"]]}}"#, "options.sort[0]: must be an object"),
    ];
    for (body, expected) in cases {
        assert_eq!(told(json(body)), expected, "{body}");
    }
}

#[test]
fn wrong_texts_are_named() {
    let cases = [
        ("", "name: is missing"),
        ("name=a&page=x", "page: must be a whole number"),
        ("name=a&page=", "page: must be a whole number"),
        ("name=a&page=-1", "page: must be a whole number"),
        ("name=a&page=4294967296", "page: must be a whole number in range"),
        ("name=a&exact=1", "exact: must be true or false"),
        ("name=a&ratio=no", "ratio: must be a number"),
        ("name=a&name=b", "name: must be a single value"),
        ("name[]=a", "name: must be a single value"),
        ("name=a&page=1&page=2", "page: must be a single value"),
        ("name=a&order=asc&order=asc", "order: must be a single value"),
        ("name=a&order=up", "order: must be one of asc, desc"),
        ("name=a&options=x", "options: must be an object"),
    ];
    for (text, expected) in cases {
        assert_eq!(told(query(text)), expected, "{text}");
        assert_eq!(told(from(Body::Form, "", text.as_bytes())), expected, "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_malformed_and_not_quoted() {
    let deep = format!("{{\"name\":{}", "[".repeat(100_000));
    let deep_closed = format!("{{\"x\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let bodies: [&[u8]; 12] = [
        b"[]",
        b"null",
        b"\"secret\"",
        b"{",
        b"{\"name\":\"secret",
        b"{\"name\":secret}",
        b"{\"name\":\"a\"} {}",
        b"{\"name\":\"\xFF\"}",
        b"{\"name\":\"\\ud800\"}",
        b"\xEF\xBB\xBF{}",
        deep.as_bytes(),
        deep_closed.as_bytes(),
    ];
    for body in bodies {
        let shown = String::from_utf8_lossy(&body[..body.len().min(20)]).into_owned();
        let error = from(Body::Json, "", body).unwrap_err();
        assert!(matches!(error.kind, DecodeKind::Malformed { .. }), "{shown}: {error:?}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    for text in ["name=%FF", "%C3=a"] {
        assert!(matches!(query(text).unwrap_err().kind, DecodeKind::Malformed { .. }), "{text}");
    }
    let form = from(Body::Form, "", b"name=\xFF").unwrap_err();
    assert!(matches!(form.kind, DecodeKind::Malformed { .. }));
}

#[test]
fn path_parameters_win_and_are_typed() {
    let row = EndpointRow { body: Body::Json, ..ROW };
    let path = [("name", "from path"), ("page", "7")];
    let input = Input { path: &path, query: "", body: br#"{"name":"from body","tags":["t"]}"# };
    let search: Search = decode(&row, &input).unwrap();
    assert_eq!((search.name.as_str(), search.page), ("from path", Some(7)));
    assert_eq!(search.tags, ["t"]);

    let none = EndpointRow { body: Body::None, ..ROW };
    let search: Search = decode(&none, &input).unwrap();
    assert_eq!((search.name.as_str(), search.tags.len()), ("from path", 0));
    let bad = Input { path: &[("name", "a"), ("page", "x")], query: "", body: b"" };
    assert_eq!(told(decode(&none, &bad)), "page: must be a whole number");
}

#[test]
fn newtypes_are_transparent() {
    let input = Input { path: &[], query: "", body: br#"{"name":"a","page":true}"# };
    let error = decode::<Again>(&ROW, &input).unwrap_err();
    assert_eq!(error.field.as_deref(), Some("page"));
    let input = Input { body: br#"{"name":"a"}"#, ..input };
    assert_eq!(decode::<Again>(&ROW, &input).unwrap().0.name, "a");
}

#[test]
fn raw_values_are_slices_of_the_body() {
    let raw = |body: &'static [u8]| Input { path: &[], query: "", body }.raw();
    let map = raw(br#"{"b": {"x" : 1.0}, "a":"\u0041", "c":null}"#).unwrap();
    let all: Vec<_> = map.iter().map(|(k, v)| (k.as_str(), v.get())).collect();
    assert_eq!(all, [("a", r#""\u0041""#), ("b", r#"{"x" : 1.0}"#), ("c", "null")]);
    assert!(raw(b"").unwrap().is_empty());
    assert!(raw(b"[1]").is_err() && raw(b"{\"a\"}").is_err() && raw(b"\xFF").is_err());
}
