//! One run: a scenario on its own thread, the record of it, and the hand on its transport.
//!
//! The run's thread sends its events over in chunks; [`Session::pump`] takes what has come into the [`Record`]. So the
//! one who watches decides when the record grows, and between two pumps it stands still.
//!
//! A session never knows what window shows it: it calls back when there is something to take, and no more.

mod course_plan;
mod inbox;
mod pause;
mod progress;
mod saved;
mod search;
mod watched;
mod wording;

pub use course_plan::{CoursePlan, CoursePlanError, PlannedLesson};
pub use progress::{Progress, StepState};
pub use saved::{OpenError, read_record, scenario_of};
pub use search::{Recall, comings, search, search_back};
pub use wording::wording;

use crate::event::{ClockKind, Event, Nanos, ScenarioRun};
use crate::runtime::{Control, EventLoop, Phase, RunError, Smol, Speed, Step};
use crate::scenarios::{Params, Program, Scenario};
use crate::trace::file::Damage;
use crate::trace::{Bookmark, Record, RunPhase};
use inbox::{Inbox, Notify};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
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

    /// The name of the run in its record, for people: nothing of it depends on how the run was watched.
    fn title(&self) -> String {
        format!("{} {}", self.scenario.id, self.params).trim_end().to_owned()
    }

    /// What its record says was run.
    fn scenario_run(&self) -> ScenarioRun {
        let params = self.params.iter().map(|(param, value)| (param.name.into(), value.word().into()));
        ScenarioRun { id: self.scenario.id.into(), params: params.collect() }
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
    kind: Kind,
    control: Control,
    inbox: Arc<Inbox>,
    /// Grows only while nobody else holds it.
    record: Arc<Record>,
    /// The run's thread is done and has nothing more to send.
    has_all: bool,
    thread: Option<JoinHandle<()>>,
    /// The file that it was opened from.
    file: Option<PathBuf>,
    /// Where the run is to pause.
    pauses: Arc<pause::Pauses>,
}

/// Where a session's events come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A run.
    Live,
    /// A file.
    Saved,
    /// A program of this process that is not the session's to end.
    Watched,
}

/// Chunks of a run taken at once: a frame takes them in, and shows what they changed, in a few milliseconds. A run that is
/// faster waits.
const AT_ONCE: usize = 8;
/// Chunks of a file: nobody follows them while it is read.
const AT_ONCE_OF_A_FILE: usize = 64;

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
        drop(inbox.notify.set(Notify(Box::new(notify)))); // it is new, so that none is set
        let thread = std::thread::Builder::new().name("loop".into()).spawn({
            let (plan, control, inbox) = (plan.clone(), control.clone(), Arc::clone(&inbox));
            move || {
                let over = Over(Arc::clone(&inbox));
                let sink = move |chunk: &mut Vec<Event>| {
                    inbox.put(chunk);
                };
                run(&plan, control, sink);
                drop(over);
            }
        })?;
        Ok(Self::of(plan, control, inbox, Some(thread), Kind::Live))
    }

    fn of(plan: Plan, control: Control, inbox: Arc<Inbox>, thread: Option<JoinHandle<()>>, kind: Kind) -> Self {
        let mut record = Record::default();
        if let Some(bytes) = plan.memory {
            record.keep_at_most(bytes);
        }
        Self {
            plan,
            kind,
            control,
            inbox,
            record: Arc::new(record),
            has_all: false,
            thread,
            file: None,
            pauses: Arc::default(),
        }
    }

    /// Has `notify` called, on another thread, whenever there is something to [`pump`](Self::pump); for a session that was
    /// opened, which calls nobody before.
    pub fn on_news(&self, notify: impl Fn() + Send + Sync + 'static) {
        drop(self.inbox.notify.set(Notify(Box::new(notify)))); // who was there first stays
        self.inbox.tell();
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

    /// The record, to read it on another thread, say to save it. Until all who hold it let it go it stays as it is, and
    /// what the run sends waits.
    #[must_use]
    pub fn share(&self) -> Arc<Record> {
        Arc::clone(&self.record)
    }

    /// Takes what the run has sent into the record, as much as can be taken in a few milliseconds; whether there was
    /// anything. While the record is [shared](Self::share) nothing is taken.
    pub fn pump(&mut self) -> bool {
        let Some(record) = Arc::get_mut(&mut self.record) else { return false };
        let most = if self.kind == Kind::Saved { AT_ONCE_OF_A_FILE } else { AT_ONCE };
        let (inbox, has_all) = (&self.inbox, &mut self.has_all);
        self.pauses.taking(|learn| {
            let mut state = inbox.lock();
            let count = state.chunks.len().min(most);
            let chunks: Vec<Vec<Event>> = state.chunks.drain(..count).collect();
            *has_all |= state.is_over && state.chunks.is_empty();
            drop(state);
            inbox.taken.notify_all();
            for event in chunks.into_iter().flatten() {
                learn(&event);
                record.push(event);
            }
            count > 0
        })
    }

    /// Whether all that was sent has been taken and no more will come.
    #[must_use]
    pub fn has_all(&self) -> bool {
        self.has_all
    }

    /// What is wrong with the end of the file that is shown, if something is.
    #[must_use]
    pub fn damage(&self) -> Option<Damage> {
        self.inbox.lock().damage.clone()
    }

    /// Takes the places that are marked in the file that is shown; none before [all](Self::has_all) of it is there, and none
    /// a second time.
    pub fn take_bookmarks(&mut self) -> Vec<Bookmark> {
        if !self.has_all {
            return Vec::new();
        }
        let bookmarks = std::mem::take(&mut self.inbox.lock().bookmarks);
        bookmarks.into_iter().filter_map(|bookmark| bookmark.placed_in(&self.record)).collect()
    }

    /// Waits until the run has sent something, and takes it; false once it is over and all is taken.
    pub fn pump_wait(&mut self) -> bool {
        let mut state = self.inbox.lock();
        while state.chunks.is_empty() && !state.is_over {
            state = self.inbox.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        drop(state);
        self.pump()
    }

    /// Whether the run is over and the record complete.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.has_all || self.kind == Kind::Saved || matches!(self.record.edge().phase, RunPhase::Ended(_))
    }

    /// Whether it was opened from a file; else it is, or was, a run of this program.
    #[must_use]
    pub fn is_saved(&self) -> bool {
        self.kind == Kind::Saved
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
        self.goes_on();
        self.control.resume();
    }

    /// Lets it do exactly one step.
    pub fn step(&self, step: Step) {
        self.goes_on();
        self.control.step(step);
    }

    /// Sets how fast virtual time passes.
    pub fn set_speed(&mut self, speed: Speed) {
        self.plan.speed = speed;
        self.control.set_speed(speed);
    }

    /// The questions to the user that wait for an answer, oldest first.
    #[must_use]
    pub fn questions(&self) -> Vec<Arc<str>> {
        self.control.questions()
    }

    /// Answers the oldest question; where there is none, the next that is asked.
    pub fn answer(&self, answer: impl Into<String>) {
        self.control.answer(answer);
    }

    /// Says that there will be no more answers: the program goes on without.
    pub fn end_input(&self) {
        self.control.end_input();
    }

    /// The hand on the run, for another thread: to answer while this one watches.
    #[must_use]
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    /// Ends it, and waits until it has ended and all that it sent is taken; while the record is [shared](Self::share), the
    /// rest is left to later pumps. A program that is only watched goes on.
    pub fn stop(&mut self) {
        if self.kind == Kind::Watched {
            return self.control.resume();
        }
        self.control.stop();
        if self.kind == Kind::Saved {
            self.inbox.abandon();
        }
        while self.pump_wait() {}
        if self.has_all {
            self.join();
        }
    }

    fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            // The thread's own panic is impossible to act on here, and its record ends where it ended.
            drop(thread.join());
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        match self.kind {
            Kind::Watched => self.control.resume(),
            Kind::Live | Kind::Saved => self.control.stop(),
        }
        self.inbox.abandon();
        self.join();
    }
}

/// Says that there will be no more, even if the thread panics.
struct Over(Arc<Inbox>);

impl Drop for Over {
    fn drop(&mut self) {
        self.0.update(|state| state.is_over = true);
    }
}

fn run(plan: &Plan, control: Control, sink: impl FnMut(&mut Vec<Event>) + Send + 'static) {
    let result: Result<(), RunError> = match (plan.scenario.program)(&plan.params) {
        Program::EventLoop(main) => {
            let run = EventLoop::new().clock(plan.clock).seed(plan.seed).title(plan.title());
            run.scenario(plan.scenario_run()).control(control).sink(sink).run(main)
        }
        Program::Smol { threads, main } => {
            let run = Smol::new(threads).seed(plan.seed).title(plan.title());
            run.scenario(plan.scenario_run()).control(control).sink(sink).run(main)
        }
        Program::Elsewhere => Ok(()),
    };
    // How it ended is the record's last event; those who watch read it there.
    drop(result);
}

#[cfg(test)]
mod tests {
    use super::inbox::{CHUNK, MOST_CHUNKS};
    use super::*;
    use crate::event::{EventKind, WorkerId};

    #[test]
    fn many_small_chunks_wait_as_few_and_in_order() {
        let inbox = Inbox::default();
        let event = |nanos| Event { at: Nanos(nanos), worker: WorkerId(0), kind: EventKind::LoopAwake };
        // More than may wait, were each to wait by itself.
        let all = 3 * MOST_CHUNKS as u64;
        for first in (0..all).step_by(3) {
            let mut chunk: Vec<Event> = (first..first + 3).map(event).collect();
            assert!(inbox.put(&mut chunk) && chunk.is_empty());
        }
        let chunks = std::mem::take(&mut inbox.lock().chunks);
        assert!(chunks.len() <= all as usize / CHUNK + 1, "{} chunks", chunks.len());
        assert!(chunks.iter().flatten().map(|event| event.at).eq((0..all).map(Nanos)));
    }
}
