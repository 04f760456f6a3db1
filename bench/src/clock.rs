//! The one place that reads clocks: a load program measures real time.

use std::time::{Instant, SystemTime};

/// The monotonic time.
#[expect(clippy::disallowed_methods, reason = "a load program measures real time")]
pub fn now() -> Instant {
    Instant::now()
}

/// The time of day, for the `date` header of signed requests.
#[expect(clippy::disallowed_methods, reason = "signed requests carry the real date")]
pub fn date() -> SystemTime {
    SystemTime::now()
}

/// Milliseconds since the epoch: what makes names of one run differ from those of another.
pub fn millis() -> u128 {
    date().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_millis())
}
