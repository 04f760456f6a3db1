//! Instants as V3 spells them: ISO 8601 with milliseconds, in UTC.

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use keystead_model::Millis;

const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));

/// The text of an instant; an instant no calendar has is the epoch.
#[must_use]
pub fn iso(at: Millis) -> String {
    let at = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    PRINTER.timestamp_to_string(&at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_always_stand_there() {
        assert_eq!(iso(Millis(1_751_328_000_000)), "2025-07-01T00:00:00.000Z");
        assert_eq!(iso(Millis(1_751_328_000_070)), "2025-07-01T00:00:00.070Z");
    }
}
