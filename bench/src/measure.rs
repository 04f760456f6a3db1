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
}

impl Plan {
    /// What the results are made with.
    pub const FULL: Self = Self {
        connections: &[1, 16, 64],
        runs: 3,
        lasting: Duration::from_secs(2),
        slow_lasting: Duration::from_secs(5),
        starts: 9,
    };
    /// Shows that everything works.
    pub const QUICK: Self = Self {
        connections: &[1, 16, 64],
        runs: 1,
        lasting: Duration::from_millis(400),
        slow_lasting: Duration::from_secs(1),
        starts: 2,
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
    /// The budget.
    pub limit: Limit,
}

/// Measures the server and the floor in turn.
///
/// # Errors
/// A load could not be prepared, or a process is gone.
pub async fn row(
    work: &Work,
    connections: usize,
    plan: &Plan,
    [server, floor]: [&Running; 2],
) -> Result<Row> {
    let lasting = if work.slow { plan.slow_lasting } else { plan.lasting };
    let context = || format!("{} with {connections} connections", work.name);
    let mut our_callers = work.callers(server, connections).await.with_context(context)?;
    let mut floor_callers = work.callers(floor, connections).await.with_context(context)?;
    let (mut ours, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..plan.runs {
        let (measured, callers) = load::run(server.target, our_callers, lasting).await?;
        our_callers = callers;
        ours.push(measured);
        let (measured, callers) = load::run(floor.target, floor_callers, lasting).await?;
        floor_callers = callers;
        floors.push(measured);
    }
    let (ours, floor) = (medians(&ours), medians(&floors));
    Ok(Row { name: work.name, connections, ours, floor, limit: work.limit(connections) })
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
