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

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/order-smol-vs-asyncio.md")),
    params: &[
        Param { name: "executor", label: "executor", bounds: Bounds::Choice { of: &["asyncio", "smol"] } },
        Param { name: "rounds", label: "rounds", bounds: Bounds::Count { min: 1, max: 1000, default: 3 } },
    ],
    rust: Source::rust("order_smol_vs_asyncio.rs", include_str!("order_smol_vs_asyncio.rs")),
    python: Source::python("order_smol_vs_asyncio.py", include_str!("../../../assets/python/order_smol_vs_asyncio.py")),
    ..Scenario::new("order-smol-vs-asyncio", "The order of two executors (asyncio, smol)", |params| {
        let main = main(params.count("rounds"));
        match params.choice("executor") {
            "smol" => Program::on_smol(1, main),
            _ => Program::on_loop(main),
        }
    })
};
