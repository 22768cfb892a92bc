//! The timeline as an SVG: what lies outside of the part that is asked for is not in it, and times stand where they belong.

mod support;

use loopscope::event::Nanos;
use loopscope::trace::Record;
use loopscope::trace::export::svg;
use support::run_scenario;

fn part(record: &Record, from: u64, to: u64) -> String {
    let mut out = Vec::new();
    svg::write_part(record, Nanos(from * 1_000_000), Nanos(to * 1_000_000), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Ten requests of a second each, three at a time: the first three end at 1 s, the last one at 4 s.
fn record() -> loopscope::session::Session {
    run_scenario("semaphore", &[])
}

#[test]
fn a_part_shows_who_was_there_then_at_true_times() {
    let session = record();
    let shown = part(session.record(), 1500, 2500);
    for gone in ["fetch-0", "fetch-1", "fetch-2"] {
        assert!(!shown.contains(&format!(">{gone}<")), "{gone} ended before it");
    }
    for there in ["main", "fetch-3", "fetch-9"] {
        assert!(shown.contains(&format!(">{there}<")), "{there} was there");
    }
    // A fifth of the second is 206 of its 1,030 columns.
    for (x, time) in [("253.0", "1.6 s"), ("459.0", "1.8 s"), ("665.0", "2 s"), ("1077.0", "2.4 s")] {
        let tick = format!("<text x=\"{x}\" y=\"22\" text-anchor=\"middle\">{time}</text>");
        assert!(shown.contains(&tick), "{tick} in {shown}");
    }
    assert!(!shown.contains(">1 s<") && !shown.contains(">3 s<"));
    // At 2 s, in the middle, three requests end and three go on: each is polled once then.
    let polls = shown.lines().filter(|line| line.contains("fill=\"#0c3866\""));
    let places: Vec<&str> = polls.map(|line| line.split(" x=\"").nth(1).unwrap().split('"').next().unwrap()).collect();
    assert_eq!(places, ["665"; 6]);
}

#[test]
fn the_whole_is_the_part_from_start_to_end_and_either_order_is_one() {
    let session = record();
    let mut whole = Vec::new();
    svg::write(session.record(), &mut whole).unwrap();
    let whole = String::from_utf8(whole).unwrap();
    assert_eq!(part(session.record(), 0, 4000), whole);
    assert_eq!(part(session.record(), 4000, 0), whole);
    for time in ["0 s", "2 s", "4 s"] {
        assert!(whole.contains(&format!(">{time}</text>")), "{time}");
    }
}

#[test]
fn a_part_without_length_or_behind_the_end_is_a_picture_too() {
    let session = record();
    for (from, to) in [(1000, 1000), (4000, 4000), (9000, 9500), (0, u64::MAX / 1_000_000)] {
        let shown = part(session.record(), from, to);
        assert!(shown.starts_with("<svg") && shown.ends_with("</svg>\n"));
        assert!(shown.lines().count() < 2000, "from {from} ms to {to} ms");
    }
    assert!(!part(session.record(), 9000, 9500).contains("fetch"));
}
