//! How strong, how large and how lively the window looks: what a person needs to see it well.
//!
//! These are choices of the user, kept in the settings; what they change is in `theme` and `obey`.

use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// How far colours are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Contrast {
    #[default]
    Usual,
    /// All text at 12:1 or more, every border seen.
    High,
}

impl Contrast {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Usual => Self::High,
            Self::High => Self::Usual,
        }
    }
}

/// Whether things move to their places or are there at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Motion {
    #[default]
    Usual,
    /// Nothing moves but what time itself moves.
    Reduced,
}

impl Motion {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Usual => Self::Reduced,
            Self::Reduced => Self::Usual,
        }
    }
}

/// How large everything is, in per cent of its usual size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Percent(u16);

impl Default for Percent {
    fn default() -> Self {
        Self(100)
    }
}

/// The sizes that one key after the other leads to, as in web browsers.
const SIZES: [u16; 10] = [80, 90, 100, 110, 125, 150, 175, 200, 225, 250];

impl Percent {
    const RANGE: RangeInclusive<u16> = SIZES[0]..=SIZES[SIZES.len() - 1];

    /// The factor, within what makes sense.
    pub(crate) fn factor(self) -> f32 {
        f32::from(self.0.clamp(*Self::RANGE.start(), *Self::RANGE.end())) / 100.0
    }

    pub(crate) fn larger(self) -> Self {
        Self(SIZES.into_iter().find(|size| *size > self.0).unwrap_or(*Self::RANGE.end()))
    }

    pub(crate) fn smaller(self) -> Self {
        Self(SIZES.into_iter().rev().find(|size| *size < self.0).unwrap_or(*Self::RANGE.start()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_go_up_and_down_the_same_way_and_stop_at_the_ends() {
        let mut size = Percent(0);
        let mut press = |change: fn(Percent) -> Percent| {
            size = change(size);
            size.factor()
        };
        let up = SIZES.map(|_| press(Percent::larger));
        let mut down = SIZES.map(|_| press(Percent::smaller));
        down.reverse();
        assert_eq!(up[..9], down[1..]);
        assert_eq!((up[0], up[9]), (0.8, 2.5));
        assert_eq!((Percent(250).larger(), Percent(80).smaller()), (Percent(250), Percent(80)));
        assert_eq!((Percent(60_000).factor(), Percent(0).factor()), (2.5, 0.8));
    }
}
