//! The one error type of the domain.

use crate::codes::{Code, Kind};
use std::borrow::Cow;
use std::panic::Location;

/// The result of every domain operation.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong: a code that programs tell apart, the field, arguments of its text, the cause.
///
/// It has no `Display`: a client sees the text of its code, in its language, never the source.
#[derive(Debug)]
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Debug)]
struct Inner {
    code: Code,
    field: Option<Cow<'static, str>>,
    args: Vec<(&'static str, String)>,
    retry_after_s: Option<u32>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
    at: &'static Location<'static>,
}

impl Error {
    /// An error of this code, remembering where it was made.
    #[must_use]
    #[track_caller]
    pub fn new(code: Code) -> Self {
        Self {
            inner: Box::new(Inner {
                code,
                field: None,
                args: Vec::new(),
                retry_after_s: None,
                source: None,
                at: Location::caller(),
            }),
        }
    }

    /// Names the request's field that is wrong, as the wire spells it.
    #[must_use]
    pub fn field(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.inner.field = Some(field.into());
        self
    }

    /// Puts the field under the place of its row in a batch: `email` becomes `list[3].email`.
    #[must_use]
    pub fn within(mut self, row: impl std::fmt::Display) -> Self {
        let field = self.inner.field.take();
        self.inner.field = Some(match field {
            Some(field) => Cow::Owned(format!("{row}.{field}")),
            None => Cow::Owned(row.to_string()),
        });
        self
    }

    /// Adds an argument of the text.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.inner.args.push((name, value.to_string()));
        self
    }

    /// Says after how many seconds another try makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.inner.retry_after_s = Some(seconds);
        self
    }

    /// Keeps the cause for the log; a client never sees it.
    #[must_use]
    pub fn caused_by(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.inner.code
    }

    /// The kind of the code.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.inner.code.kind()
    }

    /// The field that is wrong, if one is.
    #[must_use]
    pub fn field_name(&self) -> Option<&str> {
        self.inner.field.as_deref()
    }

    /// The arguments of the text; `field` is among them when there is one.
    #[must_use]
    pub fn args(&self) -> Vec<(&'static str, String)> {
        let mut args = self.inner.args.clone();
        if let Some(field) = &self.inner.field {
            args.push(("field", field.to_string()));
        }
        args
    }

    /// After how many seconds another try makes sense.
    #[must_use]
    pub fn retry_after_s(&self) -> Option<u32> {
        self.inner.retry_after_s
    }

    /// One line for the log: code, place, cause.
    #[must_use]
    pub fn log_line(&self) -> String {
        let Inner { code, field, source, at, .. } = &*self.inner;
        let mut line = format!("{} at {}:{}", code.key(), at.file(), at.line());
        if let Some(field) = field {
            line.push_str(&format!(" field={field}"));
        }
        if let Some(source) = source {
            line.push_str(&format!(": {source}"));
        }
        line
    }
}

impl From<Code> for Error {
    #[track_caller]
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}
