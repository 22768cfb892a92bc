//! Names and texts of a record may hold any character, and be of any length: a record may come from a stranger. Whatever is
//! printed or exported steers no terminal, is a document of its format, and holds no formula.

mod support;

use loopscope::event::{
    ClockKind, EnqueueCause, Event, EventKind, FrameId, JobId, Nanos, Origin, Outcome, PollOutcome, ResourceId,
    ResourceKind, SiteId, TaskId, WaitId, WaitOn, WaitOp, WorkerId,
};
use loopscope::trace::{Bookmark, Record, Stats, Wording, blocked_by, check, explain, explain_end, file, sentence};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

/// Every character that steers, ends or breaks something, and what looks like markup and formulas.
fn nasty() -> String {
    let codes = (0..0x20).chain(0x7f..0xa0).chain(0x202a..=0x202e).chain(0x2066..=0x2069);
    let codes = codes.chain([0x2028, 0x2029, 0xfeff, 0xfffe, 0xffff, 0x1fffe, 0x10_ffff]);
    let all: String = codes.filter_map(char::from_u32).collect();
    format!("=1+cmd|' /C calc'!A0 \u{1b}]0;title\u{7}\u{1b}[2J </title><script>&\"',;{all}")
}

/// A record in which every text is that one; it tells of one task that waits in every way, and of one that panics.
fn record_with(text: &str) -> Record {
    let text: Arc<str> = text.into();
    let mut events = Vec::new();
    let mut push = |kind: EventKind| {
        let at = Nanos(1_000_000 * events.len() as u64);
        events.push(Event { at, worker: WorkerId(0), kind });
    };
    let (main, other, site) = (TaskId(0), TaskId(1), SiteId(0));
    let named = |task, parent, name: &Arc<str>| EventKind::TaskSpawned { task, parent, name: Arc::clone(name), site };
    push(EventKind::RunStarted { clock: ClockKind::Virtual, seed: 0, origin: Origin::titled(&*text) });
    push(EventKind::SiteDefined { site, file: Arc::clone(&text), line: 1, column: 1 });
    push(named(main, None, &"main".into()));
    push(EventKind::Enqueued { task: main, cause: EnqueueCause::Spawned });
    push(EventKind::IterationStarted { batch: 1 });
    push(EventKind::PollStarted { task: main });
    push(named(other, Some(main), &text));
    push(EventKind::Enqueued { task: other, cause: EnqueueCause::Spawned });
    push(EventKind::ResourceCreated { resource: ResourceId(0), kind: ResourceKind::Lock, name: Arc::clone(&text) });
    push(EventKind::JobQueued { job: JobId(0), task: Some(main), name: Arc::clone(&text) });
    let frame = FrameId(1);
    push(EventKind::FrameEntered { task: main, frame, parent: FrameId::TASK, name: Arc::clone(&text), site });
    push(EventKind::Printed { task: Some(main), site: Some(site), text: Arc::clone(&text) });
    push(EventKind::PollEnded { task: main, outcome: PollOutcome::Pending });
    let waits = [
        WaitOn::Input(Arc::clone(&text)),
        WaitOn::Stream(Arc::clone(&text)),
        WaitOn::Io(Arc::clone(&text)),
        WaitOn::Foreign(Arc::clone(&text)),
        WaitOn::Job(JobId(0)),
        WaitOn::Resource(ResourceId(0), WaitOp::Lock),
        WaitOn::Join(other),
    ];
    for (number, on) in waits.into_iter().enumerate() {
        let wait = WaitId(number as u32);
        push(EventKind::Enqueued { task: main, cause: EnqueueCause::WokenBy(other) });
        push(EventKind::PollStarted { task: main });
        push(EventKind::WaitBegan { task: main, wait, on, site, frame });
        push(EventKind::PollEnded { task: main, outcome: PollOutcome::Pending });
    }
    push(EventKind::PollStarted { task: other });
    push(EventKind::PollEnded { task: other, outcome: PollOutcome::Panicked });
    push(EventKind::TaskPanicked { task: other, message: Arc::clone(&text) });
    push(EventKind::RunEnded { outcome: Outcome::Panicked(text) });
    assert_eq!(check(&events), []);
    let mut record = Record::default();
    events.into_iter().for_each(|event| record.push(event));
    record
}

/// No control character, and nothing that turns text round.
fn is_fit(text: &str) -> bool {
    text.chars().all(|character| {
        let code = u32::from(character);
        let turns = (0x202a..=0x202e).contains(&code) || (0x2066..=0x2069).contains(&code);
        !character.is_control() && !turns && code & 0xfffe != 0xfffe
    })
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("loopscope-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn save(&self, name: &str, record: &Record, bookmark: &str) -> PathBuf {
        let path = self.0.join(name);
        let bookmark = Bookmark { index: 3, at: Nanos(3_000_000), name: bookmark.to_owned() };
        file::save_with(record, &[bookmark], &path).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn loopscope(args: &[&str], path: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loopscope"));
    command.args(args.iter().map(|arg| if *arg == "FILE" { path.as_os_str() } else { arg.as_ref() }));
    command.stdin(Stdio::null()).output().unwrap()
}

/// What a command prints: lines without anything that steers.
fn printed(output: &Output) -> String {
    let text = String::from_utf8([output.stdout.clone(), output.stderr.clone()].concat()).unwrap();
    for line in text.lines() {
        assert!(is_fit(line), "{line:?}");
    }
    text
}

#[test]
fn every_sentence_about_a_record_is_fit_and_short() {
    for text in [nasty(), nasty().repeat(1000), "x".repeat(300_000)] {
        let record = record_with(&text);
        let catalog = record.catalog();
        let mut said: Vec<String> =
            record.log().iter_from(0).map(|event| sentence(&record, &event, &Wording::default())).collect();
        for lane in record.lanes() {
            said.extend(lane.spans().map(|span| explain(&record, lane.task(), &span, &Wording::default())));
            said.extend(explain_end(&record, lane.task(), &Wording::default()));
            said.push(blocked_by(&record, lane.task(), record.log().len() - 2).sentence(&record));
            said.push(catalog.task_name(lane.task()).to_owned());
        }
        said.extend(Stats::of(&record).lines(&record).into_iter().map(|(_, value)| value));
        for said in said {
            assert!(is_fit(&said) && said.chars().count() < 3_000, "{} {said:.300?}", said.len());
        }
        // What is saved is what was recorded.
        let task = catalog.task(TaskId(1)).unwrap();
        assert_eq!(catalog.whole_name(task), text);
    }
}

#[test]
fn no_command_prints_what_steers_a_terminal() {
    let folder = Folder::new("nasty");
    let text = nasty();
    let path = folder.save("nasty.loopscope", &record_with(&text), &text);
    let commands: &[&[&str]] = &[
        &["stats", "FILE"],
        &["check", "FILE"],
        &["compare", "FILE", "FILE"],
        &["export", "FILE", "--format", "csv"],
        &["export", "FILE", "--format", "chrome"],
    ];
    let picture: &[&[&str]] = &[&["export", "FILE", "--format", "svg"]];
    for command in commands.iter().chain(if cfg!(feature = "gui") { picture } else { &[] }) {
        let output = loopscope(command, &path);
        assert!(output.status.success(), "{command:?}: {output:?}");
        assert!(!printed(&output).is_empty());
    }
    // A name of a file in a message, and one that is no record.
    let odd = folder.0.join("odd\u{1b}[2J\u{202e}.loopscope");
    for command in [["stats", "FILE"], ["check", "FILE"]] {
        let output = loopscope(&command, &odd);
        assert_eq!(output.status.code(), Some(1));
        assert!(printed(&output).contains(r"odd\u{1b}[2J\u{202e}.loopscope"), "{output:?}");
    }
}

#[test]
fn a_name_of_300_kb_is_shortened_wherever_it_is_printed() {
    let folder = Folder::new("long");
    let path = folder.save("long.loopscope", &record_with(&"x".repeat(300_000)), "");
    for command in [&["stats", "FILE"][..], &["check", "FILE"], &["compare", "FILE", "FILE"]] {
        let printed = printed(&loopscope(command, &path));
        assert!(printed.len() < 20_000, "{command:?} prints {} bytes", printed.len());
    }
}

#[test]
#[cfg(feature = "gui")]
fn an_svg_is_xml_and_shows_nasty_text_as_text() {
    let folder = Folder::new("svg");
    let text = nasty();
    let path = folder.save("nasty.loopscope", &record_with(&text), &text);
    for view in ["timeline", "loop", "window"] {
        let out = folder.0.join(view).with_extension("svg");
        let out = out.to_str().unwrap();
        let output = loopscope(&["render", "FILE", "--view", view, "-o", out], &path);
        assert!(output.status.success(), "{output:?}");
        let picture = std::fs::read_to_string(out).unwrap();
        assert!(picture.lines().all(is_fit));
        let document = roxmltree::Document::parse(&picture).unwrap();
        let all = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
        assert_eq!((all("title"), all("script")), (1, 0), "{view}");
        let title = document.descendants().find(|node| node.has_tag_name("title")).unwrap().text().unwrap();
        assert!(title.contains("</title><script>&\"'") && title.contains(r"\u{1b}[2J") && title.contains(r"\u{fffe}"));
        let known = ["svg", "title", "defs", "clipPath", "pattern", "g", "rect", "circle", "ellipse", "line", "path"];
        let known: Vec<&str> = known.into_iter().chain(["polygon", "polyline", "image", "text"]).collect();
        assert!(
            document.descendants().filter(|node| node.is_element()).all(|node| known.contains(&node.tag_name().name()))
        );
    }
}

#[test]
fn a_cell_of_a_table_is_no_formula() {
    let mut table = Vec::new();
    for begin in ["=", "+", "-", "@", "\t", "\r", "\u{ff1d}"] {
        loopscope::trace::export::csv::write(&record_with(&format!("{begin}1,2\"\n")), &mut table).unwrap();
    }
    let table = String::from_utf8(table).unwrap();
    assert!(table.contains("\"'=1,2\"\"\\n\""), "{table}");
    for line in table.lines() {
        let cells = line.split(',').map(|cell| cell.trim_start_matches('"'));
        for cell in cells {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\u{ff1d}']), "{line}");
        }
    }
}

#[cfg(feature = "real-io")]
#[test]
fn a_long_line_of_input_is_printed_and_saved() {
    let folder = Folder::new("input");
    let path = folder.0.join("input.loopscope");
    let mut program = Command::new(env!("CARGO_BIN_EXE_loopscope"));
    program.args(["run", "user-input", "--trace"]).arg(&path).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = program.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    // The program may ask for less than it is given.
    let write = move || drop(std::io::Write::write_all(&mut input, &vec![b'x'; 70_000_000]));
    let writer = std::thread::Builder::new().name("input".into()).spawn(write).unwrap();
    assert!(child.wait().unwrap().success());
    writer.join().unwrap();
    let opened = file::read(std::fs::File::open(&path).unwrap()).unwrap();
    assert_eq!(opened.damage, None);
    assert!(opened.record.output().iter().any(|line| line.text.len() > 70_000_000));
    assert!(printed(&loopscope(&["stats", "FILE"], &path)).len() < 20_000);
}

/// A pipe gets a program's lines as they are; what it fails with does not steer.
#[test]
fn help_that_cannot_be_printed_is_a_failure() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    for args in [["--help"], ["--version"], ["list"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_loopscope"));
        let output = program.args(args).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("cannot print"), "{output:?}");
    }
}
