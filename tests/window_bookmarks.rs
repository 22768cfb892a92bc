//! Bookmarks of a run: saved with it, found by name, and gone through by keys.

#[path = "support/window.rs"]
mod support;

use egui::{Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use loopscope::app::{App, Show};
use loopscope::session::Session;
use std::path::Path;
use support::{SIZE, draw_until, is_over, open, run_to_the_end, show};

fn has(harness: &Harness<'_, App>, label: &str) -> bool {
    harness.query_by_label_contains(label).is_some()
}

fn press(harness: &mut Harness<'_, App>, key: Key) {
    harness.key_press(key);
    harness.run_steps(3);
}

fn press_ctrl(harness: &mut Harness<'_, App>, key: Key) {
    harness.key_press_modifiers(Modifiers::COMMAND, key);
    harness.run_steps(3);
}

fn seconds(harness: &Harness<'_, App>) -> f64 {
    harness.state().time().as_secs_f64()
}

fn type_into(harness: &mut Harness<'_, App>, field: &str, words: &str) {
    harness.get_by_label(field).type_text(words);
    harness.run_steps(3);
}

/// Names the bookmark that is called so.
fn name(harness: &mut Harness<'_, App>, bookmark: &str, name: &str) {
    harness.run_steps(60); // or the click would be the third in a row
    harness.get_by_label(bookmark).click();
    harness.get_by_label(bookmark).click();
    harness.run_steps(3);
    type_into(harness, "Name of the bookmark", name);
    press(harness, Key::Enter);
}

fn save(harness: &mut Harness<'_, App>, path: &Path) {
    press_ctrl(harness, Key::S);
    harness.get_by_label("Path").focus();
    harness.run_steps(2);
    press_ctrl(harness, Key::A);
    type_into(harness, "Path", &path.display().to_string());
    harness.get_by_label("Save").click();
    draw_until(harness, |_| path.exists());
    while !has(harness, "Saved to") {
        harness.step();
    }
}

/// A run of three seconds with a bookmark at its start and one at its end, and both named.
fn marked() -> Harness<'static, App> {
    let mut harness = open("create-task", Theme::Dark);
    run_to_the_end(&mut harness);
    harness.remove_cursor();
    harness.run_steps(3);
    press(&mut harness, Key::B);
    press(&mut harness, Key::Home);
    press(&mut harness, Key::B);
    name(&mut harness, "Bookmark 2, at 3 s", "all done");
    name(&mut harness, "Bookmark 1, at 0 s", "both asleep");
    harness
}

#[test]
fn bookmarks_are_saved_with_the_run_and_are_there_when_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.loopscope");
    save(&mut marked(), &path);

    let session = Session::open(&path).unwrap();
    let mut harness = show(Show::Run(Box::new(session)), Theme::Dark, SIZE);
    draw_until(&mut harness, is_over);
    harness.run_steps(5);
    harness.get_by_label("Bookmark 1, both asleep, at 0 s");
    harness.get_by_label("Bookmark 2, all done, at 3 s");
    press(&mut harness, Key::Comma);
    assert_eq!(seconds(&harness), 0.0);
    press(&mut harness, Key::Period);
    assert_eq!(seconds(&harness), 3.0);
    // They are this run's own: taken away, and saved once more, they are gone.
    press(&mut harness, Key::B);
    let again = folder.path().join("again.loopscope");
    save(&mut harness, &again);
    let opened = loopscope::session::read_record(&again).unwrap();
    let names: Vec<&str> = opened.bookmarks.iter().map(|bookmark| bookmark.name.as_str()).collect();
    assert_eq!(names, ["both asleep"]);
}

#[test]
fn another_run_has_none_of_them() {
    let mut harness = marked();
    press(&mut harness, Key::R);
    draw_until(&mut harness, is_over);
    assert!(!has(&harness, "Bookmark 1"));
}

#[test]
fn a_bookmark_is_found_by_its_name_or_its_time() {
    let mut harness = marked();
    press(&mut harness, Key::End);
    press_ctrl(&mut harness, Key::P);
    type_into(&mut harness, "Find", "both asleep");
    harness.get_by_label("both asleep, bookmark 1 · at 0 s");
    press(&mut harness, Key::Enter);
    assert_eq!(seconds(&harness), 0.0);

    // One without a name goes by its time.
    harness.key_press(Key::PageDown);
    press(&mut harness, Key::B);
    press(&mut harness, Key::End);
    press_ctrl(&mut harness, Key::P);
    type_into(&mut harness, "Find", "bookmark at 0 s");
    harness.get_by_label("bookmark at 0 s, bookmark 2 · at 0 s");
    press(&mut harness, Key::Enter);
    assert_eq!(seconds(&harness), 0.0);
    assert!(!has(&harness, "Found"), "the finder is closed");
}
