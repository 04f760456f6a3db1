//! The results as a page of Markdown.

use crate::footprint::Footprint;
use crate::load::Measured;
use crate::measure::Row;
use crate::mixed;
use std::fmt::Write as _;

/// Everything that was measured.
#[derive(Debug, Default)]
pub struct Report {
    /// About the machine.
    pub machine: Vec<String>,
    /// The day.
    pub date: Option<String>,
    /// What else is to be known.
    pub note: Option<String>,
    /// Starts, memory, size.
    pub footprints: Vec<Footprint>,
    /// The loads.
    pub rows: Vec<Row>,
    /// Loads beside 64 sign-ins.
    pub mixed: Vec<(&'static str, Measured)>,
}

const LOADS: &str = "\
| work | connections | server CPU s/1000 | floor | ratio | peer | ratio | budget | verdict \
| requests/s | p50 ms | p99 ms | floor requests/s | peer requests/s | errors |
| --- | --: | --: | --: | --: | --: | --: | --: | --- | --: | --: | --: | --: | --: | --: |
";

/// What follows is not written by this program.
const BY_HAND: &str = "\n## Notes, by hand\n";

const READING: &str = "\
Written by `bench/run --write`, down to the notes. Each figure is the median of the runs (see \
`bench/src/measure.rs`), server and floor in turn. CPU is that of the server's process. The \
floor is bare axum with the cryptography that cannot be avoided and no storage; for the works \
that are durable it also commits two rows, in groups. The peer is oidc-provider on Node.js, in \
memory, with nothing durable; its introspection and userinfo are of opaque tokens. *met*: \
within the budget. *scaled*: over it, but not over it times what the floor \
costs more on this machine than on the one where the budget was set. *missed*: neither.
";

/// The notes of an older page, which the next one keeps.
pub fn by_hand(page: &str) -> &str {
    page.find(BY_HAND).and_then(|at| page.get(at..)).unwrap_or(BY_HAND)
}

impl Report {
    /// Answers that were not what they must be.
    pub fn errors(&self) -> usize {
        let rows = self.rows.iter().map(Row::errors);
        rows.chain(self.mixed.iter().map(|(_, measured)| measured.errors)).sum()
    }

    /// The page.
    pub fn text(&self) -> String {
        let mut text = String::from("# Results\n\n");
        let about = self.date.iter().chain(&self.machine).chain(&self.note);
        for sentence in about {
            // Writing to a text cannot fail.
            let _ = writeln!(text, "- {sentence}");
        }
        let _ = writeln!(text, "\n{READING}");
        if !self.rows.is_empty() {
            text.push_str("## Loads\n\n");
            text.push_str(LOADS);
            self.rows.iter().for_each(|row| text.push_str(&(row.line() + "\n")));
        }
        self.write_mixed(&mut text);
        self.write_footprints(&mut text);
        self.write_errors(&mut text);
        text
    }

    fn write_mixed(&self, text: &mut String) {
        if self.mixed.is_empty() {
            return;
        }
        text.push_str("\n## While 64 people sign in at once\n\n");
        text.push_str("| work | requests/s | p50 ms | p99 ms | budget | verdict | errors |\n");
        text.push_str("| --- | --: | --: | --: | --: | --- | --: |\n");
        for (name, measured) in &self.mixed {
            let Measured { per_s, p50_ms, p99_ms, errors, .. } = measured;
            let bound = !name.contains("sign-in");
            let verdict = if *p99_ms <= mixed::P99_BUDGET_MS { "met" } else { "missed" };
            let (budget, verdict) =
                if bound { (mixed::P99_BUDGET_MS.to_string(), verdict) } else { ("".into(), "") };
            let _ = writeln!(
                text,
                "| {name} | {per_s:.0} | {p50_ms:.2} | {p99_ms:.2} | {budget} | {verdict} \
                 | {errors} |"
            );
        }
    }

    fn write_footprints(&self, text: &mut String) {
        if self.footprints.is_empty() {
            return;
        }
        text.push_str("\n## Footprint\n\n| | | budget | verdict |\n| --- | --: | --: | --- |\n");
        for Footprint { what, figure, unit, budget } in &self.footprints {
            let verdict = match budget {
                0.0 => "",
                most if figure <= most => "met",
                _ => "missed",
            };
            let most = if *budget > 0.0 { format!("{budget} {unit}") } else { String::new() };
            let _ = writeln!(text, "| {what} | {figure:.1} {unit} | {most} | {verdict} |");
        }
    }

    fn write_errors(&self, text: &mut String) {
        let rows = self.rows.iter().flat_map(|row| {
            let both = [Some(&row.ours), Some(&row.floor), row.peer.as_ref()];
            both.into_iter().flatten().map(|measured| (row.name, measured))
        });
        let all = rows.chain(self.mixed.iter().map(|(name, measured)| (*name, measured)));
        for (name, measured) in all {
            if let Some(error) = &measured.first_error {
                let _ = writeln!(text, "\n{name}: {} errors, the first: {error}", measured.errors);
            }
        }
    }
}

impl Row {
    /// Its line of the table.
    pub fn line(&self) -> String {
        let Self { name, connections, ours, floor, peer, limit } = self;
        let ratio = |other: f64| if other > 0.0 { ours.cpu_s / other } else { 0.0 };
        let of_peer =
            |text: &dyn Fn(&Measured) -> String| peer.as_ref().map(text).unwrap_or_default();
        format!(
            "| {name} | {connections} | **{}** | {} | {:.2} | {} | {} | {} | {} | {:.0} | {:.2} \
             | {:.2} | {:.0} | {} | {} |",
            seconds(ours.cpu_s),
            seconds(floor.cpu_s),
            ratio(floor.cpu_s),
            of_peer(&|peer| seconds(peer.cpu_s)),
            of_peer(&|peer| format!("{:.2}", ratio(peer.cpu_s))),
            seconds(limit.cpu_s(floor.cpu_s)),
            limit.verdict(ours.cpu_s, floor.cpu_s),
            ours.per_s,
            ours.p50_ms,
            ours.p99_ms,
            floor.per_s,
            of_peer(&|peer| format!("{:.0}", peer.per_s)),
            self.errors(),
        )
    }

    /// Answers that were not what they must be.
    fn errors(&self) -> usize {
        let peer = self.peer.as_ref().map_or(0, |peer| peer.errors);
        self.ours.errors + self.floor.errors + peer
    }
}

/// CPU seconds with as many digits as they deserve.
fn seconds(cpu_s: f64) -> String {
    if cpu_s < 1.0 { format!("{cpu_s:.4}") } else { format!("{cpu_s:.2}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::works::Limit;

    #[test]
    fn a_row_is_a_line_with_ratio_and_verdict() {
        let measured = |cpu_s| Measured { cpu_s, per_s: 1_000.0, ..Measured::default() };
        let limit = Limit::Cpu { floor: 0.1, budget: 0.2 };
        let row = Row {
            name: "work",
            connections: 16,
            ours: measured(0.15),
            floor: measured(0.1),
            peer: Some(measured(0.3)),
            limit,
        };
        let want = "| work | 16 | **0.1500** | 0.1000 | 1.50 | 0.3000 | 0.50 | 0.2000 | met | 1000 \
                    | 0.00 | 0.00 | 1000 | 1000 | 0 |";
        assert_eq!(row.line(), want);
        let alone = Row { peer: None, ..row };
        assert!(alone.line().contains("| 1.50 |  |  | 0.2000 |"), "{}", alone.line());
        let columns = |line: &str| line.matches('|').count();
        assert_eq!(columns(want), columns(LOADS.lines().next().unwrap()));
    }

    #[test]
    fn notes_outlive_the_figures() {
        let notes = format!("{BY_HAND}\nWhy.\n");
        assert_eq!(by_hand(&format!("# Results\n{notes}")), notes);
        assert_eq!(by_hand("# Results\n"), BY_HAND);
    }

    #[test]
    fn errors_are_counted_and_shown() {
        let bad = Measured { errors: 2, first_error: Some("404".into()), ..Measured::default() };
        let report = Report { mixed: vec![("discovery", bad)], ..Report::default() };
        assert_eq!(report.errors(), 2);
        assert!(report.text().contains("discovery: 2 errors, the first: 404"));
    }
}
