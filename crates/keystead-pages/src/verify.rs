//! Confirming an address through the link that was sent there.

pub mod handler;

use crate::Href;
use serde::Serialize;

/// "Is this address yours?": one button. Looking at the page changes nothing, since scanners of
/// mail open links, too.
#[derive(Clone, Debug, Serialize)]
pub struct VerifyPage {
    /// Where the form goes.
    pub action: Href,
    /// The secret of the link, sent along with the form.
    pub token: String,
    /// The address, where the page may say it.
    pub address: Option<String>,
}

/// "The address is confirmed."
#[derive(Clone, Debug, Serialize)]
pub struct VerifiedPage {
    /// The address, where the page may say it.
    pub address: Option<String>,
}
