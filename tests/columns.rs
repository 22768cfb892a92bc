//! The level of detail of a lane: whatever the zoom, the columns add up to the exact whole.

mod support;

use fastrand::Rng;
use loopscope::event::Nanos;
use loopscope::runtime::sync::Semaphore;
use loopscope::runtime::{busy, gather, sleep, spawn, yield_now};
use loopscope::trace::{Lane, Record, SpanState};
use std::time::Duration;
use support::{for_seeds, record};

/// A run whose tasks change their state at random.
fn random_run(seed: u64) -> Record {
    // Some lanes are short, some have many blocks of spans.
    let lengths = if seed.is_multiple_of(3) { 1000 } else { 60 };
    let micros = |rng: &mut Rng, most: u64| Duration::from_micros(rng.u64(0..most));
    let (result, record) = record(async move {
        let permits = Semaphore::new("permits", 2);
        let tasks: Vec<_> = (0..6)
            .map(|number| {
                let (mut rng, permits) = (Rng::with_seed(seed * 10 + number), permits.clone());
                spawn(format!("task {number}"), async move {
                    for _ in 0..rng.u32(1..lengths) {
                        match rng.u8(0..4) {
                            0 => sleep(micros(&mut rng, 500)).await,
                            1 => busy(micros(&mut rng, 200)),
                            2 => yield_now().await,
                            _ => {
                                let _permit = permits.acquire().await;
                                sleep(micros(&mut rng, 50)).await;
                            }
                        }
                    }
                })
            })
            .collect();
        gather(tasks).await;
    });
    result.unwrap();
    record
}

/// The exact time in each state between two instants, and the spans that begin there, span by span.
fn exact(lane: &Lane, start: Nanos, end: Nanos, edge: Nanos) -> ([u64; 3], usize) {
    let mut times = [0; 3];
    for span in lane.spans() {
        let (from, to) = (span.start.max(start), span.end_or(edge).min(end));
        times[span.state as usize] += to.since(from).0;
    }
    let begins = lane.spans().filter(|span| span.start >= start && span.start <= end);
    (times, begins.count())
}

#[test]
fn at_every_zoom_the_columns_add_up_to_the_exact_whole() {
    for_seeds(40, |seed| {
        let record = random_run(seed);
        let mut rng = Rng::with_seed(seed);
        let edge = record.log().end();
        for lane in record.lanes() {
            for count in [1, 2, 7, 64, 1000] {
                let mut ends = [rng.u64(0..=edge.0), rng.u64(0..=edge.0)];
                ends.sort_unstable();
                let whole_run = rng.bool();
                let [start, end] = if whole_run { [Nanos::ZERO, edge] } else { ends.map(Nanos) };
                let columns = lane.columns(start, end, count, edge);
                let mut sum = [0; 3];
                for column in &columns {
                    for state in [SpanState::Running, SpanState::Ready, SpanState::Waiting] {
                        sum[state as usize] += column.times[state as usize].0;
                    }
                }
                let spans: usize = columns.iter().map(|column| column.spans).sum();
                assert_eq!((sum, spans), exact(lane, start, end, edge), "{count} columns from {start} to {end}");
            }
        }
    });
}

#[test]
fn each_column_of_a_short_lane_is_what_its_own_spans_say() {
    for_seeds(10, |seed| {
        let record = random_run(seed);
        let edge = record.log().end();
        for lane in record.lanes().iter().filter(|lane| lane.len() <= 64) {
            let columns = lane.columns(Nanos::ZERO, edge, 50, edge);
            for (number, column) in columns.iter().enumerate() {
                let border = |column: usize| Nanos((u128::from(edge.0) * column as u128 / 50) as u64);
                let (times, _) = exact(lane, border(number), border(number + 1), edge);
                assert_eq!(column.times.map(|time| time.0), times);
            }
        }
    });
}

#[test]
fn a_column_is_off_by_two_columns_at_most() {
    for_seeds(10, |seed| {
        let record = random_run(seed * 3);
        let edge = record.log().end();
        for lane in record.lanes() {
            for count in [5, 20, 50] {
                let columns = lane.columns(Nanos::ZERO, edge, count, edge);
                let border = |column: usize| Nanos((u128::from(edge.0) * column as u128 / count as u128) as u64);
                let mut sums = [0; 3];
                for (number, column) in columns.iter().enumerate() {
                    (0..3).for_each(|state| sums[state] += column.times[state].0);
                    let (times, _) = exact(lane, Nanos::ZERO, border(number + 1), edge);
                    for state in 0..3 {
                        assert!(sums[state].abs_diff(times[state]) <= 2 * border(1).0, "column {number} of {count}");
                    }
                }
            }
        }
    });
}

#[test]
fn columns_of_events_add_up_to_the_exact_whole() {
    for_seeds(20, |seed| {
        let record = random_run(seed);
        let mut rng = Rng::with_seed(seed);
        let len = record.log().len();
        for lane in record.lanes() {
            for count in [1, 3, 50, 700] {
                let mut borders: Vec<usize> = (0..=count).map(|_| rng.usize(0..=len)).collect();
                borders.sort_unstable();
                let columns = lane.event_columns(&borders);
                assert_eq!(columns.len(), count);
                let (start, end) = (borders[0], borders[count]);
                let mut exact = [0; 3];
                for span in lane.spans() {
                    let last = span.end.map_or(len, |(index, _)| index).min(end);
                    exact[span.state as usize] += last.saturating_sub(span.first.max(start)) as u32;
                }
                let mut sums = [0; 3];
                columns.iter().for_each(|column| (0..3).for_each(|state| sums[state] += column.events[state]));
                assert_eq!(sums, exact, "{count} columns from {start} to {end}");
                let begun = lane.spans().filter(|span| (start..end).contains(&span.first));
                assert_eq!(columns.iter().map(|column| column.spans).sum::<usize>(), begun.clone().count());
                let polls = begun.filter(|span| span.state == SpanState::Running).count();
                assert_eq!(columns.iter().map(|column| column.polls).sum::<usize>(), polls);
            }
        }
    });
}
