//! One run: a scenario on its own thread, the record of it, and the hand on its transport.
//!
//! The run's thread sends its events over in chunks; [`Session::pump`] takes what has come into the [`Record`]. So the
//! one who watches decides when the record grows, and between two pumps it stands still.
//!
//! A session never knows what window shows it: it calls back when there is something to take, and no more.

mod outline;
mod progress;
mod saved;

pub use outline::outline;
pub use progress::Progress;
pub use saved::{OpenError, read_record};

use crate::event::{ClockKind, Event, Nanos};
use crate::runtime::{Control, EventLoop, Phase, RunError, Smol, Speed, Step};
use crate::scenarios::{Params, Program, Scenario};
use crate::trace::{Record, RunPhase};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// What to run, and how.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The program.
    pub scenario: &'static Scenario,
    /// Its parameters.
    pub params: Params,
    /// What drives time.
    pub clock: ClockKind,
    /// The seed of the run.
    pub seed: u64,
    /// How fast virtual time passes.
    pub speed: Speed,
    /// About how many bytes of memory the record may take; then its oldest events are given up. None: as many as it needs.
    pub memory: Option<usize>,
}

/// What the record of a run may take unless asked otherwise: a gibibyte, some hundred million events.
const MEMORY: usize = 1 << 30;

impl Plan {
    /// A scenario with its defaults, on the clock it asks for.
    #[must_use]
    pub fn new(scenario: &'static Scenario) -> Self {
        Self {
            scenario,
            params: Params::defaults(scenario.params),
            clock: scenario.clock,
            seed: 0,
            speed: Speed::NORMAL,
            memory: Some(MEMORY),
        }
    }

    /// The name of the run in its record: nothing of it depends on how the run was watched.
    fn title(&self) -> String {
        format!("{} {}", self.scenario.id, self.params).trim_end().to_owned()
    }
}

/// Whether a new run goes on at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// It does.
    Running,
    /// It holds before its first poll.
    Paused,
}

/// The run could not start.
#[derive(Debug, thiserror::Error)]
#[error("cannot start a thread for the run: {0}; close other programs and try again")]
pub struct StartError(#[from] std::io::Error);

/// A run under way, or over. Dropping it stops the run and waits for its thread to end.
#[derive(Debug)]
pub struct Session {
    plan: Plan,
    control: Control,
    inbox: Arc<Inbox>,
    record: Record,
    /// The run's thread is done and has nothing more to send.
    has_all: bool,
    thread: Option<JoinHandle<()>>,
}

/// Where the run's thread leaves what the watcher has not taken yet.
#[derive(Debug, Default)]
struct Inbox {
    state: Mutex<InboxState>,
    filled: Condvar,
}

#[derive(Debug, Default)]
struct InboxState {
    chunks: Vec<Vec<Event>>,
    over: bool,
}

impl Inbox {
    fn lock(&self) -> MutexGuard<'_, InboxState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn update(&self, change: impl FnOnce(&mut InboxState)) {
        change(&mut self.lock());
        self.filled.notify_all();
    }
}

impl Session {
    /// Starts a run on a thread of its own. `notify` is called on that thread whenever there is something to
    /// [`pump`](Self::pump), and once when the run is over.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn start(plan: Plan, start: Start, notify: impl Fn() + Send + Sync + 'static) -> Result<Self, StartError> {
        let control = Control::new();
        control.set_speed(plan.speed);
        if start == Start::Paused {
            control.pause();
        }
        let inbox = Arc::new(Inbox::default());
        let thread = std::thread::Builder::new().name("loop".into()).spawn({
            let (plan, control, inbox) = (plan.clone(), control.clone(), Arc::clone(&inbox));
            let notify = Arc::new(notify);
            move || {
                let over = Over { inbox: Arc::clone(&inbox), notify: Arc::clone(&notify) };
                let sink = move |chunk: &mut Vec<Event>| {
                    // A small chunk is copied, so that many of them keep no empty room.
                    let mut events = Vec::new();
                    if chunk.len() * 2 < chunk.capacity() {
                        events.append(chunk);
                    } else {
                        std::mem::swap(&mut events, chunk);
                    }
                    inbox.update(|state| state.chunks.push(events));
                    notify();
                };
                run(&plan, control, sink);
                drop(over);
            }
        })?;
        let mut record = Record::default();
        if let Some(bytes) = plan.memory {
            record.keep_at_most(bytes);
        }
        Ok(Self { plan, control, inbox, record, has_all: false, thread: Some(thread) })
    }

    /// A run that is over.
    fn over(plan: Plan, record: Record) -> Self {
        let (control, inbox) = (Control::new(), Arc::new(Inbox::default()));
        Self { plan, control, inbox, record, has_all: true, thread: None }
    }

    /// What runs here.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The record, as of the last [`pump`](Self::pump).
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Takes what the run has sent into the record; whether there was anything.
    pub fn pump(&mut self) -> bool {
        let mut inbox = self.inbox.lock();
        self.has_all |= inbox.over;
        let chunks = std::mem::take(&mut inbox.chunks);
        drop(inbox);
        let any = !chunks.is_empty();
        chunks.into_iter().flatten().for_each(|event| self.record.push(event));
        any
    }

    /// Waits until the run has sent something, and takes it; false once it is over and all is taken.
    pub fn pump_wait(&mut self) -> bool {
        let mut state = self.inbox.lock();
        while state.chunks.is_empty() && !state.over {
            state = self.inbox.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        drop(state);
        self.pump()
    }

    /// Whether the run is over and the record complete.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.has_all || matches!(self.record.edge().phase, RunPhase::Ended(_))
    }

    /// What the run has been told to do.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.control.phase()
    }

    /// Where the run's clock is: at the last event or, while time passes, on its way to the next.
    #[must_use]
    pub fn now(&self) -> Nanos {
        if self.is_over() { self.record.log().end() } else { self.control.now() }
    }

    /// Holds the run before its next poll.
    pub fn pause(&self) {
        self.control.pause();
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.control.resume();
    }

    /// Lets it do exactly one step.
    pub fn step(&self, step: Step) {
        self.control.step(step);
    }

    /// Sets how fast virtual time passes.
    pub fn set_speed(&mut self, speed: Speed) {
        self.plan.speed = speed;
        self.control.set_speed(speed);
    }

    /// Ends it, and waits until it has ended.
    pub fn stop(&mut self) {
        self.control.stop();
        if let Some(thread) = self.thread.take() {
            // The thread's own panic is impossible to act on here, and its record ends where it ended.
            drop(thread.join());
        }
        self.pump();
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Says that the run is over, even if its thread panics.
struct Over<N: Fn()> {
    inbox: Arc<Inbox>,
    notify: Arc<N>,
}

impl<N: Fn()> Drop for Over<N> {
    fn drop(&mut self) {
        self.inbox.update(|state| state.over = true);
        (self.notify)();
    }
}

fn run(plan: &Plan, control: Control, sink: impl FnMut(&mut Vec<Event>) + Send + 'static) {
    let result: Result<(), RunError> = match (plan.scenario.program)(&plan.params) {
        Program::EventLoop(main) => {
            EventLoop::new().clock(plan.clock).seed(plan.seed).title(plan.title()).control(control).sink(sink).run(main)
        }
        Program::Smol { threads, main } => {
            Smol::new(threads).seed(plan.seed).title(plan.title()).control(control).sink(sink).run(main)
        }
    };
    // How it ended is the record's last event; those who watch read it there.
    drop(result);
}
