//! Values of users that were encrypted with a key of the caller's own.

use crate::cx::Cx;
use keystead_model::{Code, Error, Permission, Result, Secret};
use keystead_protocol::transport::{FieldKey, TransportError};

/// Decrypts values with the private key that comes with them. Nothing is kept.
///
/// # Errors
/// `field.invalid` naming `privateKey`, or the value that the key does not open:
/// `data[3].encryptedContent`.
pub async fn decrypt(cx: &mut Cx, pem: Secret, values: Vec<String>) -> Result<Vec<Secret>> {
    cx.require(Permission::UserRead)?;
    cx.before_slow_work()?;
    let opened = tokio::task::spawn_blocking(move || open(&pem, &values)).await;
    opened.map_err(|e| Error::new(Code::Internal).caused_by(e))?
}

fn open(pem: &Secret, values: &[String]) -> Result<Vec<Secret>> {
    let wrong = |_: TransportError| {
        let expected = "PEM of an RSA key of 2048 to 4096 bits";
        Error::new(Code::FieldInvalid).field("privateKey").arg("expected", expected)
    };
    let key = FieldKey::from_pem(pem.expose()).map_err(wrong)?;
    let opened = values.iter().enumerate().map(|(n, value)| {
        let wrong = || {
            Error::new(Code::FieldInvalid)
                .field(format!("data[{n}].encryptedContent"))
                .arg("expected", "base64, RSA PKCS #1 v1.5")
        };
        key.open(value).ok_or_else(wrong)
    });
    opened.collect()
}
