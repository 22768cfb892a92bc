//! The first answer wins.

use crate::runtime::{frame, race, say, sleep};
use std::time::Duration;

async fn ask(mirror: u32, delay: Duration) -> u32 {
    say!("Asking mirror {mirror}"); //~ asking
    sleep(delay).await; //~ sleep
    say!("Mirror {mirror} answers"); //~ answers
    mirror
}

async fn main(mirrors: u32, step: Duration) {
    let asked = (1..=mirrors).map(|mirror| {
        frame!(ask(mirror, step * (mirrors + 1 - mirror))) //~ start
    });
    // This task polls all of them, until one is done. //~ wait
    let winner = race(asked).await; //~ race
    // The others were dropped where they stood. //~ drop
    say!("The winner is mirror {winner}"); //~ winner
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/race.md")),
    params: &[
        Param { name: "mirrors", label: "mirrors", bounds: Bounds::Count { min: 1, max: 10_000, default: 3 } },
        Param { name: "step", label: "time of the fastest", bounds: Bounds::millis(1000) },
    ],
    rust: Source::rust("race.rs", include_str!("race.rs")),
    python: Source::python("race.py", include_str!("../../../assets/python/race.py")),
    ..Scenario::new("race", "A race", |params| Program::on_loop(main(params.count("mirrors"), params.time("step"))))
};
