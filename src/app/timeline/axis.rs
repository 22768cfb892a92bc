//! The labels of the time axis and of the steps axis, and where their grid lines stand.

use crate::app::view::Axis;
use egui_plot::GridMark;
use std::ops::RangeInclusive;

/// An axis label: seconds with as many decimals as the grid needs, or the number of a step.
pub(super) fn label(axis: Axis, mark: GridMark, _range: &RangeInclusive<f64>) -> String {
    match axis {
        Axis::Time if mark.value < 0.0 => String::new(),
        Axis::Time => {
            let decimals = (-mark.step_size.log10().floor()).clamp(1.0, 9.0) as usize;
            format!("{:.decimals$} s", mark.value)
        }
        Axis::Steps if mark.value < 0.0 || mark.value.fract() != 0.0 => String::new(),
        Axis::Steps => format!("{}", mark.value),
    }
}

/// Grid lines at round numbers, 1, 2 or 5 times a power of ten, not closer than the labels need.
pub(super) fn round_marks(axis: Axis, input: egui_plot::GridInput) -> Vec<GridMark> {
    let least = match axis {
        Axis::Time => input.base_step_size,
        Axis::Steps => input.base_step_size.max(1.0),
    };
    let power = 10f64.powf(least.log10().floor());
    let step_size = [1.0, 2.0, 5.0, 10.0].map(|times| times * power).into_iter().find(|step| *step >= least);
    let step_size = step_size.unwrap_or(10.0 * power);
    let (first, last) = ((input.bounds.0 / step_size).ceil() as i64, (input.bounds.1 / step_size).floor() as i64);
    (first..=last).map(|number| GridMark { value: number as f64 * step_size, step_size }).collect()
}
