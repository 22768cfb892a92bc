//! Every interleaving of wakes, polls and drops of one task, as far as the memory model allows more than one. Where three
//! threads take part, those in which a thread is interrupted at most four times: all of them would take hours.
#![cfg(test)]

mod atomics {
    pub(super) use loom::sync::atomic::{AtomicU64, Ordering};
    pub(super) use loom::sync::{Condvar, Mutex, MutexGuard};
    pub(super) use std::sync::PoisonError;
}

#[allow(dead_code, reason = "the runtime uses all of it")]
#[path = "../../../crates/runtime/src/core/wake_state.rs"]
mod wake_state;

use loom::sync::{Arc, Mutex};
use loom::thread;
use wake_state::{After, Found, WakeState, Woken};

/// What is told of a task, in the order in which it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Ready,
    Coalesced,
    PollStarted,
    PollEnded,
    Dropped,
}

#[derive(Default)]
struct Task {
    state: WakeState<u32>,
    told: Mutex<Vec<Told>>,
    /// How often it was scheduled, and not polled for that yet.
    scheduled: Mutex<u32>,
}

impl Task {
    fn tell(&self, told: Told) {
        self.told.lock().unwrap().push(told);
    }

    fn wake(&self, who: u32) {
        let tell = |found| match found {
            Found::Nothing => self.tell(Told::Ready),
            Found::Ready(_) => self.tell(Told::Coalesced),
            Found::Over => {}
        };
        if self.state.woken(|| who, tell) == Woken::ToBeScheduled {
            *self.scheduled.lock().unwrap() += 1;
        }
    }

    /// Polls it as often as it is scheduled. Who else woke it than the first is told like any other.
    fn run(&self) {
        loop {
            {
                let mut scheduled = self.scheduled.lock().unwrap();
                if *scheduled == 0 {
                    return;
                }
                *scheduled -= 1;
            }
            self.poll();
        }
    }

    fn poll(&self) {
        self.state.poll_starts();
        self.tell(Told::PollStarted);
        self.tell(Told::PollEnded);
        if let After::Ready(_) = self.state.poll_ended() {
            self.tell(Told::Ready);
            if let Some(telling) = self.state.lets_go() {
                telling.take_woken_by().iter().for_each(|_| self.tell(Told::Coalesced));
            }
        }
    }

    /// What is told has to be the life of a task. Gives how often it ran, and whether it is ready at the end.
    fn check(&self) -> (usize, bool) {
        let told = self.told.lock().unwrap();
        let mut state = Told::Ready; // as it was made
        for next in told.iter() {
            let may = match next {
                Told::Ready => state == Told::PollEnded,
                Told::Coalesced | Told::PollStarted => state == Told::Ready,
                Told::PollEnded => state == Told::PollStarted,
                Told::Dropped => state != Told::PollStarted && state != Told::Dropped,
            };
            assert!(may, "{next:?} after {state:?}: {told:?}");
            if *next != Told::Coalesced {
                state = *next;
            }
        }
        (told.iter().filter(|told| **told == Told::PollStarted).count(), state == Told::Ready)
    }
}

/// Tries what three threads do.
fn model_of_three(model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(4);
    builder.check(model);
}

/// A task that was made and scheduled.
fn task() -> Arc<Task> {
    let task = Task::default();
    *task.scheduled.lock().unwrap() = 1;
    Arc::new(task)
}

#[test]
fn two_wakes_and_polls_are_one_story_and_no_wake_is_lost() {
    model_of_three(|| {
        let task = task();
        let wakers: Vec<_> = (0..2)
            .map(|who| {
                let task = Arc::clone(&task);
                thread::spawn(move || task.wake(who))
            })
            .collect();
        task.poll();
        *task.scheduled.lock().unwrap() -= 1;
        wakers.into_iter().for_each(|waker| waker.join().unwrap());
        let (polls, is_ready) = task.check();
        assert_eq!(polls, 1);
        // Whoever made it ready has it scheduled.
        assert_eq!(*task.scheduled.lock().unwrap() > 0, is_ready);
        task.run();
        assert!(!task.check().1);
    });
}

#[test]
fn nothing_is_told_of_a_task_that_was_dropped() {
    model_of_three(|| {
        let task = task();
        task.poll();
        let wakers: Vec<_> = (0..2)
            .map(|who| {
                let task = Arc::clone(&task);
                thread::spawn(move || task.wake(who))
            })
            .collect();
        task.state.ends();
        task.tell(Told::Dropped);
        wakers.into_iter().for_each(|waker| waker.join().unwrap());
        task.check();
    });
}

#[test]
fn a_task_that_wakes_itself_while_another_does_is_told_to_be_ready_once() {
    loom::model(|| {
        let task = task();
        let waker = thread::spawn({
            let task = Arc::clone(&task);
            move || task.wake(7)
        });
        task.state.poll_starts();
        task.tell(Told::PollStarted);
        let itself = task.state.woken_by_itself();
        task.tell(Told::PollEnded);
        let After::Ready(by) = task.state.poll_ended() else { panic!("it woke itself") };
        // Where another was first, itself finds that.
        assert_eq!(by.is_none(), itself == Found::Nothing);
        task.tell(Told::Ready);
        if let Some(telling) = task.state.lets_go() {
            telling.take_woken_by().iter().for_each(|_| task.tell(Told::Coalesced));
        }
        waker.join().unwrap();
        assert!(task.check().1);
    });
}

#[test]
fn a_poll_that_came_about_elsewhere_waits_for_who_tells() {
    loom::model(|| {
        let task = task();
        task.poll();
        let waker = thread::spawn({
            let task = Arc::clone(&task);
            move || task.wake(7)
        });
        task.poll(); // by a waker that the state knows nothing of
        waker.join().unwrap();
        let told = task.told.lock().unwrap();
        let starts = told.iter().enumerate().filter(|(_, told)| **told == Told::PollStarted);
        starts.for_each(|(place, _)| assert_eq!(told[place + 1], Told::PollEnded, "{told:?}"));
    });
}
