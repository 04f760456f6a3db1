//! Invariant 8: limits on files, lines, functions and parameters.

use super::Finding;
use super::tree::{File, Tree};

/// Non-test lines a file may have.
const FILE_LINES: usize = 400;
/// Columns a line may have.
const COLUMNS: usize = 100;
/// Files that may be longer, and why.
const LONGER: &[(&str, &str)] = &[];

/// No file over 400 non-test lines.
pub fn files(tree: &Tree) -> Vec<Finding> {
    let long = |file: &&File| {
        !file.is_test()
            && product_lines(&file.text) > FILE_LINES
            && !LONGER.iter().any(|(path, _)| *path == file.path)
    };
    let finding = |file: &File| {
        let n = product_lines(&file.text);
        Finding::new(&file.path, n, format!("{n} non-test lines, {FILE_LINES} allowed: split it"))
    };
    tree.rust().filter(long).map(finding).collect()
}

/// No line of Rust or shell over 100 columns.
pub fn lines(tree: &Tree) -> Vec<Finding> {
    let code = |f: &&File| {
        let ours = [".rs", ".mjs", ".js", ".sh"].iter().any(|end| f.path.ends_with(end));
        ours || f.text.starts_with("#!")
    };
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(code) {
        for (index, line) in file.text.lines().enumerate() {
            let columns = line.chars().count();
            if columns > COLUMNS {
                let what = format!("{columns} columns, {COLUMNS} allowed");
                findings.push(Finding::new(&file.path, index + 1, what));
            }
        }
    }
    findings
}

/// Clippy counts lines of functions and parameters; nobody may switch that off or widen it.
pub fn clippy_limits(tree: &Tree) -> Vec<Finding> {
    const LIMITS: &[&str] = &["too-many-lines-threshold = 70", "too-many-arguments-threshold = 5"];
    const LEVELS: &[&str] = &["too_many_lines = \"deny\"", "too_many_arguments = \"deny\""];
    let mut findings = must_say(tree, "clippy.toml", LIMITS);
    findings.extend(must_say(tree, "Cargo.toml", LEVELS));
    for file in tree.rust() {
        for lint in ["too_many_lines", "too_many_arguments"] {
            // Put together here, so that this file does not hold what it looks for.
            let name = format!("clippy::{lint}");
            for (index, line) in file.text.lines().enumerate() {
                if line.contains(&name) && (line.contains("allow(") || line.contains("expect(")) {
                    findings.push(Finding::new(
                        &file.path,
                        index + 1,
                        "split the function instead",
                    ));
                }
            }
        }
    }
    findings
}

fn must_say(tree: &Tree, path: &str, lines: &[&str]) -> Vec<Finding> {
    let text = tree.files.iter().find(|f| f.path == path).map_or("", |f| f.text.as_str());
    let missing = lines.iter().filter(|line| !text.contains(**line));
    missing.map(|line| Finding::new(path, 0, format!("must say `{line}`"))).collect()
}

/// Lines up to the tests, which stand last in a file.
fn product_lines(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let tests = |pair: &[&str]| match pair {
        [attribute, item] => *attribute == "#[cfg(test)]" && item.starts_with("mod "),
        _ => false,
    };
    lines.windows(2).position(tests).unwrap_or(lines.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_is_found_and_its_tests_do_not_count() {
        let long = "x\n".repeat(401);
        let tested = format!("{}#[cfg(test)]\nmod tests {{\n{}}}\n", "x\n".repeat(400), long);
        let tree = Tree::of(&[
            ("a/src/long.rs", &long),
            ("a/src/tested.rs", &tested),
            ("a/tests/it/main.rs", &long),
        ]);
        let found: Vec<String> = files(&tree).into_iter().map(|f| f.path).collect();
        assert_eq!(found, ["a/src/long.rs"]);
    }

    #[test]
    fn a_wide_line_is_found_by_characters_not_bytes() {
        let (wide, full) = ("é".repeat(101), "é".repeat(100));
        let tree = Tree::of(&[("a.rs", &format!("{full}\n{wide}\n")), ("a.md", &wide)]);
        let found: Vec<usize> = lines(&tree).into_iter().map(|f| f.line).collect();
        assert_eq!(found, [2]);
    }

    #[test]
    fn a_wider_limit_and_an_exception_are_found() {
        let limits = "too-many-lines-threshold = 70\ntoo-many-arguments-threshold = 5\n";
        let levels = "too_many_lines = \"deny\"\ntoo_many_arguments = \"deny\"\n";
        let good = [("clippy.toml", limits), ("Cargo.toml", levels)];
        assert_eq!(clippy_limits(&Tree::of(&good)), []);
        let escape = concat!("#[allow(clippy::", "too_many_lines)]\nfn f() {}");
        let bad = [("clippy.toml", "too-many-lines-threshold = 71\n"), good[1], ("a.rs", escape)];
        assert_eq!(clippy_limits(&Tree::of(&bad)).len(), 2 + 1);
    }
}
