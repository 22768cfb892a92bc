//! Names for what a program awaits: a future of another library becomes an await point, an async function a frame of
//! the await stack.

use super::wait::WaitPoint;
use crate::core::Core;
use crate::core::live::Outside;
use crate::core::standing::Standing;
use crate::event::{EventKind, FrameId, WaitOn};
use crate::probe::outlet::Epoch;
use crate::probe::place::{Place, is_library, is_own};
use pin_project_lite::pin_project;
use std::future::Future;
use std::net::SocketAddr;
use std::panic::Location;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// Names futures for the record.
pub trait Label: Future + Sized {
    /// Makes an await point of any future: a `smol::Timer`, a channel of another crate, a query. Where the future waits
    /// on something of this crate, that is shown.
    ///
    /// ```
    /// use loopscope_runtime::event::ClockKind;
    /// use loopscope_runtime::{EventLoop, Label};
    /// use std::time::Duration;
    ///
    /// let run = EventLoop::new().clock(ClockKind::Real);
    /// run.run(async {
    ///     smol::Timer::after(Duration::from_millis(1)).named("a timer of smol").await;
    /// }).unwrap();
    /// ```
    #[track_caller]
    fn named(self, name: impl Into<Arc<str>>) -> Named<Self> {
        Named::new(On::Foreign(name.into()), self)
    }

    /// Puts the future into a frame of that name: what it awaits is shown as awaited in there, called from here.
    ///
    /// ```
    /// use loopscope_runtime::{EventLoop, Label, sleep};
    /// use std::time::Duration;
    ///
    /// async fn fetch_data() {
    ///     sleep(Duration::from_secs(3)).await; // shown as `main:12 › fetch_data:6 › sleep 3 s`, with its own lines
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
/// use loopscope_runtime::frame;
/// use loopscope_runtime::{EventLoop, yield_now};
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
        $crate::Label::frame($function($($argument),*), ::std::stringify!($function))
    };
    ($of:ident :: $function:ident ( $($argument:expr),* $(,)? )) => {
        $crate::Label::frame($of::$function($($argument),*), ::std::stringify!($function))
    };
}

/// What a named future waits for: put into words where somebody listens, and not before.
#[derive(Debug)]
pub(crate) enum On {
    /// Something of another library, by its name.
    Foreign(Arc<str>),
    /// Input or output with a peer at an address.
    Address(SocketAddr, &'static str),
    /// Input or output with a file.
    File(&'static str, Arc<Path>),
}

impl On {
    fn in_words(&self) -> WaitOn {
        match self {
            Self::Foreign(name) => WaitOn::Foreign(Arc::clone(name)),
            Self::Address(address, what) => WaitOn::Io(format!("{address}, {what}").into()),
            Self::File(verb, path) => WaitOn::Io(file_words(verb, path).into()),
        }
    }
}

/// What is done to a file of that name.
pub(crate) fn file_words(verb: &str, path: &Path) -> String {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    format!("{verb} {name}")
}

pin_project! {
    /// The future of [`Label::named`].
    #[derive(Debug)]
    #[must_use = "a future does nothing until it is awaited"]
    pub struct Named<F> {
        on: On,
        wait: WaitPoint,
        #[pin]
        future: F,
    }
}

impl<F> Named<F> {
    /// A future that waits on that.
    #[track_caller]
    pub(crate) fn new(on: On, future: F) -> Self {
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
        let poll = || awaited_at(place, || future.poll(cx));
        this.wait.record_other(poll, place, Outside::World, || this.on.in_words())
    }
}

pin_project! {
    /// The future of [`Label::frame`].
    #[derive(Debug)]
    #[must_use = "an async function runs only when it is awaited"]
    pub struct Framed<F> {
        name: Arc<str>,
        made_at: Place,
        #[pin]
        future: F,
        // It is left after what is in it was dropped.
        frame: Entered,
    }
}

/// The frame, once it was entered, and who was told so. Dropping it leaves it.
#[derive(Debug, Default)]
struct Entered(Option<(FrameId, Epoch)>);

impl Entered {
    fn enter(&mut self, name: &Arc<str>, polled_at: Place, made_at: Place) -> FrameId {
        let entered = Core::try_with(|core| {
            let task = core.current_task()?;
            let Standing { frame: parent, awaits_at } = core.standing.get();
            if parent == FrameId::TASK && awaits_at.is_none() && is_own(polled_at) {
                return None; // the task itself runs it: nothing around it awaits it
            }
            let frame = match self.0 {
                Some((frame, told_to)) if told_to == core.epoch() => return Some(frame),
                Some((frame, _)) => frame,
                None => core.run.ids.frames.issue(),
            };
            let site = core.await_site(polled_at, Some(awaits_at.unwrap_or(made_at)));
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

/// Runs `poll` as what stands there.
fn standing<R>(change: impl FnOnce(Standing) -> Standing, poll: impl FnOnce() -> R) -> R {
    let outer = Core::try_with(|core| core.standing.replace(change(core.standing.get())));
    let result = poll();
    if let Some(outer) = outer {
        Core::try_with(|core| core.standing.set(outer));
    }
    result
}

/// Polls what the future of an `.await` at that place has inside.
pub(crate) fn awaited_at<R>(place: Place, poll: impl FnOnce() -> R) -> R {
    if is_library(place) {
        return poll(); // the place around it tells more
    }
    standing(|outer| Standing { awaits_at: Some(place), ..outer }, poll)
}

impl<F> Framed<F> {
    /// Leaves the frame for now: the next poll enters it again.
    pub(crate) fn pause(self: Pin<&mut Self>) {
        self.project().frame.leave();
    }
}

impl<F: Future> Future for Framed<F> {
    type Output = F::Output;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let place = Location::caller();
        let this = self.project();
        let frame = this.frame.enter(this.name, place, this.made_at);
        let future = this.future;
        let poll = standing(|_| Standing { frame, awaits_at: None }, || future.poll(cx));
        if poll.is_ready() {
            this.frame.leave();
        }
        poll
    }
}
