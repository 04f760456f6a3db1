//! One load: N kept connections, each asking as soon as it was answered, for a fixed time.

use crate::clock;
use crate::http::{Answer, Connection};
use crate::machine;
use anyhow::Result;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

/// How long a load runs before it is measured.
const WARM_UP: Duration = Duration::from_millis(300);
/// A connection gives up after so many errors.
const ERRORS: usize = 10;

const WARMING: u8 = 0;
const MEASURING: u8 = 1;
const OVER: u8 = 2;

/// What one connection asks for, again and again.
pub trait Caller: Send {
    /// Writes the next request.
    fn ask(&mut self, request: &mut Vec<u8>);

    /// Looks at its answer.
    ///
    /// # Errors
    /// It is not the answer that it must be.
    fn hear(&mut self, answer: &Answer<'_>) -> Result<()>;
}

/// The callers of a load, one per connection; they are kept from run to run.
pub type Callers = Vec<Box<dyn Caller>>;

/// What one run showed.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// Requests answered.
    pub requests: usize,
    /// Requests per second.
    pub per_s: f64,
    /// CPU seconds of the server per 1000 requests.
    pub cpu_s: f64,
    /// Median time of an answer in milliseconds.
    pub p50_ms: f64,
    /// The time in milliseconds within which 99 of 100 answers came.
    pub p99_ms: f64,
    /// Answers that were wrong or did not come, in the warm-up too.
    pub errors: usize,
    /// What the first of them was.
    pub first_error: Option<String>,
}

/// Who is measured.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Where it listens.
    pub at: SocketAddr,
    /// Its process.
    pub pid: u32,
}

/// What one connection saw.
#[derive(Default)]
struct Seen {
    micros: Vec<u32>,
    errors: usize,
    first_error: Option<String>,
}

/// Runs callers against a target, and hands them back.
///
/// # Errors
/// The process cannot be asked for its CPU.
pub async fn run(
    target: Target,
    callers: Callers,
    lasting: Duration,
) -> Result<(Measured, Callers)> {
    let phase = Arc::new(AtomicU8::new(WARMING));
    let start = |caller| tokio::spawn(drive(target.at, caller, Arc::clone(&phase)));
    let tasks: Vec<_> = callers.into_iter().map(start).collect();
    tokio::time::sleep(WARM_UP).await;
    let (cpu, began) = (machine::cpu_seconds(target.pid)?, clock::now());
    phase.store(MEASURING, Ordering::Relaxed);
    tokio::time::sleep(lasting).await;
    phase.store(OVER, Ordering::Relaxed);
    let (seconds, cpu) = (began.elapsed().as_secs_f64(), machine::cpu_seconds(target.pid)? - cpu);
    let (mut all, mut back) = (Seen::default(), Callers::new());
    for task in tasks {
        let (seen, caller) = task.await?;
        all.micros.extend(seen.micros);
        all.errors += seen.errors;
        all.first_error = all.first_error.or(seen.first_error);
        back.push(caller);
    }
    Ok((all.measured(seconds, cpu), back))
}

async fn drive(
    at: SocketAddr,
    mut caller: Box<dyn Caller>,
    phase: Arc<AtomicU8>,
) -> (Seen, Box<dyn Caller>) {
    let mut seen = Seen::default();
    let (mut connection, mut request) = (None, Vec::new());
    while phase.load(Ordering::Relaxed) != OVER && seen.errors < ERRORS {
        request.clear();
        caller.ask(&mut request);
        let began = clock::now();
        let answered = once(at, &mut connection, &request, &mut *caller).await;
        let took = began.elapsed();
        match answered {
            Ok(()) if phase.load(Ordering::Relaxed) == MEASURING => {
                seen.micros.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
            }
            Ok(()) => {}
            Err(error) => {
                connection = None;
                seen.errors += 1;
                seen.first_error.get_or_insert_with(|| format!("{error:#}"));
            }
        }
    }
    (seen, caller)
}

async fn once(
    at: SocketAddr,
    connection: &mut Option<Connection>,
    request: &[u8],
    caller: &mut dyn Caller,
) -> Result<()> {
    let open = match connection {
        Some(open) => open,
        None => connection.insert(Connection::open(at).await?),
    };
    caller.hear(&open.ask(request).await?)
}

impl Seen {
    fn measured(mut self, seconds: f64, cpu: f64) -> Measured {
        self.micros.sort_unstable();
        let requests = self.micros.len();
        Measured {
            requests,
            per_s: requests as f64 / seconds,
            cpu_s: cpu * 1_000.0 / requests.max(1) as f64,
            p50_ms: percentile(&self.micros, 50),
            p99_ms: percentile(&self.micros, 99),
            errors: self.errors,
            first_error: self.first_error,
        }
    }
}

/// The time within which so many of 100 answers came, in milliseconds; of sorted microseconds.
fn percentile(sorted: &[u32], of_100: usize) -> f64 {
    let place = (sorted.len() * of_100).div_ceil(100).saturating_sub(1);
    sorted.get(place).map_or(0.0, |micros| f64::from(*micros) / 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let micros: Vec<u32> = (1..=200).map(|n| n * 1_000).collect();
        assert_eq!(percentile(&micros, 50), 100.0);
        assert_eq!(percentile(&micros, 99), 198.0);
        assert_eq!(percentile(&micros[..1], 99), 1.0);
        assert_eq!(percentile(&[], 99), 0.0);
    }

    #[test]
    fn cpu_is_per_thousand_requests() {
        let seen = Seen { micros: vec![1_000; 500], ..Seen::default() };
        let measured = seen.measured(2.0, 1.0);
        assert_eq!((measured.requests, measured.per_s, measured.cpu_s), (500, 250.0, 2.0));
    }
}
