//! Opened, used, and closed in any case.

use crate::runtime::sync::using;
use crate::runtime::{say, sleep};
use std::time::Duration;

async fn main(query: &str, delay: Duration) {
    let open = async {
        sleep(delay).await; //~ open
        say!("Opened"); //~ opened
    };
    let close = async |_: &mut ()| {
        sleep(delay).await; //~ close
        say!("Closed"); //~ closed
    };
    let body = async |_: &mut ()| {
        say!("Asking for rows"); //~ asking
        sleep(delay).await; //~ ask
        if query == "fails" {
            return Err("no such table"); //~ error
        }
        sleep(delay).await; //~ rows
        say!("Got the rows"); //~ got
        Ok(())
    };
    let result = using("connection", open, close, body).await; //~ using
    if let Err(error) = result {
        say!("Caught: {error}"); //~ caught
    }
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/resource.md")),
    params: &[
        Param { name: "query", label: "query", bounds: Bounds::Choice { of: &["fails", "works"] } },
        Param { name: "delay", label: "time of each step", bounds: Bounds::millis(1000) },
    ],
    rust: Source::rust("resource.rs", include_str!("resource.rs")),
    python: Source::python("resource.py", include_str!("../../../assets/python/resource.py")),
    ..Scenario::new("resource", "Open, use, close (async with)", |params| {
        Program::on_loop(main(params.choice("query"), params.time("delay")))
    })
};
