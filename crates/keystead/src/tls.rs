//! Certificates: those of the operator, and for `--dev` those of a development CA.

mod dev_ca;

pub use dev_ca::{CA_FILE, development};

use crate::datadir::DataFolder;
use crate::datadir::DataFolderError;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What we speak over TLS, the preferred one first.
const ALPN: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// A certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file holds nothing of the kind.
    #[error("{} holds no {what} in PEM form ({cause}). Check the setting that names it.",
        path.display())]
    Pem {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        what: &'static str,
        /// What the reader said.
        cause: String,
    },
    /// Key and certificate do not belong together, or TLS cannot use them.
    #[error("The certificate {} cannot be used with its key ({cause}).", path.display())]
    Pair {
        /// The certificate's file.
        path: PathBuf,
        /// What the library said.
        cause: String,
    },
    /// The development certificate cannot be made.
    #[error("The development certificate cannot be made ({0}).")]
    Make(String),
    /// The data folder refuses.
    #[error(transparent)]
    Folder(#[from] DataFolderError),
}

/// TLS with the operator's certificate chain and key, both PEM files.
///
/// # Errors
/// A file cannot be read or does not fit the other.
pub fn from_files(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let pem =
        |path: &Path, what, cause: String| TlsError::Pem { path: path.to_path_buf(), what, cause };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|e| pem(certificate, "certificate", e.to_string()))?;
    if chain.is_empty() {
        return Err(pem(certificate, "certificate", "there is none".into()));
    }
    let key =
        PrivateKeyDer::from_pem_file(key).map_err(|e| pem(key, "private key", e.to_string()))?;
    server_config(chain, key)
        .map_err(|e| TlsError::Pair { path: certificate.to_path_buf(), cause: e.to_string() })
}

fn server_config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = ALPN.iter().map(|name| name.to_vec()).collect();
    Ok(Arc::new(config))
}

/// The whole of a PEM file that we wrote into the data folder.
fn pem_text(folder: &DataFolder, name: &str) -> Result<Option<String>, TlsError> {
    Ok(folder.read(name)?.map(|text| text.expose().to_owned()))
}
