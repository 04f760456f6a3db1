//! Invariants 3 and 4: adapters write types of their own, and decide nothing.

use super::Finding;
use super::tree::{File, Tree};
use crate::tokens::{self, Token};

/// Where adapters stand.
const ADAPTERS: &[&str] =
    &["crates/keystead-authing/src/", "crates/keystead-sso/src/", "crates/keystead-pages/src/"];

/// Where the domain's types stand.
const DOMAIN: &[&str] = &["crates/keystead-core/src/", "crates/keystead-store/src/"];

/// Files of the domain whose types are written as JSON: documents of our own store and queue. No
/// type that an operation answers to an adapter belongs here.
const DOCUMENTS: &[&str] = &[
    "crates/keystead-core/src/codes.rs",
    "crates/keystead-core/src/consents.rs",
    "crates/keystead-core/src/messages.rs",
    "crates/keystead-core/src/messages/letter.rs",
    "crates/keystead-core/src/one_time/address.rs",
    "crates/keystead-core/src/outbox.rs",
    "crates/keystead-core/src/passphrase.rs",
    "crates/keystead-core/src/sending.rs",
    "crates/keystead-core/src/signin/consent.rs",
    "crates/keystead-core/src/signin/flow.rs",
    "crates/keystead-core/src/signin/method.rs",
    "crates/keystead-core/src/signin/steps.rs",
];

/// What changes, counts, permits or times something: the domain alone does that.
const DECIDING: &[(&[&str], &str)] = &[
    (&[".", "emit", "("], "events are emitted"),
    (&[".", "note", "("], "changes are noted"),
    (&[".", "store", "(", ")"], "rows are read and written"),
    (&[".", "settle", "("], "transactions are settled"),
    (&[".", "require", "("], "permissions are demanded"),
    (&["counters", ":", ":", "take"], "tries are counted"),
    (&["counters", ":", ":", "act"], "acts are counted"),
    (&["counters", ":", ":", "forgive"], "tries are forgiven"),
    (&["counters", ":", ":", "unlock"], "locks are opened"),
    (&[".", "hashing"], "passwords are hashed"),
    (&[".", "clock"], "the clock is read"),
    (&[".", "random"], "secrets are made"),
    (&["Principal", ":", ":"], "callers are told apart"),
];

/// Files of adapters that look at settings: for what a page offers or shows, or to hand them to a
/// rule of keystead-protocol.
const SETTINGS_READERS: &[&str] = &[
    "crates/keystead-authing/src/v3/signin.rs",
    "crates/keystead-pages/src/preference.rs",
    "crates/keystead-pages/src/signin/code/handler.rs",
    "crates/keystead-pages/src/signup/handler.rs",
    "crates/keystead-sso/src/authorize.rs",
    "crates/keystead-sso/src/grants/password.rs",
];

/// A type of the domain that can be written as JSON would reach clients sooner or later, and a
/// field that somebody adds to it with it.
pub fn domain_types(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in within(tree, DOMAIN).filter(|file| !DOCUMENTS.contains(&file.path.as_str())) {
        let what = "a domain type is not serialised: the adapter owns a counterpart; a document \
                    of our own store is listed in xtask/src/tidy/adapters.rs";
        let lines = serialised(file.product_tokens());
        findings.extend(lines.into_iter().map(|line| Finding::new(&file.path, line, what)));
    }
    findings
}

/// An adapter renames, defaults and renders.
pub fn decisions(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in within(tree, ADAPTERS) {
        let code = file.product_tokens();
        for (pattern, done) in DECIDING {
            let what = format!("{done} by keystead-core: move this down");
            let lines = tokens::lines_of(code, pattern);
            findings.extend(lines.into_iter().map(|n| Finding::new(&file.path, n, what.clone())));
        }
        if !SETTINGS_READERS.contains(&file.path.as_str()) {
            let what = "a setting decides in keystead-core; where a page only shows it, list the \
                        file in xtask/src/tidy/adapters.rs";
            let read = code.windows(2).filter(|pair| {
                let [dot, name] = pair else { return false };
                dot.text == "." && name.text == "settings"
            });
            let lines = read.filter_map(|pair| pair.last().map(|token| token.line));
            findings.extend(lines.map(|line| Finding::new(&file.path, line, what)));
        }
    }
    findings
}

fn within<'t>(tree: &'t Tree, places: &'t [&str]) -> impl Iterator<Item = &'t File> {
    tree.rust().filter(|file| places.iter().any(|place| file.path.starts_with(place)))
}

/// The lines in which `Serialize` is derived or implemented.
fn serialised(code: &[Token]) -> Vec<usize> {
    let mut lines = tokens::lines_of(code, &["Serialize", "for"]);
    let mut in_derive = false;
    for pair in code.windows(2) {
        let [first, second] = pair else { continue };
        match (first.text.as_str(), second.text.as_str()) {
            ("derive", "(") => in_derive = true,
            (")", _) => in_derive = false,
            (_, "Serialize") if in_derive => lines.push(second.line),
            _ => {}
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_type_that_is_serialised_is_found() {
        let planted = "use serde::{Deserialize, Serialize};\n#[derive(Clone, Serialize)]\n\
                       pub struct UserView;\nimpl Serialize for Other {}";
        let sound = "use serde::Serialize;\n#[derive(Debug, Deserialize)]\nstruct A;\n\
                     fn make<T: Serialize>(t: T) {}\n#[cfg(test)]\nmod tests {\n\
                     #[derive(Serialize)]\nstruct B;\n}";
        let tree = Tree::of(&[
            ("crates/keystead-core/src/users.rs", planted),
            ("crates/keystead-store/src/users.rs", planted),
            ("crates/keystead-core/src/outbox.rs", planted),
            ("crates/keystead-core/src/roles.rs", sound),
            ("crates/keystead-authing/src/v3/users/dto.rs", planted),
        ]);
        let found = domain_types(&tree);
        let at: Vec<_> = found.iter().map(|f| (f.path.as_str(), f.line)).collect();
        let expected = ["crates/keystead-core/src/users.rs", "crates/keystead-store/src/users.rs"];
        let expected: Vec<_> =
            expected.into_iter().flat_map(|path| [(path, 4), (path, 2)]).collect();
        assert_eq!(at, expected);
    }

    #[test]
    fn an_adapter_that_decides_is_found() {
        let planted = "fn f(cx: &mut Cx) {\n cx.emit(e);\n cx.note(k, 1);\n cx.store();\n\
                       cx.settle();\n cx.require(p);\n counters::take(cx);\n cx.core.hashing;\n\
                       cx.core.clock;\n cx.core.random;\n Principal::System;\n\
                       if cx.settings().x {}\n if app.settings.y {} }";
        let tree = Tree::of(&[
            ("crates/keystead-sso/src/token.rs", planted),
            ("crates/keystead-pages/src/tests/server.rs", planted),
            ("crates/keystead-web/src/dispatch.rs", planted),
        ]);
        let found = decisions(&tree);
        let mut lines: Vec<usize> = found.iter().map(|f| f.line).collect();
        lines.sort_unstable();
        assert_eq!(lines, (2..=13).collect::<Vec<_>>());
        assert!(found.iter().all(|f| f.path.ends_with("token.rs")));
        let sound = "fn f(cx: &mut Cx) { domain::act(cx); let settings = 1; } // cx.emit(e)";
        assert!(decisions(&Tree::of(&[("crates/keystead-sso/src/x.rs", sound)])).is_empty());
    }
}
