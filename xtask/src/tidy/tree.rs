//! What the checks read: the packages of the workspace and the text files of the tree.

use crate::tokens::{self, Token};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::cell::OnceCell;
use std::path::Path;
use std::process::Command;

/// One text file.
pub struct File {
    /// Path inside the repository, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
    tokens: OnceCell<Vec<Token>>,
}

impl File {
    /// Whether it is Rust source.
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether all of it is test code.
    pub fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.contains("/benches/")
    }

    fn new(path: &str, text: String) -> Self {
        Self { path: path.to_owned(), text, tokens: OnceCell::new() }
    }

    /// Its tokens without test items; none for files that are all tests.
    pub fn product_tokens(&self) -> &[Token] {
        let none = !self.is_rust() || self.is_test();
        let read = || if none { Vec::new() } else { tokens::product(&self.text) };
        self.tokens.get_or_init(read)
    }
}

/// One package of the workspace.
pub struct Package {
    /// Its name.
    pub name: String,
    /// Path of its manifest inside the repository.
    pub manifest: String,
    /// Names of what it depends on, those for tests alone left out.
    pub dependencies: Vec<String>,
}

/// The workspace.
#[derive(Default)]
pub struct Tree {
    /// Packages, by `cargo metadata`.
    pub packages: Vec<Package>,
    /// Text files that Git knows or would add.
    pub files: Vec<File>,
}

impl Tree {
    /// Reads the workspace at `root`.
    pub fn read(root: &Path) -> Result<Self> {
        Ok(Self { packages: packages(root)?, files: files(root)? })
    }

    /// The Rust files.
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|f| f.is_rust())
    }

    /// A tree of these files, for the tests of the checks.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File::new(path, (*text).to_owned());
        Self { packages: Vec::new(), files: files.iter().map(file).collect() }
    }

    /// A tree of these packages and their dependencies, for the tests of the checks.
    #[cfg(test)]
    pub fn of_packages(packages: &[(&str, &[&str])]) -> Self {
        let package = |(name, on): &(&str, &[&str])| Package {
            name: (*name).into(),
            manifest: format!("{name}/Cargo.toml"),
            dependencies: on.iter().map(|d| (*d).to_owned()).collect(),
        };
        Self { packages: packages.iter().map(package).collect(), files: Vec::new() }
    }
}

fn packages(root: &Path) -> Result<Vec<Package>> {
    let out = output(root, "cargo", &["metadata", "--no-deps", "--format-version", "1"])?;
    let meta: Value = serde_json::from_str(&out).context("cargo metadata is no JSON")?;
    let text = |v: &Value, key: &str| match v.get(key) {
        Some(Value::String(text)) => text.clone(),
        _ => String::new(),
    };
    let listed = meta.get("packages").and_then(Value::as_array);
    let mut packages = Vec::new();
    for package in listed.context("cargo metadata names no package")? {
        let manifest = text(package, "manifest_path");
        let manifest = Path::new(&manifest).strip_prefix(root)?.to_string_lossy().into_owned();
        let dependencies = package.get("dependencies").and_then(Value::as_array);
        packages.push(Package {
            name: text(package, "name"),
            manifest,
            dependencies: dependencies
                .into_iter()
                .flatten()
                .filter(|d| text(d, "kind") != "dev")
                .map(|d| text(d, "name"))
                .collect(),
        });
    }
    Ok(packages)
}

fn files(root: &Path) -> Result<Vec<File>> {
    let list = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    let mut files = Vec::new();
    for path in output(root, "git", &list)?.split('\0').filter(|p| !p.is_empty()) {
        // A file may be gone from the work tree and still be in the index; others are binary.
        let Ok(bytes) = std::fs::read(root.join(path)) else { continue };
        if let Ok(text) = String::from_utf8(bytes) {
            files.push(File::new(path, text));
        }
    }
    Ok(files)
}

fn output(root: &Path, program: &str, args: &[&str]) -> Result<String> {
    let out = Command::new(program)
        .args(args)
        .current_dir(root)
        .output()
        .with_context(|| format!("cannot run {program}"))?;
    if !out.status.success() {
        bail!("{program} {}: {}", args.join(" "), String::from_utf8_lossy(&out.stderr).trim());
    }
    String::from_utf8(out.stdout).with_context(|| format!("{program} printed no UTF-8"))
}
