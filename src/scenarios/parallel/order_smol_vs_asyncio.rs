//! One program, two executors, two orders.

use crate::runtime::{gather, say, spawn, yield_now};

async fn short(number: u32) {
    say!("short {number} is done"); //~ short
}

async fn steady(rounds: u32) {
    for round in 1..=rounds {
        say!("steady: round {round}"); //~ round
        yield_now().await; //~ yield
    }
}

async fn main(rounds: u32) {
    let shorts = [1, 2].map(|number| {
        spawn(format!("short-{number}"), short(number)) //~ spawn-short
    });
    let steady = spawn("steady", steady(rounds)); //~ spawn-steady
    gather(shorts).await; //~ gather
    say!("main: the short ones are done"); //~ gathered
    steady.await; //~ join
    say!("main: all are done"); //~ done
}

// --- end of the lesson's code ---

use crate::scenarios::{Answer, Bounds, Lesson, Outline, Param, Predict, Program, Scenario, Source};

/// Whether `main` or the second round of `steady` comes first.
fn first(run: &Outline) -> &'static str {
    let mut lines = run.lines.iter().map(|line| line.text.as_str());
    let is_steady = lines.find(|line| line.starts_with("main") || *line == "steady: round 2");
    if is_steady.is_some_and(|line| line.starts_with("steady")) { "steady" } else { "main" }
}

pub(super) static SCENARIO: Scenario = Scenario {
    promise: "who runs next is up to the executor",
    lesson: Lesson {
        markdown: include_str!("../../../assets/lessons/order-smol-vs-asyncio.md"),
        steps: &[
            |seen| seen.finished("short-2"),
            |seen| seen.woken_by("main", "short-2"),
            |seen| seen.printed("steady: round 2"),
            |seen| seen.printed("main: the short*"),
        ],
    },
    predict: Predict { answer: |run| Answer::choice(&["main", "steady"], first(run)), changed_by: "executor=smol" },
    params: &[
        Param { name: "executor", label: "executor", bounds: Bounds::Choice { of: &["asyncio", "smol"] } },
        Param { name: "rounds", label: "rounds", bounds: Bounds::Count { min: 1, max: 1000, default: 3 } },
    ],
    rust: Source::rust("order_smol_vs_asyncio.rs", include_str!("order_smol_vs_asyncio.rs")),
    python: Source::python("order_smol_vs_asyncio.py", include_str!("../../../assets/python/order_smol_vs_asyncio.py")),
    ..Scenario::new("order-smol-vs-asyncio", "The order of two executors", |params| {
        let main = main(params.count("rounds"));
        match params.choice("executor") {
            "smol" => Program::on_smol(1, main),
            _ => Program::on_loop(main),
        }
    })
};
