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

    /// Two times as they are shown side by side: with as many digits as it takes to tell them apart.
    ///
    /// ```
    /// use loopscope_event::Nanos;
    ///
    /// assert_eq!(Nanos(1_234_567_000).apart(Nanos(2_345_678_000)), ["1.23 s", "2.35 s"]);
    /// assert_eq!(Nanos(1_234_567_000).apart(Nanos(1_234_678_000)), ["1.2346 s", "1.2347 s"]);
    /// ```
    #[must_use]
    pub fn apart(self, other: Self) -> [String; 2] {
        let texts = |digits| [self, other].map(|time| time.rounded(digits).exact());
        let differ = |[one, two]: &[String; 2]| (one == two) == (self == other);
        // 20 digits are all that there are.
        (DIGITS..20).map(texts).find(differ).unwrap_or_else(|| texts(20))
    }

    /// A time on an axis that shows a stretch of `length`: more digits than usual only if the usual ones would be off by what
    /// one sees.
    #[must_use]
    pub fn on_axis(self, length: Self) -> String {
        let usual = self.rounded(DIGITS);
        let step = Self(length.0 / 500);
        if usual.0.abs_diff(self.0) <= step.0 { usual.exact() } else { self.fine(step) }
    }

    /// A time as an axis shows it on which neighbours are `step` apart: no finer than that, and no coarser.
    ///
    /// ```
    /// use loopscope_event::Nanos;
    ///
    /// assert_eq!(Nanos(1_234_567_000).fine(Nanos::from_millis(10)), "1.23 s");
    /// assert_eq!(Nanos(1_234_567_000).fine(Nanos(20_000)), "1.23457 s");
    /// ```
    #[must_use]
    pub fn fine(self, step: Self) -> String {
        self.to_multiple_of(10_u64.pow(step.0.max(1).ilog10())).exact()
    }

    /// Rounded to so many digits; whole milliseconds and whole seconds stay as they are.
    fn rounded(self, digits: u32) -> Self {
        if self.0.is_multiple_of(1_000_000) {
            return self;
        }
        // `ilog10` is one less than the number of digits.
        let surplus = (self.0.ilog10() + 1).saturating_sub(digits);
        self.to_multiple_of(10_u64.pow(surplus.min(9)))
    }

    fn to_multiple_of(self, step: u64) -> Self {
        Self(self.0.saturating_add(step / 2) / step * step)
    }

    /// All digits, in a unit that suits the size.
    fn exact(self) -> String {
        let (unit, name) = match self.0 {
            0 => return "0 s".to_owned(),
            1..1_000 => (1, "ns"),
            1_000..1_000_000 => (1_000, "µs"),
            1_000_000..100_000_000 => (1_000_000, "ms"),
            _ => (1_000_000_000_u64, "s"),
        };
        let (whole, part) = (self.0 / unit, self.0 % unit);
        let places = unit.ilog10() as usize;
        let part = if part == 0 { String::new() } else { format!(".{part:0places$}") };
        format!("{whole}{} {name}", part.trim_end_matches('0'))
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

/// Digits that are enough to read a measured time.
const DIGITS: u32 = 3;

/// How every view, message and export for people writes a time: `3 s`, `0.3 s`, `1.5 ms`, `120 µs`, `16 ns`.
///
/// A whole number of milliseconds is written exactly, so that times of the virtual clock and of parameters add up. Anything
/// finer is measured, and gets three digits: `49.99979 ms` is written `50 ms`. Use [`Nanos::apart`] for two times that are
/// shown together to tell a difference, and [`Nanos::on_axis`] for one on an axis.
impl fmt::Display for Nanos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.rounded(DIGITS).exact())
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
    fn a_measured_time_has_three_digits_and_a_whole_millisecond_is_exact() {
        for (nanos, text) in [
            (49_999_790, "50 ms"),
            (388_842_000, "0.389 s"),
            (45_569_000, "45.6 ms"),
            (742, "742 ns"),
            (999_999_999, "1 s"),
            (99_999_999, "0.1 s"),
            (1_234_567, "1.23 ms"),
            (12_345_678_900, "12.3 s"),
            (1_234_567_890_123, "1235 s"),
            (1_005_000_000, "1.005 s"),
            (10_525_000_000, "10.525 s"),
            (50_000_000, "50 ms"),
        ] {
            assert_eq!(Nanos(nanos).to_string(), text);
        }
        assert_eq!(format!("{:>8}", Nanos::from_secs(3)), "     3 s");
    }

    #[test]
    fn what_is_shown_is_read_back_as_the_same_whole_milliseconds() {
        for millis in (0..5_000).chain([59_999, 3_600_000]) {
            let time = Nanos::from_millis(millis);
            assert_eq!(Nanos::parse(&time.to_string()), Some(time));
        }
    }

    #[test]
    fn times_side_by_side_read_alike_only_if_they_are() {
        for one in [1, 999, 1_234_567, 99_999_999, 1_234_567_891, 12_345_678_901_234, u64::MAX - 1] {
            for more in [0, 1, 10, 1_000, 1_000_000] {
                let (one, two) = (Nanos(one), Nanos(one) + Nanos(more));
                let [first, second] = one.apart(two);
                assert_eq!(first == second, one == two, "{first} and {second}");
            }
        }
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
