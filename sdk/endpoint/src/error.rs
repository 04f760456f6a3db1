//! The one error of a client: opaque, with questions instead of variants.

use std::fmt;
use std::time::Duration;

/// Why a call failed.
///
/// The answer never came (*transport*), the server refused (*business*), or the two sides disagree
/// about the shape of a message (*decoding*). A client that cannot be built fails with none of
/// them.
#[derive(Debug)]
pub struct SdkError {
    inner: Box<Inner>,
}

#[derive(Debug)]
struct Inner {
    kind: Kind,
    message: String,
    timeout: bool,
    connect: bool,
    status: Option<u16>,
    status_code: Option<u16>,
    code: Option<u32>,
    name: Option<String>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Transport,
    Business,
    Decoding,
    Setup,
}

/// What a dialect found in a refusal.
#[derive(Clone, Debug, Default)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// The status inside the dialect's envelope, if it has one.
    pub status_code: Option<u16>,
    /// The numeric code of the refusal.
    pub code: Option<u32>,
    /// The refusal's name, such as OAuth's `invalid_grant` (RFC 6749, section 5.2).
    pub name: Option<String>,
    /// The request's id, to be quoted to the server's operator.
    pub request_id: Option<String>,
    /// The server's text.
    pub message: String,
}

impl SdkError {
    fn new(kind: Kind, message: String) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                message,
                timeout: false,
                connect: false,
                status: None,
                status_code: None,
                code: None,
                name: None,
                request_id: None,
                retry_after: None,
                source: None,
            }),
        }
    }

    /// An error before or instead of an answer.
    #[must_use]
    pub fn transport(message: impl Into<String>) -> Self {
        Self::new(Kind::Transport, message.into())
    }

    /// A refusal.
    #[must_use]
    pub fn business(refusal: Refusal) -> Self {
        let mut error = Self::new(Kind::Business, refusal.message);
        error.inner.status = Some(refusal.status);
        error.inner.status_code = refusal.status_code;
        error.inner.code = refusal.code;
        error.inner.name = refusal.name;
        error.inner.request_id = refusal.request_id;
        error
    }

    /// A message that does not have the agreed shape.
    #[must_use]
    pub fn decoding(message: impl Into<String>) -> Self {
        Self::new(Kind::Decoding, message.into())
    }

    /// A client's settings that cannot work.
    #[must_use]
    pub fn setup(message: impl Into<String>) -> Self {
        Self::new(Kind::Setup, message.into())
    }

    /// The same, made by a call that took too long.
    #[must_use]
    pub fn with_timeout(mut self) -> Self {
        self.inner.timeout = true;
        self
    }

    /// The same, made before a connection stood, so that nothing was sent.
    #[must_use]
    pub fn with_connect(mut self) -> Self {
        self.inner.connect = true;
        self
    }

    /// The same with the HTTP status of the answer.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.inner.status = Some(status);
        self
    }

    /// The same with the time after which the server wants to be asked again.
    #[must_use]
    pub fn with_retry_after(mut self, after: Option<Duration>) -> Self {
        self.inner.retry_after = after;
        self
    }

    /// The same with its cause.
    #[must_use]
    pub fn caused_by(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    /// Whether no answer came.
    #[must_use]
    pub fn is_transport(&self) -> bool {
        self.inner.kind == Kind::Transport
    }

    /// Whether the server refused.
    #[must_use]
    pub fn is_business(&self) -> bool {
        self.inner.kind == Kind::Business
    }

    /// Whether a message had another shape than agreed.
    #[must_use]
    pub fn is_decoding(&self) -> bool {
        self.inner.kind == Kind::Decoding
    }

    /// Whether the call took longer than the client's limit.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.inner.timeout
    }

    /// Whether no connection could be made (name, network, TLS); nothing was sent.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.inner.connect
    }

    /// HTTP status of the answer, if one came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.inner.status
    }

    /// The status in the envelope (`statusCode`), if the answer had one.
    #[must_use]
    pub fn status_code(&self) -> Option<u16> {
        self.inner.status_code
    }

    /// The refusal's number (`apiCode`), if it has one.
    #[must_use]
    pub fn code(&self) -> Option<u32> {
        self.inner.code
    }

    /// The same as [`SdkError::code`], by the name of the field.
    #[must_use]
    pub fn api_code(&self) -> Option<u32> {
        self.inner.code
    }

    /// The refusal's name, such as OAuth's `invalid_grant`, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.inner.name.as_deref()
    }

    /// The id of the request, to be quoted to the server's operator.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id.as_deref()
    }

    /// After how long the server wants to be asked again.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// What happened, in words: the server's if it refused.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.inner.message
    }
}

impl fmt::Display for SdkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, message, status, status_code, code, name, request_id, .. } = &*self.inner;
        match kind {
            Kind::Transport => write!(f, "no answer: {message}")?,
            Kind::Decoding | Kind::Setup => f.write_str(message)?,
            Kind::Business => {
                f.write_str("refused")?;
                if let Some(number) = status_code.or(*status) {
                    write!(f, " with {number}")?;
                }
                if let Some(code) = code {
                    write!(f, " (code {code})")?;
                }
                if let Some(name) = name {
                    write!(f, " ({name})")?;
                }
                write!(f, ": {message}")?;
            }
        }
        if let Some(id) = request_id {
            write!(f, " [request {id}]")?;
        }
        Ok(())
    }
}

impl std::error::Error for SdkError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|e| e as &(dyn std::error::Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_reads_as_one_line_and_answers_questions() {
        let error = SdkError::business(Refusal {
            status: 200,
            status_code: Some(403),
            code: Some(2006),
            name: None,
            request_id: Some("r1".into()),
            message: "Wrong password".into(),
        });
        assert_eq!(error.to_string(), "refused with 403 (code 2006): Wrong password [request r1]");
        assert!(error.is_business() && !error.is_transport() && !error.is_decoding());
        assert_eq!((error.status(), error.status_code()), (Some(200), Some(403)));
        assert_eq!((error.code(), error.request_id()), (Some(2006), Some("r1")));
    }

    #[test]
    fn causes_are_kept() {
        let error = SdkError::transport("refused").with_connect().caused_by("port closed");
        assert!(error.is_connect() && !error.is_timeout());
        let source = std::error::Error::source(&error).map(ToString::to_string);
        assert_eq!(source.as_deref(), Some("port closed"));
    }
}
