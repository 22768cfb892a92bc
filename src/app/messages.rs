//! What the window has to say: what went wrong, what is under way, what was done.
//!
//! A problem stays until it is dismissed, what is under way until it is over, and news go by themselves. None of them
//! keeps anybody from going on. It draws nothing: that does `panels/messages.rs`.

use super::command::Command;
use crate::trace::text::terminal;
use std::time::Duration;

/// Names a message for as long as it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MessageId(u64);

/// How long a message stays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Stay {
    /// Something went wrong: until it is dismissed.
    Problem,
    /// Something is under way: until it is over.
    Busy,
    /// Something was done: until this time of the window, in seconds.
    News(f64),
}

/// One message.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) id: MessageId,
    pub(crate) stay: Stay,
    pub(crate) text: String,
    /// What can be done about it: the words on a button, and what it does.
    pub(crate) action: Option<(&'static str, Command)>,
}

/// The messages, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    list: Vec<Message>,
    /// How many there have been.
    count: u64,
}

/// How long news stay, in seconds: long enough to read a path.
const NEWS: f64 = 7.0;

impl Messages {
    /// Tells what went wrong. What is told already is not told twice.
    pub(crate) fn problem(&mut self, text: impl Into<String>) {
        let text = fit(text.into());
        self.list.retain(|message| message.text != text);
        self.add(Stay::Problem, text, None);
    }

    /// Tells what was done; `now` is the window's time in seconds.
    pub(crate) fn news(&mut self, text: impl Into<String>, now: f64) {
        self.add(Stay::News(now + NEWS), text.into(), None);
    }

    /// Tells what is under way, until it is dismissed.
    pub(crate) fn busy(&mut self, text: impl Into<String>, action: Option<(&'static str, Command)>) -> MessageId {
        self.add(Stay::Busy, text.into(), action)
    }

    pub(crate) fn dismiss(&mut self, id: MessageId) {
        self.list.retain(|message| message.id != id);
    }

    /// Dismisses the newest problem; false where there is none.
    pub(crate) fn dismiss_newest(&mut self) -> bool {
        let newest = self.list.iter().rposition(|message| message.stay == Stay::Problem);
        newest.map(|place| self.list.remove(place)).is_some()
    }

    /// Lets go the news whose time is over; after how long there will be more to let go.
    pub(crate) fn pass(&mut self, now: f64) -> Option<Duration> {
        let until = |message: &Message| match message.stay {
            Stay::News(until) => Some(until),
            Stay::Problem | Stay::Busy => None,
        };
        self.list.retain(|message| until(message).is_none_or(|until| now < until));
        let next = self.list.iter().filter_map(until).reduce(f64::min)?;
        Some(Duration::from_secs_f64((next - now).max(0.0)))
    }

    /// All of them, oldest first.
    pub(crate) fn list(&self) -> &[Message] {
        &self.list
    }

    fn add(&mut self, stay: Stay, text: String, action: Option<(&'static str, Command)>) -> MessageId {
        self.count += 1;
        let id = MessageId(self.count);
        let text = fit(text);
        self.list.push(Message { id, stay, text, action });
        id
    }
}

/// Names of files and words of other programs may hold anything.
fn fit(text: String) -> String {
    terminal(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(messages: &Messages) -> Vec<&str> {
        messages.list().iter().map(|message| message.text.as_str()).collect()
    }

    #[test]
    fn news_go_by_themselves_and_problems_stay() {
        let mut messages = Messages::default();
        messages.problem("the disk is full");
        messages.news("saved", 10.0);
        let busy = messages.busy("saving…", None);
        assert_eq!(messages.pass(12.0), Some(Duration::from_secs(5)));
        assert_eq!(texts(&messages), ["the disk is full", "saved", "saving…"]);
        assert_eq!(messages.pass(17.0), None);
        assert_eq!(texts(&messages), ["the disk is full", "saving…"]);
        messages.dismiss(busy);
        assert!(messages.dismiss_newest());
        assert!(!messages.dismiss_newest());
    }

    #[test]
    fn the_same_problem_stands_there_once() {
        let mut messages = Messages::default();
        for text in ["a", "b", "a"] {
            messages.problem(text);
        }
        assert_eq!(texts(&messages), ["b", "a"]);
    }
}
