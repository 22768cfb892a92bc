//! The executor of one thread.

use super::recording::{observe, while_looking, while_looking_at};
use async_task::Task;
use std::fmt;
use std::future::Future;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};

/// An executor whose tasks stay on its thread: [`async_executor::LocalExecutor`] with a record.
pub struct LocalExecutor<'a> {
    pub(super) inner: async_executor::LocalExecutor<'a>,
}

impl UnwindSafe for LocalExecutor<'_> {}
impl RefUnwindSafe for LocalExecutor<'_> {}

impl<'a> LocalExecutor<'a> {
    /// An executor without tasks.
    #[must_use]
    pub const fn new() -> Self {
        Self { inner: async_executor::LocalExecutor::new() }
    }

    /// Whether every task has ended.
    pub fn is_empty(&self) -> bool {
        self.inner.is_empty()
    }

    /// Spawns a task.
    #[track_caller]
    pub fn spawn<T: 'a>(&self, future: impl Future<Output = T> + 'a) -> Task<T> {
        self.inner.spawn(observe(future, Location::caller()))
    }

    /// Spawns many tasks at once and adds them to `handles`.
    #[track_caller]
    pub fn spawn_many<T: 'a, F: Future<Output = T> + 'a>(
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

impl Default for LocalExecutor<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for LocalExecutor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}
