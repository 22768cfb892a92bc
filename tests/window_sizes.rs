//! The window at the sizes that people have: nothing lies over anything else, and nothing is cut off.

#[path = "support/raster.rs"]
mod raster;

use egui::{Key, Rect, Role, Theme, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use loopscope::app::{App, Show};
use loopscope::scenarios;
use raster::Raster;

/// In points, with the pixels in a point: laptops, projectors, a large screen, and small ones of which everything is
/// enlarged.
const SIZES: [(Vec2, f32); 11] = [
    (vec2(400.0, 250.0), 2.0),
    (vec2(533.0, 333.0), 1.5),
    (vec2(720.0, 450.0), 2.0),
    (vec2(1024.0, 640.0), 1.0),
    (vec2(1440.0, 900.0), 1.0),
    (vec2(1024.0, 768.0), 1.0),
    (vec2(960.0, 600.0), 1.5),
    (vec2(800.0, 500.0), 2.0),
    (vec2(1280.0, 720.0), 1.5),
    (vec2(1920.0, 1080.0), 2.0),
    (vec2(3840.0, 2160.0), 1.0),
];

fn open(id: &str, size: Vec2, pixels: f32) -> Harness<'static, App> {
    let scenario = scenarios::find(id).unwrap();
    let mut harness = Harness::builder()
        .with_size(size)
        .with_pixels_per_point(pixels)
        .with_theme(Theme::Dark)
        .with_step_dt(1.0 / 60.0)
        .renderer(Raster::default())
        .build_eframe(move |cc| App::new(&cc.egui_ctx, Show::Scenario(scenario)));
    harness.run_steps(2);
    for _ in 0..5 {
        harness.key_press(Key::CloseBracket);
    }
    harness.run_steps(2);
    harness.key_press(Key::Space);
    for _ in 0..200_000 {
        harness.step();
        if harness.state().session().is_some_and(loopscope::session::Session::is_over) {
            harness.run_steps(3);
            return harness;
        }
    }
    panic!("the run never ended");
}

/// The controls of the top bar, by name.
fn top_bar(harness: &Harness<'_, App>) -> Vec<(String, Rect)> {
    let is_control = |role| matches!(role, Role::Button | Role::RadioButton | Role::ComboBox);
    let controls = harness.query_all_by(|node| is_control(node.role()));
    let controls = controls.filter(|node| node.rect().bottom() < 46.0);
    let controls = controls.map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect()));
    // What there is to look for may be scrolled up, behind the bar.
    controls.filter(|(name, _)| !(name.starts_with("Step ") && name.contains(": "))).collect()
}

/// What shows that a panel is there, and what it is called where there is no room for it.
const PANELS: [(&str, &str); 4] =
    [("Look for", "lessons"), ("Rust", "code"), ("What happens", "story"), ("Ready queue", "loop")];

#[test]
fn a_panel_that_there_is_no_room_for_is_named_and_one_click_away() {
    for (size, pixels) in SIZES {
        let mut harness = open("semaphore", size, pixels);
        for (shows, name) in PANELS {
            let has = |harness: &Harness<'_, App>, label: &str| harness.query_all_by_label(label).next().is_some();
            let button = format!("Show the {name}");
            assert_ne!(has(&harness, shows), has(&harness, &button), "{name} at {size}");
            if has(&harness, shows) {
                continue;
            }
            harness.get_by_label(&button).click();
            harness.run_steps(4);
            assert!(has(&harness, shows), "{name} came, at {size}");
            assert!(has(&harness, "Show the lanes") != has(&harness, "Time cursor"), "the lanes, at {size}");
        }
    }
}

#[test]
fn the_controls_of_the_top_bar_are_whole_and_apart_at_every_size() {
    for (size, pixels) in SIZES {
        let mut harness = open("semaphore", size, pixels);
        if let Some(folder) = std::env::var_os("LOOPSCOPE_PICTURES") {
            let name = format!("{}x{}@{pixels}.png", size.x, size.y);
            harness.render().unwrap().save(std::path::Path::new(&folder).join(name)).unwrap();
        }
        let controls = top_bar(&harness);
        assert!(controls.len() >= 4, "{size}: {controls:?}");
        let screen = Rect::from_min_size(egui::Pos2::ZERO, size);
        for (place, (name, rect)) in controls.iter().enumerate() {
            assert!(screen.contains_rect(*rect), "{name} at {size}: {rect}");
            for (other, other_rect) in &controls[place + 1..] {
                let common = rect.shrink(0.5).intersect(*other_rect);
                assert!(!common.is_positive(), "{name} lies over {other} at {size}: {rect} and {other_rect}");
            }
        }
    }
}
