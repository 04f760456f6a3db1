//! Invariant 6: secrets cannot be printed, and no link is built from the Host header.

use super::Finding;
use super::tree::Tree;
use crate::tokens::{self, Token};

/// Files that may look the Host header up. None of them builds a link.
const HOST_READERS: &[&str] = &[
    "crates/keystead-web/src/dispatch.rs",
    "crates/keystead-web/src/forwarded.rs",
    "crates/keystead-web/src/origin.rs",
    "crates/keystead/src/local_only.rs",
];

/// No `Display` for a type whose name says that it holds a secret; no derived `Debug` either
/// where a field is plain text.
pub fn printable(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        let code = file.product_tokens();
        for window in code.windows(3) {
            let [what, word, name] = window else { continue };
            let prints = ["Display", "ToString", "LowerHex"].contains(&what.text.as_str());
            if prints && word.text == "for" && is_secret(&name.text) {
                let what = format!("`{}` may not implement `{}`", name.text, what.text);
                findings.push(Finding::new(&file.path, name.line, what));
            }
        }
        if file.path.ends_with("keystead-model/src/secret.rs") {
            let lines = derives_debug(code);
            let what = "write `Debug` by hand, so that it reveals nothing";
            findings.extend(lines.into_iter().map(|n| Finding::new(&file.path, n, what)));
        }
    }
    findings
}

/// The Host header, and the headers that stand for it, are read in their places only.
pub fn host_header(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust().filter(|f| f.path.starts_with("crates/")) {
        let path = file.path.as_str();
        if HOST_READERS.contains(&path) {
            continue;
        }
        let code = file.product_tokens();
        let named = code.iter().filter(|t| t.string.as_deref().is_some_and(is_host));
        let mut lines: Vec<usize> = named.map(|t| t.line).collect();
        lines.extend(tokens::lines_of(code, &["header", ":", ":", "HOST"]));
        let what = "links come from stored addresses: the Host is only looked up by keystead-web";
        findings.extend(lines.into_iter().map(|n| Finding::new(path, n, what)));
    }
    findings
}

fn is_secret(name: &str) -> bool {
    name.contains("Secret") || name.contains("Password") || name.ends_with("PrivateKey")
}

fn is_host(text: &str) -> bool {
    ["host", "x-forwarded-host", "x-forwarded-proto", "forwarded"]
        .contains(&text.to_ascii_lowercase().as_str())
}

fn derives_debug(code: &[Token]) -> Vec<usize> {
    let starts = tokens::lines_of(code, &["derive", "("]);
    let names = code.iter().filter(|t| t.text == "Debug" && starts.contains(&t.line));
    names.map(|t| t.line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printable_secret_is_found() {
        let tree = Tree::of(&[
            (
                "crates/keystead-model/src/secret.rs",
                "#[derive(Clone, Debug)]\nstruct Secret(String);",
            ),
            (
                "crates/a/src/b.rs",
                "impl std::fmt::Display for ClientSecret {}\nimpl Display for Id {}",
            ),
        ]);
        assert_eq!(printable(&tree).len(), 2);
    }

    #[test]
    fn the_host_header_outside_its_places_is_found() {
        let text = "fn f(h: &H) { h.get(\"Host\"); h.get(header::HOST); h.get(\"hostname\"); }";
        let tree = Tree::of(&[
            ("crates/keystead-web/src/dispatch.rs", text),
            ("crates/keystead-pages/src/link.rs", text),
        ]);
        let found = host_header(&tree);
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|f| f.path.ends_with("link.rs")));
    }
}
