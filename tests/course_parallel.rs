//! What the lessons on concurrency and parallelism make visible, read from their records.

mod support;

use async_executor::Executor;
use futures_lite::future::{block_on, yield_now, zip};
use loopscope::event::{EnqueueCause, EventKind, Nanos, TaskId, WorkerId};
use loopscope::session::Session;
use loopscope::trace::check;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use support::outline::{Outline, outline};
use support::run_scenario;

fn texts(run: &Session) -> Vec<String> {
    run.record().output().iter().map(|line| line.text.to_string()).collect()
}

fn first_polls(run: &Outline, tasks: &str) -> Vec<f64> {
    let tasks = run.tasks.iter().filter(|task| task.name.starts_with(tasks));
    tasks.filter_map(|task| task.first_polled).map(Nanos::as_secs_f64).collect()
}

/// Which worker ran which task, when, in the order of the record.
fn polls(run: &Session) -> Vec<(WorkerId, TaskId, Nanos)> {
    let events = run.record().log().iter_from(0);
    let started = events.filter_map(|event| match event.kind {
        EventKind::PollStarted { task } => Some((event.worker, task, event.at)),
        _ => None,
    });
    started.collect()
}

fn workers(run: &Session) -> BTreeSet<WorkerId> {
    polls(run).into_iter().map(|(worker, _, _)| worker).collect()
}

fn assert_makes_sense(run: &Session) {
    let violations = check(run.record().log().iter_from(0));
    assert!(violations.is_empty(), "{violations:?}");
}

#[test]
fn on_one_loop_no_two_calculations_overlap() {
    let run = outline(run_scenario("cpu-bound-one-thread", &[]).record());
    assert_eq!(first_polls(&run, "compute"), [0.0, 1.0, 2.0, 3.0]);
    assert_eq!((run.at_once, run.elapsed), (1, Nanos::from_millis(4000)));
    assert!(run.tasks.iter().all(|task| task.spawned == Nanos::ZERO));
}

#[test]
fn slices_let_all_begin_early_and_end_late_in_the_same_time() {
    let run = outline(run_scenario("cpu-bound-one-thread", &["slices=4"]).record());
    assert_eq!(first_polls(&run, "compute"), [0.0, 0.25, 0.5, 0.75]);
    assert_eq!((run.at_once, run.elapsed), (1, Nanos::from_millis(4000)));
    let ends = run.tasks.iter().skip(1).filter_map(|task| task.ended).map(Nanos::as_secs_f64);
    assert_eq!(ends.collect::<Vec<_>>(), [3.25, 3.5, 3.75, 4.0]);
}

#[test]
fn in_a_pool_calculations_overlap_and_results_keep_the_order_of_the_arguments() {
    let several = run_scenario("cpu-bound-pool", &[]);
    assert_makes_sense(&several);
    assert!(outline(several.record()).at_once > 1, "{:?}", polls(&several));
    let one = run_scenario("cpu-bound-pool", &["threads=1"]);
    assert_eq!(outline(one.record()).at_once, 1);
    assert_eq!(workers(&one).len(), 1);
    assert_eq!(texts(&several), texts(&one));
    assert_eq!(texts(&several).last().unwrap(), "primes below 600000: 49098");
}

#[test]
fn idle_threads_take_pieces_while_their_spawner_computes() {
    let run = run_scenario("work-stealing", &[]);
    assert_makes_sense(&run);
    let polls = polls(&run);
    let (spawner, main, _) = polls[0];
    let own_done = outline(run.record()).printed_at("main");
    let early: Vec<_> = polls.iter().filter(|(_, task, at)| *task != main && *at < own_done).collect();
    assert!(!early.is_empty());
    assert!(early.iter().all(|(worker, _, _)| *worker != spawner), "{polls:?}");
    assert_eq!(texts(&run), ["main, primes found: 18784", "pieces, primes found: 21221"]);
}

#[test]
fn alone_the_spawner_computes_first() {
    let run = run_scenario("work-stealing", &["threads=1"]);
    let own_done = outline(run.record()).printed_at("main");
    assert!(polls(&run)[1..].iter().all(|(_, _, at)| *at >= own_done));
    assert_eq!(texts(&run), texts(&run_scenario("work-stealing", &[])));
}

#[test]
fn other_threads_wake_the_task_and_the_loop_runs_it() {
    for (threads, set) in [(3, "threads=3"), (5, "threads=5")] {
        let run = run_scenario("one-loop-many-threads", &[set]);
        assert_makes_sense(&run);
        let by_thread = run
            .record()
            .log()
            .iter_from(0)
            .filter(|event| matches!(event.kind, EventKind::Enqueued { cause: EnqueueCause::OtherThread, .. }));
        assert_eq!(by_thread.count(), threads);
        assert_eq!(polls(&run).len(), threads + 1);
        assert_eq!(workers(&run), BTreeSet::from([WorkerId(0)]));
    }
}

/// The lesson's program on the executor of the crate, without any of Loopscope.
fn order_of_stock_smol(rounds: u32) -> Vec<String> {
    let printed = Arc::new(Mutex::new(Vec::new()));
    let executor = Arc::new(Executor::new());
    let say = {
        let printed = Arc::clone(&printed);
        move |line: String| printed.lock().unwrap().push(line)
    };
    let main = {
        let executor = Arc::clone(&executor);
        async move {
            let [one, two] = [1, 2].map(|number| {
                let say = say.clone();
                executor.spawn(async move { say(format!("short {number} is done")) })
            });
            let steady = executor.spawn({
                let say = say.clone();
                async move {
                    for round in 1..=rounds {
                        say(format!("steady: round {round}"));
                        yield_now().await;
                    }
                }
            });
            zip(one, two).await;
            say("main: the short ones are done".to_owned());
            steady.await;
            say("main: all are done".to_owned());
        }
    };
    block_on(executor.run(executor.spawn(main)));
    let printed = printed.lock().unwrap();
    printed.clone()
}

#[test]
fn the_order_shown_for_smol_is_that_of_the_stock_executor() {
    // More rounds than it polls in one go, too.
    for rounds in [1, 2, 3, 10, 1000] {
        let run = run_scenario("order-smol-vs-asyncio", &["executor=smol", &format!("rounds={rounds}")]);
        assert_makes_sense(&run);
        assert_eq!(texts(&run), order_of_stock_smol(rounds), "{rounds} rounds");
    }
}

#[test]
fn the_two_orders_differ_by_one_turn() {
    let place = |set: &str| {
        let lines = texts(&run_scenario("order-smol-vs-asyncio", &[set]));
        lines.iter().position(|line| line.starts_with("main")).unwrap()
    };
    assert_eq!((place("executor=asyncio"), place("executor=smol")), (4, 3));
}
