//! The vectors of the wire contract, and what a verifier must and must not accept.

use super::*;

const HEADERS: [(&str, &str); 9] = [
    ("Date", "Tue, 01 Jul 2025 00:00:00 GMT"),
    ("X-Authing-Lang", "zh-CN"),
    ("x-authing-sdk-version", "authing-node-sdk:4.0.1"),
    ("x-authing-signature-method", "HMAC-SHA1"),
    ("x-authing-signature-nonce", " 0123456789abcdef0123456789abcdef\t"),
    ("x-authing-signature-version", "1.0"),
    ("content-type", "application/json"),
    ("accept", "application/json"),
    ("user-agent", "axios"),
];

fn request<'a>(method: &'a str, path: &'a str, query: &'a str, body: &'a str) -> Request<'a> {
    Request { method, path, query, body: body.as_bytes() }
}

fn texts(request: &Request<'_>) -> Vec<String> {
    candidates(request, HEADERS).unwrap()
}

fn by_hand(method: &str, resource: &str) -> String {
    signature("SK", &string_to_sign(method, HEADERS, resource))
}

#[test]
fn the_six_vectors_of_the_contract() {
    let vectors = [
        (
            request(
                "GET",
                "/api/v3/get-user",
                "userId=u1&userIdType=user_id&withCustomData=false",
                "",
            ),
            "UCMtte22Q0uyzEKzi90F6PjkTZg=",
        ),
        (
            request(
                "POST",
                "/api/v3/list-users",
                "",
                r#"{"options":{"pagination":{"page":1,"limit":10}},"keywords":"中 文"}"#,
            ),
            "ZXRQKNnvmUYxvEtgDX3GQNan2j4=",
        ),
        (request("GET", "/api/v3/list-ext-idp", "", ""), "xBUwSwL0lHorEJVWXhGDrWtb2es="),
        (
            request("GET", "/api/v3/get-user-batch", "userIds[]=a&userIds[]=b", ""),
            "wt5YWOfl2uYIrNbm69CVhQ+vQ2Y=",
        ),
        (
            request("POST", "/api/v3/generate-universal-invitation-link", "", ""),
            "TCOky14/1t4HRrRdddQxjRwR3PM=",
        ),
    ];
    for (request, expected) in vectors {
        let texts = texts(&request);
        assert!(verify("SK", &texts, expected), "{} {texts:?}", request.path);
        assert!(!verify("sk", &texts, expected), "another secret");
    }
    assert_eq!(signature("SK", WEBSOCKET), "zZwj0JJ1+QXFdfL4VWfx1nlSm2M=");
}

#[test]
fn a_signer_signs_the_first_text() {
    let request = request("GET", "/api/v3/get-user-batch", "userIds%5B%5D=a&userIds%5B%5D=b", "");
    assert_eq!(signature("SK", &texts(&request)[0]), "wt5YWOfl2uYIrNbm69CVhQ+vQ2Y=");
}

#[test]
fn quirks_are_accepted() {
    let deep = format!("{{\"a\":{}}}", "[".repeat(50_000) + &"]".repeat(50_000));
    let deep_resource = format!("/p?a={}", &deep[5..deep.len() - 1]);
    let cases = [
        (request("GET", "/p", "k[]=a", ""), "GET", r#"/p?k=["a"]"#),
        (request("GET", "/p", "k=a&k=b", ""), "GET", r#"/p?k=["a","b"]"#),
        (request("GET", "/p", "k[]=a+%22\"b&b=1", ""), "GET", r#"/p?b=1&k=["a \"\"b"]"#),
        (request("GET", "/p", "a=1", ""), "get", "/p"),
        (request("POST", "/p", "", r#"{"a":1}"#), "post", "/p?a=1"),
        (request("DELETE", "/p", "", ""), "delete", "/p"),
        (request("GET", "/p", "", ""), "GET", "/p"),
        (request("GET", "/p", "", ""), "GET", "/p?"),
        (
            request("GET", "/api/v3/get-user-batch", "withCustomData=true", ""),
            "GET",
            "/api/v3/get-user-batch?userIds=[]&withCustomData=true",
        ),
        (
            request("GET", "/api/v3/get-namespaces-batch", "", ""),
            "GET",
            "/api/v3/get-namespaces-batch?codeList=[]",
        ),
        (request("POST", "/p", "", "{}"), "POST", "/p?"),
        (request("POST", "/p", "", "{}"), "POST", "/p"),
        (request("POST", "/p", "private=true", r#"{"a":1.50}"#), "POST", "/p?a=1.50"),
        (
            request("POST", "/p", "", r#"{"n":null,"b":true,"s":"\u4e2d\n"}"#),
            "POST",
            "/p?b=true&n=null&s=中\n",
        ),
        (request("DELETE", "/p", "ids[]=1", r#"{"ids":["1"]}"#), "DELETE", r#"/p?ids=["1"]"#),
        (request("DELETE", "/x/%7BcredentialID%7D", "", ""), "DELETE", "/x/{credentialID}"),
        // UTF-16 puts a surrogate pair before U+FF5E; UTF-8 would put it behind.
        (request("POST", "/p", "", r#"{"～":1,"😀":2}"#), "POST", "/p?😀=2&～=1"),
        (request("POST", "/p", "", &deep), "POST", &deep_resource),
    ];
    for (request, method, resource) in cases {
        assert!(verify("SK", &texts(&request), &by_hand(method, resource)), "{resource:.60}");
    }
}

#[test]
fn other_requests_are_not() {
    let cases = [
        (request("GET", "/p", "a=1", ""), "GET", "/p"),
        (request("GET", "/p", "a=1", ""), "GET", "/p?"),
        (request("GET", "/p", "a=1", ""), "GET", "/p?a=2"),
        (request("GET", "/p", "a=1", ""), "GET", "/p?a=1&userIds=[]"),
        (request("GET", "/p", "a=1", ""), "POST", "/p?a=1"),
        (request("POST", "/p", "", r#"{"a":1}"#), "POST", "/p"),
        (request("POST", "/p", "", r#"{"a":1,"b":2}"#), "POST", "/p?a=1"),
        (request("POST", "/p", "", r#"{"a":1}"#), "get", "/p"),
        (request("POST", "/p", "", r#"{"a":1}"#), "post", "/p"),
        (request("POST", "/p", "a=1", "{}"), "POST", "/p?a=1"),
    ];
    for (request, method, resource) in cases {
        assert!(!verify("SK", &texts(&request), &by_hand(method, resource)), "{resource}");
    }
    let good = texts(&request("GET", "/p", "", ""));
    for bad in ["", "=", "not base64!", "AAAA", "zZwj0JJ1+QXFdfL4VWfx1nlSm2M="] {
        assert!(!verify("SK", &good, bad), "{bad}");
    }
}

#[test]
fn every_signed_header_counts() {
    let plain = request("GET", "/p", "", "");
    let signed = by_hand("GET", "/p");
    let added: Vec<_> = HEADERS.into_iter().chain([("x-authing-app-id", "tenant")]).collect();
    assert!(!verify("SK", &candidates(&plain, added).unwrap(), &signed));
    let dated: Vec<_> = HEADERS.into_iter().skip(1).collect();
    assert!(!verify("SK", &candidates(&plain, dated).unwrap(), &signed));
}

#[test]
fn what_cannot_be_read_has_no_candidates() {
    for request in [
        request("GET", "/p", "a=%FF", ""),
        request("POST", "/p", "", "[1]"),
        request("POST", "/p", "", "{"),
        request("POST", "/p", "", r#"{"a":"\ud800"}"#),
    ] {
        assert!(candidates(&request, HEADERS).is_err(), "{request:?}");
    }
}

#[test]
fn the_header_is_read_and_written() {
    let header = "authing AK:c2ln=";
    let read = Authorization::parse(header).unwrap();
    assert_eq!((read.access_key_id, read.signature), ("AK", "c2ln="));
    assert_eq!(read.header(), header);
    for other in ["", "authing", "authing AK", "authing :x", "authing AK:", "Bearer a:b", "AK:x"] {
        assert_eq!(Authorization::parse(other), None, "{other}");
    }
}
