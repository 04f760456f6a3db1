//! From what a message was asked for, as a person knows it: a browser and a system.
//!
//! A user agent is a text of strangers. Nothing of it is repeated: only names of these lists.

/// Names of browsers by a part of their user agent, the more special ones first.
const BROWSERS: &[(&str, &str)] = &[
    ("MicroMessenger/", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Names of systems, the more special ones first.
const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// A browser on a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agent {
    /// The browser.
    pub browser: &'static str,
    /// The system.
    pub system: &'static str,
}

impl Agent {
    /// What this user agent says it is; `None` when it is none that we know.
    #[must_use]
    pub fn read(user_agent: &str) -> Option<Self> {
        let first = |names: &'static [(&str, &'static str)]| {
            names.iter().find(|(part, _)| user_agent.contains(part)).map(|(_, name)| *name)
        };
        Some(Self { browser: first(BROWSERS)?, system: first(SYSTEMS)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_and_nothing_else() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like \
                    Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0";
        assert_eq!(Agent::read(edge), Some(Agent { browser: "Edge", system: "Windows" }));
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 \
                      (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
        assert_eq!(Agent::read(safari), Some(Agent { browser: "Safari", system: "iPhone" }));
        for strange in ["", "axios/1.2", "<b>Visit evil.example</b>", "Firefox/1\r\nBcc: x"] {
            assert_eq!(Agent::read(strange), None, "{strange}");
        }
    }
}
