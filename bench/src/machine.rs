//! What the kernel says about processes and the machine.

use anyhow::{Context as _, Result};
use std::path::Path;

/// Ticks per second of `/proc/PID/stat`: what Linux shows to programs, whatever it counts with.
const TICKS: f64 = 100.0;

/// Seconds of CPU that a process has used, in user and kernel mode, all threads together.
///
/// # Errors
/// There is no such process.
pub fn cpu_seconds(pid: u32) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))
        .with_context(|| format!("process {pid} is gone"))?;
    ticks(&stat).map(|ticks| ticks as f64 / TICKS).context("/proc/PID/stat has another form")
}

/// Fields 14 and 15 (proc(5)); the second field may hold spaces, so counting begins after it.
fn ticks(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace().skip(11);
    Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
}

/// A figure of `/proc/PID/status` in KiB, such as `VmRSS` or `VmHWM`.
///
/// # Errors
/// There is no such process or figure.
pub fn memory_kib(pid: u32, name: &str) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let figure = labelled(&status, name).and_then(|text| text.split(' ').next());
    figure.and_then(|n| n.parse().ok()).with_context(|| format!("no {name} of process {pid}"))
}

/// Sentences about the machine and the program.
pub fn facts(binary: &Path) -> Vec<String> {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let (cpu, memory) = (read("/proc/cpuinfo"), read("/proc/meminfo"));
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let gib = labelled(&memory, "MemTotal")
        .and_then(|text| text.split(' ').next()?.parse::<u64>().ok())
        .map_or(0, |kib| (kib + (1 << 19)) >> 20);
    let profile = binary.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    let load = read("/proc/loadavg");
    vec![
        format!("{cores} cores, {}, {gib} GiB", labelled(&cpu, "model name").unwrap_or("?")),
        format!("Linux {}, loopback, SQLite", read("/proc/sys/kernel/osrelease").trim()),
        format!("profile `{profile}`"),
        format!("load average when it began: {}", load.split(' ').next().unwrap_or("?")),
    ]
}

/// The value of the first line `name : value`.
fn labelled<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = text.lines().filter_map(|line| line.split_once(':'));
    pairs.find(|(label, _)| label.trim() == name).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_found_behind_a_name_with_spaces() {
        let stat = "7 (a) b) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 4 0";
        assert_eq!(ticks(stat), Some(300));
        assert_eq!(ticks("7 (a"), None);
    }

    #[test]
    fn labels_stand_before_a_colon() {
        let text = "Name:\tx\nVmRSS:\t    1234 kB\nmodel name\t: Some CPU\n";
        assert_eq!(labelled(text, "VmRSS"), Some("1234 kB"));
        assert_eq!(labelled(text, "model name"), Some("Some CPU"));
    }
}
