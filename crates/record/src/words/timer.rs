//! Timers, in plain words.

use crate::event::TimerPurpose;
use crate::model::facts::TimerInfo;
use crate::model::record::Record;

/// A timer, by what it is for.
pub(super) fn timer_words(purpose: TimerPurpose) -> &'static str {
    match purpose {
        TimerPurpose::Sleep => "a timer for its sleep",
        TimerPurpose::Limit => "a time limit",
        TimerPurpose::Interval => "a timer for the next tick",
        TimerPurpose::Library => "a timer of another library",
        TimerPurpose::Untold => "a timer",
    }
}

/// A timer that is set, by whose it is and what for: `ask-3's time limit of 2.5 s`.
pub(super) fn timer_name(record: &Record, info: &TimerInfo) -> String {
    format!("{}'s {}", record.catalog().task_name(info.task), timer_of(record, info))
}

/// A timer as a noun, by what it is for and how long it takes, as far as the record tells.
pub(super) fn timer_of(record: &Record, info: &TimerInfo) -> String {
    let set = record.log().get(info.armed).map(|event| event.at);
    let of = set.map_or_else(String::new, |set| format!(" of {}", info.deadline.since(set)));
    match info.purpose {
        TimerPurpose::Sleep => format!("timer for its sleep{of}"),
        TimerPurpose::Limit => format!("time limit{of}"),
        TimerPurpose::Interval => "timer for the next tick".to_owned(),
        TimerPurpose::Library => "timer of another library".to_owned(),
        TimerPurpose::Untold => "timer".to_owned(),
    }
}
