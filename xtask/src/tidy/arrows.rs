//! Invariants 1, 2 and 5: which crate may depend on which.

use super::Finding;
use super::tree::{Package, Tree};

/// Our crates and what of ours each may use. `*` means all of them.
const ARROWS: &[(&str, &[&str])] = &[
    ("keystead-model", &[]),
    ("keystead-endpoint", &[]),
    ("keystead-authing", &["keystead-endpoint"]),
    ("keystead-auth0", &["keystead-endpoint"]),
    ("keystead-store", &["keystead-model"]),
    ("keystead-protocol", &["keystead-model"]),
    ("keystead-outbound", &["keystead-model"]),
    (
        "keystead-core",
        &["keystead-model", "keystead-store", "keystead-protocol", "keystead-outbound"],
    ),
    ("keystead-web", WEB),
    ("keystead-authing-adapter", AUTHING),
    ("keystead-auth0-adapter", AUTH0),
    ("keystead-sso", ADAPTER),
    ("keystead-pages", ADAPTER),
    ("keystead", &["*"]),
    ("xtask", &[]),
    ("bench", &["keystead-authing"]),
];
const WEB: &[&str] = &["keystead-model", "keystead-core", "keystead-protocol", "keystead-endpoint"];
const ADAPTER: &[&str] =
    &["keystead-model", "keystead-core", "keystead-protocol", "keystead-web", "keystead-endpoint"];
const AUTHING: &[&str] = &[
    "keystead-model",
    "keystead-core",
    "keystead-protocol",
    "keystead-web",
    "keystead-endpoint",
    "keystead-authing",
];
const AUTH0: &[&str] = &[
    "keystead-model",
    "keystead-core",
    "keystead-protocol",
    "keystead-web",
    "keystead-endpoint",
    "keystead-auth0",
];

/// Crates of others that only these of ours may use.
const FOREIGN: &[(&str, &[&str])] = &[
    // The floors of bench/ do without us what we do.
    ("rusqlite", &["keystead-store", "bench"]),
    ("tokio-postgres", &["keystead-store"]),
    ("deadpool-postgres", &["keystead-store"]),
    ("axum", &["keystead-web", "keystead", "bench"]),
    ("hyper", &["keystead-web", "keystead"]),
    ("tower-http", &["keystead-web", "keystead"]),
    ("reqwest", &["keystead-outbound", "keystead-endpoint"]),
    ("minijinja", &["keystead-pages"]),
    ("rand", &[]),
    ("getrandom", &[]),
    ("chrono", &[]),
    ("time", &[]),
];

/// Dependencies between our crates are those drawn in ARCHITECTURE.md.
pub fn ours(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &tree.packages {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package.name) else {
            let what = format!("`{}` is not drawn: add it to ARROWS in {}", package.name, file!());
            findings.push(Finding::new(&package.manifest, 0, what));
            continue;
        };
        let foreign = |d: &&String| d.starts_with("keystead") && !allowed.contains(&d.as_str());
        if !allowed.contains(&"*") {
            findings.extend(package.dependencies.iter().filter(foreign).map(|d| wrong(package, d)));
        }
    }
    findings
}

/// Database drivers, the HTTP framework and HTTP clients stay in their crates.
pub fn foreign(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &tree.packages {
        let kept = |d: &&String| {
            let row = FOREIGN.iter().find(|(name, _)| *name == d.as_str());
            row.is_some_and(|(_, users)| !users.contains(&package.name.as_str()))
        };
        findings.extend(package.dependencies.iter().filter(kept).map(|d| wrong(package, d)));
    }
    findings
}

/// A manifest without the lints of the workspace escapes them all.
pub fn lints(tree: &Tree) -> Vec<Finding> {
    let manifests = tree.files.iter().filter(|f| f.path.ends_with("/Cargo.toml"));
    let escapes = manifests.filter(|f| !f.text.contains("[lints]\nworkspace = true"));
    escapes.map(|f| Finding::new(&f.path, 0, "add `[lints]` with `workspace = true`")).collect()
}

fn wrong(package: &Package, on: &str) -> Finding {
    Finding::new(&package.manifest, 0, format!("`{}` may not depend on `{on}`", package.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_adapter_on_the_store_and_an_unknown_crate_are_found() {
        let tree = Tree::of_packages(&[
            ("keystead-sso", &["keystead-core", "keystead-store"]),
            ("keystead-pages", &["keystead-web", "keystead-sso"]),
            ("keystead-authing", &["keystead-endpoint", "keystead-model"]),
            ("keystead-core", &["keystead-store", "serde"]),
            ("keystead", &["keystead-store", "keystead-sso"]),
            ("keystead-new", &[]),
        ]);
        let paths: Vec<String> = ours(&tree).into_iter().map(|f| f.path).collect();
        let expected = ["keystead-sso", "keystead-pages", "keystead-authing", "keystead-new"];
        assert_eq!(paths, expected.map(|p| format!("{p}/Cargo.toml")));
    }

    #[test]
    fn a_driver_or_client_in_the_wrong_crate_is_found() {
        let tree = Tree::of_packages(&[
            ("keystead-store", &["rusqlite"]),
            ("keystead-core", &["rusqlite", "reqwest"]),
            ("keystead-web", &["axum"]),
            ("keystead-sso", &["axum", "rand"]),
        ]);
        assert_eq!(foreign(&tree).len(), 4);
    }

    #[test]
    fn a_manifest_without_lints_is_found() {
        let good = "[package]\n[lints]\nworkspace = true\n";
        let tree =
            Tree::of(&[("crates/a/Cargo.toml", good), ("crates/b/Cargo.toml", "[package]\n")]);
        assert_eq!(lints(&tree).len(), 1);
    }
}
