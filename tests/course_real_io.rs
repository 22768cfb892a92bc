//! What the lessons of *Real I/O* show. They run on the real clock, so only the order of things is exact, and that no
//! time is too short.

mod support;

use loopscope::event::{ClockKind, EnqueueCause, EventKind, Nanos, Outcome, WaitOn};
use loopscope::scenarios::{CHAPTERS, Outline, find};
use loopscope::session::{Plan, Session, Start, outline};
use loopscope::trace::{Record, RunPhase};
use support::{events, run_scenario};

fn texts(record: &Record) -> Vec<String> {
    record.output().iter().map(|line| line.text.to_string()).collect()
}

fn named<'a>(run: &'a Outline, start: &str) -> Vec<&'a str> {
    run.tasks.iter().map(|task| task.name.as_str()).filter(|name| name.starts_with(start)).collect()
}

/// What tasks waited for in the world, in order.
fn world_waits(record: &Record) -> Vec<String> {
    let waits = events(record).into_iter().filter_map(|event| match event.kind {
        EventKind::WaitBegan { on: WaitOn::Io(what) | WaitOn::Foreign(what), .. } => Some(what.to_string()),
        _ => None,
    });
    waits.collect()
}

#[test]
fn every_program_of_the_chapter_takes_real_time() {
    let chapter = CHAPTERS.iter().find(|chapter| chapter.title == "Real I/O").unwrap();
    for scenario in chapter.scenarios {
        assert_eq!(scenario.clock, ClockKind::Real, "{}", scenario.id);
        let session = run_scenario(scenario.id, &[]);
        assert_eq!(session.record().edge().phase, RunPhase::Ended(Outcome::Completed), "{}", scenario.id);
        let elapsed = session.record().log().end();
        assert!(elapsed < Nanos::from_secs(10), "{}: {elapsed}", scenario.id);
    }
}

#[test]
fn pages_come_as_they_are_ready_and_together_take_as_long_as_the_slowest() {
    let session = run_scenario("http-client", &["delay=400ms"]);
    let record = session.record();
    let lines = texts(record);
    let pages: Vec<&str> = lines.iter().filter_map(|line| line.split(':').next()).take(4).collect();
    assert_eq!(pages, ["/page-4", "/page-3", "/page-2", "/page-1"]);
    let elapsed = record.log().end();
    assert!(elapsed >= Nanos::from_millis(400) && elapsed < Nanos::from_millis(1000), "{elapsed}");
    // Each fetch has a connection of its own, seen from both ends.
    let run = outline(record);
    assert_eq!(named(&run, "serve-"), ["serve-1", "serve-2", "serve-3", "serve-4"]);
    let waits = world_waits(record);
    assert_eq!(waits.iter().filter(|wait| wait.starts_with("127.0.0.1:") && wait.ends_with(", connect")).count(), 4);
    for page in 1..=4 {
        assert!(waits.contains(&format!("the head of /page-{page}")), "{waits:?}");
    }
}

#[test]
fn nothing_listens_once_a_run_was_stopped() {
    let mut session = Session::start(Plan::new(find("http-client").unwrap()), Start::Running, || {}).unwrap();
    let address = loop {
        assert!(session.pump_wait());
        let waits = world_waits(session.record());
        if let Some(address) = waits.iter().find_map(|wait| wait.strip_suffix(", a connection")) {
            break address.parse::<std::net::SocketAddr>().unwrap();
        }
    };
    assert!(address.ip().is_loopback());
    assert!(std::net::TcpStream::connect(address).is_ok());
    session.stop();
    let refused = std::net::TcpStream::connect(address).unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
}

#[test]
fn what_is_wrong_with_a_server_comes_to_each_task_that_asked() {
    let cases = [
        ("server-down", "cannot connect to 127.0.0.1:", "start the server, or check the port"),
        ("bad-url", "'htp://127.0.0.1:", "write http://"),
    ];
    for (fault, what, advice) in cases {
        let session = run_scenario("http-client", &["pages=2", &format!("fault={fault}")]);
        let run = outline(session.record());
        for (number, line) in (1..=2).zip(&run.lines) {
            assert_eq!(line.task, format!("fetch-{number}"));
            assert!(line.text.starts_with(&format!("/page-{number}: {what}")), "{}", line.text);
            assert!(line.text.contains(advice), "{}", line.text);
        }
        assert_eq!(run.lines[2].text, "0 bytes in all");
    }
}

#[test]
fn while_one_task_waits_for_the_user_another_goes_on() {
    let mut session = Session::start(Plan::new(find("user-input").unwrap()), Start::Running, || {}).unwrap();
    let mut asked = Vec::new();
    while session.pump_wait() {
        // Whoever is asked takes until the second tick to answer.
        if asked.is_empty() && session.record().output().len() == 2 {
            asked = session.questions();
            session.answer("Ada");
        }
    }
    assert_eq!(asked.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["What is your name?"]);
    assert_eq!(texts(session.record()), ["tick 1", "tick 2", "Hello, Ada!", "tick 3", "tick 4", "goodbye"]);
    let is_answer = |kind: &EventKind| matches!(kind, EventKind::Enqueued { cause: EnqueueCause::Answered, .. });
    assert_eq!(events(session.record()).iter().filter(|event| is_answer(&event.kind)).count(), 1);
}

#[test]
fn without_a_user_the_program_goes_on_without_an_answer() {
    let session = run_scenario("user-input", &["ticks=1", "pause=100ms"]);
    assert_eq!(texts(session.record()), ["Hello, nobody!", "tick 1", "goodbye"]);
}
