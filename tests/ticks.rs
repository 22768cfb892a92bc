//! That what a lesson says of a run is so, whatever its parameters are: each tick is held against a reading of the record that
//! was made from the step's text alone, and so are the answer and the values of *the point*.
//!
//! Each chapter has its file in `tests/ticks`, with a judge for every lesson.

mod support;

#[path = "ticks/beginnings.rs"]
mod beginnings;
#[path = "ticks/judging.rs"]
mod judging;
#[path = "ticks/parallel.rs"]
mod parallel;
#[path = "ticks/pitfalls.rs"]
mod pitfalls;
#[path = "ticks/reading.rs"]
mod reading;
#[path = "ticks/real_io.rs"]
mod real_io;
#[path = "ticks/together.rs"]
mod together;
#[path = "ticks/trouble.rs"]
mod trouble;

use judging::Judge;

fn judge(chapter: &str, judges: &[Judge]) {
    let only = std::env::var("LOOPSCOPE_LESSON").ok();
    let judges = judges.iter().filter(|judge| only.as_deref().is_none_or(|only| only == judge.id));
    let (mut runs, mut faults) = (0, Vec::new());
    for judge in judges {
        let (count, found) = judge.judge();
        runs += count;
        faults.extend(found);
    }
    println!("{chapter}: {runs} runs judged");
    assert!(faults.is_empty(), "{chapter}: {} faults in {runs} runs\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn what_the_beginnings_say_happens() {
    judge("Beginnings", beginnings::JUDGES);
}

#[test]
fn what_the_lessons_on_working_together_say_happens() {
    judge("Together", together::JUDGES);
}

#[test]
fn what_the_lessons_on_trouble_say_happens() {
    judge("Trouble", trouble::JUDGES);
}

#[test]
fn what_the_pitfalls_say_happens() {
    judge("Pitfalls", pitfalls::JUDGES);
}

#[test]
fn what_the_lessons_on_parallelism_say_happens() {
    judge("Parallel", parallel::JUDGES);
}

#[cfg(feature = "real-io")]
#[test]
fn what_the_lessons_on_real_input_and_output_say_happens() {
    judge("Real I/O", real_io::JUDGES);
}

#[test]
fn every_lesson_has_its_judge() {
    let judges =
        [beginnings::JUDGES, together::JUDGES, trouble::JUDGES, pitfalls::JUDGES, parallel::JUDGES, real_io::JUDGES];
    let judged = |id: &str| judges.iter().flat_map(|chapter| chapter.iter()).any(|judge| judge.id == id);
    let missing: Vec<&str> = loopscope::scenarios::all().map(|scenario| scenario.id).filter(|id| !judged(id)).collect();
    assert!(missing.is_empty(), "not judged: {}", missing.join(", "));
}
