//! Every moment comes where a plain reading of all events says: those of every lesson, and random ones, in each lesson's run.
//!
//! `LOOPSCOPE_SEED` tries other random moments than those of seed 7.
#![cfg(test)]

use crate::event::{Event, EventKind};
use crate::moment::{Marks, Moment, Reference, Watch, Watches, moments_of};
use crate::runtime::Speed;
use crate::scenarios;
use crate::session::{Plan, Session, Start};
use std::collections::BTreeMap;

/// Random moments in each run.
const RANDOM: usize = 40;
/// The events of a run that random moments are looked for in.
const EVENTS: usize = 2_000;

/// The names that a run has for what moments may be about.
#[derive(Default)]
struct Words {
    tasks: Vec<String>,
    things: Vec<String>,
    jobs: Vec<String>,
    functions: Vec<String>,
    lines: Vec<String>,
    marks: Vec<String>,
}

impl Words {
    fn of(events: &[Event]) -> Self {
        let mut words = Self::default();
        for event in events {
            let (names, name) = match &event.kind {
                EventKind::TaskSpawned { name, .. } => (&mut words.tasks, name.to_string()),
                EventKind::ResourceCreated { name, .. } => (&mut words.things, name.to_string()),
                EventKind::JobQueued { name, .. } => (&mut words.jobs, name.to_string()),
                EventKind::FrameEntered { name, .. } => (&mut words.functions, name.to_string()),
                EventKind::Printed { text, .. } => (&mut words.lines, text.to_string()),
                EventKind::SiteDefined { file, line, .. } => {
                    let file = file.rsplit('/').next().unwrap_or_default();
                    (&mut words.marks, format!("{file}:{line}"))
                }
                _ => continue,
            };
            if !name.contains('"') && !names.contains(&name) {
                names.push(name);
            }
        }
        words
    }

    /// One of these names, a pattern for some of them, or something else.
    fn one(rng: &mut fastrand::Rng, names: &[String]) -> String {
        let name = rng.choice(names).map_or("nobody", String::as_str);
        match rng.u8(0..8) {
            0 => "\"*\"".to_owned(),
            1 | 2 => format!("\"{}*\"", name.chars().take(rng.usize(1..6)).collect::<String>()),
            _ => format!("\"{name}\""),
        }
    }

    fn task(&self, rng: &mut fastrand::Rng) -> String {
        let which = ["", "", "", "any ", "each ", "first ", "last ", "the 2nd ", "the 3rd "];
        let which = which[rng.usize(..which.len())];
        if !which.is_empty() && rng.bool() {
            format!("{which}task")
        } else {
            which.to_owned() + &Self::one(rng, &self.tasks)
        }
    }

    fn deed(&self, rng: &mut fastrand::Rng) -> String {
        const PLAIN: [&str; 14] = [
            "spawned",
            "ready",
            "runs",
            "suspends",
            "yields",
            "computes",
            "asked to end",
            "returns",
            "done",
            "failed",
            "panicked",
            "cancelled",
            "timer fires",
            "timer cancelled",
        ];
        match rng.u8(0..14) {
            0..5 => PLAIN[rng.usize(..PLAIN.len())].to_owned(),
            5 => "waits".to_owned(),
            6 => format!("waits for {}", self.awaited(rng)),
            7 => format!("waits at {}", Self::one(rng, &self.marks)),
            8 => format!(
                "goes on{}",
                if rng.bool() { String::new() } else { format!(" at {}", Self::one(rng, &self.marks)) }
            ),
            9 => format!("wakes {}", Self::one(rng, &self.tasks)),
            10 => {
                let by = ["another thread", "timer", "io", "job", "user"];
                let by = rng.choice(by).filter(|_| rng.bool());
                format!("woken by {}", by.map_or_else(|| Self::one(rng, &self.tasks), str::to_owned))
            }
            11 => format!("spawns {}", Self::one(rng, &self.tasks)),
            12 => format!("prints {}", Self::one(rng, &self.lines)),
            _ => {
                let what = ["waited", "ran", "was ready", "timer fires late by"];
                format!("{} {} {}", what[rng.usize(..what.len())], compare(rng), time(rng))
            }
        }
    }

    fn awaited(&self, rng: &mut fastrand::Rng) -> String {
        match rng.u8(0..5) {
            0 => Self::one(rng, &self.tasks),
            1 => Self::one(rng, &self.jobs),
            2 => ["timer", "job", "tasks", "io", "input", "stream", "library"][rng.usize(..7)].to_owned(),
            _ => Self::one(rng, &self.things),
        }
    }

    fn statement(&self, rng: &mut fastrand::Rng) -> String {
        match rng.u8(0..20) {
            0..8 => format!("{} {}", self.task(rng), self.deed(rng)),
            8..11 => {
                let is = ["full", "empty", "free", "set", "open", "closed", "held", "changes"];
                format!("{} {}", Self::one(rng, &self.things), is[rng.usize(..is.len())])
            }
            11 => format!("{} held by {}", Self::one(rng, &self.things), Self::one(rng, &self.tasks)),
            12..14 => {
                let what = ["length", "free", "waiting", "value"][rng.usize(..4)];
                format!("{} {what} {} {}", Self::one(rng, &self.things), compare(rng), rng.u8(0..6))
            }
            14..16 => {
                let what = ["ready", "running", "waiting", "iteration"][rng.usize(..4)];
                format!("{what} {} {}", compare(rng), rng.u8(0..8))
            }
            16 => format!("printed {}", Self::one(rng, &self.lines)),
            17 => format!("{} entered", Self::one(rng, &self.functions)),
            18 => format!("{} job {}", Self::one(rng, &self.jobs), if rng.bool() { "starts" } else { "done" }),
            _ => match rng.u8(0..6) {
                0 => "idle".to_owned(),
                1 => "deadlock".to_owned(),
                2 => "clean-up".to_owned(),
                3 => "run ends".to_owned(),
                _ => format!("after {}", time(rng)),
            },
        }
    }

    /// A text that may be a moment.
    fn moment(&self, rng: &mut fastrand::Rng, depth: u32) -> String {
        let part = |rng: &mut fastrand::Rng| self.moment(rng, depth - 1);
        match rng.u8(0..12) {
            _ if depth == 0 => self.statement(rng),
            0..3 => format!("({}) and ({})", part(rng), part(rng)),
            3..5 => format!("({}) or ({})", part(rng), part(rng)),
            5 => format!("({}) then ({})", part(rng), part(rng)),
            6..8 => format!("not ({})", part(rng)),
            _ => self.statement(rng),
        }
    }
}

fn compare(rng: &mut fastrand::Rng) -> &'static str {
    [">", ">=", "<", "<=", "=", "!="][rng.usize(..6)]
}

fn time(rng: &mut fastrand::Rng) -> &'static str {
    ["0 ms", "1 µs", "1 ms", "50 ms", "100 ms", "250 ms", "1 s", "2 s"][rng.usize(..8)]
}

/// Follows moments in every way; where they differ.
fn differences(events: &[Event], moments: &[Moment], marks: &Marks) -> Vec<String> {
    let mut together = Watches::new(marks);
    let mut alone: Vec<(Watch, Reference)> =
        moments.iter().map(|moment| (Watch::new(moment, marks), Reference::new(moment, marks))).collect();
    for moment in moments {
        together.add(moment);
    }
    let mut wrong = vec![Vec::new(); moments.len()];
    for (index, event) in events.iter().enumerate() {
        let mut came = BTreeMap::new();
        together.push(event, |place, subject| {
            came.insert(place, subject);
        });
        for (place, (watch, reference)) in alone.iter_mut().enumerate() {
            let told = [watch.push(event), came.contains_key(&place), reference.push(event)];
            // Whom it is about depends on nothing else that is followed.
            let is_same = came.get(&place).is_none_or(|subject| *subject == watch.subject());
            assert!(is_same, "whom {} is about: {came:?} at {event:?}", moments[place]);
            if told != [told[2]; 3] {
                wrong[place].push(format!("  {index}: alone, together, read: {told:?} at {event:?}"));
            }
        }
    }
    let of = moments.iter().zip(wrong).filter(|(_, wrong)| !wrong.is_empty());
    of.map(|(moment, wrong)| format!("{moment}: {} events\n{}", wrong.len(), wrong[0])).collect()
}

fn run(plan: Plan) -> Session {
    let mut session = Session::start(Plan { speed: Speed::MAX, ..plan }, Start::Running, || {}).unwrap();
    while session.pump_wait() {
        if !session.questions().is_empty() {
            session.end_input();
        }
    }
    session
}

#[test]
fn every_moment_comes_where_a_plain_reading_of_all_events_says() {
    let seed = std::env::var("LOOPSCOPE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(7);
    println!("LOOPSCOPE_SEED={seed}");
    let mut rng = fastrand::Rng::with_seed(seed);
    let (mut lessons, mut of_lessons, mut random, mut all_events, mut wrong) = (0, 0, 0, 0, Vec::new());
    for scenario in scenarios::all() {
        let plan = Plan::new(scenario);
        let facts = scenario.facts(&plan.params);
        let told = scenario.told(&facts);
        let asked: Vec<_> = told.asks();
        let moments = told.moments().into_iter().flatten().chain(asked.iter().flat_map(moments_of));
        let moments: Vec<Moment> = moments.collect();
        let session = run(plan);
        let (events, marks): (Vec<Event>, _) = (session.record().log().iter_from(0).collect(), scenario.rust.marks());
        wrong.extend(differences(&events, &moments, &marks).into_iter().map(|text| format!("{}: {text}", scenario.id)));
        let (words, events_read) = (Words::of(&events), events.len());
        let made: Vec<Moment> =
            std::iter::repeat_with(|| words.moment(&mut rng, 2).parse().ok()).flatten().take(RANDOM).collect();
        let events = &events[..events.len().min(EVENTS)];
        wrong.extend(differences(events, &made, &marks).into_iter().map(|text| format!("{}: {text}", scenario.id)));
        lessons += 1;
        of_lessons += moments.len();
        random += made.len();
        all_events += events_read;
    }
    println!("{lessons} lessons with {of_lessons} moments, {random} random moments, {all_events} events");
    assert!(lessons > 40 && of_lessons > 200, "{lessons} lessons with {of_lessons} moments");
    assert!(wrong.is_empty(), "{} of them differ:\n{}", wrong.len(), wrong.join("\n"));
}
