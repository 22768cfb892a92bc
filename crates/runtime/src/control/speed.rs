//! How fast virtual time passes for the one who watches.

use std::fmt;
use std::str::FromStr;

/// How many virtual seconds pass in a real one: 0.01 to 100, or as many as the machine can.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Speed(f64);

/// A text that is not a [`Speed`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a speed: give a number from 0.01 to 100, or max")]
pub struct ParseSpeedError(String);

impl Speed {
    /// Virtual time never waits.
    pub const MAX: Self = Self(f64::INFINITY);
    /// A virtual second takes a second.
    pub const NORMAL: Self = Self(1.0);
    /// The speeds that a control offers, slowest first.
    pub const STEPS: [Self; 10] = [
        Self(0.01),
        Self(0.1),
        Self(0.25),
        Self(0.5),
        Self(1.0),
        Self(2.0),
        Self(5.0),
        Self(10.0),
        Self(100.0),
        Self::MAX,
    ];

    /// `factor` virtual seconds a second; none outside 0.01 to 100.
    #[must_use]
    pub fn times(factor: f64) -> Option<Self> {
        (0.01..=100.0).contains(&factor).then_some(Self(factor))
    }

    /// Whether virtual time never waits.
    #[must_use]
    pub fn is_max(self) -> bool {
        self.0.is_infinite()
    }

    /// Virtual seconds a second; infinite for [`Speed::MAX`].
    #[must_use]
    pub fn factor(self) -> f64 {
        self.0
    }

    /// The next faster of [`Speed::STEPS`], or this one where there is none.
    #[must_use]
    pub fn faster(self) -> Self {
        Self::STEPS.into_iter().find(|step| *step > self).unwrap_or(self)
    }

    /// The next slower of [`Speed::STEPS`], or this one where there is none.
    #[must_use]
    pub fn slower(self) -> Self {
        Self::STEPS.into_iter().rev().find(|step| *step < self).unwrap_or(self)
    }
}

impl Default for Speed {
    fn default() -> Self {
        Self::NORMAL
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_max() { f.write_str("max") } else { write!(f, "{}×", self.0) }
    }
}

impl FromStr for Speed {
    type Err = ParseSpeedError;

    fn from_str(text: &str) -> Result<Self, ParseSpeedError> {
        if text == "max" {
            return Ok(Self::MAX);
        }
        text.trim_end_matches(['x', '×'])
            .parse()
            .ok()
            .and_then(Self::times)
            .ok_or_else(|| ParseSpeedError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Speed;

    #[test]
    fn a_speed_reads_back_as_it_is_shown() {
        for speed in Speed::STEPS {
            assert_eq!(speed.to_string().parse(), Ok(speed));
        }
    }

    #[test]
    fn what_is_no_speed_is_refused_by_name() {
        for text in ["", "0", "-1", "101", "NaN", "inf", "fast"] {
            let error = text.parse::<Speed>().expect_err(text).to_string();
            assert!(error.contains(&format!("'{text}'")), "{error}");
        }
    }

    #[test]
    fn faster_and_slower_stop_at_the_ends() {
        assert_eq!(Speed::MAX.faster(), Speed::MAX);
        assert_eq!(Speed::STEPS[0].slower(), Speed::STEPS[0]);
        assert_eq!(Speed::NORMAL.faster().slower(), Speed::NORMAL);
    }
}
