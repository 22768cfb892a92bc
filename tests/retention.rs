//! A record that may take only so much memory: what it keeps is whole, what it gave up is counted, and what it says of
//! the time before still adds up.

mod support;

use loopscope::event::{
    ClockKind, EnqueueCause, Event, EventKind, Nanos, Origin, PollOutcome, SiteId, TaskId, WorkerId,
};
use loopscope::trace::{Bookmark, Record, SpanState, check, file};

const TASKS: u32 = 8;

/// Event number `number` of tasks that are polled in turn, each for a time of its own.
fn event(number: u64) -> Event {
    let poll = number / 3;
    let task = TaskId((poll % u64::from(TASKS)) as u32);
    let start = poll * 1000 + u64::from(task.0) * 10;
    let (at, kind) = match number % 3 {
        0 => (start, EventKind::Enqueued { task, cause: EnqueueCause::Io }),
        1 => (start + 100, EventKind::PollStarted { task }),
        _ => (start + 100 + poll % 7 * 50, EventKind::PollEnded { task, outcome: PollOutcome::Pending }),
    };
    Event { at: Nanos(at), worker: WorkerId(0), kind }
}

fn record(events: u64, limit: Option<usize>) -> Record {
    let mut record = Record::default();
    if let Some(limit) = limit {
        record.keep_at_most(limit);
    }
    let start = EventKind::RunStarted { clock: ClockKind::Real, seed: 0, origin: Origin::titled("endless") };
    record.push(Event { at: Nanos::ZERO, worker: WorkerId(0), kind: start });
    for task in 0..TASKS {
        let name = format!("task-{task}").into();
        let kind = EventKind::TaskSpawned { task: TaskId(task), parent: None, name, site: SiteId(0) };
        record.push(Event { at: Nanos::ZERO, worker: WorkerId(0), kind });
    }
    (0..events).for_each(|number| record.push(event(number)));
    record
}

const LIMIT: usize = 1 << 20;

#[test]
fn memory_stays_bounded_however_long_the_run() {
    let (long, longer) = (record(600_000, Some(LIMIT)), record(2_400_000, Some(LIMIT)));
    let whole = record(600_000, None);
    assert!(whole.size() > 4 * LIMIT, "{}", whole.size());
    for record in [&long, &longer] {
        // What one more checkpoint brings may be over it.
        assert!(record.size() < LIMIT * 5 / 4, "{}", record.size());
        assert!(record.log().len() - record.first() > 16_000);
    }
}

#[test]
fn what_is_kept_is_as_if_nothing_had_been_given_up() {
    let (kept, whole) = (record(600_000, Some(LIMIT)), record(600_000, None));
    let first = kept.first();
    assert!(first > 0 && first < kept.log().len());
    assert_eq!(kept.log().len(), whole.log().len());
    assert!(kept.log().iter_from(first).eq(whole.log().iter_from(first)));
    for index in (first..kept.log().len()).step_by(9973) {
        assert_eq!(kept.state_at(index), whole.state_at(index), "{index}");
    }
    assert_eq!(kept.state_at(0), whole.state_at(first), "the state before is gone");
    for (kept, whole) in kept.lanes().iter().zip(whole.lanes()) {
        let spans: Vec<_> = whole.spans().filter(|span| span.first >= first).collect();
        let also: Vec<_> = kept.spans().filter(|span| span.first >= first).collect();
        assert_eq!(spans, also);
        assert_eq!(kept.len(), whole.len());
        assert_eq!(
            kept.last_before(usize::MAX, |span| span.state == SpanState::Ready),
            whole.last_before(usize::MAX, |span| span.state == SpanState::Ready)
        );
        assert_eq!(kept.last_before(1, |_| true), None);
    }
    let at = whole.log().time_at(whole.log().len() - 5000);
    assert_eq!(kept.log().index_after(at), whole.log().index_after(at));
    let steps = (kept.steps(), whole.steps());
    assert_eq!(steps.0.len(), steps.1.len());
    for index in (first..kept.log().len()).step_by(997) {
        assert_eq!(steps.0.position(index), steps.1.position(index));
        assert_eq!(steps.0.previous_poll_start(index), steps.1.previous_poll_start(index));
    }
}

#[test]
fn what_was_given_up_is_counted_once_and_its_sums_stay() {
    for events in [600_000, 2_400_000] {
        let (kept, whole) = (record(events, Some(LIMIT)), record(events, None));
        let gaps: Vec<_> = kept.gaps().collect();
        assert_eq!(gaps.len(), 1);
        assert_eq!((gaps[0].events, gaps[0].from), (kept.first() as u64, Nanos::ZERO));
        assert_eq!(gaps[0].until, whole.log().time_at(kept.first() + 1));
        let end = whole.log().end();
        for (kept, whole) in kept.lanes().iter().zip(whole.lanes()) {
            for count in [1, 7, 600] {
                let (kept, whole) =
                    (kept.columns(Nanos::ZERO, end, count, end), whole.columns(Nanos::ZERO, end, count, end));
                let sum = |columns: &[loopscope::trace::TimeColumn], state: usize| -> u64 {
                    columns.iter().map(|column| column.times[state].0).sum()
                };
                for state in 0..3 {
                    assert_eq!(sum(&kept, state), sum(&whole, state));
                }
                let polls = |columns: &[loopscope::trace::TimeColumn]| -> usize {
                    columns.iter().map(|column| column.polls).sum()
                };
                assert_eq!(polls(&kept), polls(&whole));
            }
        }
    }
}

#[test]
fn what_is_kept_is_saved_so_that_it_can_be_opened() {
    let kept = record(600_000, Some(LIMIT));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept.loopscope");
    let given_up = Bookmark { index: 5, at: Nanos(1), name: "given up".into() };
    let index = kept.first() + 5000;
    let marked = Bookmark { index, at: kept.log().time_at(index), name: "kept".into() };
    file::save_with(&kept, &[given_up, marked.clone()], &path).unwrap();
    let opened = file::read(std::fs::File::open(&path).unwrap()).unwrap();
    assert_eq!(opened.damage, None);
    let again = opened.record;
    let [bookmark] = opened.bookmarks.try_into().unwrap();
    assert_eq!((bookmark.at, &bookmark.name), (marked.at, &marked.name));
    assert_eq!(again.log().get(bookmark.index), kept.log().get(marked.index), "it is before the same event");
    assert_eq!((again.title(), again.log().end()), (kept.title(), kept.log().end()));
    assert_eq!(check(again.log().iter_from(0)), []);
    let gaps: Vec<_> = again.gaps().map(|gap| (gap.from, gap.events)).collect();
    assert_eq!(gaps, [(Nanos::ZERO, kept.first() as u64)]);
    let before = again.log().len() - (kept.log().len() - kept.first());
    assert!(again.log().iter_from(before).eq(kept.log().iter_from(kept.first())));
    for (lane, other) in again.lanes().iter().zip(kept.lanes()) {
        assert_eq!(lane.task(), other.task());
        assert_eq!(again.catalog().task_name(lane.task()), kept.catalog().task_name(other.task()));
    }
}

#[test]
fn lost_events_leave_a_gap_of_their_length() {
    let mut record = record(30, None);
    let from = record.log().end();
    let until = from + Nanos(5000);
    record.push(Event { at: until, worker: WorkerId(0), kind: EventKind::EventsLost { count: 12 } });
    let gaps: Vec<_> = record.gaps().map(|gap| (gap.index, gap.from, gap.until, gap.events)).collect();
    assert_eq!(gaps, [(record.log().len() - 1, from, until, 12)]);
}

#[test]
fn a_record_that_begins_in_the_midst_of_a_run_knows_its_tasks() {
    let mut record = Record::default();
    for (number, task) in [7_u32, 4_000_000_000, 3].into_iter().enumerate() {
        let (at, task) = (Nanos(number as u64), TaskId(task));
        let name = format!("late-{number}").into();
        let kind = EventKind::TaskSpawned { task, parent: None, name, site: SiteId(9) };
        record.push(Event { at, worker: WorkerId(0), kind });
        record.push(Event {
            at,
            worker: WorkerId(0),
            kind: EventKind::Enqueued { task, cause: EnqueueCause::BeforeRecord },
        });
        record.push(Event { at, worker: WorkerId(0), kind: EventKind::PollStarted { task } });
    }
    for (number, task) in [7_u32, 4_000_000_000, 3].into_iter().enumerate() {
        let task = TaskId(task);
        assert_eq!(record.catalog().task_name(task), format!("late-{number}"));
        assert_eq!(record.lane(task).map(|lane| lane.len()), Some(2));
        assert_eq!(record.edge().task(task).map(|state| state.task), Some(task));
    }
    assert_eq!(record.edge().living(), 3);
}
