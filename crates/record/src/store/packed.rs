//! Events in few bytes, for a log of millions.
//!
//! An event is a head byte, then the time since the event before (if any passed), the thread (if it is another), and
//! what the kind needs. What happens at every poll has an encoding of its own, in which most ids are told by the
//! events before: the task is the one that is polled, a timer the next one. Everything else that holds no text is in
//! [postcard](https://postcard.jamesmunns.com/wire-format) encoding; what holds text, but for the names of tasks, is kept whole, aside.
//!
//! This module never reads what it did not write: what comes from outside is decoded by [`file`](crate::io::file).

use super::bytes::{Reader, put, put_step};
use super::packed_resource::{
    from_optional, from_optional_site, hold, optional, optional_site, purpose, put_state, put_wanted, state, wanted,
};
use crate::event::{
    EnqueueCause, Event, EventKind, FrameId, Nanos, PollOutcome, ResourceId, SiteId, TaskId, TimerId, WaitId, WaitOn,
    WorkerId,
};
use std::sync::Arc;

// The head: five bits say which kind, two what follows.
const ASIDE: u8 = 0;
const PLAIN: u8 = 1;
const POLL_STARTED: u8 = 2;
const POLL_PENDING: u8 = 3;
const POLL_READY: u8 = 4;
const SPAWNED: u8 = 5;
const OWN_YIELD: u8 = 6;
const OWN_YIELD_AT: u8 = 7;
const WOKEN: u8 = 8;
const JOINED: u8 = 9;
const GATHERED: u8 = 10;
const TIMER: u8 = 11;
const SLEEP: u8 = 12;
const WAIT: u8 = 13;
const WAIT_ENDED: u8 = 14;
const TIMER_ARMED: u8 = 15;
const TIMER_FIRED: u8 = 16;
const TASK_SPAWNED: u8 = 17;
const ITERATION: u8 = 18;
const IDLE_UNTIL: u8 = 19;
const AWAKE: u8 = 20;
const CHANGED: u8 = 21;
const WAIT_WANTED: u8 = 22;
const WAIT_JOIN: u8 = 23;
const BUSY: u8 = 24;
const BUSY_FOR: u8 = 25;
const BUSY_ENDED: u8 = 26;
const HOLD: u8 = 27;
const KIND: u8 = 0x1f;
const LATER: u8 = 0x20;
const OTHER_WORKER: u8 = 0x40;

/// What the events before say about the next one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    at: Nanos,
    worker: WorkerId,
    /// The task that was polled last.
    polled: TaskId,
    wait: WaitId,
    timer: TimerId,
    fired: TimerId,
    enqueued: TaskId,
    spawned: TaskId,
    /// How many texts were kept aside.
    aside: usize,
}

/// What is kept whole beside the bytes, because it holds text.
pub(crate) type Aside = Box<EventKind>;

impl Context {
    /// The context of a block that begins at `at`, with that many events kept aside before.
    pub(crate) fn new(at: Nanos, aside: usize) -> Self {
        Self {
            at,
            worker: WorkerId(0),
            polled: TaskId(0),
            wait: WaitId(0),
            timer: TimerId(0),
            fired: TimerId(0),
            enqueued: TaskId(0),
            spawned: TaskId(0),
            aside,
        }
    }

    /// Appends an event; gives back what is to be kept aside.
    #[inline]
    pub(crate) fn put(&mut self, bytes: &mut Vec<u8>, event: Event) -> Option<Aside> {
        let head = bytes.len();
        bytes.push(0);
        let mut flags = 0;
        // Times only grow, but for a damaged file, where the difference wraps around and back.
        if event.at != self.at {
            flags |= LATER;
            put(bytes, event.at.0.wrapping_sub(self.at.0));
            self.at = event.at;
        }
        if event.worker != self.worker {
            flags |= OTHER_WORKER;
            put(bytes, u64::from(event.worker.0));
            self.worker = event.worker;
        }
        let (kind, aside) = self.put_kind(bytes, event.kind);
        bytes[head] = kind | flags;
        aside
    }

    #[inline]
    fn put_kind(&mut self, bytes: &mut Vec<u8>, kind: EventKind) -> (u8, Option<Aside>) {
        let polled = self.polled;
        let code = match &kind {
            EventKind::PollStarted { task } => {
                put_step(bytes, u64::from(polled.0), u64::from(task.0));
                self.polled = *task;
                POLL_STARTED
            }
            EventKind::PollEnded { task, outcome: PollOutcome::Pending } if *task == polled => POLL_PENDING,
            EventKind::PollEnded { task, outcome: PollOutcome::Ready } if *task == polled => POLL_READY,
            EventKind::Enqueued { task, cause } => match cause {
                EnqueueCause::OwnYield(None) if *task == polled => OWN_YIELD,
                EnqueueCause::OwnYield(Some(site)) if *task == polled => {
                    put(bytes, u64::from(site.0));
                    OWN_YIELD_AT
                }
                EnqueueCause::Spawned => self.put_enqueued(bytes, *task, SPAWNED),
                EnqueueCause::WokenBy(by) if *by == polled => self.put_enqueued(bytes, *task, WOKEN),
                EnqueueCause::Joined(by) if *by == polled => self.put_enqueued(bytes, *task, JOINED),
                EnqueueCause::Gathered(by) if *by == polled => self.put_enqueued(bytes, *task, GATHERED),
                EnqueueCause::Timer(timer) => {
                    put_step(bytes, u64::from(self.fired.0), u64::from(timer.0));
                    self.put_enqueued(bytes, *task, TIMER)
                }
                _ => return put_plain(bytes, kind),
            },
            EventKind::WaitBegan { task, wait, on, site, frame } if *task == polled => {
                let code = match on {
                    WaitOn::Sleep { timer, length } => {
                        put_step(bytes, u64::from(self.timer.0), u64::from(timer.0));
                        put(bytes, length.0);
                        SLEEP
                    }
                    WaitOn::Join(other) => {
                        put_step(bytes, u64::from(self.spawned.0), u64::from(other.0));
                        WAIT_JOIN
                    }
                    WaitOn::Resource(resource, op) => {
                        put_wanted(bytes, *resource, *op);
                        WAIT_WANTED
                    }
                    WaitOn::Job(_) => {
                        put_postcard(bytes, on);
                        WAIT
                    }
                    _ => return self.put_aside(kind),
                };
                put_step(bytes, u64::from(self.wait.0), u64::from(wait.0));
                put(bytes, u64::from(site.0));
                put(bytes, u64::from(frame.0));
                self.wait = *wait;
                code
            }
            EventKind::WaitEnded { task, wait } if *task == polled => {
                put_step(bytes, u64::from(self.wait.0), u64::from(wait.0));
                WAIT_ENDED
            }
            EventKind::TimerArmed { timer, task, deadline, purpose, site } if *task == polled => {
                put_step(bytes, u64::from(self.timer.0), u64::from(timer.0));
                put_step(bytes, self.at.0, deadline.0);
                put(bytes, *purpose as u64);
                put(bytes, optional_site(*site));
                self.timer = *timer;
                TIMER_ARMED
            }
            EventKind::TimerFired { timer } => {
                put_step(bytes, u64::from(self.fired.0), u64::from(timer.0));
                self.fired = *timer;
                TIMER_FIRED
            }
            EventKind::TaskSpawned { task, parent, name, site } => {
                put_step(bytes, u64::from(self.spawned.0), u64::from(task.0));
                put(bytes, optional(*parent));
                put(bytes, u64::from(site.0));
                put(bytes, name.len() as u64);
                bytes.extend_from_slice(name.as_bytes());
                self.spawned = *task;
                TASK_SPAWNED
            }
            EventKind::IterationStarted { batch } => {
                put(bytes, u64::from(*batch));
                ITERATION
            }
            EventKind::LoopIdle { until: Some(until) } => {
                put_step(bytes, self.at.0, until.0);
                IDLE_UNTIL
            }
            EventKind::LoopAwake => AWAKE,
            EventKind::ResourceChanged { resource, by, state, site } => {
                put(bytes, u64::from(resource.0) << 1 | u64::from(*by == Some(polled)));
                if *by != Some(polled) {
                    put(bytes, optional(*by));
                }
                put_state(bytes, *state);
                put(bytes, optional_site(*site));
                CHANGED
            }
            EventKind::BusyBegan { task, site, length } if *task == polled => {
                put(bytes, u64::from(site.0));
                match length {
                    Some(length) => {
                        put(bytes, length.0);
                        BUSY_FOR
                    }
                    None => BUSY,
                }
            }
            EventKind::BusyEnded { task } if *task == polled => BUSY_ENDED,
            EventKind::HoldChanged { resource, task, hold } => {
                put(bytes, u64::from(resource.0) << 3 | *hold as u64);
                put_step(bytes, u64::from(polled.0), u64::from(task.0));
                HOLD
            }
            EventKind::RunStarted { .. }
            | EventKind::RunEnded { .. }
            | EventKind::CleanUpBegan { .. }
            | EventKind::TaskReturned { .. }
            | EventKind::TaskFailed { .. }
            | EventKind::SiteDefined { .. }
            | EventKind::TaskPanicked { .. }
            | EventKind::FrameEntered { .. }
            | EventKind::JobQueued { .. }
            | EventKind::JobFinished { .. }
            | EventKind::ResourceCreated { .. }
            | EventKind::Printed { .. }
            | EventKind::WaitBegan { .. } => return self.put_aside(kind),
            _ => return put_plain(bytes, kind),
        };
        (code, None)
    }

    fn put_aside(&mut self, kind: EventKind) -> (u8, Option<Aside>) {
        self.aside += 1;
        (ASIDE, Some(Box::new(kind)))
    }

    #[inline]
    fn put_enqueued(&mut self, bytes: &mut Vec<u8>, task: TaskId, code: u8) -> u8 {
        put_step(bytes, u64::from(self.enqueued.0), u64::from(task.0));
        self.enqueued = task;
        code
    }

    /// Reads an event; `aside` gives what was kept aside, by its number.
    #[inline]
    pub(crate) fn get<'a>(
        &mut self,
        reader: &mut Reader<'_>,
        aside: impl FnOnce(usize) -> Option<&'a Aside>,
    ) -> Option<Event> {
        if reader.is_empty() {
            return None;
        }
        let code = self.head(reader);
        let kind = match code {
            ASIDE => {
                self.aside += 1;
                EventKind::clone(aside(self.aside - 1)?)
            }
            code => self.get_kind(code, reader)?,
        };
        Some(Event { at: self.at, worker: self.worker, kind })
    }

    /// Reads an event for what it says about the next.
    #[inline]
    pub(crate) fn pass(&mut self, reader: &mut Reader<'_>) {
        if reader.is_empty() {
            return;
        }
        match self.head(reader) {
            ASIDE => self.aside += 1,
            TASK_SPAWNED => drop(self.spawned(reader)),
            code => drop(self.get_kind(code, reader)),
        }
    }

    #[inline]
    fn head(&mut self, reader: &mut Reader<'_>) -> u8 {
        let head = reader.byte();
        if head & LATER != 0 {
            self.at = Nanos(self.at.0.wrapping_add(reader.get()));
        }
        if head & OTHER_WORKER != 0 {
            self.worker = WorkerId(reader.get() as u16);
        }
        head & KIND
    }

    /// A task that was spawned: its parent, where, and its name.
    fn spawned<'a>(&mut self, reader: &mut Reader<'a>) -> (Option<TaskId>, SiteId, &'a [u8]) {
        self.spawned = TaskId(reader.step(u64::from(self.spawned.0)) as u32);
        let parent = from_optional(reader.get());
        let site = SiteId(reader.get() as u32);
        let length = reader.get() as usize;
        let (name, rest) = reader.rest().split_at_checked(length).unwrap_or_default();
        reader.set_rest(rest);
        (parent, site, name)
    }

    fn get_kind(&mut self, code: u8, reader: &mut Reader<'_>) -> Option<EventKind> {
        let task = self.polled;
        Some(match code {
            PLAIN => {
                let (kind, rest) = postcard::take_from_bytes(reader.rest()).ok()?;
                reader.set_rest(rest);
                kind
            }
            POLL_STARTED => {
                self.polled = TaskId(reader.step(u64::from(task.0)) as u32);
                EventKind::PollStarted { task: self.polled }
            }
            POLL_PENDING => EventKind::PollEnded { task, outcome: PollOutcome::Pending },
            POLL_READY => EventKind::PollEnded { task, outcome: PollOutcome::Ready },
            OWN_YIELD => EventKind::Enqueued { task, cause: EnqueueCause::OwnYield(None) },
            OWN_YIELD_AT => {
                let site = SiteId(reader.get() as u32);
                EventKind::Enqueued { task, cause: EnqueueCause::OwnYield(Some(site)) }
            }
            SPAWNED => self.get_enqueued(reader, EnqueueCause::Spawned),
            WOKEN => self.get_enqueued(reader, EnqueueCause::WokenBy(task)),
            JOINED => self.get_enqueued(reader, EnqueueCause::Joined(task)),
            GATHERED => self.get_enqueued(reader, EnqueueCause::Gathered(task)),
            TIMER => {
                let timer = TimerId(reader.step(u64::from(self.fired.0)) as u32);
                self.get_enqueued(reader, EnqueueCause::Timer(timer))
            }
            ITERATION => EventKind::IterationStarted { batch: reader.get() as u32 },
            IDLE_UNTIL => EventKind::LoopIdle { until: Some(Nanos(reader.step(self.at.0))) },
            AWAKE => EventKind::LoopAwake,
            CHANGED => {
                let head = reader.get();
                let by = if head & 1 == 0 { from_optional(reader.get()) } else { Some(task) };
                let (resource, state) = (ResourceId((head >> 1) as u32), state(reader)?);
                EventKind::ResourceChanged { resource, by, state, site: from_optional_site(reader.get()) }
            }
            SLEEP | WAIT | WAIT_WANTED | WAIT_JOIN => {
                let on = match code {
                    SLEEP => {
                        let timer = TimerId(reader.step(u64::from(self.timer.0)) as u32);
                        WaitOn::Sleep { timer, length: Nanos(reader.get()) }
                    }
                    WAIT_WANTED => {
                        let (resource, op) = wanted(reader)?;
                        WaitOn::Resource(resource, op)
                    }
                    WAIT_JOIN => WaitOn::Join(TaskId(reader.step(u64::from(self.spawned.0)) as u32)),
                    _ => {
                        let (on, rest) = postcard::take_from_bytes(reader.rest()).ok()?;
                        reader.set_rest(rest);
                        on
                    }
                };
                self.wait = WaitId(reader.step(u64::from(self.wait.0)) as u32);
                let site = SiteId(reader.get() as u32);
                let frame = FrameId(reader.get() as u32);
                EventKind::WaitBegan { task, wait: self.wait, on, site, frame }
            }
            WAIT_ENDED => EventKind::WaitEnded { task, wait: WaitId(reader.step(u64::from(self.wait.0)) as u32) },
            TIMER_ARMED => {
                self.timer = TimerId(reader.step(u64::from(self.timer.0)) as u32);
                let deadline = Nanos(reader.step(self.at.0));
                let (purpose, site) = (purpose(reader)?, from_optional_site(reader.get()));
                EventKind::TimerArmed { timer: self.timer, task, deadline, purpose, site }
            }
            BUSY | BUSY_FOR => {
                let site = SiteId(reader.get() as u32);
                let length = (code == BUSY_FOR).then(|| Nanos(reader.get()));
                EventKind::BusyBegan { task, site, length }
            }
            BUSY_ENDED => EventKind::BusyEnded { task },
            HOLD => {
                let head = reader.get();
                let (resource, hold) = (ResourceId((head >> 3) as u32), hold(head)?);
                EventKind::HoldChanged { resource, task: TaskId(reader.step(u64::from(task.0)) as u32), hold }
            }
            TASK_SPAWNED => {
                let (parent, site, name) = self.spawned(reader);
                let name = Arc::from(String::from_utf8_lossy(name));
                EventKind::TaskSpawned { task: self.spawned, parent, name, site }
            }
            TIMER_FIRED => {
                self.fired = TimerId(reader.step(u64::from(self.fired.0)) as u32);
                EventKind::TimerFired { timer: self.fired }
            }
            _ => return None,
        })
    }

    fn get_enqueued(&mut self, reader: &mut Reader<'_>, cause: EnqueueCause) -> EventKind {
        self.enqueued = TaskId(reader.step(u64::from(self.enqueued.0)) as u32);
        EventKind::Enqueued { task: self.enqueued, cause }
    }
}

fn put_plain(bytes: &mut Vec<u8>, kind: EventKind) -> (u8, Option<Aside>) {
    put_postcard(bytes, &kind);
    (PLAIN, None)
}

fn put_postcard(bytes: &mut Vec<u8>, value: &impl serde::Serialize) {
    let length = bytes.len();
    if postcard::to_io(value, &mut *bytes).is_err() {
        bytes.truncate(length); // writing into memory does not fail
    }
}
