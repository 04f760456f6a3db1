//! One snapshot of every code in every dialect, and one of every row: a change is seen in review.

use keystead::texts::LocaleFiles;
use keystead_authing_adapter::v3;
use keystead_model::{Code, Locale, Texts};
use keystead_sso::errors;
use std::fmt::Write;

#[test]
fn every_code_in_every_dialect() {
    let mut table = String::new();
    for code in Code::ALL {
        let number = v3::errors::of(*code);
        let api = number.api.map_or_else(|| "-".to_owned(), |api| api.to_string());
        let (status, name) = errors::of(*code);
        let text = LocaleFiles.text(Locale::EnUs, code.text_key(), &[]);
        let key = code.key();
        let kind = format!("{:?}", code.kind());
        let v3 = format!("{}/{api}", number.status);
        let oauth = format!("{status} {}", name.code());
        writeln!(table, "{key:28} {kind:16} {v3:10} {oauth:28} {text}").unwrap();
    }
    insta::assert_snapshot!(table);
}

#[test]
fn every_row() {
    let v3 = keystead_authing::v3::ENDPOINTS.iter().copied().flatten();
    let rows = v3
        .chain(keystead_sso::rows::ALL.iter().copied().flatten())
        .chain(keystead_pages::rows::ENDPOINTS);
    let mut table = String::new();
    for row in rows {
        let paths = row.paths.join(" | ");
        let (caller, permission) = (format!("{:?}", row.caller), row.permission);
        let shape = format!("{:?} -> {:?}", row.body, row.answer);
        let method = row.method;
        writeln!(table, "{method:5} {paths:42} {caller:7} {permission:12} {shape:20} {}", row.doc)
            .unwrap();
    }
    insta::assert_snapshot!(table);
}
