//! Printing, as part of the record.

use super::job::{is_heard_in_job, say_in_job};
use crate::core::Core;
use crate::event::EventKind;
use std::fmt;
use std::panic::Location;

/// Prints a line into the record, with the task and the source line that printed it. Written like `println!`.
///
/// ```
/// # use loopscope_runtime::{EventLoop, say};
/// # EventLoop::new().run(async {
/// let item = 3;
/// say!("consumed {item}");
/// # }).unwrap();
/// ```
#[macro_export]
macro_rules! say {
    ($($arg:tt)*) => {
        $crate::say_args(::std::format_args!($($arg)*))
    };
}

/// What [`say!`](crate::say!) calls.
///
/// # Panics
/// Outside a run and its jobs.
#[track_caller]
pub fn say_args(line: fmt::Arguments<'_>) {
    let place = Location::caller();
    let is_heard = is_heard_in_job().unwrap_or_else(|| Core::with_at(place, Core::is_on));
    if !is_heard {
        return; // and not formatted
    }
    // Formatted before the record is touched: a `Display` may do anything, even print.
    let text = line.to_string();
    if say_in_job(place, &text) {
        return;
    }
    Core::with(|core| {
        let site = Some(core.site(place));
        let task = core.current_task();
        core.emit(|| EventKind::Printed { task, site, text: text.into() });
    });
}
