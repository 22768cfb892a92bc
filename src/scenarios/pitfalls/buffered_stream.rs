//! Fetches begun ahead inside one task, which stand still while that task awaits something else.

use crate::runtime::{Label as _, frame, say, sleep, spawn};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

type Fetch = Pin<Box<dyn Future<Output = u32>>>;

const STEP: Duration = Duration::from_millis(500);

async fn fetch(page: u32) -> u32 {
    sleep(STEP).await; //~ connect
    sleep(STEP).await; //~ read
    say!("page {page}: fetched"); //~ fetched
    page
}

// The first that is done. They run in here, and nowhere else.
async fn next(ahead: &mut Vec<Fetch>) -> u32 {
    let first = poll_fn(|cx| {
        for place in 0..ahead.len() {
            if let Poll::Ready(page) = ahead[place].as_mut().poll(cx) {
                drop(ahead.remove(place));
                return Poll::Ready(page);
            }
        }
        Poll::Pending
    });
    first.named("the first of them").await //~ next-of-them
}

async fn main(pages: u32, window: usize, run_as: &str, storing: Duration) {
    let mut fetches = (1..=pages).map(|page| -> Fetch {
        if run_as == "tasks" {
            Box::pin(spawn(format!("fetch-{page}"), fetch(page))) //~ spawn
        } else {
            Box::pin(frame!(fetch(page))) //~ future
        }
    });
    let mut ahead: Vec<Fetch> = fetches.by_ref().take(window).collect();
    while !ahead.is_empty() {
        let page = frame!(next(&mut ahead)).await; //~ next
        ahead.extend(fetches.next()); //~ refill
        sleep(storing).await; //~ store
        say!("page {page}: stored"); //~ stored
    }
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/buffered-stream.md")),
    params: &[
        Param { name: "pages", label: "pages", bounds: Bounds::Count { min: 1, max: 10_000, default: 4 } },
        Param { name: "window", label: "fetches ahead", bounds: Bounds::Count { min: 1, max: 10_000, default: 2 } },
        Param { name: "as", label: "fetches are", bounds: Bounds::Choice { of: &["futures", "tasks"] } },
        Param { name: "storing", label: "time to store", bounds: Bounds::millis(1000) },
    ],
    rust: Source::rust("buffered_stream.rs", include_str!("buffered_stream.rs")).naming(&[("as", "run_as")]),
    python: Source::python("buffered_stream.py", include_str!("../../../assets/python/buffered_stream.py"))
        .naming(&[("as", "run_as")]),
    ..Scenario::new("buffered-stream", "A starved stream (buffered futures)", |params| {
        let (pages, window) = (params.count("pages"), params.count("window") as usize);
        Program::on_loop(main(pages, window, params.choice("as"), params.time("storing")))
    })
};
