//! The context of one request (or job) in one pool: transaction, time, caller, settings.

use crate::core::Core;
use crate::nonces::Nonce;
use crate::pools::{self, Pool};
use crate::principal::Principal;
pub use crate::request::{Evidence, RequestFacts};
use keystead_model::{
    Actor, Change, ChangeKind, Code, Error, Event, Id, Locale, Millis, Permission, PoolId, Result,
    Settings,
};
use keystead_store::{Scoped, Tx, seen};
use std::sync::Arc;

/// The context. It is `Send`, not `Sync`: always pass `&mut Cx`, copy `cx.now` and ids before
/// borrowing [`Cx::store`].
pub struct Cx {
    /// The shared parts.
    pub core: Arc<Core>,
    /// The pool everything happens in.
    pub pool: Arc<Pool>,
    /// The time of this request: one value for all of it.
    pub now: Millis,
    /// Who calls.
    pub principal: Principal,
    /// The request's facts.
    pub request: RequestFacts,
    tx: Tx,
    joined: bool,
    events: Vec<Event>,
    nonce: Option<Nonce>,
    named: Option<(Actor, Option<String>)>,
}

impl Cx {
    /// Opens a context in this pool.
    ///
    /// # Errors
    /// `pool.unknown` when there is no such pool.
    pub async fn open(core: &Arc<Core>, pool: PoolId, request: RequestFacts) -> Result<Self> {
        let mut tx = core.db.begin();
        let pool = pools::load(core, &mut tx, pool).await?.ok_or(Code::PoolUnknown)?;
        Ok(Self {
            core: core.clone(),
            pool,
            now: core.clock.now(),
            principal: Principal::Nobody,
            request,
            tx,
            joined: false,
            events: Vec::new(),
            nonce: None,
            named: None,
        })
    }

    /// A context for the server's own work in this pool.
    ///
    /// # Errors
    /// As [`Cx::open`].
    pub async fn system(core: &Arc<Core>, pool: PoolId) -> Result<Self> {
        let mut cx = Self::open(core, pool, RequestFacts::system("system")).await?;
        cx.principal = Principal::System;
        Ok(cx)
    }

    /// A context for the server's own work in an open transaction, in this pool as that
    /// transaction sees it.
    pub(crate) fn within(core: &Arc<Core>, tx: Tx, pool: Arc<Pool>) -> Self {
        Self {
            core: core.clone(),
            pool,
            now: core.clock.now(),
            principal: Principal::System,
            request: RequestFacts::system("system"),
            tx,
            joined: false,
            events: Vec::new(),
            nonce: None,
            named: None,
        }
    }

    /// Makes it one part of a larger whole: settling writes the events and leaves the transaction
    /// open. Only for a start, when nobody waits for it.
    pub(crate) fn join(mut self) -> Self {
        self.joined = true;
        self
    }

    /// The transaction, to go on in another pool.
    pub(crate) fn into_tx(self) -> Tx {
        self.tx
    }

    /// The store, bound to this pool.
    pub fn store(&mut self) -> Scoped<'_> {
        self.tx.scoped(self.pool.id)
    }

    /// The pool's effective settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.pool.settings
    }

    /// The language of texts.
    #[must_use]
    pub const fn locale(&self) -> Locale {
        self.request.locale
    }

    /// A new id of any entity.
    ///
    /// # Errors
    /// `internal` when randomness is missing.
    pub fn id<T: From<Id>>(&self) -> Result<T> {
        self.core.random.id(self.core.clock.real()).map(T::from)
    }

    /// Demands a permission of the caller.
    ///
    /// # Errors
    /// `token.missing` for nobody, `permission.denied` for a user.
    pub fn require(&self, permission: Permission) -> Result<()> {
        match self.principal {
            Principal::PoolKey(_) | Principal::System => Ok(()),
            Principal::Nobody => Err(Code::TokenMissing.into()),
            Principal::User(_) => {
                Err(Error::new(Code::PermissionDenied).arg("permission", permission.text()))
            }
        }
    }

    /// Emits an event: its audit row goes with the transaction.
    pub fn emit(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Says how the audit log names the caller, where that is not the principal itself: an actor,
    /// and the name by which people know it.
    pub fn act_as(&mut self, actor: Actor, name: Option<String>) {
        self.named = Some((actor, name));
    }

    /// Who the audit log says acts here, with the name that is known of it.
    pub(crate) fn actor(&self) -> (Actor, Option<String>) {
        self.named.clone().unwrap_or_else(|| (self.principal.actor(), None))
    }

    /// Notes a change: caches hear of it once the transaction has committed.
    pub fn note(&mut self, kind: ChangeKind, key: impl ToString) {
        let pool = self.pool.id;
        self.tx.scoped(pool).note(Change::new(kind, key));
    }

    /// Remembers the nonce of a signed request, to be written with its first write.
    pub fn guard(&mut self, nonce: Nonce) {
        self.nonce = Some(nonce);
    }

    /// Ends the open transaction inside an operation: take, work, **settle**. Events, notes and
    /// the nonce go with it.
    ///
    /// # Errors
    /// `signature.replay` when the nonce was written before; faults of the store.
    pub async fn settle(&mut self) -> Result<()> {
        self.flush().await?;
        if self.joined {
            return Ok(());
        }
        Ok(self.tx.settle().await?)
    }

    /// Waits until everything settled so far is on disk.
    ///
    /// # Errors
    /// `busy` or `storage.full` when it is not.
    pub async fn settled(&mut self) -> Result<()> {
        if self.joined {
            return Ok(());
        }
        Ok(self.tx.settled().await?)
    }

    /// Undoes what was not settled.
    ///
    /// # Errors
    /// Faults of the store, also of a neighbour's commit that this one waited for.
    pub async fn rollback(&mut self) -> Result<()> {
        self.events.clear();
        Ok(self.tx.rollback().await?)
    }

    /// Turns a refusal that has left its trace into an error, when nothing is open or pending.
    ///
    /// # Errors
    /// `internal` instead of the code, when something would be lost with it.
    #[must_use]
    #[track_caller]
    pub fn refuse(&self, code: Code) -> Error {
        if self.tx.writing() || self.tx.pending() || !self.events.is_empty() {
            return Error::new(Code::Internal)
                .caused_by(format!("refused with {} before settling", code.key()));
        }
        Error::new(code)
    }

    /// Whether a write transaction is open: then nothing slow may run.
    #[must_use]
    pub fn writing(&self) -> bool {
        self.tx.writing()
    }

    /// Asserts that no write transaction is open, before slow work.
    ///
    /// # Errors
    /// `internal` when one is.
    pub fn before_slow_work(&self) -> Result<()> {
        if self.writing() && !self.joined {
            return Err(Error::new(Code::Internal)
                .caused_by("slow work was asked for inside a write transaction"));
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<()> {
        let events = std::mem::take(&mut self.events);
        if events.is_empty() && !self.tx.writing() {
            return Ok(());
        }
        crate::audit::write(self, events).await?;
        if let Some(nonce) = self.nonce.take() {
            let fresh =
                seen::insert(&mut self.store(), "nonce", &nonce.hash, nonce.expires_at).await?;
            if !fresh {
                return Err(Code::SignatureReplay.into());
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for Cx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cx(pool {}, request {})", self.pool.id, self.request.request_id)
    }
}
