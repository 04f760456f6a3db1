//! Serves the assets.

use super::Asset;
use crate::rows::{AssetRequest, Favicon};
use keystead_core::Cx;
use keystead_endpoint::Reply;
use keystead_model::{Code, Error, Result};

/// An asset by the name that holds its hash, or by its fixed name.
///
/// # Errors
/// `operation.unknown` for any other name.
pub async fn asset(_: &mut Cx, request: AssetRequest) -> Result<Reply> {
    find(&request.file).ok_or_else(|| unknown(&request.file))
}

/// The mark, where browsers look for it on their own.
///
/// # Errors
/// None: the mark is built in.
pub async fn favicon(_: &mut Cx, _: Favicon) -> Result<Reply> {
    let mark = super::all().find(|asset| asset.name == "mark.svg");
    mark.map(|mark| reply(mark, mark.fixed_headers())).ok_or_else(|| unknown("favicon.ico"))
}

fn find(file: &str) -> Option<Reply> {
    let hashed = super::by_file_name(file).map(|asset| reply(asset, asset.headers()));
    hashed.or_else(|| super::by_fixed_name(file).map(|asset| reply(asset, asset.fixed_headers())))
}

fn reply(asset: &Asset, headers: Vec<(&'static str, String)>) -> Reply {
    Reply { status: 200, headers, body: asset.bytes.to_vec() }
}

fn unknown(file: &str) -> Error {
    Error::new(Code::OperationUnknown).arg("operation", file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_names_serve_the_same_bytes() {
        let fixed = find("avatar.svg").unwrap();
        let hashed = super::super::path("avatar.svg").unwrap().strip_prefix("/assets/").unwrap();
        let hashed = find(hashed).unwrap();
        assert_eq!(fixed.body, hashed.body);
        assert_eq!(fixed.header("content-type"), Some("image/svg+xml"));
        assert!(hashed.header("cache-control").unwrap().contains("immutable"));
        assert!(find("page.js").is_none());
    }
}
