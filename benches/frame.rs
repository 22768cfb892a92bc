//! What a frame of the window costs: all panels laid out and tessellated, without a window or a GPU.
//!
//! `LOOPSCOPE_EVENTS` sets how many events the long record has; `live` as the argument measures live runs alone. Figures
//! depend on the machine.

#[path = "support/work.rs"]
mod work;

use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use loopscope::app::{App, Show};
use loopscope::runtime::{busy, sleep, spawn};
use loopscope::scenarios::{self, Program, Scenario};
use loopscope::session::Session;
use loopscope::trace::file;
use std::time::Duration;
use work::{LANES, Work, now, record};

fn open(show: Show) -> Harness<'static, App> {
    let mut harness = Harness::builder()
        .with_size(vec2(1440.0, 900.0))
        .with_step_dt(1.0 / 60.0)
        .build_eframe(move |cc| App::new(&cc.egui_ctx, show));
    harness.run_steps(2);
    harness
}

/// A frame, tessellated.
fn frame(harness: &mut Harness<'static, App>) -> Duration {
    let start = now();
    harness.step();
    let output = harness.output();
    let meshes = harness.ctx.tessellate(output.shapes.clone(), output.pixels_per_point);
    std::hint::black_box(meshes.len());
    start.elapsed()
}

/// Frames of which each is made anew by `change`: the median and the 95th percentile.
fn frames(
    harness: &mut Harness<'static, App>,
    count: usize,
    change: impl Fn(&mut Harness<'static, App>, usize),
) -> [Duration; 2] {
    let mut times: Vec<Duration> = (0..count)
        .map(|number| {
            change(harness, number);
            frame(harness)
        })
        .collect();
    times.sort();
    [times[count / 2], times[count * 95 / 100]]
}

fn key(harness: &mut Harness<'static, App>, key: Key) {
    harness.key_press(key);
}

fn zoom(harness: &mut Harness<'static, App>, number: usize) {
    key(harness, if number.is_multiple_of(2) { Key::W } else { Key::S });
}

fn saved(name: &str, events: usize) -> std::path::PathBuf {
    let path = std::env::temp_dir().join(format!("loopscope-bench-{name}-{}.loopscope", std::process::id()));
    let long = record(Work::Mixed, events, LANES).0;
    file::save(&long, &path).expect("the folder for temporary files can be written");
    path
}

/// A thousand tasks that sleep and work in turn, for as long as one looks.
static MANY: Scenario = Scenario {
    ..Scenario::new("many", "A thousand tasks", |_| {
        Program::on_loop(async {
            for number in 0..1000u64 {
                spawn(format!("task-{number}"), async move {
                    loop {
                        sleep(Duration::from_millis(1 + number % 7)).await;
                        busy(Duration::from_micros(10));
                    }
                })
                .detach();
            }
            sleep(Duration::from_secs(1_000_000)).await;
        })
    })
};

/// Ten thousand lanes: as they are, by the time they waited, and those found by name.
fn many_lanes(events: usize) {
    let path = std::env::temp_dir().join(format!("loopscope-bench-lanes-{}.loopscope", std::process::id()));
    let record = record(Work::Mixed, events, 10_000).0;
    file::save(&record, &path).expect("the folder for temporary files can be written");
    let session = Session::open(&path).expect("it was written");
    let mut harness = open(Show::Run(Box::new(session)));
    while harness.state().session().is_some_and(|session| !session.has_all()) {
        harness.step();
    }
    drop(std::fs::remove_file(&path));
    let lanes = harness.state().session().map_or(0, |session| session.record().lanes().len());
    println!("{events} events, {lanes} lanes");
    let measured = |name: &str, harness: &mut Harness<'static, App>| {
        let [median, late] = frames(harness, 60, zoom);
        println!("  {name}, changed each frame: median {median:?}, 95 % below {late:?}");
    };
    measured("as they began", &mut harness);
    harness.get_by_label("What is shown").click();
    harness.run_steps(3);
    harness.get_by_label("by time waiting").click();
    harness.run_steps(3);
    measured("by the time they waited", &mut harness);
    harness.key_press(Key::Slash);
    harness.run_steps(3);
    harness.get_by_role_and_label(egui::Role::TextInput, "Find lanes").type_text("consumer");
    harness.run_steps(3);
    assert!(harness.query_by_label("5000 of 10001").is_some(), "half of them consume");
    harness.key_press(Key::Tab); // out of the field, where keys are letters
    measured("those found by name", &mut harness);
}

fn main() {
    if std::env::args().any(|argument| argument == "live") {
        return live();
    }
    let events = std::env::var("LOOPSCOPE_EVENTS").ok().and_then(|count| count.parse().ok()).unwrap_or(3_000_000);
    let mut of_the_whole = Vec::new();
    for events in [events / 100, events] {
        let path = saved("frame", events);
        let start = now();
        let session = Session::open(&path).expect("it was written");
        let mut harness = open(Show::Run(Box::new(session)));
        let first = start.elapsed();
        while harness.state().session().is_some_and(|session| !session.has_all()) {
            harness.step();
        }
        let loaded = start.elapsed();
        drop(std::fs::remove_file(&path));
        let spans: usize =
            harness.state().session().map_or(0, |session| session.record().lanes().iter().map(|lane| lane.len()).sum());
        println!("{events} events, {spans} spans: the first frame after {first:?}, all of it after {loaded:?}");
        for axis in ["time", "steps"] {
            harness.key_press(Key::F);
            harness.run_steps(3);
            let [median, late] = frames(&mut harness, 60, zoom);
            println!(
                "  on the axis of {axis}, the whole run, changed each frame: median {median:?}, 95 % below {late:?}"
            );
            of_the_whole.push(median);
            let [median, late] = frames(&mut harness, 60, |_, _| {});
            println!("  unchanged: median {median:?}, 95 % below {late:?}");
            let mut zooms: Vec<Duration> = Vec::new();
            for _ in 0..40 {
                harness.key_press_modifiers(Modifiers::NONE, Key::W);
                zooms.push(frame(&mut harness));
            }
            zooms.sort();
            println!("  zooming in 40 times: median {:?}, 95 % below {:?}", zooms[20], zooms[38]);
            harness.key_press(Key::X);
            harness.run_steps(2);
        }
    }
    if let [small, _, big, _] = of_the_whole.as_slice() {
        println!("a hundred times the events: {:.2}× the frame", big.as_secs_f64() / small.as_secs_f64());
    }
    many_lanes(events / 3);
    live();
}

/// Processor time of this thread so far, where the system tells: other than a clock it leaves out who else had the processor.
fn spent() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(told.split(' ').next()?.parse().ok()?))
}

/// Frames of a run that goes on while it is looked at.
fn measure_live(name: &str, harness: &mut Harness<'static, App>) {
    const FRAMES: usize = 120;
    let before = spent();
    let [median, late] = frames(harness, FRAMES, |_, _| {});
    let events = harness.state().session().map_or(0, |session| session.record().log().len());
    print!("{name}: median {median:?}, 95 % below {late:?}, {events} events");
    match before.zip(spent()) {
        Some((before, after)) => println!("; {:?} of processor time a frame", (after - before) / FRAMES as u32),
        None => println!(),
    }
}

/// Runs that go on while they are looked at.
fn live() {
    let mut many = open(Show::Scenario(&MANY));
    (0..5).for_each(|_| many.key_press(Key::CloseBracket));
    many.key_press(Key::Space);
    many.run_steps(5);
    measure_live("a thousand tasks, live at the greatest speed", &mut many);
    drop(many);
    let mut lesson = open(Show::Scenario(scenarios::first()));
    lesson.key_press(Key::Space);
    measure_live("a lesson of the course, live", &mut lesson);
}
