//! How each task of each lesson ended, read from the events alone, is what every summary of the record says: its end, the
//! sentences, the counts, the exports and the findings.

mod support;

use loopscope::event::{DropCause, EnqueueCause, EventKind, PollOutcome, TaskId};
use loopscope::scenarios;
use loopscope::session::wording;
use loopscope::trace::{
    Comparison, Ending, Finding, Languages, Limits, Record, Stats, Wording, check, diagnose, end_words, export,
    sentence,
};
use std::collections::BTreeMap;
use support::run_scenario;

/// Parameters with which tasks fail, are cancelled, or are cut off.
const CORNERS: [(&str, &[&str]); 14] = [
    ("gather-error", &["how=return-exceptions"]),
    ("gather-error", &["how=try-join", "stay=5s"]),
    ("gather-error", &["stay=5s"]),
    ("task-group", &["how=gather"]),
    ("task-group", &["orders=0ms"]),
    ("wait-all", &["until=first-error"]),
    ("wait-all", &["failing=0"]),
    ("exception-never-retrieved", &["how=await"]),
    ("cancel", &["patience=10s"]),
    ("cancel", &["patience=0ms"]),
    ("shield", &["how=await"]),
    ("deadlock", &["order=same"]),
    ("lost-wakeup", &["first=look"]),
    ("http-client", &["fault=server-down"]),
];

/// Those that this build can run.
fn corners() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    let is_left_out = |id: &str| scenarios::left_out().any(|lesson| lesson.id == id);
    CORNERS.into_iter().filter(move |(id, _)| !is_left_out(id))
}

/// A task's end, by the events.
#[derive(Debug, Default)]
struct Read {
    name: String,
    /// The first words after its name that every view has to say.
    says: Option<String>,
    is_error: bool,
    is_returned: bool,
}

fn read(record: &Record) -> BTreeMap<TaskId, Read> {
    let mut tasks: BTreeMap<TaskId, Read> = BTreeMap::new();
    for event in record.log().iter_from(0) {
        let is_at_work = |task: &TaskId| tasks[task].is_error;
        let panicked = matches!(&event.kind, EventKind::TaskPanicked { task, .. } if is_at_work(task));
        let mut end = |task: &TaskId, says: String| tasks.get_mut(task).unwrap().says = Some(says);
        match &event.kind {
            EventKind::TaskSpawned { task, name, .. } => {
                tasks.insert(*task, Read { name: name.to_string(), ..Read::default() });
            }
            EventKind::PollEnded { task, outcome } if *outcome != PollOutcome::Pending => {
                let read = tasks.get_mut(task).unwrap();
                (read.is_error, read.is_returned) = (*outcome != PollOutcome::Ready, *outcome == PollOutcome::Ready);
                read.says = Some(if read.is_returned { "returned" } else { "" }.to_owned());
            }
            EventKind::TaskReturned { task, value } => end(task, format!("returned {value}")),
            EventKind::TaskFailed { task, failure } => {
                let message = failure.message.as_ref().map_or_else(String::new, |message| format!(": {message}"));
                end(task, format!("returned the error {}{message}", failure.error));
            }
            // The message of a destructor's panic comes after the drop, and the task was not at work.
            EventKind::TaskPanicked { task, message } if panicked => end(task, format!("panicked: {message}")),
            EventKind::TaskDropped { task, cause } => {
                let says = match cause {
                    DropCause::Cancelled => "was cancelled",
                    DropCause::RunEnded => "was cut off by the end of the run",
                    DropCause::Unknown => "was dropped unfinished",
                };
                end(task, says.to_owned());
            }
            _ => {}
        }
    }
    tasks
}

fn every_run() -> impl Iterator<Item = (String, Record)> {
    let defaults = scenarios::all().map(|scenario| (scenario.id, &[][..]));
    defaults.chain(corners()).map(|(id, set)| {
        let session = run_scenario(id, set);
        let mut record = Record::default();
        session.record().log().iter_from(0).for_each(|event| record.push(event));
        (format!("{id} {set:?}"), record)
    })
}

#[test]
fn each_end_is_told_as_the_events_have_it() {
    let wording = Wording::default();
    let mut errors = 0;
    for (run, record) in every_run() {
        assert_eq!(check(record.log().iter_from(0)), [], "{run}");
        let tasks = read(&record);
        let stats = Stats::of(&record);
        let mut chrome = Vec::new();
        export::chrome::write(&record, &mut chrome).unwrap();
        let chrome: serde_json::Value = serde_json::from_slice(&chrome).unwrap();
        let mut csv = Vec::new();
        export::csv::write(&record, &mut csv).unwrap();
        let csv = String::from_utf8(csv).unwrap();
        let ends: BTreeMap<u64, String> = chrome["traceEvents"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|event| event["cat"] == "end")
            .map(|event| (event["tid"].as_u64().unwrap(), event["name"].as_str().unwrap().to_owned()))
            .collect();
        for (task, read) in &tasks {
            let Some(says) = &read.says else {
                assert_eq!(record.end(*task), None, "{run}: {read:?}");
                continue;
            };
            let end = record.end(*task).unwrap();
            let ending = end.how.ending();
            let words = end_words(&record, &end, &wording);
            assert!(words.starts_with(&**says), "{run}, {}: {words:?} is not {says:?}", read.name);
            assert_eq!(
                (ending.is_error(), ending == Ending::Returned),
                (read.is_error, read.is_returned),
                "{run}: {read:?}"
            );
            assert_eq!(ends[&(u64::from(task.0) + 1)], words, "{run}");
            let quoted = words.replace('"', "\"\"");
            assert!(csv.contains(&quoted), "{run}: {words}");
            // Nothing that was no success is called one.
            if !read.is_returned {
                let said = |index| sentence(&record, &record.log().get(index).unwrap(), &wording);
                assert!(!said(end.index).contains("is done"), "{run}: {}", said(end.index));
            }
            errors += usize::from(read.is_error);
        }
        let count = |is_it: fn(&Read) -> bool| tasks.values().filter(|read| read.says.is_some() && is_it(read)).count();
        assert_eq!(stats.ended(Ending::Returned), count(|read| read.is_returned), "{run}");
        let told = stats.ended(Ending::Failed) + stats.ended(Ending::Panicked);
        assert_eq!(told, count(|read| read.is_error), "{run}");
        assert_eq!(Ending::ALL.iter().map(|ending| stats.ended(*ending)).sum::<usize>(), count(|_| true), "{run}");
        assert_eq!(Comparison::new(&record, &record).ends, [], "{run}");
    }
    assert!(errors > 8, "the corners have errors in them: {errors}");
}

/// The words after a task's name.
fn end_of(record: &Record, name: &str) -> String {
    let task = record.catalog().tasks().iter().find(|info| info.name == name).unwrap().task;
    end_words(record, &record.end(task).unwrap(), &Wording::default())
}

fn record(id: &str, set: &[&str]) -> Record {
    let session = run_scenario(id, set);
    let mut record = Record::default();
    session.record().log().iter_from(0).for_each(|event| record.push(event));
    record
}

#[test]
fn a_failed_task_says_with_what_a_cancelled_one_by_whom_and_where() {
    let run = record("gather-error", &[]);
    assert_eq!(end_of(&run, "fetch-2"), "returned the error String: Simulated error for input 2");
    let cut_off = end_of(&run, "fetch-1");
    assert!(cut_off.starts_with("was cut off by the end of the run at gather_error.rs:"), "{cut_off}");
    let run = record("gather-error", &["how=return-exceptions"]);
    assert_eq!(end_of(&run, "fetch-1"), "returned data 1");
    let run = record("cancel", &[]);
    let end = end_of(&run, "download");
    let by_main = end.strip_prefix("was cancelled by main at cancel.rs:").unwrap_or_else(|| panic!("{end}"));
    assert!(by_main.contains(", and landed at cancel.rs:"), "{end}");
    let run = record("task-group", &[]);
    let end = end_of(&run, "stock");
    assert!(end.starts_with("was cancelled with its group, because of orders, and landed at task_group.rs:"), "{end}");
    assert_eq!(end_of(&run, "orders"), "returned the error String: there are no orders");
}

#[test]
fn a_comparison_tells_who_failed_in_one_of_the_runs() {
    let [all_well, fails] = [record("gather-error", &["how=return-exceptions"]), record("gather-error", &["stay=5s"])];
    let told = Comparison::new(&all_well, &fails).sentences(&Wording::default()).join("\n");
    assert!(!told.contains("fetch-2 returned the error"), "it fails in both: {told}");
    let [well, fails] = [record("wait-all", &["failing=0"]), record("wait-all", &[])];
    let told = Comparison::new(&well, &fails).sentences(&Wording::default()).join("\n");
    assert!(told.contains("fetch-2 returned the error String: fetch 2 found nothing in the second run"), "{told}");
}

#[test]
fn what_was_left_behind_by_an_error_is_found() {
    let found = |id, set: &[&str]| -> Vec<(Finding, String)> {
        let run = record(id, set);
        let found = diagnose(&run, Limits::default(), &Wording::default());
        found.into_iter().map(|found| (found.finding, found.cause)).collect()
    };
    let left = found("gather-error", &[]);
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(left.iter().all(|(finding, _)| *finding == Finding::SpawnedWithoutJoin), "{left:?}");
    assert!(left[0].1.contains("fetch-1") && left[1].1.contains("fetch-3"), "{left:?}");
    assert_eq!(found("gather-error", &["how=return-exceptions"]), []);
    assert_eq!(found("wait-all", &[]), []);
    assert_eq!(found("task-group", &[]), []);
}

/// Over all lessons: in Python's words no error has the name of a Rust type, and none panics; who spawned a task is said
/// wherever it becomes ready for that; and every error says with what.
#[test]
fn ends_and_spawns_are_told_in_the_words_of_the_language() {
    let (mut errors, mut spawned) = (0, 0);
    for scenario in scenarios::all().filter(|scenario| scenario.id != "user-input") {
        let session = run_scenario(scenario.id, &[]);
        let (record, wording) = (session.record(), wording(Languages::Python, [scenario]));
        for event in record.log().iter_from(0).take(20_000) {
            let told = sentence(record, &event, &wording);
            match &event.kind {
                EventKind::TaskFailed { failure, .. } => {
                    assert!(failure.message.is_some(), "{}: {told}", scenario.id);
                    assert!(told.contains(" raised ") && !told.contains(&*failure.error), "{}: {told}", scenario.id);
                    errors += 1;
                }
                EventKind::TaskPanicked { .. } => assert!(told.contains(" raised "), "{}: {told}", scenario.id),
                EventKind::Enqueued { task, cause: EnqueueCause::Spawned } => {
                    let Some(parent) = record.catalog().task(*task).and_then(|info| info.parent) else { continue };
                    let by = format!("{} spawned it", record.catalog().task_name(parent));
                    assert!(told.ends_with(&by), "{}: {told}", scenario.id);
                    spawned += 1;
                }
                _ => {}
            }
        }
    }
    assert!(errors >= 3 && spawned > 100, "{errors} {spawned}");
}
