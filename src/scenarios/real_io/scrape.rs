//! A crawler: pages, their links, and the pages behind those.

use super::web_client::{FetchError, Session};
use super::web_site::{Site, links};
use crate::runtime::sync::Semaphore;
use crate::runtime::{frame, gather, say, spawn};
use std::collections::HashSet;

async fn read(page: &str, session: &Session) -> Result<String, FetchError> {
    let response = session.get(page).await?; //~ get
    response.text().await //~ text
}

async fn visit(page: String, session: Session, gate: Semaphore) -> Vec<String> {
    let _permit = gate.acquire().await; //~ acquire
    let result = frame!(read(&page, &session)).await; //~ read
    result.map(|text| links(&text)).unwrap_or_else(|error| {
        say!("{page}: {error}"); //~ failed
        Vec::new()
    })
}

async fn main(site: Site, limit: u32) {
    let session = Session::new(site.url()); //~ session
    let gate = Semaphore::new("gate", limit);
    let mut wave = vec!["/page-1".to_owned()];
    let mut known = HashSet::from(["/page-1".to_owned()]);
    while !wave.is_empty() {
        let visits = wave.iter().map(|page| {
            let visit = visit(page.clone(), session.clone(), gate.clone());
            spawn(format!("visit {page}"), visit) //~ spawn
        });
        let found = gather(visits).await; //~ gather
        for (page, links) in wave.iter().zip(&found) {
            say!("{page} links to {}", links.join(", ")); //~ links
        }
        wave = found.concat();
        wave.retain(|page| known.insert(page.clone())); //~ new
    }
    say!("pages asked for: {}, each once", known.len()); //~ done
}

// --- end of the lesson's code ---

use super::on_loop;
use crate::event::ClockKind;
use crate::scenarios::{Bounds, Lesson, Param, Scenario, Source};
use std::io;

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/scrape.md")),
    clock: ClockKind::Real,
    params: &[
        Param { name: "pages", label: "pages", bounds: Bounds::Count { min: 1, max: 30, default: 6 } },
        Param { name: "limit", label: "pages at a time", bounds: Bounds::Count { min: 1, max: 30, default: 2 } },
        Param { name: "delay", label: "slowest page", bounds: Bounds::Millis { max: 1000, default: 300 } },
        Param { name: "fault", label: "fault", bounds: Bounds::Choice { of: &["none", "dead-link", "server-down"] } },
    ],
    rust: Source::rust("scrape.rs", include_str!("scrape.rs")),
    python: Source::python("real_io/scrape.py", include_str!("../../../assets/python/real_io/scrape.py")),
    ..Scenario::new("scrape", "Follow the links (crawler)", |params| {
        let (pages, limit) = (params.count("pages"), params.count("limit"));
        let (delay, fault) = (params.time("delay"), params.choice("fault"));
        on_loop(async move {
            let site = Site::open(pages, delay, fault).await?;
            main(site, limit).await;
            io::Result::Ok(())
        })
    })
};
