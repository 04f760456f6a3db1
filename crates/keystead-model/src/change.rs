//! Notes about what a transaction changed, applied to caches once it has committed.

/// What kind of thing changed; the feed carries it as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// A grant ended.
    Grant,
    /// A session ended or moved.
    Session,
    /// A user changed in a way that matters to tokens (status, generation, deletion).
    User,
    /// An application changed.
    Application,
    /// A pool or its settings changed.
    Pool,
    /// The signing keys of a pool changed.
    SigningKeys,
    /// An access key changed.
    AccessKey,
    /// A token was denied by its `jti`.
    Token,
    /// What a subject may do changed: roles, their assignments. The key is the subject's id, or the
    /// pool's for everybody.
    Access,
    /// Work was queued: wake the job runner.
    Jobs,
}

impl ChangeKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Grant,
        Self::Session,
        Self::User,
        Self::Application,
        Self::Pool,
        Self::SigningKeys,
        Self::AccessKey,
        Self::Token,
        Self::Access,
        Self::Jobs,
    ];

    /// The text of the `changes` table and of the notification.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Session => "session",
            Self::User => "user",
            Self::Application => "application",
            Self::Pool => "pool",
            Self::SigningKeys => "signing_keys",
            Self::AccessKey => "access_key",
            Self::Token => "token",
            Self::Access => "access",
            Self::Jobs => "jobs",
        }
    }

    /// The kind with this text; `None` for a text of a newer version.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.text() == text)
    }
}

/// One note: what changed, and the id (or other key) of the thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What kind of thing.
    pub kind: ChangeKind,
    /// Its id as text.
    pub key: String,
}

impl Change {
    /// A note about the thing of this kind and key.
    #[must_use]
    pub fn new(kind: ChangeKind, key: impl ToString) -> Self {
        Self { kind, key: key.to_string() }
    }
}
