//! Things that are opened, used and closed: Python's async context managers.

use super::resource::{At, Resource};
use crate::event::{ResourceKind, ResourceState};
use std::fmt;
use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::Arc;

/// Something that is open until this is dropped, and shown so.
pub struct Held<T> {
    resource: Resource,
    value: T,
}

impl<T> Held<T> {
    /// Shows `value` as open, under that name.
    #[must_use = "it is closed when this is dropped"]
    #[track_caller]
    pub fn new(name: impl Into<Arc<str>>, value: T) -> Self {
        let resource = Resource::new(ResourceKind::Held, name.into());
        resource.changed(At::Call(Location::caller()), ResourceState::Held { is_open: true });
        Self { resource, value }
    }
}

impl<T> Drop for Held<T> {
    fn drop(&mut self) {
        self.resource.changed(At::Drop, ResourceState::Held { is_open: false });
    }
}

impl<T> Deref for Held<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Held<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Held<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").field("value", &self.value).finish_non_exhaustive()
    }
}

/// Opens something, uses it, and closes it, also where `body` gives an error: Python's `async with`.
///
/// Where the task is dropped half way, what was opened is dropped without `close` having run: there is nobody left to
/// await it.
///
/// ```
/// use loopscope_runtime::sync::using;
/// use loopscope_runtime::{EventLoop, say, sleep};
/// use std::time::Duration;
///
/// let result = EventLoop::new().run(async {
///     let connect = async {
///         sleep(Duration::from_secs(1)).await;
///         "connection"
///     };
///     let close = async |_: &mut &str| say!("closed");
///     using("database", connect, close, async |_| Err::<(), _>("no such table")).await
/// });
/// assert_eq!(result, Ok(Err("no such table")));
/// ```
pub async fn using<T, R>(
    name: impl Into<Arc<str>>,
    open: impl Future<Output = T>,
    close: impl AsyncFnOnce(&mut T),
    body: impl AsyncFnOnce(&mut T) -> R,
) -> R {
    let mut held = Held::new(name, open.await);
    let result = body(&mut held).await;
    close(&mut held).await;
    result
}
