//! Several pages at once, from a real server.

use super::web_client::{FetchError, Session};
use super::web_site::Site;
use crate::runtime::{frame, gather, say, spawn};
use std::io;
use std::time::Duration;

async fn read(page: &str, session: &Session) -> Result<String, FetchError> {
    let response = session.get(page).await?; //~ get
    response.text().await //~ text
}

async fn fetch(page: String, session: Session) -> usize {
    let result = frame!(read(&page, &session)).await; //~ read
    let text = result.unwrap_or_else(|error| {
        say!("{page}: {error}"); //~ failed
        String::new()
    });
    say!("{page}: {} bytes", text.len()); //~ fetched
    text.len()
}

async fn main(pages: u32, delay: Duration, fault: &str) -> io::Result<()> {
    let site = frame!(Site::open(pages, delay, fault)).await?; //~ open
    let session = Session::new(site.url()); //~ session
    let fetches = (1..=pages).map(|number| {
        let page = format!("/page-{number}");
        spawn(format!("fetch-{number}"), fetch(page, session.clone())) //~ spawn
    });
    let sizes = gather(fetches).await; //~ gather
    say!("{} bytes in all", sizes.iter().sum::<usize>()); //~ sum
    Ok(())
}

// --- end of the lesson's code ---

use super::on_loop;
use crate::event::ClockKind;
use crate::scenarios::{Bounds, Lesson, Param, Scenario, Source};

const FAULTS: &[&str] = &["none", "server-down", "bad-url"];

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/http-client.md")),
    clock: ClockKind::Real,
    params: &[
        Param { name: "pages", label: "pages", bounds: Bounds::Count { min: 1, max: 50, default: 4 } },
        Param { name: "delay", label: "slowest page", bounds: Bounds::Millis { max: 2000, default: 800 } },
        Param { name: "fault", label: "fault", bounds: Bounds::Choice { of: FAULTS } },
    ],
    rust: Source::rust("http_client.rs", include_str!("http_client.rs")),
    python: Source::python("real_io/http_client.py", include_str!("../../../assets/python/real_io/http_client.py")),
    ..Scenario::new("http-client", "Fetch real pages", |params| {
        let (pages, delay, fault) = (params.count("pages"), params.time("delay"), params.choice("fault"));
        on_loop(async move { main(pages, delay, fault).await })
    })
};
