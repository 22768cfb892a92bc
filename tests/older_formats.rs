//! Files that older versions of the program wrote: they open, make sense, and tell no more than they told.
//!
//! The files in `tests/records` were written by the last versions with formats 4 and 5.

use loopscope::event::{EventKind, JobEnd, Nanos, Origin, TaskWait, TimerPurpose, WaitOn};
use loopscope::trace::{Ending, Record, check, file, sentence};
use std::path::Path;

fn bytes(name: &str) -> Vec<u8> {
    bytes_of(4, name)
}

fn bytes_of(version: u16, name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/records/format-{version}-{name}.loopscope"));
    std::fs::read(path).unwrap()
}

fn open(bytes: &[u8]) -> Record {
    let opened = file::read(bytes).unwrap();
    assert_eq!(opened.damage, None);
    assert_eq!(check(opened.record.log().iter_from(0)), []);
    opened.record
}

fn count(record: &Record, is_it: impl Fn(&EventKind) -> bool) -> usize {
    record.log().iter_from(0).filter(|event| is_it(&event.kind)).count()
}

#[test]
fn each_event_of_format_4_is_read_and_can_be_told() {
    for (name, events, elapsed) in [
        ("gather-error", 49, Nanos::ZERO),
        ("deadlock", 61, Nanos::from_secs(1)),
        ("timeout", 108, Nanos::from_millis(6500)),
        ("cancel", 73, Nanos::from_millis(2500)),
        ("semaphore", 223, Nanos::from_secs(4)),
    ] {
        let record = open(&bytes(name));
        assert_eq!((record.log().len(), record.log().end()), (events, elapsed), "{name}");
        let wording = loopscope::trace::Wording::default();
        assert!(record.log().iter_from(0).all(|event| !sentence(&record, &event, &wording).is_empty()), "{name}");
    }
}

#[test]
fn what_format_4_does_not_tell_is_left_open() {
    let record = open(&bytes("semaphore"));
    let untold = |kind: &EventKind| {
        matches!(kind, EventKind::TimerArmed { purpose: TimerPurpose::Untold, site: None, .. })
            || matches!(kind, EventKind::ResourceChanged { site: None, .. })
    };
    let told = |kind: &EventKind| {
        matches!(kind, EventKind::TimerArmed { .. } | EventKind::ResourceChanged { .. }) && !untold(kind)
    };
    assert!(count(&record, untold) > 20 && count(&record, told) == 0);
    // The error of a task is not told, nor that it had one.
    let record = open(&bytes("gather-error"));
    let ended = Ending::ALL.map(|ending| record.edge().ended(ending));
    assert_eq!(ended, [2, 0, 0, 0, 2, 0], "main and fetch-2 returned, two were cut off");
    assert_eq!(
        count(&record, |kind| matches!(kind, EventKind::WaitBegan { on: WaitOn::Tasks(TaskWait::Gather, _), .. })),
        1
    );
    let record = open(&bytes("cancel"));
    let download = record.catalog().tasks()[1].task;
    assert_eq!(record.end(download).map(|end| end.how.ending()), Some(Ending::Cancelled));
    assert_eq!(record.cancel_request(download), None);
}

#[test]
fn a_deadlock_of_format_4_stands_still_before_its_tasks_are_dropped() {
    let record = open(&bytes("deadlock"));
    let standstill = record.standstill().unwrap();
    let state = record.state_at(standstill);
    assert_eq!(state.waiting().count(), 3);
    assert_eq!(record.clean_up(), None);
}

#[test]
fn a_file_of_format_2_or_3_is_read_as_one_of_format_4_that_tells_less() {
    let new = open(&bytes("timeout"));
    for version in [2, 3] {
        let mut old = bytes("timeout");
        old[10] = version;
        let old = open(&old);
        assert!(old.log().iter_from(0).eq(new.log().iter_from(0)));
    }
}

#[test]
fn format_5_tells_all_but_where_it_comes_from_and_how_jobs_ended() {
    let record = open(&bytes_of(5, "blocking-the-loop"));
    assert_eq!(*record.origin(), *Origin::titled("blocking-the-loop pulses=2 length=0.3s where=thread"));
    assert_eq!(count(&record, |kind| matches!(kind, EventKind::JobFinished { end: JobEnd::Untold, .. })), 1);
    let wording = loopscope::trace::Wording::default();
    let told: Vec<String> = record.log().iter_from(0).map(|event| sentence(&record, &event, &wording)).collect();
    assert!(told.iter().any(|words| words.starts_with("the job ") && words.ends_with(" is done")), "{told:?}");
    // What format 4 lacks is there.
    let record = open(&bytes_of(5, "semaphore"));
    assert_eq!(count(&record, |kind| matches!(kind, EventKind::TimerArmed { site: None, .. })), 0);
    assert!(count(&record, |kind| matches!(kind, EventKind::HoldChanged { .. })) > 0);
}

#[test]
fn an_old_record_that_is_saved_again_is_the_same() {
    let old = [4, 4, 4, 4, 4, 5, 5].into_iter().zip([
        "gather-error",
        "deadlock",
        "timeout",
        "cancel",
        "semaphore",
        "semaphore",
        "blocking-the-loop",
    ]);
    for (version, name) in old {
        let old = open(&bytes_of(version, name));
        let mut writer = file::Writer::new(Vec::new()).unwrap();
        old.log().iter_from(0).try_for_each(|event| writer.push(&event)).unwrap();
        let new = open(&writer.finish().unwrap());
        assert!(old.log().iter_from(0).eq(new.log().iter_from(0)), "{name}");
    }
}
