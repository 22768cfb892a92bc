//! Two runs side by side: what is the same, what is not, and the sentences that tell it.

mod support;

use loopscope::event::{ClockKind, EventKind, Nanos};
use loopscope::runtime::{busy, gather, say, sleep, spawn};
use loopscope::scenarios;
use loopscope::trace::{Comparison, Record, Shift, SpanState, WaitChange, Wording, waits_that_overlap};
use std::future::Future;
use std::time::Duration;
use support::{record, run_scenario};

const SECOND: Duration = Duration::from_secs(1);

fn ran<F>(main: F) -> Record
where
    F: Future + 'static,
    F::Output: 'static,
{
    let (result, record) = record(main);
    result.unwrap();
    record
}

fn compared(one: (&str, &[&str]), two: (&str, &[&str])) -> Comparison {
    let (one, two) = (run_scenario(one.0, one.1), run_scenario(two.0, two.1));
    Comparison::new(one.record(), two.record())
}

fn one_after_another() -> Record {
    ran(async {
        spawn("fetch-1", sleep(SECOND * 3)).await;
        spawn("fetch-2", sleep(SECOND * 3)).await;
    })
}

fn both_at_once() -> Record {
    ran(async {
        let (one, two) = (spawn("fetch-1", sleep(SECOND * 3)), spawn("fetch-2", sleep(SECOND * 3)));
        one.await;
        two.await;
    })
}

#[test]
fn a_task_that_begins_earlier_is_told_with_the_wait_that_is_gone() {
    let comparison = Comparison::new(&one_after_another(), &both_at_once());
    let told = comparison.sentences(&Wording::default());
    assert_eq!(told[0], "the run takes 3 s instead of 6 s");
    let expected = "fetch-2 starts 3 s earlier: main no longer waits for task fetch-1 before it spawns it";
    assert!(told.iter().any(|sentence| sentence == expected), "{told:#?}");
    assert_eq!(comparison.pairs.len(), 3);
    assert_eq!(comparison.pairs[2].begins(), Some(Shift::Less(Nanos::from_secs(3))));
    assert_eq!(comparison.pairs[2].takes(), Some(Shift::Same));
    let back = Comparison::new(&both_at_once(), &one_after_another()).sentences(&Wording::default());
    let expected = "fetch-2 starts 3 s later: main now waits for task fetch-1, 3 s in all, before it spawns it";
    assert!(back.iter().any(|sentence| sentence == expected), "{back:#?}");
}

#[test]
fn what_one_task_did_in_turn_is_found_again_in_two() {
    let comparison = compared(("sequential-await", &[]), ("create-task", &[]));
    assert_eq!(
        comparison.sentences(&Wording::default()),
        [
            "the run takes 3 s instead of 6 s",
            "only the second run has fetch-1 and fetch-2",
            "main takes 3 s less: it no longer sleeps 3 s",
            "fetch-1 and fetch-2 now sleep 3 s (6 s in all), not main",
            "only in the second run, main waits for task fetch-1 at create_task.rs:18 (3 s)",
            "the output differs from line 2 on: the first run prints “Data retrieved.” at 3 s, the second prints \
             “Fetching data...” at 0 s",
        ]
    );
    assert!(matches!(&comparison.waits[0], WaitChange::Moved { from, to, .. } if (from.len(), to.len()) == (1, 2)));
}

#[test]
fn a_shorter_wait_at_the_same_line_is_a_changed_wait() {
    let comparison = compared(("queue", &[]), ("queue", &["consume=500ms"]));
    let told = comparison.sentences(&Wording::default());
    for expected in [
        "the run takes 5 s instead of 10 s",
        "consumer takes 5 s less: it sleeps 0.5 s instead of 2 s",
        "consumer sleeps 0.5 s instead of 2 s at queue.rs:22",
        "only in the second run, consumer waits for an item from queue at queue.rs:19 (5 times, 2.5 s in all)",
    ] {
        assert!(told.iter().any(|sentence| sentence == expected), "{expected} in {told:#?}");
    }
}

#[test]
fn more_permits_free_those_who_waited_for_them() {
    let comparison = compared(("semaphore", &["permits=3"]), ("semaphore", &["permits=5"]));
    let told = comparison.sentences(&Wording::default());
    for expected in [
        "fetch-3 and fetch-4 take 1 s less: they no longer wait for a permit of gate",
        "only in the first run, fetch-3 and fetch-4 wait for a permit of gate at semaphore.rs:8 (2 times, 2 s in all)",
    ] {
        assert!(told.iter().any(|sentence| sentence == expected), "{expected} in {told:#?}");
    }
}

#[test]
fn a_run_does_not_differ_from_itself() {
    // On the real clock two runs do differ.
    for scenario in scenarios::all().filter(|scenario| scenario.clock == ClockKind::Virtual) {
        let comparison = compared((scenario.id, &[]), (scenario.id, &[]));
        assert!(comparison.waits.is_empty() && comparison.line.is_none(), "{}", scenario.id);
        assert!(comparison.first == comparison.second && comparison.first.alone.is_empty(), "{}", scenario.id);
        let same = |pair: &loopscope::trace::Pair| {
            pair.first == pair.second && pair.begins() == Some(Shift::Same) && pair.states() == [Shift::Same; 3]
        };
        assert!(comparison.pairs.iter().all(same), "{}", scenario.id);
        assert!(
            comparison.sentences(&Wording::default()).len() <= 2,
            "{:?}",
            comparison.sentences(&Wording::default())
        );
    }
}

#[test]
fn the_states_of_a_task_add_up_to_its_time() {
    let record = ran(async {
        let busy_one = spawn("busy", async { busy(SECOND) });
        let late = spawn("late", sleep(SECOND * 2));
        gather([busy_one, late]).await;
    });
    let comparison = Comparison::new(&record, &one_after_another());
    assert_eq!(comparison.pairs.len(), 1);
    for pair in Comparison::new(&record, &record).pairs {
        assert_eq!(pair.first.times.iter().map(|time| time.0).sum::<u64>(), pair.first.elapsed.0);
    }
    let late = &Comparison::new(&record, &record).pairs[2].first;
    assert_eq!(late.times[SpanState::Ready as usize], Nanos::from_secs(1));
}

#[test]
fn tasks_of_one_name_are_paired_by_their_parents_and_then_in_order() {
    let family = |order: [&'static str; 2]| {
        ran(async move {
            let parents = order.map(|name| {
                spawn(name, async move {
                    spawn("child", sleep(if name == "a" { SECOND } else { SECOND * 2 })).await;
                })
            });
            gather(parents).await;
        })
    };
    let (one, two) = (family(["a", "b"]), family(["b", "a"]));
    let comparison = Comparison::new(&one, &two);
    assert_eq!(comparison.pairs.len(), 5);
    for pair in &comparison.pairs {
        assert_eq!(pair.takes(), Some(Shift::Same), "{}", pair.name);
    }
    let many = |count: u32| {
        ran(async move {
            gather((0..count).map(|number| spawn("same", sleep(SECOND * number))).collect::<Vec<_>>()).await;
        })
    };
    let comparison = Comparison::new(&many(5), &many(3));
    assert_eq!((comparison.pairs.len(), comparison.first.alone.len(), comparison.second.alone.len()), (4, 2, 0));
    assert!(comparison.pairs[1..].iter().all(|pair| pair.takes() == Some(Shift::Same)));
}

#[test]
fn waits_overlap_while_two_wait_for_the_outside_and_nobody_holds_the_loop() {
    assert_eq!(waits_that_overlap(&both_at_once()), Nanos::from_secs(3));
    assert_eq!(waits_that_overlap(&one_after_another()), Nanos::ZERO);
    assert_eq!(waits_that_overlap(&Record::default()), Nanos::ZERO);
    let held = ran(async {
        let sleepers: Vec<_> = ["a", "b"].map(|name| spawn(name, sleep(SECOND * 2))).into();
        sleep(SECOND).await;
        busy(SECOND / 2); // nobody could go on meanwhile
        gather(sleepers).await;
    });
    assert_eq!(waits_that_overlap(&held), Nanos::from_millis(1500));
}

#[test]
fn lines_that_differ_in_time_alone_are_told_so() {
    let program = |pause: u32| {
        ran(async move {
            say!("one");
            sleep(SECOND * pause).await;
            say!("two");
        })
    };
    let comparison = Comparison::new(&program(1), &program(3));
    assert!(comparison.text.is_none());
    let expected =
        "both print the same 2 lines; line 2, “two”, is the first to come at another time: at 3 s instead of 1 s";
    assert_eq!(comparison.sentences(&Wording::default()).last().unwrap(), expected);
}

#[test]
fn on_the_real_clock_small_differences_are_none() {
    let session = run_scenario("queue", &[]);
    let slower = |part: u64| {
        let mut record = Record::default();
        for mut event in support::events(session.record()) {
            if let EventKind::RunStarted { clock, .. } = &mut event.kind {
                *clock = ClockKind::Real;
            }
            event.at = Nanos(event.at.0 + event.at.0 / part);
            record.push(event);
        }
        record
    };
    let told = Comparison::new(session.record(), &slower(500)).sentences(&Wording::default());
    let expected =
        ["both runs take 10 s, to within 0.1 s", "both print the same 10 lines at the same times, to within 0.1 s"];
    assert_eq!(told, expected);
    assert!(Comparison::new(session.record(), &slower(20)).sentences(&Wording::default()).len() > 2);
}
