//! The executor of any number of threads.

use super::recording::{observe, while_looking, while_looking_at};
use async_task::Task;
use std::fmt;
use std::future::Future;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};

/// An executor whose tasks may run on any thread: [`async_executor::Executor`] with a record.
pub struct Executor<'a> {
    pub(super) inner: async_executor::Executor<'a>,
}

impl UnwindSafe for Executor<'_> {}
impl RefUnwindSafe for Executor<'_> {}

impl<'a> Executor<'a> {
    /// An executor without tasks.
    #[must_use]
    pub const fn new() -> Self {
        Self { inner: async_executor::Executor::new() }
    }

    /// Whether every task has ended.
    pub fn is_empty(&self) -> bool {
        self.inner.is_empty()
    }

    /// Spawns a task.
    #[track_caller]
    pub fn spawn<T: Send + 'a>(&self, future: impl Future<Output = T> + Send + 'a) -> Task<T> {
        self.inner.spawn(observe(future, Location::caller()))
    }

    /// Spawns many tasks at once and adds them to `handles`.
    #[track_caller]
    pub fn spawn_many<T: Send + 'a, F: Future<Output = T> + Send + 'a>(
        &self,
        futures: impl IntoIterator<Item = F>,
        handles: &mut impl Extend<Task<F::Output>>,
    ) {
        let place = Location::caller();
        self.inner.spawn_many(futures.into_iter().map(|future| observe(future, place)), handles);
    }

    /// Runs one task, if one is ready; whether one was.
    pub fn try_tick(&self) -> bool {
        while_looking(|| self.inner.try_tick())
    }

    /// Runs one task, as soon as one is ready.
    pub async fn tick(&self) {
        while_looking_at(self.inner.tick()).await;
    }

    /// Runs tasks until `future` is done, and gives its output.
    pub async fn run<T>(&self, future: impl Future<Output = T>) -> T {
        while_looking_at(self.inner.run(future)).await
    }
}

impl Default for Executor<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Executor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}
