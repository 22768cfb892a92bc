//! Waiting for the user.

use crate::control::Control;
use crate::core::Core;
use crate::event::{EnqueueCause, WaitOn};
use crate::task::wait::WaitPoint;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Asks the user and waits for the answer: [`Control::answer`]. None once there will be no more answers, which is so from
/// the start in a run that nobody steers.
///
/// Questions are answered in the order in which they were first awaited.
///
/// # Panics
/// When awaited outside a run.
#[track_caller]
pub fn input(prompt: impl Into<Arc<str>>) -> Input {
    Input { prompt: prompt.into(), asked: None, wait: WaitPoint::new() }
}

/// The future of [`input`].
#[derive(Debug)]
#[must_use = "the question is asked when this is awaited"]
pub struct Input {
    prompt: Arc<str>,
    asked: Option<(Control, Arc<Question>)>,
    wait: WaitPoint,
}

/// A question that was asked.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) prompt: Arc<str>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The answer, once there is one; none within where there will be none.
    answer: Option<Option<String>>,
    waker: Waker,
}

impl Question {
    /// Answers the question, and wakes who asked.
    pub(crate) fn answer(&self, answer: Option<String>) {
        let mut state = self.lock();
        state.answer = Some(answer);
        let waker = state.waker.clone();
        drop(state);
        crate::core::run::Run::with_outside_cause(EnqueueCause::Answered, || waker.wake());
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Future for Input {
    type Output = Option<String>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<String>> {
        let place = Location::caller();
        let Self { prompt, asked, wait } = &mut *self;
        let (_, question) = asked.get_or_insert_with(|| {
            let control = Core::with_at(wait.made_at().unwrap_or(place), |core| core.run.control.clone());
            let state = Mutex::new(State { answer: None, waker: cx.waker().clone() });
            let question = Arc::new(Question { prompt: Arc::clone(prompt), state });
            if let Some(answer) = control.ask(&question) {
                question.lock().answer = Some(answer);
            }
            (control, question)
        });
        let mut state = question.lock();
        let poll = match state.answer.take() {
            Some(answer) => Poll::Ready(answer),
            None => {
                state.waker.clone_from(cx.waker());
                Poll::Pending
            }
        };
        drop(state);
        wait.record(&poll, place, || WaitOn::Input(Arc::clone(prompt)));
        poll
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        if let Some((control, question)) = self.asked.take() {
            control.withdraw(&question);
        }
    }
}
