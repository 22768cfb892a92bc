//! A record says itself which program it is of. Its title is for people: whatever it is, it makes no lesson.

use loopscope::event::{ClockKind, Event, EventKind, Language, Nanos, Origin, Provenance, WorkerId};
use loopscope::executor::Executor;
use loopscope::runtime::Speed;
use loopscope::scenarios::{self, Source};
use loopscope::session::{Plan, Session, Start, scenario_of};
use loopscope::trace::{Record, file};
use std::path::Path;
use std::sync::Arc;

/// Saves a record and opens it again.
fn saved_and_opened(record: &Record) -> Session {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.loopscope");
    file::save(record, &path).unwrap();
    opened(&path)
}

fn opened(path: &Path) -> Session {
    let mut session = Session::open(path).unwrap();
    while session.pump_wait() {}
    session
}

#[test]
fn a_watched_program_is_no_lesson_whatever_its_title_is() {
    for lesson in ["race", "semaphore permits=5"] {
        let (mut session, recording) = Session::watch(lesson, Source::rust("", ""));
        let executor = Executor::new();
        executor.spawn(async {}).detach();
        while executor.try_tick() {}
        drop(recording);
        while session.pump_wait() {}
        let again = saved_and_opened(session.record());
        for session in [&session, &again] {
            let scenario = session.plan().scenario;
            assert!(scenario.is_elsewhere() && scenario.chapter().is_none(), "{lesson}");
            assert_eq!(scenario.title, lesson);
            assert!(!scenario.has_question() && scenario.tries().next().is_none(), "{lesson}");
            assert!(session.plan().params.is_empty(), "{lesson}");
            assert!(scenarios::find(scenario.id).is_err(), "{lesson} counts as a lesson");
            assert_eq!(session.record().origin().scenario(), None);
        }
        assert!(
            again.plan().scenario.rust.lines().next().is_none()
                && again.plan().scenario.python.lines().next().is_none()
        );
        assert!(again.record().log().iter_from(0).eq(session.record().log().iter_from(0)));
    }
}

#[test]
fn a_lesson_that_was_saved_opens_as_itself_with_its_parameters() {
    for scenario in scenarios::all().filter(|scenario| scenario.clock == ClockKind::Virtual) {
        let mut plan = Plan { speed: Speed::MAX, seed: 7, ..Plan::new(scenario) };
        // One that is not as it is by default.
        let set = scenario.tries().next();
        set.iter().flat_map(|set| set.split(' ')).for_each(|assignment| plan.params.assign(assignment).unwrap());
        let mut session = Session::start(plan, Start::Running, || {}).unwrap();
        while session.pump_wait() {}
        let again = saved_and_opened(session.record());
        assert_eq!(again.plan().scenario.id, scenario.id);
        assert_eq!((&again.plan().params, again.plan().seed), (&session.plan().params, 7), "{}", scenario.id);
        assert_eq!(again.record().origin(), session.record().origin());
    }
}

#[test]
fn only_a_file_of_an_older_format_is_known_by_its_title() {
    let started = |provenance| {
        let origin = Arc::new(Origin { title: "race mirrors=2".into(), provenance });
        let kind = EventKind::RunStarted { clock: ClockKind::Virtual, seed: 0, origin };
        let mut record = Record::default();
        record.push(Event { at: Nanos::ZERO, worker: WorkerId(0), kind });
        record
    };
    assert_eq!(scenario_of(&started(None)).id, "race");
    let provenance = Provenance { producer: "another".into(), language: Language::Python, scenario: None };
    assert!(scenario_of(&started(Some(provenance))).is_elsewhere());
    let records = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/records");
    for version in [4, 5] {
        let session = opened(&records.join(format!("format-{version}-semaphore.loopscope")));
        assert_eq!(session.record().origin().provenance, None);
        assert_eq!(session.plan().scenario.id, "semaphore");
    }
    let session = opened(&records.join("format-5-semaphore.loopscope"));
    assert_eq!(session.plan().params.count("permits"), 3);
}
