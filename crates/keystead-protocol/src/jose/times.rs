//! The times of a token, checked apart from its signature because only the caller has a clock.

use super::{JoseError, Result};
use serde::{Deserialize, Deserializer};
use serde_json::Number;

/// `exp`, `nbf` and `iat` in seconds since 1970 (RFC 7519, 4.1.4 to 4.1.6); fractions are cut.
///
/// `#[serde(flatten)]` it into a struct of claims, or read it with [`super::Verified::claims`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Times {
    /// When it expires. Every token that we accept has one.
    #[serde(deserialize_with = "seconds")]
    pub exp: i64,
    /// Before this it does not count.
    #[serde(default, deserialize_with = "maybe_seconds")]
    pub nbf: Option<i64>,
    /// When it was made.
    #[serde(default, deserialize_with = "maybe_seconds")]
    pub iat: Option<i64>,
}

/// Checks the times against `now_s`, forgiving clocks that differ by `leeway_s` seconds.
///
/// A token is over at its `exp`, not after it (RFC 7519, 4.1.4).
///
/// # Errors
/// [`JoseError::Expired`] or [`JoseError::NotYet`].
pub fn check_times(times: &Times, now_s: i64, leeway_s: u32) -> Result<()> {
    let leeway = i64::from(leeway_s);
    if times.exp.saturating_add(leeway) <= now_s {
        return Err(JoseError::Expired);
    }
    let ahead = |time: Option<i64>| time.is_some_and(|t| t > now_s.saturating_add(leeway));
    if ahead(times.nbf) || ahead(times.iat) {
        return Err(JoseError::NotYet);
    }
    Ok(())
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<i64, D::Error> {
    whole(&Number::deserialize(deserializer)?).ok_or_else(out_of_range)
}

fn maybe_seconds<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<i64>, D::Error> {
    match Option::<Number>::deserialize(deserializer)? {
        None => Ok(None),
        Some(number) => whole(&number).map(Some).ok_or_else(out_of_range),
    }
}

fn out_of_range<E: serde::de::Error>() -> E {
    E::custom("a time is out of range")
}

/// A NumericDate as whole seconds; beyond 2^53 a fraction would be lost anyway, so it is refused.
fn whole(number: &Number) -> Option<i64> {
    const LIMIT: i64 = 1 << 53;
    let seconds = match number.as_i64() {
        Some(seconds) => seconds,
        None => {
            let float = number.as_f64().filter(|f| f.abs() < 9e15)?;
            #[allow(clippy::cast_possible_truncation, reason = "bounded by the line above")]
            {
                float.floor() as i64
            }
        }
    };
    (-LIMIT..=LIMIT).contains(&seconds).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_of_the_clock() {
        let times = |exp, nbf, iat| Times { exp, nbf, iat };
        for (times, now, leeway, want) in [
            (times(100, None, None), 99, 0, Ok(())),
            (times(100, None, None), 100, 0, Err(JoseError::Expired)),
            (times(100, None, None), 159, 60, Ok(())),
            (times(100, None, None), 160, 60, Err(JoseError::Expired)),
            (times(100, Some(50), None), 49, 0, Err(JoseError::NotYet)),
            (times(100, Some(50), None), 50, 0, Ok(())),
            (times(100, None, Some(61)), 0, 60, Err(JoseError::NotYet)),
            (times(100, None, Some(60)), 0, 60, Ok(())),
            (times(i64::MAX, None, None), i64::MAX - 1, u32::MAX, Ok(())),
            (times(i64::MIN, None, None), i64::MIN, 0, Err(JoseError::Expired)),
        ] {
            assert_eq!(check_times(&times, now, leeway), want, "{times:?} at {now}±{leeway}");
        }
    }

    #[test]
    fn numeric_dates() {
        let exp = |text: &str| serde_json::from_str::<Times>(text).map(|t| t.exp).ok();
        assert_eq!(exp(r#"{"exp": 7}"#), Some(7));
        assert_eq!(exp(r#"{"exp": 7.9, "nbf": null}"#), Some(7));
        assert_eq!(exp(r#"{"exp": 4294967296}"#), Some(1 << 32));
        for bad in [
            "{}",
            r#"{"exp": "7"}"#,
            r#"{"exp": null}"#,
            r#"{"exp": 1e300}"#,
            r#"{"exp": 1, "exp": 2}"#,
        ] {
            assert_eq!(exp(bad), None, "{bad}");
        }
    }
}
