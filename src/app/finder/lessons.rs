//! Finding lessons by what they are about: their ids, their texts, and the names that their programs use in Python.
//!
//! It looks for what is typed as it stands; finding by a few letters of a title is done elsewhere.

use crate::scenarios::{CHAPTERS, Scenario};
use std::sync::LazyLock;

/// Shorter words than this, in bytes, stand in nearly every text.
const SHORTEST: usize = 3;

/// Where what is typed was found in a lesson, the best place first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// In its id: it often is the word for what the lesson is about.
    Id,
    /// In its Python program.
    Python,
    /// In what it says.
    Text,
}

impl Place {
    /// What is said beside the title.
    pub(super) fn words(self, scenario: &Scenario) -> String {
        match self {
            Self::Id => format!("lesson · {}", scenario.id),
            Self::Python => "lesson · in its Python".to_owned(),
            Self::Text => "lesson · in its text".to_owned(),
        }
    }
}

/// What of a lesson is searched.
struct Searched {
    scenario: &'static Scenario,
    id: String,
    python: String,
    text: String,
}

static LESSONS: LazyLock<Vec<Searched>> = LazyLock::new(|| {
    let scenarios = CHAPTERS.iter().flat_map(|chapter| chapter.scenarios.iter().copied());
    let searched = scenarios.map(|scenario| Searched {
        scenario,
        id: plain(scenario.id),
        python: plain(scenario.python.text),
        text: plain(scenario.lesson.markdown),
    });
    searched.collect()
});

/// The lessons in which what is typed stands, each with the best place where it does.
pub(super) fn lessons_with(typed: &str) -> Vec<(&'static Scenario, Place)> {
    let typed = plain(typed);
    if typed.len() < SHORTEST {
        return Vec::new();
    }
    let place = |lesson: &Searched| {
        let texts = [(&lesson.id, Place::Id), (&lesson.python, Place::Python), (&lesson.text, Place::Text)];
        texts.into_iter().find(|(text, _)| text.contains(&typed)).map(|(_, place)| place)
    };
    LESSONS.iter().filter_map(|lesson| Some((lesson.scenario, place(lesson)?))).collect()
}

/// Text in which `create_task`, `create-task` and `Create task` are the same.
fn plain(text: &str) -> String {
    let words = text.split(|letter: char| letter.is_whitespace() || "_-.`*()".contains(letter));
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lessons_are_found_by_names_of_python_and_by_their_texts() {
        for (typed, id, place) in [
            ("create_task", "create-task", Place::Id),
            ("asyncio.sleep", "say-hello", Place::Python),
            ("TaskGroup", "task-group", Place::Python),
            ("back-pressure", "queue-bounded", Place::Text),
            ("call_soon_threadsafe", "one-loop-many-threads", Place::Python),
        ] {
            let found = lessons_with(typed);
            let has = found.iter().any(|(scenario, at)| scenario.id == id && *at <= place);
            assert!(has, "{typed}: {:?}", found.iter().map(|(scenario, at)| (scenario.id, at)).collect::<Vec<_>>());
        }
        assert!(lessons_with("xqzt").is_empty() && lessons_with("a").is_empty() && lessons_with(" ").is_empty());
    }
}
