//! The card of a timer.

use super::card::Row;
use super::{Card, Inspector, brief, seconds};
use crate::event::{Nanos, TimerId};
use crate::trace::TimerEnd;

impl Inspector<'_> {
    pub(super) fn timer(&self, timer: TimerId) -> Option<Card> {
        let info = self.record.timer(timer)?;
        let armed = self.time_of(info.armed);
        let mut rows = vec![
            self.at(Row::new("set").say("by").task(info.task).say("at"), info.armed),
            Row::words(
                "due",
                format!("at {}, {} after it was set", seconds(info.deadline), brief(info.deadline - armed)),
            ),
        ];
        let end = info.end.filter(|(index, _)| self.is_past(*index));
        let now = match end {
            None if self.point.at > info.deadline => {
                let late = brief(self.point.at - info.deadline);
                Row::words("now", format!("due for {late}: the loop has not come to it"))
            }
            None => Row::words("now", format!("{} left", brief(info.deadline - self.point.at))),
            Some((index, TimerEnd::Fired)) => {
                let late = self.time_of(index) - info.deadline;
                let words = match late {
                    Nanos::ZERO => "just in time".to_owned(),
                    late => {
                        format!("{} late: a timer is not before its time, and when the loop comes to it", brief(late))
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
