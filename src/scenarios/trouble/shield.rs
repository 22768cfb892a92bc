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

use crate::scenarios::{Answer, Bounds, Lesson, Outline, Param, Predict, Program, Scenario, Source};

/// Which tasks came to their last line.
fn survivors(run: &Outline) -> Answer {
    let is = match (run.count_lines("request: answered"), run.count_lines("save: done")) {
        (0, 0) => "neither",
        (0, _) => "save alone",
        (_, 0) => "request alone",
        _ => "both",
    };
    Answer::choice(&["both", "request alone", "save alone", "neither"], is)
}

pub(super) static SCENARIO: Scenario = Scenario {
    promise: "a cancel stops at a shield, and what is behind it goes on",
    lesson: Lesson {
        markdown: include_str!("../../../assets/lessons/shield.md"),
        steps: &[
            |seen| seen.waits("request", "shield"),
            |seen| seen.printed("main: the client is gone"),
            |seen| seen.dropped("request"),
            |seen| seen.printed("main: the request has ended"),
            |seen| seen.finished("save"),
        ],
    },
    predict: Predict { answer: survivors, changed_by: "how=await" },
    params: &[
        Param { name: "how", label: "how the request waits", bounds: Bounds::Choice { of: &["shield", "await"] } },
        Param { name: "time", label: "time to save", bounds: Bounds::millis(3000) },
        Param { name: "patience", label: "patience of the client", bounds: Bounds::millis(1000) },
    ],
    rust: Source::rust("shield.rs", include_str!("shield.rs")),
    python: Source::python("shield.py", include_str!("../../../assets/python/shield.py")),
    ..Scenario::new("shield", "What a cancel must not reach", |params| {
        Program::on_loop(main(params.choice("how"), params.time("time"), params.time("patience")))
    })
};
