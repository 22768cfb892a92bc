//! What is told of the selected thing, in the inspector, the story and the code; and where its figures lead.

#[path = "support/steps.rs"]
mod steps;
#[path = "support/window.rs"]
mod window;

use egui::Theme;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use loopscope::event::Nanos;
use steps::{back, back_until, click, labels, open_ran, step_to};
use window::{open, picture};

#[test]
fn the_longest_poll_of_a_task_is_a_click_away() {
    let mut harness = open_ran("blocking-the-loop", &[]);
    click(&mut harness, "lane report,");
    let longest = labels(&harness, "polls: ");
    assert_eq!(longest.len(), 1, "{longest:?}");
    click(&mut harness, "polls: ");
    assert_eq!(harness.state().time(), Nanos::from_millis(1300));
    assert_eq!(labels(&harness, "lane report,"), ["lane report, running"]);
}

#[test]
fn the_code_has_the_values_of_the_run_that_is_shown() {
    let told = |set: &[&str]| {
        let harness = open_ran("queue", set);
        // Of text that nobody can press, the words are its value.
        let words =
            harness.query_all_by(|node| node.value().is_some_and(|value| value.starts_with("Python line 19: ")));
        words.filter_map(|node| node.accesskit_node().value()).collect::<Vec<_>>()
    };
    assert_eq!(
        told(&["consume=1.5s", "items=7"]),
        ["Python line 19: items is 7 in this run; it is 5 unless set\nconsume is 1.5 in this run; it is 2 unless set"]
    );
    assert!(told(&[]).is_empty());
}

#[test]
fn a_wake_tells_who_woke_whom_and_what_came_of_it() {
    let mut harness = open("semaphore", Theme::Dark);
    step_to(&mut harness, 12);
    click(&mut harness, "woken by its timer");
    harness.get_by_label("fetch-0 becomes ready");
    harness.get_by_label("because: the timer");
    click(&mut harness, "because: the timer");
    harness.get_by_label("on time");
}

#[test]
fn nothing_after_the_cursor_is_told() {
    let mut harness = open_ran("semaphore", &[]);
    click(&mut harness, "lane fetch-0,");
    assert_eq!(labels(&harness, "result: ").len(), 1);
    harness.key_press(egui::Key::Home);
    harness.run_steps(3);
    assert_eq!(labels(&harness, "result: "), [""; 0]);
    assert_eq!(labels(&harness, "last woken: "), [""; 0]);
}

#[test]
fn a_lock_tells_who_holds_it_and_how_long_one_waited_for_it_at_most() {
    let mut harness = open_ran("lock", &[]);
    back(&mut harness, 30);
    let lock = labels(&harness, "").into_iter().find(|label| label.contains(", lock, ")).unwrap();
    click(&mut harness, &lock);
    assert_eq!(labels(&harness, "completed holds: ").len(), 2, "the length of the longest, and whose it was");
    assert_eq!(labels(&harness, "completed waits: ").len(), 2);
}

#[test]
fn a_job_tells_who_gave_it_and_whether_a_thread_has_begun_with_it() {
    let mut harness = open_ran("file-read", &[]);
    back_until(&mut harness, "job ");
    let job = labels(&harness, "job ").remove(0);
    click(&mut harness, &job);
    assert_eq!(labels(&harness, "handed over: ").len(), 2, "by whom and when");
    harness.get_by_label("the loop goes on: this work is done on another thread");
}

#[test]
fn a_thread_tells_how_busy_it_is() {
    let mut harness = open_ran("work-stealing", &[]);
    back_until(&mut harness, "thread 1: ");
    let thread = labels(&harness, "thread 1: ").remove(0);
    click(&mut harness, &thread);
    harness.get_by_label_contains(" % of the time");
}

#[test]
fn the_story_of_one_task_is_told_alone() {
    let mut harness = open_ran("semaphore", &[]);
    click(&mut harness, "lane fetch-7,");
    let told = |harness: &egui_kittest::Harness<'_, loopscope::app::App>| -> Vec<String> {
        let sentences = harness.query_all_by(|node| {
            node.role() == egui::accesskit::Role::ListItem
                && node.label().is_some_and(|label| label.contains(" s, ") && !label.starts_with("printed"))
        });
        sentences.filter_map(|node| node.accesskit_node().label()).collect()
    };
    assert!(told(&harness).iter().any(|sentence| !sentence.contains("fetch-7")));
    click(&mut harness, "only fetch-7");
    let of_it = told(&harness);
    assert!(of_it.len() > 3 && of_it.iter().all(|sentence| sentence.contains("fetch-7")), "{of_it:?}");
    harness.get_by_label_contains("prints “fetched 7”").click();
    harness.run_steps(3);
    assert_eq!(harness.state().time(), Nanos::from_secs(3));
}

#[test]
fn a_line_of_code_selects_who_is_there_and_who_is_selected_marks_its_line() {
    let mut harness = open("semaphore", Theme::Dark);
    step_to(&mut harness, 11);
    let line = labels(&harness, "Python line ").into_iter().find(|label| label.contains("fetch-0")).unwrap();
    click(&mut harness, &line);
    let lane = harness.get_by(|node| node.label().is_some_and(|label| label.starts_with("lane fetch-0,")));
    assert_eq!(lane.accesskit_node().toggled(), Some(egui::accesskit::Toggled::True));
}

#[test]
fn picture_of_a_task_that_waits() {
    let mut harness = open("semaphore", Theme::Dark);
    step_to(&mut harness, 18);
    click(&mut harness, "lane fetch-4,");
    click(&mut harness, "only fetch-4");
    picture(&mut harness, "inspector-task-dark");
}
