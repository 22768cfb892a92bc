//! No screen of a lesson, and nothing that is told of its run, has a time with more digits than anybody reads.
#![cfg(feature = "gui")]

#[path = "support/steps.rs"]
mod steps;
mod support;
#[path = "support/window.rs"]
mod window;

use egui::{Key, Theme};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use loopscope::app::Show;
use loopscope::scenarios;
use loopscope::trace::{Limits, Stats, Wording, diagnose, explain, explain_end, sentence};
use support::{events, run_scenario};
use window::{SIZE, show};

/// The times of a text that have more than three digits and are no whole number of milliseconds.
fn too_fine(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_unit =
        |word: &str| ["s", "ms", "µs", "ns"].contains(&word.trim_end_matches(|end: char| !end.is_alphabetic()));
    let times = words.windows(2).filter(|pair| is_unit(pair[1]));
    let numbers = times.map(|pair| (pair[0].trim_start_matches(|first: char| !first.is_ascii_digit()), pair));
    let fine = numbers.filter(|(number, pair)| {
        let Some((whole, part)) = number.split_once('.') else { return false };
        let is_number = [whole, part].iter().all(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()));
        let digits = format!("{whole}{part}").trim_start_matches('0').len();
        let is_exact = pair[1].starts_with('s') && part.len() <= 3;
        is_number && digits > 3 && !is_exact
    });
    fine.map(|(_, pair)| pair.join(" ")).collect()
}

#[test]
fn what_is_too_fine_is_seen() {
    assert_eq!(too_fine("it ran for 49.99979 ms, from 0.388842 s on"), ["49.99979 ms,", "0.388842 s"]);
    assert!(too_fine("at 1.005 s for 45.6 ms, 742 ns late (0.389 s) in 4.9999 pieces").is_empty());
}

#[test]
fn nothing_that_is_told_of_a_run_has_a_time_of_more_digits_than_are_read() {
    let wording = Wording::default();
    for scenario in scenarios::all() {
        let session = run_scenario(scenario.id, &[]);
        let record = session.record();
        // What a program prints is its own affair.
        let told = events(record)
            .into_iter()
            .filter(|event| !matches!(event.kind, loopscope::event::EventKind::Printed { .. }));
        let mut texts: Vec<String> = told.map(|event| sentence(record, &event, &wording)).collect();
        for lane in record.lanes() {
            texts.extend(lane.spans().map(|span| explain(record, lane.task(), &span, &wording)));
            texts.extend(explain_end(record, lane.task(), &Wording::default()));
        }
        texts.extend(diagnose(record, Limits::default(), &wording).into_iter().map(|found| found.cause));
        texts.extend(Stats::of(record).lines(record).into_iter().map(|(_, value)| value));
        let fine: Vec<_> = texts.iter().filter(|text| !too_fine(text).is_empty()).collect();
        assert!(fine.is_empty(), "{}: {fine:#?}", scenario.id);
    }
}

#[test]
fn no_screen_of_a_lesson_has_a_time_of_more_digits_than_are_read() {
    for scenario in scenarios::all() {
        let session = run_scenario(scenario.id, &[]);
        let mut harness = show(Show::Run(Box::new(session)), Theme::Dark, SIZE);
        // The first task is selected: the inspector shows it.
        harness.key_press(Key::ArrowDown);
        harness.run_steps(3);
        for _ in 0..3 {
            let nodes = harness.query_all_by(|node| {
                let texts = [node.label(), node.value()].into_iter().flatten();
                texts.filter(|text| !text.contains("print")).any(|text| !too_fine(&text).is_empty())
            });
            let fine: Vec<_> =
                nodes.map(|node| (node.accesskit_node().label(), node.accesskit_node().value())).collect();
            assert!(fine.is_empty(), "{}: {fine:#?}", scenario.id);
            harness.key_press(Key::ArrowLeft);
            harness.run_steps(2);
        }
    }
}
