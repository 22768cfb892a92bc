//! One of three fetches fails.

use crate::runtime::{gather, join_or_cancel, say, sleep, spawn, try_gather};
use std::time::Duration;

async fn fetch_data(input: u32, delay: Duration) -> Result<String, String> {
    if input == 2 {
        return Err(format!("Simulated error for input {input}")); //~ fail
    }
    sleep(delay).await; //~ sleep
    say!("Data {input} retrieved."); //~ retrieved
    Ok(format!("data {input}"))
}

async fn main(how: &str, delay: Duration, stay: Duration) {
    let fetches = (1..=3).map(|input| {
        spawn(format!("fetch-{input}"), fetch_data(input, delay)) //~ spawn
    });
    if how == "return-exceptions" {
        let results = gather(fetches).await; //~ return-exceptions
        for result in results {
            match result {
                Ok(data) => say!("Got {data}"),                     //~ got
                Err(error) => say!("Caught an exception: {error}"), //~ caught-one
            }
        }
    } else {
        let all = match how {
            "try-join" => join_or_cancel(fetches).await, //~ try-join
            _ => try_gather(fetches).await,              //~ gather
        };
        if let Err(error) = all {
            say!("Caught an exception: {error}"); //~ caught
        }
    }
    sleep(stay).await; //~ stay
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/gather-error.md")),
    params: &[
        Param {
            name: "how",
            label: "how they are awaited",
            bounds: Bounds::Choice { of: &["gather", "return-exceptions", "try-join"] },
        },
        Param { name: "delay", label: "fetch time", bounds: Bounds::millis(3000) },
        Param { name: "stay", label: "main stays for", bounds: Bounds::millis(0) },
    ],
    rust: Source::rust("gather_error.rs", include_str!("gather_error.rs")),
    python: Source::python("gather_error.py", include_str!("../../../assets/python/gather_error.py")),
    ..Scenario::new("gather-error", "One of three fails (gather)", |params| {
        Program::on_loop(main(params.choice("how"), params.time("delay"), params.time("stay")))
    })
};
