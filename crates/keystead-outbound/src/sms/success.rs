//! What a gateway's answer must say when it took a message, beside its status.

use crate::mail::chain;
use reqwest::Response;
use serde_json::Value;

/// Bytes of an answer that are read.
const LONGEST: usize = 64 * 1024;
/// Characters of an answer's value that are kept for operators.
const SHOWN: usize = 80;

/// A place in the JSON of the answer (RFC 6901), and the value that stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Success {
    pointer: String,
    value: String,
}

impl Success {
    /// Reads `/code=0`: a pointer, `=`, and a text, number, `true`, `false` or `null`.
    ///
    /// # Errors
    /// The rest of a sentence that begins with the setting's name.
    pub(super) fn read(text: &str) -> Result<Self, &'static str> {
        let wrong = "must be a JSON pointer, = and a value, such as /code=0";
        let (pointer, value) = text.split_once('=').ok_or(wrong)?;
        let (pointer, value) = (pointer.trim(), value.trim());
        let is_escaped = |rest: &str| rest.starts_with(['0', '1']);
        if !pointer.starts_with('/')
            || value.is_empty()
            || !pointer.split('~').skip(1).all(is_escaped)
        {
            return Err(wrong);
        }
        Ok(Self { pointer: pointer.to_owned(), value: value.to_owned() })
    }

    /// Reads the answer and compares.
    ///
    /// # Errors
    /// What it says instead, for operators.
    pub(super) async fn check(&self, mut answer: Response) -> Result<(), String> {
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(|e| chain(&e.without_url()))? {
            body.extend_from_slice(&part);
            if body.len() > LONGEST {
                return Err("the gateway's answer is too long".to_owned());
            }
        }
        let body: Value = serde_json::from_slice(&body)
            .map_err(|_| "the gateway's answer is no JSON".to_owned())?;
        self.compare(&body)
    }

    fn compare(&self, body: &Value) -> Result<(), String> {
        let Self { pointer, value } = self;
        let said = match body.pointer(pointer) {
            None => return Err(format!("the gateway's answer has no {pointer}")),
            Some(Value::Array(_) | Value::Object(_)) => {
                return Err(format!("the gateway's answer has a list or an object as {pointer}"));
            }
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        if said == *value {
            return Ok(());
        }
        let said: String = said.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
        Err(format!("the gateway's answer has {said} as {pointer}, not {value}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_stands_at_the_place_decides() {
        let body = json!({"code": 0, "status": "ok", "list": [{"sent": true, "a/b": null}],
            "n": "0"});
        for good in ["/code=0", "/n=0", "/status = ok", "/list/0/sent=true", "/list/0/a~1b=null"] {
            assert_eq!(Success::read(good).unwrap().compare(&body), Ok(()), "{good}");
        }
        for (bad, said) in [
            ("/code=1", "has 0 as /code, not 1"),
            ("/status=OK", "has ok as /status, not OK"),
            ("/list=ok", "a list or an object"),
            ("/list/1/sent=true", "has no /list/1/sent"),
            ("/Code=0", "has no /Code"),
        ] {
            let why = Success::read(bad).unwrap().compare(&body).unwrap_err();
            assert!(why.contains(said), "{bad}: {why}");
        }
        let long = json!({ "code": "x\n".repeat(500) });
        let why = Success::read("/code=0").unwrap().compare(&long).unwrap_err();
        assert!(why.len() < 200 && !why.contains('\n'), "{why}");
    }

    #[test]
    fn other_forms_are_refused() {
        for bad in ["", "code=0", "/code", "/code=", "=0", "/a~2b=1", "/a~=1"] {
            assert!(Success::read(bad).is_err(), "{bad}");
        }
    }
}
