//! How much of each dialect is known, implemented, and covered through the unmodified SDK.

mod known;
mod rows;

use anyhow::{Context, Result};
use known::Known;
use rows::Row;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// Methods that have a row but no test of the unmodified SDK; may only shrink.
const UNCOVERED: &str = "conformance/uncovered.txt";
/// One file per package: `client <tab> method`, written by its suite.
const COVERED: &str = "conformance/covered";

/// What is known of one area.
#[derive(Default)]
struct Counts {
    known: usize,
    implemented: usize,
    covered: usize,
}

/// Prints the table; with `check`, also holds the uncovered methods against their list.
pub fn run(root: &Path, check: bool) -> Result<(String, bool)> {
    let known = known::read(&root.join("conformance/data"))?;
    let rows = rows::read(root)?;
    let covered = covered(&root.join(COVERED))?;
    let mut text = table(&known, &rows, &covered)?;
    if !check {
        return Ok((text, true));
    }
    let path = root.join(UNCOVERED);
    let listed =
        std::fs::read_to_string(&path).with_context(|| format!("cannot read {UNCOVERED}"))?;
    let problems = compare(&listed, &uncovered(&known, &rows, &covered));
    for problem in &problems {
        writeln!(text, "{UNCOVERED}: {problem}")?;
    }
    writeln!(text, "{} passed, {} failed", usize::from(problems.is_empty()), problems.len())?;
    Ok((text, problems.is_empty()))
}

fn table(known: &[Known], rows: &[Row], covered: &BTreeSet<String>) -> Result<String> {
    let mut areas: BTreeMap<(&str, &str), Counts> = BTreeMap::new();
    for method in known {
        for area in [method.area.as_str(), "all"] {
            let counts = areas.entry((method.dialect, area)).or_default();
            counts.known += 1;
            counts.implemented += usize::from(method.is_implemented(rows));
            counts.covered += usize::from(covered.contains(&method.id()));
        }
    }
    let mut text = String::new();
    writeln!(
        text,
        "{:10} {:44} {:>6} {:>12} {:>8}",
        "dialect", "area", "known", "implemented", "covered"
    )?;
    for ((dialect, area), Counts { known, implemented, covered }) in areas {
        writeln!(text, "{dialect:10} {area:44.44} {known:6} {implemented:12} {covered:8}")?;
    }
    Ok(text)
}

/// Methods with a row that no test of the unmodified SDK calls.
fn uncovered(known: &[Known], rows: &[Row], covered: &BTreeSet<String>) -> BTreeSet<String> {
    let open = known.iter().filter(|m| m.is_implemented(rows)).map(Known::id);
    open.filter(|id| !covered.contains(id)).collect()
}

/// What the list lacks, and what it still has though it is covered or gone.
fn compare(listed: &str, uncovered: &BTreeSet<String>) -> Vec<String> {
    let listed: BTreeSet<&str> = listed.lines().filter(|l| !l.is_empty()).collect();
    let now: BTreeSet<&str> = uncovered.iter().map(String::as_str).collect();
    let grown = now.difference(&listed).map(|m| format!("`{m}` has a row and no test: add a test"));
    let done =
        listed.difference(&now).map(|m| format!("`{m}` is covered or gone: delete its line"));
    grown.chain(done).collect()
}

/// Ids of the covered methods, from the files that the suites write.
fn covered(folder: &Path) -> Result<BTreeSet<String>> {
    let mut covered = BTreeSet::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {COVERED}"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(dialect) = dialect_of_package(&name) else { continue };
        for line in std::fs::read_to_string(&path)?.lines() {
            covered.insert(format!("{dialect} {}", line.replace('\t', ".")));
        }
    }
    Ok(covered)
}

fn dialect_of_package(file: &str) -> Option<&'static str> {
    let dialects = [("authing-node-sdk@", "v3"), ("authing-js-sdk@", "v2"), ("auth0@", "auth0")];
    dialects.iter().find(|(package, _)| file.starts_with(package)).map(|(_, dialect)| *dialect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_may_neither_grow_nor_keep_what_is_done() {
        let now: BTreeSet<String> = ["v3 A.a", "v3 A.b"].map(str::to_owned).into();
        assert_eq!(compare("v3 A.a\nv3 A.b\n", &now), Vec::<String>::new());
        let problems = compare("v3 A.a\nv3 A.c\n", &now);
        assert_eq!(problems.len(), 2);
        assert!(problems.iter().any(|p| p.contains("`v3 A.b` has a row")));
        assert!(problems.iter().any(|p| p.contains("`v3 A.c` is covered")));
    }

    #[test]
    fn the_files_of_packages_name_their_dialect() {
        assert_eq!(dialect_of_package("authing-node-sdk@4.0.1.tsv"), Some("v3"));
        assert_eq!(dialect_of_package("openid-client@6.tsv"), None);
    }
}
