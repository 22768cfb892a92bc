//! The lessons on concurrency and parallelism.

use super::judging::Judge;
use super::reading::{Reading, Stands, after, first, glob, last, where_};
use loopscope::event::{EnqueueCause, EventKind, WorkerId};
use std::collections::HashSet;

pub(crate) const JUDGES: &[Judge] = &[
    Judge {
        id: "cpu-bound-one-thread",
        base: &[],
        steps: &[
            ("All four tasks are ready, and `main` waits", |r| {
                let all_ready =
                    |now: &super::reading::Now| now.stands(r, "compute-*", Stands::Ready) == r.count("tasks");
                r.scan(|now, index, _| all_ready(now) && r.waits("main", "gather").contains(&index))
            }),
            // While it runs for the first time, no other has run.
            ("The first one runs.", |r| {
                let begins = first(r.runs("compute-*"));
                begins.into_iter().filter(|run| r.runs("compute-1").contains(run)).collect()
            }),
            ("The first one is done. Only now does the second begin.", |r| {
                // Sliced, the first has ended its turn; whole, it has ended.
                let gave_up = if r.count("slices") == 1 { r.returned("compute-1") } else { r.polls_end("compute-1") };
                after(first(r.runs("compute-2")), &gave_up)
            }),
            ("The last one begins. It has been ready since the start, for", |r| {
                let begins = first(r.runs(&format!("compute-{}", r.count("tasks"))));
                where_(r.count("tasks") > 2, begins)
            }),
            ("All are done. At any instant one lane was at work", |r| {
                let overlap = !r.scan(|now, _, _| now.stands(r, "*", Stands::Runs) > 1).is_empty();
                let ended = last(r.returned("compute-*"));
                where_(!overlap, after(r.runs("main"), &ended))
            }),
        ],
        answer: |r| r.end().to_string(),
        values: |r| vec![r.end().to_string(), "4".into()],
    },
    Judge {
        id: "cpu-bound-pool",
        base: &["size=3000"],
        steps: &[
            ("The last part is spawned.", |r| last(r.spawned("part-*"))),
            ("A thread has taken it.", |r| {
                let name = format!("part-{}", r.count("parts"));
                first(r.runs(&name))
            }),
            ("A part is done, and its thread is free again.", |r| r.returned("part-*")),
            ("All are done, and `main` prints the results in the order", |r| {
                let all_done = r.returned("part-*").len() == r.count("parts");
                let parts: Vec<String> = (1..=r.count("parts")).map(|part| format!("part {part}, *")).collect();
                let in_order = r.lines().iter().zip(&parts).all(|(line, part)| glob(part, line));
                where_(all_done && in_order, after(r.printed("part 1, *"), &last(r.returned("part-*"))))
            }),
            ("The last of them is printed.", |r| where_(r.count("parts") > 1, last(r.printed("part *")))),
        ],
        answer: |r| at_once(r).to_string(),
        values: |_| Vec::new(),
    },
    Judge {
        id: "one-loop-many-threads",
        base: &["pause=30ms"],
        steps: &[
            ("`main` waits for a reading.", |r| r.waits("main", "get")),
            ("The loop sleeps, and it has set no timer", |r| {
                r.all(|kind| matches!(kind, EventKind::LoopIdle { until: None }))
            }),
            ("A thread has sent its number. `main` is ready", |r| {
                r.all(|kind| matches!(kind, EventKind::Enqueued { cause: EnqueueCause::OtherThread, .. }))
            }),
            ("The loop's own thread runs `main`.", |r| {
                let is_own = |event: &usize| r.events[*event].worker == WorkerId(0);
                r.runs("main").into_iter().skip(1).filter(is_own).collect()
            }),
            ("All have reported, and `main` ends.", |r| {
                let all = r.printed("sensor * reports").len() == r.count("threads");
                where_(all, r.returned("main"))
            }),
        ],
        answer: |r| r.polls("main").to_string(),
        values: |r| vec![r.polls("main").to_string()],
    },
    Judge {
        id: "order-smol-vs-asyncio",
        base: &[],
        steps: &[
            ("Both short tasks are done. `main` is not ready yet", |r| {
                // On smol nothing is said of `main`.
                let both = last(r.returned("short-*"));
                let is_smol = r.is("executor", "smol");
                let ready = r.scan(|now, index, _| both.contains(&index) && now.stands(r, "main", Stands::Waits) == 1);
                if is_smol { both } else { ready }
            }),
            ("`gather` has read them, and makes `main` ready.", |r| {
                let both = last(r.returned("short-*"));
                let ready = first(after(r.ready("main"), &both));
                let steady = r.runs("steady");
                // On smol `steady` has not begun; on asyncio it has not had its second turn, which is of the next batch.
                let begun = steady.iter().filter(|run| ready.first().is_some_and(|ready| *run < ready)).count();
                where_(begun == usize::from(r.is("executor", "asyncio")), ready)
            }),
            ("`steady` was in this batch, and prints its second round.", |r| {
                let (main, steady) = (r.printed("main: the short*"), r.printed("steady: round 2"));
                if r.is("executor", "smol") { main } else { where_(steady < main, steady) }
            }),
            ("Now it is the turn of `main`.", |r| {
                let (main, steady) = (r.printed("main: the short*"), r.printed("steady: round 2"));
                if r.is("executor", "smol") { steady } else { main }
            }),
        ],
        answer: |r| {
            let place = |line: &str| r.printed(line).first().copied().unwrap_or(usize::MAX);
            (if place("steady: round 2") < place("main: *") { "steady" } else { "main" }).into()
        },
        values: |_| Vec::new(),
    },
    Judge {
        id: "work-stealing",
        base: &["size=4000"],
        steps: &[
            ("The last piece is spawned, and `main` turns to its own share.", |r| last(r.spawned("piece-*"))),
            ("An idle thread runs a piece while `main` still computes.", |r| {
                let (mut computes, mut pieces) = (false, HashSet::new());
                r.scan(|_, _, event| {
                    let mut begins = false;
                    match event.kind {
                        EventKind::BusyBegan { task, .. } if r.task(task) == "main" => {
                            (computes, begins) = (true, true)
                        }
                        EventKind::BusyEnded { task } if r.task(task) == "main" => computes = false,
                        EventKind::PollStarted { task } if r.task(task) != "main" => begins = pieces.insert(task),
                        EventKind::PollEnded { task, .. } => {
                            pieces.remove(&task);
                        }
                        _ => {}
                    }
                    begins && computes && !pieces.is_empty()
                })
            }),
            ("A piece is done, and its thread is free for the next.", |r| r.returned("piece-*")),
            ("All pieces are done, and their results are here.", |r| {
                let all = r.returned("piece-*").len() == r.count("pieces");
                where_(all, after(r.printed("pieces, *"), &last(r.returned("piece-*"))))
            }),
        ],
        answer: |r| {
            let gives_up = r.polls_end("main").first().copied().unwrap_or(usize::MAX);
            let begins = r.runs("piece-*").first().is_some_and(|begins| *begins < gives_up);
            (if begins { "yes" } else { "no" }).into()
        },
        values: |_| Vec::new(),
    },
];

/// How many threads ran a task at the same instant, at most.
fn at_once(r: &Reading) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for event in &r.events {
        match event.kind {
            EventKind::PollStarted { .. } => now += 1,
            EventKind::PollEnded { .. } => now -= 1,
            _ => {}
        }
        most = most.max(now);
    }
    most
}
