//! A web server on this machine, for programs that need one: hyper on this crate's loop.
//!
//! It listens on a port that the system chooses, on the loopback interface alone. Every connection is a task of the run,
//! so all that listens and answers ends with the run.

use super::advice::advised;
use crate::runtime::net::{TcpListener, TcpStream};
use crate::runtime::{Label, Task, say, sleep, spawn};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use smol_hyper::rt::FuturesIo;
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// A server that runs until this is dropped.
#[derive(Debug)]
pub(super) struct Server {
    address: SocketAddr,
    task: Task<()>,
}

/// Starts a server that answers each request by what `page` makes of its path; nothing is a page that is not there.
///
/// # Errors
/// Names the address where it cannot listen.
pub(super) async fn serve<F, P>(page: F) -> io::Result<Server>
where
    F: Fn(String) -> P + Clone + Send + 'static,
    P: Future<Output = Option<String>> + Send + 'static,
{
    serve_at(SocketAddr::from(([127, 0, 0, 1], 0)), page).await
}

/// [`serve`] at a given address.
pub(super) async fn serve_at<F, P>(address: SocketAddr, page: F) -> io::Result<Server>
where
    F: Fn(String) -> P + Clone + Send + 'static,
    P: Future<Output = Option<String>> + Send + 'static,
{
    let listener = TcpListener::bind(address).await.map_err(advised)?;
    let address = listener.address();
    let task = spawn("server", async move {
        for number in 1_u32.. {
            match listener.accept().await {
                Ok(stream) => spawn(format!("serve-{number}"), answer(stream, page.clone())).detach(),
                Err(error) => {
                    say!("no more connections for now: {error}");
                    sleep(Duration::from_millis(100)).await;
                }
            }
        }
    });
    Ok(Server { address, task })
}

impl Server {
    /// The address of its pages.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lets it listen no more; the answers under way go on.
    pub(super) async fn close(self) {
        self.task.cancel().await;
    }
}

/// Answers the requests of one connection until its client hangs up.
async fn answer<F, P>(stream: TcpStream, page: F)
where
    F: Fn(String) -> P,
    P: Future<Output = Option<String>>,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let text = page(request.uri().path().to_owned());
        async move { Ok::<_, Infallible>(response(text.await)) }
    });
    let connection = http1::Builder::new().serve_connection(FuturesIo::new(stream), service);
    // A client that hangs up in the middle of an answer is no trouble of the server's.
    drop(connection.named("a request").await);
}

fn response(text: Option<String>) -> Response<Full<Bytes>> {
    let (status, text) = match text {
        Some(text) => (StatusCode::OK, text),
        None => (StatusCode::NOT_FOUND, "There is no such page.\n".to_owned()),
    };
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    response
}
