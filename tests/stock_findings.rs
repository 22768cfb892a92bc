//! What is concluded from a record of stock executors: nothing that such a record cannot know. It has no main task, and
//! nobody sees who awaits a handle. And what a record of Loopscope's own runs does know is concluded from rightly.

mod support;

use futures_lite::FutureExt as _;
use loopscope::event::{ClockKind, Event, EventKind};
use loopscope::executor::{Executor, LocalExecutor, record};
use loopscope::runtime::{EventLoop, Smol, When, gather, sleep, spawn, task_group, wait};
use loopscope::trace::{
    Comparison, Diagnosis, Finding, Host, Limits, Record, Stats, Wording, critical_parts, diagnose, explain,
    explain_end, sentence,
};
use std::future::{Future, pending};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use support::record_on;

/// The record is the process's: one test at a time may keep it.
static ALONE: Mutex<()> = Mutex::new(());

/// The record of what the process's executors do while `program` runs.
fn recorded(program: impl FnOnce()) -> Record {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let events = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&events);
    let recording = record("test", move |chunk: &mut Vec<Event>| sink.lock().unwrap().append(chunk));
    program();
    drop(recording);
    let mut record = Record::default();
    events.lock().unwrap().drain(..).for_each(|event| record.push(event));
    record
}

fn findings(record: &Record) -> Vec<Diagnosis> {
    diagnose(record, Limits::default(), &Wording::default())
}

/// Everything that is said of a record.
fn words(record: &Record) -> Vec<String> {
    let mut words: Vec<String> =
        record.log().iter_from(0).map(|event| sentence(record, &event, &Wording::default())).collect();
    for lane in record.lanes() {
        words.extend(lane.spans().map(|span| explain(record, lane.task(), &span, &Wording::default())));
        words.extend(explain_end(record, lane.task(), &Wording::default()));
    }
    words.extend(findings(record).into_iter().flat_map(|found| [found.cause, found.fix.into_owned()]));
    words.extend(Stats::of(record).lines(record).into_iter().map(|(name, value)| format!("{name}: {value}")));
    words.extend(Comparison::new(record, &Record::default()).sentences(&Wording::default()));
    words
}

fn says_nothing_of(record: &Record, claims: &[&str]) {
    for said in words(record) {
        for claim in claims {
            assert!(!said.contains(claim), "{said:?} says {claim:?}");
        }
    }
}

/// What a record of stock executors never tells.
const CLAIMS: [&str; 5] = ["main task", "the run is over", "nobody awaited", "Completed", "was cancelled"];

fn panics() -> u32 {
    if true {
        panic!("boom")
    }
    7
}

type Program = Box<dyn FnOnce()>;

/// Programs each of which does something that looks wrong to who takes them for a run of a loop.
fn programs() -> Vec<(&'static str, Program)> {
    vec![
        ("nothing is spawned", Box::new(|| {})),
        (
            "a child's panic is taken by its parent",
            Box::new(|| {
                let ex = Arc::new(Executor::new());
                let inner = Arc::clone(&ex);
                let parent = ex.spawn(async move {
                    let child = inner.spawn(async { panics() });
                    AssertUnwindSafe(child).catch_unwind().await.is_err()
                });
                assert!(smol::block_on(ex.run(parent)));
            }),
        ),
        (
            "a child's panic is taken after it ended",
            Box::new(|| {
                let ex = LocalExecutor::new();
                let task = ex.spawn(async { panics() });
                assert!(std::panic::catch_unwind(AssertUnwindSafe(|| ex.try_tick())).is_ok());
                assert!(smol::block_on(AssertUnwindSafe(task).catch_unwind()).is_err());
            }),
        ),
        (
            "an executor is dropped with tasks that wait and that never ran",
            Box::new(|| {
                let ex = Executor::new();
                ex.spawn(pending::<()>()).detach();
                assert!(ex.try_tick());
                ex.spawn(async {}).detach();
            }),
        ),
        (
            "a task is detached and left alone",
            Box::new(|| {
                let ex = Executor::new();
                ex.spawn(smol::Timer::after(Duration::from_secs(1000))).detach();
                let first = ex.spawn(async {});
                smol::block_on(ex.run(first));
            }),
        ),
        (
            "a handle is dropped",
            Box::new(|| {
                let ex = Executor::new();
                let task = ex.spawn(pending::<()>());
                assert!(ex.try_tick());
                drop(task);
                while ex.try_tick() {}
            }),
        ),
        (
            "a function called main is spawned",
            Box::new(|| {
                async fn main() {}
                let ex = Executor::new();
                smol::block_on(ex.run(ex.spawn(main())));
            }),
        ),
    ]
}

#[test]
fn a_record_of_stock_executors_makes_no_claim_that_it_cannot_know() {
    for (what, program) in programs() {
        println!("{what}");
        let record = recorded(program);
        assert_eq!(record.host(), Host::Stock, "{what}");
        says_nothing_of(&record, &CLAIMS);
        assert_eq!(critical_parts(&record), [], "{what}");
        let found = findings(&record);
        let meant = |found: &Diagnosis| found.finding == Finding::NeverPolled;
        assert!(found.iter().all(meant), "{what}: {found:#?}");
    }
}

#[test]
fn what_a_record_of_stock_executors_does_know_is_found() {
    let record = recorded(|| {
        let ex = Executor::new();
        smol::block_on(ex.run(ex.spawn(async {
            std::thread::sleep(Duration::from_millis(150));
        })));
        drop(ex.spawn(async {}));
    });
    let found = findings(&record);
    let kinds: Vec<Finding> = found.iter().map(|found| found.finding).collect();
    assert_eq!(kinds, [Finding::NeverPolled, Finding::ThreadBlocked], "{found:#?}");
    assert!(found[1].cause.contains("held its thread"), "{}", found[0].cause);
}

/// Runs `main` on the event loop and on smol's executor.
fn on_both<F>(main: impl Fn() -> F) -> [Record; 2]
where
    F: Future<Output = ()> + Send + 'static,
{
    let (result, on_loop) = record_on(EventLoop::new().clock(ClockKind::Real), main());
    assert!(result.is_ok());
    let events = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&events);
    let result = Smol::new(const { std::num::NonZeroUsize::new(2).unwrap() })
        .sink(move |chunk: &mut Vec<Event>| sink.lock().unwrap().append(chunk))
        .run(main());
    assert!(result.is_ok());
    let mut on_smol = Record::default();
    events.lock().unwrap().drain(..).for_each(|event| on_smol.push(event));
    assert_eq!((on_loop.host(), on_smol.host()), (Host::Loop, Host::Threads));
    [on_loop, on_smol]
}

const MILLI: Duration = Duration::from_millis(1);

#[test]
fn a_panic_that_somebody_took_is_no_finding() {
    for record in on_both(|| async {
        // While it runs, and after it has ended.
        for pause in [0, 5] {
            let child = spawn("child", async { panics() });
            sleep(MILLI * pause).await;
            assert!(AssertUnwindSafe(child).catch_unwind().await.is_err());
        }
        let children = [spawn("one", async { panics() }), spawn("two", async { panics() })];
        sleep(MILLI * 5).await;
        assert!(AssertUnwindSafe(gather(children)).catch_unwind().await.is_err());
        for task in wait([spawn("three", async { panics() })], When::All).await.done {
            assert!(AssertUnwindSafe(task).catch_unwind().await.is_err());
        }
    }) {
        let found = findings(&record);
        assert!(
            found.iter().all(|found| found.finding != Finding::ResultNeverTaken),
            "{:?}: {found:#?}",
            record.host()
        );
    }
}

#[test]
fn a_panic_that_nobody_took_is_a_finding() {
    for record in on_both(|| async {
        let child = spawn("child", async { panics() });
        sleep(MILLI * 5).await;
        drop(child);
        spawn("other", async { panics() }).detach();
        sleep(MILLI * 5).await;
    }) {
        let found = findings(&record);
        // A busy machine may take long for the panics themselves.
        let never_taken = found.iter().filter(|found| found.finding == Finding::ResultNeverTaken).count();
        assert_eq!(never_taken, 2, "{found:#?}");
    }
}

#[test]
fn a_group_sees_the_panics_of_its_tasks() {
    for record in on_both(|| async {
        let group = task_group(async |group| {
            drop(group.spawn("member", async { Ok::<u32, ()>(panics()) }));
            sleep(MILLI * 5).await;
            Ok(())
        });
        let group = AssertUnwindSafe(group);
        drop(group.catch_unwind().await);
    }) {
        let found = findings(&record);
        assert!(found.iter().all(|found| found.finding != Finding::ResultNeverTaken), "{found:#?}");
    }
}

#[test]
fn a_main_task_and_its_end_are_told() {
    for record in on_both(|| async { spawn("child", async {}).await }) {
        let told = words(&record);
        assert!(told.iter().any(|said| said == "main, the main task, is created"));
        assert!(told.iter().any(|said| said == "the run is over: the main task returned"));
        let is_spawn = |event: &Event| matches!(event.kind, EventKind::TaskSpawned { .. });
        assert_eq!(record.log().iter_from(0).filter(is_spawn).count(), 2);
    }
}
