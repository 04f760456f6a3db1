//! Names: what a file and a type may be called, and what no file may name.

use super::Finding;
use super::tree::{File, Tree};
use crate::tokens;

/// Endings that say nothing about what a type is.
const TYPE_ENDINGS: &[&str] = &["Manager", "Service", "Helper", "Helpers", "Util", "Utils", "Impl"];
/// File names that say nothing about what is in them.
const FILE_NAMES: &[&str] =
    &["util", "utils", "helper", "helpers", "misc", "common", "manager", "mod"];

/// Each Rust file says its duty in its first line.
pub fn duties(tree: &Tree) -> Vec<Finding> {
    let silent = |f: &&File| !f.text.starts_with("//! ");
    let finding = |f: &File| Finding::new(&f.path, 1, "begin with `//! ` and the file's one duty");
    tree.rust().filter(silent).map(finding).collect()
}

/// No banned file name, no type with a banned ending.
pub fn banned(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        let stem = file.path.rsplit('/').next().and_then(|n| n.strip_suffix(".rs"));
        if stem.is_some_and(|s| FILE_NAMES.contains(&s)) {
            findings.push(Finding::new(&file.path, 0, "name the file after its duty"));
        }
        for pair in tokens::product(&file.text).windows(2) {
            let [keyword, name] = pair else { continue };
            let declares =
                ["struct", "enum", "trait", "type", "union"].contains(&keyword.text.as_str());
            if declares && TYPE_ENDINGS.iter().any(|end| name.text.ends_with(end)) {
                let what = format!("`{}`: name the type after what it is", name.text);
                findings.push(Finding::new(&file.path, name.line, what));
            }
        }
    }
    findings
}

/// No test is switched off.
pub fn ignored(tree: &Tree) -> Vec<Finding> {
    let rust = concat!("#[", "ignore");
    let node = [concat!("test", ".skip("), concat!("test", ".todo("), concat!("{ skip", ": ")];
    let mut findings = Vec::new();
    for file in &tree.files {
        let script = file.path.ends_with(".mjs");
        for (index, line) in file.text.lines().enumerate() {
            let off = (file.is_rust() && line.contains(rust))
                || (script && node.iter().any(|mark| line.contains(mark)));
            if off {
                findings.push(Finding::new(&file.path, index + 1, "run the test or delete it"));
            }
        }
    }
    findings
}

/// No path of one machine, no host of a package registry, no download address in a lock file.
pub fn machines(tree: &Tree) -> Vec<Finding> {
    // Put together here, so that this file does not hold what it looks for.
    let marks = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("registry.", "npmjs"),
        concat!("index.", "crates.io"),
        concat!("static.", "crates.io"),
        concat!("deb.", "debian.org"),
        concat!("\"resolved\"", ": \"http"),
    ];
    let mut findings = Vec::new();
    for file in &tree.files {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(mark) = marks.iter().find(|mark| line.contains(**mark)) {
                let what = format!("names `{mark}`, which only one machine knows");
                findings.push(Finding::new(&file.path, index + 1, what));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_its_duty_is_found() {
        let tree = Tree::of(&[("a.rs", "//! Adds.\n"), ("b.rs", "fn f() {}\n")]);
        assert_eq!(duties(&tree).len(), 1);
    }

    #[test]
    fn banned_files_and_types_are_found() {
        let tree = Tree::of(&[
            ("a/src/util.rs", ""),
            ("a/src/users/mod.rs", ""),
            ("a/src/users.rs", "// struct OldManager\npub struct UserManager;\nenum Service {}"),
            ("a/src/clients.rs", "use x::ManagementService; struct ManagementClient;"),
        ]);
        assert_eq!(banned(&tree).len(), 4);
    }

    #[test]
    fn switched_off_tests_are_found() {
        let rust = concat!("#[test]\n#[", "ignore]\nfn t() {}");
        let node = concat!("test", ".skip('x', () => {})");
        let tree = Tree::of(&[("a.rs", rust), ("a.test.mjs", node), ("b.rs", "// ignore")]);
        assert_eq!(ignored(&tree).len(), 2);
    }

    #[test]
    fn a_path_of_a_machine_is_found() {
        let tree = Tree::of(&[
            ("README.md", concat!("cd /wo", "rk/main")),
            ("package-lock.json", concat!("\"resolved\"", ": \"https://x\"")),
            ("a.md", "a path of work"),
        ]);
        assert_eq!(machines(&tree).len(), 2);
    }
}
