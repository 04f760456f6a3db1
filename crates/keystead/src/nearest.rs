//! The known name that was probably meant by one that nobody knows.

/// From which likeness on (0 to 1) a known name is offered.
const LIKENESS: f64 = 0.5;

/// The known name most like this one, if any is like it.
pub(crate) fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    known
        .map(|known| (strsim::normalized_damerau_levenshtein(name, known), known))
        .filter(|(likeness, _)| *likeness >= LIKENESS)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_mended_and_nonsense_is_not() {
        let known = || ["password", "phone", "email"].into_iter();
        assert_eq!(nearest("pasword", known()), Some("password"));
        assert_eq!(nearest("mail", known()), Some("email"));
        assert_eq!(nearest("xyz", known()), None);
    }
}
