//! The pages of `serve --dev`: captured messages, and what came back from a code flow.

use crate::Href;
use crate::form_post::Parameter;
use keystead_model::Secret;
use serde::Serialize;

/// The messages that were captured instead of sent.
#[derive(Clone, Debug, Serialize)]
pub struct OutboxPage {
    /// The messages, newest first; the page lists what it is given, so give about a hundred.
    pub messages: Vec<Message>,
    /// How many there are in all.
    pub total: usize,
    /// Where a POST clears the list.
    pub clear: Option<Href>,
    /// Where the same list is JSON.
    pub json: Option<Href>,
}

/// One captured message.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// How it would have been sent, `email` or `sms`.
    pub channel: String,
    /// To whom.
    pub to: String,
    /// Its subject; a text message has none.
    pub subject: Option<String>,
    /// Its text.
    pub text: String,
    /// The code in it, if it carries one.
    pub code: Option<String>,
    /// When it was queued, as text in UTC.
    pub at: String,
    /// Where its HTML is shown under a policy of its own (`csp::Policy::Mail`).
    pub html: Option<Href>,
}

/// What the browser brought back to the development application.
#[derive(Clone, Debug, Serialize)]
pub struct CallbackPage {
    /// The parameters of the answer.
    pub parameters: Vec<Parameter>,
    /// The command that redeems the code; none when the answer carries no usable code.
    pub command: Option<String>,
    /// Where another code flow starts.
    pub again: Option<Href>,
}

/// What the development application needs to redeem a code.
#[derive(Debug)]
pub struct Redemption<'a> {
    /// The token endpoint.
    pub token_url: &'a str,
    /// The application's id.
    pub client_id: &'a str,
    /// Its secret; it stands in the command, so this is for development only.
    pub client_secret: &'a Secret,
    /// The redirect address of the request.
    pub redirect_uri: &'a str,
}

impl CallbackPage {
    /// The page about these parameters, with the command if there is a code.
    #[must_use]
    pub fn new(parameters: Vec<Parameter>, redemption: &Redemption<'_>) -> Self {
        let code = parameters.iter().find(|parameter| parameter.name == "code");
        let command = code.and_then(|code| redemption.command(&code.value));
        Self { parameters, command, again: None }
    }
}

impl Redemption<'_> {
    /// The curl line for this code (RFC 6749, 4.1.3). Anybody can put a code into the address of
    /// the page, so it is quoted for the shell, and one with blanks or control characters gets
    /// no command at all.
    fn command(&self, code: &str) -> Option<String> {
        let sound = !code.is_empty() && code.bytes().all(|b| b.is_ascii_graphic());
        let secret = self.client_secret.expose();
        // `client_secret_post`, the method of the development application.
        let form = [
            ("client_id", self.client_id),
            ("client_secret", secret),
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.redirect_uri),
        ]
        .map(|(name, value)| format!("--data-urlencode {}", quoted(&format!("{name}={value}"))));
        let url = quoted(self.token_url);
        sound.then(|| format!("curl {url} \\\n  {}", form.join(" \\\n  ")))
    }
}

/// The text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(code: &str) -> Option<String> {
        let secret = Secret::new("s3cret");
        let redemption = Redemption {
            token_url: "http://localhost:8080/oidc/token",
            client_id: "app",
            client_secret: &secret,
            redirect_uri: "http://localhost:8080/dev/callback",
        };
        CallbackPage::new(vec![Parameter::new("code", code)], &redemption).command
    }

    #[test]
    fn the_command_runs_as_pasted() {
        assert_eq!(
            command("abc").unwrap(),
            "curl 'http://localhost:8080/oidc/token' \\\n  \
             --data-urlencode 'client_id=app' \\\n  \
             --data-urlencode 'client_secret=s3cret' \\\n  \
             --data-urlencode 'grant_type=authorization_code' \\\n  \
             --data-urlencode 'code=abc' \\\n  \
             --data-urlencode 'redirect_uri=http://localhost:8080/dev/callback'"
        );
    }

    #[test]
    fn a_code_cannot_leave_its_quotes() {
        assert!(command("a';rm${IFS}x;'").unwrap().contains(r"'code=a'\'';rm${IFS}x;'\'''"));
        for bad in ["", "a b", "a\nb", "a\u{1b}[31m", "\u{202e}a"] {
            assert_eq!(command(bad), None, "{bad:?}");
        }
    }
}
