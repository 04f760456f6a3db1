//! Says which files the texts are read from: the macro that reads them at build time cannot.

fn main() {
    for folder in ["locales", "../keystead-pages/locales"] {
        cargo(&format!("rerun-if-changed={folder}"));
    }
}

fn cargo(line: &str) {
    println!("cargo::{line}");
}
