//! Reads passwords and passphrases: from a terminal without echo, else from standard input.

use anyhow::{Context as _, bail};
use keystead_model::Secret;
use std::io::{IsTerminal as _, Read as _};
use zeroize::Zeroizing;

/// The longest secret that is read, in bytes.
const MAX: u64 = 4_096;

/// Which secret a call needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The new password of a user.
    NewPassword,
    /// A passphrase that protects a key.
    NewPassphrase,
    /// The passphrase that a key was protected with.
    Passphrase,
}

impl Wanted {
    const fn prompt(self) -> &'static str {
        match self {
            Self::NewPassword => "New password: ",
            Self::NewPassphrase => "New passphrase: ",
            Self::Passphrase => "Passphrase: ",
        }
    }

    /// Whether it is typed twice at a terminal, where nobody sees a slip.
    const fn is_new(self) -> bool {
        matches!(self, Self::NewPassword | Self::NewPassphrase)
    }
}

/// Reads a secret: the first line of standard input, or typed at the terminal.
///
/// # Errors
/// There is none, it is too long, or the two that were typed differ.
pub fn read(wanted: &Wanted) -> anyhow::Result<Secret> {
    let text = if std::io::stdin().is_terminal() {
        let typed = Zeroizing::new(ask(wanted.prompt())?);
        if wanted.is_new() && *Zeroizing::new(ask("The same again: ")?) != *typed {
            bail!("The two differ. Nothing was changed; try again.");
        }
        typed
    } else {
        first_line(std::io::stdin().lock())?
    };
    if text.is_empty() {
        bail!("Nothing was given. Type it, or send it as the first line of standard input.");
    }
    Ok(Secret::new(text.as_str()))
}

fn ask(prompt: &str) -> anyhow::Result<String> {
    rpassword::prompt_password(prompt).context("The terminal cannot be read")
}

fn first_line(input: impl std::io::Read) -> anyhow::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    input.take(MAX + 1).read_to_string(&mut text).context("Standard input is not text in UTF-8")?;
    let line = text.split(['\r', '\n']).next().unwrap_or_default();
    if line.len() as u64 > MAX {
        bail!("The first line of standard input is longer than {MAX} bytes.");
    }
    Ok(Zeroizing::new(line.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_is_read() {
        for (input, want) in [("pw", "pw"), ("pw\n", "pw"), ("p w \r\nx", "p w "), ("", "")] {
            assert_eq!(*first_line(input.as_bytes()).unwrap(), want);
        }
        assert!(first_line("x".repeat(5_000).as_bytes()).is_err());
        assert!(first_line(&[0xff, 0x0a][..]).is_err());
    }
}
