//! Driving the window in tests, by its accessible names and keys.
#![allow(dead_code, reason = "each test uses its part")]

#[path = "raster.rs"]
mod raster;

use egui::{Event, Key, Modifiers, PointerButton, Pos2, Theme, Vec2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, SnapshotOptions};
use loopscope::app::{App, Show};
use loopscope::scenarios::{self, Scenario};
use raster::Raster;

/// Frames after which everything that glides has come to its place.
pub(crate) const SETTLED: usize = 14;
pub(crate) const SIZE: Vec2 = vec2(1440.0, 900.0);

pub(crate) fn open(id: &str, theme: Theme) -> Harness<'static, App> {
    open_scenario(scenarios::find(id).unwrap(), theme, SIZE)
}

pub(crate) fn open_scenario(scenario: &'static Scenario, theme: Theme, size: Vec2) -> Harness<'static, App> {
    show(Show::Scenario(scenario), theme, size)
}

pub(crate) fn show(what: Show, theme: Theme, size: Vec2) -> Harness<'static, App> {
    show_scaled(what, theme, size, 1.0)
}

/// The same with so many pixels in a point.
pub(crate) fn show_scaled(what: Show, theme: Theme, size: Vec2, scale: f32) -> Harness<'static, App> {
    let mut harness = Harness::builder()
        .with_size(size)
        .with_pixels_per_point(scale)
        .with_theme(theme)
        .with_step_dt(1.0 / 60.0)
        .renderer(Raster::default())
        .build_eframe(move |cc| App::new(&cc.egui_ctx, what));
    harness.run_steps(2);
    harness
}

/// Draws frames until something is so; the run goes on meanwhile on its own thread.
pub(crate) fn draw_until(harness: &mut Harness<'_, App>, mut is_so: impl FnMut(&App) -> bool) {
    for _ in 0..200_000 {
        harness.step();
        if is_so(harness.state()) {
            harness.run_steps(2);
            return;
        }
    }
    panic!("it never became so");
}

pub(crate) fn polls(app: &App) -> usize {
    app.session().map_or(0, |session| session.record().edge().polls)
}

/// Whether the run is over, and what is concluded from it is known: that is worked out on another thread.
pub(crate) fn is_over(app: &App) -> bool {
    app.session().is_some_and(loopscope::session::Session::is_over) && app.is_concluded()
}

/// Runs the loaded scenario to its end, as fast as it can.
pub(crate) fn run_to_the_end(harness: &mut Harness<'_, App>) {
    for _ in 0..5 {
        harness.key_press(Key::CloseBracket);
    }
    harness.run_steps(2);
    harness.get_by_label("Run").click();
    draw_until(harness, is_over);
}

pub(crate) fn lane(harness: &Harness<'_, App>, name: &str) -> String {
    let node = harness.get_by(|node| node.label().is_some_and(|label| label.starts_with(&format!("lane {name},"))));
    node.accesskit_node().label().unwrap()
}

pub(crate) fn lane_count(harness: &Harness<'_, App>, name: &str) -> usize {
    harness.query_all_by(|node| node.label().is_some_and(|label| label.starts_with(&format!("lane {name},")))).count()
}

/// The line that says where the cursor is.
pub(crate) fn status(harness: &Harness<'_, App>) -> String {
    let is_it = |value: String| value.contains("event ") && value.contains(" of ");
    harness.query_all_by(|node| node.value().is_some_and(is_it)).next().unwrap().value().unwrap()
}

/// Pictures differ a little where fonts are hinted differently; a wrong colour or place is far above this. No picture depends
/// on how far another thread has come: what is concluded from a record that is complete is waited for.
pub(crate) fn picture(harness: &mut Harness<'_, App>, name: &str) {
    let waits = |app: &App| app.session().is_some_and(loopscope::session::Session::has_all) && !app.is_concluded();
    if waits(harness.state()) {
        draw_until(harness, |app| !waits(app));
    }
    harness.run_steps(SETTLED);
    harness.snapshot_options(name, &SnapshotOptions::new().threshold(1.0).max_failed_pixels(40));
}

/// Drags from one place to another while keys are held.
pub(crate) fn drag(harness: &mut Harness<'_, App>, from: Pos2, to: Pos2, modifiers: Modifiers) {
    let button =
        |pos: Pos2, pressed: bool| Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers };
    let mut send = |event: Event| {
        harness.event(event);
        harness.step();
    };
    send(Event::ModifiersChanged(modifiers));
    send(Event::PointerMoved(from));
    send(button(from, true));
    for part in 1..=8 {
        send(Event::PointerMoved(from + (to - from) * (part as f32 / 8.0)));
    }
    send(button(to, false));
    send(Event::ModifiersChanged(Modifiers::NONE));
    harness.run_steps(2);
}
