//! Where there is one of something, nothing that a lesson prints, says or shows speaks of several.
#![cfg(feature = "gui")]

mod support;
#[path = "support/window.rs"]
mod window;

use egui::epaint::ClippedShape;
use egui::{Key, Shape, Theme};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use loopscope::app::Show;
use loopscope::scenarios::{self, Bounds, Scenario};
use loopscope::session::{Progress, Session, StepState};
use loopscope::trace::{Limits, Stats, Wording, diagnose, explain, explain_end, sentence};
use support::{events, run_scenario};
use window::{SIZE, show};

/// Words that end in `s` and follow a number that counts nothing: verbs of `page 1`, and the like.
const NO_PLURALS: &[&str] = &[
    "is", "has", "was", "does", "as", "its", "this", "always", "thus", "plus", "less", "across", "access", "process",
    "begins", "ends", "comes", "answers", "takes", "gives", "reports", "prints", "sits", "buys", "waits", "runs",
    "returns", "becomes", "fails", "needs", "finds", "polls", "spawns", "goes", "stops", "stores", "fetches",
    "computes", "axis",
];

/// Where a text counts one of something and names it in the plural: `1 threads`, `one tasks`.
fn wrong_plurals(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_wrong = |pair: &[&str]| {
        let noun = pair[1].trim_end_matches(|end: char| !end.is_alphanumeric());
        let is_one = matches!(pair[0].trim_start_matches(|first: char| !first.is_alphanumeric()), "1" | "one" | "One");
        is_one
            && noun.len() > 2
            && noun.ends_with('s')
            && noun.bytes().all(|letter| letter.is_ascii_lowercase())
            && !NO_PLURALS.contains(&noun)
    };
    // `no one hears` counts nobody.
    let counts = |place: usize| place == 0 || !words[place - 1].eq_ignore_ascii_case("no");
    let pairs = words.windows(2).enumerate().filter(|(place, pair)| counts(*place) && is_wrong(pair));
    pairs.map(|(_, pair)| pair.join(" ")).collect()
}

#[test]
fn a_wrong_plural_is_seen() {
    assert_eq!(wrong_plurals("at work: 1 threads, and (one tasks) more"), ["1 threads,", "(one tasks)"]);
    assert!(wrong_plurals("page 1 is saved in 1 ms, 21 threads, one less, 1 task, no one hears").is_empty());
}

/// Parameters that make one of everything that is counted, by themselves and all together, beside the defaults.
fn ones(scenario: &Scenario) -> Vec<Vec<String>> {
    let one = |param: &&scenarios::Param| matches!(param.bounds, Bounds::Count { min, .. } if min <= 1);
    let set: Vec<String> = scenario.params.iter().filter(one).map(|param| format!("{}=1", param.name)).collect();
    let choices = scenario.params.iter().filter_map(|param| match param.bounds {
        Bounds::Choice { of } => Some(of.iter().skip(1).map(move |word| format!("{}={word}", param.name))),
        _ => None,
    });
    let mut sets = vec![set.clone()];
    sets.extend(choices.flatten().map(|choice| [set.clone(), vec![choice]].concat()));
    sets.extend(set.into_iter().map(|alone| vec![alone]));
    sets
}

fn run(scenario: &Scenario, set: &[String]) -> Session {
    run_scenario(scenario.id, &set.iter().map(String::as_str).collect::<Vec<_>>())
}

/// All that is said of a run.
fn texts(session: &Session) -> Vec<String> {
    let wording = Wording::default();
    let record = session.record();
    let mut texts: Vec<String> = events(record).iter().map(|event| sentence(record, event, &wording)).collect();
    texts.extend(record.output().iter().map(|line| line.text.to_string()));
    for lane in record.lanes() {
        texts.extend(lane.spans().map(|span| explain(record, lane.task(), &span, &wording)));
        texts.extend(explain_end(record, lane.task(), &wording));
    }
    texts.extend(diagnose(record, Limits::default(), &wording).into_iter().map(|found| found.cause));
    texts.extend(Stats::of(record).lines(record).into_iter().map(|(name, value)| format!("{name} {value}")));
    let mut progress = Progress::default();
    progress.advance(session.plan(), record);
    let told = session.plan().scenario.told(progress.facts());
    texts.extend([told.promise(), told.intro(), told.question(), told.misconception(), told.so_what()]);
    texts.extend(told.look_for());
    texts.extend(progress.steps().iter().filter_map(|step| match step {
        StepState::NotInThisRun(why) => Some(why.to_string()),
        _ => None,
    }));
    texts
}

#[test]
fn nothing_that_is_said_of_one_is_in_the_plural() {
    let mut faults = Vec::new();
    for scenario in scenarios::all() {
        for set in ones(scenario) {
            let texts = texts(&run(scenario, &set));
            let wrong = texts.iter().filter(|text| !wrong_plurals(text).is_empty());
            faults.extend(wrong.map(|text| format!("{} {}: {text}", scenario.id, set.join(" "))));
        }
    }
    faults.dedup();
    assert!(faults.is_empty(), "{faults:#?}");
}

fn painted(shape: &Shape, texts: &mut Vec<String>) {
    match shape {
        Shape::Text(text) => texts.push(text.galley.text().to_owned()),
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| painted(shape, texts)),
        _ => {}
    }
}

#[test]
fn nothing_on_the_screen_of_one_is_in_the_plural() {
    let mut faults = Vec::new();
    for scenario in scenarios::all() {
        let session = run(scenario, &ones(scenario)[0]);
        let mut harness = show(Show::Run(Box::new(session)), Theme::Dark, SIZE);
        // The first task is selected: the inspector shows it.
        harness.key_press(Key::ArrowDown);
        harness.run_steps(3);
        for _ in 0..4 {
            let mut texts = Vec::new();
            harness.output().shapes.iter().for_each(|ClippedShape { shape, .. }| painted(shape, &mut texts));
            for node in harness.query_all_by(|_| true) {
                let node = node.accesskit_node();
                texts.extend([node.label(), node.value(), node.description()].into_iter().flatten());
            }
            let wrong = texts.iter().filter(|text| !wrong_plurals(text).is_empty());
            faults.extend(wrong.map(|text| format!("{}: {text}", scenario.id)));
            harness.key_press(Key::ArrowLeft);
            harness.run_steps(2);
        }
    }
    faults.dedup();
    assert!(faults.is_empty(), "{faults:#?}");
}
