//! The development CA and its certificate for localhost, kept in the data folder.
//!
//! The CA may sign for this machine alone (RFC 5280, 4.2.1.10), so that trusting it on a laptop
//! gives nothing away, even if its key leaks.

use super::{TlsError, pem_text, server_config};
use crate::datadir::DataFolder;
use keystead_model::Millis;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

/// The CA's certificate in the data folder: what clients are told to trust.
pub const CA_FILE: &str = "dev-ca.pem";
/// Its private key.
const CA_KEY_FILE: &str = "dev-ca-key.pem";
/// The key and certificate of localhost, in one file so that they change together.
const LEAF_FILE: &str = "dev-localhost.pem";

const DAY_S: i64 = 86_400;
/// How long the CA lives.
const CA_DAYS: i64 = 3_650;
/// How long the certificate lives; browsers refuse more than 398 days.
const LEAF_DAYS: i64 = 365;
/// What is nearer to its end than this is made anew at the next start.
const RENEW_DAYS: i64 = 60;

/// TLS for localhost, 127.0.0.1 and ::1; makes or renews what is missing or near its end at `now`.
///
/// # Errors
/// The data folder refuses, or holds files under these names that are not ours.
pub fn development(folder: &DataFolder, now: Millis) -> Result<Arc<ServerConfig>, TlsError> {
    let (ca, kept) = ca(folder, now)?;
    let leaf = match pem_text(folder, LEAF_FILE)? {
        Some(text) if kept && lives(&text, now) => text,
        _ => {
            let text = make_leaf(&ca, now).map_err(make)?;
            folder.write(LEAF_FILE, text.as_bytes())?;
            text
        }
    };
    let path = folder.path().join(LEAF_FILE);
    let pem = |what: &'static str, cause: String| TlsError::Pem { path: path.clone(), what, cause };
    let chain = CertificateDer::from_pem_slice(leaf.as_bytes())
        .map_err(|e| pem("certificate", e.to_string()))?;
    let key = PrivateKeyDer::from_pem_slice(leaf.as_bytes())
        .map_err(|e| pem("private key", e.to_string()))?;
    server_config(vec![chain], key)
        .map_err(|e| TlsError::Pair { path: path.clone(), cause: e.to_string() })
}

/// The CA, and whether it was there before.
fn ca(folder: &DataFolder, now: Millis) -> Result<(Issuer<'static, KeyPair>, bool), TlsError> {
    let certificate = pem_text(folder, CA_FILE)?.filter(|text| lives(text, now));
    if let (Some(certificate), Some(key)) = (certificate, pem_text(folder, CA_KEY_FILE)?) {
        let key = KeyPair::from_pem(&key).map_err(make)?;
        return Ok((Issuer::from_ca_cert_pem(&certificate, key).map_err(make)?, true));
    }
    let key = KeyPair::generate().map_err(make)?;
    let params = ca_params(&key, now);
    let certificate = params.self_signed(&key).map_err(make)?.pem();
    // An old certificate beside a new key would be a pair that does not fit, so the certificate,
    // whose absence means "make both", is written last and taken away first.
    folder.remove(CA_FILE)?;
    folder.write(CA_KEY_FILE, key.serialize_pem().as_bytes())?;
    folder.write(CA_FILE, certificate.as_bytes())?;
    Ok((Issuer::new(params, key), false))
}

fn ca_params(key: &KeyPair, now: Millis) -> CertificateParams {
    let mut params = CertificateParams::default();
    valid(&mut params, now, CA_DAYS);
    // A name of its own per folder: clients that trust two of them choose by name.
    let mark = hex::encode(params.key_identifier(key).get(..4).unwrap_or_default());
    params.distinguished_name.push(DnType::CommonName, format!("Keystead development CA {mark}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::DnsName("localhost".into()),
            GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix(Ipv4Addr::LOCALHOST.octets(), 32)),
            GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix(
                Ipv6Addr::LOCALHOST.octets(),
                128,
            )),
        ],
        excluded_subtrees: Vec::new(),
    });
    params
}

fn make_leaf(ca: &Issuer<'static, KeyPair>, now: Millis) -> Result<String, rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::default();
    valid(&mut params, now, LEAF_DAYS);
    params.distinguished_name.push(DnType::CommonName, "localhost");
    params.subject_alt_names = vec![
        SanType::DnsName("localhost".try_into()?),
        SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        SanType::IpAddress(IpAddr::V6(Ipv6Addr::LOCALHOST)),
    ];
    // Not a CA, said aloud: this also adds the subject key identifier.
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let certificate = params.signed_by(&key, ca)?;
    Ok(certificate.pem() + &key.serialize_pem())
}

/// Valid from a day before `now`, since clocks of clients differ.
fn valid(params: &mut CertificateParams, now: Millis, days: i64) {
    let start = u64::try_from(now.seconds() - DAY_S).unwrap_or(0);
    let length = u64::try_from((days + 1) * DAY_S).unwrap_or(0);
    params.not_before = rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(start);
    params.not_after = params.not_before + Duration::from_secs(length);
    params.distinguished_name = rcgen::DistinguishedName::new();
}

/// Whether the first certificate of a text is valid and not near its end. A text without one is
/// kept from being written over: reading it fails later and says so.
fn lives(text: &str, now: Millis) -> bool {
    let Ok(der) = CertificateDer::from_pem_slice(text.as_bytes()) else { return true };
    let Ok((_, certificate)) = x509_parser::parse_x509_certificate(&der) else { return true };
    let validity = certificate.validity();
    validity.not_before.timestamp() <= now.seconds()
        && now.seconds() < validity.not_after.timestamp() - RENEW_DAYS * DAY_S
}

fn make(error: rcgen::Error) -> TlsError {
    TlsError::Make(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::client::WebPkiServerVerifier;
    use rustls::client::danger::ServerCertVerifier;
    use rustls::pki_types::{ServerName, UnixTime};
    use std::path::Path;

    const NOW: Millis = Millis(1_800_000_000_000);

    fn read(folder: &Path, name: &str) -> String {
        std::fs::read_to_string(folder.join(name)).unwrap()
    }

    /// Whether a client that trusts the folder's CA accepts the folder's certificate.
    fn accepted(folder: &Path, name: &str, now: Millis) -> bool {
        let ca = CertificateDer::from_pem_slice(read(folder, CA_FILE).as_bytes()).unwrap();
        let leaf = CertificateDer::from_pem_slice(read(folder, LEAF_FILE).as_bytes()).unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots.add(ca).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier =
            WebPkiServerVerifier::builder_with_provider(roots.into(), provider).build().unwrap();
        let at = UnixTime::since_unix_epoch(Duration::from_secs(now.seconds() as u64));
        let name = ServerName::try_from(name.to_owned()).unwrap();
        verifier.verify_server_cert(&leaf, &[], &name, &[], at).is_ok()
    }

    #[test]
    fn clients_accept_localhost_and_nothing_else() {
        let path = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(path.path()).unwrap();
        let config = development(&folder, NOW).unwrap();
        assert_eq!(config.alpn_protocols, ALPN_NAMES);
        for (name, want) in
            [("localhost", true), ("127.0.0.1", true), ("::1", true), ("example.com", false)]
        {
            assert_eq!(accepted(path.path(), name, NOW), want, "{name}");
        }
        assert!(!accepted(path.path(), "localhost", NOW.plus_seconds(366 * DAY_S)));
    }

    const ALPN_NAMES: [&[u8]; 2] = [b"h2", b"http/1.1"];

    #[test]
    fn identifiers_and_uses_are_in_the_certificate() {
        let path = tempfile::tempdir().unwrap();
        development(&DataFolder::open(path.path()).unwrap(), NOW).unwrap();
        for (file, is_ca) in [(CA_FILE, true), (LEAF_FILE, false)] {
            let der = CertificateDer::from_pem_slice(read(path.path(), file).as_bytes()).unwrap();
            let (_, parsed) = x509_parser::parse_x509_certificate(&der).unwrap();
            let has = |oid: &str| parsed.extensions().iter().any(|e| e.oid.to_id_string() == oid);
            assert_eq!(parsed.is_ca(), is_ca);
            assert!(has("2.5.29.14"), "{file}: subject key identifier");
            assert_eq!(has("2.5.29.35"), !is_ca, "{file}: authority key identifier");
            assert_eq!(has("2.5.29.30"), is_ca, "{file}: name constraints");
            assert_eq!(has("2.5.29.37"), !is_ca, "{file}: extended key usage");
        }
    }

    #[test]
    fn files_are_kept_until_they_near_their_end() {
        let path = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(path.path()).unwrap();
        let both = || (read(path.path(), CA_FILE), read(path.path(), LEAF_FILE));
        development(&folder, NOW).unwrap();
        let first = both();
        development(&folder, NOW.plus_seconds(300 * DAY_S)).unwrap();
        assert_eq!(both(), first);
        let later = NOW.plus_seconds(306 * DAY_S);
        development(&folder, later).unwrap();
        let second = both();
        assert_eq!(second.0, first.0, "the CA is kept");
        assert_ne!(second.1, first.1, "the certificate is new");
        assert!(accepted(path.path(), "localhost", later.plus_seconds(300 * DAY_S)));
        let end = NOW.plus_seconds(3_600 * DAY_S);
        development(&folder, end).unwrap();
        assert_ne!(both().0, second.0, "the CA is new");
        assert!(accepted(path.path(), "localhost", end));
        // A clock that was wrong, and then put right.
        development(&folder, NOW).unwrap();
        assert!(accepted(path.path(), "localhost", NOW));
    }

    #[test]
    fn a_damaged_file_is_named_and_not_written_over() {
        let path = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(path.path()).unwrap();
        development(&folder, NOW).unwrap();
        folder.write(LEAF_FILE, b"mine").unwrap();
        let said = development(&folder, NOW).unwrap_err().to_string();
        assert!(said.contains(LEAF_FILE), "{said}");
        assert_eq!(read(path.path(), LEAF_FILE), "mine");
    }
}
