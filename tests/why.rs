//! The causal sentence of every span, and the diagnoses: each found where it was built in, in the lessons those that
//! they are about.

mod support;

use loopscope::event::{ClockKind, EnqueueCause, EventKind, Nanos, TaskId, TimerId, WaitOn};
use loopscope::runtime::sync::{Condition, Event, Lock, Queue, Semaphore};
use loopscope::runtime::{Label, When, busy, gather, sleep, spawn, timeout, wait, yield_now};
use loopscope::scenarios;
use loopscope::session::wording;
use loopscope::trace::{
    Diagnosis, Finding, Languages, Limits, Record, SpanState, TimerEnd, Wording, critical_path, diagnose, end_words,
    explain, explain_at, explain_end, sentence, sentence_at, wake_chain,
};
use std::future::Future;
use std::time::Duration;
use support::{record, run_scenario};

const MILLI: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

/// The sentences of a task's spans of one state, without those that took no time.
fn why(record: &Record, task: u32, state: SpanState) -> Vec<String> {
    let task = TaskId(task);
    let spans = record.lanes()[task.index()].spans();
    let long = spans.filter(|span| span.state == state && span.end.is_none_or(|(_, end)| end > span.start));
    long.map(|span| explain(record, task, &span, &Wording::default())).collect()
}

fn findings<F>(main: F) -> Vec<Diagnosis>
where
    F: Future + 'static,
    F::Output: 'static,
{
    diagnose(&record(main).1, Limits::default(), &Wording::default())
}

fn kinds(found: &[Diagnosis]) -> Vec<Finding> {
    found.iter().map(|diagnosis| diagnosis.finding).collect()
}

#[test]
fn a_late_turn_is_explained_by_who_held_the_loop() {
    let line = line!();
    let (_, record) = record(async {
        let fetch = spawn("fetch-2", async {
            sleep(MILLI * 1200).await;
            yield_now().await;
            busy(MILLI * 300);
            sleep(MILLI).await;
        });
        let late = spawn("fetch-1", sleep(MILLI * 1300));
        gather([late, fetch]).await;
    });
    assert_eq!(
        why(&record, 2, SpanState::Ready),
        [] as [&str; 0],
        "its timer fires late instead: {:?}",
        why(&record, 2, SpanState::Waiting)
    );
    let expected = format!(
        "fetch-1 waited 1.5 s, from 0 s to 1.5 s, when its timer fired, 0.2 s late (fetch-1:{} › sleep 1.3 s)",
        line + 8
    );
    assert_eq!(why(&record, 2, SpanState::Waiting), [expected]);
    assert_eq!(why(&record, 1, SpanState::Running), ["fetch-2 ran for 0.3 s from 1.2 s, after it yielded"]);
    assert_eq!(explain_end(&record, TaskId(2), &Wording::default()).unwrap(), "fetch-1 returned at 1.5 s");
}

#[test]
fn a_ready_task_that_waits_for_its_turn_is_explained() {
    let (_, record) = record(async {
        let tasks = ["first", "second"].map(|name| {
            spawn(name, async {
                sleep(SECOND).await;
                busy(MILLI * 300);
            })
        });
        gather(tasks).await;
    });
    let [ready] = why(&record, 2, SpanState::Ready).try_into().unwrap();
    let expected = "second was ready from 1 s, when its timer fired, and ran at 1.3 s; it had to wait 0.3 s because first \
                    held the loop for 0.3 s (why.rs:";
    assert!(ready.starts_with(expected), "{ready}");
}

#[test]
fn every_span_of_every_lesson_has_a_sentence() {
    for scenario in scenarios::all() {
        let session = run_scenario(scenario.id, &[]);
        let record = session.record();
        for (number, lane) in record.lanes().iter().enumerate() {
            let task = TaskId(number as u32);
            for span in lane.spans() {
                let sentence = explain(record, task, &span, &Wording::default());
                assert!(!sentence.contains("unknown") && !sentence.contains("does not say"), "{sentence}");
            }
            assert!(explain_end(record, task, &Wording::default()).is_some());
        }
    }
}

#[test]
fn looking_back_a_sentence_is_that_of_a_record_which_ends_there() {
    for id in ["semaphore", "blocking-the-loop", "gather-error", "timeout", "lock"] {
        let session = run_scenario(id, &[]);
        let whole = session.record();
        let mut part = Record::default();
        for event in whole.log().iter_from(0) {
            part.push(event);
            let seen = part.log().len();
            for task in (0..part.lanes().len() as u32).map(TaskId) {
                let last = |record: &Record| record.lane(task)?.last_before(seen, |_| true);
                let (Some(now), Some(later)) = (last(&part), last(whole)) else { continue };
                if (now.state, now.first) != (later.state, later.first) {
                    continue; // who only gave way has not waited, as the next event tells
                }
                assert_eq!(
                    explain_at(whole, task, &later, seen, &Wording::default()),
                    explain(&part, task, &now, &Wording::default()),
                    "{id}, after {seen} events"
                );
            }
        }
    }
}

/// What a lesson is about, as its run is diagnosed.
fn meant(scenario: &str) -> &'static [Finding] {
    match scenario {
        "blocking-the-loop" | "mixing-sync-and-async" | "timer-is-not-a-promise" => &[Finding::LoopBlocked],
        "starvation" => &[Finding::LoopBlocked, Finding::Starved],
        "busy-wait" => &[Finding::SelfWakeStorm],
        "futurelock" => &[Finding::DeadlockCycle],
        "exception-never-retrieved" => &[Finding::ResultNeverTaken],
        "deadlock" => &[Finding::DeadlockCycle],
        "lost-wakeup" => &[Finding::LostWakeup],
        "event-loop-life" | "gather-error" => &[Finding::SpawnedWithoutJoin],
        "convoy" | "lock" => &[Finding::Convoy],
        "cpu-bound-one-thread" => &[Finding::LoopBlocked, Finding::Starved],
        _ => &[],
    }
}

#[test]
fn the_lessons_show_nothing_that_they_do_not_mean() {
    let mut wrong = Vec::new();
    for scenario in scenarios::all() {
        let session = run_scenario(scenario.id, &[]);
        let mut found = diagnose(session.record(), Limits::default(), &Wording::default());
        if scenario.clock == ClockKind::Real {
            // How long real work holds a thread is up to the machine.
            found.retain(|diagnosis| {
                !matches!(diagnosis.finding, Finding::LoopBlocked | Finding::ThreadBlocked | Finding::Starved)
            });
        }
        let mut kinds = kinds(&found);
        kinds.dedup(); // they come sorted
        if kinds != meant(scenario.id) {
            wrong.push((scenario.id, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_long_poll_and_who_starves_by_it_are_found() {
    let found = findings(async {
        let hog = spawn("hog", async {
            yield_now().await;
            busy(MILLI * 600);
        });
        let patient = spawn("patient", async {
            yield_now().await;
            yield_now().await;
        });
        gather([hog, patient]).await;
    });
    assert_eq!(kinds(&found), [Finding::LoopBlocked, Finding::Starved]);
    assert!(
        found[0].cause.starts_with("hog held the loop for 0.6 s, from 0 s to 0.6 s (at why.rs:"),
        "{}",
        found[0].cause
    );
    assert!(found[1].cause.starts_with("patient was ready at 0 s and had to wait 0.6 s"), "{}", found[1].cause);
}

#[test]
fn who_computes_on_one_of_several_threads_holds_that_thread_alone() {
    let run = run_scenario("work-stealing", &[]);
    let all = Limits { long_poll: Nanos::ZERO, ..Limits::default() };
    let found = diagnose(run.record(), all, &Wording::default());
    let main = found.iter().find(|diagnosis| diagnosis.finding == Finding::ThreadBlocked).unwrap();
    let cause = &main.cause;
    assert!(
        cause.starts_with("main held its thread for") && cause.ends_with("no other task could run on it"),
        "{cause}"
    );
}

#[test]
fn a_task_that_asks_again_and_again_is_found() {
    let found = findings(async {
        let flag = Event::new("flag");
        let asks = spawn("asks", {
            let flag = flag.clone();
            async move {
                while !flag.is_set() {
                    yield_now().await;
                }
            }
        });
        for _ in 0..1500 {
            yield_now().await;
        }
        flag.set();
        asks.await;
    });
    assert_eq!(kinds(&found), [Finding::SelfWakeStorm, Finding::SelfWakeStorm]);
    assert_eq!(found[1].task, TaskId(1));
}

#[test]
fn two_locks_taken_in_two_orders_are_named_as_a_circle() {
    let found = findings(async {
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
    assert_eq!(kinds(&found), [Finding::DeadlockCycle]);
    let expected =
        "one waits for lock b, which two holds; two waits for lock a, which one holds: none of them can continue";
    assert_eq!(found[0].cause, expected);
}

#[test]
fn a_wait_for_what_has_happened_before_is_found() {
    let found = findings(async {
        let lock = Lock::new("lock");
        let condition = Condition::new("news", &lock);
        let guard = lock.acquire().await;
        condition.notify_all(&guard);
        drop(guard);
        let guard = lock.acquire().await;
        drop(condition.wait(guard).await);
    });
    assert_eq!(kinds(&found), [Finding::LostWakeup]);
    assert_eq!(found[0].cause, "main waits for a notification from news, and no task is left that could wake it");
}

#[test]
fn tasks_that_were_let_go_are_found() {
    loopscope::runtime::quiet_task_panics();
    let found = findings(async {
        drop(spawn("never", async {}));
        let lock = Lock::new("ledger");
        let holds = spawn("holds", async move {
            let _guard = lock.acquire().await;
            sleep(SECOND * 9).await;
        });
        spawn("fails", async { panic!("out of cheese") }).detach();
        sleep(SECOND).await;
        drop(holds);
        sleep(SECOND).await;
    });
    assert_eq!(kinds(&found), [Finding::ResultNeverTaken, Finding::DroppedHoldingLock, Finding::NeverPolled]);
    assert_eq!(
        found[1].cause,
        "holds was cancelled while it held ledger: what the lock guards may be left half changed"
    );
    assert!(found.iter().all(|diagnosis| !diagnosis.fix.is_empty()));
}

#[test]
fn a_task_that_is_at_work_when_main_returns_is_found_unless_somebody_awaited_it() {
    let found = findings(async {
        spawn("backup", async {
            loop {
                sleep(SECOND).await;
            }
        })
        .detach();
        spawn("quick", async {}).detach();
        let queue = Queue::<u32>::unbounded("requests");
        spawn("server", async move { while queue.get().await != 0 {} }).detach();
        let held = spawn("held", sleep(SECOND * 9));
        let raced = spawn("raced", sleep(SECOND * 9));
        let soon = spawn("soon", sleep(SECOND * 3));
        wait([raced, soon], When::First).await;
        drop(held);
    });
    // What was raced was awaited, and what was cancelled was meant not to go on.
    assert_eq!(kinds(&found), [Finding::SpawnedWithoutJoin], "{found:#?}");
    let expected = "backup was not done (waiting: sleep 1 s) when main returned, and no task ever awaited it: the rest of \
                    it never ran";
    assert_eq!((found[0].task, found[0].cause.as_str()), (TaskId(1), expected));
}

/// What is found where so many tasks hold one of the permits, or the lock if there is none, over a second each.
fn line(tasks: u32, permits: Option<u32>) -> Vec<Diagnosis> {
    findings(async move {
        let (lock, gate) = (Lock::new("ledger"), Semaphore::new("gate", permits.unwrap_or(1)));
        let tasks = (1..=tasks).map(|number| {
            let (lock, gate) = (lock.clone(), gate.clone());
            spawn(format!("clerk-{number}"), async move {
                if permits.is_some() {
                    let _permit = gate.acquire().await;
                    sleep(SECOND).await;
                } else {
                    let _guard = lock.acquire().await;
                    sleep(SECOND).await;
                }
            })
        });
        gather(tasks).await;
    })
}

#[test]
fn a_lock_with_everybody_behind_it_is_a_convoy() {
    let found = line(8, None);
    assert_eq!(kinds(&found), [Finding::Convoy]);
    // All of them held it equally long, so none is named.
    let expected = "for 6 s of 8 s nothing ran and most tasks stood in line for ledger, up to 7 at once";
    assert_eq!((found[0].task, found[0].cause.as_str()), (TaskId(1), expected));
    let found = line(8, Some(1));
    assert_eq!(kinds(&found), [Finding::Convoy]);
    let expected = "for 6 s of 8 s nothing ran and most tasks stood in line for gate, up to 7 at once";
    assert_eq!(found[0].cause, expected);
}

#[test]
fn who_held_a_lock_for_longer_than_any_other_is_named() {
    let found = findings(async {
        let lock = Lock::new("ledger");
        let clerks = (1..=4).map(|number| {
            let lock = lock.clone();
            spawn(format!("clerk-{number}"), async move {
                let _guard = lock.acquire().await;
                sleep(SECOND * if number == 2 { 3 } else { 1 }).await;
            })
        });
        gather(clerks).await;
    });
    assert_eq!(kinds(&found), [Finding::Convoy]);
    assert!(found[0].cause.ends_with("; clerk-2 held it longest"), "{}", found[0].cause);
}

#[test]
fn advice_on_a_long_poll_and_on_a_task_that_nobody_awaits_any_more_is_for_the_language_that_is_shown() {
    let advice = |id: &str, languages| {
        let scenario = scenarios::find(id).unwrap();
        let session = run_scenario(id, &[]);
        let found = diagnose(session.record(), Limits::default(), &wording(languages, [scenario]));
        found[0].fix.to_string()
    };
    let [rust, python] = [Languages::Rust, Languages::Python].map(|languages| advice("starvation", languages));
    assert!(rust.contains("spawn_blocking") && !rust.contains("asyncio"), "{rust}");
    assert!(python.contains("ProcessPoolExecutor") && !python.contains("spawn_blocking"), "{python}");
    let [rust, python] = [Languages::Rust, Languages::Python].map(|languages| advice("gather-error", languages));
    assert!(rust.starts_with("try_gather does not wait for the others once one fails"), "{rust}");
    assert!(python.starts_with("gather does not wait for the others once one fails"), "{python}");
}

#[test]
fn whoever_is_asked_to_end_before_its_first_turn_is_no_finding() {
    let found = findings(async {
        let _ = spawn("never", async {}).cancel().await;
    });
    assert_eq!(found, []);
}

#[test]
fn a_limit_of_several_a_short_line_and_work_beside_it_make_no_convoy() {
    assert_eq!(line(20, Some(2)), []);
    // One behind another: the two of them may well be all there is to do.
    assert_eq!(line(2, None), []);
    let beside = findings(async {
        let lock = Lock::new("ledger");
        let clerks = (0..4).map(|number| {
            let lock = lock.clone();
            spawn(format!("clerk-{number}"), async move {
                let _guard = lock.acquire().await;
                sleep(SECOND).await;
            })
        });
        let others = (0..4).map(|number| spawn(format!("other-{number}"), sleep(SECOND * 4)));
        gather(clerks.chain(others).collect::<Vec<_>>()).await;
    });
    assert_eq!(beside, []);
}

/// The pieces of the critical path that took time: who, what, how many seconds.
fn long_pieces(record: &Record) -> Vec<(String, SpanState, f64)> {
    let pieces = critical_path(record).into_iter().filter(|piece| piece.end > piece.start);
    let name = |task| record.catalog().task_name(task).to_owned();
    pieces.map(|piece| (name(piece.task), piece.state, (piece.end - piece.start).as_secs_f64())).collect()
}

#[test]
fn the_critical_path_of_a_queue_is_its_slower_side() {
    let session = run_scenario("queue", &[]);
    let sleeps = vec![("consumer".to_owned(), SpanState::Waiting, 2.0); 5];
    assert_eq!(long_pieces(session.record()), sleeps);
    // With a quicker consumer it is the producer, up to the last item.
    let session = run_scenario("queue", &["consume=500ms"]);
    let pieces = vec![("producer".to_owned(), SpanState::Waiting, 1.0); 5];
    assert_eq!(long_pieces(session.record()), pieces);
}

#[test]
fn the_critical_path_lasts_as_long_as_the_run() {
    for scenario in scenarios::all() {
        let session = run_scenario(scenario.id, &[]);
        let record = session.record();
        let path = critical_path(record);
        assert!(path.windows(2).all(|pieces| pieces[0].end == pieces[1].start), "{}: {path:#?}", scenario.id);
        // On the real clock a run takes a moment to begin, and to end.
        let (start, end) = match scenario.clock {
            ClockKind::Virtual => (Nanos::ZERO, record.log().end()),
            ClockKind::Real => (record.lanes()[0].spans().next().unwrap().start, record.lanes()[0].end().unwrap().1),
        };
        assert_eq!(path.first().map(|piece| piece.start), Some(start), "{}", scenario.id);
        assert_eq!(path.last().map(|piece| piece.end), Some(end), "{}", scenario.id);
    }
}

#[test]
fn a_wake_chain_goes_back_to_its_root() {
    let (_, record) = record(async {
        let (first, second) = (Event::new("first"), Event::new("second"));
        let relay = spawn("relay", {
            let (first, second) = (first.clone(), second.clone());
            async move {
                first.wait().await;
                second.set();
            }
        });
        let last = spawn("last", async move { second.wait().await });
        sleep(SECOND).await;
        first.set();
        gather([relay, last]).await;
    });
    let woken = record.lanes()[2].last_before(usize::MAX, |span| span.state == SpanState::Ready).unwrap();
    let chain: Vec<_> = wake_chain(&record, woken.first).iter().map(|link| (link.task, link.cause)).collect();
    let [main, relay, last] = [0, 1, 2].map(TaskId);
    let timer = EnqueueCause::Timer(TimerId(0));
    assert_eq!(chain, [(last, EnqueueCause::WokenBy(relay)), (relay, EnqueueCause::WokenBy(main)), (main, timer)]);
}

#[test]
fn where_a_poll_held_the_loop_is_told_by_the_line_that_computed() {
    for (id, place) in [
        ("blocking-the-loop", "from 1.3 s to 1.6 s (at blocking_the_loop.rs:17): no other task could run"),
        ("mixing-sync-and-async", "(at mixing_sync_and_async.rs:22): no other task could run"),
    ] {
        let session = run_scenario(id, &[]);
        let found = diagnose(session.record(), Limits::default(), &Wording::default());
        let cause = &found.iter().find(|found| found.finding == Finding::LoopBlocked).unwrap().cause;
        assert!(cause.ends_with(place), "{id}: {cause}");
    }
}

#[test]
fn who_was_ready_while_nobody_ran_did_not_starve() {
    use loopscope::event::{Event, EventKind, Origin, PollOutcome, SiteId, WorkerId};
    let (task, second) = (TaskId(0), Nanos::from_secs(1));
    let events = [
        (Nanos::ZERO, EventKind::RunStarted { clock: ClockKind::Real, seed: 0, origin: Origin::titled("paused") }),
        (Nanos::ZERO, EventKind::TaskSpawned { task, parent: None, name: "main".into(), site: SiteId(0) }),
        (Nanos::ZERO, EventKind::Enqueued { task, cause: EnqueueCause::Spawned }),
        (second, EventKind::PollStarted { task }),
        (second, EventKind::PollEnded { task, outcome: PollOutcome::Ready }),
    ];
    let mut record = Record::default();
    events.into_iter().for_each(|(at, kind)| record.push(Event { at, worker: WorkerId(0), kind }));
    assert_eq!(diagnose(&record, Limits::default(), &Wording::default()), []);
}

#[test]
fn in_python_no_task_ends_because_its_handle_was_dropped() {
    let mut told = 0;
    for scenario in scenarios::all().filter(|scenario| scenario.clock == ClockKind::Virtual) {
        for set in scenario.tries() {
            let session = run_scenario(scenario.id, &set.split(' ').collect::<Vec<_>>());
            let record = session.record();
            let words = |languages, task| {
                let end = record.end(task)?;
                Some(end_words(record, &end, &wording(languages, [scenario])))
            };
            for task in (0..record.lanes().len() as u32).map(TaskId) {
                let is_told = |languages| words(languages, task).is_some_and(|words| words.contains("handle"));
                assert!(!is_told(Languages::Python), "{} {set}: {:?}", scenario.id, words(Languages::Python, task));
                told += usize::from(is_told(Languages::Rust));
            }
        }
    }
    assert!(told > 0, "the lessons drop no handle any more");
}

#[test]
fn a_sleep_whose_timer_does_not_fire_is_never_said_to_be_over_in_any_lesson() {
    let (mut over, mut dropped) = (0, 0);
    for scenario in scenarios::all() {
        let session = run_scenario(scenario.id, &[]);
        let record = session.record();
        for event in record.log().iter_from(0) {
            let EventKind::WaitEnded { wait, .. } = event.kind else { continue };
            let Some(WaitOn::Sleep { timer, .. }) = record.wait(wait).map(|wait| wait.on) else { continue };
            let has_fired = matches!(record.timer(timer).unwrap().end, Some((_, TimerEnd::Fired)));
            let words = sentence(record, &event, &Wording::default());
            let end = if has_fired { " is over" } else { " is dropped unfinished" };
            assert!(words.contains("'s sleep of ") && words.ends_with(end), "{}: {words}", scenario.id);
            if has_fired { over += 1 } else { dropped += 1 }
        }
    }
    assert!(over > 20 && dropped > 3, "{over} were over, {dropped} dropped");
}

#[test]
fn a_wait_that_its_time_limit_ends_is_told_so_and_each_timer_by_what_it_is_for() {
    let (_, record) = record(async {
        let ask = spawn("ask", async { timeout(MILLI * 2500, sleep(SECOND * 3)).await.is_err() });
        assert!(ask.await);
    });
    let wording = Wording::default();
    let told: Vec<String> = record
        .log()
        .iter_from(0)
        .map(|event| format!("{}: {}", event.at, sentence(&record, &event, &wording)))
        .collect();
    for words in [
        "2.5 s: ask's time limit of 2.5 s is up",
        "2.5 s: ask's timer for its sleep of 3 s, due at 3 s, is cancelled",
        "2.5 s: ask's sleep of 3 s is dropped unfinished",
    ] {
        assert!(told.iter().any(|told| told == words), "{words}: {told:#?}");
    }
    let [waited] = why(&record, 1, SpanState::Waiting).try_into().unwrap();
    assert!(
        waited.starts_with("ask waited 2.5 s, from 0 s to 2.5 s, when its time limit of 2.5 s was up ("),
        "{waited}"
    );
}

#[test]
fn a_function_that_is_dropped_in_a_wait_is_not_said_to_be_over() {
    let (_, record) = record(async {
        for limit in [1, 3] {
            let asked = timeout(SECOND * limit, sleep(SECOND * 2).frame("server")).await;
            assert_eq!(asked.is_err(), limit == 1);
        }
    });
    let wording = Wording::default();
    let told =
        record.log().iter_from(0).enumerate().map(|(index, event)| sentence_at(&record, index, &event, &wording));
    let left: Vec<String> = told.filter(|words| words == "server ends" || words.starts_with("server is ")).collect();
    assert_eq!(left, ["server is dropped unfinished", "server ends"]);
}
