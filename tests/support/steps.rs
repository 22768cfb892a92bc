//! Going through a run in tests, step by step, and asking for what is told there.
#![allow(dead_code, reason = "each test uses its part")]

use crate::window::{SIZE, draw_until, polls, show};
use egui::{Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use loopscope::app::{App, Show};
use loopscope::runtime::Speed;
use loopscope::scenarios;
use loopscope::session::{Plan, Session, Start};

/// A run with these parameters, at its end.
pub(crate) fn open_ran(id: &str, set: &[&str]) -> Harness<'static, App> {
    let mut plan = Plan::new(scenarios::find(id).unwrap());
    plan.speed = Speed::MAX;
    set.iter().for_each(|assignment| plan.params.assign(assignment).unwrap());
    let mut session = Session::start(plan, Start::Running, || {}).unwrap();
    while session.pump_wait() {}
    show(Show::Run(Box::new(session)), Theme::Dark, SIZE)
}

/// Lets the loop do polls until there have been so many.
pub(crate) fn step_to(harness: &mut Harness<'_, App>, number: usize) {
    for count in polls(harness.state()) + 1..=number {
        harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowRight);
        draw_until(harness, |app| polls(app) == count);
    }
}

/// Goes so many events back.
pub(crate) fn back(harness: &mut Harness<'_, App>, events: usize) {
    for _ in 0..events {
        harness.key_press(Key::ArrowLeft);
        harness.run_steps(1);
    }
    harness.run_steps(2);
}

/// Goes back event by event until something is shown whose accessible name begins so.
pub(crate) fn back_until(harness: &mut Harness<'_, App>, start: &str) {
    for _ in 0..2000 {
        if !labels(harness, start).is_empty() {
            return;
        }
        harness.key_press(Key::ArrowLeft);
        harness.run_steps(2);
    }
    panic!("nothing begins with {start}");
}

/// Every accessible name that begins so, in the order in which they are drawn.
pub(crate) fn labels(harness: &Harness<'_, App>, start: &str) -> Vec<String> {
    let nodes = harness.query_all_by(|node| node.label().is_some_and(|label| label.starts_with(start)));
    nodes.filter_map(|node| node.accesskit_node().label()).collect()
}

/// Clicks the one thing whose accessible name begins so.
pub(crate) fn click(harness: &mut Harness<'_, App>, start: &str) {
    harness.get_by(|node| node.label().is_some_and(|label| label.starts_with(start))).click_accesskit();
    harness.run_steps(3);
}
