//! Runs as files, from the window: saved, opened, dropped, exported; and what the window says about it.

#[path = "support/raster.rs"]
mod raster;

use egui::{Key, Modifiers, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use loopscope::app::{App, Show};
use loopscope::event::Nanos;
use loopscope::scenarios;
use raster::Raster;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn open(id: &str) -> Harness<'static, App> {
    let scenario = scenarios::find(id).unwrap();
    let mut harness = Harness::builder()
        .with_size(vec2(1440.0, 900.0))
        .with_theme(Theme::Dark)
        .with_step_dt(1.0 / 60.0)
        .renderer(Raster::default())
        .build_eframe(move |cc| App::new(&cc.egui_ctx, Show::Scenario(scenario)));
    harness.run_steps(2);
    harness
}

/// Draws frames until something is so; what goes on on other threads goes on meanwhile.
fn draw_until(harness: &mut Harness<'_, App>, mut is_so: impl FnMut(&Harness<'_, App>) -> bool) {
    for _ in 0..200_000 {
        harness.step();
        if is_so(harness) {
            harness.run_steps(2);
            return;
        }
    }
    panic!("it never became so");
}

fn is_over(harness: &Harness<'_, App>) -> bool {
    harness.state().session().is_some_and(loopscope::session::Session::is_over)
}

fn run_to_the_end(harness: &mut Harness<'_, App>) {
    for _ in 0..5 {
        harness.key_press(Key::CloseBracket);
    }
    harness.run_steps(2);
    harness.key_press(Key::Space);
    draw_until(harness, is_over);
}

fn says(harness: &Harness<'_, App>, text: &str) -> bool {
    harness.query_by_label_contains(text).is_some()
}

/// Gives a path to the dialog that is open, and presses the button of that name.
fn give(harness: &mut Harness<'_, App>, path: &Path, button: &str) {
    let field = harness.get_by_label("Path");
    field.focus();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run_steps(2);
    harness.get_by_label("Path").type_text(&path.display().to_string());
    harness.run_steps(2);
    harness.get_by_label(button).click();
    harness.run_steps(2);
}

/// Goes through the menu.
fn choose(harness: &mut Harness<'_, App>, names: &[&str]) {
    harness.get_by_label("Menu").click();
    harness.run_steps(3);
    for name in names {
        harness.get_by_label(name).click();
        harness.run_steps(3);
    }
}

fn export(harness: &mut Harness<'_, App>, name: &str, path: &Path) {
    choose(harness, &["Export", name]);
    give(harness, path, "Save");
    let said = format!("Saved to {}", path.display());
    draw_until(harness, |harness| says(harness, &said));
}

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.loopscope");
    (folder, path)
}

#[test]
fn a_run_is_saved_and_opened_again() {
    let (_folder, path) = folder();
    let mut harness = open("queue");
    run_to_the_end(&mut harness);
    let events: Vec<_> = harness.state().session().unwrap().record().log().iter_from(0).collect();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    harness.run_steps(3);
    give(&mut harness, &path, "Save");
    draw_until(&mut harness, |harness| says(harness, "Saved to"));

    let mut harness = open("say-hello");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::O);
    harness.run_steps(3);
    give(&mut harness, &path, "Open");
    draw_until(&mut harness, |harness| is_over(harness) && harness.state().time() == Nanos::from_secs(10));
    let session = harness.state().session().unwrap();
    assert_eq!(session.plan().scenario.id, "queue");
    assert!(session.record().log().iter_from(0).eq(events));
    // It is the first of the recent ones.
    choose(&mut harness, &["Open recent"]);
    harness.get_by_label("run.loopscope");
}

#[test]
fn what_is_there_is_replaced_only_when_one_says_so() {
    let (_folder, path) = folder();
    std::fs::write(&path, "precious").unwrap();
    let mut harness = open("say-hello");
    run_to_the_end(&mut harness);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    harness.run_steps(3);
    let field = harness.get_by_label("Path");
    field.focus();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run_steps(2);
    harness.get_by_label("Path").type_text(&path.display().to_string());
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(5);
    assert!(says(&harness, "already exists"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
    harness.get_by_label("Replace it").click();
    draw_until(&mut harness, |harness| says(harness, "Saved to"));
    assert!(std::fs::read(&path).unwrap().starts_with(b"LOOPSCOPE"));
}

#[test]
fn a_run_is_exported_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mut harness = open("semaphore");
    run_to_the_end(&mut harness);
    for (name, file, size) in [
        ("Picture of the window (PNG)…", "window.png", Some((2880, 1800))),
        ("Picture of the timeline (PNG)…", "timeline.png", None),
        ("Picture of the loop (PNG)…", "loop.png", None),
    ] {
        export(&mut harness, name, &at(file));
        let picture = image::open(at(file)).unwrap().to_rgba8();
        let colors: std::collections::HashSet<_> = picture.pixels().map(|pixel| pixel.0).collect();
        assert!(colors.len() > 50, "{file} shows something");
        assert!(size.is_none_or(|size| size == picture.dimensions()), "{file} is {:?}", picture.dimensions());
    }
    export(&mut harness, "Whole timeline (SVG)…", &at("run.svg"));
    assert!(std::fs::read_to_string(at("run.svg")).unwrap().contains("fetch-9"));
    export(&mut harness, "Chrome trace, for Perfetto and speedscope (JSON)…", &at("run.json"));
    let chrome: serde_json::Value = serde_json::from_slice(&std::fs::read(at("run.json")).unwrap()).unwrap();
    assert!(chrome["traceEvents"].as_array().unwrap().len() > 50);
    // An ending that is left out is added.
    choose(&mut harness, &["Export", "Table of spans (CSV)…"]);
    give(&mut harness, &at("spans"), "Save");
    draw_until(&mut harness, |harness| says(harness, "spans.csv"));
    draw_until(&mut harness, |_| at("spans.csv").exists());
    assert!(std::fs::read_to_string(at("spans.csv")).unwrap().starts_with("task,name,state"));
}

#[test]
fn a_picture_is_of_what_is_shown_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = open("semaphore");
    run_to_the_end(&mut harness);
    harness.key_press(Key::Plus);
    harness.remove_cursor();
    harness.run_steps(3);
    let before = harness.render().unwrap();
    let path = folder.path().join("window.png");
    export(&mut harness, "Picture of the window (PNG)…", &path);
    let picture = image::open(&path).unwrap().to_rgba8();
    draw_until(&mut harness, |harness| !says(harness, "Saved to")); // news go by themselves
    harness.remove_cursor();
    harness.run_steps(3);
    assert!(harness.render().unwrap() == before, "the window is as it was");
    // Twice as many pixels: where the window has a wide patch of a colour, the picture has it too.
    let (width, height) = before.dimensions();
    let (mut same, mut all) = (0, 0);
    for (x, y) in (1..height - 1).flat_map(|y| (1..width - 1).map(move |x| (x, y))) {
        let color = before.get_pixel(x, y);
        let is_patch =
            [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)].iter().all(|(x, y)| before.get_pixel(*x, *y) == color);
        if is_patch {
            all += 1;
            same += usize::from(picture.get_pixel(2 * x, 2 * y) == color);
        }
    }
    assert!(same * 100 > all * 98, "{same} of {all} are the same");
}

#[test]
fn what_is_no_run_is_said_and_can_be_dismissed_while_all_else_goes_on() {
    let (_folder, path) = folder();
    std::fs::write(&path, "a letter").unwrap();
    let mut harness = open("say-hello");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::O);
    harness.run_steps(3);
    give(&mut harness, &path, "Open");
    draw_until(&mut harness, |harness| says(harness, "not a Loopscope record"));
    run_to_the_end(&mut harness);
    assert!(says(&harness, "not a Loopscope record"), "it stays until it is dismissed");
    harness.get_by_label("Dismiss").click();
    harness.run_steps(3);
    assert!(!says(&harness, "not a Loopscope record"));
}

#[test]
fn there_is_nothing_to_save_before_a_run() {
    let mut harness = open("say-hello");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    harness.run_steps(3);
    assert!(says(&harness, "no run to save yet") && harness.query_by_label("Path").is_none());
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(!says(&harness, "no run to save yet"));
}

#[test]
fn a_path_that_makes_no_sense_cannot_be_taken() {
    let (folder, _) = folder();
    let mut harness = open("say-hello");
    for (path, said) in [("none.loopscope", "There is no such file."), ("", "This is a folder")] {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::O);
        harness.run_steps(3);
        give(&mut harness, &folder.path().join(path), "Cancel");
        harness.key_press_modifiers(Modifiers::COMMAND, Key::O);
        harness.run_steps(3);
        let field = harness.get_by_label("Path");
        field.focus();
        harness.run_steps(2);
        harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        harness.run_steps(2);
        harness.get_by_label("Path").type_text(&folder.path().join(path).display().to_string());
        harness.run_steps(3);
        assert!(says(&harness, said), "{said}");
        let save = harness.query_by_label("Open").map(|node| node.accesskit_node().is_disabled());
        assert_ne!(save, Some(false), "{path}");
        harness.key_press(Key::Escape);
        harness.run_steps(3);
        assert!(harness.query_by_label("Path").is_none());
    }
}

/// A file as the desktop hands it over.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

#[test]
fn a_file_that_is_dropped_onto_the_window_is_opened() {
    let (_folder, path) = folder();
    let mut harness = open("gather");
    run_to_the_end(&mut harness);
    loopscope::trace::file::save(harness.state().session().unwrap().record(), &path).unwrap();
    let mut harness = open("say-hello");
    harness.input_mut().dropped_files.push(std::sync::Arc::new(Dropped(path)));
    draw_until(&mut harness, is_over);
    assert_eq!(harness.state().session().unwrap().plan().scenario.id, "gather");
}

#[test]
fn the_shown_part_of_the_timeline_is_exported_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("part.svg");
    let mut harness = open("semaphore");
    run_to_the_end(&mut harness);
    for _ in 0..6 {
        harness.key_press(Key::Plus); // around the live edge, at 4 s
        harness.run_steps(2);
    }
    export(&mut harness, "Shown part of the timeline (SVG)…", &path);
    let part = std::fs::read_to_string(&path).unwrap();
    // The times above the lanes are those that the window shows.
    assert!(part.contains(">4 s<") && !part.contains(">0 s<") && !part.contains(">1 s<"), "{part}");
    let whole = folder.path().join("whole.svg");
    export(&mut harness, "Whole timeline (SVG)…", &whole);
    let whole = std::fs::read_to_string(&whole).unwrap();
    assert!(whole.contains(">0 s<") && whole.contains(">4 s<") && whole != part);
    // On the other axis both are other pictures.
    harness.key_press(Key::X);
    harness.run_steps(3);
    let steps = folder.path().join("steps.svg");
    export(&mut harness, "Whole timeline (SVG)…", &steps);
    let steps = std::fs::read_to_string(&steps).unwrap();
    assert!(steps != whole && !steps.contains(">0.5 s<"));
}
