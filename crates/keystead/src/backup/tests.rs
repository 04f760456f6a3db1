//! Tests of the archive's form: what is damaged in any place is found.

use super::archive::{Header, MAGIC, Reader, Writer};
use std::io::Write as _;

const DATABASE: &[u8] = b"not quite a database, but bytes";

fn archive() -> Vec<u8> {
    let header = Header {
        made_at: "2026-01-01T00:00:00Z".into(),
        program: "0.1.0".into(),
        version: 1,
        master_ids: vec!["00112233".into()],
        database_bytes: DATABASE.len() as u64,
        master_key: None,
    };
    let mut bytes = Vec::new();
    let mut to = Writer::new(&mut bytes);
    to.write_all(MAGIC.as_bytes()).unwrap();
    to.write_all(&serde_json::to_vec(&header).unwrap()).unwrap();
    to.write_all(b"\n").unwrap();
    to.write_all(DATABASE).unwrap();
    let written = to.finish().unwrap();
    assert_eq!(written, bytes.len() as u64);
    bytes
}

fn read(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut out = Vec::new();
    Reader::new(bytes)?.extract(&mut out)?;
    Ok(out)
}

#[test]
fn what_was_written_is_read() {
    assert_eq!(read(&archive()).unwrap(), DATABASE);
}

#[test]
fn every_changed_or_missing_byte_is_found() {
    let good = archive();
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1;
        assert!(read(&bad).is_err(), "byte {at} was changed");
        assert!(read(&good[..at]).is_err(), "cut off after {at} bytes");
    }
    assert!(read(&[good.as_slice(), b"x"].concat()).is_err(), "a byte more");
    assert!(read(b"").is_err());
}
