//! Moments: each statement comes where it should in a real run, wrong ones are explained, and no text makes the reader panic.

mod support;

use loopscope::moment::{Expr, Facts, Marks, Moment, Reckoner, Template, Value};
use loopscope::runtime::sync::{Lock, Queue, Semaphore};
use loopscope::runtime::{busy, gather, say, sleep, spawn, spawn_blocking, yield_now};
use loopscope::session::{comings, search, search_back};
use loopscope::trace::{Record, Wording, sentence};
use std::num::NonZeroU32;
use std::time::Duration;
use support::{record, run_scenario};

const SECOND: Duration = Duration::from_secs(1);

/// Three fetches for two permits; each stores its result under a lock and in a queue.
fn fetches() -> Record {
    record(async {
        let gate = Semaphore::new("gate", 2);
        let book = Lock::new("book");
        let queue = Queue::bounded("queue", NonZeroU32::MIN);
        let fetches = (1..=3).map(|number| {
            let (gate, book, queue) = (gate.clone(), book.clone(), queue.clone());
            spawn(format!("fetch-{number}"), async move {
                let _permit = gate.acquire().await;
                say!("fetching {number}");
                sleep(SECOND * number).await;
                let _page = book.acquire().await;
                yield_now().await;
                if number == 1 {
                    queue.put(number).await;
                }
                say!("fetched {number}");
            })
        });
        gather(fetches).await;
        queue.get().await;
        spawn_blocking("compress", || ()).await;
        busy(Duration::from_millis(300));
        say!("all done");
    })
    .1
}

/// At which events a moment comes, as times and sentences.
fn told(record: &Record, moment: &str) -> Vec<String> {
    let moment: Moment = moment.parse().unwrap_or_else(|error| panic!("{error}"));
    let events = comings(record, &moment, &Marks::default()).map(|index| record.log().get(index).unwrap());
    events.map(|event| format!("{}: {}", event.at, sentence(record, &event, &Wording::default()))).collect()
}

#[track_caller]
fn comes(record: &Record, moment: &str, count: usize, first: &str) {
    let told = told(record, moment);
    assert_eq!(told.len(), count, "{moment}: {told:#?}");
    assert!(told.first().is_none_or(|told| told.contains(first)), "{moment}: {told:#?}");
}

#[test]
fn every_statement_on_a_task_comes_where_it_happens() {
    let record = fetches();
    comes(&record, "fetch-2 spawned", 1, "0 s: main spawns fetch-2");
    comes(&record, "each fetch-* spawned", 3, "fetch-1");
    comes(&record, "fetch-* returns", 3, "1 s: fetch-1");
    comes(&record, "main done", 1, "main returns");
    comes(&record, "any task failed or any task panicked or any task cancelled", 0, "");
    comes(&record, "fetch-3 waits for gate", 1, "0 s: fetch-3");
    comes(&record, "fetch-3 goes on", 2, "1 s: fetch-3");
    comes(&record, "fetch-* waits for timer", 3, "0 s: fetch-1");
    comes(&record, "main waits for tasks", 1, "0 s: main");
    comes(&record, "main waits for job", 1, "main");
    comes(&record, "fetch-3 woken by fetch-1", 1, "1 s: fetch-3");
    comes(&record, "fetch-1 wakes fetch-3", 1, "1 s: fetch-3");
    comes(&record, "main spawns fetch-*", 3, "fetch-1");
    comes(&record, "printed \"fetched *\"", 3, "fetched 1");
    comes(&record, "fetch-2 prints \"*2\"", 2, "fetching 2");
    comes(&record, "fetch-* timer fires", 3, "1 s");
    comes(&record, "late by > 0", 0, "");
    comes(&record, "any task yields", 3, "fetch-1");
    comes(&record, "main computes", 1, "main");
    comes(&record, "fetch-3 waited > 2 s", 1, "4 s: fetch-3");
    comes(&record, "any task ran >= 300 ms", 1, "main");
    comes(&record, "the 2nd fetch-* to wait for timer", 1, "0 s: fetch-2");
    comes(&record, "each fetch-* done", 1, "4 s: fetch-3");
    comes(&record, "last fetch-* done", 1, "4 s: fetch-3");
    comes(&record, "first fetch-* done", 1, "fetch-1");
    comes(&record, "main suspends", 2, "0 s: main");
}

#[test]
fn every_statement_on_other_things_comes_where_it_begins_to_hold() {
    let record = fetches();
    comes(&record, "gate full", 1, "0 s");
    comes(&record, "gate free = 1", 2, "0 s");
    comes(&record, "book held", 3, "1 s");
    comes(&record, "book held by fetch-2", 1, "2 s");
    comes(&record, "gate held by fetch-3", 1, "1 s");
    comes(&record, "queue full", 1, "1 s");
    comes(&record, "queue empty", 1, "4 s");
    comes(&record, "queue length >= 1", 1, "1 s");
    comes(&record, "queue changes", 2, "1 s");
    comes(&record, "compress job starts", 1, "compress");
    comes(&record, "compress job done", 1, "compress");
    comes(&record, "idle", 3, "0 s");
    comes(&record, "run ends", 1, "the run is over");
    comes(&record, "clean-up", 1, "4.3 s");
    comes(&record, "deadlock", 0, "");
    comes(&record, "ready > 2", 1, "0 s");
    comes(&record, "waiting = 4", 2, "0 s");
    comes(&record, "iteration = 2", 1, "iteration");
    comes(&record, "at 1.5 s", 1, "2 s");
}

#[test]
fn statements_are_joined_to_moments() {
    let record = fetches();
    comes(&record, "fetch-1 done then fetch-2 done", 1, "2 s: fetch-2");
    comes(&record, "fetch-2 done then fetch-1 done", 0, "");
    comes(&record, "printed \"fetching *\" and not gate full", 1, "fetching 1");
    comes(&record, "fetch-1 done and fetch-2 done", 1, "2 s: fetch-2");
    comes(&record, "(fetch-1 done or fetch-2 done) and main waits for tasks", 2, "fetch-1");
    comes(&record, "not gate full", 1, "2 s");
    comes(&record, "not each fetch-* ready", 3, "0 s: main spawns fetch-2");
    comes(&record, "fetch-3 waits and gate full", 2, "0 s: fetch-3");
    comes(&record, "main waits and not main runs", 2, "0 s: main gives");
}

#[test]
fn a_search_goes_on_from_where_one_is() {
    let record = fetches();
    let moment: Moment = "printed \"fetched *\"".parse().unwrap();
    let all: Vec<_> = comings(&record, &moment, &Marks::default()).collect();
    assert_eq!(search(&record, &moment, &Marks::default(), all[0] + 1), Some(all[1]));
    assert_eq!(search(&record, &moment, &Marks::default(), all[2] + 1), None);
    assert_eq!(search_back(&record, &moment, &Marks::default(), all[2]), Some(all[1]));
    assert_eq!(search_back(&record, &moment, &Marks::default(), all[0]), None);
}

#[test]
fn a_deadlock_comes_once_and_marks_name_lines() {
    let session = run_scenario("deadlock", &[]);
    comes(session.record(), "deadlock", 1, "");
    let marks = session.plan().scenario.rust.marks();
    for moment in ["bob-to-ann waits at second", "bob-to-ann waits at deadlock.rs:*"] {
        assert!(search(session.record(), &moment.parse().unwrap(), &marks, 0).is_some(), "{moment}");
    }
}

#[test]
fn facts_of_a_run_are_reckoned() {
    let record = fetches();
    let value = |text: &str| {
        let expr = Expr::parse(text, &[]).unwrap_or_else(|error| panic!("{error}"));
        let mut reckoner = Reckoner::new(expr.asks(), &Marks::default());
        record.log().iter_from(0).for_each(|event| reckoner.push(&event));
        let mut facts = Facts::default();
        facts.note(reckoner.known());
        expr.value(&facts).to_string()
    };
    for (text, expected) in [
        ("elapsed", "4.3 s"),
        ("elapsed - time of (fetch-1 done)", "3.3 s"),
        ("time of last (printed \"fetched *\")", "4 s"),
        ("count of (printed \"*\")", "7"),
        ("count of (printed \"*\") before (fetch-2 prints \"*\")", "1"),
        ("count of tasks (fetch-* waits for gate)", "1"),
        ("happens (gate full)", "yes"),
        ("happens (gate full) and happens (deadlock)", "no"),
        ("name of (printed \"fetched *\" then printed \"fetched *\")", "fetch-2"),
        ("part(text of last (printed \"fetched *\"), \"fetched *\")", "3"),
        ("number(part(\"a 12 b 3\", \"a * b *\", 2)) + 1", "4"),
        ("tasks", "4"),
        ("tasks of fetch-*", "3"),
        ("running of main", "0.3 s"),
        ("longest poll of any task", "0.3 s"),
        ("ready of fetch-1", "0 s"),
        ("waiting of fetch-1", "1 s"),
        ("at once", "1"),
        ("if happens (deadlock) then 1 else 2", "2"),
        ("time of (deadlock)", "…"),
        ("min(3, max(1, 2)) * ceil(7 / 3)", "6"),
        ("7 % 4 = 3 and not (1 > 2)", "yes"),
        ("3 * 500 ms", "1.5 s"),
        ("-2 + 3 * 2", "4"),
        ("words(3)", "three"),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
    assert!(value("polls").parse::<usize>().unwrap() > 7 && value("iterations").parse::<usize>().unwrap() > 4);
}

/// Wrong moments, what is said of them, and what is proposed.
const WRONG: [(&str, &str, Option<&str>); 12] = [
    ("fetch-3 spawn", "here comes the name of a task", None),
    ("gate ful", "`ful` is nothing that happens to a task or a shared thing", Some("full")),
    ("fetch-* wait for", "here comes what it waits for", None),
    ("printed fetched", "the line that is printed goes in quotes", Some("\"fetched*\"")),
    ("late by > 5", "a time needs a unit", Some("5 ms")),
    ("not fetch-1 yields", "`not` needs what holds for a while", None),
    ("ready > many", "here comes a number", None),
    ("the fetch-1 done", "here comes which one, such as `4th`", None),
    ("(gate full", "a `)` is missing here", None),
    ("printed \"done", "this quotation has no end", None),
    ("fetch-1 done adn gate full", "`adn` makes no sense here", Some("and")),
    ("deadlok", "nothing is said of deadlok", Some("deadlock")),
];

#[test]
fn wrong_moments_are_explained_at_the_place() {
    for (text, message, proposal) in WRONG {
        let error = text.parse::<Moment>().expect_err(text);
        assert!(error.message.starts_with(message), "{error}");
        assert_eq!(error.proposal.as_deref(), proposal, "{error}");
        let shown = error.to_string();
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines.len() == 3 && lines[1].ends_with(text) && lines[2].contains('^'), "{shown}");
        println!("{shown}\n");
    }
}

/// A generator of numbers that a seed determines.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

const WORDS: [&str; 62] = [
    "fetch-*",
    "gate",
    "waits",
    "for",
    "any",
    "task",
    "each",
    "the",
    "4th",
    "to",
    "full",
    "free",
    ">",
    ">=",
    "3",
    "500 ms",
    "then",
    "and",
    "or",
    "not",
    "(",
    ")",
    "printed",
    "\"a*b\"",
    "\"",
    "at",
    "2.5 s",
    "idle",
    "deadlock",
    "run",
    "ends",
    "late",
    "by",
    "ready",
    "running",
    "done",
    "woken",
    "timer",
    "fires",
    "held",
    "length",
    "iteration",
    "if",
    "else",
    "time of",
    "count of",
    "min(",
    ",",
    "elapsed",
    "{",
    "}",
    "{if ",
    "{else}",
    "{end}",
    "é",
    "\u{202e}",
    "\n",
    "-1",
    "1e999",
    "99999999999",
    "happens",
    "name",
];

#[test]
fn no_text_makes_the_reader_panic() {
    let count = std::env::var("LOOPSCOPE_MOMENTS").ok().and_then(|count| count.parse().ok()).unwrap_or(20_000);
    let record = fetches();
    let events: Vec<_> = record.log().iter_from(0).collect();
    let valid =
        ["the 4th fetch-* to wait for gate then gate free", "printed \"a*\" and not (main waits for timer at x)"];
    let mut read = 0;
    for seed in 0..count {
        let mut dice = Dice(seed);
        let text = if dice.roll(2) == 0 {
            (0..dice.roll(12)).map(|_| WORDS[dice.roll(WORDS.len())]).collect::<Vec<_>>().join(" ")
        } else {
            // A valid one with some letters lost, doubled or changed.
            let mut letters: Vec<char> = valid[dice.roll(valid.len())].chars().collect();
            for _ in 0..=dice.roll(4) {
                let place = dice.roll(letters.len());
                match dice.roll(3) {
                    0 => drop(letters.remove(place)),
                    1 => letters.insert(place, letters[place]),
                    _ => letters[place] = ['"', '(', ')', ' ', '>', '*', 'é', '0', '{'][dice.roll(9)],
                }
            }
            letters.into_iter().collect()
        };
        match text.parse::<Moment>() {
            Ok(moment) => {
                read += 1;
                if read % 50 == 0 {
                    let mut watch = loopscope::moment::Watch::new(&moment, &Marks::default());
                    for event in &events {
                        watch.push(event);
                    }
                }
            }
            Err(error) => assert!(text.get(error.span.clone()).is_some() && !error.to_string().is_empty(), "{text}"),
        }
        let _: Option<Value> = Expr::parse(&text, &["permits"]).ok().map(|expr| expr.value(&Facts::default()));
        let _: Option<String> =
            Template::parse(&text, &["permits"]).ok().map(|template| template.render(&Facts::default()));
    }
    assert!(read > count as usize / 100, "{read} of {count} are moments");
    for deep in ["not ".repeat(500), "(".repeat(500), "-".repeat(500), "{if a}".repeat(500), "a or ".repeat(600)] {
        assert!(deep.parse::<Moment>().is_err());
        assert!(Expr::parse(&deep, &[]).is_err() && (Template::parse(&deep, &["a"]).is_err() || !deep.contains('{')));
    }
}
