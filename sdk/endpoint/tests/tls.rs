//! The client over TLS: it trusts the authority it was given, and no other.
#![cfg(feature = "client")]
#![allow(clippy::unwrap_used, reason = "a test server may die")]
#![allow(missing_docs, reason = "a test has no readers of its documentation")]

use keystead_endpoint::{
    Dialect, EndpointRow, HttpClient, Outgoing, Reply, SdkError, encode::Encoded, retry::Retry,
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

struct Plain;

impl Dialect for Plain {
    fn headers(&self, _: &Outgoing<'_>) -> Result<Vec<(&'static str, String)>, SdkError> {
        Ok(Vec::new())
    }

    fn unwrap(&self, _: &EndpointRow, reply: Reply) -> Result<Reply, SdkError> {
        Ok(reply)
    }
}

#[derive(serde::Deserialize)]
struct Look {}

keystead_endpoint::endpoints! { "test";
    /// Look.
    GET "/look" look(Look) -> Reply, Open "", answer Page;
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Serves connection after connection with a certificate for localhost, and says its port.
fn serve(authority: &Authority) -> u16 {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream.unwrap());
            // A client that does not trust us goes away in the handshake.
            if stream.read(&mut [0; 4096]).is_ok() {
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi";
                stream.write_all(answer).unwrap();
            }
        }
    });
    port
}

async fn look(port: u16, ca: &Authority) -> Result<Reply, SdkError> {
    let retry = Retry { limit: 0, ..Retry::default() };
    let client = HttpClient::builder(format!("https://localhost:{port}"))
        .ca_pem(ca.pem())
        .retry(retry)
        .build()?;
    let request = Encoded {
        path: "/look".into(),
        query: String::new(),
        body: Vec::new(),
        content_type: None,
    };
    client.send(&Plain, <Look as keystead_endpoint::Endpoint>::ROW, &request).await
}

#[tokio::test]
async fn only_the_given_authority_is_trusted() {
    let (ours, theirs) = (authority(), authority());
    let port = serve(&ours);
    assert_eq!(look(port, &ours).await.unwrap().body, b"hi");
    let error = look(port, &theirs).await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
}
