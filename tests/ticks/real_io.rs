//! The lessons on real input and output. Nothing is said of how long anything takes.

use super::judging::Judge;
use super::reading::{Reading, after, first, glob, last, where_};
use loopscope::event::{EnqueueCause, EventKind, Nanos, ResourceState, WaitOn};

pub(crate) const JUDGES: &[Judge] = &[
    Judge {
        id: "http-client",
        base: &["delay=80ms"],
        steps: &[
            ("Every fetch is a task, and `main` waits for all of them.", |r| {
                where_(r.spawned("fetch-*").len() == r.count("pages"), r.waits("main", "gather"))
            }),
            ("`fetch-1` has asked for its page, and waits", |r| r.waits("fetch-1", "get")),
            ("Every task waits for the network or a timer", |r| after(r.idle(), &r.waits("main", "gather"))),
            ("The first answer is there.", |r| where_(r.is("fault", "none"), first(r.goes_on("fetch-*", "get")))),
            ("All pages are here. The slowest of them", |r| last(r.returned("fetch-*"))),
        ],
        answer: |r| {
            let first = r.lines().into_iter().find_map(|line| line.strip_prefix("/page-")?.split(':').next());
            if r.is("fault", "none") { first.unwrap_or_default().into() } else { "it does not happen".into() }
        },
        values: |r| vec![r.end().to_string()],
    },
    Judge {
        id: "scrape",
        base: &["delay=40ms"],
        steps: &[
            ("The first wave is a single page, and `main` waits for it.", |r| {
                where_(waves(r).first() == Some(&1), first(r.waits("main", "gather")))
            }),
            ("The page links to itself, which is known already, and to two", |r| {
                let others = match (r.count("pages"), r.is("fault", "dead-link")) {
                    (1, false) => 0,
                    (1, true) | (2, _) => 1,
                    _ => 2,
                };
                let links = "/page-1 links to /page-1".to_owned() + &", *".repeat(others);
                let more = format!("{links}, *");
                let lines = r.printed(&links);
                lines.into_iter().filter(|_| r.printed(&more).is_empty()).collect()
            }),
            ("A later wave has more pages than the two permits allow", |r| {
                let has_more = waves(r).iter().any(|wave| *wave > r.count("limit"));
                where_(has_more, r.waits_for("visit *", "gate"))
            }),
            ("A visit is done, and its permit goes to the first in line.", |r| {
                let mut line: Vec<String> = Vec::new();
                r.scan(|now, _, event| {
                    let was =
                        std::mem::replace(&mut line, now.line(r, "gate").into_iter().map(str::to_owned).collect());
                    matches!(event.kind, EventKind::Enqueued { task, cause: EnqueueCause::WokenBy(by) }
                        if r.task(by).starts_with("visit") && was.first().is_some_and(|first| first == r.task(task)))
                })
            }),
            ("No page leads anywhere new, so `main` is done.", |r| r.returned("main")),
        ],
        answer: |r| r.spawned("visit *").len().to_string(),
        values: |_| Vec::new(),
    },
    Judge {
        id: "http-server",
        base: &["work=30ms", "requests=2"],
        steps: &[
            ("Three requests are being worked on: no worker is free.", |r| {
                r.becomes("workers", |state| state == ResourceState::Semaphore { free: 0 })
            }),
            ("The next request has arrived too. Its task waits in line.", |r| r.waits_for("serve-*", "workers")),
            ("A worker is free again, and serves the first in line.", |r| {
                let mut line: Vec<String> = Vec::new();
                r.scan(|now, _, event| {
                    let was =
                        std::mem::replace(&mut line, now.line(r, "workers").into_iter().map(str::to_owned).collect());
                    matches!(event.kind, EventKind::Enqueued { task, cause: EnqueueCause::WokenBy(_) }
                        if was.first().is_some_and(|first| first == r.task(task)))
                })
            }),
            ("A client has all its answers.", |r| r.returned("client-*")),
            ("All clients are done: this is what the server got done.", |r| {
                after(r.printed("requests answered: *"), &last(r.returned("client-*")))
            }),
        ],
        answer: |r| {
            let rate = r.lines().into_iter().find_map(|line| line.split_once("about ")?.1.split(' ').next());
            rate.unwrap_or("it does not happen").into()
        },
        values: |r| {
            let seconds = r.time("work").as_secs_f64();
            vec![format!("{}", (r.count("workers") as f64 / seconds).round())]
        },
    },
    Judge {
        id: "file-read",
        base: &["size=1"],
        steps: &[
            ("The notes are written first: a thread has begun", |r| {
                r.all(|kind| matches!(kind, EventKind::JobStarted { job } if r.job(*job) == "write notes-1.txt"))
            }),
            ("A reader waits while a thread reads for it", |r| {
                r.all(|kind| match kind {
                    EventKind::WaitBegan { task, on: WaitOn::Job(job), .. } => {
                        glob("read-*", r.task(*task)) && glob("read *", r.job(*job))
                    }
                    _ => false,
                })
            }),
            ("A thread has read a file to its end.", |r| {
                r.all(|kind| matches!(kind, EventKind::JobFinished { job, .. } if glob("read *", r.job(*job))))
            }),
            ("That makes the task that waited for it *ready*.", |r| r.goes_on("read-*", "read")),
            ("All readers are done, and `main` prints what it was given", |r| {
                let all = r.returned("read-*").len() == r.count("files");
                where_(all, after(r.printed("notes-1.txt: *"), &last(r.returned("read-*"))))
            }),
        ],
        answer: |r| {
            let waits = r.polls("read-*") > r.count("files");
            (if waits { "it runs other tasks" } else { "it reads" }).into()
        },
        values: |_| Vec::new(),
    },
    Judge {
        id: "database",
        base: &["work=60"],
        steps: &[
            ("The first connection is made, and `main` puts it into the pool.", |r| {
                first(r.becomes("pool", |state| state.level() > 0))
            }),
            ("Both connections are in the pool.", |r| {
                let all = u32::try_from(r.count("pool")).unwrap();
                where_(all > 1, first(r.becomes("pool", |state| state.level() == all)))
            }),
            ("Query 3 finds the pool empty, and waits for a connection.", |r| {
                first(r.waits_for(&format!("query-{}", r.count("pool") + 1), "pool"))
            }),
            ("A query has put its connection back, which wakes the first", |r| {
                let mut line: Vec<String> = Vec::new();
                r.scan(|now, _, event| {
                    let was =
                        std::mem::replace(&mut line, now.line(r, "pool").into_iter().map(str::to_owned).collect());
                    matches!(event.kind, EventKind::Enqueued { task, cause: EnqueueCause::WokenBy(by) }
                        if r.task(by).starts_with("query") && was.first().is_some_and(|first| first == r.task(task)))
                })
            }),
            ("All totals are there, and `main` prints them.", |r| {
                after(first(r.printed("shop * sold *")), &last(r.returned("query-*")))
            }),
        ],
        answer: |r| {
            let waits = r.names("query-*").into_iter().filter(|name| !r.waits_for(name, "pool").is_empty());
            waits.count().to_string()
        },
        values: |_| Vec::new(),
    },
    Judge {
        id: "user-input",
        base: &["pause=20ms"],
        steps: &[
            ("The greeter has asked, and waits for you.", |r| {
                r.all(|kind| matches!(kind, EventKind::WaitBegan { on: WaitOn::Input(_), .. }))
            }),
            ("The ticker begins to wait for its timer", |r| {
                // A sleep of no length gives control back and waits for nothing.
                let yields = |kind: &EventKind| {
                    matches!(kind, EventKind::Enqueued { task, cause: EnqueueCause::OwnYield(_) }
                    if r.task(*task) == "ticker")
                };
                if r.time("pause") == Nanos::ZERO { r.all(yields) } else { r.waits("ticker", "sleep") }
            }),
            ("The greeter's wait is over, and it goes on.", |r| r.goes_on("greeter", "ask")),
            ("Both are done: neither kept the other waiting.", |r| {
                let both = [r.returned("greeter"), r.returned("ticker")].concat();
                let end = both.iter().max().copied();
                where_(both.len() == 2, after(r.printed("goodbye"), &end.into_iter().collect::<Vec<_>>()))
            }),
        ],
        answer: |r| r.printed("tick *").len().to_string(),
        values: |_| Vec::new(),
    },
];

/// How many pages each wave of the crawler has: those spawned between two gathers.
fn waves(r: &Reading) -> Vec<usize> {
    let mut waves = vec![0];
    for (index, event) in r.events.iter().enumerate() {
        match &event.kind {
            EventKind::TaskSpawned { name, .. } if name.starts_with("visit ") => *waves.last_mut().unwrap() += 1,
            EventKind::WaitBegan { task, .. }
                if r.task(*task) == "main" && r.waits("main", "gather").contains(&index) =>
            {
                waves.push(0);
            }
            _ => {}
        }
    }
    waves
}
