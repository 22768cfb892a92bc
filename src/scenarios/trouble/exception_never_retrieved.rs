//! A task fails that nobody waits for.

use crate::runtime::{frame, gather, say, sleep, spawn};
use std::time::Duration;

async fn save(page: u32, pace: Duration) -> Result<(), String> {
    sleep(pace * page).await; //~ sleep
    if page == 2 {
        return Err("the disk is full".into()); //~ fail
    }
    say!("page {page} is saved"); //~ saved
    Ok(())
}

async fn save_unobserved(page: u32, pace: Duration) {
    let saved = frame!(save(page, pace)).await; //~ save
    if let Err(error) = saved {
        panic!("{error}");
    }
}

async fn main(how: &str, pages: u32, pace: Duration) {
    if how == "await" {
        let saves = (1..=pages).map(|page| {
            spawn(format!("save-{page}"), save(page, pace)) //~ spawn
        });
        let results = gather(saves).await; //~ gather
        for result in results {
            if let Err(error) = result {
                say!("main: {error}"); //~ error
            }
        }
    } else {
        for page in 1..=pages {
            let job = save_unobserved(page, pace); //~ job
            spawn(format!("save-{page}"), job).detach(); //~ detach
        }
        sleep(pace * (pages + 1)).await; //~ stay
    }
    say!("main: all done"); //~ done
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/exception-never-retrieved.md")),
    params: &[
        Param { name: "how", label: "the tasks are", bounds: Bounds::Choice { of: &["detach", "await"] } },
        Param { name: "pages", label: "pages", bounds: Bounds::Count { min: 1, max: 10_000, default: 3 } },
        Param { name: "pace", label: "time for page 1", bounds: Bounds::millis(1000) },
    ],
    rust: Source::rust("exception_never_retrieved.rs", include_str!("exception_never_retrieved.rs")),
    python: Source::python(
        "exception_never_retrieved.py",
        include_str!("../../../assets/python/exception_never_retrieved.py"),
    ),
    ..Scenario::new("exception-never-retrieved", "An error that no one hears (detached task)", |params| {
        Program::on_loop(main(params.choice("how"), params.count("pages"), params.time("pace")))
    })
};
