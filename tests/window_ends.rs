//! How a task ended is told alike wherever the window shows it: at the end of its lane, on its chip, and in the inspector.

#[path = "support/steps.rs"]
mod steps;
#[path = "support/window.rs"]
mod window;

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use loopscope::app::App;
use loopscope::scenarios;
use loopscope::session::wording;
use loopscope::trace::{End, Languages, Record, end_words_in_short};
use steps::{click, labels, open_ran};

/// Tasks of a lesson that are looked at one by one.
const LOOKED_AT: usize = 4;

const CORNERS: [(&str, &[&str]); 6] = [
    ("gather-error", &["how=return-exceptions"]),
    ("gather-error", &["how=try-join", "stay=5s"]),
    ("task-group", &["how=gather"]),
    ("wait-all", &["until=first-error"]),
    ("exception-never-retrieved", &["how=await"]),
    ("shield", &["how=await"]),
];

/// Every text that begins so.
fn texts(harness: &Harness<'_, App>, start: &str) -> Vec<String> {
    let nodes = harness.query_all_by(|node| node.value().is_some_and(|value| value.starts_with(start)));
    nodes.filter_map(|node| node.value()).collect()
}

/// The ends of a record, errors first.
fn ends(record: &Record) -> Vec<(String, End)> {
    let tasks = record.catalog().tasks().iter();
    let mut ends: Vec<_> = tasks.filter_map(|info| Some((info.name.to_string(), record.end(info.task)?))).collect();
    ends.sort_by_key(|(_, end)| !end.how.ending().is_error());
    ends
}

#[test]
fn each_end_looks_the_same_on_the_lane_on_the_chip_and_in_the_inspector() {
    let by_default =
        scenarios::all().filter(|scenario| scenario.id != "user-input").map(|scenario| (scenario.id, &[][..]));
    for (id, set) in by_default.chain(CORNERS) {
        let mut harness = open_ran(id, set);
        harness.key_press(egui::Key::End);
        harness.run_steps(window::SETTLED);
        let session = harness.state().session().unwrap();
        let (record, wording) = (session.record(), wording(Languages::default(), [session.plan().scenario]));
        let expected: Vec<(String, String)> =
            ends(record).into_iter().map(|(name, end)| (name, end_words_in_short(record, &end, &wording))).collect();
        let unique = |name: &str| expected.iter().filter(|(other, _)| other == name).count() == 1;
        for (name, words) in expected.iter().filter(|(name, _)| unique(name)).take(LOOKED_AT) {
            for place in ["lane", "chip"] {
                for label in labels(&harness, &format!("{place} {name}, ")) {
                    assert!(label.ends_with(&**words), "{id} {set:?}: {label:?} does not say {words:?}");
                }
            }
            let lane = format!("lane {name}, ");
            if labels(&harness, &lane).len() != 1 {
                continue; // folded away
            }
            click(&mut harness, &lane);
            // Places in the source come with it there.
            let verb = words.split_inclusive("was cancelled").next().unwrap();
            let result = texts(&harness, verb);
            assert!(!result.is_empty(), "{id} {set:?}: the inspector says {result:?} of {name}, which {words}");
        }
    }
}

#[test]
fn a_failed_task_is_told_by_its_type_and_text_everywhere() {
    let mut harness = open_ran("gather-error", &["stay=5s"]);
    let words = "raised ValueError: Simulated error for input 2";
    for place in ["lane", "chip"] {
        assert_eq!(labels(&harness, &format!("{place} fetch-2, ")), [format!("{place} fetch-2, {words}")]);
    }
    click(&mut harness, "lane fetch-2,");
    assert!(texts(&harness, words).iter().all(|text| text == words) && !texts(&harness, words).is_empty());
}
