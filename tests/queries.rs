//! The questions of the inspector: what lies under the pointer, who keeps a task from going on, and how lengths of time
//! are distributed.

mod support;

use fastrand::Rng;
use loopscope::event::{Nanos, TaskId};
use loopscope::runtime::sync::{Event, Lock};
use loopscope::runtime::{When, busy, gather, sleep, spawn, wait, yield_now};
use loopscope::trace::{
    Block, Histogram, Hold, Lane, Measure, Record, Span, SpanState, blocked_by, poll_after, poll_before,
};
use std::time::Duration;
use support::{for_seeds, record, run_scenario};

const MILLI: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

fn lane(record: &Record, task: u32) -> &Lane {
    &record.lanes()[task as usize]
}

fn hit(record: &Record, task: u32, at: Nanos, tolerance: Nanos) -> Option<Span> {
    lane(record, task).hit(at, tolerance, record.log().end())
}

/// A task that sleeps 1 s, is held up 20 ms, runs for 100 ms, and sleeps 1 s again.
fn held_up() -> Record {
    let (result, record) = record(async {
        let late = spawn("late", async {
            sleep(SECOND).await;
            yield_now().await;
            busy(MILLI * 100);
            sleep(SECOND).await;
        });
        let other = spawn("other", async {
            sleep(SECOND).await;
            busy(MILLI * 20);
        });
        gather([late, other]).await;
    });
    result.unwrap();
    record
}

#[test]
fn pointing_finds_the_span_under_the_pointer_and_a_thin_poll_near_it() {
    let record = held_up();
    let at = |millis: u64, tolerance: u64| {
        let span = hit(&record, 1, Nanos::from_millis(millis), Nanos::from_millis(tolerance)).unwrap();
        (span.state, span.start)
    };
    assert_eq!(at(500, 10), (SpanState::Waiting, Nanos::ZERO));
    assert_eq!(at(995, 10), (SpanState::Running, Nanos::from_secs(1)), "the poll that takes no time is near");
    assert_eq!(at(980, 10), (SpanState::Waiting, Nanos::ZERO), "and here it is too far");
    assert_eq!(at(1010, 1), (SpanState::Ready, Nanos::from_secs(1)), "ready, between two polls");
    assert_eq!(at(1060, 1), (SpanState::Running, Nanos::from_millis(1020)));
    assert_eq!(at(1119, 10), (SpanState::Running, Nanos::from_millis(1020)));
    assert_eq!(at(1121, 10), (SpanState::Waiting, Nanos::from_millis(1120)), "a long poll is met where it is");
    assert_eq!(at(2121, 10), (SpanState::Running, Nanos::from_millis(2120)), "beyond the lane's end, by a little");
    assert_eq!(hit(&record, 1, Nanos::from_millis(2140), Nanos::from_millis(10)), None);
}

#[test]
fn of_polls_at_one_instant_the_first_is_met_and_the_others_are_stepped_to() {
    let (_, record) = record(async {
        for _ in 0..4 {
            yield_now().await;
        }
        sleep(SECOND).await;
    });
    for at in [Nanos::ZERO, Nanos::from_millis(1)] {
        let mut span = hit(&record, 0, at, Nanos::from_millis(2)).unwrap();
        let mut polls = 0;
        assert_eq!(lane(&record, 0).span_before(span.first).unwrap().state, SpanState::Ready);
        while span.start == Nanos::ZERO {
            polls += u32::from(span.state == SpanState::Running);
            span = lane(&record, 0).span_after(span.first).unwrap();
        }
        assert_eq!(polls, 5);
    }
}

#[test]
fn on_the_steps_axis_the_span_is_the_state_that_the_record_tells() {
    use loopscope::trace::TaskStatus;
    let session = run_scenario("semaphore", &[]);
    let record = session.record();
    for index in 0..=record.log().len() {
        let state = record.state_at(index);
        for (number, lane) in record.lanes().iter().enumerate() {
            let told = record.status(&state, TaskId(number as u32));
            let found = lane.span_at(index).map(|span| span.state);
            let expected = match told {
                Some(TaskStatus::Running) => Some(SpanState::Running),
                Some(TaskStatus::Waiting) => Some(SpanState::Waiting),
                // A task just spawned has no span before it is enqueued.
                Some(TaskStatus::Ready(_)) if lane.spans().next().unwrap().first < index => Some(SpanState::Ready),
                _ => None,
            };
            // One that yields is ready from the end of its poll on.
            assert!(found == expected || expected == Some(SpanState::Waiting), "task {number} after {index}");
        }
    }
}

#[test]
fn stepping_from_poll_to_poll_meets_each_once_in_either_direction() {
    let session = run_scenario("queue", &[]);
    let record = session.record();
    let mut all: Vec<_> = record
        .lanes()
        .iter()
        .enumerate()
        .flat_map(|(task, lane)| lane.spans().map(move |span| (TaskId(task as u32), span)))
        .filter(|(_, span)| span.state == SpanState::Running)
        .map(|(task, span)| (span.first, task))
        .collect();
    all.sort_unstable();
    let mut there = vec![];
    let mut index = 0;
    while let Some((task, first)) = poll_after(record, index) {
        there.push((first, task));
        index = first;
    }
    assert_eq!(there, all);
    let mut back = vec![];
    let mut index = record.log().len();
    while let Some((task, first)) = poll_before(record, index) {
        back.push((first, task));
        index = first;
    }
    back.reverse();
    assert_eq!(back, all);
    assert_eq!(poll_after(record, usize::MAX), None);
    assert_eq!(poll_before(&Record::default(), 7), None);
}

/// Who keeps a task from going on at a time, in words.
fn blocked(record: &Record, task: u32, millis: u64) -> String {
    let at = record.log().index_after(Nanos::from_millis(millis));
    blocked_by(record, TaskId(task), at).sentence(record)
}

#[test]
fn the_chain_of_who_keeps_whom_goes_over_locks_and_joins_to_a_timer() {
    let (_, record) = record(async {
        let disk = Lock::new("disk");
        let sleeper = spawn("sleeper", sleep(SECOND * 3));
        let holder = {
            let disk = disk.clone();
            spawn("holder", async move {
                let _guard = disk.acquire().await;
                sleeper.await;
            })
        };
        let other = spawn("other", sleep(MILLI));
        let asker = spawn("asker", async move { drop(disk.acquire().await) });
        gather([holder, asker, other]).await;
    });
    let rest = "asker waits for disk, which holder holds; holder waits for sleeper to end; sleeper sleeps until 3 s";
    assert_eq!(blocked(&record, 4, 1000), rest);
    assert_eq!(
        blocked(&record, 0, 1000),
        "main waits for holder and 1 other task to end; holder waits for sleeper to end; sleeper sleeps until \
         3 s"
    );
    assert_eq!(blocked(&record, 3, 1000), "other returned");
    let chain = blocked_by(&record, TaskId(4), record.log().index_after(Nanos::from_secs(1)));
    assert_eq!(chain.links.last(), Some(&(TaskId(1), Block::Timer(Nanos::from_secs(3)))));
    assert!(matches!(chain.links[0], (TaskId(4), Block::On(Hold::Lock(_, TaskId(2))))));
    assert!(blocked_by(&record, TaskId(4), 0).links.is_empty(), "before it was spawned");
    assert!(blocked_by(&record, TaskId(99), usize::MAX).links.is_empty());
}

#[test]
fn a_task_that_is_ready_is_kept_by_its_turn() {
    let record = held_up();
    let told = |task, at| blocked_by(&record, TaskId(task), at).sentence(&record);
    let inside = (0..record.log().len())
        .find(|index| {
            let state = record.state_at(*index);
            state.running_task() == Some(TaskId(2)) && state.ready.place(TaskId(1)).is_some()
        })
        .unwrap();
    assert_eq!(told(1, inside), "late has been ready since 1 s, next in the queue, while other runs");
    assert_eq!(told(2, inside), "other has been running since 1 s");
    assert_eq!(
        told(0, inside),
        "main waits for late and 1 other task to end; late has been ready since 1 s, next \
                                 in the queue, while other runs"
    );
}

#[test]
fn a_deadlock_is_shown_as_the_circle_that_it_is() {
    let (_, record) = record(async {
        let (a, b) = (Lock::new("lock a"), Lock::new("lock b"));
        let tasks = [("one", a.clone(), b.clone()), ("two", b, a)].map(|(name, first, second)| {
            spawn(name, async move {
                let _first = first.acquire().await;
                yield_now().await;
                let _second = second.acquire().await;
            })
        });
        wait(tasks, When::All).await;
    });
    let last_poll = poll_before(&record, record.log().len()).unwrap().1 + 2;
    let until = (last_poll..).find(|index| record.state_at(*index).running.is_empty()).unwrap();
    let chain = blocked_by(&record, TaskId(0), until);
    assert_eq!((chain.links.len(), chain.circle), (3, Some(1)));
    let expected = "main waits for one and 1 other task to end; one waits for lock b, which two holds; two waits for lock \
                    a, which one holds – a cycle: none of them can continue";
    assert_eq!(chain.sentence(&record), expected);
}

#[test]
fn what_no_task_is_known_to_do_ends_the_chain() {
    let (_, record) = record(async {
        let flag = Event::new("flag");
        let waiter = {
            let flag = flag.clone();
            spawn("waiter", async move { flag.wait().await })
        };
        sleep(SECOND).await;
        flag.set();
        waiter.await;
    });
    assert_eq!(blocked(&record, 1, 500), "waiter waits for the event flag");
}

#[test]
fn a_histogram_has_every_length_in_its_bucket_and_exact_percentiles() {
    for_seeds(50, |seed| {
        let mut rng = Rng::with_seed(seed);
        let mut lengths: Vec<Nanos> = (0..rng.usize(1..500))
            .map(|_| if rng.u8(0..5) == 0 { Nanos::ZERO } else { Nanos(rng.u64(..) >> rng.u32(20..64)) })
            .collect();
        let histogram = Histogram::from_lengths(lengths.clone());
        let mut expected_from = 0;
        for bucket in histogram.buckets() {
            assert_eq!(bucket.from.0, expected_from, "no hole between buckets");
            let within = |length: &&Nanos| **length >= bucket.from && bucket.to.is_none_or(|to| **length < to);
            assert_eq!(bucket.count, lengths.iter().filter(within).count() as u64, "{bucket:?}");
            expected_from = bucket.to.map_or(u64::MAX, |to| to.0);
        }
        assert_eq!(expected_from, u64::MAX, "the last bucket is open");
        lengths.sort_unstable();
        assert_eq!((histogram.min, histogram.max), (lengths[0], lengths[lengths.len() - 1]));
        for (percent, found) in [(50, histogram.p50), (90, histogram.p90), (99, histogram.p99)] {
            let not_above = lengths.iter().filter(|length| **length <= found).count();
            let below = lengths.iter().filter(|length| **length < found).count();
            assert!(not_above * 100 >= lengths.len() * percent && below * 100 < lengths.len() * percent);
        }
    });
}

#[test]
fn the_bounds_of_the_buckets_are_one_two_and_five() {
    let histogram = Histogram::from_lengths(vec![Nanos::ZERO, Nanos(99), Nanos(100), Nanos::from_secs(100)]);
    let bounds: Vec<String> = histogram.buckets().map(|bucket| bucket.from.to_string()).collect();
    assert_eq!(bounds[..6], ["0 s", "1 ns", "100 ns", "200 ns", "500 ns", "1 µs"]);
    assert_eq!(bounds.last().unwrap(), "100 s");
    let counts: Vec<u64> = histogram.buckets().map(|bucket| bucket.count).collect();
    assert_eq!((counts[0], counts[1], counts[2], counts.last()), (1, 1, 1, Some(&1)));
    assert_eq!(Histogram::from_lengths(vec![]).mean(), Nanos::ZERO);
}

#[test]
fn latencies_and_poll_times_are_those_of_the_lanes() {
    let record = held_up();
    let of = |measure, task: Option<u32>| Histogram::of(&record, measure, task.map(TaskId));
    let latency = of(Measure::Latency, Some(1));
    assert_eq!((latency.count, latency.max, latency.p50), (4, Nanos::from_millis(20), Nanos::ZERO));
    let polls = of(Measure::PollTime, Some(1));
    assert_eq!((polls.count, polls.total, polls.p99), (4, Nanos::from_millis(100), Nanos::from_millis(100)));
    assert_eq!(of(Measure::PollTime, None).count, record.edge().polls as u64);
    assert_eq!(of(Measure::Latency, None).count, record.edge().polls as u64);
    assert_eq!(of(Measure::PollTime, Some(99)).count, 0);
}
