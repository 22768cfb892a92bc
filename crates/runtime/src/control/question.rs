//! A question to the user, as who asks and who answers share it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

/// A question that was asked.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) prompt: Arc<str>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    answer: Option<Answer>,
    waker: Waker,
}

/// What becomes of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is answered.
    Text(String),
    /// There will be no answer.
    NoMore,
}

impl Question {
    /// A question without an answer yet. Who answers wakes `waker`.
    pub(crate) fn new(prompt: Arc<str>, waker: Waker) -> Arc<Self> {
        Arc::new(Self { prompt, state: Mutex::new(State { answer: None, waker }) })
    }

    /// Answers the question, and wakes who asked.
    pub(crate) fn answer(&self, answer: Answer) {
        self.note(answer).wake();
    }

    /// Answers the question; whom to wake.
    pub(crate) fn note(&self, answer: Answer) -> Waker {
        let mut state = self.lock();
        state.answer = Some(answer);
        state.waker.clone()
    }

    /// The answer; until there is one, who answers wakes `waker`.
    pub(crate) fn poll(&self, waker: Waker) -> Poll<Answer> {
        let mut state = self.lock();
        match state.answer.take() {
            Some(answer) => Poll::Ready(answer),
            None => {
                state.waker = waker;
                Poll::Pending
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
