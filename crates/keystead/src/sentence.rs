//! An error of the domain as one plain sentence for whoever starts the server.

use crate::texts::LocaleFiles;
use keystead_model::{Error, Kind, Locale, Texts};

/// For a fault its cause, since an operator must see what a client must not; else the text of the
/// code in English.
#[must_use]
pub fn sentence(error: &Error) -> String {
    let line = error.log_line();
    match (error.kind(), line.split_once(": ")) {
        (Kind::Internal | Kind::Unavailable, Some((_, cause))) => cause.to_owned(),
        _ => {
            let args = error.args();
            let args: Vec<(&str, String)> =
                args.iter().map(|(name, value)| (*name, value.clone())).collect();
            LocaleFiles.text(Locale::EnUs, error.code().text_key(), &args)
        }
    }
}

/// The same for `?` in the wiring.
pub(crate) fn start_up(error: &Error) -> anyhow::Error {
    anyhow::anyhow!("{}", sentence(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_model::Code;

    #[test]
    fn a_fault_says_its_cause_and_a_refusal_its_text() {
        let fault = Error::new(Code::Internal).caused_by("the key is not there: give it");
        assert_eq!(sentence(&fault), "the key is not there: give it");
        let busy = Error::new(Code::Busy).field("x").caused_by("no answer");
        assert_eq!(sentence(&busy), "no answer");
        let refusal = Error::new(Code::FieldMissing).field("name");
        assert!(sentence(&refusal).contains("The field name is missing"));
    }
}
