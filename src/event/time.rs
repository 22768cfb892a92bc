//! Time as the record keeps it: whole nanoseconds since the run started.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

/// A point on a run's clock, or a length of it, in nanoseconds. Reaches 584 years.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Nanos(pub u64);

impl Nanos {
    /// The start of a run.
    pub const ZERO: Self = Self(0);
    /// The far end of the clock. As a deadline it is one that never comes.
    pub const MAX: Self = Self(u64::MAX);

    /// Whole seconds.
    #[must_use]
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(1_000_000_000))
    }

    /// Whole milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis.saturating_mul(1_000_000))
    }

    /// Seconds, rounded to the nanosecond; negative and not-a-number give zero.
    #[must_use]
    pub fn from_secs_f64(secs: f64) -> Self {
        Self((secs * 1e9).round() as u64) // a float-to-integer cast saturates and maps NaN to 0
    }

    /// A length as one types it: `1.5`, `1.5s`, `300ms`. None for what is no length, or a negative one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (number, seconds) = match text.strip_suffix("ms") {
            Some(number) => (number, 1e-3),
            None => (text.strip_suffix('s').unwrap_or(text), 1.0),
        };
        let number: f64 = number.trim().parse().ok()?;
        (number.is_finite() && number >= 0.0).then(|| Self::from_secs_f64(number * seconds))
    }

    /// In seconds.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// `self - earlier`, or zero where `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Self {
        Self(self.0.saturating_sub(earlier.0))
    }
}

impl Add for Nanos {
    type Output = Self;

    /// Saturates at the far end of the clock.
    fn add(self, length: Self) -> Self {
        Self(self.0.saturating_add(length.0))
    }
}

impl Sub for Nanos {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        self.since(earlier)
    }
}

impl From<Duration> for Nanos {
    fn from(duration: Duration) -> Self {
        Self(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX))
    }
}

impl From<Nanos> for Duration {
    fn from(nanos: Nanos) -> Self {
        Self::from_nanos(nanos.0)
    }
}

/// The shortest exact reading with a unit that suits the size: `3 s`, `0.3 s`, `1.5 ms`, `120 µs`, `16 ns`.
impl fmt::Display for Nanos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, name) = match self.0 {
            0 => return f.write_str("0 s"),
            1..1_000 => (1, "ns"),
            1_000..1_000_000 => (1_000, "µs"),
            1_000_000..100_000_000 => (1_000_000, "ms"),
            _ => (1_000_000_000, "s"),
        };
        write!(f, "{} {name}", self.0 as f64 / f64::from(unit))
    }
}

impl fmt::Debug for Nanos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::Nanos;

    #[test]
    fn a_length_reads_in_the_unit_that_suits_it() {
        let read = |nanos: u64| Nanos(nanos).to_string();
        assert_eq!(read(0), "0 s");
        assert_eq!(read(16), "16 ns");
        assert_eq!(read(1_500), "1.5 µs");
        assert_eq!(read(1_500_000), "1.5 ms");
        assert_eq!(read(300_000_000), "0.3 s");
        assert_eq!(read(3_000_000_000), "3 s");
    }

    #[test]
    fn times_saturate_instead_of_wrapping() {
        assert_eq!(Nanos::ZERO - Nanos(1), Nanos::ZERO);
        assert_eq!(Nanos::MAX + Nanos(1), Nanos::MAX);
        assert_eq!(Nanos::from_secs_f64(-1.0), Nanos::ZERO);
        assert_eq!(Nanos::from_secs_f64(f64::NAN), Nanos::ZERO);
        assert_eq!(Nanos::from_secs_f64(1e300), Nanos::MAX);
    }
}
