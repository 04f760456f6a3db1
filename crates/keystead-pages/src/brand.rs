//! How a pool presents itself on its pages.

use serde::Serialize;

/// The longest name shown, in characters.
const NAME_MAX: usize = 80;

/// What stands for the pool or the application on every page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Brand {
    name: String,
}

impl Brand {
    /// A brand with this name; blanks and control characters become single spaces, and a long
    /// name is cut. An empty name is the default brand.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let spaced: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let name: String = words.join(" ").chars().take(NAME_MAX).collect();
        if name.is_empty() { Self::default() } else { Self { name } }
    }

    /// The name as shown.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Default for Brand {
    /// The product's own name.
    fn default() -> Self {
        Self { name: "Keystead".to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_fit_to_show() {
        for (given, want) in [
            ("Larkfield", "Larkfield"),
            (" a\r\n  b\u{0} ", "a b"),
            (" \n", "Keystead"),
            ("云雀书店", "云雀书店"),
        ] {
            assert_eq!(Brand::new(given).name(), want);
        }
        assert_eq!(Brand::new(&"长".repeat(200)).name().chars().count(), NAME_MAX);
    }
}
