//! The lessons on what goes wrong.

use super::judging::Judge;
use super::reading::{Events, Reading, Stands, after, before, either, first, last, where_};
use loopscope::event::{EventKind, Nanos, ResourceState, TimerPurpose};

pub(crate) const JUDGES: &[Judge] = &[
    Judge {
        id: "cancel",
        base: &[],
        steps: &[
            ("2 parts are here. The download waits for the next.", |r| {
                let asked = r.asked_to_end("download");
                let parts = before(r.printed("download: part *"), &asked);
                if r.says("The download is done") {
                    return where_(parts.len() == 4, before(r.returned("download"), &asked));
                }
                if r.says("None of its parts") {
                    let stops = either(r.polls_end("download"), Vec::new());
                    return where_(parts.is_empty(), first(before(stops, &asked)));
                }
                let count = match parts.len() {
                    1 => "One part is".to_owned(),
                    count => format!("{count} parts are here"),
                };
                let waits = after(either(r.waits("download", "sleep"), r.yields("download")), &last(parts));
                where_(r.says(&count), first(before(waits, &asked)))
            }),
            ("`main` cancels it. All this does is make the download *ready*", |r| {
                let asks = r.asked_to_end("download");
                let already = r.while_(asks.clone(), |now| now.stands(r, "download", Stands::Ready) == 1);
                if r.says("already") {
                    return already;
                }
                let due = |ready: &usize| {
                    let timers =
                        r.all(|kind| matches!(kind, EventKind::TimerArmed { task, .. } if r.task(*task) == "download"));
                    let armed = timers.into_iter().rfind(|timer| timer < ready)?;
                    match r.events[armed].kind {
                        EventKind::TimerArmed { deadline, .. } => Some(deadline.since(r.at(*ready))),
                        _ => None,
                    }
                };
                let ready = first(after(r.ready("download"), &asks));
                ready
                    .into_iter()
                    .filter(|ready| due(ready).is_some_and(|due| r.says(&format!("*, {due} before"))))
                    .collect()
            }),
            ("`main` still has its turn, and goes on.", |r| {
                let goes_on = r.printed("main: has asked*");
                let has_ended = !before(r.returned("download"), &goes_on).is_empty();
                where_(has_ended == r.says("that has already ended"), goes_on)
            }),
            ("Now it is the download's turn.", |r| {
                after(r.printed("download: closes*"), &r.printed("main: has asked*"))
            }),
            ("Its end makes `main` ready.", |r| r.woken("main", "download")),
        ],
        answer: |r| {
            let closes_first = !before(r.printed("download: closes*"), &r.printed("main: has asked*")).is_empty();
            (if closes_first { "the closing of the file" } else { "what main prints" }).into()
        },
        values: |r| vec![Nanos(r.time("pause").0 * 4).to_string()],
    },
    Judge {
        id: "timeout",
        base: &[],
        steps: &[
            ("The timer of the first answer is due, before the limit.", |r| {
                let answer = timers(r, first(r.fires("ask-1")), TimerPurpose::Sleep);
                answer.into_iter().filter(|timer| r.at(*timer) < r.time("limit")).collect()
            }),
            ("`ask-1` has its answer. The timer of its timeout is cancelled", |r| {
                let answers = r.printed("server 1 answers");
                let cancelled = timers(r, r.timer_cancelled("ask-1"), TimerPurpose::Limit);
                where_(!answers.is_empty(), cancelled)
            }),
            ("The timeout of `ask-3` is due. Its deadline comes before", |r| {
                let due = first(timers(r, r.fires("ask-*"), TimerPurpose::Limit));
                let name = due.first().and_then(|due| r.timer_at(*due)).map_or("", |timer| r.task(timer.task));
                let number: u64 = name.replace("ask-", "").parse().unwrap_or_default();
                let answer = Nanos(r.time("pace").0 * number);
                let is_so = r.says("at the same instant") == (answer == r.time("limit"));
                where_(is_so && r.says(&format!("`{name}`")), due)
            }),
            ("Now it is the other way round: the wait inside", |r| {
                first(timers(r, r.timer_cancelled("ask-*"), TimerPurpose::Sleep))
            }),
            ("`main` has listened long enough. Nothing came.", |r| {
                let home = r.printed("main goes home");
                let all = r.printed("server * answers").len() == r.count("servers");
                let late = after(r.printed("server * answers"), &r.printed("main listens*"));
                where_(late.is_empty() && all == r.says("came in time"), home)
            }),
        ],
        answer: |r| r.printed("server *").len().to_string(),
        values: |_| Vec::new(),
    },
    Judge {
        id: "shield",
        base: &[],
        steps: &[
            ("`request` waits for `save`, behind the shield.", |r| {
                let mark = if r.says("behind the shield") { "shield" } else { "await" };
                r.waits("request", mark)
            }),
            ("The client is gone after 1 s.", |r| {
                let gone = r.printed("main: the client is gone");
                let is_answered = !before(r.printed("request: answered"), &gone).is_empty();
                where_(r.says(&format!("after {}", r.at(gone[0]))) && r.says("By then") == is_answered, gone)
            }),
            ("`request` ends where it waits. The shield did not save *it*.", |r| {
                if r.says("The shield did not save") {
                    r.dropped("request")
                } else {
                    before(r.dropped("save"), &r.dropped("request"))
                }
            }),
            ("`main` goes on: for it, the request is over.", |r| {
                let ended = r.dropped("request");
                if r.says("goes on") { after(r.printed("main: the request has ended"), &ended) } else { ended }
            }),
            ("`save` was never told. It finishes, 2 s after the cancel.", |r| {
                let gone = r.printed("main: the client is gone");
                if r.says("nothing is saved") {
                    let ended = after(r.printed("main: the request has ended"), &r.dropped("save"));
                    return where_(r.printed("save: done").is_empty(), ended);
                }
                let ends = after(r.returned("save"), &gone);
                // What ends at that instant does not end after it.
                ends.into_iter()
                    .filter(|end| r.at(*end) > r.at(gone[0]))
                    .filter(|end| r.says(&format!(", {} after", r.at(*end).since(r.at(gone[0])))))
                    .collect()
            }),
        ],
        answer: |r| {
            let is = |line: &str| !r.printed(line).is_empty();
            match (is("request: answered"), is("save: done")) {
                (true, true) => "both",
                (true, false) => "request alone",
                (false, true) => "save alone",
                (false, false) => "neither",
            }
            .into()
        },
        values: |_| Vec::new(),
    },
    Judge {
        id: "exception-never-retrieved",
        base: &[],
        steps: &[
            ("`main` has started 3 tasks. It waits for a timer", |r| {
                let all = r.spawned("save-*").len() == r.count("pages");
                let stops = first(if r.says("others run first") {
                    r.yields("main")
                } else if r.says("for a timer") {
                    r.waits("main", "stay")
                } else {
                    r.waits("main", "gather")
                });
                where_(all, stops)
            }),
            ("Page 1 is saved.", |r| r.printed("page 1 is saved")),
            ("`save-2` fails. Its lane ends here, and its failure wakes no one.", |r| {
                let ends = either(r.failed("save-2"), r.panicked("save-2"));
                let woken = r.woken("*", "save-2");
                where_(r.says("kept for `main`") || woken.is_empty(), ends)
            }),
            ("Page 3 is saved as if nothing had happened.", |r| r.printed("page 3 is saved")),
            ("`main` believes that all is done.", |r| {
                let done = r.printed("main: all done");
                if r.says("learns of the error") {
                    let all = r.ended("save-*");
                    return after(r.printed("main: the disk is full"), &last(all));
                }
                after(done, &r.printed("page 1 is saved"))
            }),
        ],
        answer: |r| (if r.printed("main: the disk is full").is_empty() { "no" } else { "yes" }).into(),
        values: |r| {
            // How long `main` sleeps.
            let sleep = r.all(|kind| matches!(kind, EventKind::TimerArmed { task, .. } if r.task(*task) == "main"));
            let until = sleep.first().map(|timer| match r.events[*timer].kind {
                EventKind::TimerArmed { deadline, .. } => deadline,
                _ => Nanos::ZERO,
            });
            vec![until.unwrap_or_default().to_string()]
        },
    },
    Judge {
        id: "gather-error",
        base: &[],
        steps: &[
            ("`main` waits for all three.", |r| {
                let marks = ["gather", "try-join", "return-exceptions"].map(|mark| r.waits("main", mark));
                where_(r.spawned("fetch-*").len() == 3, marks.concat())
            }),
            ("The second fetch ends at once, with an error.", |r| {
                where_(r.when(&r.failed("fetch-2")) == Some(Nanos::ZERO), r.failed("fetch-2"))
            }),
            ("That is enough: `main` is ready, though two fetches still wait.", |r| {
                let ready = first(after(r.ready("main"), &r.failed("fetch-2")));
                if r.says("all three have ended") {
                    return r.while_(ready, |now| now.stands(r, "fetch-*", Stands::Over) == 3);
                }
                let wait = r.while_(ready.clone(), |now| now.stands(r, "fetch-*", Stands::Waits) == 2);
                if r.says("two fetches still wait") { wait } else { ready }
            }),
            ("`main` has caught the error, and prints it. The others know nothing of it.", |r| {
                let caught = r.printed("Caught an exception: *");
                let has_asked = !before(r.asked_to_end("fetch-*"), &caught).is_empty();
                where_(has_asked == r.says("has cancelled"), caught)
            }),
            ("`main` has returned, so the run is over.", |r| {
                let [one, three] = ["fetch-1", "fetch-3"].map(|name| r.dropped(name));
                let caught = r.printed("Caught an exception: *");
                if r.says("No result was lost") {
                    return where_(r.printed("Got data *").len() == 2, after(r.printed("Got data 3"), &caught));
                }
                if r.says("The others have run on") {
                    let [one, three] = ["Data 1 *", "Data 3 *"].map(|line| after(r.printed(line), &caught));
                    return where_(!one.is_empty() && one < three, one);
                }
                let dropped = where_(one < three, one);
                if r.says("`main` has returned") {
                    after(dropped, &r.returned("main"))
                } else {
                    before(dropped, &r.returned("main"))
                }
            }),
        ],
        answer: |r| r.when(&r.printed("Caught*")).unwrap().to_string(),
        values: |_| Vec::new(),
    },
    Judge {
        id: "task-group",
        base: &[],
        steps: &[
            ("`main` has started all three, and waits at the end of the group.", |r| {
                let mark = if r.says("with `gather`") { "gather" } else { "group" };
                let waits = r.waits("main", mark);
                where_(before(r.spawned("*"), &waits).len() == 4, waits)
            }),
            ("`orders` fails, and has hung up on its way out.", |r| {
                after(r.failed("orders"), &r.printed("orders: hangs up"))
            }),
            ("The group cancels `stock`, which would have gone on", |r| {
                if r.says("`main`: it is ready") {
                    return r.woken("main", "orders");
                }
                let asked = r.asked_to_end("stock");
                let more = |asked: &usize| r.time("stock").since(r.at(*asked));
                asked.into_iter().filter(|asked| r.says(&format!("another {}", more(asked)))).collect()
            }),
            ("`stock` has hung up, and its task has ended.", |r| {
                if r.says("reaches `main`") {
                    return r.printed("main: *");
                }
                after(r.dropped("stock"), &r.printed("stock: hangs up"))
            }),
            ("No task is left in the group. Only now does the error reach `main`.", |r| {
                let error = first(r.printed("main: *"));
                if r.says("No task is left") {
                    let parts = ["users", "orders", "stock"].map(|name| now_over(r, &error, name));
                    return where_(parts == [true; 3], error);
                }
                if r.says("until the run ends") {
                    return after(r.dropped("stock"), &r.returned("main"));
                }
                after(r.printed("stock: loaded"), &error)
            }),
        ],
        answer: |r| {
            let stock = before(r.printed("stock: hangs up"), &r.printed("main: *"));
            (if stock.is_empty() { "the error" } else { "stock hanging up" }).into()
        },
        values: |_| Vec::new(),
    },
    Judge {
        id: "deadlock",
        base: &[],
        steps: &[
            ("The first transfer, `ann-to-bob`, has locked Ann's account, `account-ann`.", |r| {
                first(r.held("account-ann", "ann-to-bob"))
            }),
            ("The second has locked Bob's.", |r| {
                if r.says("empty-handed") {
                    let waits = r.waits_for("bob-to-ann", "account-ann");
                    where_(before(r.held("account-bob", "bob-to-ann"), &waits).is_empty(), waits)
                } else {
                    r.held("account-bob", "bob-to-ann")
                }
            }),
            ("The first waits for Bob's account, which the second holds.", |r| {
                let waits = r.waits_for("ann-to-bob", "account-bob");
                if r.says("locks it") {
                    r.held("account-bob", "ann-to-bob")
                } else {
                    r.while_(waits, |now| holds(r, now, "account-bob", "bob-to-ann"))
                }
            }),
            ("The second waits for Ann's account, which the first holds.", |r| {
                let waits = r.waits_for("bob-to-ann", "account-ann");
                if r.says("releases both") {
                    passes_on(r)
                } else {
                    r.while_(waits, |now| holds(r, now, "account-ann", "ann-to-bob"))
                }
            }),
            ("Nothing is ready and no timer is set", |r| {
                if r.says("Both are done") { r.printed("main: both are done") } else { r.deadlock() }
            }),
        ],
        answer: |r| r.printed("*: done").len().to_string(),
        values: |_| Vec::new(),
    },
    Judge {
        id: "lost-wakeup",
        base: &[],
        steps: &[
            ("`early` is here before the bread, and waits.", |r| {
                let waits = before(first(waits_for_news(r, "*")), &r.printed("baker: there is bread"));
                waits.into_iter().filter(|wait| r.says(&format!("`{}`", r.who(*wait)))).collect()
            }),
            ("The bread is ready. The baker notifies everyone", |r| {
                let bread = r.printed("baker: there is bread");
                let no_one = before(waits_for_news(r, "*"), &bread).is_empty();
                where_(no_one == r.says("which is no one"), bread)
            }),
            ("`early` was woken, and buys bread.", customer),
            ("`late` is here, and waits for a notification", customer),
            ("No task is left to notify it, and the run ends here", |r| {
                let served = r.printed("*: buys bread").len();
                if r.says("Everyone has bread") {
                    return where_(served == 2, r.printed("main: the shop closes"));
                }
                where_(r.says("notify them") == (served == 0), r.deadlock())
            }),
        ],
        answer: |r| r.printed("*: buys bread").len().to_string(),
        values: |_| Vec::new(),
    },
];

/// Those of these events that are of timers of that purpose.
fn timers(r: &Reading, events: Events, purpose: TimerPurpose) -> Events {
    events.into_iter().filter(|event| r.timer_at(*event).is_some_and(|timer| timer.purpose == purpose)).collect()
}

/// Whether a task was over at the first of these events.
fn now_over(r: &Reading, event: &[usize], name: &str) -> bool {
    !before(r.ended(name), event).is_empty()
}

fn holds(r: &Reading, now: &super::reading::Now, lock: &str, name: &str) -> bool {
    matches!(now.things.get(lock), Some(ResourceState::Lock { holder: Some(holder) }) if r.task(*holder) == name)
}

/// Where Ann's account passes to the second transfer, once the first has released both.
fn passes_on(r: &Reading) -> Events {
    let passed = r.held("account-ann", "bob-to-ann");
    where_(!before(r.printed("ann-to-bob: done"), &passed).is_empty(), passed)
}

fn waits_for_news(r: &Reading, name: &str) -> Events {
    either(r.waits(name, "wait"), r.waits(name, "wait-if-none"))
}

/// What becomes of the customer that the text names.
fn customer(r: &Reading) -> Events {
    let name = if r.says("`late`") { "late" } else { "early" };
    let (buys, bread) = (r.printed(&format!("{name}: buys bread")), r.printed("baker: there is bread"));
    let waits = waits_for_news(r, name);
    if r.says("already been sent") {
        return where_(buys.is_empty(), after(waits, &bread));
    }
    let was_woken = !before(waits, &bread).is_empty();
    where_(was_woken == r.says("was woken") && was_woken != r.says("without waiting"), after(buys, &bread))
}
