//! Pictures: the window's own are those of `loopscope render`, an SVG shows what a PNG shows, and both are cropped to what
//! there is to see.

#[path = "support/window.rs"]
mod window;

use egui::{Key, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use loopscope::app::{App, Axis, Look, Part, Picture, Shot, Show, Stage, render};
use loopscope::event::Nanos;
use loopscope::runtime::Speed;
use loopscope::scenarios;
use loopscope::session::{Plan, Session, Start};
use loopscope::trace::Languages;
use std::collections::BTreeSet;
use std::path::Path;
use window::{SIZE, draw_until, is_over, show_scaled};

/// A lesson's run, over.
fn run(id: &str) -> Session {
    let plan = Plan { speed: Speed::MAX, ..Plan::new(scenarios::find(id).unwrap()) };
    let mut session = Session::start(plan, Start::Running, || {}).unwrap();
    session.end_input();
    while session.pump_wait() {}
    session
}

fn svg_of(picture: &Picture) -> String {
    let mut svg = Vec::new();
    picture.write_svg(&mut svg).unwrap();
    String::from_utf8(svg).unwrap()
}

/// The pieces of text of an SVG, with how far down each stands.
fn texts(svg: &str) -> Vec<(String, f32)> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts
        .map(|node| (node.text().unwrap_or_default().to_owned(), node.attribute("y").unwrap().parse().unwrap()))
        .collect()
}

fn height_of(svg: &str) -> f32 {
    roxmltree::Document::parse(svg).unwrap().root_element().attribute("height").unwrap().parse().unwrap()
}

/// Pixels in a point of a picture that the window exports. A window with as many lays its text out in the same way.
const FINE: f32 = 2.0;

/// A window that shows the end of a run, with everything in its place.
fn window_with(id: &str, theme: Theme, scale: f32) -> Harness<'static, App> {
    let mut harness = show_scaled(Show::Run(Box::new(run(id))), theme, SIZE, scale);
    draw_until(&mut harness, is_over);
    harness.run_steps(40);
    harness
}

/// What the menu exports, by its name there.
fn exported(harness: &mut Harness<'_, App>, name: &str, path: &Path) {
    harness.get_by_label("Menu").click();
    harness.run_steps(3);
    for name in ["Export", name] {
        harness.get_by_label(name).click();
        harness.run_steps(3);
    }
    harness.get_by_label("Path").focus();
    harness.run_steps(2);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    harness.run_steps(2);
    harness.get_by_label("Path").type_text(&path.display().to_string());
    harness.run_steps(2);
    harness.get_by_label("Save").click();
    for _ in 0..200_000 {
        harness.step();
        if harness.query_by_label_contains(&format!("Saved to {}", path.display())).is_some() {
            return;
        }
    }
    panic!("{} was never saved", path.display());
}

const PARTS: [(Part, &str); 3] = [
    (Part::Window, "Picture of the window (PNG)…"),
    (Part::Timeline, "Picture of the timeline (PNG)…"),
    (Part::Loop, "Picture of the loop (PNG)…"),
];

/// What the window exports is what is rendered from the same state.
fn is_the_same(harness: &mut Harness<'_, App>, id: &str, shot: &Shot, parts: &[(Part, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    for (part, name) in parts {
        let path = folder.path().join(format!("{part:?}.png"));
        exported(harness, name, &path);
        let picture = image::open(&path).unwrap().to_rgba8();
        let rendered = render(run(id), &Shot { part: *part, scale: FINE, ..shot.clone() }).pixels();
        assert_eq!(picture.dimensions(), rendered.dimensions(), "{id}, {part:?}");
        let differing = picture.pixels().zip(rendered.pixels()).filter(|(one, other)| one != other).count();
        assert_eq!(differing, 0, "{id}, {part:?}: so many pixels differ");
    }
}

#[test]
fn what_the_window_exports_is_pixel_for_pixel_what_is_rendered() {
    for (id, theme, look) in [
        ("semaphore", Theme::Light, Look::Light),
        ("deadlock", Theme::Dark, Look::Dark),
        ("queue", Theme::Dark, Look::Dark),
    ] {
        let mut harness = window_with(id, theme, FINE);
        is_the_same(&mut harness, id, &Shot { look, ..Shot::default() }, &PARTS);
    }
}

#[test]
fn and_so_it_is_on_the_other_axis_with_a_task_selected_and_one_language() {
    let id = "semaphore";
    let mut harness = window_with(id, Theme::Light, FINE);
    harness.key_press(Key::X);
    harness.key_press(Key::ArrowDown);
    harness.run_steps(3);
    harness.get_by_label("Rust").click();
    harness.remove_cursor();
    harness.run_steps(40);
    let selected = run(id).record().catalog().tasks().first().map(|info| info.task);
    let shot = Shot { axis: Axis::Steps, selected, languages: Languages::Rust, ..Shot::default() };
    is_the_same(&mut harness, id, &shot, &PARTS);
}

#[test]
fn the_window_presents_in_pictures_as_it_does() {
    let id = "gather";
    let mut harness = window_with(id, Theme::Light, 1.0);
    harness.key_press(Key::P);
    harness.run_steps(40);
    // The first page, in larger letters and as many pixels.
    let shown = render(run(id), &Shot { stage: Stage::Talk, page: Some(1), ..Shot::default() }).pixels();
    assert_eq!(shown.dimensions(), (1440, 900));
    harness.remove_cursor();
    harness.run_steps(3);
    let window = harness.render().unwrap();
    let same = window.pixels().zip(shown.pixels()).filter(|(one, other)| one == other).count();
    assert!(same * 100 > window.pixels().len() * 97, "{same} of {} pixels are the same", window.pixels().len());
}

/// A picture shows the lanes of all tasks, if there are not too many for one.
const MOST_LANES: usize = 150;

#[test]
fn every_lesson_as_svg_shows_what_its_picture_shows_on_both_axes() {
    for scenario in scenarios::all() {
        let id = scenario.id;
        let mut before = None;
        for axis in [Axis::Time, Axis::Steps] {
            let shot = Shot { part: Part::Timeline, axis, size: [1440, 8000], ..Shot::default() };
            let session = run(id);
            let names: BTreeSet<String> = {
                let catalog = session.record().catalog();
                catalog.tasks().iter().map(|info| catalog.task_name(info.task).to_owned()).collect()
            };
            let has_length = session.record().log().end() > Nanos::ZERO;
            let svg = svg_of(&render(session, &shot));
            let texts = texts(&svg);
            let shown: BTreeSet<&str> = texts.iter().map(|(text, _)| text.as_str()).collect();
            if names.len() <= MOST_LANES {
                let missing: Vec<&String> = names.iter().filter(|name| !shown.contains(name.as_str())).collect();
                assert!(missing.is_empty(), "{id}, {axis:?}: {missing:?} of {shown:?}");
            }
            for sign in ["R running", "Q ready", "W wait"] {
                assert!(shown.iter().any(|text| text.starts_with(sign)), "{id}: the legend has {sign}");
            }
            assert!(!shown.contains("All signs") && !shown.contains("Find"), "{id}: nobody can click in a picture");
            assert!(svg.contains("font-family=\"Inter, ") && svg.contains("sans-serif"), "{id}");
            // Nothing is below the legend, and it stands at the lower edge.
            let lowest = texts.iter().map(|(_, y)| *y).fold(0.0, f32::max);
            assert!(height_of(&svg) - lowest < 30.0, "{id}: {lowest} of {}", height_of(&svg));
            assert!(!has_length || before.as_ref() != Some(&svg), "{id}: the axes are the same");
            before = Some(svg);
        }
    }
}

#[test]
fn a_picture_of_the_loop_has_no_empty_lower_half_and_cuts_nothing_off() {
    for scenario in scenarios::all() {
        let id = scenario.id;
        let end = run(id).record().log().end();
        for at in [end, Nanos(end.0 / 2)] {
            let shot = |size| Shot { part: Part::Loop, at: Some(at), size, ..Shot::default() };
            let svg = svg_of(&render(run(id), &shot([1440, 900])));
            let texts = texts(&svg);
            let height = height_of(&svg);
            // Above the line at the lower edge, which tells of the iteration, the last word of the boxes is near.
            let mut down: Vec<f32> = texts.iter().map(|(_, y)| *y).filter(|y| *y < height - 40.0).collect();
            down.sort_by(f32::total_cmp);
            let lowest = down.last().copied().unwrap_or_default();
            assert!(height < 200.0 || height - lowest < 100.0, "{id} at {at}: {lowest} of {height}");
        }
    }
}

#[test]
fn a_range_shows_what_lies_in_it_and_nothing_else() {
    let ms = |time: u64| Nanos::from_millis(time);
    let shot = |axis, range| Shot { part: Part::Timeline, axis, range: Some(range), ..Shot::default() };
    let part = svg_of(&render(run("semaphore"), &shot(Axis::Time, ms(1500)..ms(2500))));
    let shown: BTreeSet<String> = texts(&part).into_iter().map(|(text, _)| text).collect();
    assert!(shown.contains("1.5 s") || shown.contains("1.50 s"), "{shown:?}");
    assert!(["0.0 s", "1.0 s", "3.0 s", "4.0 s"].iter().all(|time| !shown.contains(*time)), "{shown:?}");
    let steps = svg_of(&render(run("semaphore"), &shot(Axis::Steps, ms(1500)..ms(2500))));
    let whole = Shot { part: Part::Timeline, axis: Axis::Steps, ..Shot::default() };
    assert_ne!(steps, svg_of(&render(run("semaphore"), &whole)));
}
