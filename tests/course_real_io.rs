//! What the lessons of *Real I/O* show. They run on the real clock, so only the order of things is exact, and that no
//! time is too short.

mod support;

use loopscope::event::{ClockKind, EnqueueCause, EventKind, Nanos, Outcome, ResourceState, WaitOn};
use loopscope::scenarios::{CHAPTERS, find};
use loopscope::session::{Plan, Session, Start};
use loopscope::trace::{Record, RunPhase};
use std::io::Write as _;
use std::process::{ChildStdin, Command, Stdio};
use support::outline::{Outline, outline};
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
        assert!(waits.contains(&format!("the answer for /page-{page}")), "{waits:?}");
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
        let errors: Vec<_> = run.lines.iter().filter(|line| line.text.contains(what)).collect();
        assert_eq!(errors.len(), 2, "{:?}", run.lines);
        for line in errors {
            // Whose connection the system refuses first is its own affair.
            let page = line.text.split(':').next().unwrap_or_default();
            assert_eq!(line.task.replace("fetch-", "/page-"), page);
            assert!(line.text.contains(advice), "{}", line.text);
        }
        assert_eq!(run.lines.last().map(|line| line.text.as_str()), Some("0 bytes in all"));
    }
}

#[test]
fn a_crawler_asks_for_each_page_once_over_as_many_connections_as_it_may() {
    let session = run_scenario("scrape", &["pages=9", "limit=3", "delay=100ms"]);
    let run = outline(session.record());
    let mut visits = named(&run, "visit ");
    assert_eq!(visits.len(), 9);
    visits.sort_unstable();
    visits.dedup();
    assert_eq!(visits.len(), 9);
    assert_eq!(named(&run, "serve-").len(), 3);
    let gate = events(session.record()).into_iter().filter_map(|event| match event.kind {
        EventKind::ResourceChanged { state: ResourceState::Semaphore { free }, .. } => Some(free),
        _ => None,
    });
    assert_eq!(gate.min(), Some(0));
    let lines = texts(session.record());
    assert_eq!(lines[0], "/page-1 links to /page-1, /page-2, /page-3");
    assert_eq!(lines.last().map(String::as_str), Some("pages asked for: 9, each once"));
}

#[test]
fn a_dead_link_is_an_error_of_one_visit() {
    let session = run_scenario("scrape", &["fault=dead-link", "delay=50ms"]);
    let run = outline(session.record());
    let failed = run.lines.iter().find(|line| line.text.starts_with("/page-7: 404 Not Found")).unwrap();
    assert_eq!(failed.task, "visit /page-7");
    assert!(failed.text.contains("check the address, and the link"), "{}", failed.text);
    assert_eq!(run.count_lines("/page-6 links to /page-1, /page-7"), 1);
}

#[test]
fn the_rate_of_a_server_depends_on_its_workers_and_not_on_its_clients() {
    let run = |set: &[&str]| {
        let session = run_scenario("http-server", &[&["work=50ms"], set].concat());
        // A task that drives its connection is not woken by itself.
        let is_own = |kind: &EventKind| matches!(kind, EventKind::Enqueued { cause: EnqueueCause::OwnYield(_), .. });
        assert!(!events(session.record()).iter().any(|event| is_own(&event.kind)));
        let run = outline(session.record());
        let waiting = run.tasks.iter().filter(|task| task.name.starts_with("serve-") && task.shared_waits > 0).count();
        (run.elapsed, waiting, run.lines.last().map(|line| line.text.clone()).unwrap_or_default())
    };
    let (few, waiting, line) = run(&["clients=3"]);
    assert!(line.starts_with("requests answered: 9, about "), "{line}");
    assert_eq!(waiting, 0);
    let (many, waiting, line) = run(&["clients=9"]);
    assert!(line.starts_with("requests answered: 27, about "), "{line}");
    assert!(waiting >= 6, "{waiting}");
    assert!(few >= Nanos::from_millis(150) && many >= Nanos::from_millis(450), "{few} {many}");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let lines = texts(run_scenario("http-server", &["port=taken"]).record());
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with("failed: 127.0.0.1:") && lines[0].contains("choose another port"), "{}", lines[0]);
}

#[test]
fn files_are_read_by_threads_while_the_loop_goes_on() {
    let session = run_scenario("file-read", &[]);
    let mut jobs: Vec<String> = events(session.record())
        .into_iter()
        .filter_map(|event| match event.kind {
            EventKind::JobQueued { name, .. } => Some(name.to_string()),
            _ => None,
        })
        .collect();
    jobs.sort_unstable();
    let expected = ["open", "read", "write"].map(|verb| (1..=3).map(move |note| format!("{verb} notes-{note}.txt")));
    assert_eq!(jobs, expected.into_iter().flatten().collect::<Vec<_>>());
    assert_eq!(texts(session.record())[2], "notes-3.txt: 10000000 bytes");
    let blocked = outline(run_scenario("file-read", &["how=block"]).record());
    let readers: Vec<_> = blocked.tasks.iter().filter(|task| task.name.starts_with("read-")).collect();
    assert!(readers.len() == 3 && readers.iter().all(|task| task.polls == 1 && task.waiting == Nanos::ZERO));
}

#[test]
fn a_file_that_cannot_be_read_is_named_in_its_lane() {
    let cases = [("missing", "check the name and the folder"), ("locked", "it is locked")];
    for (file, words) in cases {
        let run = outline(run_scenario("file-read", &["size=1", &format!("file={file}")]).record());
        let line = &run.lines[0];
        assert_eq!(line.task, "read-3");
        assert!(line.text.contains("notes-3.txt: ") && line.text.contains(words), "{}", line.text);
        assert_eq!(run.lines[3].text, "notes-3.txt: 0 bytes");
    }
}

#[test]
fn a_pool_makes_queries_wait_for_a_connection() {
    let session = run_scenario("database", &["work=100"]);
    let run = outline(session.record());
    let waited: Vec<&str> = run.tasks.iter().filter(|task| task.shared_waits > 0).map(|task| &*task.name).collect();
    assert_eq!(waited, ["query-3", "query-4", "query-5", "query-6"]);
    assert_eq!(texts(session.record())[0], "shop 1 sold 1000");
    let waits = world_waits(session.record());
    for wait in ["connect to shops.db", "the total of shop 6", "close shops.db"] {
        assert!(waits.iter().any(|other| other == wait), "{wait}: {waits:?}");
    }
}

#[test]
fn a_database_that_cannot_be_reached_is_named_without_its_password() {
    let cases: [(&[&str], &str); 3] = [
        (&["database=unreachable"], "failed: cannot connect to postgres://127.0.0.1:1/shops: "),
        (&["url=postgres://me:secret@127.0.0.1:1/x"], "failed: cannot connect to postgres://me:***@127.0.0.1:1/x: "),
        (&["url=mysql://me:secret@127.0.0.1/x"], "failed: 'mysql://me:***@127.0.0.1/x' is no address of a PostgreSQL"),
    ];
    for (set, start) in cases {
        let lines = texts(run_scenario("database", set).record());
        assert!(lines.len() == 1 && lines[0].starts_with(start), "{lines:?}");
        assert!(!lines[0].contains("secret"));
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

/// Runs a scenario as a user does, with what `typed` writes as standard input.
fn run_with_input(id: &str, typed: impl FnOnce(&mut ChildStdin)) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .args(["run", id])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Held until the program has ended: at a terminal nobody closes standard input.
    let mut input = child.stdin.take().unwrap();
    typed(&mut input);
    let output = child.wait_with_output().unwrap();
    drop(input);
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_line_of_standard_input_answers_and_the_run_ends_while_it_is_open() {
    let text = run_with_input("user-input", |input| input.write_all(b"Ada\nmore\n").unwrap());
    assert!(text.contains(" Hello, Ada!\n") && text.ends_with("# exit: ok\n"), "{text}");
    let text = run_with_input("user-input", |input| input.write_all(b"J\xf8rg\r\n").unwrap());
    assert!(text.contains(" Hello, J\u{fffd}rg!\n"), "a line that is no UTF-8 is a line: {text}");
    let text = run_with_input("say-hello", |_| {});
    assert!(text.ends_with("# exit: ok\n"), "{text}");
}

#[test]
fn at_the_end_of_standard_input_there_is_no_answer() {
    let output = Command::new(env!("CARGO_BIN_EXE_loopscope")).args(["run", "user-input"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("0.0 Hello, nobody!\n") && text.ends_with("# exit: ok\n"), "{text}");
    assert!(output.stderr.is_empty());
}
