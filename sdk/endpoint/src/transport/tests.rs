//! The client against a small server of canned answers.

use super::*;
use crate::error::Refusal;
use crate::row::{Answer, Body, Caller, Repeat};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers connection after connection with these texts; an empty one cuts the connection.
struct Canned {
    base: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Canned {
    async fn new(answers: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, answers) = (Arc::clone(&seen), answers.iter().map(|a| (*a).to_owned()));
        let answers: Vec<String> = answers.collect();
        tokio::spawn(async move {
            for answer in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut bytes = vec![0; 4096];
                let read = stream.read(&mut bytes).await.unwrap();
                log.lock().unwrap().push(String::from_utf8_lossy(&bytes[..read]).into_owned());
                stream.write_all(answer.as_bytes()).await.unwrap();
                stream.shutdown().await.unwrap();
            }
        });
        Self { base, seen }
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    fn client(&self) -> HttpClient {
        quick(&self.base).build().unwrap()
    }
}

fn quick(base: &str) -> HttpClientBuilder {
    let retry = Retry { limit: 2, first: Duration::from_millis(1), ..Retry::default() };
    HttpClient::builder(base).retry(retry).timeout(Duration::from_secs(5))
}

fn http(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n{headers}connection: close\r\n\r\n\
         {body}"
    )
}

/// An envelope whose `code` is the status, and a header that counts attempts by the clock.
struct Enveloped;

impl Dialect for Enveloped {
    fn headers(&self, call: &Outgoing<'_>) -> Result<Vec<(&'static str, String)>, SdkError> {
        Ok(vec![("x-signed", format!("{}?{}:{}", call.path, call.query, call.body.len()))])
    }

    fn unwrap(&self, _: &EndpointRow, mut reply: Reply) -> Result<Reply, SdkError> {
        let value: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let code = value["code"].as_u64().and_then(|c| u16::try_from(c).ok());
        if reply.status != 200 || code != Some(200) {
            let refusal = Refusal { status: reply.status, status_code: code, ..Refusal::default() };
            return Err(SdkError::business(refusal));
        }
        reply.body = value["data"].to_string().into_bytes();
        Ok(reply)
    }
}

macro_rules! request {
    ($name:ident $method:literal $body:ident $repeat:ident) => {
        #[derive(serde::Serialize, Deserialize)]
        struct $name {
            id: String,
        }

        impl Endpoint for $name {
            type Response = u32;
            const ROW: &'static EndpointRow = &EndpointRow {
                name: "x",
                method: $method,
                paths: &["/api/x"],
                caller: Caller::Open,
                permission: "",
                body: Body::$body,
                answer: Answer::Envelope,
                repeat: Repeat::$repeat,
                area: "test",
                doc: "",
            };
        }

        impl $name {
            fn new() -> Self {
                Self { id: "a b".into() }
            }
        }
    };
}

request!(Get "GET" Query Safe);
request!(Post "POST" Json Once);
request!(Search "POST" Json Safe);

const GOOD: &str = r#"{"code":200,"data":7}"#;

#[tokio::test]
async fn a_call_is_sent_as_its_row_says_and_unwrapped() {
    let server = Canned::new(&[&http(200, "", GOOD), &http(200, "", GOOD)]).await;
    let client = quick(&format!("{}/p/main/", server.base)).build().unwrap();
    assert_eq!(client.call(&Enveloped, &Get::new()).await.unwrap(), 7);
    assert_eq!(client.call(&Enveloped, &Post::new()).await.unwrap(), 7);
    let seen = server.seen();
    assert!(seen[0].starts_with("GET /p/main/api/x?id=a+b HTTP/1.1"), "{}", seen[0]);
    assert!(seen[0].contains("x-signed: /api/x?id=a+b:0"), "{}", seen[0]);
    assert!(seen[1].starts_with("POST /p/main/api/x HTTP/1.1"), "{}", seen[1]);
    assert!(seen[1].contains("content-type: application/json"), "{}", seen[1]);
    assert!(seen[1].ends_with(r#"{"id":"a b"}"#), "{}", seen[1]);
}

#[tokio::test]
async fn later_is_tried_again_also_from_within_the_envelope() {
    for first in [
        http(429, "retry-after: 0\r\n", ""),
        http(502, "", ""),
        http(503, "retry-after: Tue, 01 Jul 2025 00:00:00 GMT\r\n", ""),
        http(504, "", ""),
        http(200, "", r#"{"code":503}"#),
    ] {
        let server = Canned::new(&[&first, &http(200, "", GOOD)]).await;
        assert_eq!(server.client().call(&Enveloped, &Post::new()).await.unwrap(), 7, "{first}");
        assert_eq!(server.seen().len(), 2);
    }
}

#[tokio::test]
async fn it_gives_up_after_the_limit_and_at_once_when_asked_for_too_much() {
    let busy = http(503, "", "");
    let server = Canned::new(&[&busy, &busy, &busy, &busy]).await;
    let error = server.client().call(&Enveloped, &Get::new()).await.unwrap_err();
    assert_eq!((error.status(), server.seen().len()), (Some(503), 3));

    let server = Canned::new(&[&http(429, "retry-after: 3600\r\n", ""), &busy]).await;
    let error = server.client().call(&Enveloped, &Get::new()).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!(server.seen().len(), 1);

    let server = Canned::new(&[&http(200, "", r#"{"code":404}"#), &busy]).await;
    let error = server.client().call(&Enveloped, &Get::new()).await.unwrap_err();
    assert_eq!((error.status_code(), server.seen().len()), (Some(404), 1));
}

#[tokio::test]
async fn a_broken_connection_is_tried_again_only_if_nothing_can_happen_twice() {
    let good = http(200, "", GOOD);
    let server = Canned::new(&["", &good]).await;
    assert_eq!(server.client().call(&Enveloped, &Search::new()).await.unwrap(), 7);

    let server = Canned::new(&["", &good]).await;
    let error = server.client().call(&Enveloped, &Post::new()).await.unwrap_err();
    assert!(error.is_transport() && !error.is_connect() && !error.is_timeout(), "{error:?}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_closed_port_a_slow_server_and_nonsense_are_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let slow = HttpClient::builder(&base).timeout(Duration::from_millis(30)).build().unwrap();
    let error = slow.call(&Enveloped, &Post::new()).await.unwrap_err();
    assert!(error.is_timeout() && !format!("{error:?}").contains("/api/x"), "{error:?}");
    drop(listener);
    let error = quick(&base).build().unwrap().call(&Enveloped, &Post::new()).await.unwrap_err();
    assert!(error.is_connect() && error.is_transport(), "{error:?}");

    let odd = http(200, "", r#"{"code":200,"data":"seven"}"#);
    let server = Canned::new(&[&odd]).await;
    let error = server.client().call(&Enveloped, &Post::new()).await.unwrap_err();
    assert!(error.is_decoding() && error.status() == Some(200), "{error:?}");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let server = Canned::new(&[&http(302, "location: http://127.0.0.1:1/\r\n", ""), ""]).await;
    let error = server.client().call(&Enveloped, &Get::new()).await.unwrap_err();
    assert_eq!((error.status(), server.seen().len()), (Some(302), 1));
}
