//! `sql!`: one text for both engines, its column lists filled in by the compiler.
//!
//! The functions here run at build time: a wrong text stops the build with a message. That is why
//! they index and panic, which nothing else may.
#![allow(clippy::indexing_slicing, clippy::panic)]

/// A text with the columns of its rows: `sql!("SELECT {Role} FROM roles WHERE ..", Role)`.
///
/// `{u.User}` writes `u.id, u.name, ..`. `SELECT *`, an unknown name and a row that is not used
/// stop the build.
#[macro_export]
macro_rules! sql {
    ($text:literal $(, $row:ty)* $(,)?) => {{
        const ROWS: &[(&str, &[&str])] =
            &[$((stringify!($row), <$row as $crate::FromRow>::COLUMNS)),*];
        const LEN: usize = $crate::sql::splice::<0>($text, ROWS).1;
        const BYTES: [u8; LEN] = $crate::sql::splice::<LEN>($text, ROWS).0;
        const TEXT: &str = $crate::sql::as_text(&BYTES);
        TEXT
    }};
}

/// The bytes as a text; they came from texts.
#[must_use]
pub const fn as_text(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("the text is not UTF-8"),
    }
}

/// Puts column lists in place of `{Row}` and `{alias.Row}`. `N = 0` counts the bytes, `N` = that
/// number writes them.
#[must_use]
pub const fn splice<const N: usize>(text: &str, rows: &[(&str, &[&str])]) -> ([u8; N], usize) {
    let from = text.as_bytes();
    let (mut out, mut len, mut at) = ([0; N], 0, 0);
    let mut quoted = false;
    let mut used = 0_u64;
    while at < from.len() {
        let byte = from[at];
        if byte == b'\'' {
            quoted = !quoted;
        }
        if byte == b'{' && !quoted {
            let end = find(from, at, b'}');
            let dot = find_or(from, at, end, b'.');
            let name_from = if dot < end { dot + 1 } else { at + 1 };
            let row = named(from, name_from, end, rows);
            used |= 1 << row;
            let alias = (at + 1, name_from);
            (out, len) = columns(out, len, (from, alias), rows[row].1);
            at = end + 1;
            continue;
        }
        if byte == b'*' && !quoted && is_all_columns(from, at) {
            panic!("`*` takes whatever columns there are: name a row, as in SELECT {{Role}}");
        }
        out = put(out, len, byte);
        len += 1;
        at += 1;
    }
    if used.count_ones() as usize != rows.len() {
        panic!("a row is given to sql! that its text does not use");
    }
    (out, len)
}

/// Writes a column list, each name behind its alias (`from[alias]`, with its point).
const fn columns<const N: usize>(
    mut out: [u8; N],
    mut len: usize,
    alias: (&[u8], (usize, usize)),
    names: &[&str],
) -> ([u8; N], usize) {
    if names.is_empty() {
        panic!("a row without columns of its own cannot stand in a text");
    }
    let (from, (start, end)) = alias;
    let mut n = 0;
    while n < names.len() {
        if n > 0 {
            out = put(put(out, len, b','), len + 1, b' ');
            len += 2;
        }
        let mut at = start;
        while at < end {
            out = put(out, len, from[at]);
            (len, at) = (len + 1, at + 1);
        }
        let name = names[n].as_bytes();
        let mut at = 0;
        while at < name.len() {
            out = put(out, len, name[at]);
            (len, at) = (len + 1, at + 1);
        }
        n += 1;
    }
    (out, len)
}

const fn put<const N: usize>(mut out: [u8; N], at: usize, byte: u8) -> [u8; N] {
    if N > 0 {
        out[at] = byte;
    }
    out
}

const fn find(from: &[u8], start: usize, byte: u8) -> usize {
    let at = find_or(from, start, from.len(), byte);
    if at == from.len() {
        panic!("a brace is not closed");
    }
    at
}

const fn find_or(from: &[u8], start: usize, end: usize, byte: u8) -> usize {
    let mut at = start;
    while at < end && from[at] != byte {
        at += 1;
    }
    at
}

/// The place of the row whose name stands at `start..end`.
const fn named(from: &[u8], start: usize, end: usize, rows: &[(&str, &[&str])]) -> usize {
    let mut n = 0;
    while n < rows.len() {
        let name = rows[n].0.as_bytes();
        let mut same = name.len() == end - start;
        let mut at = 0;
        while same && at < name.len() {
            same = name[at] == from[start + at];
            at += 1;
        }
        if same {
            return n;
        }
        n += 1;
    }
    panic!("the text names a row that is not given to sql!")
}

/// Whether the star at `at` means "all columns", not "times" and not `count(*)`.
const fn is_all_columns(from: &[u8], at: usize) -> bool {
    let mut end = at;
    while end > 0 && from[end - 1].is_ascii_whitespace() {
        end -= 1;
    }
    if end == 0 {
        return true;
    }
    let mut start = end;
    while start > 0 && (from[start - 1].is_ascii_alphanumeric() || from[start - 1] == b'_') {
        start -= 1;
    }
    if start == end {
        return matches!(from[end - 1], b'.' | b',');
    }
    let mut n = 0;
    while n < BEFORE_ALL.len() {
        let word = BEFORE_ALL[n];
        let mut same = word.len() == end - start;
        let mut k = 0;
        while same && k < word.len() {
            same = word[k] == from[start + k].to_ascii_uppercase();
            k += 1;
        }
        if same {
            return true;
        }
        n += 1;
    }
    false
}

/// Words after which a star means "all columns".
const BEFORE_ALL: &[&[u8]] = &[b"SELECT", b"RETURNING", b"DISTINCT", b"ALL"];

/// Whether a text only reads: `SELECT`, or `WITH` without a word that writes.
#[must_use]
pub fn is_read(text: &str) -> bool {
    let mut words = text
        .split('\'')
        .step_by(2)
        .flat_map(|part| part.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')))
        .filter(|word| !word.is_empty());
    let is = |word: &str, any: &[&str]| any.iter().any(|a| word.eq_ignore_ascii_case(a));
    match words.next() {
        Some(first) if is(first, &["SELECT"]) => true,
        Some(first) if is(first, &["WITH"]) => {
            !words.any(|word| is(word, &["INSERT", "UPDATE", "DELETE"]))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row;

    const ROWS: &[(&str, &[&str])] = &[("Role", &["id", "code"]), ("User", &["id"])];

    fn text(text: &str, rows: &[(&str, &[&str])]) -> String {
        let (bytes, len) = splice::<200>(text, rows);
        assert_eq!(splice::<0>(text, rows).1, len);
        as_text(&bytes[..len]).to_owned()
    }

    #[test]
    fn columns_stand_in_place_of_names() {
        row! { #[allow(dead_code)] struct Role { id: String, r#use: bool } }
        assert_eq!(sql!("SELECT {Role} FROM r", Role), "SELECT id, use FROM r");
        assert_eq!(sql!("DELETE FROM roles"), "DELETE FROM roles");
        assert_eq!(
            text("SELECT {u.User}, {r.Role} FROM r", ROWS),
            "SELECT u.id, r.id, r.code FROM r"
        );
        assert_eq!(
            text("SELECT '{}', n*2, count(*), 'ü*'", &[]),
            "SELECT '{}', n*2, count(*), 'ü*'"
        );
    }

    #[test]
    fn a_wrong_text_stops_the_build() {
        for wrong in [
            "SELECT * FROM r",
            "SELECT\n  * FROM r",
            "SELECT r.* FROM r",
            "SELECT a, * FROM r",
            "UPDATE r SET a = 1 returning *",
            "SELECT {Nobody} FROM r",
            "SELECT {Role FROM r",
            "SELECT {} FROM r",
            "SELECT {Role} FROM r",
        ] {
            // Both rows are given, so a text that uses one alone is wrong too.
            let built = std::panic::catch_unwind(|| splice::<0>(wrong, ROWS));
            assert!(built.is_err(), "{wrong}");
        }
    }

    #[test]
    fn reads_are_told_from_writes() {
        for (text, read) in [
            ("SELECT 1", true),
            ("  select 'UPDATE'", true),
            ("WITH a AS (SELECT 'x delete') SELECT n FROM a", true),
            ("WITH a AS (SELECT updated_at FROM r) SELECT n FROM a", true),
            ("WITH a AS (SELECT 1) DELETE FROM r", false),
            ("INSERT INTO r SELECT 1", false),
            ("UPDATE r SET a = 1", false),
            ("", false),
        ] {
            assert_eq!(is_read(text), read, "{text}");
        }
    }
}
