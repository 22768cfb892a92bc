//! The labels of the time axis and of the steps axis, and where their grid lines stand.

use crate::app::view::Axis;
use crate::event::Nanos;
use egui_plot::{GridInput, GridMark};
use std::ops::RangeInclusive;

/// Grid lines are not closer than this, in points.
pub(super) const CLOSEST: f32 = 70.0;
/// About how wide a character of a label is, and the space between two labels, in points.
const CHARACTER: f64 = 7.0;
const BETWEEN: f64 = 14.0;

/// An axis label: a time with as many digits as the grid needs, or the number of a step. The first one says that it is
/// steps.
pub(super) fn label(axis: Axis, mark: GridMark, range: &RangeInclusive<f64>) -> String {
    match axis {
        Axis::Time if mark.value < 0.0 => String::new(),
        Axis::Time => Nanos::from_secs_f64(mark.value).fine(Nanos::from_secs_f64(mark.step_size)),
        Axis::Steps if mark.value < 0.0 || mark.value.fract() != 0.0 => String::new(),
        Axis::Steps if mark.value - mark.step_size < range.start().max(0.0) => format!("step {}", mark.value),
        Axis::Steps => format!("{}", mark.value),
    }
}

/// Whether a label has room left of the right end of an axis of that width, in points.
pub(super) fn has_room(label: &str, value: f64, range: &RangeInclusive<f64>, width: f32) -> bool {
    let length = range.end() - range.start();
    let place = (value - range.start()) / length * f64::from(width);
    place + label.chars().count() as f64 * CHARACTER / 2.0 <= f64::from(width)
}

/// Grid lines at round numbers, 1, 2 or 5 times a power of ten, not closer than the labels need.
pub(super) fn round_marks(axis: Axis, input: GridInput) -> Vec<GridMark> {
    let least = match axis {
        Axis::Time => input.base_step_size,
        Axis::Steps => input.base_step_size.max(1.0),
    };
    let power = 10f64.powf(least.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0].map(|times| times * power);
    let has_room = |step: &f64| {
        let width = |value: f64| {
            let words = label(axis, GridMark { value, step_size: *step }, &(input.bounds.0..=input.bounds.1));
            words.chars().count() as f64 * CHARACTER + BETWEEN
        };
        // Labels have as many digits as they need: the neighbour of a round one is longer.
        let last = (input.bounds.1 / step).floor();
        let width = (0..10).map(|back| width((last - f64::from(back)) * step)).fold(0.0, f64::max);
        *step >= least && step / input.base_step_size * f64::from(CLOSEST) >= width
    };
    let step_size = steps.into_iter().find(has_room).unwrap_or(100.0 * power);
    let (first, last) = ((input.bounds.0 / step_size).ceil() as i64, (input.bounds.1 / step_size).floor() as i64);
    (first..=last).map(|number| GridMark { value: number as f64 * step_size, step_size }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_that_the_right_end_would_cut_is_left_out() {
        assert!(has_room("0.2 s", 0.2, &(0.0..=0.25), 600.0));
        assert!(!has_room("0.2 s", 0.2, &(0.0..=0.203), 600.0));
        assert!(has_room("0 s", 0.0, &(0.0..=0.203), 600.0));
    }

    #[test]
    fn labels_have_room_however_late_it_is_and_however_fine_the_grid() {
        for axis in [Axis::Time, Axis::Steps] {
            for late in [0.0, 1.0, 1e3, 5e7, 1e9, 18_446_744_073.0] {
                // From nanoseconds to centuries across the window, which is 1,000 points wide.
                for power in -9..11 {
                    let wide = 10f64.powi(power);
                    if wide < late * 1e-12 {
                        continue; // numbers are not that fine
                    }
                    let base_step_size = wide * f64::from(CLOSEST) / 1000.0;
                    let bounds = (late, late + wide);
                    let marks = round_marks(axis, GridInput { bounds, base_step_size });
                    for pair in marks.windows(2) {
                        let apart = (pair[1].value - pair[0].value) / wide * 1000.0;
                        let word = label(axis, pair[1], &(bounds.0..=bounds.1));
                        assert!(
                            apart >= 6.5 * word.chars().count() as f64,
                            "{axis:?} {late} {wide}: {word} every {apart}"
                        );
                    }
                    assert!(marks.len() < 20);
                }
            }
        }
    }
}
