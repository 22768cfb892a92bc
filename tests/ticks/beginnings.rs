//! The lessons of the beginning.

use super::judging::Judge;
use super::reading::{Reading, Stands, after, before, either, first, last, times, where_};
use loopscope::event::{Nanos, WaitOn};

pub(crate) const JUDGES: &[Judge] = &[
    Judge {
        id: "say-hello",
        base: &[],
        steps: &[
            ("`main` reaches its `await` and waits", |r| r.waits("main", "sleep")),
            ("No task is ready, so the loop sleeps.", |r| after(r.idle(), &r.waits("main", "sleep"))),
            ("The timer is due, and the loop sees it.", |r| r.fires("main")),
            ("`main` is *ready* now. It does not run yet.", |r| after(r.ready("main"), &r.runs("main"))),
            ("The loop runs `main`, and it prints.", |r| r.printed("Hello, World!")),
        ],
        answer: |r| when(r, "Hello, World!"),
        values: |_| Vec::new(),
    },
    Judge {
        id: "sequential-await",
        base: &[],
        steps: &[
            ("There is one lane. The only task, `main`, waits", |r| {
                where_(r.spawned("*").len() == 1, first(r.waits("main", "sleep")))
            }),
            ("The loop sleeps: it has nothing else to do.", |r| r.idle()),
            ("The first fetch is done.", |r| first(r.printed("Data retrieved."))),
            ("Only now does the second begin.", |r| {
                let begins = r.printed("Fetching data...").into_iter().skip(1).collect();
                after(begins, &r.printed("Data retrieved."))
            }),
        ],
        answer: |r| r.end().to_string(),
        values: |r| vec![r.end().to_string()],
    },
    Judge {
        id: "create-task",
        base: &[],
        steps: &[
            ("Both tasks are created, and neither has run.", |r| {
                before(last(r.spawned("fetch-*")), &r.runs("fetch-*"))
            }),
            ("`main` waits for the first, and so gives control back.", |r| {
                let gives_back = first(r.polls_end("main"));
                where_(!r.waits("main", "await-one").is_empty(), gives_back)
            }),
            ("Now the first fetch begins; then the second.", |r| {
                let [one, two] = ["fetch-1", "fetch-2"].map(|name| first(r.runs(name)));
                where_(one < two && r.turn(two[0]) == r.turn(one[0]) + 1, one)
            }),
            ("Both timers were set at the same time, so they are due together.", |r| {
                let [one, two] = ["fetch-1", "fetch-2"].map(|name| r.fires(name));
                where_(r.when(&one) == r.when(&two), one)
            }),
            ("The end of the first fetch makes `main` ready.", |r| {
                let ready = r.woken("main", "fetch-1");
                let ends = r.returned("fetch-2");
                let main = after(r.runs("main"), &ready);
                where_(!ends.is_empty() && ends < main, ready)
            }),
        ],
        answer: |r| r.end().to_string(),
        values: |r| vec![r.end().to_string(), double(r.time("delay")).to_string()],
    },
    Judge {
        id: "gather",
        base: &[],
        steps: &[
            ("`main` waits for all of them at once.", |r| {
                where_(r.spawned("fetch-*").len() == r.count("tasks"), r.waits("main", "gather"))
            }),
            ("Every fetch waits for its timer, and the loop sleeps.", |r| {
                r.while_(r.idle(), |now| now.asleep(r, "fetch-*") == r.count("tasks"))
            }),
            ("The timers are due at the same instant.", |r| {
                let fires = r.fires("fetch-*");
                let is_one_instant = fires.iter().all(|timer| r.at(*timer) == r.at(fires[0]));
                let runs: Vec<&str> = after(r.runs("fetch-*"), &fires).into_iter().map(|run| r.who(run)).collect();
                where_(is_one_instant && runs == r.names("fetch-*"), first(fires))
            }),
            ("The last fetch has ended, and only now is `main` ready.", |r| {
                after(r.woken("main", "fetch-*"), &last(r.returned("fetch-*")))
            }),
            ("The results come in the order you asked for.", |r| {
                let all = r.printed("Data *: *");
                let in_order =
                    (1..).zip(&all).all(|(number, line)| r.line(*line).starts_with(&format!("Data {number}: ")));
                where_(in_order && all.len() == r.count("tasks"), first(all))
            }),
        ],
        answer: |r| r.polls("*").to_string(),
        values: |r| vec![(2 + 2 * r.count("tasks")).to_string()],
    },
    Judge {
        id: "gather-two",
        base: &[],
        steps: &[
            ("`main` waits for both at once, before either has begun.", |r| {
                before(r.waits("main", "gather"), &r.runs("task-*"))
            }),
            ("Both have begun, and both wait", |r| first(r.scan(|now, _, _| now.asleep(r, "task-*") == 2))),
            ("Task 2 is done first. `main` does not notice.", |r| {
                let done = r.returned("task-*");
                let is_one_instant = r.at(done[0]) == r.at(done[1]);
                let name = r.who(done[0]).replace("task-", "Task ");
                let is_so = r.says(&name) && r.says("in the same instant") == is_one_instant;
                where_(is_so, r.while_(first(done), |now| now.stands(r, "main", Stands::Waits) == 1))
            }),
            ("Task 1 is done, and with it the whole group.", |r| {
                let done = last(r.returned("task-*"));
                where_(r.says(&r.who(done[0]).replace("task-", "Task ")), done)
            }),
            ("Only now is `main` ready. It gets both results.", |r| {
                first(after(r.ready("main"), &last(r.returned("task-*"))))
            }),
        ],
        answer: |r| r.end().since(r.when(&r.returned("task-2")).unwrap()).to_string(),
        values: |r| vec![r.end().to_string(), (r.time("first") + r.time("second")).to_string()],
    },
    Judge {
        id: "fetch-and-process",
        base: &[],
        steps: &[
            ("`main` waits for the fetch.", |r| r.waits("main", "await-fetch")),
            ("The processing has begun too, while the data is on its way.", |r| {
                before(r.printed("Start processing data..."), &r.printed("Done fetching data"))
            }),
            ("The processing is done. This does not wake `main`", |r| {
                let done = before(r.returned("process"), &r.returned("fetch"));
                r.while_(done, |now| now.stands(r, "main", Stands::Waits) == 1)
            }),
            ("The fetch is done, and `main` is ready.", |r| after(r.woken("main", "fetch"), &r.returned("fetch"))),
            ("`main` ran once more, to its end", |r| {
                let waits = r.waits("main", "await-process");
                let ends = where_(waits.is_empty() && r.polls("main") == 2, r.returned("main"));
                if r.says("At the second `await` there is something to wait for") { waits } else { ends }
            }),
        ],
        answer: |r| r.end().since(r.when(&r.returned("fetch")).unwrap()).to_string(),
        values: |_| Vec::new(),
    },
    Judge {
        id: "await-does-not-yield",
        base: &[],
        steps: &[
            ("Ann's turn begins.", |r| first(r.runs("ann"))),
            ("She has awaited `load` twice. It is still the same turn", |r| {
                let begins = r.runs("ann")[0];
                let mut reads = r.printed("ann reads page *");
                reads.retain(|read| r.turn(*read) == r.turn(begins));
                where_(r.says(&times(reads.len())), last(reads))
            }),
            ("Page 3 is not at hand. Here she waits", |r| {
                let stops = first(either(r.waits("ann", "sleep"), r.yields("ann")));
                let read = before(r.printed("ann reads page *"), &stops).len();
                let is_wait = stops == first(r.waits("ann", "sleep"));
                where_(r.says(&format!("Page {} ", read + 1)) && r.says("waits") == is_wait, stops)
            }),
            ("Only now does Bob's turn begin.", |r| first(r.runs("bob"))),
            ("Where each `load` waits, the two take turns", |r| {
                let lines = r.printed("* reads page *");
                let pairs = lines.windows(2).filter(|pair| {
                    let (one, other) = (r.line(pair[0]), r.line(pair[1]));
                    one.replace("ann", "bob") == other && one != other
                });
                let turns = pairs.map(|pair| pair[1]).collect();
                after(turns, &first(either(r.waits("bob", "sleep"), r.yields("bob"))))
            }),
        ],
        answer: |r| before(r.printed("ann reads*"), &r.printed("bob reads*")).len().to_string(),
        values: |_| Vec::new(),
    },
    Judge {
        id: "coroutine-not-started",
        base: &[],
        steps: &[
            ("`send` was called for letter 1. It has printed nothing", |r| {
                before(before(r.printed("Called*"), &r.printed("Sending*")), &r.spawned("letter-1"))
            }),
            ("The second call becomes a task: a lane begins.", |r| {
                let begins = r.spawned("letter-2");
                let lanes = before(r.spawned("letter-*"), &after(r.printed("Sending letter 2"), &begins)).len();
                where_(lanes == if r.says("two new lanes") { 2 } else { 1 }, begins)
            }),
            ("The task's turn has come, and now `send` runs.", |r| {
                let runs = r.printed("Sending letter 2");
                let earlier = before(r.printed("Sending letter 1"), &runs);
                let (again, both) = (r.says("again"), r.says("Their turns"));
                let by_task = earlier.iter().any(|line| r.who(*line) == "letter-1");
                where_((again || both) != earlier.is_empty() && both == by_task && r.who(runs[0]) == "letter-2", runs)
            }),
            ("One letter is sent.", |r| {
                let sent = r.printed("Sent letter *");
                where_(r.says(if sent.len() == 1 { "One letter is" } else { "Both letters are" }), last(sent))
            }),
            ("The run is over, and letter 1 was never sent: no task ran its call.", |r| {
                let never_sent = r.printed("* letter 1").len() == 1 && r.spawned("letter-1").is_empty();
                let no_lane = !r.printed("Sent letter 1").is_empty() && r.spawned("letter-1").is_empty();
                let is_so = r.says("never sent") && never_sent
                    || r.says("no lane") && no_lane
                    || r.says("a lane of its own") && r.spawned("letter-*").len() == 2;
                where_(is_so, r.run_ends())
            }),
        ],
        answer: |r| r.printed("Sent letter *").len().to_string(),
        values: |r| {
            let others = ["then=awaited", "then=spawned"].map(|set| r.end_with(set).to_string());
            [vec![r.end().to_string()], others.to_vec()].concat()
        },
    },
    Judge {
        id: "event-loop-life",
        base: &[],
        steps: &[
            ("The loop begins with one task, `main`, and runs it.", |r| {
                let tasks = before(r.spawned("*"), &r.runs("main"));
                where_(tasks.len() == 1, first(r.runs("main")))
            }),
            ("`main` has started the backup, and waits.", |r| {
                let sleeps = r.all(|kind| {
                    matches!(kind, loopscope::event::EventKind::WaitBegan { task, on: WaitOn::Sleep { .. }, .. }
                        if r.task(*task) == "main")
                });
                where_(r.spawned("*").len() == 2, sleeps)
            }),
            ("`main` returns. The backup is in the middle of part", |r| {
                let returns = r.returned("main");
                let is_complete = !before(r.printed("The backup is complete"), &returns).is_empty();
                let part = before(r.printed("Saving part *"), &returns).len();
                let stands = |stands| !r.while_(returns.clone(), |now| now.stands(r, "backup", stands) == 1).is_empty();
                let is_so = if r.says("is complete") {
                    is_complete
                } else if r.says("is ready") {
                    stands(Stands::Ready)
                } else {
                    stands(Stands::Waits) && r.says(&format!("middle of part {part} of {}", r.count("parts")))
                };
                where_(is_so, returns)
            }),
            ("The loop cancels what is left: the backup ends", |r| after(r.dropped("backup"), &r.returned("main"))),
            ("No task is left, and the run is over.", |r| r.run_ends()),
        ],
        answer: |r| (if r.printed("The backup is complete").is_empty() { "no" } else { "yes" }).into(),
        values: |_| Vec::new(),
    },
];

/// When a line was printed first.
fn when(r: &Reading, line: &str) -> String {
    r.when(&r.printed(line)).unwrap().to_string()
}

fn double(time: Nanos) -> Nanos {
    time + time
}
