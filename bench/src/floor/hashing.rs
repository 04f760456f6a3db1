//! Argon2id m=19456 t=2 p=1 on one thread per core, with memory that is reused.

use anyhow::{Result, anyhow};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

const SALT: &[u8; 16] = b"a salt of floors";
const M_KIB: u32 = 19_456;

type Hash = [u8; 32];

/// A question to the threads.
struct Job {
    password: String,
    answer: oneshot::Sender<bool>,
}

/// The threads' queue.
pub struct Hashing(Sender<Job>);

impl Hashing {
    /// Starts the threads; this password fits.
    ///
    /// # Errors
    /// The library refused the parameters.
    pub fn start(password: &str) -> Result<Self> {
        let (queue, jobs) = channel();
        let jobs = Arc::new(Mutex::new(jobs));
        let mut memory = blocks();
        let stored = hash(password, &mut memory).ok_or_else(|| anyhow!("Argon2 refused"))?;
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        for _ in 0..cores {
            let jobs = Arc::clone(&jobs);
            std::thread::spawn(move || work(&jobs, &stored));
        }
        Ok(Self(queue))
    }

    /// Whether the password fits.
    pub async fn fits(&self, password: String) -> bool {
        let (answer, result) = oneshot::channel();
        self.0.send(Job { password, answer }).is_ok() && result.await.unwrap_or(false)
    }
}

fn work(jobs: &Mutex<Receiver<Job>>, stored: &Hash) {
    let mut memory = blocks();
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { password, answer }) = job else { return };
        let _ = answer.send(hash(&password, &mut memory).as_ref() == Some(stored));
    }
}

fn blocks() -> Vec<Block> {
    vec![Block::new(); M_KIB as usize]
}

fn hash(password: &str, memory: &mut [Block]) -> Option<Hash> {
    let mut hash = Hash::default();
    let params = Params::new(M_KIB, 2, 1, Some(hash.len())).ok()?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into_with_memory(password.as_bytes(), SALT, &mut hash, memory).ok()?;
    Some(hash)
}
