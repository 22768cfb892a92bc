//! A record tells how each job on a thread that may block ended, and so does everything that speaks of it.

mod support;

use loopscope::event::{ClockKind, EventKind, Failure, JobEnd};
use loopscope::runtime::{EventLoop, RunError, When, describe_errors, spawn, spawn_blocking, wait};
use loopscope::scenarios;
use loopscope::trace::{Record, Wording, check, export, job_end_words, sentence};
use std::sync::Arc;
use support::{record_on, run_scenario};

/// How each job ended, by name.
fn ends(record: &Record) -> Vec<(String, JobEnd)> {
    let jobs = record.catalog().jobs();
    jobs.map(|job| (job.name.to_string(), job.finished.clone().expect("it is done").1)).collect()
}

fn failure(error: &str, message: Option<&str>) -> JobEnd {
    JobEnd::Failed(Arc::new(Failure { error: error.into(), message: message.map(Into::into) }))
}

struct Page;

#[derive(Debug, thiserror::Error)]
#[error("there is no page")]
struct NoPage;

async fn four_jobs() {
    describe_errors::<Page, NoPage>();
    assert_eq!(spawn_blocking("adds", || 1 + 1).await, 2);
    assert_eq!(spawn_blocking("reads", || Err::<String, _>("no luck")).await, Err("no luck"));
    assert!(spawn_blocking("finds", || Err::<Page, _>(NoPage)).await.is_err());
    let asks = spawn("asks", async {
        let () = spawn_blocking("breaks", || panic!("out of paper")).await;
    });
    assert_eq!(wait([asks], When::All).await.done.len(), 1);
}

#[test]
fn the_thread_that_did_a_job_tells_how_it_ended() {
    for clock in [ClockKind::Virtual, ClockKind::Real] {
        let (result, record) = record_on(EventLoop::new().clock(clock), four_jobs());
        assert_eq!(result, Ok(()));
        assert_eq!(check(record.log().iter_from(0)), []);
        let expected = [
            ("adds", JobEnd::Returned, "is done"),
            ("reads", failure("&str", Some("no luck")), "returned the error &str: no luck"),
            ("finds", failure("NoPage", Some("there is no page")), "returned the error NoPage: there is no page"),
            ("breaks", JobEnd::Panicked("out of paper".into()), "panicked: out of paper"),
        ];
        assert_eq!(ends(&record), expected.clone().map(|(name, end, _)| (name.to_owned(), end)), "{clock:?}");
        // It is told wherever one reads of the job.
        let wording = Wording::default();
        let told: Vec<String> = record.log().iter_from(0).map(|event| sentence(&record, &event, &wording)).collect();
        let mut chrome = Vec::new();
        export::chrome::write(&record, &mut chrome).unwrap();
        let chrome = String::from_utf8(chrome).unwrap();
        for (name, end, words) in expected {
            assert_eq!(job_end_words(&end, &wording), words);
            let words = format!("the job {name} {words}");
            assert!(told.contains(&words), "{words}: {told:?}");
            assert!(chrome.contains(words.trim_start_matches("the ")), "{words}");
        }
        if clock == ClockKind::Real {
            continue; // a job may be done before anybody waits for it
        }
        assert!(told.iter().any(|words| words.ends_with("the job breaks panicked")), "who it woke: {told:?}");
        assert!(told.iter().any(|words| words.ends_with("the job adds finished")), "who it woke: {told:?}");
    }
}

#[test]
fn a_job_that_nobody_awaits_tells_how_it_ended_all_the_same() {
    for clock in [ClockKind::Virtual, ClockKind::Real] {
        let main = async { drop(spawn_blocking("left alone", || Err::<(), _>("unseen".to_owned()))) };
        let (result, record) = record_on(EventLoop::new().clock(clock), main);
        assert_eq!(result, Ok(()));
        assert_eq!(ends(&record), [("left alone".to_owned(), failure("String", Some("unseen")))]);
    }
}

#[test]
fn a_job_that_panics_in_front_of_the_main_task_ends_the_run() {
    let main = async {
        let () = spawn_blocking("breaks", || panic!("out of paper")).await;
    };
    let (result, record) = record_on(EventLoop::new(), main);
    assert!(matches!(result, Err(RunError::Panicked { .. })), "{result:?}");
    assert_eq!(ends(&record), [("breaks".to_owned(), JobEnd::Panicked("out of paper".into()))]);
}

#[test]
fn the_jobs_of_lessons_end_as_their_lessons_say() {
    let session = run_scenario("blocking-the-loop", &["where=thread"]);
    assert!(ends(session.record()).iter().all(|(_, end)| *end == JobEnd::Returned));
    assert_eq!(ends(session.record()).len(), 1);
    for (file, has_failed) in [("there", false), ("missing", true)] {
        let session = run_scenario("file-read", &["files=2", "size=1", &format!("file={file}")]);
        let ends = ends(session.record());
        let failed: Vec<&JobEnd> = ends.iter().map(|(_, end)| end).filter(|end| **end != JobEnd::Returned).collect();
        assert_eq!(failed.len(), usize::from(has_failed), "{file}: {ends:?}");
        for end in failed {
            let JobEnd::Failed(failure) = end else { panic!("{end:?}") };
            assert!(failure.message.as_ref().is_some_and(|message| message.contains("No such file")), "{failure:?}");
        }
    }
}

#[test]
fn every_job_of_every_lesson_on_the_virtual_clock_ends_and_tells_how() {
    let is_here = |scenario: &&&scenarios::Scenario| scenario.clock == ClockKind::Virtual;
    for scenario in scenarios::all().collect::<Vec<_>>().iter().filter(|scenario| is_here(scenario)) {
        let session = run_scenario(scenario.id, &[]);
        for event in session.record().log().iter_from(0) {
            let untold = matches!(event.kind, EventKind::JobFinished { end: JobEnd::Untold, .. });
            assert!(!untold, "{}: {event:?}", scenario.id);
        }
    }
}
