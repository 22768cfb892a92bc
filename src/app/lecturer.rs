//! The lecturer's window: what comes next, what to say, and how long one has talked. The audience does not see it.
//!
//! The notes are the lesson's own, and what the lecturer wrote beside them, which the settings keep.

use super::App;
use super::command::Command;
use super::deck::Page;
use super::keys;
use super::panels::{Desk, Preview};
use super::present::TalkCommand;
use super::theme::Palette;
use super::window_place::WindowPlace;
use crate::scenarios::Told;
use egui::{CentralPanel, Context, Frame, Id, Margin, ViewportBuilder, ViewportClass, ViewportId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// What is remembered of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Lecturer {
    /// Whether it is open while one presents.
    pub(crate) is_open: bool,
    pub(crate) place: Option<WindowPlace>,
    /// The lecturer's own notes, by the lesson's id.
    notes: BTreeMap<String, String>,
}

/// Notes are no longer than this, in bytes: the settings are a small file.
const LONGEST: usize = 8_000;
/// The size of the window at first, and its least, in points of the usual size.
const SIZE: [f32; 2] = [560.0, 700.0];
const LEAST: [f32; 2] = [360.0, 300.0];

impl Lecturer {
    /// The lecturer's own notes on a lesson.
    pub(crate) fn notes(&self, lesson: &str) -> &str {
        self.notes.get(lesson).map_or("", String::as_str)
    }

    pub(crate) fn write(&mut self, lesson: &str, mut notes: String) {
        if notes.len() > LONGEST {
            let end = (0..=LONGEST).rev().find(|end| notes.is_char_boundary(*end));
            notes.truncate(end.unwrap_or_default());
        }
        if notes.is_empty() {
            self.notes.remove(lesson);
        } else {
            self.notes.insert(lesson.to_owned(), notes);
        }
    }
}

impl App {
    /// The lecturer's window, while one presents and it is open.
    pub(super) fn lecturer_window(&self, ctx: &Context) -> Vec<Command> {
        let mut commands = Vec::new();
        let opened = Id::unique("lecturer's window");
        let Some(desk) = self.desk().filter(|_| self.lecturer.is_open) else {
            ctx.data_mut(|data| data.remove::<WindowPlace>(opened));
            return commands;
        };
        let before = self.lecturer.place;
        // Where it is opened stays what it is while it is open: else each move of it would be asked for once more.
        // The audience is not to see it: it goes to another screen than the page, where there is one.
        let zoom = ctx.zoom_factor();
        let deck = ctx.input(|input| input.viewport().outer_rect).map(|rect| rect * zoom);
        let place = before.unwrap_or(WindowPlace::of_size(SIZE));
        let place = ctx.data_mut(|data| *data.get_temp_mut_or_insert_with(opened, || self.screens.apart(place, deck)));
        // It is of the usual size, however large the page is for the audience.
        let least = LEAST.map(|side| side / zoom);
        let builder = ViewportBuilder::default().with_title("Loopscope: lecturer").with_app_id("loopscope");
        let builder = place.of(builder.with_min_inner_size(least), least, zoom);
        ctx.request_repaint_after(Duration::from_secs(1)); // the time passes
        ctx.show_viewport_immediate(ViewportId::from_hash_of("lecturer"), builder, |ui, class| {
            if class != ViewportClass::EmbeddedWindow {
                commands.extend(keys::pressed(ui.ctx(), true)); // they turn the pages from there, too
                let place = WindowPlace::now(ui.ctx(), before).filter(|place| Some(*place) != before);
                commands.extend(place.map(|place| TalkCommand::MoveLecturer(place).into()));
            }
            if ui.input(|input| input.viewport().close_requested()) {
                commands.push(TalkCommand::ToggleLecturer.into());
            }
            let usual = self.size.factor();
            let frame = Frame::new().fill(Palette::of(ui).panel).inner_margin(Margin::same(4));
            CentralPanel::no_frame().frame(frame).show(ui, |ui| commands.extend(desk.show(ui, usual / zoom)));
        });
        commands
    }

    /// What lies before the lecturer.
    fn desk(&self) -> Option<Desk<'_>> {
        let slide = self.slide()?;
        let lectern = self.lectern.as_ref()?;
        let next = match lectern.following() {
            Some(page) => Some(Preview { page, words: words_of(page, slide.lesson) }),
            None => lectern.next().map(|next| Preview { page: Page::Title, words: next.scenario.title.to_owned() }),
        };
        Some(Desk {
            scenario: self.plan.scenario,
            notes: slide.lesson.notes(),
            page: slide.page,
            place: slide.place,
            lecture: lectern.place(),
            next,
            passed: (self.window_time() - lectern.began).max(0.0),
            own_notes: self.lecturer.notes(self.plan.scenario.id),
        })
    }
}

/// The words of a page that comes next.
fn words_of(page: Page, lesson: Told<'_>) -> String {
    match page {
        Page::Title | Page::Guess(_) => lesson.question(),
        Page::Look(_, step) => lesson.look_for().into_iter().nth(step).unwrap_or_default(),
        Page::Answer(_) => lesson.misconception(),
        Page::Point => lesson.so_what(),
        Page::Next | Page::Run => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Show;
    use crate::app::settings::Store;
    use crate::scenarios;
    use std::path::Path;

    /// The app as it starts with the settings of a file, and what it says then.
    fn started(path: &Path) -> (App, String) {
        let mut store = Store::at(path.to_owned());
        let loaded = store.load();
        let app = App::new(&Context::default(), Show::Nothing).remembering(store, loaded, false);
        let words: Vec<String> = app.messages.list().iter().map(|message| message.text.clone()).collect();
        (app, words.join("\n"))
    }

    /// Writes notes on a lesson while it is presented, and leaves.
    fn note(app: &mut App, lesson: &str, notes: &str) {
        app.obey(Command::Load(scenarios::find(lesson).unwrap()));
        app.obey(Command::Present);
        app.obey(TalkCommand::WriteNotes(notes.into()).into());
        app.obey(Command::Present);
        let settings = app.settings();
        assert_eq!(app.store.save(&settings), None);
    }

    #[test]
    fn own_notes_are_there_after_a_restart_and_so_are_those_on_a_lesson_that_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        std::fs::write(
            &path,
            r#"{ "is_tour_seen": true, "scenario": "gone", "lecturer": { "notes": { "gone": "say why" } } }"#,
        )
        .unwrap();
        let (mut app, words) = started(&path);
        assert!(words.contains("'gone'") && words.contains("not in this version"), "{words}");
        note(&mut app, "queue", "ask about the buffer");
        note(&mut app, "lock", "ä\n\"quoted\"");
        let (mut app, words) = started(&path);
        assert_eq!(words, "");
        let notes = ["queue", "lock", "gone", "gather"].map(|lesson| app.lecturer.notes(lesson));
        assert_eq!(notes, ["ask about the buffer", "ä\n\"quoted\"", "say why", ""]);
        assert_eq!(app.plan.scenario.id, "lock");
        app.obey(Command::Present);
        app.look();
        assert_eq!(app.desk().unwrap().own_notes, "ä\n\"quoted\"");
    }

    #[test]
    fn notes_in_a_damaged_file_are_put_aside_and_said_and_new_ones_are_kept() {
        for text in
            ["{ \"lecturer\": { \"notes\": { \"queue\": \"ask", "{ \"lecturer\": { \"notes\": { \"queue\": 3 } } }"]
        {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("settings.json");
            std::fs::write(&path, text).unwrap();
            let (mut app, words) = started(&path);
            assert!(words.contains("settings.broken.json"), "{words}");
            assert_eq!(std::fs::read_to_string(path.with_extension("broken.json")).unwrap(), text);
            note(&mut app, "queue", "once more");
            assert_eq!(started(&path).0.lecturer.notes("queue"), "once more");
        }
    }

    #[test]
    fn notes_are_kept_by_lesson_and_stay_short() {
        let mut lecturer = Lecturer::default();
        lecturer.write("queue", "ask about the buffer".into());
        lecturer.write("lock", "ä".repeat(LONGEST));
        assert_eq!(lecturer.notes("queue"), "ask about the buffer");
        assert!(lecturer.notes("lock").len() <= LONGEST && lecturer.notes("gather").is_empty());
        lecturer.write("queue", String::new());
        assert_eq!(lecturer.notes.len(), 1, "what is empty is not kept");
    }
}
