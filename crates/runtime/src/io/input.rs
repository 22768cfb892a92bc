//! Waiting for the user.

use crate::control::Control;
use crate::control::question::{Answer, Question};
use crate::core::Core;
use crate::core::run::Run;
use crate::event::{EnqueueCause, WaitOn};
use crate::task::wait::WaitPoint;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

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

/// Wakes the task that asked, because the user has answered.
struct Answered(Waker);

impl Wake for Answered {
    fn wake(self: Arc<Self>) {
        Run::with_outside_cause(EnqueueCause::Answered, || self.0.wake_by_ref());
    }
}

impl Future for Input {
    type Output = Option<String>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<String>> {
        let place = Location::caller();
        let Self { prompt, asked, wait } = &mut *self;
        let waker = Waker::from(Arc::new(Answered(cx.waker().clone())));
        let (_, question) = asked.get_or_insert_with(|| {
            let control = Core::with_at(wait.made_at().unwrap_or(place), |core| core.run.control.clone());
            let question = Question::new(Arc::clone(prompt), waker.clone());
            if let Some(answer) = control.ask(&question) {
                question.note(answer); // who asks is here, and need not be woken
            }
            (control, question)
        });
        let poll = question.poll(waker).map(|answer| match answer {
            Answer::Text(text) => Some(text),
            Answer::NoMore => None,
        });
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
