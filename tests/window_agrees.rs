//! The parts of the window agree with each other and with the record, in every lesson: counts are those of what is drawn,
//! there is one time, what woke a task is named, and each wait says how long it has lasted.

#[path = "support/steps.rs"]
mod steps;
#[path = "support/window.rs"]
mod window;

use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use loopscope::app::App;
use loopscope::event::{ClockKind, EnqueueCause, EventKind};
use loopscope::scenarios;
use loopscope::session::Plan;
use loopscope::trace::{EventIndex, Record};
use steps::{labels, open_ran};

/// At so many instants each lesson is looked at.
const INSTANTS: usize = 6;

/// Each lesson on the virtual clock, at several instants from its beginning to its end.
fn at_instants(mut look: impl FnMut(&str, &Harness<'_, App>)) {
    for scenario in scenarios::all().filter(|scenario| Plan::new(scenario).clock == ClockKind::Virtual) {
        let mut harness = open_ran(scenario.id, &[]);
        harness.run_steps(12); // until what became wider or narrower has come to rest
        look(scenario.id, &harness);
        let polls = harness.state().session().unwrap().record().edge().polls;
        for _ in 1..INSTANTS {
            for _ in 0..(polls / INSTANTS).clamp(1, 40) {
                harness.key_press(Key::PageUp);
                harness.run_steps(1);
            }
            harness.run_steps(12);
            look(scenario.id, &harness);
        }
    }
}

fn count(text: &str) -> usize {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_default()
}

/// How many words that are written begin so.
fn written(harness: &Harness<'_, App>, start: &str) -> usize {
    harness.query_all_by(|node| node.value().is_some_and(|value| value.starts_with(start))).count()
}

/// The number in the heading of a box; 0 where it has none.
fn heading(harness: &Harness<'_, App>, title: &str) -> usize {
    let is_it = |value: &String| value == title || value.starts_with(&format!("{title} · "));
    let node = harness.query_all_by(|node| node.value().is_some_and(|value| is_it(&value))).next();
    count(&node.unwrap_or_else(|| panic!("no {title}")).value().unwrap())
}

#[test]
fn as_many_chips_stand_in_each_box_as_its_heading_says() {
    at_instants(|id, harness| {
        let chips = labels(harness, "chip ");
        let of = |state: &str| chips.iter().filter(|chip| chip.contains(state)).count();
        let waiting = of(", waiting on ");
        assert_eq!(heading(harness, "Waiting"), waiting, "{id}: {chips:?}");
        let ready = of(", ready") + of(", just spawned");
        assert!(heading(harness, "Ready queue") == ready || ready >= 60, "{id}: {chips:?}");
    });
}

#[test]
fn there_is_one_time_on_the_screen() {
    at_instants(|id, harness| {
        let time = harness.state().time().to_string();
        let shown = harness.query_all_by(|node| node.value().is_some_and(|value| value == time)).count();
        assert!(shown > 0, "{id}: the bar says {time}");
        let rows = labels(harness, &format!("{time}, "));
        let is_first = harness.state().session().unwrap().record().log().is_empty();
        assert!(!rows.is_empty() || is_first, "{id}: the story has a row at {time}");
    });
}

/// How many events come before the cursor, as the bar below says; not in the clean-up after a run.
fn event(harness: &Harness<'_, App>) -> Option<usize> {
    let told = window::status(harness);
    let (_, after) = told.split_once("event ").filter(|_| !told.contains("clean-up, event"))?;
    after.split(' ').next()?.parse().ok()
}

/// The iteration that is under way after so many events: where its tasks were woken by timers, one of them.
fn woken_by_timer(record: &Record, index: EventIndex) -> bool {
    let mut woken = (false, false);
    for event in record.log().iter_from(0).take(index) {
        match event.kind {
            EventKind::IterationStarted { .. } => woken = (woken.1, false),
            EventKind::Enqueued { cause: EnqueueCause::Timer(_), .. } => woken.1 = true,
            EventKind::LoopIdle { .. } | EventKind::RunEnded { .. } => woken = (false, false),
            _ => {}
        }
    }
    woken.0
}

#[test]
fn an_iteration_names_the_timers_that_woke_its_tasks() {
    let mut seen = 0;
    at_instants(|id, harness| {
        let record = harness.state().session().unwrap().record();
        let Some(index) = event(harness) else { return };
        let is_under_way = written(harness, "Iteration ") > 0;
        if !is_under_way || !woken_by_timer(record, index) {
            return;
        }
        seen += 1;
        assert_eq!(written(harness, "woken by timers:"), 1, "{id} after {index} events");
    });
    assert!(seen > 3, "such iterations were looked at: {seen}");
}
