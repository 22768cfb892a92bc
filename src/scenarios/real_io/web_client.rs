//! A small web client: hyper on this crate's sockets.
//!
//! A connection has no task of its own: the task that awaits an answer drives it meanwhile. Between two requests it
//! rests in the session, for whoever asks next.

use super::advice::advised;
use crate::runtime::net::TcpStream;
use crate::runtime::{Label, Named};
use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response, StatusCode};
use smol_hyper::rt::FuturesIo;
use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// Why there is no page. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("'{0}' is no address of a server: write http://, a number like 127.0.0.1, a colon and a port")]
    Address(String),
    #[error("cannot connect to {0}")]
    Connect(io::Error),
    #[error("{0}: the server has no such page: check the address, and the link that led to it")]
    NoPage(StatusCode),
    #[error("{0}: look at what the server says of it")]
    Refused(StatusCode),
    #[error("the connection broke ({0}): ask again, and see whether the server still runs")]
    Broken(#[from] hyper::Error),
    #[error("the page is no text in UTF-8")]
    NotText,
}

/// Asks one server for pages, over as many connections as are needed at once.
#[derive(Debug, Clone)]
pub(super) struct Session(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    url: String,
    /// Connections that rest, the last used last.
    idle: Mutex<Vec<Connection>>,
}

/// The head of an answer; its text may still be on its way.
#[derive(Debug)]
pub(super) struct Page {
    name: String,
    answer: Response<Incoming>,
    connection: Connection,
    session: Session,
}

struct Connection {
    sender: SendRequest<Empty<Bytes>>,
    driver: Pin<Box<dyn Future<Output = hyper::Result<()>> + Send>>,
    is_over: bool,
    bell: Arc<Bell>,
}

impl Session {
    /// A session with the server at that address, such as `http://127.0.0.1:8000`.
    pub(super) fn new(url: impl Into<String>) -> Self {
        Self(Arc::new(Inner { url: url.into(), idle: Mutex::default() }))
    }

    /// Asks for a page. Its text is still to be awaited.
    #[track_caller]
    pub(super) fn get(&self, page: &str) -> Named<impl Future<Output = Result<Page, FetchError>> + Send + 'static> {
        let (session, name) = (self.clone(), page.to_owned());
        async move {
            let address = session.address()?;
            let rested = session.idle().pop();
            let mut connection = match rested {
                Some(rested) => rested,
                None => Connection::open(address).await?,
            };
            let answer = connection.ask(address, &name).await?;
            match answer.status() {
                status if status.is_success() => Ok(Page { name, answer, connection, session }),
                StatusCode::NOT_FOUND => Err(FetchError::NoPage(StatusCode::NOT_FOUND)),
                status => Err(FetchError::Refused(status)),
            }
        }
        .frame("get")
        .named(format!("the answer for {page}"))
    }

    fn address(&self) -> Result<SocketAddr, FetchError> {
        let address = self.0.url.strip_prefix("http://").and_then(|rest| rest.parse().ok());
        address.ok_or_else(|| FetchError::Address(self.0.url.clone()))
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Page {
    /// The text, once all of it is there. Then the connection is free for the next page.
    #[track_caller]
    pub(super) fn text(self) -> Named<impl Future<Output = Result<String, FetchError>> + Send + 'static> {
        let Self { name, answer, mut connection, session } = self;
        async move {
            let body = connection.drive(answer.into_body().collect()).await?.to_bytes();
            if !connection.is_over {
                session.idle().push(connection);
            }
            String::from_utf8(body.into()).map_err(|_| FetchError::NotText)
        }
        .frame("text")
        .named(format!("the text of {name}"))
    }
}

impl Connection {
    async fn open(address: SocketAddr) -> Result<Self, FetchError> {
        let stream = TcpStream::connect(address).await.map_err(|error| FetchError::Connect(advised(error)))?;
        let (sender, driver) = http1::handshake(FuturesIo::new(stream)).await?;
        Ok(Self { sender, driver: Box::pin(driver), is_over: false, bell: Arc::default() })
    }

    async fn ask(&mut self, address: SocketAddr, page: &str) -> Result<Response<Incoming>, FetchError> {
        let mut request = Request::new(Empty::new());
        *request.uri_mut() = page.parse().map_err(|_| FetchError::Address(page.to_owned()))?;
        if let Ok(host) = address.to_string().parse() {
            request.headers_mut().insert("host", host);
        }
        let answer = self.sender.send_request(request);
        Ok(self.drive(answer).await?)
    }

    /// Awaits `work` while the connection reads and writes.
    async fn drive<T>(&mut self, work: impl Future<Output = T>) -> T {
        let Self { driver, is_over, bell, .. } = self;
        let (mut work, waker) = (pin!(work), Waker::from(Arc::clone(bell)));
        poll_fn(|task| {
            let cx = &mut Context::from_waker(&waker);
            bell.attend();
            while !bell.leave_to(task.waker()) {
                if let Poll::Ready(done) = work.as_mut().poll(cx) {
                    bell.leave();
                    return Poll::Ready(done);
                }
                *is_over = *is_over || driver.as_mut().poll(cx).is_ready();
            }
            Poll::Pending
        })
        .await
    }
}

/// What a connection and its work ring when they can go on. While the task attends to them it hears that itself, so
/// that it is not woken for nothing; and nobody is woken for a connection that rests.
#[derive(Debug, Default)]
struct Bell(Mutex<BellState>);

#[derive(Debug, Default)]
struct BellState {
    is_attended: bool,
    has_rung: bool,
    task: Option<Waker>,
}

impl Bell {
    fn lock(&self) -> MutexGuard<'_, BellState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The task looks, and at least once.
    fn attend(&self) {
        *self.lock() = BellState { is_attended: true, has_rung: true, task: None };
    }

    /// From now on the task is woken, unless the bell has rung meanwhile; whether it has not.
    fn leave_to(&self, task: &Waker) -> bool {
        let mut state = self.lock();
        if std::mem::take(&mut state.has_rung) {
            return false;
        }
        *state = BellState { task: Some(task.clone()), ..BellState::default() };
        true
    }

    /// From now on nobody is woken.
    fn leave(&self) {
        *self.lock() = BellState::default();
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        let mut state = self.lock();
        state.has_rung = true;
        let task = if state.is_attended { None } else { state.task.take() };
        drop(state);
        if let Some(task) = task {
            task.wake();
        }
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("is_over", &self.is_over).finish_non_exhaustive()
    }
}
