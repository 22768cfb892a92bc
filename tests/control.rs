//! The hand on a run: steps of each kind, a stop, a sink that comes and goes; and none of it shows in the record.

mod support;

use fastrand::Rng;
use loopscope::event::{ClockKind, Event, EventKind, PollOutcome};
use loopscope::runtime::sync::{Queue, Semaphore};
use loopscope::runtime::{
    Control, EventLoop, Phase, RunError, Smol, Speed, Step, bounded, busy, gather, say, sleep, spawn, timeout,
    yield_now,
};
use loopscope::trace::check;
use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const MILLI: Duration = Duration::from_millis(1);

/// Something of everything.
async fn workload() {
    let (queue, permits) = (Queue::unbounded("queue"), Semaphore::new("permits", 2));
    let tasks: Vec<_> = (0..5)
        .map(|number: u32| {
            let (queue, permits) = (queue.clone(), permits.clone());
            spawn(format!("task {number}"), async move {
                let permit = permits.acquire().await;
                sleep(MILLI * number).await;
                busy(MILLI);
                drop(permit);
                yield_now().await;
                queue.put(number).await;
                say!("put {number}");
                let _timed_out = timeout(MILLI, sleep(MILLI * 3)).await;
            })
        })
        .collect();
    for _ in 0..5 {
        say!("got {}", queue.get().await);
    }
    gather(tasks).await;
}

/// A run on a thread of its own, which begins paused; its events as they come, and its result.
fn start(control: &Control) -> (Receiver<Vec<Event>>, JoinHandle<Result<(), RunError>>) {
    let (sender, events) = mpsc::channel();
    let sink = move |chunk: &mut Vec<Event>| drop(sender.send(std::mem::take(chunk)));
    let event_loop = EventLoop::new().control(control.clone()).sink(sink);
    control.pause();
    let thread = std::thread::Builder::new().spawn(move || event_loop.run(workload())).unwrap();
    (events, thread)
}

/// What comes until the run holds again.
fn until_it_holds(control: &Control, events: &Receiver<Vec<Event>>) -> Vec<Event> {
    let mut all = Vec::new();
    while control.phase() != Phase::Paused {
        match events.recv_timeout(MILLI) {
            Ok(chunk) => all.extend(chunk),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return all,
        }
    }
    all.extend(events.try_iter().flatten());
    all
}

#[test]
fn two_hundred_runs_steered_at_random_leave_one_record() {
    let mut records = HashSet::new();
    for seed in 0..200 {
        let control = Control::new();
        control.set_speed(Speed::MAX);
        let (events, thread) = start(&control);
        let mut rng = Rng::with_seed(seed);
        while !thread.is_finished() {
            match rng.u8(0..8) {
                0 => control.pause(),
                1..3 => control.step([Step::Poll, Step::Event, Step::Timer][rng.usize(0..3)]),
                3 => control.set_speed([Speed::MAX, Speed::NORMAL][rng.usize(0..2)]),
                4 => std::thread::yield_now(),
                _ => control.resume(),
            }
        }
        thread.join().unwrap().unwrap();
        let events: Vec<Event> = events.iter().flatten().collect();
        assert!(check(&events).is_empty(), "seed {seed}: {:#?}", check(&events));
        records.insert(format!("{events:?}"));
    }
    assert_eq!(records.len(), 1);
}

#[test]
fn a_step_by_event_brings_exactly_one_event() {
    let control = Control::new();
    let (events, thread) = start(&control);
    let begun = until_it_holds(&control, &events);
    let mut all: Vec<Event> = begun;
    let mut has_ended = false;
    while !has_ended {
        control.step(Step::Event);
        let came = until_it_holds(&control, &events);
        let is_own =
            |event: &&Event| !matches!(event.kind, EventKind::RunStarted { .. } | EventKind::SiteDefined { .. });
        assert_eq!(came.iter().filter(is_own).count(), 1, "{came:?}");
        has_ended = came.iter().any(|event| matches!(event.kind, EventKind::RunEnded { .. }));
        all.extend(came);
    }
    control.resume();
    thread.join().unwrap().unwrap();
    all.extend(events.iter().flatten());
    let (_, whole) = support::record_on(EventLoop::new(), workload());
    // The first two tell of the place of `run`, which is another there.
    assert!(all[2..] == support::events(&whole)[2..], "the record of a stepped run is another");
}

#[test]
fn a_step_by_timer_goes_to_the_next_timer_that_fires() {
    let control = Control::new();
    let (events, thread) = start(&control);
    drop(until_it_holds(&control, &events));
    for _ in 0..3 {
        control.step(Step::Timer);
        drop(until_it_holds(&control, &events));
    }
    let now = control.now();
    control.stop();
    assert_eq!(thread.join().unwrap(), Err(RunError::Stopped));
    let (_, whole) = support::record_on(EventLoop::new(), workload());
    let third = support::events(&whole).into_iter().filter(|event| matches!(event.kind, EventKind::TimerFired { .. }));
    assert_eq!(Some(now), third.map(|event| event.at).nth(2));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "what is tested is the machine's time")]
fn a_stop_ends_any_workload_at_once() {
    let never = Duration::from_secs(3600);
    for clock in [ClockKind::Virtual, ClockKind::Real] {
        for kind in ["sleeps", "computes", "yields", "is paused"] {
            let control = Control::new();
            if kind == "is paused" {
                control.pause();
            }
            let (begun, has_begun) = mpsc::channel();
            let run = EventLoop::new().clock(clock).control(control.clone());
            let thread = std::thread::Builder::new().spawn(move || {
                if kind == "is paused" {
                    begun.send(()).unwrap();
                }
                run.run(async move {
                    begun.send(()).unwrap();
                    match kind {
                        "sleeps" => sleep(never).await,
                        "computes" => busy(never),
                        _ => loop {
                            yield_now().await;
                        },
                    }
                })
            });
            has_begun.recv().unwrap();
            let asked = Instant::now();
            control.stop();
            assert_eq!(thread.unwrap().join().unwrap(), Err(RunError::Stopped));
            // A hundred milliseconds is what a hand notices; a busy machine may take more to wake a thread.
            let took = asked.elapsed();
            assert!(took < MILLI * 100 * 20, "{kind} on the {clock:?} clock: {took:?}");
            println!("{kind} on the {clock:?} clock: stopped after {took:?}");
        }
    }
}

#[test]
fn a_sink_may_come_and_go_and_the_ids_are_those_they_were() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let sink = |heard: &Arc<Mutex<Vec<Event>>>| {
        let heard = Arc::clone(heard);
        move |chunk: &mut Vec<Event>| heard.lock().unwrap().append(chunk)
    };
    let control = Control::new();
    control.set_speed(Speed::MAX);
    let (hand, late) = (control.clone(), sink(&heard));
    let main = async move {
        let early = spawn("early", async {
            for _ in 0..6 {
                sleep(MILLI).await;
            }
        });
        spawn("gone", yield_now()).await;
        hand.attach(late);
        yield_now().await;
        let inside = spawn("inside", sleep(MILLI)).await;
        hand.detach();
        yield_now().await;
        spawn("unheard", yield_now()).await;
        early.await;
        inside
    };
    EventLoop::new().control(control).run(main).unwrap();
    let heard = std::mem::take(&mut *heard.lock().unwrap());
    assert!(matches!(heard[0].kind, EventKind::RunStarted { .. }), "{:?}", heard[0]);
    let spawned: Vec<(u32, String)> = heard
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::TaskSpawned { task, name, .. } => Some((task.0, name.to_string())),
            _ => None,
        })
        .collect();
    let of = |task: u32, name: &str| (task, name.to_owned());
    assert_eq!(spawned, [of(0, "main"), of(1, "early"), of(3, "inside")]);
    // Timers that were set before are unknown to it, tasks and waits are not.
    let is_older = |what: &str| what.starts_with("timer-");
    let unknown: Vec<_> = check(&heard).into_iter().filter(|found| !is_older(&found.what)).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
}

#[test]
fn a_bounded_sink_counts_what_it_drops() {
    let (sink, events) = bounded(2000);
    let yields = async {
        for _ in 0..5000 {
            yield_now().await;
        }
    };
    EventLoop::new().sink(sink).run(yields).unwrap();
    let kept = events.take();
    let lost: u64 =
        kept.iter().map(|event| if let EventKind::EventsLost { count } = event.kind { count } else { 0 }).sum();
    let real = kept.iter().filter(|event| !matches!(event.kind, EventKind::EventsLost { .. })).count() as u64;
    assert!(real <= 2000 && lost > 0);
    let (_, whole) = support::record(async {
        for _ in 0..5000 {
            yield_now().await;
        }
    });
    assert_eq!(real + lost, whole.log().len() as u64);
    assert!(check(&kept).is_empty(), "{:#?}", check(&kept));
}

#[test]
fn a_paused_executor_steps_one_poll_at_a_time_on_all_its_threads() {
    let control = Control::new();
    control.pause();
    let (sender, events) = mpsc::channel();
    let sink = move |chunk: &mut Vec<Event>| drop(sender.send(std::mem::take(chunk)));
    let run = Smol::new(NonZeroUsize::new(3).unwrap()).control(control.clone()).sink(sink);
    let thread = std::thread::Builder::new().spawn(move || {
        run.run(async {
            let tasks: Vec<_> = (0..4).map(|number| spawn(format!("{number}"), yield_now())).collect();
            gather(tasks).await;
        })
    });
    let thread = thread.unwrap();
    let mut polls = 0;
    while !thread.is_finished() {
        control.step(Step::Poll);
        while control.phase() == Phase::Stepping && !thread.is_finished() {
            std::thread::yield_now();
        }
        polls += 1;
    }
    thread.join().unwrap().unwrap();
    let events: Vec<Event> = events.iter().flatten().collect();
    assert!(check(&events).is_empty(), "{:#?}", check(&events));
    let polled = events.iter().filter(|event| matches!(event.kind, EventKind::PollEnded { .. })).count();
    let ready =
        events.iter().filter(|event| matches!(event.kind, EventKind::PollEnded { outcome: PollOutcome::Ready, .. }));
    assert_eq!(ready.count(), 5);
    assert!(polls >= polled, "{polled} polls in {polls} steps");
}

#[test]
fn a_control_may_serve_one_run_after_another() {
    let control = Control::new();
    control.set_speed(Speed::MAX);
    let records: Vec<Vec<Event>> = (0..2)
        .map(|_| {
            let (sink, events) = bounded(usize::MAX);
            EventLoop::new().control(control.clone()).sink(sink).run(sleep(MILLI * 5)).unwrap();
            events.take()
        })
        .collect();
    assert!(records[0] == records[1] && check(&records[0]).is_empty(), "{records:#?}");
}
