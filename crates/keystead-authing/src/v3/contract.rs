//! The paths of V3's contract: an operation that is not built yet is told from a misspelt path.

use std::collections::HashSet;
use std::sync::LazyLock;

/// One path a line, taken from `conformance/data/v3_methods.tsv`.
const PATHS: &str = include_str!("contract_paths.txt");

static KNOWN: LazyLock<HashSet<&str>> = LazyLock::new(|| PATHS.lines().collect());

/// Whether the contract has this path. Some SDK methods send their placeholders percent-encoded
/// instead of filling them in (V3 contract, section 5), so these count as well.
#[must_use]
pub fn has(path: &str) -> bool {
    KNOWN.contains(path) || KNOWN.contains(path.replace("%7B", "{").replace("%7D", "}").as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_known_and_unknown() {
        assert!(has("/api/v3/list-ext-idp") && has("/api/v3/ip-list/%7Bid%7D"));
        assert!(!has("/api/v3/make-coffee") && !has("/api/v3/"));
    }

    #[test]
    fn the_list_is_the_contract_s() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/data/v3_methods.tsv");
        let table = std::fs::read_to_string(root).unwrap();
        let paths = table.lines().skip(1).filter_map(|line| line.split('\t').nth(3));
        let v3: HashSet<&str> =
            paths.filter(|path| path.starts_with("/api/v3/") && !path.contains(' ')).collect();
        let missing: Vec<_> = v3.iter().filter(|path| !has(path)).collect();
        assert!(missing.is_empty(), "not in contract_paths.txt: {missing:?}");
    }
}
