//! The pitfalls.

use super::judging::Judge;
use super::reading::{Events, Reading, Stands, after, before, either, first, last, times, where_, word};
use loopscope::event::{EventKind, Nanos, ResourceState};

pub(crate) const JUDGES: &[Judge] = &[
    Judge {
        id: "blocking-the-loop",
        base: &[],
        steps: &[
            ("`report` begins to compute at 1.3 s.", |r| {
                let begins = r.printed("report: computes");
                begins.into_iter().filter(|event| r.at(*event) == Nanos::from_millis(1300)).collect()
            }),
            ("It is done. In the meantime the third beats came due, at 1.5 s.", |r| {
                let meanwhile = r.fires_late("pulse-*").len();
                where_((meanwhile > 0) == r.says("came due"), r.returned("report"))
            }),
            ("Only now does the loop look at its timers: the first pulse is late.", |r| {
                first(after(r.fires_late("pulse-1"), &r.returned("report")))
            }),
            ("So is the second, and any other would be late too.", |r| {
                first(after(r.fires_late("pulse-2"), &r.returned("report")))
            }),
            ("From then on each beat comes later than it should", |r| {
                let beat = r.printed("pulse-1: beat 4");
                beat.into_iter().filter(|event| r.at(*event) > Nanos::from_millis(2000)).collect()
            }),
        ],
        answer: |r| when(r, "pulse-1: beat 3"),
        values: |_| Vec::new(),
    },
    Judge {
        id: "buffered-stream",
        base: &[],
        steps: &[
            ("`main` begins the first fetches itself: one lane, several waits.", |r| {
                let places = r.count("window").min(r.count("pages"));
                if r.is("as", "tasks") {
                    let tasks: Events = r.spawned("fetch-*").into_iter().skip(places - 1).take(1).collect();
                    return where_(places == 1 || r.says(&format!("The first {} fetches", word(places))), tasks);
                }
                let begins = r.waits("main", "connect");
                let at_once = begins.iter().filter(|wait| r.turn(**wait) == r.turn(begins[0])).count();
                where_(at_once == places && r.says("several waits") == (places > 1), first(begins))
            }),
            ("`main` has page 1 and waits for it to be stored.", |r| {
                first(if r.says("waits for it to be stored") { r.waits("main", "store") } else { r.yields("main") })
            }),
            ("Page 2 is fetched. Its timer fired", |r| {
                if r.is("as", "tasks") {
                    let page = r.printed(&format!("page {}: fetched", r.count("window") + 1));
                    return where_(r.says(&format!("Page {} ", r.count("window") + 1)), page);
                }
                let page = r.printed("page 2: fetched");
                let ago = r.time("storing");
                let fired = |page: &usize| r.fires("main").iter().any(|timer| r.at(*timer) + ago == r.at(*page));
                page.into_iter().filter(|page| !r.says("Its timer fired") || fired(page)).collect()
            }),
            ("Page 3 begins. Its place became free", |r| {
                let places = r.count("window");
                if r.is("as", "tasks") {
                    return where_(r.count("pages") > places + 1, last(r.printed("page *: fetched")));
                }
                // The one that takes the first place that was free. With a single place it begins with the next look.
                let begins: Events = r.waits("main", "connect").into_iter().skip(places).take(1).collect();
                let free = r.when(&either(r.waits("main", "store"), r.yields("main"))).unwrap();
                let ago = |begins: usize| match r.at(begins).since(free) {
                    Nanos::ZERO => "just now".to_owned(),
                    ago => format!("{ago} ago"),
                };
                where_(places > 1, begins.into_iter().filter(|begins| r.says(&ago(*begins))).collect())
            }),
            ("The last page is stored, 1 s later than necessary.", |r| {
                let stored = r.printed(&format!("page {}: stored", r.count("pages")));
                let late = r.end().since(if r.is("as", "tasks") { r.end() } else { r.end_with("as=tasks") });
                let is_so = match late {
                    Nanos::ZERO => !r.says("later"),
                    late => r.says(&format!("{late} later than necessary")),
                };
                where_(is_so, stored)
            }),
        ],
        answer: |r| r.end().to_string(),
        values: |r| {
            let others = ["as=futures", "as=tasks"].map(|set| r.end_with(set));
            vec![others[0].since(others[1]).to_string()]
        },
    },
    Judge {
        id: "busy-wait",
        base: &[],
        steps: &[
            ("`viewer` runs for the first time, and checks: one piece is loaded.", |r| {
                let runs = first(r.runs("viewer"));
                where_(before(r.computes("loader"), &runs).len() == 1, runs)
            }),
            ("It yields. It is *ready* again at once", |r| {
                first(if r.says("waits for the event") { r.waits_for("viewer", "loaded") } else { r.yields("viewer") })
            }),
            ("500 pieces are loaded, in about twice the time", |r| {
                let loaded = r.printed("loader: 500 pieces");
                let half = Nanos::from_millis(500);
                let is_twice = r.when(&loaded).is_some_and(|at| at > half + Nanos::from_millis(450));
                where_(is_twice == r.says("twice"), loaded)
            }),
            ("All is loaded.", |r| {
                after(r.becomes("loaded", |state| state == ResourceState::Event { is_set: true }), &r.runs("viewer"))
            }),
            ("The last of all those checks finds it so", |r| {
                let is_second = r.polls("viewer") == 2;
                where_(!r.says("second time") || is_second, r.printed("viewer: shows it*"))
            }),
        ],
        answer: |r| r.polls("viewer").to_string(),
        values: |r| vec![r.end().to_string(), r.count("pieces").to_string()],
    },
    Judge {
        id: "convoy",
        base: &[],
        steps: &[
            ("The first clerk has the lock, and begins to fetch.", |r| {
                if r.is("hold", "long") {
                    return first(r.held("ledger", "clerk-1"));
                }
                let waits = last(r.waits("clerk-*", "short-fetch"));
                let free = ResourceState::Lock { holder: None };
                r.while_(waits, |now| {
                    now.waiting_at(r, "clerk-*", "short-fetch") == r.count("clerks")
                        && now.things.get("ledger") == Some(&free)
                })
            }),
            ("The last of the others waits in line, and fetches nothing", |r| {
                if r.is("hold", "short") { first(r.held("ledger", "clerk-1")) } else { last_in_line(r) }
            }),
            ("The first has stored its figure, and the lock passes on.", |r| {
                if r.is("hold", "short") { last_in_line(r) } else { r.printed("clerk-1: stored") }
            }),
            ("Only now does the second begin to fetch.", |r| {
                if r.is("hold", "short") {
                    return r.printed("clerk-1: stored");
                }
                first(after(r.runs("clerk-2"), &r.printed("clerk-1: stored")))
            }),
            ("The last has stored its figure: one after another", |r| {
                where_(r.count("clerks") > 1, last(r.printed("*: stored")))
            }),
        ],
        answer: |r| r.end().to_string(),
        values: |r| {
            let times = ["hold=long", "hold=short"].map(|set| r.end_with(set).to_string());
            [&times[..], &["0.5 s".into(), r.end().to_string()]].concat()
        },
    },
    Judge {
        id: "starvation",
        base: &[],
        steps: &[
            ("All tasks are created. The guests are ready from the start.", |r| {
                before(last(r.spawned("*")), &r.runs("report"))
            }),
            ("`report` runs. Each piece goes straight through", |r| where_(r.polls("report") == 1, r.runs("report"))),
            ("A single poll has lasted for the whole work: 2 s.", |r| {
                let (begins, ends) = (r.runs("report"), r.polls_end("report"));
                let length = r.at(ends[0]).since(r.at(begins[0]));
                where_(ends.len() == 1 && r.says(&format!("work: {length}")), ends)
            }),
            ("The first guest gets its first turn.", |r| first(r.runs("guest-*"))),
            ("And the second.", |r| first(r.runs("guest-2"))),
        ],
        answer: |r| when(r, "guest-1: turn 1"),
        values: |_| Vec::new(),
    },
    Judge {
        id: "fair-yield",
        base: &[],
        steps: &[
            ("`report` begins with its first 5 pieces.", |r| {
                let runs = first(r.runs("report"));
                let first_turn = r.polls_end("report");
                let pieces = before(r.computes("report"), &first_turn).len();
                let is_so = match pieces {
                    1 => r.says("piece"),
                    pieces => r.says(&format!("{pieces} pieces")),
                };
                where_(is_so, runs)
            }),
            ("It yields: it is ready again at once, behind the guests.", |r| first(r.yields("report"))),
            ("The first guest has a turn after 0.1 s instead of 2 s.", |r| {
                let turn = r.printed("guest-1: turn 1");
                where_(r.says(&format!("after {}", r.at(turn[0]))), turn)
            }),
            ("`guest-2` has its last turn after three such rounds.", |r| {
                let guest = last(r.printed("guest-*: turn 3"));
                let done = r.printed("report: done");
                let rounds = before(r.runs("report"), &guest).len();
                if r.says("three such rounds") {
                    return where_(rounds == 3, before(guest, &done));
                }
                // Turns are left to someone who has had one.
                where_(!before(r.runs("guest-1"), &done).is_empty(), before(done, &guest))
            }),
            ("`report` ends when it would have ended anyway", |r| {
                let (guest, done) = (last(r.printed("guest-*: turn 3")), r.printed("report: done"));
                if r.says("would have ended anyway") {
                    return where_(r.idle().is_empty(), after(done, &guest));
                }
                after(guest, &done)
            }),
        ],
        answer: |r| when(r, "guest-1: turn 3"),
        values: |r| vec![(r.count("pieces") + 1).to_string(), "1".into()],
    },
    Judge {
        id: "timer-is-not-a-promise",
        base: &[],
        steps: &[
            ("The call begins at 0.5 s and holds the loop.", |r| {
                let call = r.printed("phone: hello?");
                where_(r.says(&format!("at {}", r.at(call[0]))), call)
            }),
            ("All three are due when the loop looks again.", |r| {
                let fires = r.fires("egg");
                let (at, late) = (r.at(fires[0]), !r.fires_late("egg").is_empty());
                let is_so = if r.says("All three are due") {
                    at >= Nanos::from_secs(2)
                } else if r.says("overdue") {
                    late && at < Nanos::from_secs(2)
                } else {
                    !late
                };
                where_(is_so, fires)
            }),
            ("The cake's is last.", |r| {
                let cook = either(either(r.fires("egg"), r.fires("tea")), r.fires("cake"));
                let order: Vec<&str> = cook.iter().map(|timer| r.task(r.timer_at(*timer).unwrap().task)).collect();
                where_(order == ["egg", "tea", "cake"], last(cook))
            }),
            ("Now the cake is *ready*.", |r| first(after(r.ready("cake"), &r.fires("cake")))),
            ("Only when egg and tea have been served does it run.", |r| {
                let runs = first(after(r.runs("cake"), &r.fires("cake")));
                let served = either(r.returned("egg"), r.returned("tea"));
                let is_before = before(served.clone(), &runs).len() == 2;
                let is_meanwhile = served.last().is_some_and(|last| last > &r.fires("cake")[0]);
                where_(is_before && (is_meanwhile || !r.says("Only when")), runs)
            }),
        ],
        answer: |r| when(r, "cake: *"),
        values: |r| {
            let late = r.when(&r.printed("cake: *")).unwrap().since(Nanos::from_secs(2));
            vec![late.to_string(), "2 s".into()]
        },
    },
    Judge {
        id: "mixing-sync-and-async",
        base: &[],
        steps: &[
            ("The writer has the lock and awaits its sleep.", |r| {
                let sleeps = either(r.waits("writer", "thread-sleep"), r.waits("writer", "async-sleep"));
                where_(!before(r.printed("writer: has the lock"), &sleeps).is_empty(), sleeps)
            }),
            ("The reader runs. It stops the thread to wait for the lock", |r| {
                if r.says("waits in line") { r.waits_for("reader", "lock") } else { first(r.runs("reader")) }
            }),
            ("It gives up, without the lock.", |r| {
                let in_time = where_(r.fires_late("writer").is_empty(), first(r.fires("writer")));
                if r.says("gives up") { r.printed("reader: gives up") } else { in_time }
            }),
            ("The loop looks at its timers again: the writer's was due 1 s ago.", |r| {
                let fires = first(r.fires("writer"));
                let late =
                    fires.iter().filter_map(|timer| Some(r.at(*timer).since(r.timer_at(*timer)?.deadline))).next();
                if r.says("releases the lock") {
                    r.printed("writer: releases*")
                } else if r.says("was due") {
                    where_(late.is_some_and(|late| late > Nanos::ZERO && r.says(&format!("due {late} ago"))), fires)
                } else {
                    where_(late == Some(Nanos::ZERO), fires)
                }
            }),
            ("So the lock is released when no one wants it any more.", |r| {
                let (gives_up, releases) = (r.printed("reader: gives up"), r.printed("writer: releases*"));
                if r.says("when no one wants it") {
                    after(releases, &gives_up)
                } else if r.says("over at the same instant") {
                    where_(r.when(&gives_up) == r.when(&releases), gives_up)
                } else {
                    after(r.printed("reader: has the lock"), &releases)
                }
            }),
        ],
        answer: |r| when(r, "writer: releases*"),
        values: |_| Vec::new(),
    },
    Judge {
        id: "futurelock",
        base: &[],
        steps: &[
            ("`first` takes the lock. It is not a task of its own", |r| {
                let has = r.printed("first: has the lock");
                where_(r.who(has[0]) == "main", has)
            }),
            ("The time is up. `main` keeps `first`", |r| {
                let (saved, slow) = (r.printed("first: saved"), r.printed("main: first is slow*"));
                if r.says("saved in time") { before(saved, &slow) } else { slow }
            }),
            ("`main` awaits the lock that `first` holds.", |r| {
                let slow = r.printed("main: first is slow*");
                let asks = first(after(r.waits_for("main", "file"), &slow));
                if r.says("awaits `other`") {
                    where_(slow.is_empty(), r.waits("main", "other"))
                } else if r.says("behind `other`") {
                    r.while_(asks, |now| now.line(r, "file").first() == Some(&"other"))
                } else {
                    r.while_(asks, |now| {
                        matches!(now.things.get("file"), Some(ResourceState::Lock { holder: Some(holder) })
                        if r.task(*holder) == "main")
                    })
                }
            }),
            ("The timer of `first` fires and wakes `main`.", |r| {
                if r.says("`other` was next in line") {
                    return r.printed("other: has the lock");
                }
                let fires = first(after(r.fires("main"), &r.printed("main: first is slow*")));
                where_(!after(r.ready("main"), &fires).is_empty(), fires)
            }),
            ("Nothing more can happen.", |r| {
                let second = after(r.printed("second: has the lock"), &r.printed("other: saved"));
                if r.says("There was no `second`") {
                    where_(r.printed("second: *").is_empty(), r.printed("other: saved"))
                } else if r.says("`second` has the lock") {
                    second
                } else {
                    r.deadlock()
                }
            }),
        ],
        answer: |r| (if r.printed("second: has the lock").is_empty() { "no" } else { "yes" }).into(),
        values: |_| vec!["2 s".into()],
    },
    Judge {
        id: "thundering-herd",
        base: &[],
        steps: &[
            ("The last of the five has begun to wait.", |r| {
                let all = r.count("guests");
                first(r.becomes("seats", |state| state.level() as usize == all))
            }),
            ("The host wakes every one of them.", |r| {
                let mut woken = r.woken("guest-*", "host");
                woken.retain(|wake| r.turn(*wake) == r.turn(woken_first(r)));
                let all = if r.says("no other") { 1 } else { r.count("guests") };
                where_(woken.len() == all, last(woken))
            }),
            ("The first in line runs first, and takes the seat.", |r| {
                let sits = first(r.printed("* sits down"));
                where_(r.who(sits[0]) == "guest-1", sits)
            }),
            ("The last one finds no seat, like the three before it", |r| {
                let none = first(r.printed(&format!("for nothing: guest-{}", r.count("guests"))));
                let earlier = before(r.printed("for nothing: *"), &none).len();
                let is_so = match earlier {
                    0 => !r.says("before it"),
                    earlier => r.says(&format!("like the {} before it", word(earlier))),
                };
                where_(is_so, none)
            }),
            ("The last guest sits down. It was woken five times.", |r| {
                let sits = last(r.printed("* sits down"));
                let nothing = r.printed(&format!("for nothing: {}", r.who(sits[0]))).len();
                where_(r.count("guests") > 1 && r.says(&format!("woken {}", times(nothing + 1))), sits)
            }),
        ],
        answer: |r| r.printed("for nothing: *").len().to_string(),
        values: |r| {
            let guests = r.count("guests");
            vec![(guests * (guests - 1) / 2).to_string()]
        },
    },
];

fn when(r: &Reading, line: &str) -> String {
    r.when(&r.printed(line)).unwrap().to_string()
}

/// Where the last clerk has come to stand in line.
fn last_in_line(r: &Reading) -> Events {
    let others = r.count("clerks") - 1;
    first(r.scan(|now, _, event| {
        let is_wait = matches!(event.kind, EventKind::WaitBegan { .. });
        others > 0 && is_wait && now.line(r, "ledger").len() == others
    }))
}

/// The first time that the host wakes a guest.
fn woken_first(r: &Reading) -> usize {
    let woken = r.woken("guest-*", "host");
    let guests = r.while_(woken, |now| now.stands(r, "host", Stands::Runs) == 1);
    guests.first().copied().unwrap_or_default()
}
