//! Where a task is: over all lessons with their defaults, after each event, the line of each function that it is in, read
//! off the record, is the line that the source itself says; and in each language only numbers of its own file are told.

use loopscope::event::{EventKind, TaskId, WaitOn, WaitOp};
use loopscope::runtime::Speed;
use loopscope::scenarios::{self, Language, Scenario, Source};
use loopscope::session::{Plan, Session, Start, wording};
use loopscope::trace::{Languages, Limits, Record, State, TaskStatus, chain, diagnose, explain, sentence};
use std::collections::{HashMap, HashSet};

/// The lesson that waits for somebody at the keyboard.
const ASKS: &str = "user-input";

fn run(scenario: &'static Scenario) -> Session {
    let plan = Plan { speed: Speed::MAX, ..Plan::new(scenario) };
    let mut session = Session::start(plan, Start::Running, || {}).unwrap();
    if scenario.id == ASKS {
        session.end_input();
    }
    while session.pump_wait() {}
    session
}

/// The text of a line of a file, by its number.
fn text(source: &Source, line: u32) -> &'static str {
    source.text.lines().nth(line as usize - 1).unwrap()
}

/// The mark at the end of a line, read off the file itself.
fn mark(source: &Source, line: u32) -> Option<&'static str> {
    let sign = if source.language == Language::Rust { "//~ " } else { "#~ " };
    text(source, line).split_once(sign).map(|(_, mark)| mark.trim())
}

/// The number of the line with a mark.
fn marked(source: &Source, mark: &str) -> Option<u32> {
    let lines = source.text.lines().count() as u32;
    (1..=lines).find(|line| self::mark(source, *line) == Some(mark))
}

/// The function that a line stands in: the next one above it that begins further left. None in a destructor.
fn function(source: &Source, line: u32) -> Option<&'static str> {
    let indent = |text: &str| text.len() - text.trim_start().len();
    let mut left = indent(text(source, line));
    for above in (1..=line).rev() {
        let text = text(source, above);
        if text.trim().is_empty() || (indent(text) >= left && above != line) {
            continue;
        }
        left = left.min(indent(text));
        // A plain function is called by one, and no await is in it.
        let word = text.trim_start();
        if word.starts_with("fn ") && indent(text) > 0 {
            return None;
        }
        let word = word.trim_start_matches("async ");
        if let Some(rest) = word.strip_prefix("fn ").or_else(|| word.strip_prefix("def ")) {
            return rest.split(|sign: char| !sign.is_alphanumeric() && sign != '_').next();
        }
    }
    None
}

/// What the task that an event is about does there, as the two languages write it; none where the event says nothing of it.
fn written(kind: &EventKind) -> Option<(TaskId, &'static [&'static str], &'static [&'static str])> {
    Some(match kind {
        EventKind::Printed { task: Some(task), .. } => (*task, &["say!("], &["print("]),
        EventKind::TaskSpawned { parent: Some(parent), .. } => {
            (*parent, &["spawn"], &["create_task(", "run_in_executor("])
        }
        EventKind::WaitBegan { task, on: WaitOn::Sleep { .. }, .. } => {
            (*task, &["sleep(", "tick("], &["sleep(", "tick"])
        }
        EventKind::WaitBegan { task, on: WaitOn::Resource(_, op), .. } => match op {
            WaitOp::Acquire | WaitOp::Lock => (*task, &["acquire(", ".wait("], &["async with", "acquire(", ".wait("]),
            WaitOp::Get => (*task, &[".get(", ".next_output("], &[".get(", "await ended"]),
            WaitOp::Put => (*task, &[".put("], &[".put("]),
            WaitOp::Set | WaitOp::Notified => (*task, &[".wait("], &[".wait("]),
            _ => return None,
        },
        EventKind::BusyBegan { task, .. } => (
            *task,
            &["busy(", "compute(", "take("],
            &["time.sleep(", "compute(", "count_primes", "busy(", "acquire(", "sum("],
        ),
        _ => return None,
    })
}

/// Calls `look` with each point of the record after which tasks may be somewhere.
fn walk(record: &Record, mut look: impl FnMut(&EventKind, &State)) {
    let mut state = State::default();
    for (index, event) in record.log().iter_from(0).enumerate() {
        state.apply(index, &event);
        look(&event.kind, &state);
    }
}

/// The lines of the lesson's file that a task is at, the innermost first, each with the function that the record names.
fn lines<'a>(scenario: &Scenario, record: &'a Record, state: &State, task: TaskId) -> Vec<(Option<&'a str>, u32)> {
    let catalog = record.catalog();
    let Some(known) = state.task(task) else { return Vec::new() };
    let steps = known.steps(catalog).filter_map(|step| {
        let site = catalog.site(step.site?)?;
        (site.file.contains("scenarios/") && site.file_name() == scenario.rust.file)
            .then_some((step.function, site.line))
    });
    steps.collect()
}

#[test]
fn after_each_event_the_innermost_line_is_the_one_that_does_it_in_both_languages() {
    let mut seen = 0;
    for scenario in scenarios::all() {
        let session = run(scenario);
        let record = session.record();
        walk(record, |kind, state| {
            let Some((task, rust, python)) = written(kind) else { return };
            // What is in another file is no line of the lesson.
            let known = state.task(task).and_then(|known| known.steps(record.catalog()).next());
            let Some(site) = known.and_then(|step| record.catalog().site(step.site?)) else { return };
            let line = site.line;
            if lines(scenario, record, state, task).first().is_none_or(|(_, first)| *first != line)
                || site.file_name() != scenario.rust.file
            {
                return;
            }
            let has = |source: &Source, line: u32, words: &[&str]| {
                // What is called on a line may have its arguments on the lines below it.
                let shown = text(source, line);
                assert!(
                    words.iter().any(|word| shown.contains(word)),
                    "{}: after {kind:?} line {line} is lit: {shown}",
                    source.file
                );
            };
            has(&scenario.rust, line, rust);
            if let Some(twin) = mark(&scenario.rust, line).and_then(|mark| marked(&scenario.python, mark)) {
                has(&scenario.python, twin, python);
            }
            seen += 1;
        });
    }
    assert!(seen > 1000, "{seen}");
}

#[test]
fn after_each_event_each_function_that_a_task_is_in_is_at_a_line_of_its_own() {
    let mut calls = HashSet::new();
    for scenario in scenarios::all() {
        let session = run(scenario);
        let record = session.record();
        let mut roots: HashMap<TaskId, &str> = HashMap::new();
        walk(record, |kind, state| {
            for task in state.tasks() {
                for (named, line) in lines(scenario, record, state, task.task) {
                    let Some(stands_in) = function(&scenario.rust, line) else { continue };
                    // What the task itself runs is one function all along.
                    let expected = named.unwrap_or_else(|| *roots.entry(task.task).or_insert(stands_in));
                    let name = record.catalog().task_name(task.task);
                    assert_eq!(
                        stands_in, expected,
                        "{}: after {kind:?} {name} is at line {line} of {expected}",
                        scenario.id
                    );
                    if named.is_some() {
                        calls.insert((scenario.id, stands_in));
                    }
                }
            }
        });
    }
    // Functions that await one another are in most of what is more than a first example.
    assert!(calls.len() >= 12, "{calls:?}");
}

#[test]
fn a_task_that_waits_is_at_the_line_of_its_wait() {
    for scenario in scenarios::all() {
        let session = run(scenario);
        let record = session.record();
        walk(record, |kind, state| {
            for task in state.tasks().filter(|task| task.status == TaskStatus::Waiting) {
                let Some(wait) = task.waits.back().and_then(|wait| record.wait(*wait)) else { continue };
                let at = task.steps(record.catalog()).next().and_then(|step| step.site);
                assert_eq!(at, Some(wait.site), "{}: after {kind:?}", scenario.id);
            }
        });
    }
}

#[test]
fn each_line_of_a_lesson_at_which_a_task_was_seen_has_its_line_in_the_other_language() {
    // The stream is made outside of any task: where, no view tells.
    const MADE_ELSEWHERE: [(&str, u32); 1] = [("stream.rs", 8)];
    for scenario in scenarios::all() {
        let session = run(scenario);
        for event in session.record().log().iter_from(0) {
            let EventKind::SiteDefined { file, line, .. } = &event.kind else { continue };
            let name = file.rsplit('/').next().unwrap();
            if !file.contains("scenarios/") || name != scenario.rust.file || MADE_ELSEWHERE.contains(&(name, *line)) {
                continue;
            }
            let twin = mark(&scenario.rust, *line).and_then(|mark| marked(&scenario.python, mark));
            assert!(twin.is_some(), "{name}:{line} has no line in {}", scenario.python.file);
        }
    }
}

/// Numbers that name a line: after `line `, and after a name and a colon.
fn numbers(words: &str) -> Vec<u32> {
    let number = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    let after_line = words.match_indices("line ").filter_map(|(at, found)| number(&words[at + found.len()..]));
    let after_name = words.match_indices(':').filter_map(|(at, _)| {
        let name = words[..at].rsplit(' ').next()?;
        let is_address = name.chars().all(|sign| sign.is_ascii_digit() || sign == '.');
        (!is_address).then(|| number(&words[at + 1..])).flatten()
    });
    after_line.chain(after_name).collect()
}

#[test]
fn in_python_every_line_that_is_told_is_one_of_the_python_file() {
    let mut told = 0;
    for scenario in scenarios::all() {
        let session = run(scenario);
        let record = session.record();
        let wording = wording(Languages::Python, [scenario]);
        let marked = scenario.python.text.lines().zip(1..).filter(|(line, _)| line.contains("#~ "));
        let own: HashSet<u32> = marked.map(|(_, number)| number).collect();
        let mut check = |words: String| {
            for number in numbers(&words) {
                assert!(own.contains(&number), "{}: {words}", scenario.id);
                told += 1;
            }
        };
        for event in record.log().iter_from(0) {
            // What a program prints is its own, and a first use is shown nowhere.
            if !matches!(event.kind, EventKind::Printed { .. } | EventKind::SiteDefined { .. }) {
                check(sentence(record, &event, &wording));
            }
        }
        for lane in record.lanes().iter().take(40) {
            for span in lane.spans().take(200) {
                check(explain(record, lane.task(), &span, &wording));
            }
        }
        for found in diagnose(record, Limits::default(), &wording) {
            check(found.cause);
        }
        walk(record, |_, state| {
            for task in state.tasks().take(12) {
                let catalog = record.catalog();
                chain(catalog, task.task, task.steps(catalog), &wording).into_iter().for_each(&mut check);
            }
        });
    }
    assert!(told > 1000, "{told}");
}

#[test]
fn a_call_is_told_with_the_line_that_made_it() {
    let scenario = scenarios::find("sequential-await").unwrap();
    let session = run(scenario);
    let record = session.record();
    let mut told = Vec::new();
    walk(record, |kind, state| {
        if let EventKind::WaitBegan { task, .. } = kind {
            let catalog = record.catalog();
            let wording = wording(Languages::Python, [scenario]);
            told.push(chain(catalog, *task, state.task(*task).unwrap().steps(catalog), &wording).join(" › "));
        }
    });
    let line = |mark| marked(&scenario.python, mark).unwrap();
    let sleep = line("sleep");
    let expected = ["await-one", "await-two"].map(|call| format!("main:{} › fetch_data:{sleep}", line(call)));
    assert_eq!(told, expected);
}
