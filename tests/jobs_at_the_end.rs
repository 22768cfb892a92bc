//! A job that is still under way when the main task ends is waited for, as `asyncio.run` does.

use loopscope::event::{ClockKind, EnqueueCause, Event, EventKind, Sink};
use loopscope::runtime::{Control, EventLoop, RunError, Smol, busy, say, sleep, spawn_blocking, timeout};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const UNIT: Duration = Duration::from_millis(20);

type Events = Arc<Mutex<Vec<Event>>>;

fn sink(events: &Events) -> impl Sink + use<> {
    let events = Arc::clone(events);
    move |chunk: &mut Vec<Event>| events.lock().unwrap().append(chunk)
}

/// A job that takes longer than the main task waits for it.
async fn gives_up_on_its_job() {
    let job = spawn_blocking("job", || {
        busy(UNIT * 3);
        say!("job is done");
    });
    assert!(timeout(UNIT, job).await.is_err());
    say!("timed out");
    sleep(UNIT / 2).await;
    say!("main ends");
}

/// What was printed, and the ends of the job and the run.
fn story(events: &Events) -> Vec<String> {
    let told = |event: &Event| match &event.kind {
        EventKind::Printed { text, .. } => Some(text.to_string()),
        EventKind::JobFinished { .. } => Some("job finished".to_owned()),
        EventKind::RunEnded { .. } => Some("run ended".to_owned()),
        _ => None,
    };
    events.lock().unwrap().iter().filter_map(told).collect()
}

const STORY: [&str; 5] = ["timed out", "main ends", "job is done", "job finished", "run ended"];

#[test]
fn a_loop_waits_for_its_jobs_on_both_clocks() {
    for clock in [ClockKind::Virtual, ClockKind::Real] {
        let events = Events::default();
        assert_eq!(EventLoop::new().clock(clock).sink(sink(&events)).run(gives_up_on_its_job()), Ok(()));
        assert_eq!(story(&events), STORY, "{clock:?}");
    }
}

#[test]
fn a_job_that_was_let_go_wakes_nobody() {
    for clock in [ClockKind::Virtual, ClockKind::Real] {
        let events = Events::default();
        let main = async {
            assert!(timeout(UNIT, spawn_blocking("job", || busy(UNIT * 2))).await.is_err());
            sleep(UNIT * 3).await;
        };
        assert_eq!(EventLoop::new().clock(clock).sink(sink(&events)).run(main), Ok(()));
        let events = events.lock().unwrap();
        let by_job = |event: &Event| {
            let EventKind::Enqueued { cause, .. } = event.kind else { return false };
            matches!(cause, EnqueueCause::JobDone(_))
        };
        assert!(!events.iter().any(by_job), "{clock:?}: {events:#?}");
    }
}

#[test]
fn threads_of_smol_wait_for_their_jobs() {
    let events = Events::default();
    let smol = Smol::new(NonZeroUsize::new(2).unwrap()).sink(sink(&events));
    assert_eq!(smol.run(gives_up_on_its_job()), Ok(()));
    assert_eq!(story(&events), STORY);
}

#[test]
fn a_main_task_that_panics_waits_for_its_jobs_too() {
    let events = Events::default();
    let result = EventLoop::new().sink(sink(&events)).run(async {
        drop(spawn_blocking("job", || {
            busy(UNIT);
            say!("job is done");
        }));
        panic!("no luck");
    });
    assert!(matches!(result, Err(RunError::Panicked { .. })));
    assert_eq!(story(&events), ["job is done", "job finished", "run ended"]);
}

#[test]
fn a_stop_does_not_wait_for_a_job_that_never_ends() {
    let (control, (sender, receiver)) = (Control::new(), std::sync::mpsc::channel::<()>());
    let stop = control.clone();
    let result = EventLoop::new().clock(ClockKind::Real).control(control).run(async move {
        drop(spawn_blocking("job", move || receiver.recv().is_ok()));
        drop(spawn_blocking("stop", move || {
            std::thread::sleep(UNIT);
            stop.stop();
        }));
    });
    assert_eq!(result, Ok(()), "main had ended before the stop");
    drop(sender);
}
