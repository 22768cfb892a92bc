//! The numbers of a run over its time: exact at every zoom, whatever the events, and small.

mod support;

use fastrand::Rng;
use loopscope::event::{EnqueueCause, Event, EventKind, Nanos, PollOutcome, SiteId, TaskId, WorkerId};
use loopscope::trace::{Amount, Record, Series, SpanState};
use std::collections::HashSet;
use support::{for_seeds, run_scenario};

const WORKERS: u16 = 3;
const STATES: [SpanState; 3] = [SpanState::Running, SpanState::Ready, SpanState::Waiting];

/// Events that tasks might have on three workers, and some that they might not, also after their end. Time stands still half of the time.
fn random_events(rng: &mut Rng, count: usize) -> Vec<Event> {
    let (mut at, mut spawned, mut events) = (0, 0, vec![]);
    let step = 1 << rng.u32(0..20);
    for _ in 0..count {
        at += if rng.bool() { 0 } else { rng.u64(0..step) };
        let task = TaskId(rng.u32(0..spawned + 1));
        let kind = match rng.u8(0..100) {
            0..10 if spawned < 80 => {
                spawned += 1;
                let task = TaskId(spawned - 1);
                EventKind::TaskSpawned { task, parent: None, name: "task".into(), site: SiteId(0) }
            }
            0..40 => EventKind::Enqueued { task, cause: EnqueueCause::BeforeRecord },
            40..70 => EventKind::PollStarted { task },
            70..98 => EventKind::PollEnded { task, outcome: PollOutcome::Pending },
            _ => EventKind::PollEnded { task, outcome: PollOutcome::Ready },
        };
        events.push(Event { at: Nanos(at), worker: WorkerId(rng.u16(0..WORKERS)), kind });
    }
    events
}

/// What is so from a time on: how many tasks are in each state, and on how many polls each worker is.
#[derive(Debug, Clone, Default)]
struct Level {
    at: u64,
    counts: [u32; 3],
    workers: [u32; WORKERS as usize],
}

/// The levels, one after each event, by the plainest reading of the events.
fn levels(events: &[Event]) -> Vec<Level> {
    let mut tasks: Vec<Option<(SpanState, usize)>> = vec![];
    let mut ended = HashSet::new();
    let mut levels = vec![Level::default()];
    for event in events {
        let worker = event.worker.index();
        let (task, now) = match event.kind {
            EventKind::TaskSpawned { .. } => {
                tasks.push(None);
                continue;
            }
            EventKind::Enqueued { task, .. } => (task, Some((SpanState::Ready, 0))),
            EventKind::PollStarted { task } => (task, Some((SpanState::Running, worker))),
            EventKind::PollEnded { task, outcome: PollOutcome::Pending } => (task, Some((SpanState::Waiting, 0))),
            EventKind::PollEnded { task, .. } => (task, None),
            _ => continue,
        };
        let Some(slot) = tasks.get_mut(task.index()).filter(|_| !ended.contains(&task)) else { continue };
        *slot = now;
        if now.is_none() {
            ended.insert(task); // nothing that comes after it counts
        }
        let mut level = Level { at: event.at.0, ..Level::default() };
        for (state, worker) in tasks.iter().flatten() {
            level.counts[*state as usize] += 1;
            level.workers[*worker] += u32::from(*state == SpanState::Running);
        }
        levels.push(level);
    }
    levels
}

/// A column by adding up, and how long each worker was busy in it.
fn plain(levels: &[Level], start: u64, end: u64, edge: u64, is_last: bool) -> (Amount, [u64; WORKERS as usize]) {
    let mut amount = Amount { length: Nanos(end - start), ..Amount::default() };
    let mut busy = [0; WORKERS as usize];
    for (number, level) in levels.iter().enumerate() {
        let until = levels.get(number + 1).map_or(u64::MAX, |next| next.at);
        let length = until.min(end).min(edge).saturating_sub(level.at.max(start));
        for state in STATES {
            let time = &mut amount.times[state as usize];
            time.0 += u64::from(level.counts[state as usize]) * length;
        }
        amount.busy.0 += if level.counts[SpanState::Running as usize] > 0 { length } else { 0 };
        for (busy, running) in busy.iter_mut().zip(level.workers) {
            *busy += if running > 0 { length } else { 0 };
        }
        let (start, end) = (start.min(edge), end.min(edge));
        let begins_in_time = level.at < end || (is_last && level.at == end);
        if begins_in_time && until >= start {
            amount.most_ready = amount.most_ready.max(level.counts[SpanState::Ready as usize]);
        }
    }
    (amount, busy)
}

#[test]
fn at_every_zoom_the_columns_are_what_adding_up_gives() {
    for_seeds(60, |seed| {
        let mut rng = Rng::with_seed(seed);
        // Enough for maxima of maxima, now and then.
        let count = if seed % 10 == 9 { 30_000 } else { rng.usize(0..4000) };
        let events = random_events(&mut rng, count);
        let (mut series, levels) = (Series::default(), levels(&events));
        events.iter().for_each(|event| series.learn(event));
        let edge = events.last().map_or(0, |event| event.at.0) + rng.u64(0..3);
        for columns in [1, 2, 7, 64, 500].into_iter().filter(|columns| count < 4000 || *columns < 100) {
            let mut ends = [rng.u64(0..=edge), rng.u64(0..=edge + 10)];
            ends.sort_unstable();
            let [start, end] = if rng.bool() { [0, edge] } else { ends };
            let border = |column: usize| start + ((end - start) as u128 * column as u128 / columns as u128) as u64;
            let found = series.columns(Nanos(start), Nanos(end), columns, Nanos(edge));
            assert_eq!(found.len(), columns);
            let workers = [0, 1, 2]
                .map(|worker| series.worker_columns(WorkerId(worker), Nanos(start), Nanos(end), columns, Nanos(edge)));
            for (number, column) in found.iter().enumerate() {
                let is_last = number + 1 == columns;
                let (amount, busy) = plain(&levels, border(number), border(number + 1), edge, is_last);
                assert_eq!(*column, amount, "column {number} of {columns}, {start} to {end}");
                assert_eq!(workers.each_ref().map(|worker| worker[number].0), busy, "column {number} of {columns}");
            }
        }
    });
}

#[test]
fn the_series_and_the_lanes_tell_the_same() {
    for id in ["queue", "semaphore", "gather", "create-task"] {
        let session = run_scenario(id, &[]);
        let record = session.record();
        let edge = record.log().end();
        let columns = Series::of(record).columns(Nanos::ZERO, edge, 70, edge);
        let lanes: Vec<_> = record.lanes().iter().map(|lane| lane.columns(Nanos::ZERO, edge, 70, edge)).collect();
        for (number, column) in columns.iter().enumerate() {
            for state in STATES {
                let sum: u64 = lanes.iter().map(|lane| lane[number].times[state as usize].0).sum();
                assert_eq!(column.times[state as usize].0, sum, "{id}");
            }
        }
    }
}

#[test]
fn ten_tasks_ready_at_one_instant_are_ten_though_they_take_no_time() {
    let session = run_scenario("semaphore", &[]);
    let edge = session.record().log().end();
    let series = Series::of(session.record());
    let columns = series.columns(Nanos::ZERO, edge, 4, edge);
    assert_eq!(columns[0].most_ready, 10);
    assert_eq!(columns.iter().map(|column| column.times[SpanState::Ready as usize].0).sum::<u64>(), 0);
    assert!(columns[0].mean(SpanState::Waiting) == 11.0 && columns[0].utilisation() == 0.0);
    assert_eq!(series.columns(Nanos::ZERO, Nanos::ZERO, 1, edge)[0].most_ready, 10, "in an instant, too");
}

/// Polls as the benches make them: three changes each.
fn polls(count: u64, length: u64) -> impl Iterator<Item = Event> {
    let spawned = (0..64).map(|task| EventKind::TaskSpawned {
        task: TaskId(task),
        parent: None,
        name: "task".into(),
        site: SiteId(0),
    });
    let spawned = spawned.map(|kind| Event { at: Nanos::ZERO, worker: WorkerId(0), kind });
    spawned.chain((0..count * 3).map(move |number| {
        let task = TaskId((number / 3 % 64) as u32);
        let kind = match number % 3 {
            0 => EventKind::Enqueued { task, cause: EnqueueCause::OwnYield(None) },
            1 => EventKind::PollStarted { task },
            _ => EventKind::PollEnded { task, outcome: PollOutcome::Pending },
        };
        Event { at: Nanos(number * length / 3), worker: WorkerId(0), kind }
    }))
}

#[test]
fn a_poll_takes_few_bytes_and_all_of_them_no_more_than_they_may() {
    let size = |length: u64, most: usize| {
        let mut series = Series::keeping(most);
        polls(100_000, length).for_each(|event| series.learn(&event));
        series.size()
    };
    assert!(size(0, usize::MAX) < 500_000, "{} bytes for 100,000 polls in no time", size(0, usize::MAX));
    assert!(size(3_000, usize::MAX) < 1_100_000, "{} bytes of 3 µs each", size(3_000, usize::MAX));
    assert!(size(3_000, 10_000) < 200_000, "{} bytes where little is kept", size(3_000, 10_000));
}

#[test]
fn what_was_forgotten_still_adds_up() {
    let (mut whole, mut short) = (Series::default(), Series::keeping(5_000));
    for event in polls(20_000, 900) {
        whole.learn(&event);
        short.learn(&event);
    }
    let edge = Nanos(20_000 * 900);
    let mut rng = Rng::with_seed(3);
    for count in [1, 10, 333, 5000] {
        let start = Nanos(rng.u64(0..edge.0 / 2));
        let columns = short.columns(start, edge, count, edge);
        let exact = whole.columns(start, edge, count, edge);
        let sum = |columns: &[Amount], state: SpanState| -> u64 {
            columns.iter().map(|column| column.times[state as usize].0).sum()
        };
        for state in STATES {
            let (found, exact) = (sum(&columns, state), sum(&exact, state));
            assert!(found.abs_diff(exact) < 256 * 900 * 64, "{found} and {exact}");
            // From the start of the run on it is exact.
            let all = short.columns(Nanos::ZERO, edge, count, edge);
            assert_eq!(sum(&all, state), sum(&whole.columns(Nanos::ZERO, edge, count, edge), state));
        }
    }
}

#[test]
fn times_that_go_back_and_workers_without_end_are_borne() {
    for_seeds(50, |seed| {
        let mut rng = Rng::with_seed(seed);
        let mut events = random_events(&mut rng, 2000);
        for event in &mut events {
            event.at = Nanos(if rng.bool() { rng.u64(..) } else { event.at.0 });
            event.worker = WorkerId(rng.u16(..));
        }
        let (mut series, mut record) = (Series::keeping(rng.usize(0..3000)), Record::default());
        for event in events {
            series.learn(&event);
            record.push(event);
        }
        let (start, end) = (Nanos(rng.u64(..)), Nanos(rng.u64(..)));
        assert_eq!(series.columns(start, end, 100, Nanos(rng.u64(..))).len(), 100);
        assert_eq!(series.worker_columns(WorkerId(rng.u16(..)), start, end, 9, end).len(), 9);
        assert!(series.workers() <= 64 && series.columns(start, end, 0, end).is_empty());
    });
}
