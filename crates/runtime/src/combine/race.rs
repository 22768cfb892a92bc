//! The first of several futures.

use crate::task::labels::awaited_at;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Runs `futures` side by side in one task, and gives the output of the first that is done. The others are dropped
/// where they stand: what they have not done they will not do.
///
/// Of several that are done in the same turn the first in the list wins. A race of nothing never ends.
pub fn race<F: Future>(futures: impl IntoIterator<Item = F>) -> Race<F> {
    Race { futures: futures.into_iter().map(Box::pin).collect() }
}

/// The future of [`race`].
#[must_use = "a race begins when it is awaited"]
pub struct Race<F> {
    futures: Vec<Pin<Box<F>>>,
}

impl<F: Future> Future for Race<F> {
    type Output = F::Output;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let place = Location::caller();
        let mut poll = |future: &mut Pin<Box<F>>| awaited_at(place, || future.as_mut().poll(cx));
        let first = self.futures.iter_mut().find_map(|future| match poll(future) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        });
        let Some(output) = first else { return Poll::Pending };
        self.futures.clear();
        Poll::Ready(output)
    }
}

impl<F> fmt::Debug for Race<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Race").field("left", &self.futures.len()).finish()
    }
}
