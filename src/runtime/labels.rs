//! Names for what a program awaits: a future of another library becomes an await point, an async function a frame of
//! the await stack.

use super::core::Core;
use super::outlet::Epoch;
use super::recorder::Place;
use super::wait::WaitPoint;
use crate::event::{EventKind, FrameId, WaitOn};
use pin_project_lite::pin_project;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// Names futures for the record.
pub trait Label: Future + Sized {
    /// Makes an await point of any future: a `smol::Timer`, a channel of another crate, a query. Where the future waits
    /// on something of this crate, that is shown.
    ///
    /// ```
    /// use loopscope::event::ClockKind;
    /// use loopscope::runtime::{EventLoop, Label};
    /// use std::time::Duration;
    ///
    /// let run = EventLoop::new().clock(ClockKind::Real);
    /// run.run(async {
    ///     smol::Timer::after(Duration::from_millis(1)).named("a timer of smol").await;
    /// }).unwrap();
    /// ```
    #[track_caller]
    fn named(self, name: impl Into<Arc<str>>) -> Named<Self> {
        Named::new(WaitOn::Foreign(name.into()), self)
    }

    /// Puts the future into a frame of that name: what it awaits is shown as awaited in there, called from here.
    ///
    /// ```
    /// use loopscope::runtime::{EventLoop, Label, sleep};
    /// use std::time::Duration;
    ///
    /// async fn fetch_data() {
    ///     sleep(Duration::from_secs(3)).await; // shown as `main:12 > fetch_data:6 > sleep 3 s`, with its own lines
    /// }
    ///
    /// EventLoop::new().run(async {
    ///     fetch_data().frame("fetch_data").await;
    /// }).unwrap();
    /// ```
    #[track_caller]
    fn frame(self, name: impl Into<Arc<str>>) -> Framed<Self> {
        Framed { name: name.into(), made_at: Location::caller(), frame: Entered::default(), future: self }
    }
}

impl<F: Future> Label for F {}

/// Calls an async function in a frame of its name: `frame!(fetch_data(1)).await`.
///
/// ```
/// use loopscope::frame;
/// use loopscope::runtime::{EventLoop, yield_now};
///
/// async fn twice(number: u32) -> u32 {
///     yield_now().await;
///     number * 2
/// }
///
/// let result = EventLoop::new().run(async { frame!(twice(3)).await });
/// assert_eq!(result, Ok(6));
/// ```
#[macro_export]
macro_rules! frame {
    ($function:ident ( $($argument:expr),* $(,)? )) => {
        $crate::runtime::Label::frame($function($($argument),*), ::std::stringify!($function))
    };
}

pin_project! {
    /// The future of [`Label::named`].
    #[derive(Debug)]
    #[must_use = "a future does nothing until it is awaited"]
    pub struct Named<F> {
        on: WaitOn,
        wait: WaitPoint,
        #[pin]
        future: F,
    }
}

impl<F> Named<F> {
    /// A future that waits on that.
    #[track_caller]
    pub(super) fn new(on: WaitOn, future: F) -> Self {
        Self { on, wait: WaitPoint::new(), future }
    }
}

impl<F: Future> Future for Named<F> {
    type Output = F::Output;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let place = Location::caller();
        let this = self.project();
        let future = this.future;
        this.wait.record_other(|| future.poll(cx), place, || this.on.clone())
    }
}

pin_project! {
    /// The future of [`Label::frame`].
    #[derive(Debug)]
    #[must_use = "an async function runs only when it is awaited"]
    pub struct Framed<F> {
        name: Arc<str>,
        made_at: Place,
        frame: Entered,
        #[pin]
        future: F,
    }
}

/// The frame, once it was entered, and who was told so. Dropping it leaves it.
#[derive(Debug, Default)]
struct Entered(Option<(FrameId, Epoch)>);

impl Entered {
    fn enter(&mut self, name: &Arc<str>, polled_at: Place, made_at: Place) -> FrameId {
        let entered = Core::try_with(|core| {
            let task = core.current_task()?;
            let frame = match self.0 {
                Some((frame, told_to)) if told_to == core.epoch() => return Some(frame),
                Some((frame, _)) => frame,
                None => core.run.ids.frames.issue(),
            };
            let (parent, site) = (core.frame(), core.await_site(polled_at, Some(made_at)));
            core.emit(|| EventKind::FrameEntered { task, frame, parent, name: Arc::clone(name), site });
            self.0 = Some((frame, core.epoch()));
            Some(frame)
        });
        entered.flatten().unwrap_or(FrameId::TASK)
    }

    fn leave(&mut self) {
        if let Some((frame, told_to)) = self.0.take() {
            Core::try_with(|core| {
                if told_to == core.epoch() {
                    core.emit(|| EventKind::FrameLeft { frame });
                }
            });
        }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Polls a future in a frame.
fn poll_in<F: Future>(frame: FrameId, future: Pin<&mut F>, cx: &mut Context<'_>) -> Poll<F::Output> {
    let outer = Core::try_with(|core| core.set_frame(frame));
    let poll = future.poll(cx);
    if let Some(outer) = outer {
        Core::try_with(|core| core.set_frame(outer));
    }
    poll
}

impl<F: Future> Future for Framed<F> {
    type Output = F::Output;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let place = Location::caller();
        let this = self.project();
        let frame = this.frame.enter(this.name, place, this.made_at);
        let poll = poll_in(frame, this.future, cx);
        if poll.is_ready() {
            this.frame.leave();
        }
        poll
    }
}
