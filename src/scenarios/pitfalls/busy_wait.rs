//! Asking again and again whether it is time, and being told.

use crate::runtime::sync::Event;
use crate::runtime::{busy, gather, say, spawn, yield_now};
use std::time::Duration;

const MILLISECOND: Duration = Duration::from_millis(1);

async fn loader(loaded: Event, pieces: u32) {
    for piece in 1..=pieces {
        busy(MILLISECOND); //~ load
        if piece % 500 == 0 {
            say!("loader: {piece} pieces"); //~ pieces
        }
        if piece == pieces {
            loaded.set(); //~ set
        }
        yield_now().await; //~ loader-yield
    }
}

async fn viewer(loaded: Event, how: &str) {
    let mut looks = 1;
    if how == "ask" {
        while !loaded.is_set() {
            busy(MILLISECOND); //~ look
            yield_now().await; //~ ask-again
            looks += 1;
        }
    } else {
        loaded.wait().await; //~ wait
    }
    say!("viewer: shows it, looks: {looks}"); //~ shows
}

async fn main(pieces: u32, how: &'static str) {
    let loaded = Event::new("loaded");
    let both = [
        spawn("loader", loader(loaded.clone(), pieces)), //~ spawn-loader
        spawn("viewer", viewer(loaded, how)),            //~ spawn-viewer
    ];
    gather(both).await; //~ gather
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/busy-wait.md")),
    params: &[
        Param { name: "pieces", label: "pieces", bounds: Bounds::Count { min: 1, max: 10_000, default: 2000 } },
        Param { name: "how", label: "the viewer will", bounds: Bounds::Choice { of: &["ask", "wait"] } },
    ],
    rust: Source::rust("busy_wait.rs", include_str!("busy_wait.rs")),
    python: Source::python("busy_wait.py", include_str!("../../../assets/python/busy_wait.py")),
    ..Scenario::new("busy-wait", "Busy waiting (polling)", |params| {
        Program::on_loop(main(params.count("pieces"), params.choice("how")))
    })
};
