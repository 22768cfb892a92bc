//! The record: whatever ran, every question about it has one answer.

mod support;

use loopscope::event::{Event, EventKind, Nanos};
use loopscope::runtime::sync::{Queue, Semaphore};
use loopscope::runtime::{busy, gather, say, sleep, spawn, yield_now};
use loopscope::scenarios;
use loopscope::trace::{Bookmark, Record, Span, SpanState, State, TaskStatus, Wording, file, sentence};
use std::time::Duration;
use support::{events, for_seeds, record, run_scenario};

/// A program drawn from a seed: tasks that sleep, yield, work, share a queue and a semaphore.
fn random_program(seed: u64) -> impl Future<Output = ()> + 'static {
    let mut rng = fastrand::Rng::with_seed(seed);
    async move {
        let queue = Queue::unbounded("queue");
        let gate = Semaphore::new("gate", rng.u32(1..4));
        let tasks: Vec<_> = (0..rng.usize(1..12))
            .map(|number| {
                let mut rng = rng.fork();
                let (queue, gate) = (queue.clone(), gate.clone());
                spawn(format!("task-{number}"), async move {
                    for _ in 0..rng.usize(0..30) {
                        let time = Duration::from_millis(rng.u64(0..50));
                        match rng.u8(0..7) {
                            0 => sleep(time).await,
                            1 => yield_now().await,
                            2 => busy(time),
                            3 => queue.put(number).await,
                            4 => drop(queue.try_get()),
                            5 => say!("task {number}"),
                            _ => {
                                let _permit = gate.acquire().await;
                                sleep(time).await;
                            }
                        }
                    }
                })
            })
            .collect();
        gather(tasks).await;
    }
}

fn random_record(seed: u64) -> Record {
    let (result, record) = record(random_program(seed));
    result.unwrap();
    record
}

#[test]
fn the_state_at_any_event_is_the_fold_up_to_it() {
    for_seeds(20, |seed| {
        let record = random_record(seed);
        let mut folded = State::default();
        for (index, event) in events(&record).iter().enumerate() {
            assert_eq!(record.state_at(index), folded, "at event {index}");
            folded.apply(index, event);
        }
        assert_eq!(record.state_at(record.log().len()), folded);
        assert_eq!(record.state_at(usize::MAX), *record.edge());
    });
}

#[test]
fn the_spans_of_a_lane_follow_one_another_without_holes() {
    for_seeds(20, |seed| {
        let record = random_record(seed);
        for (lane, info) in record.lanes().iter().zip(record.catalog().tasks()) {
            let spans: Vec<Span> = lane.spans().collect();
            assert_eq!(spans.len(), lane.len());
            assert!((0..spans.len()).all(|place| lane.span(place) == Some(spans[place])));
            assert_eq!(spans[0].state, SpanState::Ready);
            assert_eq!(spans[0].start, record.log().get(info.spawned).unwrap().at);
            for pair in spans.windows(2) {
                let (last, at) = pair[0].end.unwrap();
                assert_eq!(at, pair[1].start);
                assert_eq!(pair[1].first, last);
            }
            assert!(spans.last().unwrap().end.is_some());
        }
    });
}

#[test]
fn lanes_and_states_agree_at_every_event() {
    for_seeds(10, |seed| {
        let record = random_record(seed);
        for index in (0..=record.log().len()).step_by(7) {
            let state = record.state_at(index);
            for lane in record.lanes().iter().take(state.spawned) {
                let status = record.status(&state, lane.task());
                let span = lane.last_before(index, |_| true);
                assert_eq!(span, lane.spans().filter(|span| span.first < index).last());
                let is_open = span.is_some_and(|span| span.end.is_none_or(|(last, _)| last >= index));
                let expected = match status.unwrap() {
                    TaskStatus::Running => Some(SpanState::Running),
                    TaskStatus::Ready(_) => Some(SpanState::Ready),
                    TaskStatus::Waiting => Some(SpanState::Waiting),
                    TaskStatus::Ended(_) => None,
                };
                let shown = span.filter(|_| is_open).map(|span| span.state);
                // A task is in the ready queue an event after it was spawned, and an event after the poll in which it
                // yielded.
                let next = record.log().get(index).map(|event| event.kind);
                let is_next = matches!(next, Some(EventKind::Enqueued { task, .. }) if task == lane.task());
                assert!(shown == expected || is_next, "event {index}: {shown:?} for {expected:?}");
            }
            assert!(state.running_task().is_none_or(|task| state.task(task).unwrap().status == TaskStatus::Running));
            let ready = state.tasks().filter(|task| matches!(task.status, TaskStatus::Ready(_))).count();
            assert!(ready == state.ready.len() || ready == state.ready.len() + 1, "event {index}");
        }
    });
}

#[test]
fn a_window_of_steps_knows_the_places_of_its_events() {
    for_seeds(10, |seed| {
        let record = random_record(seed);
        let steps = record.steps();
        let range = steps.len() / 3..steps.len() * 2 / 3;
        let window = steps.window(range.clone());
        for index in 0..record.log().len() {
            let place = steps.position(index);
            let inside = (range.start as f64) < place && place < range.end as f64 - 1.0;
            match window.position(index) {
                Some(found) => assert_eq!(found, place, "{index}"),
                None => assert!(!inside, "{index} at {place}"),
            }
        }
    });
}

#[test]
fn a_time_and_its_index_agree() {
    let record = random_record(1);
    let end = record.log().end();
    for step in 0..=100 {
        let time = Nanos(end.0 / 100 * step);
        let index = record.log().index_after(time);
        assert!(record.log().time_at(index) <= time);
        assert!(record.log().get(index).is_none_or(|event| event.at > time));
    }
    assert_eq!(record.log().index_after(end), record.log().len());
}

#[test]
fn the_same_program_gives_the_same_events() {
    for_seeds(10, |seed| {
        assert_eq!(events(&random_record(seed)), events(&random_record(seed)));
    });
}

#[test]
fn a_file_gives_the_record_back() {
    let record = random_record(3);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.loopscope");
    file::save(&record, &path).unwrap();
    let opened = file::read(std::fs::File::open(&path).unwrap()).unwrap();
    assert_eq!(opened.damage, None);
    assert_eq!(events(&opened.record), events(&record));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

/// Some places of a record, with names.
fn bookmarks(record: &Record) -> Vec<Bookmark> {
    let places = [0, 1, record.log().len() / 2, record.log().len()];
    let named = |(index, name): (usize, &str)| {
        let at = record.log().time_at(index);
        Bookmark { index, at, name: name.to_owned() }
    };
    places.into_iter().zip(["", "the first event", "здесь", ""]).map(named).collect()
}

/// A record as a file, with these bookmarks.
fn file_of(record: &Record, bookmarks: &[Bookmark]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.loopscope");
    file::save_with(record, bookmarks, &path).unwrap();
    std::fs::read(&path).unwrap()
}

#[test]
fn bookmarks_are_read_back_and_change_no_byte_before_them() {
    let record = random_record(6);
    let marked = bookmarks(&record);
    let (with, without) = (file_of(&record, &marked), file_of(&record, &[]));
    assert_eq!(with[..without.len()], without);
    let opened = file::read(with.as_slice()).unwrap();
    assert_eq!((opened.bookmarks, opened.damage), (marked, None));
    assert_eq!(events(&opened.record), events(&record));
}

#[test]
fn files_of_the_versions_before_are_read_and_the_oldest_has_no_bookmarks() {
    let written = include_bytes!("records/format-4-semaphore.loopscope");
    let record = file::read(&written[..]).unwrap().record;
    assert_eq!(written[10..12], [4, 0]);
    for version in [3, 2] {
        let mut before = written.to_vec();
        before[10] = version;
        let opened = file::read(before.as_slice()).unwrap();
        assert_eq!((opened.bookmarks.len(), opened.damage), (0, None));
        assert_eq!(events(&opened.record), events(&record));
    }
    let (with, without) = (file_of(&record, &bookmarks(&record)), file_of(&record, &[]));
    let mut never = [&written[..], &with[without.len()..]].concat();
    assert_eq!(file::read(never.as_slice()).unwrap().bookmarks.len(), 4);
    never[10] = 2;
    let opened = file::read(never.as_slice()).unwrap();
    assert!(opened.damage.unwrap().to_string().contains("length makes no sense"));
    assert_eq!(events(&opened.record), events(&record));
}

#[test]
fn wherever_the_bookmarks_are_cut_off_all_events_are_there() {
    let record = random_record(6);
    let (with, without) = (file_of(&record, &bookmarks(&record)), file_of(&record, &[]));
    for cut in without.len()..with.len() {
        let opened = file::read(&with[..cut]).unwrap();
        assert_eq!(opened.record.log().len(), record.log().len());
        assert!(opened.bookmarks.is_empty() && (opened.damage.is_some() || cut == without.len()));
    }
    let mut longer = with.clone();
    longer.push(7);
    let damage = file::read(longer.as_slice()).unwrap().damage.unwrap().to_string();
    assert!(damage.contains("goes on after them") && damage.contains("all events are there"), "{damage}");
}

#[test]
fn damaged_files_are_read_as_far_as_they_are_good() {
    let record = random_record(4);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.loopscope");
    file::save(&record, &path).unwrap();
    let whole = std::fs::read(&path).unwrap();
    for_seeds(2000, |seed| {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut bytes = whole.clone();
        for _ in 0..rng.usize(1..4) {
            let place = rng.usize(0..bytes.len());
            bytes[place] = rng.u8(..);
        }
        bytes.truncate(rng.usize(0..=bytes.len()));
        if let Ok(opened) = file::read(bytes.as_slice()) {
            assert!(opened.record.log().len() <= record.log().len());
        }
    });
}

#[test]
fn events_in_any_order_are_taken_without_a_panic() {
    let all = events(&random_record(5));
    for_seeds(50, |seed| {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut shuffled: Vec<Event> = all.clone();
        rng.shuffle(&mut shuffled);
        let mut record = Record::default();
        shuffled.into_iter().for_each(|event| record.push(event));
        for index in (0..record.log().len()).step_by(50) {
            drop(record.state_at(index));
            drop(sentence(&record, &record.log().get(index).unwrap(), &Wording::default()));
            assert!(record.steps().point_at(record.steps().position(index)).0 <= record.log().len() + 1);
        }
    });
}

#[test]
fn every_event_of_the_course_has_a_sentence() {
    for scenario in scenarios::all() {
        let session = run_scenario(scenario.id, &[]);
        let record = session.record();
        for event in record.log().iter_from(0) {
            let words = sentence(record, &event, &Wording::default());
            assert!(!words.is_empty() && !words.contains("unknown"), "{}: {words}", scenario.id);
        }
        assert_eq!(record.clock(), Some(scenario.clock));
        assert!(record.title().starts_with(scenario.id));
    }
}
