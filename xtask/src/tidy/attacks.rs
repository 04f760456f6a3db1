//! The table of attacks: what it names is a test, and each attack that a test names has its row.

use super::Finding;
use super::tree::{File, Tree};
use std::collections::{BTreeMap, BTreeSet};

const TABLE: &str = "docs/attacks.md";
/// How a test of an attack begins, before its number.
const MARK: &str = concat!("atta", "ck_");

/// Every test that the table names exists, and every number that a test names is a row.
pub fn table(tree: &Tree) -> Vec<Finding> {
    let Some(table) = tree.files.iter().find(|file| file.path == TABLE) else {
        return vec![Finding::new(TABLE, 0, "the table of attacks is missing")];
    };
    let mut there: BTreeMap<String, &str> = BTreeMap::new();
    for file in tree.files.iter().filter(|file| file.is_rust() || file.path.ends_with(".mjs")) {
        there.extend(tests(file).into_iter().map(|name| (name, file.path.as_str())));
    }
    let mut findings = Vec::new();
    let mut rows = BTreeSet::new();
    for (index, line) in table.text.lines().enumerate().filter(|(_, line)| line.starts_with('|')) {
        rows.extend(line.split('|').nth(1).and_then(|cell| cell.trim().parse::<u32>().ok()));
        let quoted = line.split('`').skip(1).step_by(2).filter(|name| name.starts_with(MARK));
        for name in quoted.filter(|name| !there.contains_key(*name)) {
            let what = format!("no test is named `{name}`");
            findings.push(Finding::new(TABLE, index + 1, what));
        }
    }
    for (name, path) in there {
        if number(&name).is_some_and(|number| !rows.contains(&number)) {
            findings.push(Finding::new(path, 0, format!("`{name}`: {TABLE} has no such row")));
        }
    }
    findings
}

/// The names of tests of attacks in a file: functions, and what stands in quotes.
fn tests(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in file.text.match_indices(MARK) {
        let (before, rest) = file.text.split_at(at);
        let end = if before.ends_with("fn ") {
            rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        } else if before.ends_with('\'') {
            rest.find('\'')
        } else {
            None
        };
        found.extend(end.and_then(|end| rest.get(..end)).map(str::to_owned));
    }
    found
}

fn number(name: &str) -> Option<u32> {
    name.strip_prefix(MARK)?.get(..2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_is_not_there_and_a_row_that_is_not_there_are_found() {
        let rust = format!("fn {MARK}02_twice() {{}}");
        let node = format!("test('{MARK}09 wider, than asked', f);\ntest('{MARK}03', f)");
        let table = format!("| 2 | code | `{MARK}02_twice`, `{MARK}02_thrice` |\n| 9 | scope | |");
        let tree = Tree::of(&[("a.rs", &rust), ("a.test.mjs", &node), (TABLE, &table)]);
        let found = super::table(&tree);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.iter().any(|one| one.what.contains("02_thrice")));
        assert!(found.iter().any(|one| one.what.contains("03")));
        assert_eq!(super::table(&Tree::of(&[])).len(), 1);
    }
}
