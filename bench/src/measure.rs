//! One row of the table: runs of a work on the server and on the floor in turn, and their medians.

use crate::load::{self, Measured};
use crate::server::Running;
use crate::works::{Limit, Work};
use anyhow::{Context as _, Result};
use std::time::Duration;

/// How much is measured.
#[derive(Debug)]
pub struct Plan {
    /// Connections of each load.
    pub connections: &'static [usize],
    /// Runs of each load.
    pub runs: usize,
    /// How long a run lasts.
    pub lasting: Duration,
    /// The same for slow works.
    pub slow_lasting: Duration,
    /// Starts of each kind.
    pub starts: usize,
    /// Users made before the loads.
    pub users: usize,
}

impl Plan {
    /// What the results are made with.
    pub const FULL: Self = Self {
        connections: &[1, 16, 64],
        runs: 3,
        lasting: Duration::from_secs(2),
        slow_lasting: Duration::from_secs(5),
        starts: 9,
        users: 100_000,
    };
    /// Shows that everything works.
    pub const QUICK: Self = Self {
        connections: &[1, 16, 64],
        runs: 1,
        lasting: Duration::from_millis(400),
        slow_lasting: Duration::from_secs(1),
        starts: 2,
        users: 1_000,
    };
}

/// A work at one number of connections.
#[derive(Debug)]
pub struct Row {
    /// The work's name.
    pub name: &'static str,
    /// Connections.
    pub connections: usize,
    /// Medians of the server.
    pub ours: Measured,
    /// Medians of the floor.
    pub floor: Measured,
    /// Medians of the peer, where it does this work.
    pub peer: Option<Measured>,
    /// The budget.
    pub limit: Limit,
}

/// Who is measured, in turn.
pub struct Programs {
    /// The server.
    pub server: Running,
    /// The floor.
    pub floor: Running,
    /// The peer.
    pub peer: Running,
}

/// Measures the server, the floor and the peer in turn.
///
/// # Errors
/// A load could not be prepared, or a process is gone.
pub async fn row(work: &Work, connections: usize, plan: &Plan, programs: &Programs) -> Result<Row> {
    let lasting = if work.slow { plan.slow_lasting } else { plan.lasting };
    let Programs { server, floor, peer } = programs;
    let mut all = vec![server, floor];
    if work.peer {
        all.push(peer);
    }
    let mut loads = Vec::new();
    for running in all {
        let callers = work.callers(running, connections).await;
        let callers =
            callers.with_context(|| format!("{} with {connections} connections", work.name))?;
        loads.push((running.target, Some(callers), Vec::new()));
    }
    for _ in 0..plan.runs {
        for (target, kept, runs) in &mut loads {
            let callers = kept.take().unwrap_or_default();
            let (measured, callers) = load::run(*target, callers, lasting).await?;
            *kept = Some(callers);
            runs.push(measured);
        }
    }
    let mut figures = loads.iter().map(|(_, _, runs)| medians(runs));
    Ok(Row {
        name: work.name,
        connections,
        ours: figures.next().unwrap_or_default(),
        floor: figures.next().unwrap_or_default(),
        peer: figures.next(),
        limit: work.limit(connections),
    })
}

/// The median of each figure; errors are summed.
fn medians(runs: &[Measured]) -> Measured {
    let of = |figure: fn(&Measured) -> f64| median(runs.iter().map(figure).collect());
    Measured {
        requests: runs.iter().map(|run| run.requests).sum(),
        per_s: of(|run| run.per_s),
        cpu_s: of(|run| run.cpu_s),
        p50_ms: of(|run| run.p50_ms),
        p99_ms: of(|run| run.p99_ms),
        errors: runs.iter().map(|run| run.errors).sum(),
        first_error: runs.iter().find_map(|run| run.first_error.clone()),
    }
}

/// The middle one; of an even number the upper of the two; 0 of none.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_of_each_figure_and_errors_add_up() {
        let run = |cpu_s, p99_ms, errors| Measured { cpu_s, p99_ms, errors, ..Measured::default() };
        let all = medians(&[run(3.0, 1.0, 0), run(1.0, 9.0, 2), run(2.0, 5.0, 1)]);
        assert_eq!((all.cpu_s, all.p99_ms, all.errors), (2.0, 5.0, 3));
        assert_eq!(median(Vec::new()), 0.0);
    }
}
