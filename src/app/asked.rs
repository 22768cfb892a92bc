//! Questions to a record that take as long as the record is: each is answered on a thread of its own, and no frame waits.
//!
//! An answer belongs to the record that was asked about. If that is no longer shown, nobody takes it.

use super::App;
use crate::trace::Record;
use egui::Context;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

/// A question, as far as it was asked and answered.
#[derive(Debug, Default)]
pub(crate) enum Asked<T> {
    /// It was not asked yet: the run goes on, or there is none.
    #[default]
    NotYet,
    /// A thread works on the answer.
    Working(Receiver<T>),
    /// The answer.
    Known(T),
}

/// Whether a frame waits for what takes long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// It shows what is there. A later frame shows the rest.
    None,
    /// It waits: it is a picture, and there is no later frame.
    Waits,
}

/// Events of a record that is read within a frame: a frame that waits for it is no longer than others.
const FEW: usize = 50_000;

impl Patience {
    /// Whether to wait for what is read off these records: for short ones always.
    pub(crate) fn with<'a>(self, records: impl IntoIterator<Item = &'a Record>) -> Self {
        let events: usize = records.into_iter().map(|record| record.log().len() - record.log().first()).sum();
        if events <= FEW { Self::Waits } else { self }
    }
}

impl<T: Default + Send + 'static> Asked<T> {
    /// Asks, unless that was done before, and takes the answer if it is there. `question` makes what the thread does: it
    /// owns what it reads, and lets go of that before the answer is sent.
    ///
    /// If a thread panics there is no answer, and the default stands for it.
    pub(crate) fn ask<W>(&mut self, ctx: &Context, patience: Patience, question: impl Fn() -> W)
    where
        W: FnOnce() -> T + Send + 'static,
    {
        if let Self::NotYet = self {
            *self = Self::begin(ctx, &question);
        }
        self.listen(patience);
    }

    /// Takes the answer to what was asked, if it is there.
    pub(crate) fn listen(&mut self, patience: Patience) {
        let Self::Working(answer) = self else { return };
        let found = match patience {
            Patience::None => answer.try_recv(),
            Patience::Waits => answer.recv().map_err(|_| TryRecvError::Disconnected),
        };
        match found {
            Ok(found) => *self = Self::Known(found),
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => *self = Self::Known(T::default()),
        }
    }

    fn begin<W>(ctx: &Context, question: &impl Fn() -> W) -> Self
    where
        W: FnOnce() -> T + Send + 'static,
    {
        let (sender, answer) = channel();
        let (ctx, work) = (ctx.clone(), question());
        let thread = std::thread::Builder::new().name("answers".into()).spawn(move || {
            // If another record is shown by now, nobody listens.
            if sender.send(work()).is_ok() {
                ctx.request_repaint();
            }
        });
        match thread {
            Ok(_) => Self::Working(answer),
            // Without a thread the window has to wait.
            Err(_) => Self::Known(question()()),
        }
    }
}

impl<T> Asked<T> {
    /// The answer, once it is known.
    pub(crate) fn known(&self) -> Option<&T> {
        match self {
            Self::Known(answer) => Some(answer),
            Self::NotYet | Self::Working(_) => None,
        }
    }

    /// The answer, once it is known, to put it into other words.
    pub(crate) fn known_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Known(answer) => Some(answer),
            Self::NotYet | Self::Working(_) => None,
        }
    }
}

impl App {
    /// Whether the record is complete, and all that it shows was looked for.
    #[must_use]
    pub fn is_concluded(&self) -> bool {
        self.findings.known().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[test]
    fn a_question_is_asked_once_and_the_frame_does_not_wait_for_its_answer() {
        let (ctx, times) = (Context::default(), Arc::new(Mutex::new(0)));
        let mut asked = Asked::<u32>::default();
        let gate = Arc::new(Mutex::new(()));
        let closed = gate.lock().unwrap();
        let question = || {
            let (times, gate) = (Arc::clone(&times), Arc::clone(&gate));
            move || {
                let _open = gate.lock().unwrap();
                *times.lock().unwrap() += 1;
                7
            }
        };
        for _ in 0..3 {
            asked.ask(&ctx, Patience::None, question);
            assert_eq!(asked.known(), None, "the thread waits at the gate, and no frame does");
        }
        drop(closed);
        asked.ask(&ctx, Patience::Waits, question);
        assert_eq!((asked.known(), *times.lock().unwrap()), (Some(&7), 1));
        asked.ask(&ctx, Patience::Waits, question);
        assert_eq!(*times.lock().unwrap(), 1);
    }

    #[test]
    fn a_thread_that_panics_leaves_the_default() {
        let mut asked = Asked::<Option<u32>>::default();
        asked.ask(&Context::default(), Patience::Waits, || {
            || -> Option<u32> { std::panic::resume_unwind(Box::new(())) }
        });
        assert_eq!(asked.known(), Some(&None));
    }
}
