//! The hand on a running loop: pause, resume, step, speed, stop, from any thread.
//!
//! The executor asks before each poll whether it may go on. While nobody interferes that question is one relaxed load. A
//! record never depends on the answers: they delay what happens, they do not change it (a stop cuts it short).

mod hand;
pub(crate) mod question;
pub(crate) mod speed;
mod watching;

use crate::event::{Nanos, Sink};
use crate::probe::clock::Wall;
use crate::probe::outlet::Outlet;
use hand::Hand;
use question::{Answer, Question};
use speed::Speed;
use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

/// A handle on a run, for the thread that watches it. Clones steer the same run.
#[derive(Debug, Clone, Default)]
pub struct Control(Arc<Inner>);

/// What a run has been told to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// To go on.
    Running,
    /// To hold before the next poll; a virtual clock stands still.
    Paused,
    /// To do some polls and hold again.
    Stepping,
    /// To end.
    Stopped,
}

/// How far a step goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To the end of the next poll.
    Poll,
    /// To the next event, also in the middle of a poll. The definition of a place comes with the event that first names
    /// it.
    Event,
    /// To the next timer that fires.
    Timer,
}

#[derive(Debug, Default)]
struct Inner {
    outlet: Arc<Outlet>,
    /// Raised while the loop has to look at `state` before a poll.
    attention: AtomicBool,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    mode: Mode,
    speed: Speed,
    hand: Hand,
    /// Another thread has left something for a loop that may be asleep.
    kicked: bool,
    /// Wakes a loop that sleeps in the reactor.
    root: Option<Waker>,
    /// Questions that wait for an answer, and answers that wait for a question.
    questions: VecDeque<Arc<Question>>,
    answers: VecDeque<String>,
    /// There will be no more answers.
    is_input_over: bool,
}

impl State {
    /// From when on virtual time moves: from now, unless paused.
    fn moving_since(&self) -> Option<Wall> {
        (!self.mode.is_pause()).then(Wall::now)
    }

    /// One step of this kind is done.
    fn step_done(&mut self, done: Step) {
        if let Mode::Step(step, left) = self.mode
            && step == done
        {
            let held = if step == Step::Event { Mode::PauseHere } else { Mode::Pause };
            self.mode = NonZeroU32::new(left.get() - 1).map_or(held, |left| Mode::Step(step, left));
        }
    }
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Mode {
    #[default]
    Run,
    Pause,
    /// To hold where it is, in the middle of a poll.
    PauseHere,
    /// To do this many steps, what is under way included, and hold again.
    Step(Step, NonZeroU32),
    Stop,
}

impl Mode {
    fn is_pause(self) -> bool {
        matches!(self, Self::Pause | Self::PauseHere)
    }
}

/// The answer to a loop that asks whether it may poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    Go,
    Stop,
}

/// Why a wait for virtual time ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waited {
    Reached,
    Kicked,
    Stopped,
}

impl Control {
    /// A control of a run that has not started, at [`Speed::NORMAL`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Holds the run before its next poll, and stops a virtual clock where it is. On the real clock, time goes on.
    pub fn pause(&self) {
        self.update(|state| {
            if state.mode != Mode::Stop {
                state.mode = Mode::Pause;
            }
        });
    }

    /// Lets a paused run go on.
    pub fn resume(&self) {
        self.update(|state| {
            if state.mode != Mode::Stop {
                state.mode = Mode::Run;
            }
        });
    }

    /// Lets the run do exactly one more step, without waiting for virtual time, and hold again.
    pub fn step(&self, step: Step) {
        self.update(|state| {
            state.mode = match state.mode {
                Mode::Stop => Mode::Stop,
                Mode::Step(under_way, left) if under_way == step => Mode::Step(step, left.saturating_add(1)),
                Mode::Step(..) | Mode::Run | Mode::Pause | Mode::PauseHere => Mode::Step(step, NonZeroU32::MIN),
            };
        });
    }

    /// Sends the events of the run to `sink` from now on, in place of any other. A sink that comes while the run is under
    /// way is told of each task, resource and place when it is first met again; their ids are those they had all along.
    pub fn attach(&self, sink: impl Sink + 'static) {
        self.0.outlet.attach(Box::new(sink), self.now(), None);
    }

    /// Sends them nowhere. The sink gets what has happened until now, and the end of its record.
    pub fn detach(&self) {
        self.0.outlet.detach();
    }

    /// Ends the run at its next poll, or at once while it waits or is [`busy`](crate::busy).
    pub fn stop(&self) {
        self.update(|state| state.mode = Mode::Stop);
    }

    /// Answers the oldest question of a task that waits for [`input`](crate::input); else the next that is asked.
    pub fn answer(&self, answer: impl Into<String>) {
        let mut state = self.lock();
        match state.questions.pop_front() {
            Some(question) => {
                drop(state);
                question.answer(Answer::Text(answer.into()));
            }
            None => state.answers.push_back(answer.into()),
        }
    }

    /// Says that there will be no more answers: every question is answered with nothing, now and later.
    pub fn end_input(&self) {
        let mut state = self.lock();
        state.is_input_over = true;
        let questions = std::mem::take(&mut state.questions);
        drop(state);
        for question in questions {
            question.answer(Answer::NoMore);
        }
    }

    /// The questions that wait for an answer, oldest first.
    #[must_use]
    pub fn questions(&self) -> Vec<Arc<str>> {
        self.lock().questions.iter().map(|question| Arc::clone(&question.prompt)).collect()
    }

    /// Asks a question; the answer, if there is one already.
    pub(super) fn ask(&self, question: &Arc<Question>) -> Option<Answer> {
        let mut state = self.lock();
        match state.answers.pop_front() {
            Some(answer) => Some(Answer::Text(answer)),
            None if state.is_input_over => Some(Answer::NoMore),
            None => {
                state.questions.push_back(Arc::clone(question));
                None
            }
        }
    }

    /// Takes a question back.
    pub(super) fn withdraw(&self, question: &Arc<Question>) {
        self.lock().questions.retain(|asked| !Arc::ptr_eq(asked, question));
    }

    /// Waits until another thread leaves something for the run, or stops it.
    pub(super) fn wait_for_kick(&self) -> Waited {
        let mut state = self.lock();
        loop {
            if std::mem::take(&mut state.kicked) {
                return Waited::Kicked;
            }
            if state.mode == Mode::Stop {
                return Waited::Stopped;
            }
            state = self.wait(state);
        }
    }

    /// Sets how fast virtual time passes; nothing on the real clock.
    pub fn set_speed(&self, speed: Speed) {
        self.update(|state| state.speed = speed);
    }

    /// How fast virtual time passes.
    #[must_use]
    pub fn speed(&self) -> Speed {
        self.lock().speed
    }

    /// What the run has been told to do.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match self.lock().mode {
            Mode::Run => Phase::Running,
            Mode::Pause | Mode::PauseHere => Phase::Paused,
            Mode::Step(..) => Phase::Stepping,
            Mode::Stop => Phase::Stopped,
        }
    }

    /// Where the run's clock is now; between two events, on its way to the next.
    #[must_use]
    pub fn now(&self) -> Nanos {
        let state = self.lock();
        state.hand.now(state.speed)
    }

    /// The loop's question before each poll; blocks while paused. `flush` runs before it blocks.
    pub(super) fn admit(&self, flush: impl FnOnce()) -> Admission {
        if !self.wants_attention() {
            return Admission::Go;
        }
        self.hold(flush, |_| {})
    }

    /// The question of one thread among several: a step is one poll of all of them together.
    pub(super) fn admit_one(&self, flush: impl FnOnce()) -> Admission {
        if !self.wants_attention() {
            return Admission::Go;
        }
        self.hold(flush, |state| state.step_done(Step::Poll))
    }

    /// Holds while paused; `go` runs when that is over.
    fn hold(&self, flush: impl FnOnce(), go: impl FnOnce(&mut State)) -> Admission {
        flush();
        let mut state = self.lock();
        loop {
            match state.mode {
                Mode::Run | Mode::Step(..) => {
                    go(&mut state);
                    return Admission::Go;
                }
                Mode::Stop => return Admission::Stop,
                Mode::Pause | Mode::PauseHere => state = self.wait(state),
            }
        }
    }

    /// Whether a run has to look at its orders.
    #[inline]
    pub(super) fn wants_attention(&self) -> bool {
        self.0.attention.load(Ordering::Relaxed)
    }

    /// The run's word after each event, if it has to look: a step may end here, in the middle of a poll.
    #[cold]
    pub(super) fn event_done(&self, flush: impl FnOnce()) {
        if !matches!(self.lock().mode, Mode::Step(Step::Event, _)) {
            return;
        }
        flush(); // first, so that who sees the run hold has the event
        let mut state = self.lock();
        state.step_done(Step::Event);
        while state.mode == Mode::PauseHere {
            state = self.wait(state);
        }
    }

    /// The run's word after each timer that fired.
    pub(super) fn timer_done(&self) {
        if self.wants_attention() {
            self.lock().step_done(Step::Timer);
        }
    }

    /// The loop's word after each poll.
    pub(super) fn poll_done(&self) {
        if !self.wants_attention() {
            return;
        }
        self.lock().step_done(Step::Poll);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.wants_attention() && self.lock().mode == Mode::Stop
    }

    /// Waits while virtual time passes `from` to `until` at the chosen speed. `flush` runs before it really waits.
    pub(super) fn pass_time(&self, from: Nanos, until: Nanos, flush: impl FnOnce()) -> Waited {
        let mut flush = Some(flush);
        let mut state = self.lock();
        state.hand = Hand::Paced { from, since: state.moving_since(), until };
        let why = loop {
            if std::mem::take(&mut state.kicked) {
                break Waited::Kicked;
            }
            match state.mode {
                Mode::Stop => break Waited::Stopped,
                Mode::Step(..) => break Waited::Reached,
                Mode::Run if state.speed.is_max() => break Waited::Reached,
                Mode::Run | Mode::Pause | Mode::PauseHere if flush.is_some() => {
                    drop(state);
                    flush.take().into_iter().for_each(|flush| flush());
                    state = self.lock();
                }
                Mode::Pause | Mode::PauseHere => state = self.wait(state),
                Mode::Run => {
                    let left = until - state.hand.now(state.speed);
                    let nanos = left.0 as f64 / state.speed.factor();
                    if nanos < 1.0 {
                        break Waited::Reached;
                    }
                    let timeout = std::time::Duration::from_nanos(nanos as u64);
                    state = self.0.changed.wait_timeout(state, timeout).unwrap_or_else(PoisonError::into_inner).0;
                }
            }
        };
        let reached = if why == Waited::Reached { until } else { state.hand.now(state.speed) };
        state.hand = Hand::Still(reached);
        why
    }

    /// Shows virtual time `now`.
    pub(super) fn show(&self, now: Nanos) {
        self.lock().hand = Hand::Still(now);
    }

    /// Shows the machine's time since `start`.
    pub(super) fn show_real(&self, start: Wall) {
        self.lock().hand = Hand::Real { start };
    }

    /// Forgets that another thread left something: it was taken.
    pub(super) fn unkick(&self) {
        self.lock().kicked = false;
    }

    /// Wakes the loop, wherever it sleeps, to look at what another thread left.
    pub(super) fn kick(&self) {
        self.update(|state| state.kicked = true);
    }

    /// Sets what wakes a loop that sleeps in the reactor.
    pub(super) fn set_root(&self, waker: &Waker) {
        let mut state = self.lock();
        match &mut state.root {
            Some(root) => root.clone_from(waker),
            None => state.root = Some(waker.clone()),
        }
    }

    /// Resets it for another record.
    pub(super) fn reset(&self) {
        self.update(|state| state.mode = Mode::Run);
    }

    pub(super) fn outlet(&self) -> &Arc<Outlet> {
        &self.0.outlet
    }

    fn update(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        let now = state.hand.now(state.speed);
        change(&mut state);
        if let Hand::Paced { until, .. } = state.hand {
            state.hand = Hand::Paced { from: now, since: state.moving_since(), until };
        }
        self.0.attention.store(state.mode != Mode::Run, Ordering::Relaxed);
        let root = state.root.clone();
        drop(state);
        self.0.changed.notify_all();
        if let Some(root) = root {
            root.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.0.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}
