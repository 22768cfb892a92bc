//! A request is cancelled while it saves.

use crate::runtime::{say, shield, sleep, spawn};
use std::time::Duration;

async fn save(time: Duration) {
    say!("save: begins"); //~ begins
    sleep(time).await; //~ sleep
    say!("save: done"); //~ saved
}

async fn request(how: &str, time: Duration) {
    let saving = spawn("save", save(time)); //~ spawn-save
    if how == "shield" {
        shield(saving).await; //~ shield
    } else {
        saving.await; //~ await
    }
    say!("request: answered"); //~ answered
}

async fn main(how: &'static str, time: Duration, patience: Duration) {
    let request = spawn("request", request(how, time)); //~ spawn
    sleep(patience).await; //~ patience
    say!("main: the client is gone"); //~ gone
    request.cancel().await; //~ cancel
    say!("main: the request has ended"); //~ ended
    sleep(time).await; //~ stay
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/shield.md")),
    params: &[
        Param { name: "how", label: "how the request waits", bounds: Bounds::Choice { of: &["shield", "await"] } },
        Param { name: "time", label: "time to save", bounds: Bounds::millis(3000) },
        Param { name: "patience", label: "patience of the client", bounds: Bounds::millis(1000) },
    ],
    rust: Source::rust("shield.rs", include_str!("shield.rs")),
    python: Source::python("shield.py", include_str!("../../../assets/python/shield.py")),
    ..Scenario::new("shield", "What a cancel must not reach (shield)", |params| {
        Program::on_loop(main(params.choice("how"), params.time("time"), params.time("patience")))
    })
};
