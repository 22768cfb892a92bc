//! Customers wait to be told that there is bread.

use crate::runtime::sync::{Condition, Lock};
use crate::runtime::{gather, say, sleep, spawn_local};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

struct Shop {
    has_bread: Cell<bool>,
    news: Condition,
}

async fn baker(shop: Rc<Shop>, time: Duration) {
    sleep(time).await; //~ bake
    let door = shop.news.lock().acquire().await; //~ baker-lock
    shop.has_bread.set(true); //~ has-bread
    shop.news.notify_all(&door); //~ notify
    say!("baker: there is bread"); //~ told
}

async fn customer(shop: Rc<Shop>, name: &str, way: Duration, first: &str) {
    sleep(way).await; //~ way
    let mut door = shop.news.lock().acquire().await; //~ customer-lock
    say!("{name}: is here"); //~ here
    if first == "look" {
        while !shop.has_bread.get() {
            door = shop.news.wait(door).await; //~ wait-if-none
        }
    } else {
        door = shop.news.wait(door).await; //~ wait
    }
    say!("{name}: buys bread"); //~ buys
    drop(door);
}

async fn main(first: &'static str, [bake, early, late]: [Duration; 3]) {
    let news = Condition::new("news", &Lock::new("door"));
    let shop = Rc::new(Shop { has_bread: Cell::new(false), news });
    let early = customer(shop.clone(), "early", early, first); //~ early
    let late = customer(shop.clone(), "late", late, first); //~ late
    let everyone = [
        spawn_local("baker", baker(shop, bake)), //~ spawn-baker
        spawn_local("early", early),             //~ spawn-early
        spawn_local("late", late),               //~ spawn-late
    ];
    gather(everyone).await; //~ gather
    say!("main: the shop closes"); //~ closes
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/lost-wakeup.md")),
    params: &[
        Param { name: "first", label: "what a customer does first", bounds: Bounds::Choice { of: &["wait", "look"] } },
        Param { name: "bake", label: "time to bake", bounds: Bounds::millis(2000) },
        Param { name: "early", label: "early comes after", bounds: Bounds::millis(1000) },
        Param { name: "late", label: "late comes after", bounds: Bounds::millis(3000) },
    ],
    rust: Source::rust("lost_wakeup.rs", include_str!("lost_wakeup.rs")),
    python: Source::python("lost_wakeup.py", include_str!("../../../assets/python/lost_wakeup.py")),
    ..Scenario::new("lost-wakeup", "Called before anyone listens (lost wakeup)", |params| {
        let times = ["bake", "early", "late"].map(|name| params.time(name));
        Program::on_loop(main(params.choice("first"), times))
    })
};
