//! A record of a run that never stops spawning: tasks that ended long ago and old output are given up with the events, what
//! is kept is whole, and what was given up is counted and still adds up.

mod support;

use loopscope::event::{EnqueueCause, Event, EventKind, Nanos, TaskId, TimerId, WaitId, WaitOn};
use loopscope::runtime::sync::{Semaphore, oneshot};
use loopscope::runtime::{EventLoop, gather, say, sleep, spawn, yield_now};
use loopscope::trace::{
    Ending, Finding, Limits, Record, SpanState, Stats, Steps, Wording, blocked_by, check, diagnose, explain_end, file,
    sentence,
};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const MILLI: Duration = Duration::from_millis(1);
const LIMIT: usize = 1 << 20;

/// The records of a server on the virtual clock: one that keeps so much at most, and whole. `seen` looks at the bounded one
/// whenever events came.
fn serve(requests: u32, limit: usize, mut seen: impl FnMut(&Record) + Send + 'static) -> (Record, Record) {
    let mut kept = Record::default();
    kept.keep_at_most(limit);
    let records = Arc::new(Mutex::new((kept, Record::default())));
    let sink = {
        let records = Arc::clone(&records);
        move |chunk: &mut Vec<Event>| {
            let mut records = records.lock().unwrap();
            for event in chunk.drain(..) {
                records.0.push(event.clone());
                records.1.push(event);
            }
            seen(&records.0);
        }
    };
    let server = async move {
        let watch = spawn("watch", async {
            loop {
                sleep(MILLI * 250).await;
            }
        });
        for number in 0..requests {
            let request = spawn(format!("request-{number}"), async move {
                sleep(MILLI).await;
                say!("served {number}");
                // Some take longer than a page of those that come after them.
                if number % 100 == 0 {
                    gather((0..3).map(|part| spawn(format!("part-{part}-of-{number}"), sleep(MILLI * 200)))).await;
                }
            });
            request.detach();
            yield_now().await;
            sleep(MILLI).await;
        }
        drop(watch);
    };
    EventLoop::new().sink(sink).run(server).unwrap();
    Arc::into_inner(records).unwrap().into_inner().unwrap()
}

#[test]
fn memory_stays_bounded_however_many_tasks_come_and_go() {
    let largest = Arc::new(Mutex::new((0, 0)));
    let seen = Arc::clone(&largest);
    let (kept, whole) = serve(60_000, LIMIT, move |record| {
        let mut largest = seen.lock().unwrap();
        *largest = (largest.0.max(record.size()), largest.1.max(record.lanes().len()));
    });
    assert!(whole.size() > 8 * LIMIT, "{}", whole.size());
    let (size, lanes) = *largest.lock().unwrap();
    // What comes between two looks at the size may be over it.
    assert!(size < LIMIT * 3 / 2, "{size} bytes");
    assert!((500..10_000).contains(&lanes), "{lanes} lanes");
    assert!(kept.output().len() < 10_000 && !kept.output().is_empty(), "{} lines", kept.output().len());
    assert_eq!(whole.lanes().len(), 60_000 + 600 * 3 + 2);
    assert!(kept.edge().spawned == whole.edge().spawned && kept.edge() == whole.edge());
}

#[test]
fn what_is_given_up_is_counted_and_still_adds_up() {
    let (kept, whole) = serve(30_000, LIMIT, |_| {});
    let given_up = kept.given_up();
    assert!(given_up.tasks > 20_000, "{given_up:?}");
    assert_eq!(given_up.tasks + kept.lanes().len(), whole.lanes().len());
    assert_eq!(given_up.lines + kept.output().len(), whole.output().len());
    assert_eq!(given_up.ended.iter().sum::<usize>(), given_up.tasks);
    assert_eq!(kept.catalog().tasks().len(), kept.lanes().len());
    let end = whole.log().end();
    let sums = |record: &Record| {
        let mut times = record.given_up().times;
        let mut polls = record.given_up().polls;
        for lane in record.lanes() {
            let column = lane.columns(Nanos::ZERO, end, 1, end)[0];
            polls += column.polls;
            times.iter_mut().zip(column.times).for_each(|(sum, time)| *sum = *sum + time);
        }
        (times, polls)
    };
    assert_eq!(sums(&kept), sums(&whole));
    assert_eq!(sums(&kept).1, kept.edge().polls);
    let (kept, whole) = (Stats::of(&kept), Stats::of(&whole));
    assert_eq!(
        (kept.tasks, kept.ended, kept.running, kept.ready, kept.waiting),
        (whole.tasks, whole.ended, whole.running, whole.ready, whole.waiting)
    );
}

#[test]
fn what_is_kept_is_as_if_no_task_had_been_given_up() {
    let (kept, whole) = serve(30_000, LIMIT, |_| {});
    let first = kept.first();
    let mut last = None;
    for lane in kept.lanes() {
        let (task, other) = (lane.task(), whole.lane(lane.task()).unwrap());
        assert!(last < Some(task), "in the order of spawning");
        last = Some(task);
        assert_eq!(lane.end(), other.end());
        assert_eq!(lane.len(), other.len());
        let spans: Vec<_> = other.spans().filter(|span| span.first >= first).collect();
        assert_eq!(lane.spans().filter(|span| span.first >= first).collect::<Vec<_>>(), spans);
        let (info, known) = (kept.catalog().task(task).unwrap(), whole.catalog().task(task).unwrap());
        assert_eq!((&info.name, info.parent, info.spawned), (&known.name, known.parent, known.spawned));
        assert_eq!(
            explain_end(&kept, task, &Wording::default()).is_some(),
            explain_end(&whole, task, &Wording::default()).is_some()
        );
    }
    // Whoever lived at the first event kept, or later, is kept.
    let lives =
        |record: &Record, task| record.lane(task).is_some_and(|lane| lane.end().is_none_or(|end| end.0 >= first));
    let living = whole.lanes().iter().map(|lane| lane.task()).filter(|task| lives(&whole, *task));
    assert!(living.eq(kept.lanes().iter().map(|lane| lane.task())));
    for index in (first..kept.log().len()).step_by(1013) {
        let (state, other) = (kept.state_at(index), whole.state_at(index));
        assert_eq!(state, other);
        for lane in kept.lanes().iter().step_by(97) {
            assert_eq!(kept.status(&state, lane.task()), whole.status(&other, lane.task()));
        }
    }
    assert_eq!(kept.output(), &whole.output()[kept.given_up().lines..]);
    let timers: Vec<_> = kept.timers().map(|timer| (timer.task, timer.deadline, timer.armed, timer.end)).collect();
    let others: Vec<_> = whole.timers().map(|timer| (timer.task, timer.deadline, timer.armed, timer.end)).collect();
    assert!(others.ends_with(&timers) && timers.len() > 1000);
    let steps = |record: &Record| -> Vec<_> { Steps::columns(&record.steps(), 0..usize::MAX).collect() };
    assert!(steps(&whole).ends_with(&steps(&kept)));
}

/// An id as it is in a run that began so long ago that soon the numbers begin again; the main task is always number 0.
fn late(id: u32) -> u32 {
    const BEFORE: u32 = 20_000;
    match id {
        0 => 0,
        BEFORE => u32::MAX / 2, // it would be 0, and that is the main task
        id => id.wrapping_sub(BEFORE),
    }
}

/// The same event in such a run.
fn late_event(mut event: Event) -> Event {
    let task = |task: &mut TaskId| task.0 = late(task.0);
    let timer = |timer: &mut TimerId| timer.0 = late(timer.0);
    let wait = |wait: &mut WaitId| wait.0 = late(wait.0);
    match &mut event.kind {
        EventKind::TaskSpawned { task: new, parent, .. } => {
            task(new);
            parent.iter_mut().for_each(task);
        }
        EventKind::Enqueued { task: ready, cause } | EventKind::WakeCoalesced { task: ready, cause } => {
            task(ready);
            match cause {
                EnqueueCause::WokenBy(by) | EnqueueCause::Joined(by) | EnqueueCause::Gathered(by) => task(by),
                EnqueueCause::Timer(fired) => timer(fired),
                _ => {}
            }
        }
        EventKind::WaitBegan { task: waits, wait: begun, on, .. } => {
            task(waits);
            wait(begun);
            match on {
                WaitOn::Sleep { timer: set, .. } => timer(set),
                WaitOn::Join(other) => task(other),
                WaitOn::Tasks(_, others) => *others = others.iter().map(|other| TaskId(late(other.0))).collect(),
                _ => {}
            }
        }
        EventKind::WaitEnded { task: waited, wait: ended } => {
            task(waited);
            wait(ended);
        }
        EventKind::TimerArmed { task: sets, timer: set, .. } => {
            task(sets);
            timer(set);
        }
        EventKind::TimerFired { timer: over } | EventKind::TimerCancelled { timer: over } => timer(over),
        EventKind::Printed { task: Some(about), .. }
        | EventKind::CancelRequested { task: about, .. }
        | EventKind::PollStarted { task: about }
        | EventKind::PollEnded { task: about, .. }
        | EventKind::TaskReturned { task: about, .. }
        | EventKind::TaskDropped { task: about, .. } => task(about),
        _ => {}
    }
    event
}

#[test]
fn what_is_kept_stays_known_when_the_numbers_of_ids_begin_again() {
    let (_, whole) = serve(30_000, LIMIT, |_| {});
    let mut kept = Record::default();
    kept.keep_at_most(LIMIT);
    whole.log().iter_from(0).for_each(|event| kept.push(late_event(event)));
    let first = kept.first();
    let last = whole.lanes().last().unwrap().task().0;
    assert!(first > 0 && kept.lane(TaskId(late(last))).is_some());
    assert!(late(1) > late(last) && late(last) > 1000, "the numbers have begun again a while ago");
    assert_eq!(kept.edge().living(), whole.edge().living());
    let tasks = whole.lanes().iter().map(|lane| lane.task());
    let tasks: Vec<TaskId> = tasks.filter(|task| kept.lane(TaskId(late(task.0))).is_some()).collect();
    assert_eq!(tasks.len(), kept.lanes().len());
    for task in tasks {
        let now = TaskId(late(task.0));
        assert_eq!(kept.catalog().task_name(now), whole.catalog().task_name(task));
        let [lane, other] = [(&kept, now), (&whole, task)].map(|(record, task)| record.lane(task).unwrap());
        assert_eq!((lane.end(), lane.len()), (other.end(), other.len()), "{task:?}");
        assert_eq!(kept.status(kept.edge(), now), whole.status(whole.edge(), task));
    }
    for (_, event) in whole.log().numbered_from(first) {
        if let EventKind::WaitBegan { wait, site, .. } = event.kind {
            assert_eq!(kept.wait(WaitId(late(wait.0))).unwrap().site, site, "{wait:?}");
        }
    }
    let [timers, others] = [&kept, &whole]
        .map(|record| -> Vec<_> { record.timers().map(|timer| (timer.deadline, timer.armed, timer.end)).collect() });
    assert!(others.ends_with(&timers) && timers.len() > 1000);
}

#[test]
fn questions_about_a_task_that_was_given_up_are_answered_clearly() {
    let (kept, whole) = serve(10_000, LIMIT, |_| {});
    let task = TaskId(5);
    assert!(kept.catalog().is_given_up(task) && !whole.catalog().is_given_up(task));
    assert!(!kept.catalog().is_given_up(TaskId(0)) && !kept.catalog().is_given_up(TaskId(4_000_000)));
    assert_eq!(kept.catalog().task_name(task), "a task given up");
    assert_eq!(kept.catalog().task_name(TaskId(4_000_000)), "an unknown task");
    assert!(kept.lane(task).is_none() && kept.catalog().task(task).is_none());
    assert_eq!(kept.status(kept.edge(), task), None);
    assert_eq!(explain_end(&kept, task, &Wording::default()), None);
    for index in [0, kept.first(), kept.log().len()] {
        assert!(blocked_by(&kept, task, index).links.is_empty());
    }
    kept.log()
        .iter_from(0)
        .take(20_000)
        .for_each(|event| assert!(!sentence(&kept, &event, &Wording::default()).is_empty()));
    // Nothing is concluded from what is not there any more.
    let found = diagnose(&kept, Limits::default(), &Wording::default());
    assert!(found.iter().all(|diagnosis| diagnosis.finding == Finding::SpawnedWithoutJoin), "{found:#?}");
    assert!(found.iter().all(|diagnosis| diagnosis.evidence >= kept.first()), "{found:#?}");
}

#[test]
fn what_is_kept_of_it_is_saved_so_that_it_can_be_opened() {
    let (kept, _) = serve(20_000, LIMIT, |_| {});
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept.loopscope");
    file::save(&kept, &path).unwrap();
    let opened = file::read(std::fs::File::open(&path).unwrap()).unwrap();
    assert_eq!(opened.damage, None);
    let again = opened.record;
    assert_eq!(check(again.log().iter_from(0)), []);
    let names = |record: &Record| -> Vec<_> { record.lanes().iter().map(|lane| name(record, lane.task())).collect() };
    assert_eq!(names(&again), names(&kept));
    assert_eq!(again.edge().living(), kept.edge().living());
}

fn name(record: &Record, task: TaskId) -> String {
    record.catalog().task_name(task).to_owned()
}

#[test]
fn shared_things_made_for_one_request_each_are_given_up_and_those_in_use_are_not() {
    let record = Arc::new(Mutex::new(Record::default()));
    record.lock().unwrap().keep_at_most(LIMIT);
    let sink = {
        let record = Arc::clone(&record);
        move |chunk: &mut Vec<Event>| chunk.drain(..).for_each(|event| record.lock().unwrap().push(event))
    };
    let server = async {
        let gate = Semaphore::new("gate", 2);
        for _ in 0..40_000 {
            let (sender, receiver) = oneshot("answer");
            let asked = spawn("asked", async move { sender.send(1) });
            let _permit = gate.acquire().await;
            assert!(receiver.await.is_ok());
            asked.await;
        }
    };
    EventLoop::new().sink(sink).run(server).unwrap();
    let record = Arc::into_inner(record).unwrap().into_inner().unwrap();
    assert!(record.size() < LIMIT * 3 / 2, "{}", record.size());
    let things = record.catalog().resources().len();
    assert!((1024..5_000).contains(&things), "{things}");
    assert_eq!(record.catalog().resources().next().map(|info| &*info.name), Some("gate"));
    assert_eq!(record.edge().resources.len(), things);
    let last = record.log().len() - 1;
    assert_eq!(record.state_at(last).resources, record.edge().resources);
}

#[test]
fn the_lanes_of_tasks_that_ended_tell_the_same_wherever_they_are_kept() {
    // 200 tasks fill several pages; the last of them stand in none.
    let (result, record) = support::record(async {
        let tasks = (0..200_u64).map(|number| {
            spawn(format!("task-{number}"), async move {
                for _ in 0..number % 70 {
                    sleep(MILLI).await;
                }
                (number % 7 != 0).then_some(()).ok_or(number)
            })
        });
        drop(gather(tasks).await);
    });
    assert!(result.is_ok());
    for (number, lane) in record.lanes().iter().enumerate().skip(1) {
        let task = TaskId(number as u32);
        let waits = (number - 1) % 70;
        let count = |state| lane.spans().filter(|span| span.state == state).count();
        assert_eq!(lane.task(), task);
        assert_eq!(lane.len(), lane.spans().count());
        assert_eq!((count(SpanState::Waiting), count(SpanState::Running)), (waits, waits + 1));
        let (index, at, ending) = lane.end().unwrap();
        let expected = if (number - 1).is_multiple_of(7) { Ending::Failed } else { Ending::Returned };
        assert_eq!((at, ending), (Nanos(waits as u64 * 1_000_000), expected));
        let event = record.log().get(index).unwrap();
        assert!(matches!(event.kind, EventKind::PollEnded { task: ended, .. } if ended == task));
        assert_eq!(lane.spans().last().unwrap().end, Some((index, at)));
        let waiting = lane.times(Nanos(u64::MAX))[SpanState::Waiting as usize];
        assert_eq!(waiting, at);
    }
}
