//! Three tasks that belong together, and one fails.

use crate::runtime::{GroupError, say, sleep, spawn, task_group, try_gather};
use std::time::Duration;

/// A line to the database, open while a task loads.
struct Line(&'static str);

impl Drop for Line {
    fn drop(&mut self) {
        say!("{}: hangs up", self.0); //~ hangs-up
    }
}

async fn load(name: &'static str, time: Duration) -> Result<(), String> {
    let _line = Line(name);
    sleep(time).await; //~ sleep
    if name == "orders" {
        return Err("there are no orders".into()); //~ fail
    }
    say!("{name}: loaded"); //~ loaded
    Ok(())
}

async fn main(how: &str, parts: [(&'static str, Duration); 3]) {
    if how == "gather" {
        let loads = parts.map(|(name, time)| {
            spawn(name, load(name, time)) //~ spawn
        });
        let loaded = try_gather(loads).await; //~ gather
        if let Err(error) = loaded {
            say!("main: {error}"); //~ error
        }
    } else {
        let group = task_group(|group| async move {
            for (name, time) in parts {
                group.spawn(name, load(name, time)); //~ spawn-in-group
            }
            Ok(())
        });
        let loaded = group.await; //~ group
        if let Err(GroupError(errors)) = loaded {
            for error in errors {
                say!("main: {error}"); //~ errors
            }
        }
    }
    sleep(Duration::from_secs(3)).await; //~ stay
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Params, Program, Scenario, Source};

fn parts(params: &Params) -> [(&'static str, Duration); 3] {
    ["users", "orders", "stock"].map(|name| (name, params.time(name)))
}

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/task-group.md")),
    params: &[
        Param { name: "how", label: "group or gather", bounds: Bounds::Choice { of: &["group", "gather"] } },
        Param { name: "users", label: "time to load users", bounds: Bounds::millis(1000) },
        Param { name: "orders", label: "time until orders fail", bounds: Bounds::millis(2000) },
        Param { name: "stock", label: "time to load stock", bounds: Bounds::millis(4000) },
    ],
    rust: Source::rust("task_group.rs", include_str!("task_group.rs")),
    python: Source::python("task_group.py", include_str!("../../../assets/python/task_group.py")),
    ..Scenario::new("task-group", "All or none (task group)", |params| {
        Program::on_loop(main(params.choice("how"), parts(params)))
    })
};
