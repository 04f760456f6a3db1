//! The words by which keywords find a user (`model.md` 8).

use crate::cx::Cx;
use keystead_model::keys::fold;
use keystead_model::{Result, UserId};
use keystead_store::users::{self as rows, User, UserKey};

/// Words of one user at most.
const MOST: usize = 12;
/// Characters of one word at most.
const LONGEST: usize = 64;

/// Writes the words of a user anew, after their row was written by another way than an update.
///
/// # Errors
/// Faults of the store.
pub(crate) async fn refresh(cx: &mut Cx, id: UserId) -> Result<()> {
    let mut s = cx.store();
    if let Some(user) = rows::by_key(&mut s, UserKey::Id, &id.to_string()).await? {
        rows::set_terms(&mut s, id, &of(&user), false).await?;
    }
    Ok(())
}

/// The words of a user, each with the field it came from.
pub(super) fn of(user: &User) -> Vec<(String, &'static str)> {
    let mut terms = Vec::new();
    let names = [
        ("name", &user.name),
        ("nickname", &user.nickname),
        ("givenName", &user.given_name),
        ("familyName", &user.family_name),
    ];
    let domain = user.email.as_deref().and_then(|email| email.rsplit_once('@'));
    add(&mut terms, "email", domain.map(|(_, domain)| domain.to_owned()));
    let digits = user.phone.as_deref().unwrap_or_default().chars().rev().take(4);
    let digits: Vec<char> = digits.collect();
    let last: String = digits.into_iter().rev().collect();
    add(&mut terms, "phone", Some(last).filter(|last| last.len() == 4));
    for (field, text) in names {
        for word in words(text.as_deref().unwrap_or_default()) {
            add(&mut terms, field, Some(word));
        }
    }
    terms.truncate(MOST);
    terms
}

/// The words of a text, folded. In scripts without spaces one begins at each character.
pub(super) fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut words = Vec::new();
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let starts = word.char_indices().filter(|(at, c)| *at == 0 || is_spaceless(*c));
        let from = starts.filter_map(|(at, _)| word.get(at..));
        words.extend(from.map(|word| word.chars().take(LONGEST).collect::<String>()));
    }
    words
}

/// Whether a character belongs to a script that is written without spaces.
fn is_spaceless(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}'
    )
}

fn add(terms: &mut Vec<(String, &'static str)>, field: &'static str, word: Option<String>) {
    if let Some(word) = word
        && !terms.iter().any(|(own, of)| *own == word && *of == field)
    {
        terms.push((word, field));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_where_a_reader_begins() {
        assert_eq!(words("Ann-Marie  O'Neil"), ["ann", "marie", "o", "neil"]);
        assert_eq!(words("王小明"), ["王小明", "小明", "明"]);
        assert_eq!(words("ＡＮＮ"), ["ann"]);
        assert!(words(" - ").is_empty());
    }
}
