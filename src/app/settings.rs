//! What the window remembers from one start to the next, in one small file.
//!
//! A file that cannot be read is put aside and said, never overwritten unseen, and so is one of which a part cannot be read;
//! the rest of it counts. A file that cannot be written is said once, and the window goes on without. It knows nothing of
//! runs and panels.

use super::files::Recent;
use super::lecturer::Lecturer;
use super::looks::{Contrast, Motion, Percent};
use super::panes::Panes;
use super::view::Axis;
use super::window_place::WindowPlace;
use crate::trace::Languages;
use crate::trace::file::write_aside;
use egui::ThemePreference;
use etcetera::{BaseStrategy as _, choose_base_strategy};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

/// What is remembered. What a file does not name has its default; what it names and this does not know stays in it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    pub(crate) theme: Lights,
    pub(crate) contrast: Contrast,
    pub(crate) motion: Motion,
    /// How large everything is.
    pub(crate) size: Percent,
    /// The names that were found last in the finder, the latest first.
    pub(crate) found: Vec<String>,
    /// The lesson that was open, by its id.
    pub(crate) scenario: Option<String>,
    /// The runs that were opened or saved last.
    pub(crate) recent: Recent,
    pub(crate) panes: Panes,
    /// The lessons that were run to their end, by id.
    pub(crate) finished: BTreeSet<String>,
    /// What was tried of what lessons propose, each by the lesson's id and the values.
    pub(crate) tried: BTreeSet<String>,
    pub(crate) window: Option<WindowPlace>,
    /// The axis of the timeline.
    pub(crate) axis: Axis,
    /// The languages in which code is shown and lines are named.
    pub(crate) languages: Languages,
    pub(crate) is_tour_seen: bool,
    pub(crate) lecturer: Lecturer,
    /// The moments that were looked for last, the latest first.
    pub(crate) moments: Vec<String>,
    /// What another version keeps there.
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

impl Settings {
    /// What can be read of these, and the names of those that cannot.
    fn of(values: Map<String, Value>) -> (Self, Vec<String>) {
        let read = |values| serde_json::from_value::<Self>(Value::Object(values));
        let is_readable =
            |(name, value): &(String, Value)| read(Map::from_iter([(name.clone(), value.clone())])).is_ok();
        let (readable, others): (Map<String, Value>, Map<String, Value>) = values.into_iter().partition(is_readable);
        (read(readable).unwrap_or_default(), others.into_iter().map(|(name, _)| name).collect())
    }
}

/// Light or dark colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Lights {
    /// As the desktop has it.
    #[default]
    System,
    Light,
    Dark,
}

impl From<Lights> for ThemePreference {
    fn from(lights: Lights) -> Self {
        match lights {
            Lights::System => Self::System,
            Lights::Light => Self::Light,
            Lights::Dark => Self::Dark,
        }
    }
}

impl From<ThemePreference> for Lights {
    fn from(theme: ThemePreference) -> Self {
        match theme {
            ThemePreference::System => Self::System,
            ThemePreference::Light => Self::Light,
            ThemePreference::Dark => Self::Dark,
        }
    }
}

/// Where the settings are kept: a file, or nowhere.
#[derive(Debug, Default)]
pub(crate) struct Store {
    path: Option<PathBuf>,
    /// What the file holds.
    saved: Settings,
    /// What it does not hold yet, and the time of the window, in seconds, at which it is to.
    due: Option<(Settings, f64)>,
}

/// What was loaded, and what was wrong with it.
pub(crate) type Loaded = (Settings, Option<String>);

/// What came of keeping the settings.
#[derive(Debug, PartialEq)]
pub(crate) enum Kept {
    /// The file holds them, or there is none.
    Done,
    /// They are written after this time, unless they change again.
    Later(Duration),
    /// They cannot be written, for this reason.
    Not(String),
}

/// How long settings must stay as they are before they are written, in seconds: a border that is dragged is written once.
const QUIET: f64 = 0.5;

impl Store {
    /// The user's own file; none where the system names no home, or only a relative one.
    pub(crate) fn of_user() -> Self {
        let path = choose_base_strategy().ok().map(|places| places.config_dir().join("loopscope/settings.json"));
        // A home that is relative would be another one in each folder.
        let path = path.filter(|path| path.is_absolute());
        Self { path, ..Self::default() }
    }

    /// This file.
    #[cfg(test)]
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { path: Some(path), ..Self::default() }
    }

    /// What the file holds.
    pub(crate) fn saved(&self) -> &Settings {
        &self.saved
    }

    /// What the file holds, and what is wrong with it. One that makes no sense is put aside.
    pub(crate) fn load(&mut self) -> Loaded {
        let Some(path) = self.path.clone() else { return Default::default() };
        let aside = free_place_beside(&path);
        match read(&path) {
            Ok((settings, unread)) => {
                self.saved = settings.clone();
                if unread.is_empty() {
                    return (settings, None);
                }
                let put = match fs::copy(&path, &aside) {
                    Ok(_) => format!("The file as it was is kept in {}.", aside.display()),
                    Err(_) => self.leave(),
                };
                let unread = unread.join(", ");
                let words = format!("These settings cannot be read, and are as they usually are: {unread}. {put}");
                (settings, Some(words))
            }
            Err(Unread::Io(error)) => {
                let problem = format!("The settings in {} cannot be read: {error}.", path.display());
                self.path = None; // nor is it overwritten
                (Settings::default(), Some(problem))
            }
            Err(Unread::Senseless(error)) => {
                let put = match fs::rename(&path, &aside) {
                    Ok(()) => format!("They are kept in {}.", aside.display()),
                    Err(_) => self.leave(),
                };
                (Settings::default(), Some(format!("The settings in {} are damaged: {error}. {put}", path.display())))
            }
        }
    }

    /// Leaves the file alone from now on, and says so.
    fn leave(&mut self) -> String {
        self.path = None;
        "They are left as they are, and changes will not be saved.".to_owned()
    }

    /// Keeps the settings, if they have changed and have come to rest; `now` is the time of the window, in seconds.
    pub(crate) fn keep(&mut self, settings: &Settings, now: f64) -> Kept {
        if self.path.is_none() || *settings == self.saved {
            self.due = None;
            return Kept::Done;
        }
        match &self.due {
            Some((waiting, at)) if waiting == settings && now >= *at => {
                self.due = None;
                self.save(settings).map_or(Kept::Done, Kept::Not)
            }
            Some((waiting, at)) if waiting == settings => Kept::Later(Duration::from_secs_f64(at - now)),
            _ => {
                self.due = Some((settings.clone(), now + QUIET));
                Kept::Later(Duration::from_secs_f64(QUIET))
            }
        }
    }

    /// Keeps the settings at once, if they have changed. After a failure, which it tells, it does not try again.
    pub(crate) fn save(&mut self, settings: &Settings) -> Option<String> {
        let path = self.path.clone().filter(|_| *settings != self.saved)?;
        match write(&path, settings) {
            Ok(()) => {
                self.saved.clone_from(settings);
                None
            }
            Err(error) => {
                self.path = None;
                Some(format!("Cannot save the settings in {}: {error}. Changes will not be kept.", path.display()))
            }
        }
    }
}

/// Why there are no settings.
enum Unread {
    Io(io::Error),
    Senseless(serde_json::Error),
}

/// A file longer than this, in bytes, is none of ours.
const LONGEST: u64 = 1 << 20;

/// What a file holds, and the names of what cannot be read of it.
fn read(path: &Path) -> Result<(Settings, Vec<String>), Unread> {
    let length = match fs::metadata(path) {
        Ok(data) => data.len(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Default::default()),
        Err(error) => return Err(Unread::Io(error)),
    };
    if length > LONGEST {
        return Err(Unread::Io(io::Error::new(io::ErrorKind::FileTooLarge, "it is too long")));
    }
    let values = serde_json::from_slice(&fs::read(path).map_err(Unread::Io)?).map_err(Unread::Senseless)?;
    Ok(Settings::of(values))
}

fn write(path: &Path, settings: &Settings) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    write_aside(path, |file| serde_json::to_writer_pretty(file, settings).map_err(io::Error::from))
}

/// Where a file that makes no sense is kept: beside it, and never in place of another one that was kept before.
fn free_place_beside(path: &Path) -> PathBuf {
    let numbered = (2_u32..).map(|number| format!("broken-{number}.json"));
    let mut places =
        std::iter::once("broken.json".to_owned()).chain(numbered).map(|ending| path.with_extension(ending));
    let text = fs::read(path).ok();
    let is_same = |place: &PathBuf| text.is_some() && fs::read(place).ok() == text;
    places.find(|place| !place.exists() || is_same(place)).unwrap_or_else(|| path.with_extension("broken.json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::panes::Edge;

    fn store(folder: &Path) -> Store {
        Store::at(folder.join("loopscope/settings.json"))
    }

    fn some() -> Settings {
        Settings {
            theme: Lights::Light,
            contrast: Contrast::High,
            motion: Motion::Reduced,
            size: Percent::default().larger().larger(),
            found: vec!["Full screen".into()],
            scenario: Some("queue".into()),
            languages: Languages::Both,
            ..Settings::default()
        }
    }

    #[test]
    fn what_is_kept_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(store(folder.path()).load(), (Settings::default(), None));
        assert_eq!(store(folder.path()).save(&some()), None);
        assert_eq!(store(folder.path()).load(), (some(), None));
    }

    #[test]
    fn a_file_without_sense_is_put_aside_and_said() {
        let folder = tempfile::tempdir().unwrap();
        store(folder.path()).save(&some());
        let path = folder.path().join("loopscope/settings.json");
        for text in ["", "{", "[1]", "\u{0}"] {
            fs::write(&path, text).unwrap();
            let (settings, problem) = store(folder.path()).load();
            assert_eq!(settings, Settings::default());
            assert!(problem.unwrap().contains("are damaged"));
            assert!(!path.exists());
        }
        // Each is kept, not the last alone.
        for (ending, text) in
            [("broken.json", ""), ("broken-2.json", "{"), ("broken-3.json", "[1]"), ("broken-4.json", "\u{0}")]
        {
            assert_eq!(fs::read_to_string(path.with_extension(ending)).unwrap(), text);
        }
    }

    #[test]
    fn what_another_version_wrote_is_read_as_far_as_it_is_known() {
        let folder = tempfile::tempdir().unwrap();
        store(folder.path()).save(&some());
        let path = folder.path().join("loopscope/settings.json");
        fs::write(&path, "{\"theme\": \"dark\", \"hats\": 3}").unwrap();
        let (settings, problem) = store(folder.path()).load();
        let rest = Map::from_iter([("hats".to_owned(), Value::from(3))]);
        assert_eq!((&settings, problem), (&Settings { theme: Lights::Dark, rest, ..Settings::default() }, None));
        assert_eq!(store(folder.path()).save(&Settings { theme: Lights::Light, ..settings }), None);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("\"hats\": 3"), "what only the other version knows is there for it: {text}");
    }

    /// As the first version wrote it.
    const FIRST: &str = r#"{
        "theme": "dark", "contrast": "usual", "motion": "usual", "size": 125, "scenario": "semaphore",
        "recent": ["/home/ada/run.loopscope"],
        "panes": { "places": { "story": "hidden" }, "sizes": { "code": 420.0 }, "windows": {} },
        "finished": ["a-lesson-that-is-gone", "create-task"],
        "window": { "size": [1300.0, 800.0], "corner": [40.0, 30.0], "is_maximized": false },
        "axis": "steps", "is_tour_seen": true
    }"#;

    #[test]
    fn settings_of_the_first_version_open_without_a_word_and_nothing_of_them_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("loopscope/settings.json");
        store(folder.path()).save(&some());
        fs::write(&path, FIRST).unwrap();
        let mut store = store(folder.path());
        let (settings, problem) = store.load();
        assert_eq!(problem, None);
        store.save(&Settings { moments: vec!["gate full".into()], ..settings });
        let written: Map<String, Value> = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let first: Map<String, Value> = serde_json::from_str(FIRST).unwrap();
        for (name, value) in first {
            assert_eq!(written[&name], value, "{name}");
        }
    }

    #[test]
    fn a_part_that_cannot_be_read_is_told_and_the_rest_of_the_file_counts() {
        for (name, value) in [("theme", "3"), ("panes", "{\"places\": {\"moon\": \"apart\"}}"), ("lecturer", "3")] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("loopscope/settings.json");
            store(folder.path()).save(&some());
            let text = format!("{{\"{name}\": {value}, \"finished\": [\"queue\"]}}");
            fs::write(&path, &text).unwrap();
            let mut store = store(folder.path());
            let (settings, problem) = store.load();
            let problem = problem.unwrap();
            assert!(problem.contains(&format!(": {name}. ")), "{problem}");
            assert!(settings.finished.contains("queue"));
            assert_eq!(store.save(&some()), None);
            let aside = path.with_extension("broken.json");
            assert_eq!(fs::read_to_string(aside).unwrap(), text, "nothing is lost");
        }
    }

    #[test]
    fn a_place_that_cannot_be_written_is_said_once() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("loopscope"), "a file where a folder should be").unwrap();
        let mut store = store(folder.path());
        assert!(store.save(&some()).unwrap().contains("will not be kept"));
        assert_eq!(store.save(&Settings::default()), None);
    }

    #[test]
    fn what_changes_on_and_on_is_written_once_it_rests() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = store(folder.path());
        let path = folder.path().join("loopscope/settings.json");
        let mut settings = some();
        for frame in 0..100 {
            settings.panes.resize(Edge::Code, 300.0 + frame as f32);
            assert_eq!(store.keep(&settings, f64::from(frame) / 60.0), Kept::Later(Duration::from_secs_f64(QUIET)));
            assert!(!path.exists(), "not while it is dragged");
        }
        let rest = 99.0 / 60.0;
        assert!(matches!(store.keep(&settings, rest + 0.2), Kept::Later(_)));
        assert_eq!(store.keep(&settings, rest + QUIET), Kept::Done);
        assert_eq!(store.load(), (settings.clone(), None));
        assert_eq!(store.keep(&settings, rest + 9.0), Kept::Done);
    }

    #[test]
    fn with_no_home_nothing_is_kept_and_nothing_is_wrong() {
        let mut store = Store::default();
        assert_eq!(store.load(), (Settings::default(), None));
        assert_eq!(store.keep(&some(), 0.0), Kept::Done);
        assert_eq!(store.save(&some()), None);
    }
}
