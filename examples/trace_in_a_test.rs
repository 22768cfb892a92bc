//! The record as a test sees it: not only what a program gives, but what its tasks did on the way.
//!
//! Run it with `cargo test --no-default-features --example trace_in_a_test`. On the virtual clock such a test takes no time
//! and comes out the same always.

use loopscope::event::Event;
use loopscope::runtime::{EventLoop, RunError, busy, gather, sleep, spawn};
use loopscope::trace::{Diagnosis, Limits, Record, Wording, diagnose};
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The program under test: a page is asked for and then rendered, which takes the processor.
async fn page(number: u64, render: Duration) -> u64 {
    sleep(Duration::from_millis(100 * number)).await;
    busy(render);
    number
}

async fn pages(render: Duration) -> u64 {
    let pages = (1..=3).map(|number| spawn(format!("page-{number}"), page(number, render)));
    gather(pages).await.into_iter().sum()
}

/// Runs a program and gives what it gave, with its record.
fn recorded<T: 'static>(main: impl Future<Output = T> + 'static) -> (Result<T, RunError>, Record) {
    let record = Arc::new(Mutex::new(Record::default()));
    let sink = {
        let record = Arc::clone(&record);
        move |chunk: &mut Vec<Event>| {
            let mut record = record.lock().expect("no sink panics");
            chunk.drain(..).for_each(|event| record.push(event));
        }
    };
    let output = EventLoop::new().sink(sink).run(main);
    let record = std::mem::take(&mut *record.lock().expect("no sink panics"));
    (output, record)
}

/// What somebody should look into.
fn findings(record: &Record) -> Vec<Diagnosis> {
    diagnose(record, Limits::default(), &Wording::default())
}

fn main() {
    for millis in [5, 150] {
        let (sum, record) = recorded(pages(Duration::from_millis(millis)));
        println!("{millis} ms to render: {sum:?} after {}", record.log().end());
        findings(&record).iter().for_each(|found| println!("  {}", found.cause));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use loopscope::event::Nanos;
    use loopscope::trace::{Ending, Stats};

    #[test]
    fn the_pages_are_fetched_side_by_side() {
        let (sum, record) = recorded(pages(Duration::from_millis(5)));
        assert_eq!(sum, Ok(6));
        // One after the other they would take 600 ms.
        assert_eq!(record.log().end(), Nanos::from_millis(305));
        assert_eq!(Stats::of(&record).ended(Ending::Returned), 4);
    }

    #[test]
    fn quick_rendering_holds_nobody_up_and_slow_rendering_does() {
        let (_, record) = recorded(pages(Duration::from_millis(5)));
        assert!(findings(&record).is_empty());
        let (_, record) = recorded(pages(Duration::from_millis(150)));
        let found = findings(&record);
        assert!(found.iter().any(|found| found.cause.contains("page-1")), "{found:?}");
    }
}
