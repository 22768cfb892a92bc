//! What a lesson says of a run: its texts with the run's values, its steps, its question. It reads no record: what is known of
//! the run is given to it.

use super::head::{File, Hints};
use super::{Answer, Params, Scenario, Value};
use crate::moment::{Expr, Fact, Facts, Moment, Template, Value as Known};
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

/// A lesson.
#[derive(Debug)]
pub struct Lesson {
    /// The Markdown file, as `docs/LESSONS.md` describes it.
    pub markdown: &'static str,
}

impl Lesson {
    /// A lesson that is all in its file.
    #[must_use]
    pub const fn of(markdown: &'static str) -> Self {
        Self { markdown }
    }
}

/// What a lesson says of one run.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    scenario: &'a Scenario,
    file: &'static File,
    facts: &'a Facts,
}

impl Scenario {
    /// What is known of a run before it begins: its parameters.
    #[must_use]
    pub fn facts(&self, params: &Params) -> Facts {
        Facts::new(params.iter().map(|(param, value)| {
            let known = match value {
                Value::Count(count) => Known::Number(f64::from(count)),
                Value::Millis(millis) => Known::Time(i128::from(millis) * 1_000_000),
                Value::Choice(word) => Known::Text(word.to_owned()),
                Value::Text(address) => Known::Text(address.to_string()),
            };
            (param.name.to_owned(), known)
        }))
    }

    /// What its lesson says of a run of which this is known.
    #[must_use]
    pub fn told<'a>(&'a self, facts: &'a Facts) -> Told<'a> {
        Told { scenario: self, file: self.file(), facts }
    }

    /// Of which kind the answer to its question is with these parameters, and what there is to choose from.
    #[must_use]
    pub fn kind_of_answer(&self, params: &Params) -> Answer {
        self.told(&self.facts(params)).kind_of_answer()
    }

    /// What to try next, each as parameters on the command line.
    pub fn tries(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.file().tries.iter().map(String::as_str)
    }

    /// How many things its lesson tells to look for.
    #[must_use]
    pub fn step_count(&self) -> usize {
        self.file().steps.len()
    }

    /// Whether its lesson asks something before the run.
    #[must_use]
    pub fn has_question(&self) -> bool {
        self.file().part("Predict").is_some()
    }

    /// Whether its lesson says what follows from it.
    #[must_use]
    pub fn has_point(&self) -> bool {
        self.file().part("The point").is_some()
    }

    /// Its lesson's file. It is read once, and kept as long as this process lives.
    fn file(&self) -> &'static File {
        type Key = [usize; 2];
        static FILES: OnceLock<Mutex<HashMap<Key, &'static File>>> = OnceLock::new();
        // Both live as long as the process: their places tell them apart.
        let key = [self.lesson.markdown.as_ptr() as usize, self.id.as_ptr() as usize];
        let mut files = FILES.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
        files.entry(key).or_insert_with(|| Box::leak(Box::new(File::read(self))))
    }
}

impl<'a> Told<'a> {
    /// What it shows, in a few words.
    #[must_use]
    pub fn promise(&self) -> String {
        self.file.promise.render(self.facts)
    }

    /// What the lesson says first.
    #[must_use]
    pub fn intro(&self) -> String {
        self.part("")
    }

    /// The question to answer before the run.
    #[must_use]
    pub fn question(&self) -> String {
        self.part("Predict")
    }

    /// What many believe, and the lesson puts right.
    #[must_use]
    pub fn misconception(&self) -> String {
        self.part("A common mistake")
    }

    /// What follows from it. It may speak of what only a run that is over tells.
    #[must_use]
    pub fn so_what(&self) -> String {
        self.part("The point")
    }

    /// What helps a lecturer: what to ask the audience, what surprises, what to vary.
    #[must_use]
    pub fn notes(&self) -> String {
        self.part("Notes")
    }

    /// What to look for, in the order in which a run reaches it.
    #[must_use]
    pub fn look_for(&self) -> Vec<String> {
        self.file.steps.iter().map(|step| step.text.render(self.facts)).collect()
    }

    /// How the step of that place is best seen.
    #[must_use]
    pub fn hints(&self, step: usize) -> Hints {
        self.file.steps.get(step).map_or_else(Hints::default, |step| step.hints)
    }

    /// The moment of each step; none where it cannot be read, which a test of every lesson rules out.
    #[must_use]
    pub fn moments(&self) -> Vec<Option<Moment>> {
        self.file.steps.iter().map(|step| step.moment.render(self.facts).parse().ok()).collect()
    }

    /// Why the step of that place cannot happen, if its own condition says so.
    #[must_use]
    pub fn impossible(&self, step: usize) -> Option<String> {
        let step = self.file.steps.get(step)?;
        let is_out = self.value(step.condition.as_ref()?) == Known::Truth(false);
        is_out
            .then(|| Some(step.otherwise.render(self.facts)).filter(|words| !words.is_empty()))?
            .or(Some(NOT_HERE.into()))
    }

    /// An answer of the kind that its question has, with all that there is to choose from; which is right only a run tells.
    #[must_use]
    pub fn kind_of_answer(&self) -> Answer {
        match &self.file.answer {
            None => Answer::Nothing,
            Some(answer) => {
                let sample = self.facts.sample();
                let told = Told { facts: &sample, ..*self };
                self.answer_of(told.value(answer))
            }
        }
    }

    /// The answer, of a run that is over. None where the head of the file has no question.
    #[must_use]
    pub fn answer(&self) -> Option<Answer> {
        let answer = self.file.answer.as_ref()?;
        Some(self.answer_of(self.value(answer)))
    }

    fn answer_of(&self, value: Known) -> Answer {
        let choices = || {
            let choices = self.file.choices.iter().map(|choice| choice.render(self.facts));
            // What these parameters rule out is nothing to choose.
            let choices: Vec<String> = choices.filter(|choice| !choice.is_empty()).collect();
            if choices.is_empty() { vec!["yes".to_owned(), "no".to_owned()] } else { choices }
        };
        match &value {
            _ if !self.file.choices.is_empty() => {
                let (of, word) = (choices(), value.to_string());
                let is = of.iter().position(|choice| *choice == word).unwrap_or_default();
                Answer::Choice { of, is }
            }
            Known::Time(_) => Answer::Time(value.as_time().unwrap_or_default()),
            Known::Number(_) => Answer::Count(value.as_count().unwrap_or_default()),
            Known::Truth(is_so) => Answer::Choice { of: choices(), is: usize::from(!is_so) },
            Known::Text(_) | Known::Unknown => Answer::Nothing,
        }
    }

    /// What its texts and its question ask of a run.
    #[must_use]
    pub fn asks(&self) -> Vec<Fact> {
        let mut asks: Vec<Fact> = self.file.parts().flat_map(|part| part.asks(self.facts)).collect();
        asks.extend(self.file.promise.asks(self.facts));
        let conditions = self.file.steps.iter().filter_map(|step| step.condition.as_ref());
        for source in self.file.answer.iter().chain(conditions) {
            asks.extend(self.expr(source).map_or_else(|_| Vec::new(), |expr| expr.asks()));
        }
        asks
    }

    /// What is wrong with the lesson's file, as far as it shows with these parameters.
    #[must_use]
    pub fn errors(&self) -> Vec<String> {
        let mut errors = self.file.errors.clone();
        for step in &self.file.steps {
            let read: Result<Moment, _> = step.moment.render(self.facts).parse();
            errors.extend(read.err().map(|error| error.to_string()));
            let condition = step.condition.as_ref().map(|condition| self.expr(condition));
            errors.extend(condition.and_then(Result::err).map(|error| error.to_string()));
        }
        errors.extend(
            self.file.answer.as_ref().and_then(|answer| self.expr(answer).err()).map(|error| error.to_string()),
        );
        errors
    }

    fn part(&self, heading: &str) -> String {
        self.file.part(heading).map_or_else(String::new, |part| part.render(self.facts))
    }

    fn expr(&self, source: &Template) -> Result<Expr, crate::moment::MomentError> {
        Expr::parse(&source.render(self.facts), &super::head::names(self.scenario))
    }

    fn value(&self, source: &Template) -> Known {
        self.expr(source).map_or(Known::Unknown, |expr| expr.value(self.facts))
    }
}

/// What is said of a step that did not come, where the lesson says nothing else.
pub const NOT_HERE: &str = "not in this run";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenarios::{Param, Program};

    static PARAMS: &[Param] = &[Param {
        name: "permits",
        label: "permits",
        bounds: super::super::Bounds::Count { min: 1, max: 9, default: 3 },
    }];

    fn scenario(markdown: &'static str) -> Scenario {
        Scenario {
            lesson: Lesson::of(markdown),
            params: PARAMS,
            ..Scenario::new("test", "Test", |_| Program::Elsewhere)
        }
    }

    #[test]
    fn the_parts_are_found_by_their_headings() {
        let scenario = scenario("First.\n\nSecond.\n\n## Predict\n\nHow long?\n");
        let facts = scenario.facts(&Params::defaults(PARAMS));
        let told = scenario.told(&facts);
        assert_eq!(told.intro(), "First.\n\nSecond.");
        assert_eq!(told.question(), "How long?");
        assert_eq!(told.so_what(), "");
    }

    #[test]
    fn a_head_and_its_text_follow_the_parameters() {
        let scenario = scenario(
            "+++\npromise = \"{permits} at a time\"\nanswer = \"elapsed\"\ntry = [\"permits=5\"]\n[[look]]\n\
             text = \"All {permits} are taken.\"\nmoment = \"gate free <= {permits - 3}\"\nif = \"permits > 3\"\n\
             else = \"only {permits}\"\n+++\n\nIntro of {permits}.\n",
        );
        let mut params = Params::defaults(PARAMS);
        let facts = scenario.facts(&params);
        let told = scenario.told(&facts);
        assert_eq!(told.errors(), Vec::<String>::new());
        assert_eq!((told.promise(), told.intro()), ("3 at a time".into(), "Intro of 3.".into()));
        assert_eq!(told.impossible(0), Some("only 3".into()));
        assert!(matches!(told.kind_of_answer(), Answer::Time(_)));
        assert_eq!(told.answer(), Some(Answer::Nothing));
        params.assign("permits=5").unwrap();
        let facts = scenario.facts(&params);
        let told = scenario.told(&facts);
        assert_eq!((told.look_for(), told.impossible(0)), (vec!["All 5 are taken.".to_owned()], None));
        assert!(matches!(&told.moments()[..], [Some(moment)] if moment.text() == "gate free <= 2"));
    }

    #[test]
    fn a_wrong_head_is_told_and_the_text_stands() {
        let scenario = scenario("+++\npromise = 3\n+++\n\nText.\n");
        let facts = Facts::default();
        let told = scenario.told(&facts);
        assert_eq!(told.intro(), "Text.");
        assert_eq!(told.errors().len(), 1);
    }
}
