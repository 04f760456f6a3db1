//! Which passwords may be set, and how strong one looks (`signin.md` 7.1).

use keystead_model::settings::PasswordPolicy;
use zxcvbn::zxcvbn;

/// Lengths under the standard policy, in characters.
const STANDARD: std::ops::RangeInclusive<usize> = 8..=128;
/// Lengths under the policy `any`, in characters.
const ANY: std::ops::RangeInclusive<usize> = 1..=128;

/// Fewer guesses than these and a password counts as common.
///
/// zxcvbn counts the guesses of an attacker who tries its lists of leaked passwords, names and
/// English words first, with the usual letter swaps, then keyboard paths, dates and repeats. A
/// word of its lists stays below a million (10^6), nearly always also with swapped letters or with
/// a digit or a year behind it. Eight random characters or three unrelated words lie far above.
const COMMON_BELOW: f64 = 6.0;

/// What a password breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Too few characters.
    Short,
    /// Too many characters.
    Long,
    /// On the lists of common passwords, or guessed from them at once.
    Common,
    /// One of the account's own names, or little more.
    OwnName,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 4] = [Self::Short, Self::Long, Self::Common, Self::OwnName];

    /// Its key in answers and in the locale files.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Long => "long",
            Self::Common => "common",
            Self::OwnName => "own_name",
        }
    }
}

/// Checks a password that somebody wants to set.
///
/// `own_names` are the account's user name, addresses, phone number and names as stored; parts of
/// an address count by themselves. Takes up to a few milliseconds: run it where hashes run.
///
/// # Errors
/// The first rule that is broken.
pub fn check(policy: PasswordPolicy, password: &str, own_names: &[&str]) -> Result<(), Rule> {
    let lengths = match policy {
        PasswordPolicy::Standard => STANDARD,
        PasswordPolicy::Any => ANY,
    };
    let length = password.chars().count();
    if length < *lengths.start() {
        return Err(Rule::Short);
    }
    if length > *lengths.end() || password.len() > super::MAX_BYTES {
        return Err(Rule::Long);
    }
    match policy {
        PasswordPolicy::Any => Ok(()),
        PasswordPolicy::Standard => guessable(password, own_names),
    }
}

/// How strong a password looks, 1 to 3, computed once when it is set: 3 = 12 characters with
/// lower and upper case and a digit; 2 = 8 with a letter and a digit; else 1.
#[must_use]
pub fn strength(password: &str) -> u8 {
    let length = password.chars().count();
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    let digit = has(|c| c.is_ascii_digit());
    if length >= 12 && digit && has(char::is_lowercase) && has(char::is_uppercase) {
        3
    } else if length >= 8 && digit && has(char::is_alphabetic) {
        2
    } else {
        1
    }
}

fn guessable(password: &str, own_names: &[&str]) -> Result<(), Rule> {
    let names = names(own_names);
    let lower = password.to_lowercase();
    // What is left of the password without the account's names has to carry it alone.
    let rest = names.iter().fold(lower.clone(), |rest, name| rest.replace(name.as_str(), ""));
    if rest.chars().count() < 4 {
        return Err(Rule::OwnName);
    }
    if zxcvbn(password, &[]).guesses_log10() < COMMON_BELOW {
        return Err(Rule::Common);
    }
    if names.iter().any(|name| name.contains(&lower)) {
        return Err(Rule::OwnName);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // The names as a list of their own: this finds them reversed, or with swapped letters.
    if zxcvbn(password, &names).guesses_log10() < COMMON_BELOW {
        return Err(Rule::OwnName);
    }
    Ok(())
}

/// The names in lower case with the parts of addresses; longest first, so that an address is
/// taken out before its parts. Names of one or two letters would match anywhere.
fn names(own: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = own
        .iter()
        .flat_map(|name| std::iter::once(*name).chain(name.split(['@', '.', ' ', '+', '-', '_'])))
        .map(str::to_lowercase)
        .filter(|name| name.chars().count() >= 3)
        .take(64)
        .collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard() {
        let own = ["mina", "Mina.Okafor@example.com", "+8613975024681", "Mina Okafor"];
        let long = "x7".repeat(65);
        for (password, want) in [
            ("", Err(Rule::Short)),
            ("test", Err(Rule::Short)),
            ("kR8#q2z", Err(Rule::Short)),
            ("密码密码密码密", Err(Rule::Short)),
            (&long, Err(Rule::Long)),
            ("passw0rd", Err(Rule::Common)),
            ("Passw0rd!", Err(Rule::Common)),
            ("password", Err(Rule::Common)),
            ("12345678", Err(Rule::Common)),
            ("qwertyuiop", Err(Rule::Common)),
            ("aaaaaaaaaaaa", Err(Rule::Common)),
            ("iloveyou2", Err(Rule::Common)),
            ("Summer2024", Err(Rule::Common)),
            ("abcdefgh", Err(Rule::Common)),
            ("mina.okafor@example.com", Err(Rule::OwnName)),
            ("MinaOkafor", Err(Rule::OwnName)),
            ("minaokafor1!", Err(Rule::OwnName)),
            ("13975024681", Err(Rule::OwnName)),
            ("rofako12", Err(Rule::OwnName)),
            ("0kaf0r77", Err(Rule::OwnName)),
            ("kR8#q2zL", Ok(())),
            ("fumble lantern orbit", Ok(())),
            ("correct horse battery staple", Ok(())),
            ("Tr7-gx9.Wq", Ok(())),
            ("这是一个很长的密码句子", Ok(())),
        ] {
            assert_eq!(check(PasswordPolicy::Standard, password, &own), want, "{password}");
        }
    }

    #[test]
    fn any() {
        let longest = "😀".repeat(128);
        for (password, want) in [
            ("", Err(Rule::Short)),
            ("a", Ok(())),
            ("passw0rd", Ok(())),
            ("mina", Ok(())),
            (&longest, Ok(())),
            (&"a".repeat(129), Err(Rule::Long)),
        ] {
            assert_eq!(check(PasswordPolicy::Any, password, &["mina"]), want, "{password}");
        }
        assert!(longest.len() <= crate::passwords::MAX_BYTES);
    }

    #[test]
    fn strengths() {
        for (password, want) in [
            ("", 1),
            ("abcdefgh", 1),
            ("12345678", 1),
            ("abc1", 1),
            ("abcdefg1", 2),
            ("ABCDEFGHIJKL1", 2),
            ("Abcdefghijk1", 3),
            ("Abcdefghij1", 2),
        ] {
            assert_eq!(strength(password), want, "{password}");
        }
    }

    #[test]
    fn keys_are_distinct() {
        let keys: std::collections::HashSet<_> = Rule::ALL.iter().map(|r| r.key()).collect();
        assert_eq!(keys.len(), Rule::ALL.len());
    }
}
