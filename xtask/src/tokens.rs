//! Rust text as one flat list of tokens, without comments, and without test items.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::str::FromStr;

/// A token and its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its text; a delimiter is a token of its own.
    pub text: String,
    /// The value, when it is a string literal.
    pub string: Option<String>,
    /// Its line, from 1.
    pub line: usize,
}

/// The tokens of a file, items under `#[cfg(test)]` left out.
///
/// A file that cannot be read as tokens has none: the compiler says why.
pub fn product(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    if let Ok(stream) = TokenStream::from_str(text) {
        flatten(stream, &mut tokens);
    }
    tokens
}

fn flatten(stream: TokenStream, out: &mut Vec<Token>) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        if is_hash(&tree) && trees.peek().is_some_and(is_cfg_test) {
            trees.next();
            skip_item(&mut trees);
            continue;
        }
        match tree {
            TokenTree::Group(group) => flatten_group(&group, out),
            other => out.push(leaf(&other)),
        }
    }
}

/// Passes over one item: up to its braces or its semicolon.
fn skip_item(trees: &mut impl Iterator<Item = TokenTree>) {
    for tree in trees {
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return,
            TokenTree::Punct(mark) if mark.as_char() == ';' => return,
            _ => {}
        }
    }
}

fn flatten_group(group: &Group, out: &mut Vec<Token>) {
    let (open, close) = match group.delimiter() {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    };
    let token = |text: &str, line| Token { text: text.to_owned(), string: None, line };
    out.push(token(open, group.span_open().start().line));
    flatten(group.stream(), out);
    out.push(token(close, group.span_close().start().line));
}

fn leaf(tree: &TokenTree) -> Token {
    let string = match tree {
        TokenTree::Literal(literal) => match syn::Lit::new(literal.clone()) {
            syn::Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    };
    Token { text: tree.to_string(), string, line: tree.span().start().line }
}

fn is_hash(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(mark) if mark.as_char() == '#')
}

fn is_cfg_test(tree: &TokenTree) -> bool {
    let TokenTree::Group(group) = tree else { return false };
    let text: String = group.stream().to_string().split_whitespace().collect();
    text.starts_with("cfg(test") || text.starts_with("cfg(all(test")
}

/// Lines on which these texts follow one another.
pub fn lines_of(tokens: &[Token], wanted: &[&str]) -> Vec<usize> {
    let fits = |window: &&[Token]| window.iter().zip(wanted).all(|(t, w)| t.text == *w);
    let first = |window: &[Token]| window.first().map(|t| t.line);
    tokens.windows(wanted.len()).filter(fits).filter_map(first).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_tests_are_left_out_and_strings_are_read() {
        let text =
            "// a\nfn f() { g(\"x\\\n   y\") }\n#[cfg(test)]\nmod tests { fn t() {} }\nfn h() {}";
        let tokens = product(text);
        let texts: Vec<&str> = tokens.iter().map(|t| t.text.as_str()).collect();
        assert!(texts.contains(&"h") && !texts.contains(&"t") && !texts.contains(&"a"));
        let strings: Vec<_> = tokens.iter().filter_map(|t| t.string.clone()).collect();
        assert_eq!(strings, ["xy"]);
        assert_eq!(lines_of(&tokens, &["fn", "h"]), [6]);
    }
}
