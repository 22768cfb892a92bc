//! The lessons on tasks that work together.

use super::judging::Judge;
use super::reading::{Events, Reading, Stands, after, before, either, first, last, where_, word};
use loopscope::event::{EnqueueCause, EventKind, Nanos, ResourceState};

pub(crate) const JUDGES: &[Judge] = &[
    Judge {
        id: "semaphore",
        base: &[],
        steps: &[
            ("All permits are taken.", |r| {
                first(r.becomes("gate", |state| state == ResourceState::Semaphore { free: 0 }))
            }),
            ("The next task finds none, and waits in line.", |r| first(r.waits_for("fetch-*", "gate"))),
            ("A task that is done gives its permit to the first in line.", |r| handed_on(r, "gate", "fetch-*")),
            ("The last one is done: count the waves.", |r| last(r.returned("fetch-*"))),
        ],
        answer: |r| r.end().to_string(),
        values: |r| vec![r.end().to_string(), many(r.count("requests"), r.time("delay"))],
    },
    Judge {
        id: "queue",
        base: &[],
        steps: &[
            ("The first item is put into the queue.", |r| first(r.becomes("queue", |state| state.level() > 0))),
            ("The consumer took it. It now waits for its own timer", |r| first(r.waits("consumer", "consume-sleep"))),
            ("The producer is ahead: two items are in the queue.", |r| {
                // The last thing that is put is no item.
                r.while_(r.printed("Produced *"), |now| now.level("queue") == Some(2))
            }),
            ("The producer is done.", |r| r.returned("producer")),
            ("The consumer has come to the `None`, and is done too.", |r| {
                let all = r.printed("Consumed *").len() == r.count("items");
                where_(all, r.returned("consumer"))
            }),
        ],
        answer: |r| r.end().to_string(),
        values: |_| Vec::new(),
    },
    Judge {
        id: "queue-bounded",
        base: &[],
        steps: &[
            ("The queue is full: two items wait in it.", |r| {
                let size = r.count("size");
                let full = first(r.becomes("queue", |state| state.level() as usize == size));
                where_(r.says(&format!("{} item", word(size))), full)
            }),
            ("The producer has made the next one and finds no place.", |r| first(r.waits("producer", "put"))),
            ("The consumer takes an item, and so wakes the producer.", |r| first(r.woken("producer", "consumer"))),
            ("The item is in at last, later than it was made.", |r| {
                let (waits, goes_on) = (r.waits("producer", "put"), r.goes_on("producer", "put"));
                where_(r.when(&waits) < r.when(&goes_on), first(after(r.printed("Put item *"), &goes_on)))
            }),
            ("The consumer is done with the last item.", |r| {
                let all = r.printed("Took item *").len() == r.count("items");
                where_(all, r.returned("consumer"))
            }),
        ],
        answer: |r| r.when(&last(r.printed("Put item *"))).unwrap().to_string(),
        values: |_| Vec::new(),
    },
    Judge {
        id: "lock",
        base: &[],
        steps: &[
            ("`clerk-1` has the printer.", |r| first(r.held("printer", "clerk-1"))),
            ("The others find it taken. They stand in line, `clerk-2` first.", |r| {
                let others = r.count("clerks") - 1;
                let all = |line: &[&str]| others > 0 && line.len() == others && line[0] == "clerk-2";
                first(r.scan(|now, _, _| all(&now.line(r, "printer"))))
            }),
            ("`clerk-1` releases the lock, and so makes `clerk-2` ready.", |r| {
                let wakes = first(r.woken("clerk-2", "clerk-1"));
                r.while_(wakes, |now| now.things.get("printer") == Some(&ResourceState::Lock { holder: None }))
            }),
            ("In the same turn `clerk-1` asks again. No one holds the lock", |r| {
                let (wakes, waits) = (first(r.woken("clerk-2", "clerk-1")), r.waits_for("clerk-1", "printer"));
                let is_same = !wakes.is_empty() && !waits.is_empty() && r.turn(wakes[0]) == r.turn(waits[0]);
                let asks = where_(is_same, first(waits));
                r.while_(asks, |now| now.things.get("printer") == Some(&ResourceState::Lock { holder: None }))
            }),
            ("Its second page comes when everyone has printed a first.", |r| {
                let second = r.printed("clerk-1 prints page 2");
                let firsts = before(r.printed("* prints page 1"), &second).len();
                where_(firsts == r.count("clerks"), second)
            }),
        ],
        answer: |r| r.lines().get(1).map_or("no one", |line| line.split(' ').next().unwrap()).into(),
        values: |_| Vec::new(),
    },
    Judge {
        id: "event-and-condition",
        base: &[],
        steps: &[
            ("The customers wait for the shop to open.", |r| all_wait_at(r, "wait-open")),
            ("The event is set, once.", |r| r.becomes("open", |state| state == ResourceState::Event { is_set: true })),
            ("That woke all of them. They have come in, and wait again", |r| all_wait_at(r, "wait-next")),
            ("A call notifies one; two still wait.", |r| {
                let (called, all) = (r.count("called"), r.count("customers"));
                let left = all.saturating_sub(called);
                let call = first(after(
                    r.all(|kind| matches!(kind, EventKind::ResourceChanged { resource, .. } if r.thing(*resource) == "next")),
                    &all_wait_at(r, "wait-next"),
                ));
                let is_so = match left {
                    0 => r.says("no one waits any more"),
                    left => {
                        r.says(&format!("notifies {}", word(called))) && r.says(&format!("{} still wait", word(left)))
                    }
                };
                // How many are left shows once the call is over.
                let turn = call.first().map_or(0, |call| r.turn(*call));
                let reached = r.scan(|now, index, _| {
                    r.turn(index) == turn && now.level("next") == Some(u32::try_from(left).unwrap())
                });
                where_(is_so && !call.is_empty(), first(after(reached, &all_wait_at(r, "wait-next"))))
            }),
            ("Each call wakes one more. The last one is served.", |r| last(r.printed("* is served"))),
        ],
        answer: |r| r.when(&last(r.printed("* is served"))).unwrap().to_string(),
        values: |_| Vec::new(),
    },
    Judge {
        id: "wait-first",
        base: &[],
        steps: &[
            ("`main` waits for the first of three.", |r| r.waits("main", "first")),
            ("Mirror 3 is the quickest.", |r| {
                let done = first(r.returned("mirror-*"));
                let number = r.who(done[0]).replace("mirror-", "Mirror ");
                where_(r.says(&number) || r.count("mirrors") == 1, done)
            }),
            ("`main` goes on with one done. The other two are pending", |r| {
                let done = r.printed("Done: *");
                let all = r.count("mirrors");
                let pending = r.line(done[0]).ends_with("Done: 1, pending: 0");
                let is_so = match (r.says("goes on with one done"), all) {
                    (true, 1) => pending,
                    (true, 2) => r.says("The other is pending"),
                    (true, all) => r.says(&format!("The other {} are pending", word(all - 1))),
                    (false, _) => r.line(done[0]) == format!("Done: {all}, pending: 0"),
                };
                let counts = if r.says("goes on with one done") {
                    format!("Done: 1, pending: {}", all - 1)
                } else {
                    r.line(done[0]).into()
                };
                where_(is_so && r.line(done[0]) == counts, done)
            }),
            ("`main` waits for these two, until all have ended.", |r| r.waits("main", "rest")),
            ("The slowest is done.", |r| {
                let left = after(r.dropped("mirror-1"), &r.returned("main"));
                let done =
                    where_(r.when(&r.returned("mirror-*")) < r.when(&r.returned("mirror-1")), r.returned("mirror-1"));
                if r.says("ends where it waits") { left } else { done }
            }),
        ],
        answer: |r| r.printed("Mirror * is done").len().to_string(),
        values: |_| Vec::new(),
    },
    Judge {
        id: "wait-all",
        base: &[],
        steps: &[
            ("`main` waits for all three.", |r| r.waits("main", "wait")),
            ("Fetch 2 has failed. No one is told yet.", |r| {
                let fails = r.failed("fetch-*");
                let unknown = r.while_(fails.clone(), |now| now.stands(r, "main", Stands::Waits) == 1);
                where_(!r.says("No one is told yet") || !unknown.is_empty(), fails)
            }),
            ("Fetch 3 has ended, the last of all: now `main` is ready.", |r| {
                let ready = first(after(r.ready("main"), &r.waits("main", "wait")));
                let still = |now: &super::reading::Now| r.count("fetches") - now.stands(r, "fetch-*", Stands::Over);
                let is_so = |now: &super::reading::Now| match still(now) {
                    0 => !r.says("not done yet"),
                    left => r.says(&format!("while {} ", word(left))) && r.says("not done yet"),
                };
                r.while_(ready, is_so)
            }),
            ("All three are done. Failing is one way of being done.", |r| {
                let done = r.printed("Done: *");
                let (ended, pending) = r.line(done[0])[6..].split_once(", pending: ").unwrap();
                let [ended, pending]: [usize; 2] = [ended, pending].map(|count| count.parse().unwrap());
                let is_so = if r.says("goes on with") {
                    r.says(&format!("with {} done and {} pending", word(ended), word(pending)))
                } else {
                    pending == 0
                };
                where_(is_so && r.says("Failing is") != r.failed("fetch-*").is_empty(), done)
            }),
            ("Asked for its result, fetch 2 gives its error.", |r| first(r.printed("Error: *"))),
        ],
        answer: |r| r.when(&r.printed("Done: *")).unwrap().to_string(),
        values: |r| {
            let pending = r.count("fetches").saturating_sub(r.count("failing"));
            let fails = r.when(&r.failed("fetch-*")).unwrap_or_default();
            vec![pending.to_string(), many(pending, r.time("step")), fails.to_string()]
        },
    },
    Judge {
        id: "as-completed",
        base: &[],
        steps: &[
            ("`main` waits for the next task to end.", |r| first(r.waits("main", "next"))),
            ("Fetch 3, started last, is done first.", |r| {
                let done = r.returned("fetch-*");
                let number = r.who(done[0]).replace("fetch-", "Fetch ");
                let is_one_instant = r.at(done[0]) == r.at(*done.last().unwrap());
                let is_so = r.says(&number) && r.says("in the same instant") == is_one_instant;
                where_(is_so || done.len() == 1, first(done))
            }),
            ("Its end makes `main` ready.", |r| {
                let done = r.returned("fetch-*");
                first(after(r.woken("main", r.who(done[0])), &done))
            }),
            ("`main` has used that result, and waits for the next.", |r| {
                after(r.waits("main", "next"), &r.printed("Result of *"))
            }),
            ("The fetch that was started first comes last.", |r| {
                let comes = last(r.printed("Result of fetch *"));
                let number: usize = r.line(comes[0])["Result of fetch ".len()..].parse().unwrap();
                let is_first = r.says("started first comes last") && number == 1;
                let is_last = r.says("started last comes last") && number == r.count("count");
                where_(is_first || is_last || r.count("count") == 1, comes)
            }),
        ],
        answer: |r| r.line(r.printed("Result of *")[0])["Result of ".len()..].into(),
        values: |_| Vec::new(),
    },
    Judge {
        id: "race",
        base: &[],
        steps: &[
            ("All three are asked. `main` has three timers now.", |r| {
                let asked = r.printed("Asking mirror *");
                let turn = |event: &usize| r.turn(*event) == r.turn(asked[0]);
                let timers =
                    r.all(|kind| matches!(kind, EventKind::TimerArmed { .. })).iter().filter(|set| turn(set)).count();
                let count = word(timers);
                let is_so = !r.says("`main` has") || r.says(&format!("`main` has {count} timer"));
                where_(is_so && asked.len() == r.count("mirrors"), last(asked))
            }),
            ("The timer of mirror 3 is due first.", |r| {
                let number = r.count("mirrors");
                where_(r.says(&format!("mirror {number} ")), first(r.fires("main")))
            }),
            ("Mirror 3 answers.", |r| {
                let answers = r.printed("Mirror * answers");
                where_(r.says(r.line(answers[0])), answers)
            }),
            ("The losers are dropped where they stand, in the same turn", |r| {
                let answers = r.printed("Mirror * answers");
                let mut cancelled = r.timer_cancelled("main");
                cancelled.retain(|timer| r.turn(*timer) == r.turn(answers[0]));
                where_(cancelled.len() == r.count("mirrors") - 1, first(cancelled))
            }),
            ("The run is over. The other mirrors have not answered", |r| {
                where_(r.printed("Mirror * answers").len() == 1, r.run_ends())
            }),
        ],
        answer: |r| r.end().to_string(),
        values: |_| vec!["0".into()],
    },
    Judge {
        id: "stream",
        base: &[],
        steps: &[
            ("`main` asks for the first number, and so enters `numbers`.", |r| first(r.entered("numbers"))),
            ("It is `main` that waits there", |r| {
                let no_lane = r.spawned("*").len() == 1;
                let (waits, yields) = (r.waits("main", "sleep"), r.yields("main"));
                where_(no_lane, first(if r.says("waits") { waits } else { yields }))
            }),
            ("The first number is there.", |r| first(r.printed("Received number: 0"))),
            ("Asked again, it goes on from there, and waits again.", |r| {
                first(after(r.waits("main", "sleep"), &r.printed("Received number: 0")))
            }),
            ("The last number comes.", |r| where_(r.count("count") > 1, last(r.printed("Received number: *")))),
        ],
        answer: |r| r.when(&last(r.printed("Received number: *"))).unwrap().to_string(),
        values: |r| {
            let (make, handle) = (r.time("delay"), r.time("handle"));
            vec![(make + handle).to_string(), (make + Nanos::from_secs(1)).to_string()]
        },
    },
    Judge {
        id: "resource",
        base: &[],
        steps: &[
            ("The connection is open, and is shown as a resource.", |r| is_open(r, true)),
            ("The query waits for its answer.", |r| r.waits("main", "ask")),
            ("The answer was an error, and it leaves the block.", |r| {
                let fails = r.printed("Got the rows").is_empty();
                where_(fails == r.says("was an error"), r.waits("main", "close"))
            }),
            ("The connection is closed.", |r| after(is_open(r, false), &is_open(r, true))),
            ("Only now does the error reach the code", |r| after(r.printed("Caught: *"), &r.printed("Closed"))),
        ],
        answer: |r| r.when(&r.printed("Closed")).unwrap().to_string(),
        values: |_| Vec::new(),
    },
];

/// Where a task passes what it holds to the first in line, and so makes that one ready.
fn handed_on(r: &Reading, thing: &str, by: &str) -> Events {
    let mut line: Vec<String> = Vec::new();
    let events = r.scan(|now, _, event| {
        let was = std::mem::replace(&mut line, now.line(r, thing).into_iter().map(str::to_owned).collect());
        matches!(event.kind, EventKind::Enqueued { task, cause: EnqueueCause::WokenBy(_) }
            if was.first().is_some_and(|first| first == r.task(task)))
    });
    let wakers = r.woken("*", by);
    events.into_iter().filter(|event| wakers.contains(event)).collect()
}

/// Where the last of all customers has come to wait at a line.
fn all_wait_at(r: &Reading, mark: &str) -> Events {
    let waits = either(r.waits("customer-*", mark), Vec::new());
    r.while_(last(waits), |now| now.waiting_at(r, "customer-*", mark) == r.count("customers"))
}

fn is_open(r: &Reading, is_open: bool) -> Events {
    r.becomes("connection", |state| state == ResourceState::Held { is_open })
}

fn many(count: usize, time: Nanos) -> String {
    Nanos(time.0 * count as u64).to_string()
}
