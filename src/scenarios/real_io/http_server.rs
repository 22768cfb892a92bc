//! A server under load.

use super::web_client::{FetchError, Session};
use super::web_server::serve_at;
use crate::runtime::sync::Semaphore;
use crate::runtime::{gather, now, say, sleep, spawn};
use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

struct Load {
    clients: u32,
    requests: u32,
    work: Duration,
    workers: u32,
}

async fn handle(workers: Semaphore, work: Duration) -> Option<String> {
    let _worker = workers.acquire().await; //~ acquire
    sleep(work).await; //~ work
    Some("done".into())
}

async fn client(session: Session, requests: u32) -> Result<u32, FetchError> {
    for _ in 0..requests {
        let response = session.get("/").await?; //~ get
        response.text().await?; //~ text
    }
    Ok(requests)
}

async fn main(address: SocketAddr, load: Load) -> Result<(), Box<dyn Error>> {
    let workers = Semaphore::new("workers", load.workers);
    let handler = move |_| handle(workers.clone(), load.work);
    let server = serve_at(address, handler).await?; //~ serve
    let session = Session::new(server.url()); //~ session
    let start = now();
    let clients = (1..=load.clients).map(|number| {
        let client = client(session.clone(), load.requests);
        spawn(format!("client-{number}"), client) //~ spawn
    });
    let answers = gather(clients).await; //~ gather
    let seconds = (now() - start).as_secs_f64();
    let answered: u32 = answers.into_iter().sum::<Result<_, _>>()?;
    let rate = (f64::from(answered) / seconds / 10.0).round() * 10.0;
    say!("requests answered: {answered}, about {rate} a second"); //~ rate
    Ok(())
}

// --- end of the lesson's code ---

use super::on_loop;
use crate::event::ClockKind;
use crate::scenarios::{Bounds, Lesson, Param, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/http-server.md")),
    clock: ClockKind::Real,
    params: &[
        Param { name: "clients", label: "clients", bounds: Bounds::Count { min: 1, max: 24, default: 6 } },
        Param { name: "requests", label: "requests per client", bounds: Bounds::Count { min: 1, max: 12, default: 3 } },
        Param { name: "work", label: "time per request", bounds: Bounds::Millis { max: 400, default: 100 } },
        Param { name: "workers", label: "workers", bounds: Bounds::Count { min: 1, max: 24, default: 3 } },
        Param { name: "port", label: "port", bounds: Bounds::Choice { of: &["free", "taken"] } },
    ],
    rust: Source::rust("http_server.rs", include_str!("http_server.rs")),
    python: Source::python("real_io/http_server.py", include_str!("../../../assets/python/real_io/http_server.py")),
    ..Scenario::new("http-server", "A server under load", |params| {
        let load = Load {
            clients: params.count("clients"),
            requests: params.count("requests"),
            work: params.time("work"),
            workers: params.count("workers"),
        };
        let is_taken = params.choice("port") == "taken";
        on_loop(async move {
            let free = SocketAddr::from(([127, 0, 0, 1], 0));
            let taken = if is_taken { Some(std::net::TcpListener::bind(free)?) } else { None };
            let address = taken.as_ref().map_or(Ok(free), std::net::TcpListener::local_addr)?;
            main(address, load).await
        })
    })
};
