//! The pool of threads that hash passwords: bounded, off the async threads, memory reused.

use keystead_model::{Code, Error, Result, Secret};
use keystead_protocol::passwords::{self, Memory, Params};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use tokio::sync::oneshot;

/// A bounded pool; dropping it ends its threads.
pub struct HashPool {
    queue: SyncSender<Job>,
    done: Arc<AtomicUsize>,
}

enum Job {
    Hash { password: Secret, salt: [u8; 16], answer: oneshot::Sender<Result<Secret>> },
    Verify { hash: Secret, password: Secret, answer: oneshot::Sender<Result<bool>> },
}

impl HashPool {
    /// Starts `threads` threads with a queue of `waiting` calls; beyond it a call is busy at once.
    ///
    /// # Errors
    /// `internal` when a thread cannot be started.
    pub fn start(threads: usize, waiting: usize) -> Result<Self> {
        let (queue, jobs) = sync_channel(waiting);
        let (jobs, done) = (Arc::new(Mutex::new(jobs)), Arc::new(AtomicUsize::new(0)));
        for n in 0..threads.max(1) {
            let (jobs, done) = (jobs.clone(), done.clone());
            std::thread::Builder::new()
                .name(format!("hash-{n}"))
                .spawn(move || work(&jobs, &done))
                .map_err(|e| Error::new(Code::Internal).caused_by(e))?;
        }
        Ok(Self { queue, done })
    }

    /// Hashes a password with today's parameters under this salt.
    ///
    /// # Errors
    /// `password.too_long` over 512 bytes, `busy` when the queue is full.
    pub async fn hash(&self, password: &Secret, salt: [u8; 16]) -> Result<Secret> {
        within_cap(password)?;
        let (answer, result) = oneshot::channel();
        self.send(Job::Hash { password: password.clone(), salt, answer })?;
        result.await.map_err(|_| Error::new(Code::Busy))?
    }

    /// Whether the password fits the stored hash; without one the same work is done in vain.
    ///
    /// # Errors
    /// `busy` when the queue is full.
    pub async fn verify(&self, hash: Option<&Secret>, password: &Secret) -> Result<bool> {
        let over = password.expose().len() > passwords::MAX_BYTES;
        let password = if over { Secret::new("") } else { password.clone() };
        let (answer, result) = oneshot::channel();
        let known = hash.is_some() && !over;
        let hash = hash.cloned().unwrap_or_else(|| Secret::new(passwords::NOBODY));
        self.send(Job::Verify { hash, password, answer })?;
        let fits = result.await.map_err(|_| Error::new(Code::Busy))??;
        Ok(fits && known)
    }

    /// How many hashes were computed since the start; tests count with it.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    fn send(&self, job: Job) -> Result<()> {
        self.queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => Error::new(Code::Busy).retry_after(2),
            TrySendError::Disconnected(_) => {
                Error::new(Code::Internal).caused_by("the hashing threads are gone")
            }
        })
    }
}

impl std::fmt::Debug for HashPool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HashPool({} done)", self.runs())
    }
}

/// Refuses a password over the cap before any work.
///
/// # Errors
/// `password.too_long`.
pub fn within_cap(password: &Secret) -> Result<()> {
    if password.expose().len() > passwords::MAX_BYTES {
        return Err(Error::new(Code::PasswordTooLong)
            .field("password")
            .arg("max", passwords::MAX_BYTES));
    }
    Ok(())
}

fn work(jobs: &Mutex<Receiver<Job>>, done: &AtomicUsize) {
    let mut memory = Memory::default();
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        match job {
            // Whoever asked may be gone; then nobody hears the answer.
            Job::Hash { answer, .. } if answer.is_closed() => continue,
            Job::Verify { answer, .. } if answer.is_closed() => continue,
            Job::Hash { password, salt, answer } => {
                let hash = passwords::hash(
                    password.expose().as_bytes(),
                    Params::STANDARD,
                    salt,
                    &mut memory,
                )
                .map(Secret::new)
                .map_err(|e| Error::new(Code::Internal).caused_by(e.to_string()));
                done.fetch_add(1, Ordering::Relaxed);
                let _ = answer.send(hash);
            }
            Job::Verify { hash, password, answer } => {
                let fits =
                    passwords::verify(hash.expose(), password.expose().as_bytes(), &mut memory)
                        .map_err(|e| Error::new(Code::Internal).caused_by(e.to_string()));
                done.fetch_add(1, Ordering::Relaxed);
                let _ = answer.send(fits);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn right_wrong_and_unknown_cost_one_run_each() {
        let pool = HashPool::start(1, 8).unwrap();
        let hash = pool.hash(&Secret::new("pw"), [1; 16]).await.unwrap();
        assert!(pool.verify(Some(&hash), &Secret::new("pw")).await.unwrap());
        assert!(!pool.verify(Some(&hash), &Secret::new("no")).await.unwrap());
        assert!(!pool.verify(None, &Secret::new("\0")).await.unwrap());
        assert!(!pool.verify(Some(&hash), &Secret::new("x".repeat(513))).await.unwrap());
        assert_eq!(pool.runs(), 5);
    }

    #[tokio::test]
    async fn attack_54_a_full_queue_is_busy_at_once() {
        let pool = HashPool::start(1, 1).unwrap();
        let password = Secret::new("pw");
        let calls = futures_like(&pool, &password, 30).await;
        let busy = calls.iter().filter(|r| matches!(r, Err(e) if e.code() == Code::Busy)).count();
        assert!(busy > 0 && busy < 30, "{busy} of 30 were busy");
        let error = pool.hash(&Secret::new("x".repeat(513)), [0; 16]).await.unwrap_err();
        assert_eq!(error.code(), Code::PasswordTooLong);
    }

    async fn futures_like(pool: &HashPool, password: &Secret, n: usize) -> Vec<Result<Secret>> {
        let mut answers = Vec::new();
        let mut waiting = Vec::new();
        for _ in 0..n {
            let (answer, result) = oneshot::channel();
            match pool.send(Job::Hash { password: password.clone(), salt: [0; 16], answer }) {
                Ok(()) => waiting.push(result),
                Err(e) => answers.push(Err(e)),
            }
        }
        for result in waiting {
            answers.push(result.await.unwrap());
        }
        answers
    }
}
