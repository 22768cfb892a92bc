//! Nothing that is written in the window is cut, and nothing lies over anything else that is written: in every lesson, in both
//! languages, on a laptop and enlarged. What has to be short has the whole of it in a tip.

#[path = "support/mod.rs"]
mod support;
#[path = "support/window.rs"]
mod window;
#[path = "support/written.rs"]
mod written;

use egui::{Key, Pos2, Theme, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use loopscope::app::{App, Show};
use loopscope::event::ClockKind;
use loopscope::scenarios::{self, Scenario};
use std::collections::BTreeSet;
use support::run_scenario;
use window::show;
use written::{Written, written};

/// Frames until what scrolls has come to rest; and until a tip is there.
const AT_REST: usize = 45;
const TIP: usize = 40;

/// What of a piece of text is cut off at its sides, or left out.
fn is_cut(text: &Written) -> bool {
    let (rect, clip) = (text.rect, text.clip.expand(1.5));
    // Of a line that is scrolled out for the most part one reads nothing yet.
    let seen = text.clip.intersect(rect).height();
    text.is_seen()
        && seen > rect.height() / 2.0
        && (text.is_elided || rect.left() < clip.left() || rect.right() > clip.right())
}

/// What the pointer on a piece of text brings.
fn tip(harness: &mut Harness<'_, App>, text: &Written) -> String {
    let key = |text: &Written| (text.words.clone(), text.rect.min.round().to_string());
    let before: BTreeSet<_> = written(harness).iter().map(key).collect();
    harness.hover_at(text.rect.intersect(text.clip).center());
    harness.run_steps(TIP);
    let new = written(harness).into_iter().filter(|text| !is_cut(text) && !before.contains(&key(text)));
    let tip: Vec<String> = new.map(|text| text.words).collect();
    harness.hover_at(Pos2::new(2.0, 2.0));
    harness.run_steps(2);
    tip.join(" ")
}

/// Whether a tip tells all of a text, in these words and no others, in whatever order.
fn tells(tip: &str, text: &str) -> bool {
    let words = |of: &str| of.split(|c: char| c.is_whitespace() || ",;:·()".contains(c)).map(str::to_owned).collect();
    let (tip, text): (BTreeSet<String>, BTreeSet<String>) = (words(tip), words(text));
    text.iter().all(|word| word.is_empty() || tip.contains(word))
}

/// What is cut in the window as it is now.
fn cut(harness: &mut Harness<'_, App>, known: &mut BTreeSet<String>) -> Vec<String> {
    let all = written(harness);
    // What can be scrolled to says so.
    let more: Vec<&Written> = all.iter().filter(|text| text.words == "more →").collect();
    let is_scrolled = |text: &Written| {
        more.iter()
            .any(|more| text.clip.x_range().contains(more.rect.center().x) && more.rect.top() < text.rect.top() + 8.0)
    };
    let mut found = Vec::new();
    for text in all.iter().filter(|text| is_cut(text) && !is_scrolled(text)) {
        if known.insert(text.words.clone()) {
            let tip = tip(harness, text);
            if !tells(&tip, &text.words) {
                found.push(format!("{text:?}, and the tip is '{tip}'"));
            }
        }
    }
    found
}

fn look_at(scenario: &'static Scenario, size: Vec2) -> Vec<String> {
    let mut harness = show(Show::Run(Box::new(run_scenario(scenario.id, &[]))), Theme::Light, size);
    let mut known = BTreeSet::new();
    let mut found = Vec::new();
    for language in ["Python", "Rust"] {
        if let Some(tab) = harness.query_by_label(language) {
            tab.click();
        }
        harness.hover_at(Pos2::new(2.0, 2.0));
        harness.run_steps(AT_REST);
        found.extend(cut(&mut harness, &mut known));
        for _ in 0..3 {
            for _ in 0..4 {
                harness.key_press(Key::PageUp);
                harness.run_steps(1);
            }
            harness.run_steps(window::SETTLED + 2); // what glides has come to its place
            found.extend(cut(&mut harness, &mut known));
        }
        harness.key_press(Key::End);
    }
    found
}

/// Looks at the lessons that are meant in a window of this size; `LESSON` looks at that one alone.
fn look_at_all(size: Vec2, is_meant: impl Fn(&Scenario) -> bool) {
    let only = std::env::var("LESSON").ok();
    let lessons = scenarios::all().filter(|scenario| is_meant(scenario));
    let lessons = lessons.filter(|scenario| only.as_ref().is_none_or(|only| only == scenario.id));
    let found: Vec<String> = lessons
        .flat_map(|scenario| look_at(scenario, size).into_iter().map(|cut| format!("{}: {cut}", scenario.id)))
        .collect();
    assert!(found.is_empty(), "{} are cut at {size}: {found:#?}", found.len());
}

#[test]
fn nothing_is_cut_that_no_tip_tells_in_a_small_window() {
    // Where time is real, a length such as 99.8 ms may be too wide for what waits; one scrolls to it.
    look_at_all(vec2(1280.0, 720.0), |scenario| scenario.clock == ClockKind::Virtual);
}

#[test]
fn nothing_is_cut_that_no_tip_tells_in_a_usual_window() {
    look_at_all(vec2(1440.0, 900.0), |_| true);
}

/// What can be seen of a piece of text.
fn seen(text: &Written) -> egui::Rect {
    text.rect.intersect(text.clip)
}

/// Pairs of texts of which one lies over the other. What ends in a sign that there is more, lies under that sign.
fn overlaps(harness: &Harness<'_, App>) -> Vec<String> {
    let all: Vec<Written> = written(harness).into_iter().filter(Written::is_seen).collect();
    let is_more = |text: &Written| text.words == "more →";
    let mut found = Vec::new();
    for (place, text) in all.iter().enumerate() {
        for other in all[..place].iter().filter(|other| !is_more(text) && !is_more(other)) {
            let both = seen(text).intersect(seen(other));
            if both.width() > 2.0 && both.height() > 2.0 {
                found.push(format!(
                    "'{}' at {} lies over '{}' at {}",
                    text.words,
                    seen(text),
                    other.words,
                    seen(other)
                ));
            }
        }
    }
    found
}

/// Looks at every lesson on the virtual clock, which runs the same each time, in windows of these sizes, in points, at its
/// beginning, on the way and at its end.
fn look_for_overlaps(sizes: &[Vec2]) {
    let only = std::env::var("LESSON").ok();
    let mut found = BTreeSet::new();
    let lessons = scenarios::all().filter(|scenario| scenario.clock == ClockKind::Virtual);
    for scenario in lessons.filter(|scenario| only.as_ref().is_none_or(|only| only == scenario.id)) {
        for size in sizes {
            let mut harness = show(Show::Run(Box::new(run_scenario(scenario.id, &[]))), Theme::Light, *size);
            window::draw_until(&mut harness, App::is_concluded);
            let way = [Key::Home, Key::PageDown, Key::PageDown, Key::PageDown, Key::PageUp, Key::X, Key::Home, Key::X];
            // What a language changes is seen at the end.
            let ways = [("Rust", &[Key::End][..]), ("Both", &[Key::End]), ("Python", &way)];
            for (language, keys) in ways {
                if let Some(tab) = harness.query_by_label(language) {
                    tab.click();
                }
                harness.hover_at(Pos2::new(2.0, 2.0));
                for key in keys.iter().copied() {
                    harness.key_press(key);
                    harness.run_steps(window::SETTLED + 2);
                    let told = |what| format!("{} at {size}: {what}", scenario.id);
                    found.extend(overlaps(&harness).into_iter().map(told));
                }
            }
        }
    }
    let first: Vec<&String> = found.iter().take(40).collect();
    assert!(found.is_empty(), "{}: {first:#?}", found.len());
}

#[test]
fn no_text_lies_over_another_in_a_usual_window() {
    look_for_overlaps(&[vec2(1440.0, 900.0), vec2(1280.0, 720.0), vec2(1024.0, 768.0)]);
}

#[test]
fn no_text_lies_over_another_in_a_window_that_is_enlarged() {
    // 1440 × 900 at 150 and at 200 %.
    look_for_overlaps(&[vec2(960.0, 600.0), vec2(720.0, 450.0)]);
}

#[test]
fn no_line_of_code_is_broken_on_a_laptop_that_has_room_beside_the_middle() {
    // Beside the lesson, and a middle that shows the loop and the lanes, there is room for so many letters.
    const ROOM: usize = 63;
    let mut broken = Vec::new();
    for scenario in scenarios::all() {
        let mut harness = show(Show::Scenario(scenario), Theme::Light, vec2(1440.0, 900.0));
        for (language, source) in [("Python", &scenario.python), ("Rust", &scenario.rust)] {
            if let Some(tab) = harness.query_by_label(language) {
                tab.click();
            }
            harness.run_steps(3);
            let left = harness.get_by_label(language).rect().left() - 20.0;
            let longest = source.lines().map(|line| line.text.chars().count()).max().unwrap_or_default();
            let is_broken = |text: &Written| text.rect.left() > left && text.rows > 1 && text.is_code;
            let lines = written(&harness).into_iter().filter(is_broken).map(|text| text.words);
            let lines: Vec<String> = lines.collect();
            if longest <= ROOM && !lines.is_empty() {
                broken.push(format!("{}, {language}: {lines:?}", scenario.id));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
