//! Values that come one after another: async iteration.

use crate::core::live::Outside;
use crate::event::WaitOn;
use crate::task::labels::{Framed, Label, awaited_at};
use crate::task::wait::WaitPoint;
use futures_core::Stream;
use pin_project_lite::pin_project;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

/// Waits for the next item of any stream, shown as `name`; none at its end.
#[track_caller]
pub fn next<S: Stream + Unpin>(name: impl Into<Arc<str>>, stream: &mut S) -> Next<'_, S> {
    Next { name: name.into(), stream, wait: WaitPoint::new() }
}

/// Runs `body` for each item of a stream, one after another: Python's `async for`.
#[track_caller]
pub fn for_each<S, B, F>(name: impl Into<Arc<str>>, stream: S, body: B) -> ForEach<S, B, F>
where
    S: Stream,
    B: FnMut(S::Item) -> F,
    F: Future<Output = ()>,
{
    ForEach { name: name.into(), wait: WaitPoint::new(), stream, body, running: None }
}

/// The future of [`next`].
#[must_use = "an item is waited for only when this is awaited"]
pub struct Next<'a, S> {
    name: Arc<str>,
    stream: &'a mut S,
    wait: WaitPoint,
}

impl<S: Stream + Unpin> Future for Next<'_, S> {
    type Output = Option<S::Item>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let place = Location::caller();
        let Self { name, stream, wait } = &mut *self;
        wait.record_other(
            || Pin::new(&mut **stream).poll_next(cx),
            place,
            Outside::World,
            || WaitOn::Stream(Arc::clone(name)),
        )
    }
}

impl<S> fmt::Debug for Next<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").field("name", &self.name).finish_non_exhaustive()
    }
}

pin_project! {
    /// The future of [`for_each`].
    #[must_use = "a stream is read only when this is awaited"]
    pub struct ForEach<S, B, F> {
        name: Arc<str>,
        wait: WaitPoint,
        #[pin]
        stream: S,
        body: B,
        #[pin]
        running: Option<F>,
    }
}

impl<S, B, F> Future for ForEach<S, B, F>
where
    S: Stream,
    B: FnMut(S::Item) -> F,
    F: Future<Output = ()>,
{
    type Output = ();

    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let place = Location::caller();
        let mut this = self.project();
        loop {
            if let Some(running) = this.running.as_mut().as_pin_mut() {
                std::task::ready!(awaited_at(place, || running.poll(cx)));
                this.running.set(None);
            }
            let on = || WaitOn::Stream(Arc::clone(this.name));
            let stream = this.stream.as_mut();
            let poll = || awaited_at(place, || stream.poll_next(cx));
            match std::task::ready!(this.wait.record_other(poll, place, Outside::World, on)) {
                Some(item) => this.running.set(Some((this.body)(item))),
                None => return Poll::Ready(()),
            }
        }
    }
}

impl<S, B, F> fmt::Debug for ForEach<S, B, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForEach").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A stream made of code: what `body` [gives](Giver::give) are its items. It runs inside of who reads, and only while
/// that one waits for an item: Python's async generator.
///
/// ```
/// use loopscope_runtime::{EventLoop, for_each, generate, say, sleep};
/// use std::time::Duration;
///
/// EventLoop::new().run(async {
///     let numbers = generate("numbers", |out| async move {
///         for number in 0..3 {
///             sleep(Duration::from_secs(1)).await;
///             out.give(number).await;
///         }
///     });
///     for_each("numbers", numbers, |number| async move { say!("{number}") }).await;
/// }).unwrap();
/// ```
#[track_caller]
pub fn generate<T, B, F>(name: impl Into<Arc<str>>, body: B) -> Generate<T, F>
where
    B: FnOnce(Giver<T>) -> F,
    F: Future<Output = ()>,
{
    let place = Arc::new(Mutex::new(None));
    let body = body(Giver { place: Arc::clone(&place) });
    Generate { place, body: Some(body.frame(name)) }
}

pin_project! {
    /// What [`generate`] gives.
    #[must_use = "a stream does nothing until it is read"]
    pub struct Generate<T, F> {
        place: Arc<Mutex<Option<T>>>,
        #[pin]
        body: Option<Framed<F>>,
    }
}

/// Where a generating body gives its items.
pub struct Giver<T> {
    place: Arc<Mutex<Option<T>>>,
}

fn lock<T>(place: &Mutex<Option<T>>) -> MutexGuard<'_, Option<T>> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Giver<T> {
    /// Gives the next item, and goes on when the one after it is asked for.
    pub fn give(&self, item: T) -> Give<T> {
        *lock(&self.place) = Some(item);
        Give { place: Arc::clone(&self.place) }
    }
}

/// The future of [`Giver::give`].
#[must_use = "the item is given when this is awaited"]
pub struct Give<T> {
    place: Arc<Mutex<Option<T>>>,
}

impl<T> Future for Give<T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        // Taken by who reads, who polls again for the next.
        if lock(&self.place).is_some() { Poll::Pending } else { Poll::Ready(()) }
    }
}

impl<T, F: Future<Output = ()>> Stream for Generate<T, F> {
    type Item = T;

    #[track_caller]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let mut this = self.project();
        let Some(mut body) = this.body.as_mut().as_pin_mut() else { return Poll::Ready(None) };
        let poll = body.as_mut().poll(cx);
        if let Some(item) = lock(this.place).take() {
            body.pause(); // what its reader does with the item is not done in there
            return Poll::Ready(Some(item));
        }
        std::task::ready!(poll);
        this.body.set(None);
        Poll::Ready(None)
    }
}

impl<T, F> fmt::Debug for Generate<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generate").field("is_over", &self.body.is_none()).finish()
    }
}

impl<T> fmt::Debug for Giver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Giver").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Give<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Give").finish_non_exhaustive()
    }
}
