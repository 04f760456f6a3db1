//! Invariant 5: time, randomness and environment come from their own files alone.

use super::Finding;
use super::tree::Tree;
use crate::tokens::{self, Token};

/// A source of what tests must control: its tokens, and how the paths of the files begin that may
/// use it.
struct Source {
    tokens: &'static [&'static str],
    files: &'static [&'static str],
}

const CLOCK: &[&str] = &["crates/keystead-core/src/clock.rs", "sdk/endpoint/src/transport"];
/// The library asks for its own generator wherever a signature or a key is made.
const RANDOM: &[&str] = &[
    "crates/keystead-core/src/random.rs",
    "crates/keystead-protocol/src/jose/keys.rs",
    "sdk/authing/src/client/random.rs",
    "sdk/endpoint/src/transport",
];
const ENVIRONMENT: &[&str] = &["crates/keystead/src/config/vars.rs"];

const SOURCES: &[Source] = &[
    Source { tokens: &["SystemTime", ":", ":", "now"], files: CLOCK },
    Source { tokens: &["Instant", ":", ":", "now"], files: CLOCK },
    Source { tokens: &["Timestamp", ":", ":", "now"], files: CLOCK },
    Source { tokens: &["SystemRandom"], files: RANDOM },
    Source { tokens: &["rand", ":", ":", "fill"], files: RANDOM },
    Source { tokens: &["env", ":", ":", "var"], files: ENVIRONMENT },
    Source { tokens: &["env", ":", ":", "var_os"], files: ENVIRONMENT },
    Source { tokens: &["env", ":", ":", "vars"], files: ENVIRONMENT },
    Source { tokens: &["env", ":", ":", "vars_os"], files: ENVIRONMENT },
];

/// No wall clock, randomness or environment variable outside the files made for them.
pub fn sources(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust().filter(|f| is_product(&f.path)) {
        let code = file.product_tokens();
        for source in SOURCES.iter().filter(|s| !allowed(s.files, &file.path)) {
            if source.tokens.starts_with(&["Instant"]) && takes_pausable_time(&file.text) {
                continue;
            }
            let what = || format!("`{}`: take it from {:?}", source.tokens.concat(), source.files);
            let lines = tokens::lines_of(code, source.tokens);
            findings.extend(lines.into_iter().map(|n| Finding::new(&file.path, n, what())));
        }
        findings.extend(permissions(&file.path, code));
    }
    findings
}

/// A file that may not use the sources may not switch off the lint that says so.
fn permissions(path: &str, code: &[Token]) -> Vec<Finding> {
    if [CLOCK, RANDOM, ENVIRONMENT].iter().any(|files| allowed(files, path)) {
        return Vec::new();
    }
    let lines = tokens::lines_of(code, &["clippy", ":", ":", "disallowed_methods"]);
    let what = "the lint stays on here: take the value as a parameter";
    lines.into_iter().map(|n| Finding::new(path, n, what)).collect()
}

fn allowed(files: &[&str], path: &str) -> bool {
    files.iter().any(|start| path.starts_with(start))
}

/// The monotonic time of the runtime, which a test pauses and moves.
fn takes_pausable_time(text: &str) -> bool {
    text.contains("use tokio::time::") && !text.contains("use std::time::Instant")
}

fn is_product(path: &str) -> bool {
    let test = path.ends_with("/tests.rs") || path.contains("/tests/");
    !test && path.contains("/src/") && (path.starts_with("crates/") || path.starts_with("sdk/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_in_the_wrong_file_is_found() {
        let text = "fn f() { std::time::SystemTime::now(); }\n\
                    #[allow(clippy::disallowed_methods)]\nfn g() { env::var(\"A\"); }\n\
                    #[cfg(test)]\nmod tests { fn t() { Instant::now(); } }";
        let tree = Tree::of(&[
            ("crates/keystead-core/src/users.rs", text),
            ("crates/keystead-core/src/clock.rs", "fn f() { SystemTime::now(); }"),
            ("crates/keystead/tests/it/main.rs", text),
        ]);
        let found: Vec<(String, usize)> =
            sources(&tree).into_iter().map(|f| (f.path, f.line)).collect();
        let users = "crates/keystead-core/src/users.rs".to_owned();
        assert_eq!(found, [(users.clone(), 1), (users.clone(), 3), (users, 2)]);
    }
}
