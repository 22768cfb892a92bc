//! Executors that live as long as the process, which spares them some work.
#![expect(
    unsafe_code,
    reason = "`spawn_scoped` is unsafe to call, as its stock counterpart is, and only passes that on"
)]

use super::local::LocalExecutor;
use super::recording::{observe, while_looking, while_looking_at};
use super::send::Executor;
use async_task::Task;
use std::fmt;
use std::future::Future;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};

/// The stock executor: owned, or leaked before.
enum Stock<T: 'static> {
    Owned(T),
    Leaked(&'static T),
}

impl<T> Stock<T> {
    fn get(&'static self) -> &'static T {
        match self {
            Self::Owned(executor) => executor,
            Self::Leaked(executor) => executor,
        }
    }

    fn look(&self) -> &T {
        match self {
            Self::Owned(executor) => executor,
            Self::Leaked(executor) => executor,
        }
    }
}

/// [`Executor`] for a `static`: [`async_executor::StaticExecutor`] with a record.
pub struct StaticExecutor {
    stock: Stock<async_executor::StaticExecutor>,
}

impl UnwindSafe for StaticExecutor {}
impl RefUnwindSafe for StaticExecutor {}

/// [`LocalExecutor`] for a thread's `static`: [`async_executor::StaticLocalExecutor`] with a record.
pub struct StaticLocalExecutor {
    stock: Stock<async_executor::StaticLocalExecutor>,
}

impl UnwindSafe for StaticLocalExecutor {}
impl RefUnwindSafe for StaticLocalExecutor {}

impl Executor<'static> {
    /// Makes it live for ever. Tasks that were spawned before stay.
    #[must_use]
    pub fn leak(self) -> &'static StaticExecutor {
        Box::leak(Box::new(StaticExecutor { stock: Stock::Leaked(self.inner.leak()) }))
    }
}

impl LocalExecutor<'static> {
    /// Makes it live for ever. Tasks that were spawned before stay.
    #[must_use]
    pub fn leak(self) -> &'static StaticLocalExecutor {
        Box::leak(Box::new(StaticLocalExecutor { stock: Stock::Leaked(self.inner.leak()) }))
    }
}

impl StaticExecutor {
    /// An executor without tasks.
    #[must_use]
    pub const fn new() -> Self {
        Self { stock: Stock::Owned(async_executor::StaticExecutor::new()) }
    }

    /// Spawns a task.
    #[track_caller]
    pub fn spawn<T: Send + 'static>(&'static self, future: impl Future<Output = T> + Send + 'static) -> Task<T> {
        self.stock.get().spawn(observe(future, Location::caller()))
    }

    /// Spawns a task that borrows.
    ///
    /// # Safety
    /// The task must not outlive what it borrows: it has ended, or its handle was cancelled and awaited, before that.
    #[track_caller]
    pub unsafe fn spawn_scoped<'a, T: Send + 'a>(
        &'static self,
        future: impl Future<Output = T> + Send + 'a,
    ) -> Task<T> {
        // SAFETY: the caller promises what the stock method asks for; the wrapper owns the future and nothing else of it.
        unsafe { self.stock.get().spawn_scoped(observe(future, Location::caller())) }
    }

    /// Runs one task, if one is ready; whether one was.
    pub fn try_tick(&self) -> bool {
        while_looking(|| self.stock.look().try_tick())
    }

    /// Runs one task, as soon as one is ready.
    pub async fn tick(&self) {
        while_looking_at(self.stock.look().tick()).await;
    }

    /// Runs tasks until `future` is done, and gives its output.
    pub async fn run<T>(&self, future: impl Future<Output = T>) -> T {
        while_looking_at(self.stock.look().run(future)).await
    }
}

impl StaticLocalExecutor {
    /// An executor without tasks.
    #[must_use]
    pub const fn new() -> Self {
        Self { stock: Stock::Owned(async_executor::StaticLocalExecutor::new()) }
    }

    /// Spawns a task.
    #[track_caller]
    pub fn spawn<T: 'static>(&'static self, future: impl Future<Output = T> + 'static) -> Task<T> {
        self.stock.get().spawn(observe(future, Location::caller()))
    }

    /// Spawns a task that borrows.
    ///
    /// # Safety
    /// The task must not outlive what it borrows: it has ended, or its handle was cancelled and awaited, before that.
    #[track_caller]
    pub unsafe fn spawn_scoped<'a, T: 'a>(&'static self, future: impl Future<Output = T> + 'a) -> Task<T> {
        // SAFETY: the caller promises what the stock method asks for; the wrapper owns the future and nothing else of it.
        unsafe { self.stock.get().spawn_scoped(observe(future, Location::caller())) }
    }

    /// Runs one task, if one is ready; whether one was.
    pub fn try_tick(&self) -> bool {
        while_looking(|| self.stock.look().try_tick())
    }

    /// Runs one task, as soon as one is ready.
    pub async fn tick(&self) {
        while_looking_at(self.stock.look().tick()).await;
    }

    /// Runs tasks until `future` is done, and gives its output.
    pub async fn run<T>(&self, future: impl Future<Output = T>) -> T {
        while_looking_at(self.stock.look().run(future)).await
    }
}

impl Default for StaticExecutor {
    fn default() -> Self {
        Self::new()
    }
}

impl Default for StaticLocalExecutor {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for StaticExecutor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stock.look().fmt(f)
    }
}

impl fmt::Debug for StaticLocalExecutor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stock.look().fmt(f)
    }
}
