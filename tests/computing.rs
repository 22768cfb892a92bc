//! Where a task computes, and since when: at each instant of a record, also where a line that computes calls another.

mod support;

use loopscope::event::{EventKind, Nanos, SiteId};
use loopscope::runtime::{EventLoop, Speed, busy, compute, say, sleep, spawn, yield_now};
use loopscope::scenarios;
use loopscope::session::{Plan, Session, Start};
use loopscope::trace::{Record, State, TaskStatus, check};
use std::time::Duration;
use support::record;

const MILLI: Duration = Duration::from_millis(1);

/// Calls `look` with the state after each event.
fn walk(record: &Record, mut look: impl FnMut(&EventKind, &State)) {
    let mut state = State::default();
    for (index, event) in record.log().iter_from(0).enumerate() {
        state.apply(index, &event);
        look(&event.kind, &state);
    }
}

/// The number of the line of a place, counted from that of another.
fn line_after(record: &Record, site: SiteId, first: SiteId) -> u32 {
    let line = |site| record.catalog().site(site).unwrap().line;
    line(site) - line(first)
}

async fn nested() {
    compute(|| {
        busy(MILLI * 2);
        say!("between");
        busy(MILLI * 3);
    });
    say!("after");
}

#[test]
fn a_line_that_computes_within_another_is_told_and_then_the_one_around_it() {
    let (result, record) = record(nested());
    assert_eq!(result, Ok(()));
    assert_eq!(check(record.log().iter_from(0)), []);
    let mut first = None;
    let mut told = Vec::new();
    walk(&record, |kind, state| {
        let Some(main) = state.tasks().next() else { return };
        let at = main.steps(record.catalog()).next().and_then(|step| step.site);
        let (Some(at), true) = (at, main.status == TaskStatus::Running) else { return };
        let first = *first.get_or_insert(at);
        let computing = main.computes().map(|computing| {
            (line_after(&record, computing.site, first), computing.since.0.0 / 1_000_000, computing.length)
        });
        if !matches!(kind, EventKind::SiteDefined { .. }) {
            told.push((line_after(&record, at, first), computing));
        }
    });
    let (two, three) = (Some(Nanos::from_millis(2)), Some(Nanos::from_millis(3)));
    let expected = [
        (0, Some((0, 0, None))),
        (1, Some((1, 0, two))),
        (0, Some((0, 0, None))),
        (2, Some((0, 0, None))),
        (3, Some((3, 2, three))),
        (0, Some((0, 0, None))),
        (0, None),
        (5, None),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_task_that_is_cut_off_or_panics_while_it_computes_does_so_no_longer() {
    let (result, record) = record(async {
        let panics = spawn("panics", async { compute(|| busy(MILLI)) });
        let waits = spawn("waits", async {
            compute(|| say!("computes"));
            sleep(MILLI * 9).await;
        });
        yield_now().await;
        drop(waits);
        panics.await;
        compute(|| panic!("in the middle"))
    });
    assert!(result.is_err());
    assert_eq!(check(record.log().iter_from(0)), []);
    walk(&record, |_, state| {
        let idle = state.tasks().filter(|task| task.status != TaskStatus::Running);
        idle.for_each(|task| assert_eq!(task.computes(), None));
    });
}

#[test]
fn in_every_lesson_a_line_computes_from_its_event_to_the_end_of_its_computation() {
    let mut seen = 0;
    for scenario in scenarios::all().filter(|scenario| scenario.id != "user-input") {
        let plan = Plan { speed: Speed::MAX, ..Plan::new(scenario) };
        let mut session = Session::start(plan, Start::Running, || {}).unwrap();
        while session.pump_wait() {}
        let record = session.record();
        assert_eq!(check(record.log().iter_from(0)), [], "{}", scenario.id);
        walk(record, |kind, state| match kind {
            EventKind::BusyBegan { task, site, length } => {
                let known = state.task(*task).unwrap();
                let computing = known.computes().unwrap();
                assert_eq!((computing.site, computing.length), (*site, *length), "{}", scenario.id);
                // It is the line that is lit.
                let lit = known.steps(record.catalog()).next().and_then(|step| step.site);
                assert_eq!(lit, Some(*site), "{}", scenario.id);
                seen += 1;
            }
            EventKind::BusyEnded { task } => {
                let computes = state.task(*task).is_some_and(|known| known.computes().is_some());
                assert!(!computes, "{}: no lesson nests them", scenario.id);
            }
            _ => {}
        });
    }
    assert!(seen > 100, "{seen} lines computed");
}

#[test]
fn what_is_not_recorded_computes_as_well() {
    assert_eq!(EventLoop::new().run(async { compute(|| 1 + 1) }), Ok(2));
}
