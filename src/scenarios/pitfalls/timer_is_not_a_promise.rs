//! Three timers that become due while somebody holds the loop.

use crate::runtime::{busy, gather, now, say, sleep, spawn};
use std::time::Duration;

async fn cook(dish: &str, due: f64, work: Duration) {
    sleep(Duration::from_secs_f64(due)).await; //~ cook-sleep
    let late = now().as_secs_f64() - due; //~ late
    say!("{dish}: due at {due:.1} s, {late:.1} s late"); //~ served
    busy(work); //~ serve
}

async fn phone(call: Duration) {
    sleep(Duration::from_millis(500)).await; //~ phone-sleep
    say!("phone: hello?"); //~ hello
    busy(call); //~ call
    say!("phone: goodbye"); //~ goodbye
}

async fn main(call: Duration, work: Duration) {
    let tasks = [
        spawn("cake", cook("cake", 2.0, work)), //~ spawn-cake
        spawn("tea", cook("tea", 1.5, work)),   //~ spawn-tea
        spawn("egg", cook("egg", 1.0, work)),   //~ spawn-egg
        spawn("phone", phone(call)),            //~ spawn-phone
    ];
    gather(tasks).await; //~ gather
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/timer-is-not-a-promise.md")),
    params: &[
        Param { name: "call", label: "length of the call", bounds: Bounds::millis(2000) },
        Param { name: "work", label: "time to serve", bounds: Bounds::millis(200) },
    ],
    rust: Source::rust("timer_is_not_a_promise.rs", include_str!("timer_is_not_a_promise.rs")),
    python: Source::python(
        "timer_is_not_a_promise.py",
        include_str!("../../../assets/python/timer_is_not_a_promise.py"),
    ),
    ..Scenario::new("timer-is-not-a-promise", "A timer is not a promise", |params| {
        Program::on_loop(main(params.time("call"), params.time("work")))
    })
};
