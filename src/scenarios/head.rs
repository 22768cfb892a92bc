//! The file of a lesson: a head in TOML between two lines `+++`, and below it the text. It reads; what a run makes of it is
//! told elsewhere. `docs/LESSONS.md` says how to write one.

use super::{Bounds, Scenario};
use crate::moment::{MomentError, Template};
use serde::Deserialize;

/// A lesson as it was read.
#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) promise: Template,
    pub(super) answer: Option<Template>,
    pub(super) choices: Vec<Template>,
    pub(super) tries: Vec<String>,
    pub(super) steps: Vec<Step>,
    parts: Vec<(String, Template)>,
    /// What is wrong with it.
    pub(super) errors: Vec<String>,
}

/// Something to look for.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) text: Template,
    /// When a run has come to it: a moment.
    pub(super) moment: Template,
    /// Under which condition it can happen.
    pub(super) condition: Option<Template>,
    /// What is said where it cannot.
    pub(super) otherwise: Template,
    pub(super) hints: Hints,
}

/// How a step is best seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hints {
    /// The axis that shows it.
    pub axis: Option<StepAxis>,
    /// How much of the run to show.
    pub zoom: Option<Zoom>,
    /// Whether the code beside the lanes helps.
    pub code: bool,
}

/// The axis on which a step is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepAxis {
    /// That of time.
    Time,
    /// That on which each poll has a column.
    Steps,
}

/// How much of a run is shown at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Zoom {
    /// What is near to the step.
    Around,
    /// The whole run.
    Run,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    promise: String,
    answer: Option<String>,
    #[serde(default)]
    choices: Vec<String>,
    #[serde(default)]
    r#try: Vec<String>,
    #[serde(default)]
    look: Vec<Look>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    text: String,
    moment: String,
    r#if: Option<String>,
    r#else: Option<String>,
    axis: Option<StepAxis>,
    zoom: Option<Zoom>,
    #[serde(default)]
    code: bool,
}

/// The line before and after the head.
const FENCE: &str = "+++\n";

impl File {
    /// Reads the lesson of a scenario.
    pub(super) fn read(scenario: &Scenario) -> Self {
        let markdown = scenario.lesson.markdown;
        let Some((head, body)) = markdown.strip_prefix(FENCE).and_then(|rest| rest.split_once(&format!("\n{FENCE}")))
        else {
            return Self::without_head(
                markdown,
                "the file does not begin with a head between two lines `+++`".to_owned(),
            );
        };
        match toml::from_str::<Head>(head) {
            Ok(head) => Self::with_head(head, body, &names(scenario)),
            Err(error) => Self::without_head(body, error.to_string()),
        }
    }

    fn with_head(head: Head, body: &str, names: &[&str]) -> Self {
        let mut errors = Vec::new();
        let mut template = |text: &str| {
            Template::parse(text, names).unwrap_or_else(|error: MomentError| {
                errors.push(error.to_string());
                Template::plain(text)
            })
        };
        let steps = head.look.iter().map(|look| Step {
            text: template(&look.text),
            moment: template(&look.moment),
            condition: look.r#if.as_deref().map(&mut template),
            otherwise: template(look.r#else.as_deref().unwrap_or_default()),
            hints: Hints { axis: look.axis, zoom: look.zoom, code: look.code },
        });
        let steps = steps.collect();
        let (promise, answer) = (template(&head.promise), head.answer.as_deref().map(&mut template));
        let choices = head.choices.iter().map(|choice| template(choice)).collect();
        let parts = parts(body).map(|(heading, text)| (heading.to_owned(), template(text))).collect();
        Self { promise, answer, choices, tries: head.r#try, steps, parts, errors }
    }

    /// The text alone, where the head cannot be read.
    fn without_head(body: &str, error: String) -> Self {
        let parts = parts(body).map(|(heading, text)| (heading.to_owned(), Template::plain(text))).collect();
        Self { parts, errors: vec![error], ..Self::default() }
    }

    /// The text under a heading; that before the first one under none.
    pub(super) fn part(&self, heading: &str) -> Option<&Template> {
        self.parts.iter().find(|(known, _)| known == heading).map(|(_, text)| text)
    }

    /// Every text of it.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Template> {
        self.parts.iter().map(|(_, text)| text)
    }
}

/// The parts of a text, each with its heading; the first has none.
fn parts(body: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut parts = body.split("\n## ");
    let first = parts.next().map(|text| ("", text.trim()));
    first
        .into_iter()
        .chain(parts.filter_map(|part| part.split_once('\n').map(|(title, text)| (title.trim(), text.trim()))))
}

/// What an expression of a scenario's lesson may name: its parameters, and the words that they take.
pub(super) fn names(scenario: &Scenario) -> Vec<&'static str> {
    let words = scenario.params.iter().flat_map(|param| match param.bounds {
        Bounds::Choice { of } => of,
        Bounds::Count { .. } | Bounds::Millis { .. } | Bounds::Text { .. } => &[],
    });
    scenario.params.iter().map(|param| param.name).chain(words.copied()).collect()
}
