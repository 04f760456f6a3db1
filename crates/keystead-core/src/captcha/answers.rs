//! The characters of the newest captchas, for tests of a development server. Nothing is kept unless
//! the leaf attaches this: no other server ever knows what it asked.

use keystead_model::Secret;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// How many are kept; the oldest go first.
const KEPT: usize = 1_000;

/// Tokens and characters. Clones share them.
#[derive(Clone, Default)]
pub struct Answers(Arc<Mutex<VecDeque<(Secret, Secret)>>>);

impl Answers {
    /// The characters of the captcha with this token.
    #[must_use]
    pub fn of(&self, token: &str) -> Option<Secret> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known.expose() == token).map(|(_, code)| code.clone())
    }

    pub(super) fn keep(&self, token: &Secret, code: &Secret) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back((token.clone(), code.clone()));
    }
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Answers")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_thousand_are_known() {
        let answers = Answers::default();
        let secret = |n: usize| Secret::new(n.to_string());
        (0..=KEPT).for_each(|n| answers.clone().keep(&secret(n), &secret(n + 1)));
        assert!(answers.of("0").is_none());
        assert_eq!(answers.of("7").unwrap().expose(), "8");
    }
}
