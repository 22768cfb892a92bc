//! What a thread does while it polls no recorded task, so that a wake from there has its true cause.
//!
//! smol's reactor has no thread of its own: it runs on any thread that is in a `block_on`, whenever the future that it was
//! given waits, and on the thread `async-io`. A waker cannot see that. So the stand-in's
//! [`block_on`](crate::executor::block_on) notes when it polls and when it does not.

use super::Core;
use super::wakes::Doing;
use crate::event::EnqueueCause;
use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::task::Context;

/// What surrounds the code that a thread runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surroundings {
    /// Nothing that is known of.
    Unknown,
    /// The thread has looked at an executor, and does not now.
    BetweenLooks,
    /// A `block_on` polls the future that it was given.
    MainFuture,
    /// A `block_on` waits: what runs is the reactor.
    Reactor,
    /// The thread looks at an executor, and nobody listened when it began.
    UnrecordedLook,
}

thread_local! {
    static NOW: Cell<Surroundings> = const { Cell::new(Surroundings::Unknown) };
}

impl Surroundings {
    /// Why a task is woken that this thread wakes.
    pub(crate) fn cause() -> EnqueueCause {
        match NOW.try_with(Cell::get).unwrap_or(Self::Unknown) {
            Self::MainFuture => EnqueueCause::MainFuture,
            Self::Reactor => EnqueueCause::Io,
            Self::BetweenLooks => EnqueueCause::Outside,
            Self::UnrecordedLook => EnqueueCause::BeforeRecord,
            Self::Unknown if std::thread::current().name() == Some("async-io") => EnqueueCause::Io,
            Self::Unknown => EnqueueCause::OtherThread,
        }
    }

    /// Runs `look`, which looks at an executor while nobody listens.
    pub(crate) fn unrecorded_look<R>(look: impl FnOnce() -> R) -> R {
        let result = Self::UnrecordedLook.around(look);
        Self::note_look();
        result
    }

    /// The thread has looked at an executor.
    pub(super) fn note_look() {
        // Fails only while the thread ends.
        let _ = NOW.try_with(|now| {
            if now.get() == Self::Unknown {
                now.set(Self::BetweenLooks);
            }
        });
    }

    /// Runs `f`, and leaves the surroundings as they were: a thread that drops a task has not looked at an executor.
    pub(crate) fn unchanged<R>(f: impl FnOnce() -> R) -> R {
        NOW.try_with(Cell::get).unwrap_or(Self::Unknown).around(f)
    }

    /// Runs `f` with these surroundings.
    fn around<R>(self, f: impl FnOnce() -> R) -> R {
        struct Restore(Surroundings);
        impl Drop for Restore {
            fn drop(&mut self) {
                let _ = NOW.try_with(|now| now.set(self.0));
            }
        }
        let before = NOW.try_with(|now| now.replace(self)).unwrap_or(Self::Unknown);
        let _restore = Restore(before);
        f()
    }
}

/// `smol::block_on`, which also tells why it wakes tasks.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let around = Core::current();
    let doing = around.as_ref().map(|core| core.doing_now());
    // Inside of a task, the code of the future is the task's.
    let polling = match NOW.try_with(Cell::get) {
        Ok(Surroundings::UnrecordedLook) => Surroundings::UnrecordedLook,
        _ => Surroundings::MainFuture,
    };
    let poll = |cx: &mut Context<'_>| {
        polling.around(|| match (&around, doing) {
            (Some(core), Some(doing)) => core.doing(doing, || future.as_mut().poll(cx)),
            _ => future.as_mut().poll(cx),
        })
    };
    let blocking = || Surroundings::Reactor.around(|| ::smol::block_on(std::future::poll_fn(poll)));
    match &around {
        Some(core) => core.doing(Doing::Reactor, blocking),
        None => blocking(),
    }
}
