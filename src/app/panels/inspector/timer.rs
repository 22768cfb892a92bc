//! The card of a timer.

use super::card::Row;
use super::{Card, Inspector};
use crate::event::{Nanos, TimerId, TimerPurpose};
use crate::trace::TimerEnd;

/// What a timer is for.
fn timer_use(purpose: TimerPurpose) -> &'static str {
    match purpose {
        TimerPurpose::Sleep => "a sleep",
        TimerPurpose::Limit => "a time limit",
        TimerPurpose::Interval => "the next tick of an interval",
        TimerPurpose::Library => "another library, which alone knows what for",
        TimerPurpose::Untold => "the record is older than this fact",
    }
}

impl Inspector<'_> {
    pub(super) fn timer(&self, timer: TimerId) -> Option<Card> {
        let info = self.record.timer(timer)?;
        let armed = self.time_of(info.armed);
        let mut rows = vec![
            Row::words("for", timer_use(info.purpose)),
            self.at(Row::new("set").say("by").task(info.task).say("at"), info.armed),
            Row::words("due", format!("at {}, {} after it was set", info.deadline, info.deadline - armed)),
        ];
        let end = info.end.filter(|(index, _)| self.is_past(*index));
        let now = match end {
            None if self.point.at > info.deadline => {
                let late = (self.point.at - info.deadline).to_string();
                Row::words("now", format!("due {late} ago: the loop has not reached it yet"))
            }
            None => Row::words("now", format!("{} left", (info.deadline - self.point.at))),
            Some((index, TimerEnd::Fired)) => {
                let late = self.time_of(index) - info.deadline;
                let words = match late {
                    Nanos::ZERO => "on time".to_owned(),
                    late => {
                        format!("{} late: a timer fires when the loop gets to it, and never early", late)
                    }
                };
                self.at(Row::words("now", "fired at"), index).say(words)
            }
            Some((index, TimerEnd::Cancelled)) => self.at(Row::words("now", "cancelled at"), index),
        };
        rows.insert(0, now);
        let name = self.record.catalog().task_name(info.task);
        let (title, subtitle) = (format!("timer of {name}"), format!("timer {}", timer.0));
        Some(Card { task: Some(info.task), title, subtitle, rows })
    }
}
